"""MoveNet: a picture in, 17 keypoints for one person (SinglePose) or up to six (MultiPose) out."""

from __future__ import annotations

import numpy as np

from gaitlab.errors import ModelError, UsageError
from gaitlab.pose.networks.interpreter import Network
from gaitlab.pose.networks.model import Poses, check_picture_wh
from gaitlab.records import UInt8Array
from gaitlab.records.skeleton import N_KEYPOINTS

__all__ = ["MULTIPOSE_MAX", "MoveNet", "is_movenet", "is_multipose"]

#: Most people that MultiPose finds.
MULTIPOSE_MAX = 6
_SINGLE, _MULTI = N_KEYPOINTS * 3, N_KEYPOINTS * 3 + 5  # MultiPose adds ymin, xmin, ymax, xmax, score
_SINGLE_SHAPES = ((1, 1, N_KEYPOINTS, 3), (1, N_KEYPOINTS, 3))
_MULTI_SHAPE = (1, MULTIPOSE_MAX, _MULTI)
_INPUT_DTYPES = ("uint8", "int32", "float32")
_PERSON_SCORE_MIN = 0.11  # the default of the reference client, tensorflow/tfjs-models pose-detection


def is_movenet(network: Network) -> bool:
    """Return whether a network has MoveNet's input and its only output: [1, 1, 17, 3], or [1, 6, 56] of MultiPose."""
    if network.input_wh is None or network.input_dtype.name not in _INPUT_DTYPES:
        return False
    return network.output_shapes in ((_MULTI_SHAPE,), *((shape,) for shape in _SINGLE_SHAPES))


def is_multipose(network: Network) -> bool:
    """Return whether a MoveNet network is the one for several people."""
    return network.output_shapes == (_MULTI_SHAPE,)


class MoveNet:
    """A loaded MoveNet network: Thunder, Lightning or MultiPose Lightning, told apart by the output's shape.

    Parameters
    ----------
    network : Network
    person_score_min : float
        Of MultiPose: people scored lower are left out.
    max_detections : int
        Of MultiPose: most people, 1 to 6.

    Attributes
    ----------
    input_wh : tuple of int
        Width and height of the input.

    Raises
    ------
    ModelError
        When input or output do not have MoveNet's shape.
    UsageError
        For a parameter out of range.
    """

    def __init__(
        self,
        network: Network,
        *,
        person_score_min: float = _PERSON_SCORE_MIN,
        max_detections: int = MULTIPOSE_MAX,
    ) -> None:
        wh = network.input_wh
        if wh is None or not is_movenet(network):
            raise ModelError(f"{network.path}: expected MoveNet's input and output, got {network.description}")
        if not 0 <= person_score_min <= 1:
            raise UsageError(f"score_threshold: expected a value from 0 to 1, got {person_score_min:g}")
        if not 1 <= max_detections <= MULTIPOSE_MAX:
            raise UsageError(f"max_detections: expected 1 to {MULTIPOSE_MAX} with MultiPose, got {max_detections}")
        self._network = network
        self._values = _MULTI if is_multipose(network) else _SINGLE
        self._person_score_min = person_score_min
        self._max_detections = max_detections
        self.input_wh = wh

    def __call__(self, rgb: UInt8Array) -> Poses:
        """Return one person (SinglePose), or those scored high enough, best first (MultiPose).

        Parameters
        ----------
        rgb : ndarray of uint8, shape (height, width, 3)

        Raises
        ------
        ValueError
            When the picture has another shape.
        """
        check_picture_wh(rgb, self.input_wh)
        (output,) = self._network.run(rgb[np.newaxis].astype(self._network.input_dtype))
        rows = np.asarray(output, dtype=np.float64).reshape(-1, self._values)
        keypoints = rows[:, :_SINGLE].reshape(-1, N_KEYPOINTS, 3)
        score = np.clip(keypoints[..., 2], 0.0, 1.0)
        pose_score = score.mean(axis=1)
        if self._values == _MULTI:
            pose_score = np.clip(rows[:, -1], 0.0, 1.0)
            best_first = np.argsort(-pose_score, kind="stable")
            keep = best_first[pose_score[best_first] >= self._person_score_min][: self._max_detections]
            keypoints, score, pose_score = keypoints[keep], score[keep], pose_score[keep]
        return Poses(xy_unit=keypoints[..., 1::-1].copy(), score=score, pose_score=pose_score)
