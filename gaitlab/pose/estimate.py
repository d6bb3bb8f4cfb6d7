"""Following one person through a clip: frame by frame, each looked at where the person was last."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable

import numpy as np

from gaitlab.errors import InputError
from gaitlab.pose.crop import CropSquare, full_square, next_crop
from gaitlab.pose.model import PoseModel
from gaitlab.pose.subject import is_clearer, is_doubtful
from gaitlab.pose.warp import cut_square
from gaitlab.skeleton import N_KEYPOINTS
from gaitlab.types import FloatArray, Frame, PoseTrack, UInt8Array

__all__ = ["estimate_pose", "estimate_track"]

_LOOK_AROUND_S = 0.2


def _look(rgb: UInt8Array, square: CropSquare, model: PoseModel) -> tuple[FloatArray, FloatArray]:
    poses = model(cut_square(rgb, square, size_px=model.size_px))
    return square.to_source(poses.xy_unit[0]), poses.score[0]


def estimate_pose(rgb: UInt8Array, model: PoseModel) -> tuple[FloatArray, FloatArray]:
    """Return the pose in one picture: found in the whole picture, then measured in the crop around it.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
    model : PoseModel

    Returns
    -------
    xy_px : ndarray, shape (17, 2)
    score : ndarray, shape (17,)
    """
    image_wh = (rgb.shape[1], rgb.shape[0])
    xy_px, score = _look(rgb, full_square(image_wh), model)
    square = next_crop(xy_px, score, image_wh)
    return (xy_px, score) if square == full_square(image_wh) else _look(rgb, square, model)


class _Follower:
    """Looks at one frame after the other where the person was last; looks around when in doubt."""

    def __init__(self, model: PoseModel, image_wh: tuple[int, int]) -> None:
        self._model = model
        self._image_wh = image_wh
        self._square: CropSquare | None = None
        self._next_look_s = 0.0

    def __call__(self, frame: Frame) -> tuple[FloatArray, FloatArray]:
        if self._square is None:  # the first frame is looked at twice, so that it is as exact as the others
            pose = estimate_pose(frame.rgb, self._model)
        else:
            pose = _look(frame.rgb, self._square, self._model)
        if frame.time_s >= self._next_look_s and is_doubtful(pose[1]):
            self._next_look_s = frame.time_s + _LOOK_AROUND_S
            candidate = estimate_pose(frame.rgb, self._model)
            if is_clearer(*candidate, *pose):
                pose = candidate
        self._square = next_crop(*pose, self._image_wh)
        return pose


def estimate_track(
    frames: Iterable[Frame], model: PoseModel, *, on_frame: Callable[[int], None] | None = None
) -> PoseTrack:
    """Return the track of the person the crop follows.

    Parameters
    ----------
    frames : iterable of Frame
        In time order, all of one size; taken one at a time, none is kept.
    model : PoseModel
    on_frame : callable, optional
        Called with the number of frames done; an exception it raises stops the work.

    Returns
    -------
    PoseTrack
        One row a frame, positions as the model gave them, whatever their score.

    Raises
    ------
    InputError
        When there is no frame.

    Notes
    -----
    While the pose is seen poorly (mean score below 0.5), the whole picture is looked at again every 0.2 s, and a
    clearly larger person takes over *(ours: somebody walks in while a reflection was followed)*.
    """
    # Plain numbers rather than small arrays: a long clip has many frames.
    times, positions, scores = array("d"), array("d"), array("d")
    follow: _Follower | None = None
    image_wh = (0, 0)
    for frame in frames:
        if follow is None:
            image_wh = (frame.rgb.shape[1], frame.rgb.shape[0])
            follow = _Follower(model, image_wh)
        xy_px, score = follow(frame)
        times.append(frame.time_s)
        positions.frombytes(xy_px.tobytes())
        scores.frombytes(score.tobytes())
        if on_frame is not None:
            on_frame(len(times))
    if not times:
        raise InputError("no frame could be decoded from this file; export the clip again as MP4 (H.264)")
    return PoseTrack(
        time_s=np.frombuffer(times),
        xy_px=np.frombuffer(positions).reshape(-1, N_KEYPOINTS, 2),
        score=np.frombuffer(scores).reshape(-1, N_KEYPOINTS),
        image_wh=image_wh,
    )
