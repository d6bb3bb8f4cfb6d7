"""How fast GaitLab is from file to report, as a share of what the bare interpreter reaches in the same run.

    python -m benchmarks.speed [CLIP ...] [--rounds 5] [--long MINUTES]

On each clip, in turn: decoding alone; the network alone in one interpreter with one thread, in one with two threads, in
two with one thread each (what two cores can do at most); then the whole analysis, nothing saved. FP16 and INT8 of
MoveNet Thunder. Then a walk at 1080p with and without a look at the feet.
The model is loaded before the clock starts. Default clips: ten seconds of 1080p and of 480p in the bitrate of a phone,
made from one of the shared clips. ``--long`` also says what a long clip takes: time beside network and decoding alone,
and memory. Writes its section of ``benchmarks/results.md``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.clips import PHONE_CLIPS, make_clip, repeat_clip
from benchmarks.models import latencies_ms, models_here, models_table
from benchmarks.pictures import measure_all, pictures_table, read_labels
from benchmarks.results import SHARED_DATA, command_line, machine_lines, markdown_table, write_section
from benchmarks.rounds import Contestant, Rounds, clip_contestant, cpu_ms_of, measure_in_turn, run_once, speed_table
from gaitlab.pose.weights.resolve import ModelFile

__all__ = ["THUNDERS", "add_clip_arguments", "clips_of", "gaitlab_on"]

#: The models that are measured end to end, by the word for them in the tables.
THUNDERS = {"FP16": "movenet-thunder-fp16", "INT8": "movenet-thunder-int8"}
_SOURCE = SHARED_DATA / "exercise" / "jacks_front_6.mp4"
_WALK = SHARED_DATA / "gait" / "walking-gait-as__walk.mp4"
_HEADING = "make bench"
_CORES = 2  # as many as the interpreters side by side
_BARE = {
    "1 thread": ("--threads", "1"),
    "2 threads": ("--threads", "2"),
    "2 interpreters": ("--interpreters", "2", "--threads", "1"),
}


def add_clip_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what both benchmarks take."""
    parser.add_argument("clips", nargs="*", type=Path, help="default: ten seconds of 1080p and of 480p, made now")
    parser.add_argument("--rounds", type=int, default=5)


def clips_of(parser: argparse.ArgumentParser, named: Sequence[Path], folder: Path) -> dict[str, Path]:
    """Return the clips to measure on: the user's, else made in `folder`; ends the program when there is none."""
    missing = [str(clip) for clip in named or [_SOURCE] if not clip.is_file()]
    if missing:
        parser.error(f"no such clip: {', '.join(missing)}; name one or more clips of your own")
    if named:
        return {clip.name: clip.resolve() for clip in named}
    print("making the clips", file=sys.stderr)
    return {shape.name: make_clip(_SOURCE, shape, folder / f"{shape.name}.mp4") for shape in PHONE_CLIPS}


def gaitlab_on(clip: str, path: Path) -> dict[str, Contestant]:
    """Return the whole analysis of a clip, by the word for its model."""
    return {
        kind: clip_contestant(f"GaitLab {kind}", "run_gaitlab", clip, path, "--model", model)
        for kind, model in THUNDERS.items()
    }


def decoding_of(clip: str, path: Path) -> Contestant:
    """Return decoding alone."""
    return clip_contestant("decoding alone", "run_decode", clip, path)


def _bare_beside(clip: str, kind: str, file: ModelFile) -> dict[str, Contestant]:
    return {
        how: clip_contestant(f"bare {kind}, {how}", "run_bare", clip, file.path, *options)
        for how, options in _BARE.items()
    }


def _speed_section(clips: Mapping[str, Path], models: Mapping[str, ModelFile], n_rounds: int) -> str:
    """Return two tables per clip: FP16 and INT8, each beside its own bare interpreters."""
    groups = [
        (kind, decoding_of(clip, path), _bare_beside(clip, kind, models[model]), gaitlab_on(clip, path)[kind])
        for clip, path in clips.items()
        for kind, model in THUNDERS.items()
    ]
    in_turn = dict.fromkeys(one for _, decoding, bare, whole in groups for one in (decoding, *bare.values(), whole))
    rounds = measure_in_turn(tuple(in_turn), n_rounds)
    return "\n\n".join(_speed_part(rounds, *group) for group in groups)


