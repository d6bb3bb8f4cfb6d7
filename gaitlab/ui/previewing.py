"""What the preview's worker does with a clip just chosen: look at a few pictures and say who is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gaitlab.picture import jpeg_of, upright_rgb
from gaitlab.pipeline import PoseEngine, find_poses
from gaitlab.pose.look import Look
from gaitlab.pose.preview import Glimpse, glimpse_people
from gaitlab.preflight import LOOKED_AT_S, Finding, FirstLook, preflight
from gaitlab.skeleton import TORSO
from gaitlab.types import Frame, VideoInfo
from gaitlab.ui.analysing import SubjectAt
from gaitlab.ui.jobs import Report
from gaitlab.video import VideoReader

__all__ = ["PersonInView", "Preview", "look_at_clip"]

# A search of twelve pictures takes a quarter of a second, decoding 600 frames of 1080p about four.
_PICTURES = 12
_FRAMES_MAX = 600
_STILL_SIDE_PX = 960
_EARLY_SHARES = (0.2, 0.5, 0.8)
_THUMBNAIL_WH = (64, 64)
# Keypoints end at the ankles and the eyes.
_HEADROOM, _FOOTROOM, _SIDEROOM = 0.10, 0.06, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInView:
    """A person in the still: the box around them and the middle of their torso, in pixels of the upright picture.

    Attributes
    ----------
    box_px : tuple of float
        Left, top, right, bottom.
    torso_px : tuple of float
        x, y.
    """

    box_px: tuple[float, float, float, float]
    torso_px: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The picture of a clip that shows the most people, of those looked at.

    Attributes
    ----------
    time_s : float
    image_wh : tuple of int
        Of the upright picture; positions refer to it.
    jpeg : bytes
        The picture, upright, perhaps smaller.
    people : tuple of PersonInView
        From left to right.
    findings : tuple of Finding
        About the filming, from the first two seconds.
    """

    time_s: float
    image_wh: tuple[int, int]
    jpeg: bytes
    people: tuple[PersonInView, ...]
    findings: tuple[Finding, ...] = ()

    def subject_at(self, number: int) -> SubjectAt:
        """Return the moment and the point that say who person `number` (from 1) is."""
        x_px, y_px = self.people[number - 1].torso_px
        return (self.time_s, x_px, y_px)


def look_at_clip(clip: Path, *, engine_at_hand: Callable[[], PoseEngine | None], report: Report) -> Preview | None:
    """Look at a few pictures of a clip, spread over all of it or over its first 600 frames.

    Parameters
    ----------
    clip : Path
    engine_at_hand : callable
        Returns the engine; None when it would have to be fetched first.
    report : Report
        Called before every frame; what it raises stops the work.

    Returns
    -------
    Preview or None
        None when nobody can be looked for.

    Raises
    ------
    InputError
        When the file cannot be read as a video.
    """
    with VideoReader(clip) as reader:
        engine = engine_at_hand()
        if engine is None:
            return None
        first: list[Frame] = []
        glimpse = glimpse_people(_some_of(reader, report, first), engine)
    if glimpse is None:
        return None
    return _preview_of(glimpse, preflight(_first_look(first or [glimpse.frame], engine)))


def _first_look(first: Sequence[Frame], engine: PoseEngine) -> FirstLook:
    """Look with care at pictures of the first two seconds; the last of them tells the frame rate."""
    found = [find_poses(frame.picture, engine) for frame in first]
    last = first[-1]
    return FirstLook(
        poses=[(poses[0].xy_px, poses[0].score) for poses in found if poses],
        people=max(len(poses) for poses in found),
        image_wh=last.picture.wh,
        brightness=float(np.mean([upright_rgb(frame.picture, wh=_THUMBNAIL_WH).mean() for frame in first])),
        fps=last.index / last.time_s if last.time_s > 0 else 0.0,
    )


def _some_of(reader: VideoReader, report: Report, first: list[Frame]) -> Iterator[Frame]:
    """Yield pictures spread over the clip, and put some of the first two seconds into `first`."""
    early = {round(share * LOOKED_AT_S * max(reader.info.fps_nominal, 1.0)) for share in _EARLY_SHARES}
    n = min(_frames_expected(reader.info), _FRAMES_MAX)
    wanted = {(2 * i + 1) * n // (2 * _PICTURES) for i in range(_PICTURES)}
    for frame in reader:
        report("looking", None)
        if frame.index in early:
            first.append(frame)
        if frame.index in wanted:
            yield frame
        if frame.index >= max(wanted):
            return


def _frames_expected(info: VideoInfo) -> int:
    stated = info.n_frames or round((info.duration_s or 0.0) * info.fps_nominal)
    return max(stated, 1)


def _preview_of(glimpse: Glimpse, findings: tuple[Finding, ...]) -> Preview:
    picture = glimpse.frame.picture
    return Preview(
        time_s=glimpse.frame.time_s,
        image_wh=picture.wh,
        jpeg=jpeg_of(picture, side_max_px=_STILL_SIDE_PX),
        people=tuple(_in_view(look, picture.wh) for look in glimpse.people),
        findings=findings,
    )


def _in_view(look: Look, image_wh: tuple[int, int]) -> PersonInView:
    left, top, right, bottom = look.box_px.tolist()
    x_px, y_px = look.xy_px[list(TORSO)].mean(axis=0).tolist()
    room_px = look.extent_px
    return PersonInView(
        box_px=(
            max(0.0, left - _SIDEROOM * room_px),
            max(0.0, top - _HEADROOM * room_px),
            min(float(image_wh[0]), right + _SIDEROOM * room_px),
            min(float(image_wh[1]), bottom + _FOOTROOM * room_px),
        ),
        torso_px=(x_px, y_px),
    )
