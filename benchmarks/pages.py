"""How fast the pages are with a thousand sessions in the database, measured in the browser.

    python -m benchmarks.pages [--rounds 5] [--sessions 1000] [--only put-right|long|player]

The app is served from this checkout to headless Chromium. For every page, each time in a window of its own with nothing
cached: from the navigation until the page's heading can be read, until its script has ended (all words, numbers and
buttons are there), and until its charts are drawn too; then, in a tab that has been on every page once, the same after
a click on its link. Beside it, in the same minute, an empty Streamlit app of two pages: what no page of ours can beat
on this machine. Then, on reports of the samples, from the click that puts something right until the page has the new
numbers; and a clip of ten minutes and a track of an hour: the report, what the page is sent for it, the tab of its
steps, and how often a second the player of the clip draws, played and scrubbed. Writes its section of
``benchmarks/results.md``.
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
from types import MappingProxyType
from typing import Final

from playwright.sync_api import Browser, sync_playwright

from benchmarks.many_sessions import fill
from benchmarks.player_pace import LONG_AGO, Pace, long_walk, long_walk_with_clip, pace_of_player, pace_table
from benchmarks.results import command_line, machine_lines, markdown_table, missed_words, write_section
from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.sessions import recompute
from gaitlab.storage import SessionStore, open_store
from tests.browser.conftest import CHROMIUM_FLAGS, ServedApp, settled
from tests.conftest import BROWSERS

__all__ = ["Times", "page_table"]

_HEADING: Final = "make bench-pages"
_FIRST_MAX_S, _CHANGE_MAX_S, _RIGHT_MAX_S = 2.0, 1.0, 2.0  # asked for: issue "The app"
_HOUR_MIN: Final = 60
#: What an empty page took, opened and changed to, on the machine on which the limits were kept (27 November 2026): on a
#: slower one pages may take as many empty pages longer.
_EMPTY_FIRST_S, _EMPTY_CHANGE_S = 0.93, 0.08

#: Name of the page -> what is drawn last on it; it may be inside a component.
_PAGES: Final[Mapping[str, str]] = {
    "Analyse": "input[type=file]",
    "Live": "button.start",
    "Session": ".player .plot path",
    "History": "[class*=st-key-person-row] img, .trend .mark[transform]",  # opened: everybody; changed to: a person
    "Compare": ".overlay .plot .line",
    "People": "[data-testid=stForm]",
    "Settings": "table",
}
#: A page that no link of the header leads to -> its address and what is drawn last on it.
_OPENED_TOO: Final[Mapping[str, tuple[str, str]]] = {
    "One person": ("history?person=1", ".trend.small .mark[transform]"),
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
# Checks once per screen refresh, also in components, which have a tree of their own.
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
window.seen = (selector, old, from) => new Promise((resolve, reject) => {
    let heading = 0, ended = 0;
    const look = () => {
        const now = (performance.now() - from) / 1000;
        const h1 = document.querySelector("h1");
        const app = document.querySelector("[data-testid=stApp]");
        if (!heading && h1 && h1.innerText && h1.innerText !== old) heading = now;
        if (!ended && heading && app.dataset.testScriptState === "notRunning") ended = now;
        if (ended && window.find(selector)) resolve([heading, ended, now]);
        else if (now > 60) reject(new Error(`${document.title}: ${selector} was not drawn within a minute`));
        else requestAnimationFrame(look);
    };
    look();
});
"""
_OPENED: Final = "(selector) => window.seen(selector, '', 0)"
_CHANGED: Final = """async ([link, selector]) => {
    const old = document.querySelector("h1").innerText;
    const links = () => [...document.querySelectorAll("a")].filter((a) => a.innerText.trim().endsWith(link));
    while (!links().length) await new Promise(requestAnimationFrame);
    const [target] = links();
    const from = performance.now();
    target.click();
    return window.seen(selector, old, from);
}"""


# From the click on a button until a chip below the title has the words and the script has ended.
_RIGHT: Final = """async ([button, words]) => {
    const from = performance.now();
    button.click();
    const done = () => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
        && [...document.querySelectorAll("[data-testid=stPopoverButton]")].some((b) => b.innerText.includes(words));
    do await new Promise(requestAnimationFrame); while (!done());
    return (performance.now() - from) / 1000;
}"""


