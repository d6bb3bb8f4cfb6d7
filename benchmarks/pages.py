"""How fast the pages are with a thousand sessions in the database, measured in the browser.

    python -m benchmarks.pages [--rounds 5] [--sessions 1000]

The app is served from this checkout to headless Chromium. For every page, each time in a window of its own with nothing
cached: from the navigation until the page's heading can be read, and until everything on it is drawn and its script has
ended; then, from another page, the same after a click on its link. Beside it, in the same minute, an empty Streamlit
app of two pages: what no page of ours can beat on this machine. Writes its section of ``benchmarks/results.md``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from benchmarks.many_sessions import fill
from benchmarks.results import command_line, machine_lines, markdown_table, write_section
from gaitlab.storage import open_store
from tests.browser.conftest import CHROMIUM_FLAGS, ServedApp
from tests.conftest import BROWSERS

__all__ = ["Times", "page_table"]

_HEADING: Final = "make bench-pages"
_FIRST_MAX_S, _CHANGE_MAX_S = 2.0, 1.0  # asked for: issue "The app"

#: Name of the page -> what is drawn last on it; it may be inside a component.
_PAGES: Final[Mapping[str, str]] = {
    "Analyse": "input[type=file]",
    "Live": "button.start",
    "Session": ".player .plot path",
    "History": ".js-plotly-plot .main-svg",
    "Compare": ".js-plotly-plot .main-svg",
    "People": "[data-testid=stForm]",
    "Settings": "table",
}
_EMPTY: Final[Mapping[str, str]] = {"One": "h1", "Two": "h1"}
_EMPTY_APP: Final = """
import streamlit as st

def one():
    st.title("Page one")

def two():
    st.title("Page two")

