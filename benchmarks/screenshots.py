"""Pictures of every page in the states people meet, light and dark, on a wide screen and on a phone.

    python -m benchmarks.screenshots [--out screenshots] [--only NAME]
    python -m benchmarks.screenshots --docs docs      # only the pictures of the documentation

They are for people, to find overlaps, cut-off words and unreadable text. The folder is not kept in git. The states
that need a clip (one that waits, one being analysed, a camera) are left out where ``../shared`` is missing; they, and
no others, show people. The samples that the tour loads are erased after each picture of it. The pictures of the
documentation are made of shipped samples, which are coordinates only.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pypdfium2
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright

from benchmarks.many_sessions import fill
from gaitlab.archive.samples import load_samples
from gaitlab.reports import Wishes
from gaitlab.sessions import hand_out
from gaitlab.storage import SessionStore, open_store
from tests.browser.conftest import CHROMIUM_FLAGS, ServedApp, serving, settled
from tests.browser.fake_camera import browser_with_camera, film_for_camera
from tests.conftest import BROWSERS, SHARED

_Scheme = Literal["light", "dark"]
_SCHEMES: Final[tuple[_Scheme, ...]] = ("light", "dark")
_WIDTHS: Final = {"wide": 1280, "phone": 390}
_HEIGHT, _HEIGHT_MAX = 900, 6000
_SCROLLED: Final = "() => document.querySelector('[data-testid=stMain]').scrollHeight"
_DOCS_WIDTH: Final = 1120
_DOCS_HEIGHTS: Final = {"report": 1078, "person": 900, "compare": 820, "tour": 900}
_DOCS_MOMENT_S: Final = 11.14  # where the third squat turns
_PAPER_SCALE: Final = 1.5
_QUESTION: Final = "Does the left knee bend more than before?"
_PATIENCE_MS: Final = 60_000

_SESSIONS: Final = 60
_SAMPLE_WALK, _SAMPLE_SQUATS = "Walking past the camera", "Squats from the side"
_SAMPLE_VISIT: Final = "Walking there and back"
_PERSON: Final = "Ada"
_BASELINE: Final = 4
_GOAL_SPM: Final = 112.0
_CLIPS: Final = SHARED / "data"
_WALK: Final = _CLIPS / "gait" / "biomech-of-gait_normal_01.mp4"
_SQUATS: Final = _CLIPS / "exercise" / "posetest__squat1.mp4"
_CAMERA_S: Final = (3.5, 12.45)
_STILL_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One state of one page.

    Attributes
    ----------
    name : str
        Of the picture.
    path : str
        Of the page, without the leading slash.
    act : callable
        What is done on the opened page before the picture is taken.
    filled : bool
        Whether there are sessions.
    """

    name: str
    path: str
    act: Callable[[Page], None] = lambda page: None
    filled: bool = True


