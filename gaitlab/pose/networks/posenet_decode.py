"""From PoseNet's fields to poses: for one person and for several, in plain NumPy.

Sources: Papandreou et al. 2018, "PersonLab" (arXiv 1803.08225), and the reference client (tensorflow/tfjs-models,
``posenet`` and ``pose-detection/src/posenet``), whose conventions hold here. Below, rows and columns are those of the
heatmap, R x C; the published networks have a square one or, for an upright picture, one that is higher than wide.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from gaitlab.pose.networks.model import Poses
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import N_KEYPOINTS, Keypoint

__all__ = ["PART_TREE", "Fields", "decode_multi", "decode_single"]

#: The tree of parts as (parent, child); edge e is channel e of the displacements.
PART_TREE: tuple[tuple[Keypoint, Keypoint], ...] = (
    (Keypoint.NOSE, Keypoint.LEFT_EYE),
    (Keypoint.LEFT_EYE, Keypoint.LEFT_EAR),
    (Keypoint.NOSE, Keypoint.RIGHT_EYE),
    (Keypoint.RIGHT_EYE, Keypoint.RIGHT_EAR),
    (Keypoint.NOSE, Keypoint.LEFT_SHOULDER),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW),
    (Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP),
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE),
    (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
    (Keypoint.NOSE, Keypoint.RIGHT_SHOULDER),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW),
    (Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_HIP),
    (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE),
    (Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE),
)
_REFINEMENTS = 2
_PARTS = np.arange(N_KEYPOINTS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fields:
    """The output of the network for every cell of a picture; cell (i, j) is the pixel (i, j) x stride.

    Attributes
    ----------
    score : ndarray, shape (R, C, 17)
        How likely each part is near the cell, 0..1.
    offset_px : ndarray, shape (R, C, 17, 2)
        x and y from the cell to the part.
    forward_px, backward_px : ndarray, shape (R, C, 16, 2)
        x and y from a parent to its child, and from the child to its parent, for every edge of `PART_TREE`.
    stride_px : float
        Distance of two cells.
    """

    score: FloatArray
    offset_px: FloatArray
    forward_px: FloatArray
    backward_px: FloatArray
    stride_px: float

    @classmethod
    def from_tensors(
        cls,
        heatmap: NDArray[np.generic],
        offset: NDArray[np.generic],
        forward: NDArray[np.generic],
        backward: NDArray[np.generic],
        *,
        stride_px: float,
    ) -> Fields:
        """Make fields from the network's tensors of shape (1, R, C, 17), (…, 34), (…, 32) and (…, 32).

        The heatmap holds logits; the others are in pixels, all y before all x.
        """
        return cls(
            score=np.asarray(expit(np.asarray(heatmap, dtype=np.float64)[0])),
            offset_px=_as_xy(offset),
            forward_px=_as_xy(forward),
            backward_px=_as_xy(backward),
            stride_px=stride_px,
        )

    @property
    def cells(self) -> tuple[int, int]:
        """Rows and columns of the grid."""
        return self.score.shape[0], self.score.shape[1]

    @property
    def wh_px(self) -> FloatArray:
        """Width and height of the picture, shape (2,)."""
        return self.stride_px * (np.array(self.cells[::-1]) - 1.0) + 1.0

    def cell_at(self, xy_px: FloatArray) -> NDArray[np.intp]:
        """Return the nearest cells (row, column) to positions of shape (…, 2); from outside, the one at the edge."""
        nearest = np.floor(xy_px[..., ::-1] / self.stride_px + 0.5)
        return np.clip(nearest, 0, np.array(self.cells) - 1).astype(np.intp)

    def part_near(self, cell: NDArray[np.intp], part: NDArray[np.intp] | int) -> FloatArray:
        """Return the part's position by cells (row, column), shape (…, 2): cell x stride + offset, as x and y."""
        row, column = cell[..., 0], cell[..., 1]
        return np.asarray(cell[..., ::-1] * self.stride_px + self.offset_px[row, column, part])


def _as_xy(tensor: NDArray[np.generic]) -> FloatArray:
    """Turn (1, R, C, 2 K), all y before all x, into (R, C, K, 2) of x and y."""
    first = np.asarray(tensor, dtype=np.float64)[0]
    return np.moveaxis(first.reshape(*first.shape[:2], 2, -1)[:, :, ::-1], 2, 3)


def _to_poses(xy_px: FloatArray, score: FloatArray, pose_score: FloatArray, fields: Fields) -> Poses:
    # The middle of pixel i lies at (i + 0.5) / size of the picture.
    return Poses(xy_unit=(xy_px + 0.5) / fields.wh_px, score=score, pose_score=pose_score)


def decode_single(fields: Fields) -> Poses:
    """Return one pose: every part where its score is highest, whoever it belongs to.

    Position = best cell x stride + its offset; of equal cells the first by row, then column. The pose's score is the
    mean of its keypoints' scores.
    """
    best = fields.score.reshape(-1, N_KEYPOINTS).argmax(axis=0)
    cell = np.stack(np.unravel_index(best, fields.cells), axis=1)
    score = fields.score[cell[:, 0], cell[:, 1], _PARTS]
    xy_px = fields.part_near(cell, _PARTS)
    return _to_poses(xy_px[np.newaxis], score[np.newaxis], score.mean(keepdims=True), fields)


