"""The work of the preview for a new clip: look at a few frames and find the people in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from gaitlab.formats.any_keypoints import holds_keypoints
from gaitlab.formats.picture_files import holds_pictures
from gaitlab.limits import FIRST_LOOK_SIDE_PX
from gaitlab.pipeline import PoseEngine, find_poses, require_pictures
from gaitlab.pose.detection import Detection
from gaitlab.pose.preview import BestView, best_view_of_people, who_stands_out
from gaitlab.records import Frame, VideoInfo
from gaitlab.records.skeleton import TORSO
from gaitlab.records.tracks import Report
from gaitlab.sessions import SubjectAt
from gaitlab.ui.analyse.preflight import LOOKED_AT_S, Finding, FirstLook, preflight
from gaitlab.video import VideoReader, end_of, falls_short
from gaitlab.video.picture import jpeg_of, shrunk, upright_rgb

__all__ = ["PersonInView", "Preview", "look_at_clip"]

# A search of twelve frames takes a quarter of a second, decoding 600 frames of 1080p about four.
_PICTURES = 12
_FRAMES_MAX = 600
_FRAMES_MIN = 10  # to see whether there are enough to measure anything
_STILL_SIDE_PX = 960
# Of the first two seconds: a third of a second apart, in which a walker moves and stays the same to the eye.
_EARLY_SHARES = (0.2, 0.36, 0.52, 0.68, 0.84)
_THUMBNAIL_WH = (64, 64)
# Keypoints end at the ankles and the eyes.
_HEADROOM, _FOOTROOM, _SIDEROOM = 0.10, 0.06, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInView:
    """A person in the still: the box around them and the middle of their torso, in pixels of the upright frame.

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
    """The frame with the most people, of the frames of a clip that were looked at.

    Attributes
    ----------
    time_s : float
    image_wh : tuple of int
        Of the upright frame; positions refer to it.
    jpeg : bytes
        The upright frame, perhaps reduced in size.
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
        """Return the moment and the point that select person `number` (from 1)."""
        x_px, y_px = self.people[number - 1].torso_px
        return (self.time_s, x_px, y_px)


def look_at_clip(clip: Path, *, engine_at_hand: Callable[[], PoseEngine | None], report: Report) -> Preview | None:
    """Look at a few frames of a clip, spread over all of it or over its first 600 frames.

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
        None when people cannot be searched for, for keypoints, which have no picture, and for a zip of
        pictures, of which the rate is not known yet.

    Raises
    ------
    InputError
        When the file cannot be read as a video.
    NoPersonError
        When it has too few frames to measure anything.
    """
    if holds_keypoints(clip) or holds_pictures(clip):
        return None
    with VideoReader(clip) as reader:
        info, end_s = reader.info, end_of(reader.info)
        engine = engine_at_hand()
        if engine is None:
            return None
        read = _Read()
        best = best_view_of_people(_some_of(reader, report, read, n=_frames_expected(info, end_s)), engine)
        require_pictures(clip.name, read.n)
    if best is None:
        return None
    look = replace(
        _first_look(read.early or [best.frame], engine),
        length_s=float("inf") if end_s is None else end_s,
        stated_s=info.duration_s if end_s is not None and falls_short(end_s, info.duration_s) else None,
        n_damaged=reader.n_damaged,
    )
    return _preview_of(best, preflight(look))


@dataclass(slots=True)
class _Read:
    """Frames of a clip read so far: their number, and some of the first two seconds."""

    n: int = 0
    early: list[Frame] = field(default_factory=list)


def _first_look(first: Sequence[Frame], engine: PoseEngine) -> FirstLook:
    """Find people in frames of the first two seconds; the last frame gives the frame rate."""
    found = [find_poses(frame.picture, engine) for frame in first]
    last = first[-1]
    return FirstLook(
        poses=[(pose.xy_px, pose.score) for pose in _standing_out(first, found)],
        people=max(len(poses) for poses in found),
        image_wh=last.picture.wh,
        brightness=float(np.mean([upright_rgb(frame.picture, wh=_THUMBNAIL_WH).mean() for frame in first])),
        fps=last.index / last.time_s if last.time_s > 0 else 0.0,
    )


def _standing_out(frames: Sequence[Frame], found: Sequence[Sequence[Detection]]) -> Iterator[Detection]:
    """Yield whom an analysis would most likely measure, for each frame with people; the next frame tells who moves."""
    nothing = (frames[-1], ())
    for (now, people), (later, others) in pairwise([*zip(frames, found, strict=True), nothing]):
        if people:
            yield who_stands_out(people, others, apart_s=later.time_s - now.time_s, image_wh=now.picture.wh)


def _some_of(reader: VideoReader, report: Report, read: _Read, *, n: int) -> Iterator[Frame]:
    """Yield frames spread over the first `n`, or the last frame of a shorter clip; `read` keeps the progress."""
    early = {round(share * LOOKED_AT_S * max(reader.info.fps_nominal, 1.0)) for share in _EARLY_SHARES}
    wanted = {(2 * i + 1) * n // (2 * _PICTURES) for i in range(_PICTURES)}
    frame: Frame | None = None
    for frame in reader:
        report("looking", min(1.0, frame.index / n))
        read.n = frame.index + 1
        if frame.index in early:
            read.early.append(_small(frame))
        if frame.index in wanted:
            yield _small(frame)
        if frame.index >= max(*wanted, _FRAMES_MIN):
            return
    if frame is not None and frame.index < min(wanted):
        yield _small(frame)


def _small(frame: Frame) -> Frame:
    """Return a frame fit to be kept: a large picture holds tens of megabytes."""
    return replace(frame, picture=shrunk(frame.picture, side_px=FIRST_LOOK_SIDE_PX))


def _frames_expected(info: VideoInfo, end_s: float | None) -> int:
    """Return the number of frames to look through, at most `_FRAMES_MAX`; that number if the length is unknown."""
    if end_s is None:
        return min(info.n_frames or _FRAMES_MAX, _FRAMES_MAX)
    there = round(end_s * info.fps_nominal)
    return max(1, min(info.n_frames or there, there, _FRAMES_MAX))


def _preview_of(best: BestView, findings: tuple[Finding, ...]) -> Preview:
    picture = best.frame.picture
    return Preview(
        time_s=best.frame.time_s,
        image_wh=picture.wh,
        jpeg=jpeg_of(picture, side_max_px=_STILL_SIDE_PX),
        people=tuple(_in_view(look, picture.wh) for look in best.people),
        findings=findings,
    )


def _in_view(look: Detection, image_wh: tuple[int, int]) -> PersonInView:
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
