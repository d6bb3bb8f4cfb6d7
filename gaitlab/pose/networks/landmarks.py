"""The landmark network of BlazePose: a picture around one person in, 33 points with heels and toes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from scipy.special import expit

from gaitlab.errors import ModelError
from gaitlab.pose.networks.interpreter import Network
from gaitlab.pose.networks.model import check_picture_wh
from gaitlab.records import FloatArray, UInt8Array

__all__ = ["ANKLES", "FOOT_POINTS", "KNEES", "LandmarkModel", "LandmarkNetwork", "Landmarks"]

#: Places among the 33 points (BlazePose GHUM model card): left first; `FOOT_POINTS` in the order of `skeleton.FEET`.
KNEES: Final = (25, 26)
ANKLES: Final = (27, 28)
FOOT_POINTS: Final = (29, 30, 31, 32)

_POINTS, _VALUES, _SHOWN = 39, 5, 33  # six more points say where the person is in the next frame
_SIDE_PX: Final = 256
_OF_POINTS, _OF_PERSON = (1, _POINTS * _VALUES), (1, 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landmarks:
    """The points of one person.

    Attributes
    ----------
    xy_unit : ndarray, shape (33, 2)
        0..1 from the left and the top of the picture; beyond it where the network says so.
    score : ndarray, shape (33,)
        How likely each point is in the picture and not hidden, 0..1: the product of presence and visibility.
    person_score : float
        How likely there is a person in the picture, 0..1.
    """

    xy_unit: FloatArray
    score: FloatArray
    person_score: float


class LandmarkModel(Protocol):
    """A network that looks closely at one person in the middle of a picture of its own size, `input_wh`."""

    input_wh: tuple[int, int]

    def __call__(self, rgb: UInt8Array) -> Landmarks:
        """Return the person in a picture of shape (height, width, 3); ValueError for a picture of another shape."""


class LandmarkNetwork:
    """A loaded landmark network, lite, full or heavy.

    It expects the middle of the hips in the middle of the picture, the trunk upright, and the whole body inside.

    Parameters
    ----------
    network : Network

    Raises
    ------
    ModelError
        When input or outputs do not have the shapes of the landmark network.
    """

    input_wh: tuple[int, int] = (_SIDE_PX, _SIDE_PX)

    def __init__(self, network: Network) -> None:
        is_known = all(shape in network.output_shapes for shape in (_OF_POINTS, _OF_PERSON))
        if network.input_wh != self.input_wh or network.input_dtype.name != "float32" or not is_known:
            raise ModelError(
                f"{network.path}: expected the input and the outputs of BlazePose's landmark network, "
                f"got {network.description}"
            )
        self._network = network
        self._points, self._person = (network.output_shapes.index(shape) for shape in (_OF_POINTS, _OF_PERSON))

    def __call__(self, rgb: UInt8Array) -> Landmarks:
        """Return the person in a picture of 256 x 256 pixels."""
        check_picture_wh(rgb, self.input_wh)
        said = self._network.run(rgb[np.newaxis].astype(np.float32) / np.float32(255.0))
        points = np.asarray(said[self._points], dtype=np.float64).reshape(_POINTS, _VALUES)[:_SHOWN]
        visibility, presence = expit(points[:, 3]), expit(points[:, 4])
        return Landmarks(
            xy_unit=points[:, :2] / _SIDE_PX,
            score=np.asarray(visibility * presence),
            person_score=float(np.clip(said[self._person].item(), 0.0, 1.0)),
        )