def _speed_part(
    rounds: Rounds, kind: str, decoding: Contestant, bare: Mapping[str, Contestant], whole: Contestant
) -> str:
    both = bare["2 interpreters"]
    references = {"x 2 interpreters": both, "x 2 threads": bare["2 threads"]}
    table = speed_table(rounds, (*bare.values(), whole), references=references)
    network_ms, decoding_ms = cpu_ms_of(rounds, both), cpu_ms_of(rounds, decoding)
    most = network_ms / (network_ms + decoding_ms)
    return (
        f"### {whole.clip}, Thunder {kind}\n\n{table}\n\nIf network and decoding were all the work and kept every "
        f"core busy, the share of 2 interpreters would be {most:.2f} "
        f"({network_ms:.1f} and {decoding_ms:.1f} CPU ms per frame)."
    )


def _feet_section(folder: Path, n_rounds: int) -> str:
    """Return what looking at the feet costs of a walk at 1080p; what stands still is not looked at."""
    if not _WALK.is_file():
        return "### Feet\n\nThe walk (shared/data/gait) is not on this machine."
    path = make_clip(_WALK, PHONE_CLIPS[0], folder / "walk.mp4")
    model = ("--model", THUNDERS["FP16"])
    without = clip_contestant("GaitLab FP16", "run_gaitlab", "walk, 1080p", path, *model)
    with_feet = clip_contestant("GaitLab FP16 with feet", "run_gaitlab", "walk, 1080p", path, *model, "--feet")
    rounds = measure_in_turn((without, with_feet), n_rounds)
    return f"### Feet\n\n{speed_table(rounds, (without, with_feet), references={'x without': without})}"


def _long_section(clips: Mapping[str, Path], models: Mapping[str, ModelFile], folder: Path, minutes: int) -> str:
    """Return what one minute and a long clip take, of the first clip repeated: time beside the bare parts, and memory.

    The bare parts run before and after each length, on one minute.
    """
    name, source = next(iter(clips.items()))
    paths = {
        length: repeat_clip(source, folder / f"{length}min.mp4", at_least_s=60.0 * length) for length in (1, minutes)
    }
    network = _bare_beside(name, "FP16", models[THUNDERS["FP16"]])["2 interpreters"]
    decoding = decoding_of(name, paths[1])
    rows = []
    for length, path in paths.items():
        before = measure_in_turn((network, decoding), 1)
        print(f"{length} min of {name}", file=sys.stderr)
        whole = run_once(gaitlab_on(name, path)["FP16"])
        beside = before + measure_in_turn((network, decoding), 1)
        parts_ms = (cpu_ms_of(beside, network) + cpu_ms_of(beside, decoding)) / _CORES
        times = 1000 * whole.wall_s / whole.frames / parts_ms
        rows.append((f"{length} min", f"{whole.wall_s:.0f}", f"{times:.2f}", f"{whole.peak_mb:.0f}"))
    header = (f"{name}, Thunder FP16", "s", "x network and decoding on both cores", "peak MB")
    return f"### Long clips\n\n{markdown_table(header, rows)}"


def _models_section(models: Mapping[str, ModelFile], n_rounds: int) -> str:
    latency_ms = latencies_ms(models, n_rounds)
    labels = read_labels(SHARED_DATA) if SHARED_DATA.is_dir() else ()
    print("measuring the labelled pictures", file=sys.stderr)
    scores = measure_all(tuple(models), labels) if labels else {}
    by_model = f"### Models\n\n{models_table(models, latency_ms, scores)}"
    if not scores:
        return f"{by_model}\n\nThe labelled pictures (shared/data/images) are not on this machine."
    return (
        f"{by_model}\n\nSimilarity: object keypoint similarity of the labelled person, mean over {len(labels)} "
        "pictures (`benchmarks/oks.py`); each picture, with the number of poses found:\n\n"
        + pictures_table(labels, scores)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the speed of an analysis against the bare interpreter.")
    add_clip_arguments(parser)
    parser.add_argument("--long", type=int, metavar="MINUTES", help="also time and memory peak of so long a clip")
    args = parser.parse_args()
    about = machine_lines(command_line(_HEADING, "benchmarks.speed", sys.argv[1:]))
    models = models_here()
    if lacking := set(THUNDERS.values()) - set(models):
        parser.error(f"{', '.join(sorted(lacking))} is needed; `gaitlab models fetch NAME` gets it")
    try:
        with tempfile.TemporaryDirectory(prefix="gaitlab-bench-") as name:
            clips = clips_of(parser, args.clips, Path(name))
            parts = [
                f"{about}\n- median (lowest-highest) of {args.rounds} rounds in turn, each run a program of its own",
                _speed_section(clips, models, args.rounds),
                _feet_section(Path(name), args.rounds),
                *([_long_section(clips, models, Path(name), args.long)] if args.long else ()),
                _models_section(models, args.rounds),
            ]
    except RuntimeError as error:
        parser.exit(1, f"{error}\n")
    write_section(_HEADING, "\n\n".join(parts))


if __name__ == "__main__":
    main()
