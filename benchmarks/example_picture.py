"""The picture of an example result on the empty start page, drawn of a shipped sample.

    python -m benchmarks.example_picture

Writes `gaitlab/ui/analyse/example.svg`: the poses at the heel strikes of a walk, and the bend of both knees below them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

import gaitlab.ui
from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.motion.body_figure import body_figure
from gaitlab.records import Analysis, FloatArray
from gaitlab.records.skeleton import SIDE_COLORS, SIDES, Side

__all__ = ["example_svg"]

_SAMPLE: Final = "Walking past the camera"
_WIDTH, _FIGURES_HEIGHT, _CURVE_HEIGHT, _ROOM = 640.0, 190.0, 90.0, 12.0
_AROUND_S: Final = 0.4  # shown before the first heel strike and after the last
_GREY: Final = "#7A7A7A"  # readable on light and dark
_TARGET: Final = Path(gaitlab.ui.__file__).parent / "analyse" / "example.svg"


def _strikes(analysis: Analysis) -> list[tuple[float, Side]]:
    assert analysis.gait is not None
    return [(one.time_s, one.side) for one in analysis.gait.contacts if one.kind == "heel_strike"]


def _figure(pose: FloatArray) -> str:
    body = body_figure(pose)
    parts = [f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in body.trunk)}" fill="{_GREY}" opacity="0.5"/>']
    for (x0, y0), (x1, y1), side in body.bones:
        color = _GREY if side == "both" else SIDE_COLORS[side]
        parts.append(f'<path d="M{x0:.1f} {y0:.1f} L{x1:.1f} {y1:.1f}" stroke="{color}" stroke-width="4"/>')
    if body.head is not None:
        x, y, radius = body.head
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{_GREY}"/>')
    return "".join(parts)


def _figures(analysis: Analysis, x_of: FloatArray) -> str:
    """Draw the poses at the heel strikes side by side, each at its time."""
    track = analysis.track
    parts = []
    for time_s, _ in _strikes(analysis):
        pose = track.xy_px[int(np.argmin(np.abs(track.time_s - time_s)))]
        low, high = np.nanmin(pose, axis=0), np.nanmax(pose, axis=0)
        scale = (_FIGURES_HEIGHT - 4 * _ROOM) / (high[1] - low[1])
        middle = np.array([(low[0] + high[0]) / 2, high[1]])
        place = np.array([np.interp(time_s, track.time_s, x_of), _FIGURES_HEIGHT - _ROOM])
        parts.append(_figure((pose - middle) * scale + place))
    return "".join(parts)


def _curves(analysis: Analysis, x_of: FloatArray) -> str:
    parts = []
    top, bottom = _FIGURES_HEIGHT + 2 * _ROOM, _FIGURES_HEIGHT + 2 * _ROOM + _CURVE_HEIGHT
    curves = {side: analysis.angles.angle(f"{side}_knee") for side in SIDES}
    high = max(float(np.nanmax(deg)) for deg in curves.values())
    for side, deg in curves.items():
        y = bottom - np.clip(deg, 0.0, high) / high * _CURVE_HEIGHT
        known = np.isfinite(y) & (x_of >= _ROOM) & (x_of <= _WIDTH - _ROOM)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x_of[known], y[known], strict=True))
        parts.append(f'<polyline points="{points}" stroke="{SIDE_COLORS[side]}" stroke-width="2.5"/>')
    for time_s, leg in _strikes(analysis):
        x = float(np.interp(time_s, analysis.track.time_s, x_of))
        parts.append(
            f'<path d="M{x:.1f} {top - 8:.1f} V{bottom:.1f}" stroke="{SIDE_COLORS[leg]}" stroke-dasharray="2 4"/>'
        )
    parts.append(f'<path d="M{_ROOM} {bottom:.1f} H{_WIDTH - _ROOM}" stroke="{_GREY}"/>')
    return "".join(parts)


def example_svg() -> str:
    """Return the picture."""
    analysis = analyse_sample(next(one for one in samples() if one.title == _SAMPLE))
    strikes = [time_s for time_s, _ in _strikes(analysis)]
    first, last = strikes[0] - _AROUND_S, strikes[-1] + _AROUND_S
    x_of = _ROOM + (analysis.track.time_s - first) / (last - first) * (_WIDTH - 2 * _ROOM)
    height = _FIGURES_HEIGHT + _CURVE_HEIGHT + 3 * _ROOM
    shapes = _figures(analysis, x_of) + _curves(analysis, x_of)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}"><g fill="none" '
        f'stroke-linecap="round" stroke-linejoin="round">{shapes}</g></svg>\n'
    )


if __name__ == "__main__":
    _TARGET.write_text(example_svg(), encoding="utf-8")
