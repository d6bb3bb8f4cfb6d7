"""How steadily the player draws: a walk of ten minutes with its clip, played and scrubbed in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from playwright.sync_api import Browser

from benchmarks.long import walk
from benchmarks.results import markdown_table, missed_words
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, Frame, Picture, SourceInfo
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import SessionStore
from gaitlab.video.overlay import write_overlay
from tests.browser.conftest import settled, wait_until
from tests.builders import IMAGE_WH

__all__ = ["LONG_AGO", "Pace", "long_walk", "long_walk_with_clip", "pace_of_player", "pace_table"]

_MINUTES: Final = 10
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)  # so that the newest sessions are usual ones
_WH: Final = (640, 360)
_FOR_S: Final = 5.0
_LEAST_PER_S: Final = 25.0  # asked for: issue "The app"
_CLIP: Final = ".player .stage video"
_HOW: Final = ("played", "scrubbed")

# Counts the refreshes of the screen at which the player shows another moment, and the pictures that the clip brings.
_COUNT: Final = """async ([player, video, slider, how, seconds]) => {
    let drawn = 0, pictures = 0, longest = 0, shown = player.dataset.timeS, at = Number(slider.value);
    const picture = () => { pictures += 1; video.requestVideoFrameCallback(picture); };
    video.requestVideoFrameCallback(picture);
    const from = performance.now();
    let before = from;
    while (performance.now() - from < 1000 * seconds) {
        if (how === "scrubbed") {
            at += 0.5;
            slider.value = at;
            slider.dispatchEvent(new Event("input"));
        }
        const now = await new Promise(requestAnimationFrame);
        if (player.dataset.timeS !== shown) {
            shown = player.dataset.timeS;
            drawn += 1;
            longest = Math.max(longest, now - before);
            before = now;
        }
    }
    const passed = (performance.now() - from) / 1000;
    return [drawn / passed, pictures / passed, longest];
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a player draws.

    Attributes
    ----------
    drawn_per_s : float
        Refreshes of the screen per second at which it shows another moment than before: cursor, numbers, tile.
    pictures_per_s : float
        Pictures of the clip per second.
    longest_ms : float
        The longest time between two moments shown.
    """

    drawn_per_s: float
    pictures_per_s: float
    longest_ms: float


def _long_walk(minutes: float) -> Analysis:
    """Return the analysis of somebody who walks in place for so long, seen from the side."""
    track = walk(minutes)
    track = replace(track, xy_px=track.xy_px * (_WH[1] / IMAGE_WH[1]), image_wh=_WH)
    source = SourceInfo(file=f"{minutes:g} min", frames=len(track), duration_s=None, fps_mean=None, sha256="1" * 64)
    return analyse_track(track, AnalysisSettings(activity="gait", treadmill_mps=1.2), source=source)


def long_walk(store: SessionStore, minutes: float) -> int:
    """Save a walk without its clip, and return its number."""
    return store.save(_long_walk(minutes), person="Zoe", recorded_at=LONG_AGO)


def long_walk_with_clip(store: SessionStore, folder: Path) -> int:
    """Save a walk of ten minutes with its clip, and return its number."""
    analysis = _long_walk(_MINUTES)
    track = analysis.track_raw
    gray = Picture.of_rgb(np.full((_WH[1], _WH[0], 3), 90, dtype=np.uint8))
    pictures = (Frame(index=i, time_s=float(t), picture=gray) for i, t in enumerate(track.time_s))
    clip = folder / "ten-minutes.mp4"
    write_overlay(pictures, track, clip)
    return store.save(analysis, person="Zoe", recorded_at=LONG_AGO, media={"overlay": clip})


def pace_of_player(browser: Browser, url: str, number: int) -> dict[str, Pace]:
    """Return how a player draws the clip of a session, played and scrubbed."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, base_url=url) as context:
        page = context.new_page()
        page.goto(f"/session?session={number}")
        settled(page)
        wait_until(page, _CLIP, "v => v.readyState >= 2")
        parts = [page.locator(selector).element_handle() for selector in (".player", _CLIP, ".player .moment")]
        found = {}
        for how in _HOW:
            if how == "played":
                player = page.get_by_role("group", name="Clip and curves")
                player.get_by_role("button", name="Play", exact=True).click()
            values = page.evaluate(_COUNT, [*parts, how, _FOR_S])
            found[how] = Pace(drawn_per_s=values[0], pictures_per_s=values[1], longest_ms=values[2])
        return found


def pace_table(rounds: Sequence[dict[str, Pace]]) -> str:
    """Return one row for playing and one for scrubbing, and whether the least pace was kept in the median."""
    rows = []
    for how in rounds[0]:
        paces = [one[how] for one in rounds]
        drawn, pictures = ([p.drawn_per_s for p in paces], [p.pictures_per_s for p in paces])
        longest = median(p.longest_ms for p in paces)
        rows.append(
            (how, f"{median(drawn):.0f} (lowest {min(drawn):.0f})", f"{median(pictures):.0f}", f"{longest:.0f}")
        )
    slow = [how for how in rounds[0] if median(one[how].drawn_per_s for one in rounds) < _LEAST_PER_S]
    verdict = f"Limit {_LEAST_PER_S:g} a second (median): {missed_words(slow, missed='missed when', kept='kept')}."
    header = ("player of ten minutes", "moments drawn a second", "pictures of the clip a second", "longest wait ms")
    return f"{markdown_table(header, rows)}\n\n{verdict}"
