"""Live counts beside the analysis of the same clips: the section "Live" of docs/evidence.md.

Each clip plays before a live session in its own time, with the real tracker and network. Pictures are not compressed.
A count of the window is begun every 0.75 s, as on the reference machine, and is taken as shown 0.2 s after it began;
what a frame itself adds is shown with that frame.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.exercises import activity_of
from benchmarks.results import SHARED_DATA, markdown_table
from gaitlab.live import Follower, LiveSession
from gaitlab.pipeline import PoseEngine, analyse_video, open_engine
from gaitlab.records import ExerciseSummary
from gaitlab.repetitions.exercises import REPEATED
from gaitlab.settings import AnalysisSettings, PoseSettings
from gaitlab.video import VideoReader

__all__ = ["LiveCount", "asked_activity", "live_counts", "live_section"]

_READ_EVERY_S, _READ_TAKES_S = 0.75, 0.2
_FPS_MAX = 30.0
_SHOWN_FROM: Final = {REPEATED: 3, "auto": 3}  # the count begins with the third repetition


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCount:
    """One clip, analysed and played live.

    Attributes
    ----------
    name, activity : str
    turns_s : sequence of float
        Of the repetitions that the analysis found.
    shown : sequence of (float, int)
        What the page shows, from which time on.
    """

    name: str
    activity: str
    turns_s: Sequence[float]
    shown: Sequence[tuple[float, int]]

    @property
    def count(self) -> int:
        """The last count that was shown."""
        return self.shown[-1][1] if self.shown else 0

    @property
    def error(self) -> int:
        """By how much the live count differs from that of the analysis."""
        return self.count - len(self.turns_s)

    @property
    def n_falls(self) -> int:
        """How often the count went down."""
        return sum(after < before for (_, before), (_, after) in pairwise(self.shown))

    @property
    def delays_s(self) -> list[float]:
        """For each repetition from the first that is shown: when its number was shown, after its turn."""
        first = _SHOWN_FROM.get(self.activity, 1)
        return [
            min(at_s for at_s, count in self.shown if count >= number) - turn_s
            for number, turn_s in enumerate(self.turns_s, start=1)
            if first <= number <= max((count for _, count in self.shown), default=0)
        ]


def asked_activity(case: Mapping[str, Any]) -> str:
    """Return the activity to ask for: the clip's exercise, any movement, or "auto" where there is none."""
    named = case["truth"].get("named", "")
    if named == "none":
        return "auto"
    return (named or REPEATED) if "named" in case["truth"] else activity_of(case["truth"]["exercise"])


def _shown(path: Path, activity: str, engine: PoseEngine) -> list[tuple[float, int]]:
    """Return what the page shows while a clip plays."""
    session = LiveSession(Follower(engine.pool).follow, activity)
    shown: list[tuple[float, int]] = []
    last_s, next_s, read_s, before = float("-inf"), _READ_EVERY_S, float("-inf"), 0
    with VideoReader(path) as reader:
        for frame in reader:
            if frame.time_s - last_s < 0.9 / _FPS_MAX:
                continue
            last_s = frame.time_s
            count = session.see(frame.picture, last_s).count or 0
            # Until the read has taken its time, what it found is not known.
            shown.append((last_s, min(count, before) if last_s < read_s + _READ_TAKES_S else count))
            if last_s >= next_s:
                next_s, read_s, before = next_s + _READ_EVERY_S, last_s, count
                session.read()
    # The camera stops, and what was begun is counted once more.
    for more_s in (0.0, _READ_EVERY_S):
        shown.append((last_s + more_s + _READ_TAKES_S, session.read().count or 0))
    return shown


def live_counts(
    names: Sequence[str] = (), *, counted: Callable[[Path, str], ExerciseSummary | None] | None = None
) -> list[LiveCount]:
    """Return the development clips of exercises, or those whose names contain one of these words.

    `counted` tells what the analysis of a clip by an activity counts; without it each clip is analysed now.
    """
    cases = json.loads((SHARED_DATA / "truth.json").read_text(encoding="utf-8"))
    engine = open_engine(PoseSettings())

    def analysed(path: Path, activity: str) -> ExerciseSummary | None:
        return analyse_video(path, AnalysisSettings(activity=activity), engine=engine).exercise

    counts = []
    for case in cases:
        file = str(case["file"])
        if not file.startswith("exercise/") or (names and not any(name in file for name in names)):
            continue
        path, activity = SHARED_DATA / file, asked_activity(case)
        found = (counted or analysed)(path, activity)
        turns_s = [one.turn_s for one in found.repetitions] if found else []
        counts.append(
            LiveCount(name=path.stem, activity=activity, turns_s=turns_s, shown=_shown(path, activity, engine))
        )
    return counts


def live_section(counts: Sequence[LiveCount]) -> str:
    """Return the section in Markdown."""
    delays_s = sorted(delay_s for one in counts for delay_s in one.delays_s)
    exact = sum(one.error == 0 for one in counts)
    near = sum(abs(one.error) <= 1 for one in counts)
    rows = [
        (
            one.name,
            one.activity,
            str(len(one.turns_s)),
            str(one.count),
            str(one.n_falls),
            f"{median(one.delays_s):.2f}" if one.delays_s else "",
            f"{max(one.delays_s):.2f}" if one.delays_s else "",
        )
        for one in counts
    ]
    header = ("clip", "activity", "analysis", "live", "falls", "delay s, median", "largest")
    return (
        "## Live\n\n"
        "The clips of the development, played before a live session and analysed from the file, with the same "
        "activity.\n\n"
        f"- The same count in {exact} of {len(counts)} clips, within one in {near}.\n"
        f"- Delay of a count after the turn: median {median(delays_s):.2f} s, {_below(delays_s, 0.9):.2f} s in nine of "
        f"ten, {delays_s[-1]:.2f} s at most, over {len(delays_s)} repetitions.\n"
        "- Counted more than 0.3 s too early, as something else was taken for them: "
        f"{sum(delay_s < -0.3 for delay_s in delays_s)}. "
        f"Times the count went down: {sum(one.n_falls for one in counts)}.\n"
        "- The way from the camera to the frame's pose comes on top (`make bench-live`).\n\n"
        + markdown_table(header, rows)
    )


def _below(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    print(live_section(live_counts(sys.argv[1:])))
