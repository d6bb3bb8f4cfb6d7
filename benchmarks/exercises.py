"""Counted repetitions beside the truth of the exercise clips and published figures: python -m benchmarks.exercises.

The clips and what is true of them are in ``../shared/data`` beside the checkout. Each goes through the network once;
its track is then counted with the exercise named, recognised, and as a repeated movement without a name. Writes its
section of ``benchmarks/results.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.results import SHARED_DATA, command_line, machine_lines, markdown_table, write_section
from gaitlab.pipeline import PoseEngine, analyse_track, analyse_video, open_engine
from gaitlab.records import Analysis
from gaitlab.settings import AnalysisSettings, PoseSettings

__all__ = ["Counts", "activity_of", "exercise_tables", "relative_error", "within_one"]

_HEADING: Final = "make bench-exercises"
_PUBLISHED: Final = (
    ("known exercise, from the skeleton (arXiv 2107.13760)", "0.06", "0.94-0.95"),
    ("any movement, from the video (ESCounts)", "0.21", "0.56"),
)
#: Exercises that the clips' collection calls otherwise than the program.
_NAMES: Final = {"bicep-curl": "biceps-curl", "dumbbell-lateral-raise": "lateral-raise"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The repetitions of one clip: how many there are, and how many were counted in each of three ways."""

    clip: str
    exercise: str
    truth: int
    named: int
    recognised: str
    by_itself: int
    confidence: float
    repeated: int


def activity_of(exercise: str) -> str:
    """Return the activity's name for an exercise of ``truth.json``, which may carry a remark in brackets."""
    name = exercise.split(" (", maxsplit=1)[0].replace(" ", "-")
    return _NAMES.get(name, name)


def relative_error(truths: Sequence[int], counts: Sequence[int]) -> float:
    """Return the mean of |count - truth| / truth, the "MAE" of the literature on counting."""
    return float(np.mean(np.abs(np.subtract(counts, truths)) / truths))


def within_one(truths: Sequence[int], counts: Sequence[int]) -> float:
    """Return the share of clips counted with an error of one at most, the "off-by-one accuracy"."""
    return float(np.mean(np.abs(np.subtract(counts, truths)) <= 1))


def _count(analysis: Analysis, activity: str) -> int:
    again = analyse_track(analysis.track_raw, AnalysisSettings(activity=activity), source=analysis.source)
    return again.exercise.count if again.exercise else 0


def _counts(case: dict[str, Any], engine: PoseEngine) -> Counts:
    exercise = activity_of(case["truth"]["exercise"])
    analysis = analyse_video(SHARED_DATA / case["file"], AnalysisSettings(), engine=engine)
    return Counts(
        clip=Path(case["file"]).name,
        exercise=exercise,
        truth=case["truth"]["reps"],
        named=_count(analysis, exercise),
        recognised=analysis.activity.kind,
        by_itself=analysis.exercise.count if analysis.exercise else 0,
        confidence=analysis.activity.confidence,
        repeated=_count(analysis, "repeated"),
    )


def exercise_tables(rows: Sequence[Counts]) -> str:
    """Return a table of the clips, and one of the errors over all of them beside published figures."""
    clips = [
        (
            f"{r.clip} ({r.exercise})",
            str(r.truth),
            str(r.named),
            f"{r.recognised} {r.by_itself}",
            f"{r.confidence:.2f}",
            str(r.repeated),
        )
        for r in rows
    ]
    truths = [row.truth for row in rows]
    ways = {
        "GaitLab, exercise named": [row.named for row in rows],
        "GaitLab, exercise recognised": [row.by_itself for row in rows],
        "GaitLab, any repeated movement": [row.repeated for row in rows],
    }
    errors = [
        (way, f"{relative_error(truths, counts):.3f}", f"{within_one(truths, counts):.2f}")
        for way, counts in ways.items()
    ]
    return "\n\n".join(
        (
            markdown_table(("clip", "truth", "named", "recognised", "confidence", "repeated"), clips),
            f"Over these {len(rows)} clips, and what is published. **The clips differ**: these are few, short and were "
            "at hand during development; the published figures are of hundreds of clips nobody had seen.",
            markdown_table(("", "mean of error / truth", "off by one at most"), [*errors, *_PUBLISHED]),
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare counted repetitions with the truth of the exercise clips.")
    parser.parse_args()
    truth = SHARED_DATA / "truth.json"
    if not truth.is_file():
        parser.exit(1, "the real clips (../shared/data beside the checkout) are not on this machine\n")
    cases = [case for case in json.loads(truth.read_text(encoding="utf-8")) if case["kind"] == "exercise"]
    about = machine_lines(command_line(_HEADING, "benchmarks.exercises", sys.argv[1:]))
    with closing(open_engine(PoseSettings())) as engine:
        rows = [_counts(case, engine) for case in cases]
    write_section(_HEADING, f"{about}\n\n{exercise_tables(rows)}")


if __name__ == "__main__":
    main()
