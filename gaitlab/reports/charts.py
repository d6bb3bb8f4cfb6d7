"""Charts for report files: curves over time, over the cycle, and numbers over sessions.

The charts of the pages answer to pointer and keyboard. Those of reports are plain shapes, because a report file should
be small, open anywhere and print sharply.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.records import Analysis, AngleSeries, FloatArray, Side
from gaitlab.records.skeleton import SIDE_COLORS, side_of_name
from gaitlab.reports.drawing import Anchor, Drawing, Line, Rect, Shape, Text

__all__ = ["GRAY", "INK", "SPAN_MIN_DEG", "Axes", "angle_limits", "curve_chart", "curve_place", "legend"]

#: Least height of an angle chart: smaller movements are within the error, and should not look large.
SPAN_MIN_DEG: Final = 30.0
INK: Final = "#333333"
GRAY: Final = "#767676"
_GRID: Final = "#dddddd"
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 8.0, 22.0, 30.0
_SHADE, _FAINT = 0.12, 0.06  # of the span of a repetition, and of a shallow one
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)
_TICKS: Final = 6
_HALF_LETTER: Final = 2.4  # half of the width of a letter of a tick, in points


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers from `low` to `high`, six at most."""
    raw = max(high - low, 1e-9) / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * s for s in _STEPS if power * s >= raw)
    return [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


@dataclass(frozen=True, slots=True)
class Axes:
    """The axes of a chart in points, with the ends of both: positions of values on the paper.

    `below` is the room for ticks and words below the axis.
    """

    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]
    below: float = _BOTTOM

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the place between the axes."""
        return _LEFT, _TOP, self.width - _RIGHT, self.height - self.below

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a value lies."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return (
            _LEFT + across * (self.width - _LEFT - _RIGHT),
            self.height - self.below - up * (self.height - _TOP - self.below),
        )

    def frame(
        self, x_label: str, y_label: str, *, x_ticks: Sequence[tuple[float, str]] | None = None
    ) -> Iterator[Shape]:
        """Yield lines and labels; `x_ticks` are values with their words, default: round numbers."""
        for value in _ticks(*self.y):
            start, end = self.at(self.x[0], value), self.at(self.x[1], value)
            yield Line(points=(start, end), color=_GRID, width=0.7)
            yield Text(x=start[0] - 4, y=start[1] + 3, text=f"{value:g}", color=GRAY, size=9, anchor="end")
        for value, words in x_ticks or [(value, f"{value:g}") for value in _ticks(*self.x)]:
            place = self.at(value, self.y[0])
            is_at_end = place[0] + _HALF_LETTER * len(words) > self.width
            anchor: Anchor = "end" if is_at_end else "middle"
            yield Text(x=place[0], y=place[1] + 12, text=words, color=GRAY, size=9, anchor=anchor)
        yield Text(x=self.width - _RIGHT, y=self.height - 5, text=x_label, color=GRAY, size=9, anchor="end")
        yield Text(x=2, y=12, text=y_label, color=GRAY, size=9)


def angle_limits(values: FloatArray) -> tuple[float, float]:
    """Return the ends of an axis of degrees that holds all values and is not too short."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    pad = max((SPAN_MIN_DEG - (high - low)) / 2, 0.05 * (high - low))
    return low - pad, high + pad


def _runs(axes: Axes, x: FloatArray, y: FloatArray) -> Iterator[tuple[tuple[float, float], ...]]:
    """Yield the stretches of a curve between its gaps."""
    known = np.isfinite(y)
    for part in np.split(np.arange(len(y)), np.flatnonzero(np.diff(known)) + 1):
        if len(part) > 1 and known[part[0]]:
            yield tuple(axes.at(float(x[i]), float(y[i])) for i in part)


def _events(analysis: Analysis, axes: Axes) -> Iterator[Shape]:
    """Yield heel strikes as short strokes at the foot of the chart, and repetitions as numbered spans.

    Shallow ones are fainter, their number in brackets.
    """
    bottom, top = axes.at(axes.x[0], axes.y[0])[1], _TOP
    for rep in analysis.exercise.repetitions if analysis.exercise else ():
        left, right = axes.at(rep.start_s, 0)[0], axes.at(rep.end_s, 0)[0]
        color = SIDE_COLORS[rep.side]
        opacity = _FAINT if rep.is_shallow else _SHADE
        yield Rect(x=left, y=top, width=right - left, height=bottom - top, color=color, opacity=opacity)
        number = f"({rep.index})" if rep.is_shallow else str(rep.index)
        yield Text(x=(left + right) / 2, y=top + 10, text=number, color=INK, size=9, anchor="middle")
    for contact in analysis.gait.contacts if analysis.gait else ():
        if contact.kind == "heel_strike":
            x = axes.at(contact.time_s, 0)[0]
            yield Line(points=((x, bottom), (x, bottom - 9)), color=SIDE_COLORS[contact.side], width=2)


def legend(sides: Iterable[Side], width: float) -> Iterator[Shape]:
    """Yield the names of sides in the upper right corner, each beside its line."""
    x = width - _RIGHT
    for side in sorted(set(sides), reverse=True):
        yield Text(x=x, y=12, text=side, color=INK, size=9, anchor="end")
        x -= 6 + 4.4 * len(side)
        yield Line(points=((x - 16, 9), (x - 3, 9)), color=SIDE_COLORS[side], dashed=side == "right")
        x -= 26


def curve_place(width: float, height: float) -> dict[str, float]:
    """Return where the curve of a chart begins and ends, as parts of its width."""
    left, _, right, _ = Axes(width, height, (0.0, 1.0), (0.0, 1.0)).edges
    return {"left": left / width, "right": right / width}


def curve_chart(
    analysis: Analysis, names: Sequence[str], *, title: str, width: float = 520, height: float = 190
) -> Drawing | None:
    """Draw angles over time, left solid and right dashed, with repetitions or heel strikes.

    Parameters
    ----------
    analysis : Analysis
    names : sequence of str
        Of its angles.
    title : str
        Description for screen readers.
    width, height : float
        In points.

    Returns
    -------
    Drawing or None
        None when none of the angles is known anywhere.
    """
    angles: AngleSeries = analysis.angles
    deg = np.array([angles.angle(name) for name in names])
    if len(angles.time_s) < 2 or not np.isfinite(deg).any():
        return None
    axes = Axes(width, height, (float(angles.time_s[0]), float(angles.time_s[-1])), angle_limits(deg))
    shapes: list[Shape] = [
        *_events(analysis, axes),
        *axes.frame("time (s)", "angle (°)"),
        *legend(map(side_of_name, names), width),
    ]
    for name, values in zip(names, deg, strict=True):
        color, dashed = SIDE_COLORS[side_of_name(name)], side_of_name(name) == "right"
        shapes += [Line(points=run, color=color, dashed=dashed) for run in _runs(axes, angles.time_s, values)]
    return Drawing(width=width, height=height, title=title, shapes=tuple(shapes))
