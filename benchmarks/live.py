"""How fast and how steady the Live page is, server and browser together on this machine.

    python -m benchmarks.live [--minutes 5]

A squat clip, scaled to 640 x 480, plays as the camera of headless Chromium; the app is served from this checkout, and
the page records as it does for a user. For each model: answers per second and the delay from a camera frame to the
skeleton drawn, in the first and in the last fifth of the time too, and the memory and the processor time of the server
and the memory of the browser. The networks for browsers run in Chromium, the others on the server. Then many browsers
send points at once (``live_clients``).
Writes its section of ``benchmarks/results.md``.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, Playwright, sync_playwright

from benchmarks.live_clients import clients_table, many_clients
from benchmarks.results import SHARED_DATA, command_line, machine_lines, markdown_table, write_section
from gaitlab.pose.weights.manifest import load_web_models
from gaitlab.ui.shared.help_texts import live_model_label, live_place_label
from tests.browser.conftest import choose, serving, settled
from tests.browser.fake_camera import film_for_camera, page_with_camera
from tests.conftest import BROWSERS

__all__ = ["LiveRun", "Sample", "choose_and_wait", "chromium", "cpu_s", "live_table", "pss_mb"]

_SOURCE = SHARED_DATA / "exercise" / "posetest__squat1.mp4"
_WH = (640, 480)
_CLIENTS = (1, 10, 20)
_MODELS = ("movenet-thunder-fp16", "movenet-thunder-int8", "movenet-lightning-web", "movenet-thunder-web")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_HEADING = "make bench-live"
_WARM_UP_S, _SAMPLE_S, _PARTS = 10.0, 5.0, 5
_COLLECT = """() => {
    window.posesMs = [];
    document.addEventListener("gaitlab-live-pose", (e) => window.posesMs.push([performance.now(), e.detail.delayMs]));
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Memory at one moment, in MB of 1024 x 1024 bytes, shared pages counted in parts."""

    server_mb: float
    browser_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRun:
    """One model before the camera.

    Attributes
    ----------
    model : str
    poses_ms : sequence of (float, float)
        For every answer: its time, and its delay after the camera frame.
    samples : sequence of Sample
    server_share : float
        Processor time of the server in the time between, as a share of one core.
    """

    model: str
    poses_ms: Sequence[tuple[float, float]]
    samples: Sequence[Sample]
    server_share: float

    def parts(self) -> list[list[float]]:
        """Return the delays in five equal parts of the time."""
        start, end = self.poses_ms[0][0], self.poses_ms[-1][0]
        parts: list[list[float]] = [[] for _ in range(_PARTS)]
        for at, delay in self.poses_ms:
            parts[min(_PARTS - 1, int(_PARTS * (at - start) / (end - start)))].append(delay)
        return parts

    @property
    def length_s(self) -> float:
        """Time from the first answer to the last."""
        return (self.poses_ms[-1][0] - self.poses_ms[0][0]) / 1000


def _change(values: Sequence[float]) -> str:
    """Return the mean of the first and of the last fifth."""
    n = max(1, len(values) // _PARTS)
    return f"{sum(values[:n]) / n:.0f} -> {sum(values[-n:]) / n:.0f}"


def _row(run: LiveRun) -> tuple[str, ...]:
    delays = [delay for _, delay in run.poses_ms]
    parts = run.parts()
    rates = [len(part) / (run.length_s / _PARTS) for part in parts]
    return (
        f"in the browser: {live_model_label(run.model)}" if _in_browser(run.model) else live_model_label(run.model),
        f"{len(delays) / run.length_s:.1f}",
        f"{rates[0]:.1f} -> {rates[-1]:.1f}",
        f"{median(delays):.0f}",
        f"{quantiles(delays, n=20)[-1]:.0f}",
        f"{median(parts[0]):.0f} -> {median(parts[-1]):.0f}",
        _change([one.server_mb for one in run.samples]),
        _change([one.browser_mb for one in run.samples]),
        f"{100 * run.server_share:.0f}",
    )


def _in_browser(model: str) -> bool:
    return any(model == one.name for one in load_web_models())


def live_table(runs: Sequence[LiveRun]) -> str:
    """Return one row per model."""
    header = (
        "",
        "frames/s",
        "first -> last fifth",
        "delay ms, median",
        "95 %",
        "first -> last fifth",
        "server MB",
        "browser MB",
        "server, % of a core",
    )
    return markdown_table(header, [_row(run) for run in runs])


def pss_mb(pid: int) -> float:
    """Return the memory of a program and of all that it started; 0 for one that has ended."""
    total = 0.0
    for one in (pid, *_descendants(pid)):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024
    return total


def cpu_s(pid: int) -> float:
    """Return the processor time that a program has used so far; 0 for one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S  # utime and stime, proc(5)


def _descendants(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield int(child)
        yield from _descendants(int(child))


def _measure(playwright: Playwright, folder: Path, film: Path, model: str, seconds: float) -> LiveRun:
    """Serve the app, open the page with the camera, and watch it."""
    with serving(folder) as app, page_with_camera(playwright, chromium(), film, folder / "profile") as page:
        page.goto(f"{app.url}/live")
        if _in_browser(model):
            choose_and_wait(page, "Where the pose model runs", live_place_label(model))
        else:
            choose_and_wait(page, "Where the pose model runs", live_place_label("server"))
            choose_and_wait(page, re.compile("^Pose model$"), live_model_label(model))
        page.get_by_role("button", name="Start the camera").click()
        page.locator(".pace").get_by_text("second").wait_for()
        time.sleep(_WARM_UP_S)
        page.evaluate(_COLLECT)
        start_s, used_s = time.monotonic(), cpu_s(app.pid)
        samples, end = [], start_s + seconds
        while time.monotonic() < end:
            time.sleep(_SAMPLE_S)
            browser_mb = pss_mb(os.getpid()) - pss_mb(app.pid) - _own_mb()
            samples.append(Sample(server_mb=pss_mb(app.pid), browser_mb=browser_mb))
        share = (cpu_s(app.pid) - used_s) / (time.monotonic() - start_s)
        poses_ms = page.evaluate("() => window.posesMs")
    return LiveRun(model=model, poses_ms=[(at, delay) for at, delay in poses_ms], samples=samples, server_share=share)


def _own_mb() -> float:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def chromium() -> Path:
    """Return the browser of this machine."""
    return next(Path(path) for name in BROWSERS if (path := shutil.which(name)))


def choose_and_wait(page: Page, label: str | re.Pattern[str], option: str) -> None:
    """Choose from a list, and wait until the page has taken it."""
    choose(page, label, option)
    settled(page)  # the page runs once more


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the Live page: frames per second, delay, memory.")
    parser.add_argument("--minutes", type=float, default=5.0, help="for each model")
    args = parser.parse_args()
    if not _SOURCE.is_file():
        parser.error(f"no such clip: {_SOURCE}")
    about = machine_lines(command_line(_HEADING, "benchmarks.live", sys.argv[1:]))
    with tempfile.TemporaryDirectory(prefix="gaitlab-bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        film = film_for_camera(_SOURCE, folder / "camera.mjpeg", wh=_WH)
        runs = []
        for model in _MODELS:
            print(f"{model}: {args.minutes:g} min", file=sys.stderr)
            (folder / model).mkdir()
            runs.append(_measure(playwright, folder / model, film, model, 60 * args.minutes))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    text = (
        f"{about}\n- {args.minutes:g} min per model; load average after the run: {load}\n"
        "- delay: from a camera frame in the browser to its skeleton on the page; the camera gives 30 frames per "
        "second\n- memory with shared pages counted in parts (PSS), mean of the first and the last fifth\n\n"
    )
    clients = clients_table([many_clients(n) for n in _CLIENTS])
    write_section(_HEADING, f"{text}{live_table(runs)}\n\n{clients}")


if __name__ == "__main__":
    main()
