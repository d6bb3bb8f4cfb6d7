"""A scale from a known length: two points clicked on the clip's still, or typed, and their distance."""

from __future__ import annotations

import base64
from typing import Any, Final

import numpy as np
import streamlit as st

from gaitlab.settings import ScaleLine
from gaitlab.ui.analyse.first_look import Preview
from gaitlab.ui.shared.component_script import component_script
from gaitlab.ui.shared.help_texts import SCALE_HELP

__all__ = ["ask_scale", "place_point"]

_STILL_KEY, _LENGTH_KEY = "scale-still", "scale-length"
_FIELDS: Final = (
    ("scale-x1", "First point, x (px)"),
    ("scale-y1", "First point, y (px)"),
    ("scale-x2", "Second point, x (px)"),
    ("scale-y2", "Second point, y (px)"),
)
_KEYS: Final = tuple(key for key, _ in _FIELDS)
_STILL_WIDTH = 576
_HTML: Final = '<div class="still"><img draggable="false"><svg aria-hidden="true"></svg></div>'
_CSS: Final = """
.still { position: relative; line-height: 0 }
img { width: 100%; cursor: crosshair; touch-action: manipulation }
svg { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none }
"""

Point = tuple[float, float]


def ask_scale(preview: Preview | None) -> ScaleLine | None:
    """Offer to set a scale on the still of the chosen clip and return it; None while it is not set.

    Raises
    ------
    UsageError
        When the points are too close to each other, or the length is not positive.
    """
    if preview is None:
        for key in (*_KEYS, _LENGTH_KEY):
            st.session_state.pop(key, None)
        return None
    with st.expander("Scale: step length and speed in metres", icon=":material/straighten:"):
        st.caption(SCALE_HELP)
        with st.container(horizontal=True, gap="medium"):
            with st.container(width=_STILL_WIDTH):
                _still(preview)
            with st.container(width=280):
                for (key, label), limit in zip(_FIELDS, preview.image_wh * 2, strict=True):
                    st.number_input(label, 0.0, float(limit), None, 1.0, format="%.0f", key=key)
                length_m = st.number_input("Distance between them (m)", 0.05, 100.0, None, 0.05, key=_LENGTH_KEY)
        values = [st.session_state[key] for key in _KEYS]
        if None in values or length_m is None:
            return None
        x1, y1, x2, y2 = values
        line = ScaleLine(points_px=(x1, y1, x2, y2), length_m=length_m)
        st.caption(f"{line.distance_px:.0f} px are {line.length_m:g} m: {line.px_per_m:.0f} px a metre.")
        return line


def _still(preview: Preview) -> None:
    # Registered on every run, as Streamlit does not keep it over a restart of its runtime.
    still = st.components.v2.component(
        "gaitlab.two_points",
        html=_HTML,
        css=_CSS,
        js=component_script("analyse/two_points.js"),
    )
    wide, high = preview.image_wh
    still(
        key=_STILL_KEY,
        data={
            "picture": f"data:image/jpeg;base64,{base64.b64encode(preview.jpeg).decode()}",
            "alt": "Picture of the clip: click two points whose distance you know, or type them beside it",
            "wide": wide,
            "high": high,
            "points": [list(point) for point in _points()],
        },
        on_placed_change=_take_click,
    )


def _points() -> list[Point]:
    """Return the points set so far."""
    values = [st.session_state.get(key) for key in _KEYS]
    return [(x, y) for x, y in (values[:2], values[2:]) if x is not None and y is not None]


def _take_click() -> None:
    """Put the point just clicked into the number fields."""
    placed: dict[str, Any] | None = st.session_state[_STILL_KEY].placed
    if placed is None:
        return
    points = place_point(_points(), (float(placed["x"]), float(placed["y"])))
    for key, value in zip(_KEYS, np.ravel(points).tolist(), strict=False):
        st.session_state[key] = max(0.0, round(value))


def place_point(points: list[Point], clicked: Point) -> list[Point]:
    """Return at most two points: a click adds a point, or moves the nearer of two points."""
    if len(points) < 2:
        return [*points, clicked]
    away = [np.hypot(x - clicked[0], y - clicked[1]) for x, y in points]
    nearer = int(np.argmin(away))
    return [clicked if number == nearer else point for number, point in enumerate(points)]
