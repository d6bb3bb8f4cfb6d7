"""What the Live page tells of clips that play before its camera, beside the analysis of the same clips.

    python -m benchmarks.live_camera [WORD ...]

Each clip plays in its own time as the camera of headless Chromium, the browser runs Lightning, and the page is watched
as somebody would: when which number stands on it. The analysis reads the file. Clips whose names contain one of the
words, or all exercises and walks of the development. Writes its section of ``benchmarks/results.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from playwright.sync_api import Playwright, sync_playwright

from benchmarks.evidence_live import LiveCount, asked_activity
from benchmarks.live import choose_and_wait, chromium
from benchmarks.results import SHARED_DATA, command_line, machine_lines, markdown_table, write_section
from gaitlab.pipeline import PoseEngine, analyse_video, open_engine
from gaitlab.records import Analysis
from gaitlab.repetitions.activities import activity_label
from gaitlab.settings import AnalysisSettings, PoseSettings
from gaitlab.ui.shared.help_texts import live_place_label
from gaitlab.video import VideoReader
from tests.browser.conftest import serving
from tests.browser.fake_camera import film_for_camera, page_with_camera

_NETWORK: Final = "movenet-lightning-web"
_SIDE_PX = 640
_BEFORE_S, _STILL_S, _AFTER_S = 25.0, 15.0, 4.0  # the network is loaded meanwhile; the last count comes late
_READY_MS = 60_000
_HEADING: Final = "make bench-live-clips"
#: Notes when the film begins to move, and from when on which number stands beside it.
_WATCH: Final = """
  window.watched = { startMs: null, shown: [] };
  const play = HTMLVideoElement.prototype.play;
  HTMLVideoElement.prototype.play = function () {
    if (this.srcObject) watch(this);
    return play.call(this);
  };
  function watch(video) {
    const pen = new OffscreenCanvas(64, 36).getContext("2d", { willReadFrequently: true });
    const value = video.getRootNode().querySelector(".value");
    let first = null;
    const look = (nowMs, { presentationTime }) => {
      if (window.watched.startMs === null) {
        pen.drawImage(video, 0, 0, 64, 36);
        const pixels = pen.getImageData(0, 0, 64, 36).data;
        first ??= pixels;
        if (pixels.some((one, i) => one !== first[i])) window.watched.startMs = presentationTime;
      }
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
    new MutationObserver(() => window.watched.shown.push([performance.now(), value.textContent])).observe(value, {
      childList: true, characterData: true, subtree: true,
    });
  }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cadence:
    """A walk: cadence by the analysis and the last one that was shown, None where none was."""

    name: str
    analysis: float | None
    live: float | None


class _TooEarly(Exception):
    """The clip began before the page was ready, as on a busy machine."""


def _clips(words: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Return the clips with the activity to ask for."""
    for case in json.loads((SHARED_DATA / "truth.json").read_text(encoding="utf-8")):
        file = str(case["file"])
        if not words or any(word in file for word in words):
            if file.startswith("exercise/"):
                yield SHARED_DATA / file, asked_activity(case)
            elif case["kind"] == "gait_video" and file.startswith("gait/"):
                yield SHARED_DATA / file, "gait"


def _watched(playwright: Playwright, folder: Path, clip: Path, activity: str) -> list[tuple[float, float]]:
    """Play a clip before the page, and return which number stood there from when on, by the clip's time."""
    with VideoReader(clip) as reader:
        info = reader.info
    scale = min(1.0, _SIDE_PX / max(info.width_px, info.height_px))
    wh = (2 * round(info.width_px * scale / 2), 2 * round(info.height_px * scale / 2))
    film = film_for_camera(clip, folder / "film.mjpeg", wh=wh, before_s=_BEFORE_S, still_s=_STILL_S)
    with serving(folder) as app, page_with_camera(playwright, chromium(), film, folder / "profile") as page:
        page.add_init_script(f"{{ {_WATCH} }}")
        page.goto(f"{app.url}/live")
        choose_and_wait(page, "What", activity_label(activity))
        choose_and_wait(page, "Where the pose model runs", live_place_label(_NETWORK))
        page.get_by_role("button", name="Start the camera").click()
        page.locator(".pace").get_by_text("second").wait_for(timeout=_READY_MS)
        if page.evaluate("() => window.watched.startMs") is not None:
            raise _TooEarly
        page.wait_for_function("() => window.watched.startMs !== null", timeout=1000 * (_BEFORE_S + 10))
        duration_s = info.duration_s or 0.0
        page.wait_for_timeout(1000 * (duration_s + _AFTER_S))
        watched: dict[str, Any] = page.evaluate("() => window.watched")
    start_ms = watched["startMs"]
    return [((at_ms - start_ms) / 1000, float(text)) for at_ms, text in watched["shown"] if text.isdecimal()]


def _cadence_of(analysis: Analysis) -> float | None:
    return next((one.value for one in analysis.metrics if one.name == "cadence"), None)


def _played(playwright: Playwright, engine: PoseEngine, clip: Path, activity: str) -> LiveCount | _Cadence:
    with tempfile.TemporaryDirectory(prefix="gaitlab-bench-") as name:
        shown = _watched(playwright, Path(name), clip, activity)
    analysis = analyse_video(clip, AnalysisSettings(activity=activity), engine=engine)
    if activity == "gait":
        return _Cadence(name=clip.stem, analysis=_cadence_of(analysis), live=shown[-1][1] if shown else None)
    turns_s = [one.turn_s for one in analysis.exercise.repetitions] if analysis.exercise else []
    counts = [(at_s, int(number)) for at_s, number in shown] or [(0.0, 0)]
    return LiveCount(name=clip.stem, activity=activity, turns_s=turns_s, shown=counts)


def _section(counts: Sequence[LiveCount], cadences: Sequence[_Cadence]) -> str:
    delays_s = sorted(delay_s for one in counts for delay_s in one.delays_s)
    lines = [f"- {len(counts)} exercises: within one of the analysis {sum(abs(one.error) <= 1 for one in counts)}"]
    if delays_s:
        lines.append(
            f"- a number stands there after its turn: median {median(delays_s):.2f} s, {len(delays_s)} of them"
        )
    both = [one for one in cadences if one.analysis is not None and one.live is not None]
    off = [100 * abs((one.live or 0.0) / (one.analysis or 1.0) - 1) for one in both]
    if off:
        lines.append(f"- cadence in {len(both)} of {len(cadences)} walks by both: {max(off):.1f} % apart at most")
    exercises = [
        (
            one.name,
            one.activity,
            str(len(one.turns_s)),
            str(one.count),
            f"{median(one.delays_s):.2f}" if one.delays_s else "",
        )
        for one in counts
    ]
    walks = [(one.name, "gait", _number(one.analysis), _number(one.live), "") for one in cadences]
    table = markdown_table(("clip", "activity", "analysis", "live", "delay s, median"), [*exercises, *walks])
    return "\n".join(lines) + f"\n\n{table}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Live beside the analysis, through the camera of a browser.")
    parser.add_argument("words", nargs="*", help="parts of the names of clips; none: all")
    args = parser.parse_args()
    about = machine_lines(command_line(_HEADING, "benchmarks.live_camera", sys.argv[1:]))
    counts: list[LiveCount] = []
    cadences: list[_Cadence] = []
    missed: list[str] = []
    engine = open_engine(PoseSettings())
    with sync_playwright() as playwright:
        for clip, activity in _clips(args.words):
            try:
                played = _played(playwright, engine, clip, activity)
            except _TooEarly:
                missed.append(clip.stem)
                continue
            print(played, file=sys.stderr, flush=True)
            if isinstance(played, LiveCount):
                counts.append(played)
            else:
                cadences.append(played)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    about += f"\n- load average after the run: {load}"
    about += f"\n- began before the page was ready, left out: {', '.join(missed)}" if missed else ""
    write_section(_HEADING, f"{about}\n{_section(counts, cadences)}")


if __name__ == "__main__":
    main()
