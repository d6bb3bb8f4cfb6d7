"""Counts beside the truth of recorded keypoint tracks: python -m benchmarks.evidence. Writes docs/evidence.md.

The tracks are in ``../shared/data/evidence`` beside the checkout, and in tests/data. They are not in the repository,
but for those in tests/data; the figures are. Each track is counted as it is, and with noise at half the frame rate.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from benchmarks.evidence_form import FormSet, form_section, judged_repetitions
from benchmarks.evidence_gait import GAIT_SETS, Walk, gait_section, measured_walk
from benchmarks.evidence_live import live_counts, live_section
from benchmarks.evidence_names import Named, names_section
from benchmarks.evidence_page import FORM_END, FORM_START, page
from benchmarks.evidence_scores import Counted
from benchmarks.results import PROJECT, SHARED_DATA, machine_lines
from gaitlab.errors import GaitLabError
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, FeetTrack, FloatArray, PoseTrack, SourceInfo
from gaitlab.records.skeleton import FEET, N_KEYPOINTS
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.settings import AnalysisSettings
from tests.exercise_clips import EXERCISE_CLIPS, recorded

__all__ = [
    "EVIDENCE",
    "PAGE",
    "degraded",
    "entries",
    "form_sets",
    "marked_track",
    "named_tracks",
    "track_of",
    "true_angles_of",
    "walks",
]

EVIDENCE: Final = SHARED_DATA / "evidence"
PAGE: Final = PROJECT / "docs" / "evidence.md"
_NOISE_PX: Final = 1.5
_SETS: Final = ("uiprmd", "pushfit")
_PROCESSES: Final = 2
_Done = TypeVar("_Done", Counted, FormSet, Named, Walk)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One analysis: what is known of the track, and how it is counted."""

    known: Mapping[str, Any]
    activity: str
    is_degraded: bool


def degraded(track: PoseTrack, *, seed: int) -> PoseTrack:
    """Return every second frame of a track, with Gaussian noise of 1.5 px on each coordinate."""
    noise = _NOISE_PX * np.random.default_rng(seed).standard_normal(track.xy_px.shape)
    kept = slice(None, None, 2)
    feet = track.feet
    if feet is not None:
        shaken = _NOISE_PX * np.random.default_rng(seed + 1).standard_normal(feet.xy_px.shape)
        feet = FeetTrack(xy_px=(feet.xy_px + shaken)[kept], score=feet.score[kept])
    return PoseTrack(
        time_s=track.time_s[kept],
        xy_px=(track.xy_px + noise)[kept],
        score=track.score[kept],
        image_wh=track.image_wh,
        feet=feet,
    )


@cache
def entries() -> Mapping[str, Mapping[str, Any]]:
    """Return what is known of every track with truth, by its name."""
    return {one["name"]: one for one in json.loads((EVIDENCE / "truth.json").read_text(encoding="utf-8"))}


def _rows_of(name: str) -> tuple[Mapping[str, Any], int, slice]:
    """Return the file that holds a track with truth, its number in it, and its rows."""
    stored = _stored(entries()[name]["file"])
    row = int(np.flatnonzero(stored["names"] == name)[0])
    return stored, row, slice(int(stored["offsets"][row]), int(stored["offsets"][row + 1]))


def track_of(name: str) -> PoseTrack:
    """Return a track with truth, without its feet."""
    return replace(marked_track(name), feet=None)


def marked_track(name: str) -> PoseTrack:
    """Return a track with truth, with heels and toes where it has some."""
    stored, _, rows = _rows_of(name)

    def of(values: str) -> FloatArray:
        return np.asarray(stored[values][rows], dtype=np.float64)

    xy_px, score = of("xy_px"), of("score")
    has_feet = xy_px.shape[1] == N_KEYPOINTS + len(FEET)
    width, height = entries()[name]["image_wh"]
    return PoseTrack(
        time_s=of("time_s"),
        xy_px=xy_px[:, :N_KEYPOINTS],
        score=score[:, :N_KEYPOINTS],
        image_wh=(width, height),
        feet=FeetTrack(xy_px=xy_px[:, N_KEYPOINTS:], score=score[:, N_KEYPOINTS:]) if has_feet else None,
    )


def true_angles_of(name: str) -> tuple[FloatArray, Mapping[str, FloatArray]]:
    """Return the times of a track, and the angles in degrees that its laboratory gives, by their names."""
    stored, _, rows = _rows_of(name)
    deg = np.asarray(stored["angle_deg"][rows], dtype=np.float64)
    names = (str(one) for one in stored["angle_names"])
    return np.asarray(stored["time_s"][rows], dtype=np.float64), dict(zip(names, deg.T, strict=True))


def _tasks() -> Iterator[_Task]:
    for entry in entries().values():
        if entry["set"] not in _SETS:
            continue
        truth = entry["truth"]
        is_test = "rises" in entry["name"]
        known = {
            "name": entry["name"],
            "set": "test" if is_test else entry["set"],
            "person": entry["person"],
            "view": entry["view"],
            "movement": entry["name"].split(".")[4] if is_test else truth["movement"],
            "is_correct": truth["correct"],
            "truth": truth["reps"],
        }
        ways = [truth["named"]] if truth["named"] else []
        ways += ["repeated"] if known["set"] == "uiprmd" else []
        for activity in ways:
            for is_degraded in (False, True):
                yield _Task(known=known, activity=activity, is_degraded=is_degraded)
    for clip in EXERCISE_CLIPS:
        known = {
            "name": clip.name,
            "set": "recorded",
            "person": clip.name,
            "view": "",
            "movement": clip.activity,
            "is_correct": True,
            "truth": len(clip.turns_s),
        }
        yield _Task(known=known, activity=clip.activity, is_degraded=False)