# From the click on a tab until its table is drawn and the script has ended.
_TAB: Final = """async (tab) => {
    const from = performance.now();
    tab.click();
    const done = () => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
        && window.find("[data-testid=stDataFrame] canvas");
    do await new Promise(requestAnimationFrame); while (!done());
    return (performance.now() - from) / 1000;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Something to put right in a report: how a user does it, and what stands below the title then.

    Attributes
    ----------
    sample : str
        Title of the sample session.
    chip : str
        What the chip to open says before.
    typed : str
        What is typed into its field; empty = nothing.
    button : str
        What is clicked last.
    words : str
        What the chip says then.
    n_actions : int
        Clicks and numbers typed.
    """

    sample: str
    chip: str
    typed: str
    button: str
    words: str
    n_actions: int


_WALK, _SQUATS = "Walking past the camera", "Squats from the side"
_TO_PUT_RIGHT: Final[Mapping[str, Right]] = {
    "activity": Right(
        sample=_SQUATS, chip="Activity:", typed="", button="Squats", words="Activity: Squats", n_actions=2
    ),
    "person": Right(sample=_WALK, chip="Person:", typed="", button="Anna", words="Person: Anna", n_actions=2),
    "body height": Right(
        sample=_WALK, chip="Height:", typed="175", button="Compute", words="Height: 175 cm", n_actions=3
    ),
    "belt speed": Right(
        sample=_WALK, chip="Belt speed:", typed="4", button="Compute", words="Belt speed: 4 km/h", n_actions=3
    ),
    "slow motion": Right(
        sample=_WALK, chip="Slow motion:", typed="", button="2 times slower", words="Slow motion: 2×", n_actions=2
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The times of one visit to a page, in seconds.

    Attributes
    ----------
    heading_s : float
        Until its heading can be read.
    ended_s : float
        Until the page's script has ended too: all is there but what the browser still draws.
    drawn_s : float
        Until the last chart or table is drawn.
    """

    heading_s: float
    ended_s: float
    drawn_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTimes:
    """A visit to the report of a long walk: its times, megabytes sent to the page, a change of tab."""

    opened: Times
    sent_mb: float
    tab_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The same minute: every page opened and changed to, and the empty app."""

    opened: Mapping[str, Times]
    changed: Mapping[str, Times]


def _median(times: Sequence[float]) -> str:
    return f"{median(times):.2f} ({min(times):.2f}-{max(times):.2f})"


def _ratio(ours: Sequence[Times], empty: Sequence[Times]) -> float:
    return median(a.ended_s / b.ended_s for a, b in zip(ours, empty, strict=True))


def _cells(ours: Sequence[Times], empty: Sequence[Times]) -> tuple[str, ...]:
    columns = ([t.heading_s for t in ours], [t.ended_s for t in ours], [t.drawn_s for t in ours])
    return (*(_median(column) for column in columns), f"{_ratio(ours, empty):.1f}")


def page_table(label: str, visits: Mapping[str, Sequence[Times]], empty: Sequence[Times]) -> str:
    """Return one row per page and one for the empty page of the same rounds; the ratio is of the script's end."""
    header = (label, "heading s", "script ended s", "drawn s", "x empty")
    rows = [(name, *_cells(times, empty)) for name, times in visits.items()]
    return markdown_table(header, [*rows, ("empty Streamlit page", *_cells(empty, empty))])


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


def _look(
    browser: Browser, url: str, pages: Mapping[str, str], too: Mapping[str, tuple[str, str]] = MappingProxyType({})
) -> Round:
    """Open every page in a window of its own; then go round all but those of `too` by their links."""
    opened, changed, names = {}, {}, list(pages)
    addresses = {name: ("" if name == names[0] else name.lower(), selector) for name, selector in pages.items()}
    for name, (path, selector) in {**too, **addresses}.items():
        with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=url) as context:
            context.add_init_script(_WATCH)
            page = context.new_page()
            page.goto(f"/{path}", wait_until="commit")
            opened[name] = _times(page.evaluate(_OPENED, selector))
            if name == names[-1]:
                for link in (*names, *names):  # the second time round counts
                    changed[link] = _times(page.evaluate(_CHANGED, [link, pages[link]]))
    return Round(opened=opened, changed=changed)


def _times(seconds: Sequence[float]) -> Times:
    return Times(heading_s=seconds[0], ended_s=seconds[1], drawn_s=seconds[2])


def _look_long(browser: Browser, url: str, number: int) -> LongTimes:
    """Open the report of the long walk in a window of its own, then the tab of its steps."""
    sent = [0]

    def add(frame: bytes | str) -> None:
        sent[0] += len(frame)

    with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=url) as context:
        context.add_init_script(_WATCH)
        page = context.new_page()
        page.on("websocket", lambda socket: socket.on("framereceived", add))
        page.goto(f"/session?session={number}", wait_until="commit")
        opened = _times(page.evaluate(_OPENED, _PAGES["Session"]))
        settled(page)
        tab_s = float(page.get_by_role("tab", name="Steps").evaluate(_TAB))
    return LongTimes(opened=opened, sent_mb=sent[0] / 1e6, tab_s=tab_s)


