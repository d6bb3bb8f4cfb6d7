"""What each stage costs of walking and of squats that last 1, 10 and 60 minutes.

    python -m benchmarks.long [--minutes 1 10 60] [--rounds 3] [--dry]

Drawn people at 30 frames/s, seen from the side, with noise; and a clip of moving noise, looped, through reader and
tracker with a network that costs nothing. Every length is a program of its own: processor seconds of each stage, and
the memory peak beyond what the same program holds before. Writes its section of ``benchmarks/results.md``; ends with 1
where a stage takes more per minute of a long recording than of a shorter one, by more than a tenth.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Final

import av
import numpy as np

from benchmarks.clips import repeat_clip
from benchmarks.meter import peak_memory_mb
from benchmarks.results import PROJECT, command_line, machine_lines, markdown_table, write_section
from gaitlab.gait import analyse_gait
from gaitlab.motion.camera_view import classify_view, find_facing, forward_direction
from gaitlab.motion.kinematics import joint_angles
from gaitlab.motion.leg_swaps import repair_leg_swaps
from gaitlab.motion.smoothing import smooth_track
from gaitlab.pipeline import analyse_track
from gaitlab.pose.estimate import estimate_people
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.pose.networks.model import Poses
from gaitlab.records import PoseTrack, SourceInfo, UInt8Array
from gaitlab.records.skeleton import Keypoint
from gaitlab.repetitions import Movement, recognise
from gaitlab.reports import document_of
from gaitlab.reports.report_json import to_json
from gaitlab.sessions import about_session
from gaitlab.settings import AnalysisSettings, SmoothingSettings
from gaitlab.storage import open_store
from gaitlab.ui.session.player import player_data
from gaitlab.video import VideoReader
from tests.builders import IMAGE_WH, figure, walker
from tests.builders_exercise import Plan, exerciser

__all__ = ["TRACKS", "Stages", "of_track", "per_minute", "walk"]

_HEADING: Final = "make bench-long"
_NOISE_PX: Final = 1.5
_CADENCE_SPM: Final = 110.0
_FPS, _CLIP_WH, _CLIP_S = 30, (320, 180), 10
_CLIP: Final = "a clip"
_GROWS_MAX: Final = 1.1  # asked for: linear within a tenth
_LEAST_S: Final = 0.2  # what is shorter is not judged: one look of the system at its clock is a hundredth
Stages = dict[str, float]


def walk(minutes: float) -> PoseTrack:
    """Return the track of a drawn person who walks in place for so long, as on a belt."""
    track = walker(cadence_spm=_CADENCE_SPM, n_strikes=round(minutes * _CADENCE_SPM), noise_px=_NOISE_PX).track
    xy_px = track.xy_px.copy()
    hips_px = xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP], 0].mean(axis=1)
    xy_px[:, :, 0] += IMAGE_WH[0] / 2 - hips_px[:, np.newaxis]
    return replace(track, xy_px=xy_px)


def squats(minutes: float) -> PoseTrack:
    """Return the track of a drawn person who squats for so long."""
    plan = Plan()
    reps = round(60.0 * minutes / (plan.tempo_s + plan.rest_s))
    return exerciser("squat", Plan(reps=reps), noise_px=_NOISE_PX).track


#: What is done in a track, by the word for it.
TRACKS: Final[Mapping[str, Callable[[float], PoseTrack]]] = {"walking": walk, "squats": squats}


def of_track(track: PoseTrack) -> Stages:
    """Return the seconds of processor time of every stage from a track to the page, by name; each is run once."""
    taken: Stages = {}

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        begun = time.process_time()
        yield
        taken[name] = time.process_time() - begun

    settings = AnalysisSettings()
    with stage("leg swaps"):
        repaired, _ = repair_leg_swaps(track)
    with stage("smoothing"):
        smoothed = smooth_track(repaired, SmoothingSettings())
    with stage("view and way"):
        view, facing = classify_view(smoothed.track), find_facing(smoothed.track)
        forward = forward_direction(smoothed.track)
    with stage("angles"):
        angles = joint_angles(smoothed.track, forward=forward, facing=facing)
    with stage("gait"):
        analyse_gait(smoothed, angles, forward=forward, view=view, settings=settings.gait)
    with stage("finding and naming repetitions"):
        recognise(Movement(smoothed.track, settings.repetitions))
    with stage("the whole analysis"):
        source = SourceInfo(file="drawn", frames=len(track), duration_s=None, fps_mean=None)
        analysis = analyse_track(track, settings, source=source)
    with stage("report as JSON"):
        json.dumps(to_json(analysis))
    with tempfile.TemporaryDirectory(prefix="gaitlab-bench-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'gaitlab.db'}")
        with stage("save"):
            number = store.save(analysis, person="Zoe")
        with stage("load"):
            stored = store.get(number)
        with stage("words of the page"):
            document_of(stored.analysis, about_session(store, stored), with_drawings=False)
        store.close()
    with stage("data of the player"):
        json.dumps(player_data(stored.analysis, src=None, version=""))
    return taken


class _OneFigure:
    """A network that costs nothing: in every picture somebody stands whose crop is the whole of it."""

    input_wh = (256, 256)

    def __init__(self) -> None:
        xy_unit = figure([(0.5, 0.5)], body_px=1 / 1.2)
        score = np.full(xy_unit.shape[:2], 0.9)
        self._poses = Poses(xy_unit=xy_unit, score=score, pose_score=score.mean(axis=1))

    def __call__(self, rgb: UInt8Array) -> Poses:
        return self._poses


def _of_clip(minutes: float) -> Stages:
    """Return the seconds of processor time that reader and tracker take for a clip of that length."""
    with tempfile.TemporaryDirectory(prefix="gaitlab-bench-") as folder:
        short = _noise_clip(Path(folder) / "short.mp4")
        clip = repeat_clip(short, Path(folder) / "long.mp4", at_least_s=60.0 * minutes)
        pool = NetworkPool([_OneFigure(), _OneFigure()], _OneFigure())
        begun = time.process_time()
        with VideoReader(clip) as reader:
            for _ in reader:
                pass
        read = time.process_time()
        with VideoReader(clip) as reader:
            estimate_people(reader, pool)
        done = time.process_time()
        pool.close()
    return {"reader": read - begun, "reader and tracker, no network": done - read}


def _noise_clip(target: Path) -> Path:
    random = np.random.default_rng(1)
    still = random.integers(0, 256, (_CLIP_WH[1], _CLIP_WH[0], 3), dtype=np.uint8)
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=_FPS, options={"preset": "ultrafast", "crf": "35"})
        stream.width, stream.height, stream.pix_fmt = *_CLIP_WH, "yuv420p"
        for number in range(_CLIP_S * _FPS):
            frame = av.VideoFrame.from_ndarray(np.roll(still, 2 * number, axis=1), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, _FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return target


def per_minute(long: Mapping[str, float], short: Mapping[str, float], times: float) -> dict[str, float]:
    """Return for each stage by how much a minute of a long recording costs more than one of a short one: 1 is linear.

    Parameters
    ----------
    long, short : mapping of str to float
        Seconds of each stage; what is short in both is left out.
    times : float
        How many times as long the long recording is.
    """
    return {name: taken / (times * short[name]) for name, taken in long.items() if taken >= _LEAST_S}


def _measured(what: str, minutes: float) -> tuple[Stages, float]:
    """Return the stages of one length, and the memory peak over that of the bare program in MB, by a new program."""
    command = (sys.executable, "-m", "benchmarks.long", "--only", what, "--minutes", f"{minutes:g}")
    print(f"{minutes:g} min of {what}", file=sys.stderr)
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["stages"], told["peak_mb"]


def _table(what: str, lengths: Sequence[float], n_rounds: int) -> tuple[str, list[str]]:
    """Return a row a stage and one of the memory, and the stages that are not linear: medians of rounds in turn."""
    rounds = [[_measured(what, minutes) for minutes in lengths] for _ in range(n_rounds)]
    found = [_medians([one[place] for one in rounds]) for place in range(len(lengths))]
    longest, before = found[-1][0], found[-2][0]
    grows = per_minute(longest, before, lengths[-1] / lengths[-2])
    rows = [
        (name, *(f"{stages[name]:.2f}" for stages, _ in found), f"{grows[name]:.2f}" if name in grows else "")
        for name in longest
    ]
    rows.append(("memory peak, MB more than the bare program", *(f"{peak:.0f}" for _, peak in found), ""))
    header = (what, *(f"{minutes:g} min, CPU s" for minutes in lengths), "a minute of the longest, x")
    return markdown_table(header, rows), [f"{name} of {what}" for name, ratio in grows.items() if ratio > _GROWS_MAX]


def _medians(measured: Sequence[tuple[Stages, float]]) -> tuple[Stages, float]:
    stages = {name: median(one[name] for one, _ in measured) for name in measured[0][0]}
    return stages, median(peak for _, peak in measured)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure every stage on recordings of several lengths.")
    parser.add_argument("--minutes", nargs="+", type=float, default=[1, 10, 60])
    parser.add_argument("--rounds", type=int, default=3, help="of the tracks; a clip, which takes long, is read once")
    parser.add_argument("--only", choices=(*TRACKS, _CLIP), help="measure this in this program, and print JSON")
    parser.add_argument("--dry", action="store_true", help="print only, leave results.md as it is")
    args = parser.parse_args()
    if args.only:
        bare_mb = peak_memory_mb()
        stages = of_track(TRACKS[args.only](args.minutes[0])) if args.only in TRACKS else _of_clip(args.minutes[0])
        print(json.dumps({"stages": stages, "peak_mb": peak_memory_mb() - bare_mb}))
        return
    if len(args.minutes) < 2:
        parser.error("--minutes: expected two lengths or more, the longest last")
    about = machine_lines(command_line(_HEADING, "benchmarks.long", sys.argv[1:]))
    measured = [_table(what, args.minutes, args.rounds) for what in TRACKS]
    tables, grown = zip(*measured, _table(_CLIP, args.minutes, 1), strict=True)
    missed = [name for names in grown for name in names]
    verdict = f"Linear within a tenth: {'not ' + ', '.join(missed) if missed else 'every stage'}."
    about += f"\n- tracks: median of {args.rounds} rounds in turn, each length a program of its own"
    text = "\n\n".join((about, *tables, verdict))
    if args.dry:
        print(text)
    else:
        write_section(_HEADING, text)
    if missed:
        parser.exit(1)


if __name__ == "__main__":
    main()