@cache
def _stored(file: str) -> Mapping[str, Any]:
    with np.load(EVIDENCE / file) as stored:
        return {key: stored[key] for key in stored.files}


def _track(task: _Task) -> PoseTrack:
    name = str(task.known["name"])
    if task.known["set"] == "recorded":
        return recorded(next(clip for clip in EXERCISE_CLIPS if clip.name == name))
    track = track_of(name)
    return degraded(track, seed=zlib.crc32(name.encode())) if task.is_degraded else track


def _analysed(task: _Task) -> Analysis | None:
    """Return the analysis of a task, None where there is none to make."""
    track = _track(task)
    source = SourceInfo(file="track", frames=len(track), duration_s=None, fps_mean=None)
    try:
        return analyse_track(track, AnalysisSettings(activity=task.activity), source=source)
    except GaitLabError as error:
        print(f"{task.known['name']}: {error}", file=sys.stderr)
        return None


def _counted(task: _Task) -> Counted:
    analysis, count, confidence = _analysed(task), 0, 0.0
    found = analysis.exercise if analysis else None
    if found is not None:
        count = found.count
        confidence = next(one.confidence for one in found.metrics if one.name == "repetition_count")
    return Counted(
        **task.known,
        way="repeated" if task.activity == "repeated" else "named",
        is_degraded=task.is_degraded,
        count=count,
        confidence=confidence,
    )


def form_sets(*, is_degraded: bool) -> list[FormSet]:
    """Return what the form rules say of the tracks that are right or wrong on purpose and have an exercise."""
    tasks = [
        task
        for task in _tasks()
        if task.known["set"] in _SETS and task.activity != "repeated" and task.is_degraded == is_degraded
    ]
    return _in_processes(tasks, _form_set)


def _form_set(task: _Task) -> FormSet:
    known, analysis = task.known, _analysed(task)
    return FormSet(
        name=known["name"],
        person=known["person"],
        exercise=task.activity,
        view=known["view"] if known["set"] == "uiprmd" else "as filmed",
        is_correct=known["is_correct"],
        is_degraded=task.is_degraded,
        repetitions=judged_repetitions(analysis) if analysis else (),
    )


def named_tracks(*, is_degraded: bool) -> list[Named]:
    """Return the names that `auto` gives the tracks of people."""
    known = [entry for entry in entries().values() if entry["set"] in _SETS]
    return _in_processes([_Task(known=one, activity="auto", is_degraded=is_degraded) for one in known], _named)


def _named(task: _Task) -> Named:
    known, analysis = task.known, _analysed(task)
    kind = analysis.activity.kind if analysis else None
    return Named(
        movement=known["truth"]["movement"],
        person=known["person"],
        is_correct=known["truth"]["correct"],
        is_degraded=task.is_degraded,
        name=kind if kind in EXERCISES else None,
    )


def walks(*, is_degraded: bool) -> list[Walk]:
    """Return what is measured of the walks beside plates and sensors."""
    known = [entry for entry in entries().values() if entry["set"] in GAIT_SETS]
    return _in_processes([_Task(known=one, activity="gait", is_degraded=is_degraded) for one in known], _walk)


def _walk(task: _Task) -> Walk:
    analysis = _analysed(task)
    assert analysis is not None
    return measured_walk(task.known, analysis, is_degraded=task.is_degraded)


def _in_processes(tasks: Sequence[_Task], count: Callable[[_Task], _Done]) -> list[_Done]:
    """Return what is found in each task, in their order."""
    done = []
    with multiprocessing.get_context("spawn").Pool(_PROCESSES) as pool:
        for one in pool.imap(count, tasks, chunksize=4):
            done.append(one)
            if len(done) % 50 == 0:
                print(f"{len(done)} of {len(tasks)}", file=sys.stderr)
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure counts beside the truth and write docs/evidence.md.")
    parser.add_argument("--counts", type=Path, metavar="FILE", help="also keep each count in a JSON file")
    parser.add_argument("--form-only", action="store_true", help="renew only the section on form")
    args = parser.parse_args()
    if not (EVIDENCE / "truth.json").is_file():
        print("The tracks with truth (../shared/data/evidence beside the checkout) are not on this machine: skipped.")
        return
    about = machine_lines("make evidence")
    form = form_section([*form_sets(is_degraded=False), *form_sets(is_degraded=True)])
    if args.form_only:
        before, rest = PAGE.read_text(encoding="utf-8").split(FORM_START)
        PAGE.write_text(f"{before}{form}\n\n{FORM_END}{rest.split(FORM_END)[1]}", encoding="utf-8")
        print("docs/evidence.md: the section on form is renewed")
        return
    names = names_section([*named_tracks(is_degraded=False), *named_tracks(is_degraded=True)])
    counts = _in_processes(list(_tasks()), _counted)
    if args.counts:
        kept = [{name: getattr(one, name) for name in one.__slots__} for one in counts]
        args.counts.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    gait = gait_section([*walks(is_degraded=False), *walks(is_degraded=True)])
    sections = (page(counts, about, form, names), live_section(live_counts()), gait)
    PAGE.write_text("\n".join([*sections, ""]), encoding="utf-8")
    print(f"{len(counts)} counts; docs/evidence.md is written")


if __name__ == "__main__":
    main()
