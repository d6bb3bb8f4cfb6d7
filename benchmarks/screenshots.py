"""Pictures of every page with the sample sessions, light and dark, on a wide screen and on a phone.

    python -m benchmarks.screenshots [--out screenshots]

For looking at: what overlaps, what is cut off, what cannot be read. Nothing in the folder is kept in git.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

from gaitlab.samples import load_samples
from gaitlab.storage import open_store
from tests.browser.conftest import CHROMIUM_FLAGS, serving, settled
from tests.conftest import BROWSERS

_SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
_WIDTHS: Final = {"wide": 1280, "phone": 390}
_HEIGHT_MAX: Final = 6000
_SCROLLED: Final = "() => document.querySelector('[data-testid=stMain]').scrollHeight"


def _pages(database: Path) -> dict[str, str]:
    """Fill a store with the samples and return name → address of every page."""
    store = open_store(f"sqlite:///{database}")
    load_samples(store)
    sessions = {header.kind: header.id for header in store.sessions()}
    store.close()
    reports = {f"session-{kind}": f"session?session={number}" for kind, number in sessions.items()}
    others = ("live", "history", "compare", "people", "settings")
    return {"analyse": "", **reports, **{name: name for name in others}}


def _take(browser: Browser, url: str, out: Path, *, scheme: Literal["light", "dark"], width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(url)
    settled(page, timeout_s=60)
    page.set_viewport_size({"width": width, "height": min(int(page.evaluate(_SCROLLED)) + 80, _HEIGHT_MAX)})
    page.wait_for_timeout(800)
    page.screenshot(path=out)
    page.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Take all pictures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    out: Path = parser.parse_args(argv).out
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        print("no Chromium on this machine", file=sys.stderr)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (Path(folder) / "data").mkdir()
        pages = _pages(Path(folder) / "data" / "gaitlab.db")
        with serving(Path(folder)) as app:
            browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
            for name, path in pages.items():
                for scheme in _SCHEMES:
                    for size, width in _WIDTHS.items():
                        _take(
                            browser,
                            f"{app.url}/{path}",
                            out / f"{name}-{scheme}-{size}.png",
                            scheme=scheme,
                            width=width,
                        )
            browser.close()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