def _choose(word: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_text(word, exact=True).first.click()


def _open_tab(name: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_role("tab", name=name).click()
        settled(page, timeout_s=60)

    return act


def _of_person(page: Page) -> None:
    page.get_by_role("link", name=_PERSON, exact=True).click()
    page.get_by_role("heading", name="Goals").wait_for(timeout=_PATIENCE_MS)
    page.get_by_role("radio", name="Walking").click()
    page.get_by_text("Diamonds").wait_for(timeout=_PATIENCE_MS)
    page.wait_for_timeout(1000)


def _take_the_tour(hint: int) -> Callable[[Page], None]:
    """Return what loads the samples and goes on to a hint of their tour."""

    def act(page: Page) -> None:
        page.get_by_role("button", name="Load the sample sessions").click()
        for number in range(1, hint + 1):
            page.get_by_text(f"hint {number} of 4").wait_for(timeout=_PATIENCE_MS)
            settled(page, timeout_s=60)
            if number < hint:
                page.get_by_role("button", name="Next", exact=True).click()

    return act


def _wait_with_a_clip(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(_WALK)
    page.get_by_text("is ready to be analysed").wait_for(timeout=_PATIENCE_MS)
    page.get_by_text("How to film it").click()


def _analyse(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(_WALK)
    page.get_by_role("button", name="Analyse", exact=True).click(timeout=_PATIENCE_MS)
    page.get_by_text("Finding the person").wait_for(timeout=_PATIENCE_MS)


def _start_camera(page: Page) -> None:
    page.get_by_role("button", name="Start the camera").click()
    page.locator(".value").filter(has_text="1").wait_for(timeout=_PATIENCE_MS)


def _end(page: Page) -> None:
    """Stop everything that would slow down the next screenshot."""
    cancel = page.get_by_role("button", name="Cancel")
    if cancel.count():
        cancel.first.click()
        page.get_by_text("cancelled").first.wait_for(timeout=_PATIENCE_MS)
        page.get_by_role("button", name="Dismiss").first.click()
        page.wait_for_timeout(500)


def _shots(walk: int, squats: int, pair: tuple[int, int]) -> Iterator[Shot]:
    for name in ("", "live", "session", "history", "compare", "people", "settings"):
        yield Shot(name=f"empty-{name or 'analyse'}", path=name, filled=False)
    for hint, name in enumerate(("report", "before", "person", "clip"), start=1):
        yield Shot(name=f"tour-{name}", path="", act=_take_the_tour(hint), filled=False)
    for name in ("", "live", "people", "settings"):
        yield Shot(name=name or "analyse", path=name)
    yield Shot(name="history", path="history")
    yield Shot(name="history-person", path="history", act=_of_person)
    for kind, number in (("walk", walk), ("squats", squats)):
        yield Shot(name=f"session-{kind}", path=f"session?session={number}")
        yield Shot(name=f"session-{kind}-clinical", path=f"session?session={number}", act=_choose("For clinicians"))
        for tab in ("Details", "Share"):
            yield Shot(name=f"session-{kind}-{tab.lower()}", path=f"session?session={number}", act=_open_tab(tab))
    yield Shot(name="session-walk-sides", path=f"session?session={walk}", act=_open_tab("Left and right"))
    yield Shot(name="session-unknown", path="session?session=999999")
    yield Shot(name="compare", path=f"compare?sessions={pair[0]}-{pair[1]}")
    yield Shot(name="compare-baseline", path=f"compare?session={pair[1]}")
    if _CLIPS.is_dir():
        yield Shot(name="analyse-waiting", path="", act=_wait_with_a_clip)
        yield Shot(name="analyse-running", path="", act=_analyse)
        yield Shot(name="live-running", path="live", act=_start_camera)


def _fill(store: SessionStore) -> list[Shot]:
    """Fill a store with the samples and years of somebody's sessions, and return its shots."""
    load_samples(store)
    samples = {header.file: header.id for header in store.sessions()}
    fill(store, _SESSIONS)
    walks = [header.id for header in store.sessions(person=_PERSON) if header.kind == "gait"]
    for number in walks[-_BASELINE:]:
        store.update_session(number, is_baseline=True)
    store.set_goal(_PERSON, metric="cadence", side=None, target=_GOAL_SPM, direction="at_least", due=None)
    return list(_shots(samples[_SAMPLE_WALK], samples[_SAMPLE_SQUATS], (walks[1], walks[0])))


def _take(browser: Browser, url: str, shot: Shot, out: Path, *, scheme: _Scheme, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": _HEIGHT}, color_scheme=scheme)
    page.goto(f"{url}/{shot.path}")
    settled(page, timeout_s=60)
    shot.act(page)
    page.wait_for_timeout(500)
    page.set_viewport_size({"width": width, "height": min(int(page.evaluate(_SCROLLED)) + 80, _HEIGHT_MAX)})
    page.wait_for_timeout(800)
    page.screenshot(path=out)
    _end(page)
    page.close()


def _empty(folder: Path) -> None:
    """Erase everybody from a data folder."""
    with closing(open_store(f"sqlite:///{folder / 'gaitlab.db'}")) as store:
        for person in store.people():
            store.erase_person(person.name)


def _take_in_all_looks(browser: Browser, app: ServedApp, shot: Shot, out: Path) -> None:
    for scheme in _SCHEMES:
        for size, width in _WIDTHS.items():
            _take(browser, app.url, shot, out / f"{shot.name}-{scheme}-{size}.png", scheme=scheme, width=width)
            if not shot.filled:
                _empty(app.data_dir)


def _move(page: Page) -> None:
    move = "(slider, time_s) => { slider.value = time_s; slider.dispatchEvent(new Event('input')); }"
    page.get_by_role("slider", name="Moment").evaluate(move, _DOCS_MOMENT_S)


def _docs_shots(store: SessionStore) -> Iterator[Shot]:
    samples = {header.file: header for header in store.sessions()}
    visits = [header for header in store.sessions() if header.person == samples[_SAMPLE_VISIT].person]
    person = store.person(samples[_SAMPLE_VISIT].person).id
    yield Shot(name="report", path=f"session?session={samples[_SAMPLE_SQUATS].id}", act=_move)
    yield Shot(name="person", path=f"history?person={person}")
    yield Shot(name="compare", path=f"compare?sessions={visits[-1].id}-{visits[0].id}")
    yield Shot(name="tour", path="", act=_take_the_tour(1), filled=False)


def _take_for_docs(browser: Browser, url: str, shot: Shot, out: Path) -> None:
    viewport: ViewportSize = {"width": _DOCS_WIDTH, "height": _DOCS_HEIGHTS[shot.name]}
    page = browser.new_page(viewport=viewport, color_scheme="light", reduced_motion="reduce")
    page.goto(f"{url}/{shot.path}")
    settled(page, timeout_s=60)
    shot.act(page)
    page.wait_for_timeout(2000)
    page.screenshot(path=out / f"{shot.name}.png")
    page.close()


def _print_for_docs(store: SessionStore, folder: Path, out: Path) -> None:
    """Write the first page of the one-page report of a sample as a picture."""
    number = next(header.id for header in store.sessions() if header.file == _SAMPLE_VISIT)
    page = hand_out(store, number, "one-page", folder / "page.pdf", wishes=Wishes(question=_QUESTION))
    with closing(pypdfium2.PdfDocument(page)) as document:
        document[0].render(scale=_PAPER_SCALE).to_pil().save(out / "one-page.png", optimize=True)


@contextmanager
def _browser(playwright: Playwright, program: str, folder: Path) -> Iterator[Browser]:
    """Start Chromium; with a film of squats for a camera, where there is one."""
    if _CLIPS.is_dir():
        film = folder / "squats.mjpeg"
        film_for_camera(_SQUATS, film, wh=(640, 360), from_s=_CAMERA_S[0], to_s=_CAMERA_S[1], still_s=_STILL_S)
        browser = browser_with_camera(playwright, Path(program), film)
    else:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
    with browser:
        yield browser


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="", help="pictures whose name begins so")
    parser.add_argument("--docs", type=Path, help="take nothing but the pictures of the documentation, to this folder")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Take all pictures; return the exit code."""
    args = _arguments(argv)
    out: Path = args.out
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        print("no Chromium on this machine", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folders = {filled: Path(name) / ("filled" if filled else "empty") for filled in (False, True)}
        for folder in folders.values():
            (folder / "data").mkdir(parents=True)
        store = open_store(f"sqlite:///{folders[True] / 'data' / 'gaitlab.db'}")
        if args.docs:
            load_samples(store)
            shots = list(_docs_shots(store))
            _print_for_docs(store, Path(name), args.docs)
        else:
            shots = _fill(store)
        store.close()
        with (
            serving(folders[False]) as empty,
            serving(folders[True]) as filled,
            _browser(playwright, program, Path(name)) as browser,
        ):
            if args.docs:
                for shot in shots:
                    _take_for_docs(browser, (filled if shot.filled else empty).url, shot, args.docs)
                return 0
            out.mkdir(parents=True, exist_ok=True)
            for shot in (one for one in shots if one.name.startswith(args.only)):
                _take_in_all_looks(browser, filled if shot.filled else empty, shot, out)
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
