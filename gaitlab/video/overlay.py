"""The annotated clip: the skeleton drawn on every frame, as H.264 that plays in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import av.error
import av.video.reformatter
import cv2
import numpy as np

from gaitlab.errors import InputError, StoreError
from gaitlab.motion.body_figure import Bone, body_figure
from gaitlab.records import Analysis, FloatArray, Frame, PoseTrack, Progress, Repetition, Side, UInt8Array
from gaitlab.records.skeleton import KEYPOINT_SCORE_MIN, SIDE_COLORS, Keypoint, side_of_name
from gaitlab.video.faces import blur_head, head_circles, passing_head_circles
from gaitlab.video.picture import upright_rgb
from gaitlab.workspace import appearing

__all__ = ["Mark", "draw_pose", "event_marks", "file_time_s", "with_poses", "write_blurred_copy", "write_overlay"]

_RGB: dict[Side, tuple[int, ...]] = {side: tuple(bytes.fromhex(color[1:])) for side, color in SIDE_COLORS.items()}
_WHITE = (255, 255, 255)
_TIME_BASE = Fraction(1, 90_000)
_MARK_SHOWN_S = 0.5
# A keyframe this often *(ours)*: the page follows the cursor over a curve, and decodes from the last keyframe on.
_GOP_FRAMES = 30
_BT709 = av.video.reformatter.Colorspace.ITU709
_BT709_TAG = 1  # ISO/IEC 23091-2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A short label shown for half a second from `time_s`; ASCII, since OpenCV's font has nothing else."""

    time_s: float
    text: str
    side: Side


def file_time_s(analysis: Analysis, time_s: float) -> float:
    """Return the time of an event in the file; in a slow-motion clip it is later than the real time."""
    return float(np.interp(time_s, analysis.track.time_s, analysis.track_raw.time_s))


def event_marks(analysis: Analysis) -> tuple[Mark, ...]:
    """Return the events of a clip as labels in time order: heel strikes, and repetitions at their turning point."""
    contacts = analysis.gait.contacts if analysis.gait else ()
    repetitions = analysis.exercise.repetitions if analysis.exercise else ()
    marks = [
        Mark(time_s=file_time_s(analysis, contact.time_s), text=f"{contact.side} heel strike", side=contact.side)
        for contact in contacts
        if contact.kind == "heel_strike"
    ]
    marks += [
        Mark(time_s=file_time_s(analysis, rep.turn_s), text=_repetition_text(rep), side=rep.side) for rep in repetitions
    ]
    return tuple(sorted(marks, key=lambda mark: mark.time_s))


def _repetition_text(rep: Repetition) -> str:
    return f"repetition {rep.index}, shallow" if rep.is_shallow else f"repetition {rep.index}"


def draw_pose(rgb: UInt8Array, xy_px: FloatArray) -> None:
    """Draw one pose onto a frame in place; points at NaN and the bones that need them are left out.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
        Changed.
    xy_px : ndarray, shape (17, 2) or (21, 2)
        In pixels of `rgb`; heels and toes may follow the keypoints (`PoseTrack.drawn_px`).
    """
    width = max(2, round(rgb.shape[0] / 150))
    # Far outside the picture nothing is visible, and OpenCV overflows on very large coordinates.
    near = np.clip(xy_px, -10_000, 10_000)
    figure = body_figure(near)
    ring: list[Bone] = [(a, b, "both") for a, b in zip(figure.trunk, figure.trunk[1:] + figure.trunk[:1], strict=True)]
    for thick, colors in ((width + 2, dict.fromkeys(_RGB, _WHITE)), (width, _RGB)):
        for start, end, side in (*ring, *figure.bones):
            cv2.line(rgb, _pixel(start), _pixel(end), colors[side], thick, cv2.LINE_AA)
        if figure.head is not None:
            cv2.circle(rgb, _pixel(figure.head[:2]), round(figure.head[2]), colors["both"], thick, cv2.LINE_AA)
    first = Keypoint.NOSE if figure.head is None else Keypoint.LEFT_SHOULDER  # the head stands for the face
    for keypoint in (k for k in Keypoint if k >= first and np.isfinite(near[k]).all()):
        point = _pixel((float(near[keypoint, 0]), float(near[keypoint, 1])))
        cv2.circle(rgb, point, width + 2, _WHITE, -1, cv2.LINE_AA)
        cv2.circle(rgb, point, width + 1, _RGB[side_of_name(keypoint.name)], -1, cv2.LINE_AA)


