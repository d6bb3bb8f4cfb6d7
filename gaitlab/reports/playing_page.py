"""One HTML file that plays: the clip or the drawn figure, the curve in step with it, and comments pinned to moments.

It is made to be sent and opened from disk: everything is in the file, and its policy forbids the browser any request.
The only script is `playing.js` beside this file; the curve and the words are drawn here.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from gaitlab.errors import UsageError
from gaitlab.limits import PLAYED_CLIP_MAX_BYTES
from gaitlab.metrics.words import angle_label
from gaitlab.motion.body_figure import body_figure
from gaitlab.records import Analysis, FloatArray, PoseTrack
from gaitlab.records.skeleton import SIDE_COLORS, Side, side_of_name
from gaitlab.reports.charts import curve_chart, curve_place
from gaitlab.reports.document import NO_DEVICE, About, document_of
from gaitlab.reports.drawing import to_svg
from gaitlab.reports.key_moments import front_words, main_angles, main_joint
from gaitlab.reports.wishes import Comment

__all__ = ["check_moments", "playing_page"]

#: Of a longer clip fewer figures and values are in the file.
_ROWS_MAX: Final = 20_000
_FIGURE_SIDE: Final = 400.0
_ROOM: Final = 0.08
_MOMENT_ROOM_S: Final = 0.005  # the player shows moments with two decimals
_CHART: Final = (560.0, 210.0)
_HERE: Final = files("gaitlab.reports")


def playing_page(
    analysis: Analysis, about: About | None = None, *, clip: Path | None = None, comments: Sequence[Comment] = ()
) -> str:
    """Return the text of one HTML file that plays a session; its words are escaped, so markup in them has no effect.

    Parameters
    ----------
    analysis : Analysis
    about : About, optional
        Default: no person, in metric units.
    clip : Path, optional
        The clip with the skeleton, H.264 in MP4, as it may be shown; default: the drawn figure moves.
    comments : sequence of Comment
        In any order.

    Raises
    ------
    UsageError
        When the clip is larger than a page that is sent may be, or a comment is pinned to no moment of the clip.
    """
    check_moments(analysis, comments)
    document = document_of(analysis, about, with_drawings=False)
    names = main_angles(analysis)
    label, seen = angle_label(main_joint(analysis)), front_words(analysis)
    chart = curve_chart(analysis, names, title=f"{label} angle over time{seen}", width=_CHART[0], height=_CHART[1])
    script, style = (_HERE.joinpath(f"playing.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    return _template().render(
        document=document,
        label=label,
        seen=seen,
        clip=None if clip is None else _as_address(clip),
        chart=None if chart is None else Markup(to_svg(chart)),
        colors=SIDE_COLORS,
        side=_FIGURE_SIDE,
        marks=tuple(_marks(analysis)),
        comments=sorted(comments, key=lambda one: one.time_s),
        data=Markup(_in_script(_data(analysis, names, with_figure=clip is None))),
        script=Markup(script),
        style=Markup(style),
        policy=f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; media-src data:; "
        "base-uri 'none'; form-action 'none'",
        no_device=NO_DEVICE,
    )


def check_moments(analysis: Analysis, comments: Sequence[Comment]) -> None:
    """Refuse a comment whose moment lies outside of the clip by more than the player rounds it."""
    time_s = analysis.track.time_s
    first_s, last_s = (float(time_s[0]), float(time_s[-1])) if len(time_s) else (0.0, 0.0)
    for one in comments:
        if not first_s - _MOMENT_ROOM_S <= one.time_s <= last_s + _MOMENT_ROOM_S:
            raise UsageError(
                f"comment: expected a moment from {first_s:.2f} to {last_s:.2f} s, got {one.time_s:g} s; "
                "take it from the player"
            )


@cache
def _template() -> Template:
    source = _HERE.joinpath("playing.html.jinja").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(source)


def _hash(text: str) -> str:
    """Return the name by which a policy allows an inline script or style (CSP level 2)."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}"


def _in_script(data: dict[str, Any]) -> str:
    """Return JSON that cannot end the element that it stands in."""
    return json.dumps(data, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _as_address(clip: Path) -> str:
    size = clip.stat().st_size
    if size > PLAYED_CLIP_MAX_BYTES:
        raise UsageError(
            f"the clip has {size / 1e6:.0f} MB, and a page to be sent holds {PLAYED_CLIP_MAX_BYTES / 1e6:.0f} MB at "
            "most; show the drawn figure in it, or hand on the video as a file of its own"
        )
    return f"data:video/mp4;base64,{b64encode(clip.read_bytes()).decode('ascii')}"


def _data(analysis: Analysis, names: Sequence[str], *, with_figure: bool) -> dict[str, Any]:
    """Return what the script needs: times, values of the curve, where the curve lies, and the figures."""
    track = analysis.track
    rows = slice(None, None, max(1, -(-len(track) // _ROWS_MAX)))
    return {
        "time_s": track.time_s[rows].round(3).tolist(),
        "file_s": analysis.track_raw.time_s[rows].round(3).tolist(),
        "place": curve_place(*_CHART) if len(track) > 1 else None,
        "values": [{"side": side_of_name(name), "deg": _whole(analysis.angles.angle(name)[rows])} for name in names],
        "figures": _figures(track, rows) if with_figure else None,
    }


def _whole(deg: FloatArray) -> list[int | None]:
    return [None if np.isnan(one) else round(float(one)) for one in deg]


def _marks(analysis: Analysis) -> Iterator[tuple[float, str, Side]]:
    """Yield the steps or repetitions: where they begin, in words, and their side."""
    for contact in analysis.gait.contacts if analysis.gait else ():
        if contact.kind == "heel_strike":
            yield contact.time_s, f"{contact.side} {contact.time_s:.2f} s".capitalize(), contact.side
    for rep in analysis.exercise.repetitions if analysis.exercise else ():
        details = f", {rep.range_deg:.0f}°" if rep.range_deg is not None else ""
        yield rep.start_s, f"{rep.index}{details}{', shallow' * rep.is_shallow}", rep.side


def _figures(track: PoseTrack, rows: slice) -> list[dict[str, str]]:
    """Return the figure of each moment as SVG paths by side of the body, in a square that holds the whole movement."""
    points = track.xy_px.reshape(-1, 2)
    known = points[np.isfinite(points).all(axis=1)]
    if not len(known):
        return []
    low, high = np.percentile(known, [0.5, 99.5], axis=0)
    scale = _FIGURE_SIDE / ((1 + 2 * _ROOM) * max(1.0, float((high - low).max())))
    placed = (track.drawn_px(rows) - (low + high) / 2) * scale + _FIGURE_SIDE / 2
    return [_paths(pose) for pose in placed]


def _paths(pose: FloatArray) -> dict[str, str]:
    figure = body_figure(pose)
    paths: dict[str, str] = dict.fromkeys(SIDE_COLORS, "")
    if len(figure.trunk) > 1:
        paths["both"] = f"M{'L'.join(f'{x:.0f} {y:.0f}' for x, y in figure.trunk)}Z"
    for (x, y), (to_x, to_y), side in figure.bones:
        paths[side] += f"M{x:.0f} {y:.0f}L{to_x:.0f} {to_y:.0f}"
    if figure.head is not None:
        x, y, radius = figure.head
        arc = f"a{radius:.0f} {radius:.0f} 0 1 0 {{}}{2 * radius:.0f} 0"
        paths["both"] += f"M{x - radius:.0f} {y:.0f}{arc.format('')}{arc.format('-')}"
    return paths
