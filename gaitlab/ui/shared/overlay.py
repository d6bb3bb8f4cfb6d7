"""Movements in phase, one over the other, as a Streamlit component: `overlay.html`, `.css` and the scripts beside it.

Two sessions on the page Compare, or the mean stride of a session over that of a norm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final, Literal

import numpy as np
import streamlit as st

from gaitlab.gait.mean_walk import MeanWalk, walking_figure
from gaitlab.motion.body_figure import FIGURE_PLAN
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import SIDE_COLORS, SIDES, OneSide, Side
from gaitlab.reports.charts import SPAN_MIN_DEG
from gaitlab.ui.shared.component_script import component_script
from gaitlab.ui.shared.packed import packed

__all__ = ["ClipPlace", "Curve", "Cycle", "Kind", "Line", "Take", "overlay", "overlay_data"]

#: What is shown: the clips, the figures of one stride or repetition, or the mean strides as figures that walk.
Kind = Literal["clip", "figure", "walk"]

_HERE = files("gaitlab.ui.shared")
_COLORS: Final = "".join(f"--{side}: {color};" for side, color in SIDE_COLORS.items())
_PER_HEIGHT: Final = 1000.0  # parts of a body height that are told apart, as in `overlay_data.js`
_ROOM: Final = 0.1  # of a body height, round the keypoints: a head is larger than its points
_LABELS: Final[Mapping[Kind, str]] = {"clip": "Clips", "figure": "Figures", "walk": "Mean strides"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipPlace:
    """Where a person is in the clip: the middle of the hips at the start and the end of a movement, and the scale.

    `px_per_height` are pixels per body height; `is_mirrored` says that the person faces left.
    """

    start_px: tuple[float, float]
    end_px: tuple[float, float]
    px_per_height: float
    is_mirrored: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cycle:
    """One stride or repetition of a session.

    Attributes
    ----------
    title : str
        Which one it is, and how long it takes.
    events_s : tuple of float
        Start and end, or start, turning point and end, in the time of the clip's file.
    xy : ndarray, shape (101, 17, 2)
        Its poses in phase, in body heights, the hips at 0 in the mean, seen from the side facing right; NaN = unknown.
    place : ClipPlace
    """

    title: str
    events_s: tuple[float, ...]
    xy: FloatArray
    place: ClipPlace


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Take:
    """A session, or a norm.

    Attributes
    ----------
    label : str
    cycles : mapping of side to Cycle
        By the side that begins the stride, or does the repetition.
    walk : MeanWalk, optional
    src : str, optional
        Address of its clip.
    image_wh : tuple of int, optional
        Size of the clip's picture.
    """

    label: str
    cycles: Mapping[Side, Cycle] = field(default_factory=dict)
    walk: MeanWalk | None = None
    src: str | None = None
    image_wh: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """A mean curve of the take of that number: `n` strides or repetitions, mean and SD of shape (101,) in degrees."""

    take: int
    n: int
    mean_deg: FloatArray
    sd_deg: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """The mean curves of one angle; `said` is a sentence on what changed, `is_chosen` that it is shown at first."""

    joint: str
    label: str
    side: Side
    lines: tuple[Line, ...]
    said: str = ""
    is_chosen: bool = False


def overlay_data(
    takes: Sequence[Take],
    *,
    label: str,
    version: str,
    whole: str,
    is_cycle: bool,
    lap_s: float,
    kinds: Sequence[Kind],
    curves: Sequence[Curve] = (),
    pair: Sequence[int] = (0, 1),
    mixes: bool = True,
    hint: str = "",
) -> dict[str, Any]:
    """Return the data of the component as JSON values.

    Parameters
    ----------
    takes : sequence of Take
        The earliest first; more than two are shown as small multiples, too.
    label : str
        What is shown, for a screen reader.
    version : str
        A new version makes the component redraw everything.
    whole : str
        What 0 to 100 % are: "gait cycle" or "repetition".
    is_cycle : bool
        Whether its end is its beginning.
    lap_s : float
        How long a mean stride takes.
    kinds : sequence of Kind
        What can be shown; the first is shown at first.
    curves : sequence of Curve
    pair : sequence of int
        The takes that lie over one another: of two the first as a grey ghost.
    mixes : bool
        Whether one of the pair can be faded out.
    hint : str
    """
    walks = [_walks(take) for take in takes]
    shown = [cycle.xy for take in takes for cycle in take.cycles.values()] + [
        xy for own in walks for xy in own.values()
    ]
    return {
        "version": version,
        "label": label,
        "whole": whole,
        "is_cycle": is_cycle,
        "lap_s": lap_s,
        "window": _window(shown),
        "plan": FIGURE_PLAN,
        "span_min_deg": SPAN_MIN_DEG,
        "kinds": [{"kind": kind, "label": _LABELS[kind]} for kind in kinds],
        "sides": _sides([takes[i] for i in pair], [walks[i] for i in pair]),
        "pair": list(pair),
        "mixes": mixes,
        "takes": [_take(take, own) for take, own in zip(takes, walks, strict=True)],
        "curves": [_curve(curve) for curve in curves],
        "bars": {lead: _bars([takes[i] for i in pair], lead, of_both_feet=not mixes) for lead in SIDES},
        "hint": hint,
    }


def _walks(take: Take) -> dict[OneSide, FloatArray]:
    return {} if take.walk is None else {side: walking_figure(take.walk, of=side) for side in SIDES}


def _sides(takes: Sequence[Take], walks: Sequence[Mapping[OneSide, FloatArray]]) -> list[str]:
    """Return the sides of which all have a movement; without movements those of their mean strides."""
    own: list[set[str]] = [set(take.cycles or walked) for take, walked in zip(takes, walks, strict=True)]
    return sorted(set.intersection(*own)) or ["both"]


def _window(shown: Sequence[FloatArray]) -> list[float]:
    """Return left, top, right and bottom of all figures, in body heights."""
    points = np.concatenate([xy.reshape(-1, 2) for xy in shown])
    known = points[np.isfinite(points).all(axis=1)]
    low, high = known.min(axis=0) - _ROOM, known.max(axis=0) + _ROOM
    return [round(float(value), 3) for value in (*low, *high)]


def _take(take: Take, walks: Mapping[OneSide, FloatArray]) -> dict[str, Any]:
    return {
        "label": take.label,
        "src": take.src,
        "image_wh": take.image_wh,
        "cycles": {side: _cycle(cycle) for side, cycle in take.cycles.items()},
        "walks": {side: packed(xy, _PER_HEIGHT) for side, xy in walks.items()},
    }


def _cycle(cycle: Cycle) -> dict[str, Any]:
    place = cycle.place
    return {
        "title": cycle.title,
        "events_s": [round(time_s, 4) for time_s in cycle.events_s],
        "poses": packed(cycle.xy, _PER_HEIGHT),
        "place": {
            "from_px": place.start_px,
            "to_px": place.end_px,
            "px_per_unit": place.px_per_height,
            "mirrored": place.is_mirrored,
        },
    }


def _curve(curve: Curve) -> dict[str, Any]:
    lines = [
        {"take": one.take, "n": one.n, "mean": one.mean_deg.round(1).tolist(), "sd": one.sd_deg.round(1).tolist()}
        for one in curve.lines
    ]
    return {
        "joint": curve.joint,
        "label": curve.label,
        "side": curve.side,
        "said": curve.said,
        "chosen": curve.is_chosen,
        "lines": lines,
    }


def _bars(takes: Sequence[Take], lead: OneSide, *, of_both_feet: bool) -> list[dict[str, Any]]:
    """Return when feet are on the ground over the cycle of one leg: the foot of that leg, or both feet."""
    return [
        {
            "label": f"{f'{side} foot'.capitalize() if of_both_feet else take.label}: on the ground "
            f"{100 * take.walk.stance[side]:.0f} %",
            "tone": side if of_both_feet or number else "ghost",
            "spans": _spans(take.walk.lag(side, lead), take.walk.stance[side]),
        }
        for number, take in enumerate(takes)
        if take.walk is not None
        for side in (SIDES if of_both_feet else (lead,))
        if side in take.walk.stance
    ]


def _spans(start: float, share: float) -> list[tuple[float, float]]:
    """Return a stretch of a cycle, in two parts where it goes on in the next one."""
    end = start + share
    return [(start, end)] if end <= 1.0 else [(start, 1.0), (0.0, end - 1.0)]


def overlay(data: Mapping[str, Any], *, key: str) -> None:
    """Show movements one over the other; `data` is that of `overlay_data`."""
    # Registered on every run, as Streamlit does not keep it over a restart of its runtime; the same again is no change.
    component = st.components.v2.component(
        "gaitlab.overlay",
        html=_HERE.joinpath("overlay.html").read_text(encoding="utf-8"),
        css=f".overlay {{ {_COLORS} }}\n{_HERE.joinpath('overlay.css').read_text(encoding='utf-8')}",
        js=component_script("shared/overlay.js"),
    )
    component(key=key, data=dict(data))
