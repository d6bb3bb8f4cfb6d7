"""MoveNet: a square picture in, 17 keypoints for one person (SinglePose) or up to six (MultiPose) out."""

from __future__ import annotations

import numpy as np

from gaitlab.errors import ModelError
from gaitlab.pose.networks.interpreter import Network
from gaitlab.pose.networks.model import Poses, check_square
from gaitlab.records import UInt8Array
from gaitlab.records.skeleton import N_KEYPOINTS

__all__ = ["MoveNet"]

_OUTPUTS = ("keypoints_with_scores", "output_0")
_SINGLE, _MULTI = N_KEYPOINTS * 3, N_KEYPOINTS * 3 + 5  # MultiPose adds ymin, xmin, ymax, xmax, score
_PERSON_SCORE_MIN = 0.11  # the default of the reference client, tensorflow/tfjs-models pose-detection


class MoveNet:
    """A loaded MoveNet network: Thunder, Lightning or MultiPose Lightning, told apart by the output's shape.

    Parameters
    ----------
    network : Network

    Attributes
    ----------
    size_px : int
        Side of the square input.

    Raises
    ------
    ModelError
        When input or output do not have MoveNet's shape.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._output = network.output(_OUTPUTS, position=0)
        self._values = network.output_shapes[self._output][-1]
        if self._values == 3:
            self._values = _SINGLE
        if self._values not in (_SINGLE, _MULTI):
            raise ModelError(f"{network.path}: expected MoveNet's output, got shapes {network.output_shapes}")
        self.size_px = network.square_side_px

    def __call__(self, square_rgb: UInt8Array) -> Poses:
        """Return one person (SinglePose), or those scored at least 0.11, best first (MultiPose).

        Parameters
        ----------
        square_rgb : ndarray of uint8, shape (size_px, size_px, 3)

        Raises
        ------
        ValueError
            When the picture has another shape.
        """
        check_square(square_rgb, self.size_px)
        output = self._network.run(square_rgb[np.newaxis].astype(self._network.input_dtype))[self._output]
        rows = np.asarray(output, dtype=np.float64).reshape(-1, self._values)
        keypoints = rows[:, :_SINGLE].reshape(-1, N_KEYPOINTS, 3)
        score = np.clip(keypoints[..., 2], 0.0, 1.0)
        pose_score = score.mean(axis=1)
        if self._values == _MULTI:
            pose_score = np.clip(rows[:, -1], 0.0, 1.0)
            best_first = np.argsort(-pose_score, kind="stable")
            keep = best_first[pose_score[best_first] >= _PERSON_SCORE_MIN]
            keypoints, score, pose_score = keypoints[keep], score[keep], pose_score[keep]
        return Poses(xy_unit=keypoints[..., 1::-1].copy(), score=score, pose_score=pose_score)