def decode_multi(
    fields: Fields, *, max_detections: int, score_threshold: float, nms_radius_px: float, pose_score_min: float = 0.0
) -> Poses:
    """Return several poses by PersonLab's fast greedy decoding.

    Local maxima of the scores are roots, best first. From a root the other parts are found by following the
    displacements along `PART_TREE`, each refined by the offsets. A root near the same part of a pose found before
    belongs to that pose.

    Parameters
    ----------
    fields : Fields
    max_detections : int
    score_threshold : float
        Least score of a root.
    nms_radius_px : float
        Two positions of one part no farther apart than this, in pixels of the network's input, are the same part.
    pose_score_min : float
        A pose scored lower counts as not found. It is a second detection of a person found before: its root is out of
        place, its other keypoints are those of the first detection *(ours; the reference client counts these up to
        `max_detections`, lets them claim keypoints, and leaves it to the caller to drop them)*.

    Returns
    -------
    Poses
        Best first; none where no root reaches the threshold. The score of a pose is the sum of the scores of those
        keypoints that no pose with a better root has claimed, divided by 17.
    """
    roots = _local_maxima(fields.score, score_threshold)
    root_xy_px = fields.part_near(roots[:, :2], roots[:, 2])
    xy_px, score = np.empty((0, N_KEYPOINTS, 2)), np.empty((0, N_KEYPOINTS))
    pose_score = np.empty(0)
    while len(roots) and len(xy_px) < max_detections:
        found_xy_px, found_score = _grow(fields, roots[0])
        claimed = np.any(_is_near(xy_px, found_xy_px, nms_radius_px), axis=0)
        found_pose_score = found_score[~claimed].sum() / N_KEYPOINTS
        left = np.arange(len(roots)) > 0
        if found_pose_score >= pose_score_min:
            xy_px = np.concatenate([xy_px, found_xy_px[np.newaxis]])
            score = np.concatenate([score, found_score[np.newaxis]])
            pose_score = np.append(pose_score, found_pose_score)
            left &= ~_is_near(found_xy_px[roots[:, 2]], root_xy_px, nms_radius_px)
        roots, root_xy_px = roots[left], root_xy_px[left]
    order = np.argsort(-pose_score, kind="stable")
    return _to_poses(xy_px[order], score[order], pose_score[order], fields)


def _is_near(a_xy_px: FloatArray, b_xy_px: FloatArray, radius_px: float) -> NDArray[np.bool_]:
    return np.asarray(np.sum((a_xy_px - b_xy_px) ** 2, axis=-1) <= radius_px**2)


def _local_maxima(score: FloatArray, threshold: float) -> NDArray[np.intp]:
    """Return (row, column, part) of scores that reach the threshold and no neighbour exceeds, best first."""
    padded = np.pad(score, ((1, 1), (1, 1), (0, 0)), constant_values=-np.inf)
    rows, columns = score.shape[:2]
    around = np.max([padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)], axis=0)
    found = np.argwhere((score >= threshold) & (score >= around))
    return found[np.argsort(-score[tuple(found.T)], kind="stable")]


def _ways() -> tuple[tuple[tuple[int, int, int, bool], ...], ...]:
    """Return, for every root, the steps (from, to, edge, is backward) through the tree to all other parts."""
    edges = [(int(parent), int(child), edge) for edge, (parent, child) in enumerate(PART_TREE)]
    ways = []
    for root in range(N_KEYPOINTS):
        known, steps = {root}, []
        # Up to the nose first, the deepest edges before the others; then down to whatever is missing.
        for parent, child, edge in reversed(edges):
            if child in known and parent not in known:
                known.add(parent)
                steps.append((child, parent, edge, True))
        for parent, child, edge in edges:
            if parent in known and child not in known:
                known.add(child)
                steps.append((parent, child, edge, False))
        ways.append(tuple(steps))
    return tuple(ways)


_WAYS = _ways()


def _grow(fields: Fields, root: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
    """Return positions, shape (17, 2), and scores, shape (17,), of the pose that a root (row, column, part) is part of.

    A step starts at the cell nearest to the known part, adds its displacement and then twice goes to the nearest cell
    and adds that one's offset; the score is that of the cell nearest to where this ends.
    """
    xy_px, score = np.empty((N_KEYPOINTS, 2)), np.empty(N_KEYPOINTS)
    row, column, part = root
    xy_px[part] = fields.part_near(root[:2], int(part))
    score[part] = fields.score[row, column, part]
    for known, wanted, edge, is_backward in _WAYS[part]:
        displacement_px = fields.backward_px if is_backward else fields.forward_px
        row, column = fields.cell_at(xy_px[known])
        place = xy_px[known] + displacement_px[row, column, edge]
        for _ in range(_REFINEMENTS):
            place = fields.part_near(fields.cell_at(place), wanted)
        row, column = fields.cell_at(place)
        xy_px[wanted], score[wanted] = place, fields.score[row, column, wanted]
    return xy_px, score
