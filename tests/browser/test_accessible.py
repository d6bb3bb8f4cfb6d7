"""No barrier that axe-core calls serious or critical on any page, light and dark; the keyboard works the player."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from gaitlab.samples import load_samples
from gaitlab.storage import open_store
from tests.browser.conftest import REPO, ServedApp, serving, settled

pytestmark = pytest.mark.browser

AXE = REPO / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("", "live", "session?session={walk}", "session?session={squat}", "history", "compare", "people", "settings")
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe-core is not on this machine; `make axe` fetches it from npm")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedApp, dict[str, int]]]:
    """Serve the app with the sample sessions in it; with the number of one walk and one set of squats."""
    folder: Path = tmp_path_factory.mktemp("samples")
    (folder / "data").mkdir()
    store = open_store(f"sqlite:///{folder / 'data' / 'gaitlab.db'}")
    load_samples(store)
    headers = store.sessions()
    numbers = {
        "walk": next(header.id for header in headers if header.kind == "gait"),
        "squat": next(header.id for header in headers if header.kind == "squat"),
    }
    store.close()
    with serving(folder) as app:
        yield app, numbers


def opened(browser: Browser, url: str, scheme: Scheme) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme).new_page()
    page.goto(url)
    settled(page)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(
    path: str, scheme: Scheme, browser: Browser, samples: tuple[ServedApp, dict[str, int]], axe: str
) -> None:
    app, numbers = samples
    page = opened(browser, f"{app.url}/{path.format(**numbers)}", scheme)
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")["violations"]
    page.context.close()
    grave = [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
    assert grave == []


def test_the_keyboard_alone_reaches_and_works_the_player(
    browser: Browser, samples: tuple[ServedApp, dict[str, int]]
) -> None:
    app, numbers = samples
    page = opened(browser, f"{app.url}/session?session={numbers['squat']}", "light")
    page.get_by_role("slider", name="Moment").focus()
    page.keyboard.press("End")
    last_s = float(page.locator(".player").get_attribute("data-time-s") or "nan")
    page.keyboard.press("Home")
    assert float(page.locator(".player").get_attribute("data-time-s") or "nan") < last_s
    page.context.close()
