"""Small pictures for rows of lists: a session as the figure of a body, and a number over sessions as a line."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np
import streamlit as st

from gaitlab.errors import GaitLabError
from gaitlab.motion.body_figure import body_figure
from gaitlab.paths import data_dir
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import SIDE_COLORS, Keypoint
from gaitlab.ui.resources import store

__all__ = ["figure_svg", "forget_figures", "session_figure", "spark_svg", "telling_pose"]

_FIGURE_WH: Final = (36.0, 44.0)
_SPARK_WH: Final = (120.0, 28.0)
_ROOM: Final = 3.0
_GREY: Final = "#808080"  # visible on dark and light
_KEPT_MAX: Final = 1000  # pictures of some 2 kB each
#: Joints of a body that can be told from its figure.
_BODY: Final = [int(k) for k in Keypoint if k >= Keypoint.LEFT_SHOULDER]


@st.cache_resource(show_spinner=False)
def _drawn_in(_folder: str) -> dict[int, str]:
    """Return the pictures drawn so far, by session; numbers of sessions are never used again."""
    return {}


def session_figure(session_id: int, title: str) -> str:
    """Return the figure of a session as SVG, drawn once; an empty picture where nobody was seen well enough."""
    drawn = _drawn_in(str(data_dir()))
    figure = drawn.get(session_id)
    if figure is None:
        if len(drawn) >= _KEPT_MAX:
            drawn.clear()
        try:
            pose = telling_pose(store().raw_track(session_id), store().moments(session_id))
        except GaitLabError:  # a damaged session must not hide the others of its list
            return _picture("", _FIGURE_WH, title)
        figure = "" if pose is None else figure_svg(pose)
        drawn[session_id] = figure
    return _picture(figure, _FIGURE_WH, title)


def forget_figures() -> None:
    """Forget all figures drawn so far, as when somebody is erased."""
    _drawn_in(str(data_dir())).clear()


def telling_pose(track: PoseTrack, moments: Sequence[float]) -> FloatArray | None:
    """Return the pose that shows a movement best: of its heel strikes or turning points, the one seen best.

    Parameters
    ----------
    track : PoseTrack
    moments : sequence of float
        In seconds, as the times of the track; without any, all frames are looked at.

    Returns
    -------
    ndarray, shape (17, 2) or with feet (21, 2), or None
        In pixels; None where no frame shows shoulders, hips, knees and ankles.
    """
    if not len(track):
        return None
    at = np.unique(np.searchsorted(track.time_s, moments).clip(0, len(track) - 1)) if moments else np.arange(len(track))
    scores = np.where(np.isfinite(track.xy_px).all(axis=2), track.score, 0.0)[at][:, _BODY].min(axis=1)
    best = int(np.argmax(scores))
    return track.drawn_px(int(at[best])) if scores[best] > 0.0 else None


def figure_svg(pose: FloatArray, *, wh: tuple[float, float] = _FIGURE_WH) -> str:
    """Return the shapes of a pose, fitted into a width and a height, as the inside of an SVG element.

    Parameters
    ----------
    pose : ndarray, shape (17, 2) or with feet (21, 2)
        NaN = unknown.
    wh : tuple of float
    """
    body = body_figure(pose)
    points = [point for bone in body.bones for point in bone[:2]] + list(body.trunk)
    if body.head is not None:
        x, y, radius = body.head
        points += [(x - radius, y - radius), (x + radius, y + radius)]
    low, high = np.min(points, axis=0), np.max(points, axis=0)
    inside = np.array(wh) - 2 * _ROOM
    scale = float((inside / np.maximum(high - low, 1e-6)).min())
    shift = _ROOM + (inside - (high - low) * scale) / 2 - low * scale

    def place(point: tuple[float, float]) -> str:
        x, y = np.array(point) * scale + shift
        return f"{x:.1f},{y:.1f}"

    parts = [f'<polygon points="{" ".join(place(p) for p in body.trunk)}" fill="{_GREY}" fill-opacity="0.55"/>']
    for one, other, side in body.bones:
        color = _GREY if side == "both" else SIDE_COLORS[side]
        parts.append(f'<polyline points="{place(one)} {place(other)}" stroke="{color}" stroke-width="2.6"/>')
    if body.head is not None:
        across, down = place(body.head[:2]).split(",")
        parts.append(f'<circle cx="{across}" cy="{down}" r="{body.head[2] * scale:.1f}" fill="{_GREY}"/>')
    return f'<g fill="none" stroke-linecap="round">{"".join(parts)}</g>'


def spark_svg(values: Sequence[float], title: str) -> str:
    """Return values in their order as a small line that ends in a dot; an empty picture for less than two."""
    if len(values) < 2:
        return _picture("", _SPARK_WH, title)
    width, height = _SPARK_WH
    low, high = min(values), max(values)
    x = np.linspace(_ROOM, width - _ROOM, len(values))
    share = (np.array(values) - low) / (high - low) if high > low else np.full(len(values), 0.5)
    y = height - _ROOM - share * (height - 2 * _ROOM)
    line = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    color = SIDE_COLORS["both"]
    return _picture(
        f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="1.5" stroke-linejoin="round"/>'
        f'<circle cx="{x[-1]:.1f}" cy="{y[-1]:.1f}" r="2.6" fill="{color}"/>',
        _SPARK_WH,
        title,
    )


def _picture(inside: str, wh: tuple[float, float], title: str) -> str:
    """Return shapes as a picture; pages take out SVG elements themselves."""
    width, height = wh
    size = f'width="{width:g}" height="{height:g}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width:g} {height:g}">{inside}</svg>'
    address = b64encode(svg.encode()).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{address}" alt="{escape(title)}" {size} style="display:block">'
