"""GaitLab and myogait beside the truth of the walking clips: python -m benchmarks.versus.

The clips and what is true of them are in ``../shared/data`` beside the checkout (``gait/``, ``truth.json``). myogait
runs in the environment that `benchmarks.peers` makes. Writes its section of ``benchmarks/results.md``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from benchmarks.peers import PEERS, environment
from benchmarks.results import PROJECT, SHARED_DATA, command_line, machine_lines, markdown_table, write_section
from gaitlab.pipeline import PoseEngine, analyse_video, open_engine
from gaitlab.records import Analysis
from gaitlab.settings import AnalysisSettings, PoseSettings

__all__ = ["Finding", "Truth", "found_strikes", "load_truths", "versus_tables"]

_HEADING = "make bench-versus"
_WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The truth of a clip; `strikes_s` are those named in its truth, empty where feet have image sides only."""

    clip: str
    cadence_spm: float
    strikes_s: tuple[float, ...]
    tolerance_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of a program for a clip; None = it gives no number."""

    cadence_spm: float | None
    asymmetry_percent: float | None
    strikes_s: tuple[float, ...]


def load_truths(data: Path) -> list[Truth]:
    """Return the walking clips of ``truth.json``; of a clip with two passes the mean cadence of both."""
    cases = json.loads((data / "truth.json").read_text(encoding="utf-8"))
    return [_truth(case) for case in cases if case["kind"] == "gait_video"]


def _truth(case: dict[str, Any]) -> Truth:
    known, fps = case["truth"], case["probe"]["fps"]
    passes = [known[name] for name in ("pass1", "pass2") if name in known]
    frames = [one["f"] for one in known.get("heel_strikes", [])] + [f for one in passes for f in one["contacts_about"]]
    cadences = [one["cadence_spm"] for one in passes] or [known["cadence_spm"]]
    return Truth(
        clip=Path(case["file"]).name,
        cadence_spm=float(np.mean(cadences)),
        strikes_s=tuple(frame / fps for frame in frames),
        tolerance_s=(known.get("tolerance_frames", 2) + 1) / fps,
    )


def found_strikes(truth: Truth, strikes_s: Sequence[float]) -> tuple[int, int]:
    """Return the number of true heel strikes found, each once, and the number of false ones between them."""
    left = list(strikes_s)
    found = 0
    for true_s in truth.strikes_s:
        near = [one for one in left if abs(one - true_s) <= truth.tolerance_s + 1e-9]
        if near:
            left.remove(min(near, key=lambda one: abs(one - true_s)))
            found += 1
    first, last = min(truth.strikes_s), max(truth.strikes_s)
    return found, sum(first <= one <= last for one in left)


def _ours(analysis: Analysis) -> Finding:
    by_name = {one.name: one.value for one in analysis.metrics if one.side is None}
    contacts = analysis.gait.contacts if analysis.gait else ()
    return Finding(
        cadence_spm=by_name.get("cadence"),
        asymmetry_percent=by_name.get("step_time_symmetry_index"),
        strikes_s=tuple(one.time_s for one in contacts if one.kind == "heel_strike"),
    )


def _theirs(clip: Path, python: str) -> Finding:
    command = (python, "-m", "benchmarks.run_myogait_gait", str(clip))
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"myogait failed on {clip.name}: {done.stderr.strip().splitlines()[-1:]}")
    values = json.loads(done.stdout.strip().splitlines()[-1])
    return Finding(**{**values, "strikes_s": tuple(values["strikes_s"])})


def _value(value: float | None) -> str:
    return _WITHHELD if value is None else f"{value:.1f}"


def _off(truth: Truth, finding: Finding) -> str:
    return "-" if finding.cadence_spm is None else f"{100 * (finding.cadence_spm / truth.cadence_spm - 1):+.1f} %"


def _strikes(truth: Truth, finding: Finding) -> str:
    if not truth.strikes_s:
        return "-"
    found, others = found_strikes(truth, finding.strikes_s)
    return f"{found} of {len(truth.strikes_s)}, +{others}"


def versus_tables(rows: Sequence[tuple[Truth, Finding, Finding]]) -> str:
    """Return two tables, of cadence and of heel strikes and evenness; each row is truth, GaitLab, myogait."""
    cadence = [
        (t.clip, f"{t.cadence_spm:.1f}", *(cell for one in (a, b) for cell in (_value(one.cadence_spm), _off(t, one))))
        for t, a, b in rows
    ]
    feet = [
        (t.clip, _strikes(t, a), _strikes(t, b), _value(a.asymmetry_percent), _value(b.asymmetry_percent))
        for t, a, b in rows
    ]
    return "\n\n".join(
        (
            markdown_table(("cadence, steps/min", "truth", "GaitLab", "off by", "myogait", "off by"), cadence),
            "True heel strikes found within their tolerance (+1 frame), and others claimed between them; step-time "
            "asymmetry in % (all these people walk evenly):",
            markdown_table(("", "GaitLab strikes", "myogait strikes", "GaitLab %", "myogait %"), feet),
        )
    )


def _rows(truths: Sequence[Truth], engine: PoseEngine, python: str) -> list[tuple[Truth, Finding, Finding]]:
    clips = [SHARED_DATA / "gait" / truth.clip for truth in truths]
    return [
        (truth, _ours(analyse_video(clip, AnalysisSettings(), engine=engine)), _theirs(clip, python))
        for truth, clip in zip(truths, clips, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare GaitLab and myogait with the truth of the walking clips.")
    parser.parse_args()
    (myogait,) = (peer for peer in PEERS if peer.name == "myogait")
    if not (SHARED_DATA / "truth.json").is_file():
        parser.exit(1, "the real clips (../shared/data beside the checkout) are not on this machine\n")
    about = machine_lines(
        command_line(_HEADING, "benchmarks.versus", sys.argv[1:]),
        more_versions=[one.replace("==", " ") for one in myogait.requirements[:2]],
    )
    try:
        python = environment(myogait, Path(platformdirs.user_cache_dir("gaitlab", appauthor=False)) / "peers")
        with closing(open_engine(PoseSettings())) as engine:
            rows = _rows(load_truths(SHARED_DATA), engine, python)
    except RuntimeError as error:
        parser.exit(1, f"{error}\n")
    rules = (
        "- myogait by its own `run_pipeline` with its defaults, but with MediaPipe's full model; its asymmetry is the "
        "one it calls that of step time\n- a number that is withheld is marked so; GaitLab's report says why"
    )
    write_section(_HEADING, f"{about}\n{rules}\n\n{versus_tables(rows)}")


if __name__ == "__main__":
    main()