def with_poses(rgb: UInt8Array, poses: Sequence[tuple[FloatArray, FloatArray]]) -> UInt8Array:
    """Return a copy of a picture with skeletons drawn on it, the first one on top.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
    poses : sequence of (xy_px, score)
        Of shapes (17, 2) and (17,); keypoints that are not seen, below 0.3, are left out.
    """
    drawn = np.ascontiguousarray(rgb).copy()
    for xy_px, score in reversed(poses):
        draw_pose(drawn, np.where((score >= KEYPOINT_SCORE_MIN)[:, np.newaxis], xy_px, np.nan))
    return drawn


def _pixel(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0]), round(point[1])


#: Circles round one head, a row a frame, and the size of the picture that they refer to.
_Heads: TypeAlias = tuple[FloatArray, tuple[int, int] | None]


def _draw_mark(rgb: UInt8Array, mark: Mark) -> None:
    """Draw a label as white text on the colour of its side, in the upper left corner."""
    font, scale = cv2.FONT_HERSHEY_SIMPLEX, max(rgb.shape[0] / 600, 0.4)
    stroke = max(1, round(scale * 2))
    (width, height), below = cv2.getTextSize(mark.text, font, scale, stroke)
    pad = height // 2 + 1
    cv2.rectangle(rgb, (pad, pad), (3 * pad + width, 3 * pad + height + below), _RGB[mark.side], -1)
    cv2.putText(rgb, mark.text, (2 * pad, 2 * pad + height), font, scale, _WHITE, stroke, cv2.LINE_AA)


def _fitting_wh(image_wh: tuple[int, int], height_max_px: int) -> tuple[int, int]:
    """Return the largest even size within the limit that keeps the shape; yuv420p needs even sizes."""
    width, height = image_wh
    scale = min(1.0, height_max_px / height)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _annotated(
    frame: Frame, track: PoseTrack, wh: tuple[int, int], marks: Sequence[Mark], heads: Sequence[_Heads]
) -> UInt8Array:
    rgb = upright_rgb(frame.picture, wh=wh)
    for circles, image_wh in heads:
        # A copy of the clip may be smaller than the picture that the track's pixels refer to.
        scale = wh[1] / (image_wh or frame.picture.wh)[1]
        blur_head(rgb, circles[min(frame.index, len(circles) - 1)] * scale)
    if frame.index < len(track):
        draw_pose(rgb, track.drawn_px(frame.index) * (np.array(wh) / frame.picture.wh))
    current = [mark for mark in marks if 0.0 <= frame.time_s - mark.time_s < _MARK_SHOWN_S]
    if current:
        _draw_mark(rgb, current[-1])
    return rgb


def _open_stream(container: Any, wh: tuple[int, int], fps: float) -> Any:
    stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
    stream.width, stream.height = wh
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = _TIME_BASE
    # Untagged, players guess the matrix from the size, and skin turns greenish when the guess is wrong.
    stream.codec_context.colorspace = stream.codec_context.color_primaries = stream.codec_context.color_trc = _BT709_TAG
    stream.options = {"preset": "veryfast", "crf": "23"}
    stream.gop_size = _GOP_FRAMES
    return stream


