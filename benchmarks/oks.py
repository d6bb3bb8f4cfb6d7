"""Object keypoint similarity: how near a pose is to a labelled person, 1 = on every joint, 0 = elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gaitlab.records import FloatArray

__all__ = ["COCO_SIGMA", "best_similarity", "box_area_px2", "similarity"]

#: One standard deviation of where annotators put each joint, as a share of the person's size, from COCO's evaluation
#: (cocodataset.org, "Keypoint Evaluation"): nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles.
COCO_SIGMA: FloatArray = np.repeat(
    [0.026, 0.025, 0.035, 0.079, 0.072, 0.062, 0.107, 0.087, 0.089], [1, 2, 2, 2, 2, 2, 2, 2, 2]
)


def box_area_px2(label_xy_px: FloatArray) -> float:
    """Return the area of the upright box around the labelled joints, shape (17, 2), NaN = not labelled."""
    wide, high = np.nanmax(label_xy_px, axis=0) - np.nanmin(label_xy_px, axis=0)
    return float(wide * high)


def similarity(xy_px: FloatArray, label_xy_px: FloatArray) -> float:
    """Return the object keypoint similarity of one pose with one labelled person.

    Parameters
    ----------
    xy_px : ndarray, shape (17, 2)
        The pose; NaN = this joint was not found and counts 0.
    label_xy_px : ndarray, shape (17, 2)
        The label; NaN = not labelled (or a joint that the label's data set does not have) and left out.

    Returns
    -------
    float
        The mean over the labelled joints i of ``exp(-d_i^2 / (2 s^2 k_i^2))``: `d_i` is the distance in pixels,
        ``k_i = 2 sigma_i`` with `COCO_SIGMA`, and ``s^2`` is `box_area_px2` of the labelled joints. That is the formula
        of the COCO keypoint evaluation (cocodataset.org, "Keypoint Evaluation") except for ``s^2``, which there is the
        area of the person's outline: only one of the three data sets has one.

    Raises
    ------
    ValueError
        When fewer than two joints are labelled, or all on one line along an axis: the person then has no size.
    """
    labelled = ~np.isnan(label_xy_px).any(axis=1)
    if labelled.sum() < 2 or (area_px2 := box_area_px2(label_xy_px[labelled])) <= 0:
        raise ValueError("expected at least two labelled joints that span a box")
    distance2_px2 = ((xy_px - label_xy_px) ** 2).sum(axis=1)[labelled]
    near = np.exp(-distance2_px2 / (2 * area_px2 * (2 * COCO_SIGMA[labelled]) ** 2))
    return float(np.nan_to_num(near, nan=0.0).mean())


def best_similarity(poses_xy_px: Sequence[FloatArray], label_xy_px: FloatArray) -> float:
    """Return the similarity of the pose that fits the label best; 0 where no pose was found."""
    return max((similarity(xy_px, label_xy_px) for xy_px in poses_xy_px), default=0.0)
