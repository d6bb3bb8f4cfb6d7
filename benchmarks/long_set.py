"""How long a set of squats takes to count: one of a minute beside one of an hour: python -m benchmarks.long_set.

A drawn person squats at 30 frames/s, seen from the side. The track goes through the pipeline in one process, without a
network. Ends with 1 where the hour takes more than 66 times the minute.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Final

from benchmarks.results import command_line, machine_lines, markdown_table, write_section
from gaitlab.pipeline import analyse_track
from gaitlab.records import PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.builders_exercise import Plan, exerciser

__all__ = ["counted_in_s", "squats"]

_HEADING: Final = "python -m benchmarks.long_set"
_RATIO_MAX: Final = 66.0  # an hour is 60 minutes; the rest is for what grows faster
_NOISE_PX: Final = 1.5


def squats(minutes: float) -> PoseTrack:
    """Return the track of a drawn person who squats for so long."""
    plan = Plan()
    every_s = plan.tempo_s + plan.rest_s
    reps = round(60.0 * minutes / every_s)
    return exerciser("squat", Plan(reps=reps), noise_px=_NOISE_PX).track


def counted_in_s(track: PoseTrack) -> tuple[int, float]:
    """Return how many squats are counted in a track, and the seconds of processor time that the analysis takes."""
    source = SourceInfo(file="drawn", frames=len(track), duration_s=None, fps_mean=None)
    begun = time.process_time()
    found = analyse_track(track, AnalysisSettings(activity="squat"), source=source)
    return found.exercise.count if found.exercise else 0, time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the analysis of a set of a minute and of an hour.")
    parser.add_argument("--rounds", type=int, default=3, help="of each; the fastest counts")
    args = parser.parse_args()
    about = machine_lines(command_line(_HEADING, "benchmarks.long_set", sys.argv[1:]))
    rows, times_s = [], []
    for minutes in (1, 60):
        track = squats(minutes)
        counts, each_s = zip(*(counted_in_s(track) for _ in range(args.rounds)), strict=True)
        times_s.append(min(each_s))
        rows.append((f"{minutes} min", str(len(track)), str(counts[0]), f"{times_s[-1]:.2f}"))
    ratio = times_s[1] / times_s[0]
    table = markdown_table(("squats for", "frames", "counted", "CPU s"), rows)
    write_section(_HEADING, f"{about}\n\n{table}\n\nThe hour takes {ratio:.1f} times the minute.")
    if ratio > _RATIO_MAX:
        parser.exit(1, f"expected at most {_RATIO_MAX:.0f} times\n")


if __name__ == "__main__":
    main()