st.navigation([st.Page(one, title="One", default=True), st.Page(two, title="Two")], position="top").run()
"""
# Looks once a picture of the screen, also into components, which have a tree of their own.
_WATCH: Final = """
window.find = (selector, root = document) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const one of root.querySelectorAll("*")) {
        const inside = one.shadowRoot && window.find(selector, one.shadowRoot);
        if (inside) return inside;
    }
    return null;
};
window.drawn = (selector, old, from) => new Promise((resolve) => {
    let heading = 0;
    const look = () => {
        const h1 = document.querySelector("h1");
        const app = document.querySelector("[data-testid=stApp]");
        if (!heading && h1 && h1.innerText && h1.innerText !== old) heading = performance.now() - from;
        if (heading && app.dataset.testScriptState === "notRunning" && window.find(selector)) {
            resolve([heading / 1000, (performance.now() - from) / 1000]);
        } else requestAnimationFrame(look);
    };
    look();
});
"""
_OPENED: Final = "(selector) => window.drawn(selector, '', 0)"
_CHANGED: Final = """async ([link, selector]) => {
    const old = document.querySelector("h1").innerText;
    const links = () => [...document.querySelectorAll("a")].filter((a) => a.innerText.trim().endsWith(link));
    while (!links().length) await new Promise(requestAnimationFrame);
    const [target] = links();
    const from = performance.now();
    target.click();
    return window.drawn(selector, old, from);
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """One look at a page, in seconds.

    Attributes
    ----------
    heading_s : float
        Until its heading can be read.
    complete_s : float
        Until everything is drawn and the script has ended.
    """

    heading_s: float
    complete_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The same minute: every page opened and changed to, and the empty app."""

    opened: Mapping[str, Times]
    changed: Mapping[str, Times]


def _median(times: Sequence[float]) -> str:
    return f"{median(times):.2f} ({min(times):.2f}-{max(times):.2f})"


def _row(name: str, rounds: Sequence[Round], empty: Sequence[Round]) -> tuple[str, ...]:
    cells = [name]
    for ours, theirs in (
        ([one.opened[name] for one in rounds], [one.opened["One"] for one in empty]),
        ([one.changed[name] for one in rounds], [one.changed["Two"] for one in empty]),
    ):
        ratios = [a.complete_s / b.complete_s for a, b in zip(ours, theirs, strict=True)]
        cells += [_median([t.heading_s for t in ours]), _median([t.complete_s for t in ours]), f"{median(ratios):.1f}"]
    return tuple(cells)


def page_table(rounds: Sequence[Round], empty: Sequence[Round]) -> str:
    """Return one row a page: opened and changed to, each with its ratio to the empty app in the same round."""
    header = ("", "opened: heading s", "complete s", "x empty", "changed to: heading s", "complete s", "x empty")
    rows = [_row(name, rounds, empty) for name in rounds[0].opened]
    nothing = [
        "empty Streamlit page",
        _median([one.opened["One"].heading_s for one in empty]),
        _median([one.opened["One"].complete_s for one in empty]),
        "1",
        _median([one.changed["Two"].heading_s for one in empty]),
        _median([one.changed["Two"].complete_s for one in empty]),
        "1",
    ]
    return markdown_table(header, [*rows, nothing])


@contextmanager
def _empty_app(folder: Path) -> Iterator[str]:
    script = folder / "empty.py"
    script.write_text(_EMPTY_APP, encoding="utf-8")
    served = ServedApp(folder / "none", folder / "empty.log", script=script)
    served.start()
    try:
        yield served.url
    finally:
        served.stop()


def _look(browser: Browser, url: str, pages: Mapping[str, str]) -> Round:
    """Open every page in a window of its own; then go round all of them by their links."""
    opened, changed, names = {}, {}, list(pages)
    for name, selector in pages.items():
        path = "" if name == names[0] else name.lower()
        with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=url) as context:
            context.add_init_script(_WATCH)
            page = context.new_page()
            page.goto(f"/{path}", wait_until="commit")
            opened[name] = _times(page.evaluate(_OPENED, selector))
            if name == names[-1]:
                for link in names:
                    changed[link] = _times(page.evaluate(_CHANGED, [link, pages[link]]))
    return Round(opened=opened, changed=changed)


def _times(seconds: Sequence[float]) -> Times:
    return Times(heading_s=seconds[0], complete_s=seconds[1])


def _filled(folder: Path, count: int) -> Path:
    """Return a data folder with so many sessions in its database."""
    store = open_store(f"sqlite:///{folder / 'gaitlab.db'}")
    try:
        fill(store, count)
    finally:
        store.close()
    return folder


def _say(slow: Sequence[str]) -> str:
    if not slow:
        return f"Every page is complete within {_FIRST_MAX_S:g} s of being opened and {_CHANGE_MAX_S:g} s of the click."
    return f"Slower than {_FIRST_MAX_S:g} s to open or {_CHANGE_MAX_S:g} s to change to (median): {', '.join(slow)}."


def slow_pages(rounds: Sequence[Round]) -> list[str]:
    """Return the pages whose median is over what was asked for."""
    return [
        name
        for name in rounds[0].opened
        if median(one.opened[name].complete_s for one in rounds) > _FIRST_MAX_S
        or median(one.changed[name].complete_s for one in rounds) > _CHANGE_MAX_S
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure in the browser how fast the pages are.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--dry", action="store_true", help="print only, leave results.md as it is")
    args = parser.parse_args()
    about = machine_lines(command_line(_HEADING, "benchmarks.pages", sys.argv[1:]))
    chromium = next(path for name in BROWSERS if (path := shutil.which(name)))
    rounds, empty, loads = [], [], []
    with tempfile.TemporaryDirectory(prefix="gaitlab-bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "data").mkdir()
        app = ServedApp(_filled(folder / "data", args.sessions), folder / "server.log")
        app.start()
        try:
            with (
                _empty_app(folder) as empty_url,
                playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS)) as browser,
            ):
                _look(browser, app.url, _PAGES)  # the server's first visit
                _look(browser, empty_url, _EMPTY)
                for _ in range(args.rounds):
                    rounds.append(_look(browser, app.url, _PAGES))
                    empty.append(_look(browser, empty_url, _EMPTY))
                    loads.append(os.getloadavg()[0])
                    print(f"load {loads[-1]:.1f}", file=sys.stderr)
        finally:
            app.stop()
    text = (
        f"{about}\n- {args.sessions} sessions in the database; median (lowest-highest) of {args.rounds} rounds; load "
        f"average during them: {min(loads):.1f} to {max(loads):.1f}\n"
        "- opened: in a window of its own with nothing cached; x empty: complete, against an empty Streamlit page in "
        f"the same round\n\n{page_table(rounds, empty)}\n\n{_say(slow_pages(rounds))}"
    )
    if args.dry:
        print(text)
    else:
        write_section(_HEADING, text)


if __name__ == "__main__":
    main()
