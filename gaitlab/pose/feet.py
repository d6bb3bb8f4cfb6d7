"""The second look at a person who was detected: heels and toes, told left from right by the legs of the detection."""

from __future__ import annotations

from typing import Final

import numpy as np

from gaitlab.pose.crop import body_square
from gaitlab.pose.detection import NO_FEET
from gaitlab.pose.networks.landmarks import ANKLES, FOOT_POINTS, KNEES, LandmarkModel
from gaitlab.records import FloatArray, Picture
from gaitlab.records.skeleton import FEET, Keypoint
from gaitlab.video.picture import resampled

__all__ = ["feet_in", "feet_of_legs"]

_PERSON_SCORE_MIN = 0.5  # MediaPipe's own limit, `pose_landmark_by_roi`
_APART_MAX = 0.25  # shank lengths between the ankles of both networks (ours)
_BEYOND = 0.15  # of the way between them, from heel bone and knuckle to the ends of the foot (ours)
_LEGS: Final = ((Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE), (Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE))
_LANDMARK_LEGS: Final = tuple(zip(KNEES, ANKLES, strict=True))


def feet_in(picture: Picture, xy_px: FloatArray, score: FloatArray, model: LandmarkModel) -> FloatArray:
    """Return heels and toes of a person in a picture.

    Parameters
    ----------
    picture : Picture
    xy_px : ndarray, shape (17, 2)
        Keypoints of the person in this picture.
    score : ndarray, shape (17,)
    model : LandmarkModel

    Returns
    -------
    ndarray, shape (4, 3)
        x, y and score of `skeleton.FEET`; NaN, NaN and 0 where they are unknown: without a visible hip and shoulder,
        where the network sees nobody, and where it has the ankle elsewhere.
    """
    square = body_square(xy_px, score)
    if square is None:
        return NO_FEET
    seen = model(resampled(picture, square.region_px, wh=model.input_wh, clockwise_deg=square.clockwise_deg))
    if seen.person_score < _PERSON_SCORE_MIN:
        return NO_FEET
    return feet_of_legs(xy_px, square.to_source(seen.xy_unit), seen.score)


def feet_of_legs(xy_px: FloatArray, landmarks_px: FloatArray, landmark_score: FloatArray) -> FloatArray:
    """Return the feet of a landmark network, each with the leg that the keypoints have there.

    The network's own left and right do not count: of both ways to match its legs with those of the keypoints, the one
    counts with the smaller sum of distances of knees and ankles. A foot is unknown where its ankle then lies farther
    than 0.25 shanks from that of the keypoints *(ours)*. The network's points lie on heel bone and knuckle of the big
    toe: heel and toe, the ends of the foot, lie 0.15 of the way between them farther out *(ours)*.

    Parameters
    ----------
    xy_px : ndarray, shape (17, 2)
        Keypoints.
    landmarks_px : ndarray, shape (33, 2)
    landmark_score : ndarray, shape (33,)

    Returns
    -------
    ndarray, shape (4, 3)
        As of `feet_in`.
    """
    legs, others = xy_px[np.array(_LEGS)], landmarks_px[np.array(_LANDMARK_LEGS)]  # (side, joint, xy)
    apart = np.linalg.norm(legs[:, np.newaxis] - others, axis=-1)  # (side, the network's side, joint)
    whole = apart.sum(axis=-1)
    crossed = whole[0, 1] + whole[1, 0] < whole[0, 0] + whole[1, 1]
    sides = np.array([1, 0] if crossed else [0, 1])
    shank_px = float(np.linalg.norm(legs[:, 0] - legs[:, 1], axis=-1).max())
    agrees = apart[[0, 1], sides, 1] <= _APART_MAX * shank_px
    points = np.array(FOOT_POINTS).reshape(2, 2)[:, sides]  # (heel and toe, side)
    bones_px = landmarks_px[points]
    ends_px = bones_px + _BEYOND * (bones_px - bones_px[::-1])
    feet = np.concatenate([ends_px, landmark_score[points][..., np.newaxis]], axis=-1)
    return np.where(agrees[:, np.newaxis], feet, NO_FEET.reshape(2, 2, 3)).reshape(len(FEET), 3)
