"""MoveNet SinglePose: a square picture in, 17 keypoints out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gaitlab.errors import ModelError
from gaitlab.pose.interpreter import load_network
from gaitlab.skeleton import N_KEYPOINTS
from gaitlab.types import FloatArray, UInt8Array

__all__ = ["MoveNet"]


class MoveNet:
    """A loaded MoveNet SinglePose network (Thunder or Lightning).

    Parameters
    ----------
    path : Path
        The .tflite file; the input size is read from it.
    threads : int
        Interpreter threads; the result does not depend on them.

    Attributes
    ----------
    size_px : int
        Side of the square input.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._network = load_network(path, threads=threads)
        shape = self._network.input_shape
        if len(shape) != 4 or shape[1] != shape[2] or shape[3] != 3:
            raise ModelError(f"{path}: expected a model with a square RGB input, got input shape {shape}")
        self.size_px = shape[1]

    def __call__(self, square_rgb: UInt8Array) -> tuple[FloatArray, FloatArray]:
        """Return keypoints relative to the square and their scores.

        Parameters
        ----------
        square_rgb : ndarray of uint8, shape (size_px, size_px, 3)

        Returns
        -------
        xy_unit : ndarray, shape (17, 2)
            0..1 from the left and the top of the square. Hidden joints get a position too; only the score tells.
        score : ndarray, shape (17,)
        """
        (output,) = self._network.run(square_rgb[np.newaxis].astype(self._network.input_dtype))
        yx_score = np.asarray(output, dtype=np.float64).reshape(N_KEYPOINTS, 3)
        return yx_score[:, 1::-1].copy(), np.clip(yx_score[:, 2], 0.0, 1.0)
