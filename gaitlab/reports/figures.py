"""The person at a few moments, side by side: as a drawn figure, or as pictures of the clip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from gaitlab.motion.body_figure import body_figure
from gaitlab.records import Analysis, FloatArray, Frame, Picture
from gaitlab.records.skeleton import SIDE_COLORS
from gaitlab.reports.angle_arcs import angle_at, angle_shapes
from gaitlab.reports.charts import INK
from gaitlab.reports.drawing import Drawing, Line, Photo, Rect, Shape, Text
from gaitlab.reports.key_moments import KeyMoment, nearest_row
from gaitlab.video import frames
from gaitlab.video.picture import jpeg_of

__all__ = ["figure_chart", "pictures_at"]

_SPACE: Final = 14.0  # between the figures, in points
_BELOW: Final = 24.0
_ABOVE: Final = 16.0
#: Of a picture beside the person, over the person's height (ours).
_AROUND: Final = 0.12
_PICTURE_SIDE_PX: Final = 480


def figure_chart(
    analysis: Analysis,
    moments: Sequence[KeyMoment],
    *,
    title: str,
    width: float = 520.0,
    height: float = 170.0,
    pictures: Mapping[float, Picture] | None = None,
) -> Drawing | None:
    """Draw the person at some moments, side by side and in one scale, with the angles of each moment.

    Parameters
    ----------
    analysis : Analysis
    moments : sequence of KeyMoment
        Their label and time stand below each figure.
    title : str
    width, height : float
        In points.
    pictures : mapping of float to Picture, optional
        Pictures of the clip at moments, as of `pictures_at`; without one the person is a drawn figure.

    Returns
    -------
    Drawing or None
        None when nothing is known of the person at any of them.
    """
    rows = [nearest_row(analysis.track.time_s, moment.time_s) for moment in moments] if len(analysis.track) else []
    poses = analysis.track.drawn_px(rows)
    if not rows or not np.isfinite(poses).any():
        return None
    spans = [np.nanmax(pose, axis=0) - np.nanmin(pose, axis=0) for pose in poses if np.isfinite(pose).any()]
    widest, tallest = np.maximum(np.max(spans, axis=0), 1.0)
    cell = width / len(rows)
    around = 2 * _AROUND * tallest if pictures else 0.0
    scale = float(min((cell - _SPACE) / (widest + around), (height - _BELOW - _ABOVE) / (tallest + around)))
    shapes: list[Shape] = []
    for place, (moment, row, pose) in enumerate(zip(moments, rows, poses, strict=True)):
        middle = (place + 0.5) * cell
        label = f"{moment.label}, {moment.time_s:.2f} s"
        shapes.append(Text(x=middle, y=height - 8, text=label, color=INK, size=9, anchor="middle"))
        if not np.isfinite(pose).any():
            continue
        low, high = np.nanmin(pose, axis=0), np.nanmax(pose, axis=0)
        at_px = np.array([(low[0] + high[0]) / 2, high[1] + around / 2])
        floor = np.array([middle, height - _BELOW])
        on_paper = (pose - at_px) * scale + floor
        picture = (pictures or {}).get(moment.time_s)
        if picture is None:
            shapes += _figure(on_paper)
        else:
            box = (middle - (cell - _SPACE / 2) / 2, 0.0, middle + (cell - _SPACE / 2) / 2, float(floor[1]))
            shapes += _photo(picture, analysis, box, at_px=at_px, floor=floor, scale=scale)
        for angle in filter(None, (angle_at(analysis, name, row) for name in moment.angles)):
            shapes += angle_shapes(on_paper, angle)
    return Drawing(width=width, height=height, title=title, shapes=tuple(shapes))


def _figure(place: FloatArray) -> Iterator[Shape]:
    figure = body_figure(place)
    if len(figure.trunk) > 2:
        yield Line(points=figure.trunk, color=SIDE_COLORS["both"], closed=True, opacity=0.15)
    if len(figure.trunk) > 1:
        yield Line(points=(*figure.trunk, figure.trunk[0]), color=SIDE_COLORS["both"], width=3)
    for start, end, side in figure.bones:
        yield Line(points=(start, end), color=SIDE_COLORS[side], width=3)
    if figure.head is not None:
        x, y, radius = figure.head
        around = np.linspace(0.0, 2 * np.pi, 25)
        ring = tuple(zip((x + radius * np.cos(around)).tolist(), (y + radius * np.sin(around)).tolist(), strict=True))
        yield Line(points=ring, color=SIDE_COLORS["both"], width=3)


def _photo(
    picture: Picture,
    analysis: Analysis,
    box: tuple[float, float, float, float],
    *,
    at_px: FloatArray,
    floor: FloatArray,
    scale: float,
) -> Iterator[Shape]:
    """Yield what a picture shows of a box on the paper; `at_px` of the track lies at `floor`."""
    tracked_wh = analysis.track.image_wh or picture.wh
    smaller = picture.wh[1] / tracked_wh[1]  # a kept clip may be smaller than the one that was analysed
    low, high = ((np.array(corner) - floor) / scale + at_px for corner in (box[:2], box[2:]))
    low, high = np.maximum(low, 0.0), np.minimum(high, tracked_wh)
    if (high - low < 1.0).any():
        return
    (left, top), (right, bottom) = ((corner - at_px) * scale + floor for corner in (low, high))
    region = tuple(float(x) for x in (*(low * smaller), *((high - low) * smaller)))
    jpeg = jpeg_of(picture, side_max_px=_PICTURE_SIDE_PX, region_px=(region[0], region[1], region[2], region[3]))
    place = {"x": float(left), "y": float(top), "width": float(right - left), "height": float(bottom - top)}
    yield Rect(**place, color="#eeeeee")
    yield Photo(**place, jpeg=jpeg)


def pictures_at(clip: Path, analysis: Analysis, moments: Sequence[KeyMoment]) -> dict[float, Picture]:
    """Return the frames of a kept clip that are nearest to some moments, by the moment's time.

    Parameters
    ----------
    clip : Path
        Its times are those of the analysed file.
    analysis : Analysis
    moments : sequence of KeyMoment

    Raises
    ------
    InputError
        When the clip cannot be read.
    """
    raw_s = analysis.track_raw.time_s
    wanted = {one.time_s: float(raw_s[nearest_row(analysis.track.time_s, one.time_s)]) for one in moments}
    nearest: dict[float, Frame] = {}
    for frame in frames(clip):
        for time_s, file_s in wanted.items():
            best = nearest.get(time_s)
            if best is None or abs(frame.time_s - file_s) < abs(best.time_s - file_s):
                nearest[time_s] = frame
    return {time_s: frame.picture for time_s, frame in nearest.items()}