def long_table(rounds: Sequence[Mapping[str, LongTimes]]) -> str:
    """Return one row for each long walk, and which of them keep the limits in the median."""
    header = ("a long session", "heading s", "script ended s", "drawn s", "sent MB", "tab changed s")
    rows, missed = [], []
    for name in rounds[0]:
        visits = [one[name] for one in rounds]
        columns = (
            [one.opened.heading_s for one in visits],
            [one.opened.ended_s for one in visits],
            [one.opened.drawn_s for one in visits],
            [one.sent_mb for one in visits],
            [one.tab_s for one in visits],
        )
        rows.append((name, *(_median(column) for column in columns)))
        missed += [f"{name} (drawn)"] if median(columns[2]) > _FIRST_MAX_S else []
        missed += [f"{name} (tab)"] if median(columns[4]) > _CHANGE_MAX_S else []
    limits = f"Limits {_FIRST_MAX_S:g} s (drawn) and {_CHANGE_MAX_S:g} s (tab), median"
    return f"{markdown_table(header, rows)}\n\n{limits}: {missed_words(missed, kept='kept')}."


def put_right_s(browser: Browser, url: str, number: int, right: Right) -> float:
    """Return the seconds from the last click until the report of a session is right."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=url) as context:
        page = context.new_page()
        page.goto(f"/session?session={number}")
        settled(page)
        page.get_by_role("button", name=right.chip).first.click()
        form = page.get_by_test_id("stPopoverBody")
        if right.typed:
            form.get_by_role("spinbutton").fill(right.typed)
        button = form.get_by_role("button", name=right.button, exact=True).element_handle()
        return float(page.evaluate(_RIGHT, [button, right.words]))


def _put_right(browser: Browser, url: str, store: SessionStore) -> dict[str, float]:
    """Return the seconds of each thing to put right, each in a session of its own."""
    store.add_person("Anna")
    found = {}
    for name, right in _TO_PUT_RIGHT.items():
        sample = next(one for one in samples() if one.title == right.sample)
        number = store.save(analyse_sample(sample), person="Zoe", recorded_at=LONG_AGO)
        if name == "activity":
            number = recompute(store, number, {"activity": "biceps-curl"})
        found[name] = put_right_s(browser, url, number, right)
    return found


def right_table(rounds: Sequence[Mapping[str, float]]) -> str:
    """Return one row for each thing to put right, and which are slower than asked for in the median."""
    seconds = {name: [one[name] for one in rounds] for name in rounds[0]}
    rows = [(name, str(_TO_PUT_RIGHT[name].n_actions), _median(times)) for name, times in seconds.items()]
    slow = [name for name, times in seconds.items() if median(times) > _RIGHT_MAX_S]
    verdict = f"Limit {_RIGHT_MAX_S:g} s (median): {missed_words(slow)}."
    header = ("put right", "clicks and numbers typed", "last click to right report s")
    return f"{markdown_table(header, rows)}\n\n{verdict}"


def _filled(folder: Path, count: int) -> Path:
    """Return a data folder with so many sessions in its database."""
    store = open_store(f"sqlite:///{folder / 'gaitlab.db'}")
    try:
        fill(store, count)
    finally:
        store.close()
    return folder


def slow_pages(visits: Mapping[str, Sequence[Times]], limit_s: float) -> list[str]:
    """Return the pages whose script ends later than that in the median."""
    return [name for name, times in visits.items() if median(t.ended_s for t in times) > limit_s]


def slow_for_the_machine(
    visits: Mapping[str, Sequence[Times]], empty: Sequence[Times], limit_ratio: float
) -> list[str]:
    """Return the pages whose script takes more empty pages of the same round than that in the median."""
    return [name for name, times in visits.items() if _ratio(times, empty) > limit_ratio]


def _verdict(visits: Mapping[str, Sequence[Times]], empty: Sequence[Times], limit_s: float, empty_s: float) -> str:
    ratio = limit_s / empty_s
    return (
        f"Limit {limit_s:g} s (script ended, median): {missed_words(slow_pages(visits, limit_s))}. As empty pages of "
        f"the same round, {ratio:.1f} ({limit_s:g} s where an empty page takes {empty_s:g} s): "
        f"{missed_words(slow_for_the_machine(visits, empty, ratio))}."
    )


def _sections(rounds: Sequence[Round], empty: Sequence[Round]) -> str:
    """Return both tables, each with its verdict."""
    opened = {name: [one.opened[name] for one in rounds] for name in rounds[0].opened}
    changed = {name: [one.changed[name] for one in rounds] for name in rounds[0].changed}
    opened_empty, changed_empty = [one.opened["One"] for one in empty], [one.changed["Two"] for one in empty]
    return "\n\n".join(
        (
            page_table("opened", opened, opened_empty),
            _verdict(opened, opened_empty, _FIRST_MAX_S, _EMPTY_FIRST_S),
            page_table("changed to", changed, changed_empty),
            _verdict(changed, changed_empty, _CHANGE_MAX_S, _EMPTY_CHANGE_S),
        )
    )


def _only(
    rights: Sequence[Mapping[str, float]], longs: Sequence[Mapping[str, LongTimes]], paces: Sequence[dict[str, Pace]]
) -> str:
    """Return the one table of which something was measured."""
    return right_table(rights) if rights else long_table(longs) if longs else pace_table(paces)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure in the browser how fast the pages are.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--only", choices=("put-right", "long", "player"), help="measure and print only this")
    parser.add_argument("--dry", action="store_true", help="print only, leave results.md as it is")
    args = parser.parse_args()
    about = machine_lines(command_line(_HEADING, "benchmarks.pages", sys.argv[1:]))
    chromium = next(path for name in BROWSERS if (path := shutil.which(name)))
    rounds, empty, loads, rights, longs, paces = [], [], [], [], [], []
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
                if not args.only:
                    _look(browser, app.url, _PAGES, _OPENED_TOO)  # the server's first visit
                    _look(browser, empty_url, _EMPTY)
                store = open_store(f"sqlite:///{app.data_dir / 'gaitlab.db'}")
                walked = 0 if args.only == "put-right" else long_walk_with_clip(store, folder)
                hour = long_walk(store, _HOUR_MIN) if args.only in (None, "long") else 0
                if args.only in (None, "put-right"):
                    _put_right(browser, app.url, store)
                for _ in range(args.rounds):
                    if not args.only:
                        rounds.append(_look(browser, app.url, _PAGES, _OPENED_TOO))
                        empty.append(_look(browser, empty_url, _EMPTY))
                    if args.only in (None, "put-right"):
                        rights.append(_put_right(browser, app.url, store))
                    if args.only in (None, "long"):
                        numbers = {"10 minutes, with a clip": walked, "60 minutes": hour}
                        longs.append({name: _look_long(browser, app.url, one) for name, one in numbers.items()})
                    if args.only in (None, "player"):
                        paces.append(pace_of_player(browser, app.url, walked))
                    loads.append(os.getloadavg()[0])
                    print(f"load {loads[-1]:.1f}", file=sys.stderr)
                store.close()
        finally:
            app.stop()
    if args.only:
        print(_only(rights, longs, paces))
        return
    text = (
        f"{about}\n- {args.sessions} sessions in the database; median (lowest-highest) of {args.rounds} rounds; load "
        f"average during them: {min(loads):.1f} to {max(loads):.1f}\n"
        "- opened: in a window of its own with nothing cached; changed to: by a link, in a tab that has been on every "
        "page once\n- x empty: script ended, against an empty Streamlit page in the same round\n\n"
        f"{_sections(rounds, empty)}\n\n{right_table(rights)}\n\n{long_table(longs)}\n\n{pace_table(paces)}"
    )
    if args.dry:
        print(text)
    else:
        write_section(_HEADING, text)


if __name__ == "__main__":
    main()