def _encode(
    container: Any,
    frames: Iterable[Frame],
    track: PoseTrack,
    *,
    marks: Sequence[Mark],
    heads: Sequence[_Heads],
    height_max_px: int,
    on_progress: Callable[[Progress], None] | None,
) -> int:
    """Write every frame at its own presentation time; return how many there were."""
    stream: Any = None
    done, fps = 0, track.fps_mean if len(track) > 1 else 25.0
    for frame in frames:
        if stream is None:
            wh = _fitting_wh(frame.picture.wh, height_max_px)
            stream = _open_stream(container, wh, fps)
        picture = av.VideoFrame.from_ndarray(_annotated(frame, track, wh, marks, heads), format="rgb24")
        picture = picture.reformat(format="yuv420p", dst_colorspace=_BT709)
        picture.pts, picture.time_base = round(frame.time_s / _TIME_BASE), _TIME_BASE
        container.mux(stream.encode(picture))
        done += 1
        if on_progress:
            on_progress(Progress(stage="overlay", done=done, total=max(len(track), done)))
    if stream is not None:
        container.mux(stream.encode(None))
    return done


def write_overlay(
    frames: Iterable[Frame],
    track: PoseTrack,
    out: Path,
    *,
    marks: Sequence[Mark] = (),
    hidden_in: PoseTrack | None = None,
    others: Sequence[PoseTrack] = (),
    height_max_px: int = 720,
    on_progress: Callable[[Progress], None] | None = None,
) -> None:
    """Write the clip with the skeleton drawn on it as an MP4 that a browser plays and seeks.

    Parameters
    ----------
    frames : iterable of Frame
        One at a time; none is kept. A frame beyond the end of the track stays without a skeleton.
    track : PoseTrack
        Its row i belongs to the frame with index i.
    out : Path
        Replaced when complete; after an error neither it nor a part of it is left behind.
    marks : sequence of Mark
        Labels, in time order.
    hidden_in : PoseTrack, optional
        With it the head is blurred where this track, best the raw one, has it; of this person only.
    others : sequence of PoseTrack
        Tracks of everybody else whose head is blurred, too, while they are in the picture.
    height_max_px : int
        Larger frames are made smaller; smaller ones stay as they are.
    on_progress : callable, optional
        Called after every frame; an exception it raises stops the work.

    Raises
    ------
    InputError
        When there is no frame at all.
    UsageError
        When the head is to be blurred and was never found.
    StoreError
        When the file cannot be written.

    Notes
    -----
    H.264, yuv420p, index at the front so that playing starts before the download ends. Every frame keeps its own
    presentation time, so clips of variable rate stay in step with the curves. Sound is left out.
    """
    heads = [(passing_head_circles(one), one.image_wh) for one in others]
    if hidden_in is not None:
        heads.append((head_circles(hidden_in), hidden_in.image_wh))
    try:
        with appearing(out) as part:
            with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as container:
                done = _encode(
                    container,
                    frames,
                    track,
                    marks=marks,
                    heads=heads,
                    height_max_px=height_max_px,
                    on_progress=on_progress,
                )
            if done == 0:
                raise InputError("annotated clip: expected at least one frame, got none; check that the video plays")
    except (av.error.FFmpegError, OSError) as error:
        raise StoreError(f"{out.name}: the annotated clip could not be written ({error}); is the disk full?") from error


def write_blurred_copy(
    frames: Iterable[Frame],
    track_raw: PoseTrack,
    out: Path,
    *,
    others: Sequence[PoseTrack] = (),
    on_progress: Callable[[Progress], None] | None = None,
) -> None:
    """Write a kept annotated clip once more with the head of the person, and of others, made unrecognisable.

    Parameters
    ----------
    frames : iterable of Frame
        Of the annotated clip, which may be smaller than the frames of `track_raw`.
    track_raw : PoseTrack
        Where the person was, in pixels of the analysed clip.
    out : Path
    others : sequence of PoseTrack
        Everybody else who is hidden, each in pixels of the track's own `image_wh`.
    on_progress : callable, optional

    Raises
    ------
    UsageError
        When the head was never found.
    InputError, StoreError
        As of `write_overlay`.
    """
    nobody = PoseTrack(
        time_s=track_raw.time_s,
        xy_px=np.full_like(track_raw.xy_px, np.nan),
        score=np.zeros_like(track_raw.score),
        image_wh=track_raw.image_wh,
    )
    write_overlay(frames, nobody, out, hidden_in=track_raw, others=others, on_progress=on_progress)
