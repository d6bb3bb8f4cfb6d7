"""Blurring of heads in videos that leave the program; the keypoints of the people followed give their places.

Whoever is not followed is not hidden: small people, mirror images, posters; the user who shares a clip must be told so.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from gaitlab.errors import UsageError
from gaitlab.motion.geometry import midpoint, segment_length_px
from gaitlab.records import FloatArray, PoseTrack, UInt8Array
from gaitlab.records.skeleton import Keypoint

__all__ = ["blur_head", "head_circles", "passing_head_circles"]

_HEAD: Final = [Keypoint.NOSE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR]
# From eyes and ears to the crown or the chin is about 0.09 of the body height, from shoulder to hip 0.288 and from
# shoulder to shoulder 0.259 (Drillis & Contini 1966, in Winter 2009): a third of the trunk reaches. The rest (ours) is
# room for hair and for keypoints that are a little off.
_RADIUS_OF_TRUNK: Final = 0.45
_RADIUS_OF_SPREAD: Final = 1.8
# So few patches over a whole head (ours) leave no eye, nose or mouth, whatever the size of the picture.
_PATCHES: Final = 4
# Somebody who passes by is hidden so long before they are first found and after they are lost (ours).
_AROUND_S: Final = 1.0


def head_circles(track: PoseTrack) -> FloatArray:
    """Return a circle round the head for every frame.

    Parameters
    ----------
    track : PoseTrack
        Best the raw one: for hiding, a doubtful position is better than none.

    Returns
    -------
    ndarray, shape (T, 3)
        x, y and radius in pixels, never NaN: where the head is unknown, the nearest frame's circle, twice as large.

    Raises
    ------
    UsageError
        When the head is never seen: a face that cannot be found cannot be hidden.
    """
    head = track.xy_px[:, _HEAD]
    known = np.asarray(np.isfinite(head).all(axis=2))
    seen = np.asarray(known.any(axis=1))
    if not seen.any():
        raise UsageError("blur faces: the head was never found in this clip, so it cannot be hidden; share it without")
    n_known = np.maximum(known.sum(axis=1), 1)
    center = np.where(known[..., None], head, 0.0).sum(axis=1) / n_known[:, None]
    spread = np.where(known, np.hypot(*np.moveaxis(head - center[:, None], 2, 0)), 0.0).max(axis=1)
    radius = np.fmax(_RADIUS_OF_TRUNK * _trunk_px(track), _RADIUS_OF_SPREAD * spread)
    radius = np.fmax(radius, float(np.median(radius[seen])))
    circles = np.column_stack([center, radius])
    rows = np.flatnonzero(seen)
    nearest = rows[np.searchsorted((rows[1:] + rows[:-1]) / 2, np.arange(len(track)))]
    filled = circles[nearest]
    filled[~seen, 2] *= 2.0
    return filled


def passing_head_circles(track: PoseTrack) -> FloatArray:
    """Return a circle round the head of somebody who is not in every picture.

    Parameters
    ----------
    track : PoseTrack
        With NaN where the person was not seen.

    Returns
    -------
    ndarray, shape (T, 3)
        As of `head_circles` from a second before the person is first seen to a second after the last time; NaN
        otherwise, and everywhere when the head is never seen.
    """
    known = np.asarray(np.isfinite(track.xy_px[:, _HEAD]).all(axis=2))
    seen_s = track.time_s[known.any(axis=1)]
    if not len(seen_s):
        return np.full((len(track), 3), np.nan)
    circles = head_circles(track)
    circles[(track.time_s < seen_s[0] - _AROUND_S) | (track.time_s > seen_s[-1] + _AROUND_S)] = np.nan
    return circles


def _trunk_px(track: PoseTrack) -> FloatArray:
    """Return the larger of trunk length and shoulder width, shape (T,): one of them is hardly foreshortened."""
    xy = track.xy_px
    shoulders, hips = (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER), (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)
    trunk = segment_length_px(midpoint(xy[:, shoulders[0]], xy[:, shoulders[1]]), midpoint(*(xy[:, k] for k in hips)))
    width = segment_length_px(xy[:, shoulders[0]], xy[:, shoulders[1]])
    return np.nan_to_num(np.fmax(trunk, width), nan=0.0)


def blur_head(rgb: UInt8Array, circle: FloatArray) -> None:
    """Replace what lies in a circle by a few smooth patches, in place.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
        Changed inside the circle only.
    circle : ndarray, shape (3,)
        x, y and radius in pixels of `rgb`; NaN hides nothing.
    """
    if not np.isfinite(circle).all():
        return
    x, y, radius = (float(v) for v in circle)
    height, width = rgb.shape[:2]
    left, right = max(0, int(x - radius)), min(width, int(x + radius) + 1)
    top, bottom = max(0, int(y - radius)), min(height, int(y + radius) + 1)
    if left >= right or top >= bottom:
        return
    part = rgb[top:bottom, left:right]
    patches = cv2.resize(part, (_PATCHES, _PATCHES), interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(patches, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
    rows, columns = np.ogrid[top:bottom, left:right]
    inside = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
    part[inside] = smooth[inside]
