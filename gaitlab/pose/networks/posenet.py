"""PoseNet: a square picture of any size in, the pose of one person or of several out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from gaitlab.errors import ModelError, UsageError
from gaitlab.pose.networks.interpreter import Network, load_network
from gaitlab.pose.networks.model import Poses, check_square
from gaitlab.pose.networks.posenet_decode import PART_TREE, Fields, decode_multi, decode_single
from gaitlab.records import UInt8Array
from gaitlab.records.skeleton import N_KEYPOINTS

__all__ = ["PoseNet", "PoseNetSettings", "is_posenet", "load_posenet"]

Decoding = Literal["single", "multi"]

# Signature names in the order of the official file's outputs, each with its number of channels.
_OUTPUTS = (
    ("heatmap", N_KEYPOINTS),
    ("offset", 2 * N_KEYPOINTS),
    ("displacement_fwd", 2 * len(PART_TREE)),
    ("displacement_bwd", 2 * len(PART_TREE)),
)
_RANGES = (
    ("image_scale_factor", 0.2, 1.0),
    ("max_detections", 1, 100),
    ("score_threshold", 0.0, 1.0),
    ("nms_radius_px", 0.0, 500.0),
    ("pose_score_min", 0.0, 1.0),
)
_MIN_CELLS = 3
_MAX_SIZE_PX = 2049


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseNetSettings:
    """Settings of PoseNet. Defaults are those of the reference client (tensorflow/tfjs-models, posenet).

    Attributes
    ----------
    decoding : str
        "single" (always one pose, every part at its best place; right where there is one person) or "multi".
    image_scale_factor : float
        0.2 to 1: the network works at this share of the input size, faster and coarser *(ours: 1; the reference
        client's first release had 0.5, of the picture's own size)*.
    flip_horizontal : bool
        Mirror the positions, as the reference client does for cameras whose picture is shown mirrored: x becomes
        1 - x of the square. Left and right are not exchanged: they stay the sides that the network saw.
    max_detections : int
        Most poses that "multi" returns.
    score_threshold : float
        Least score of the keypoint that a pose is grown from ("multi").
    nms_radius_px : float
        Positions of one part no farther apart than this belong to one pose ("multi"); pixels of the network's input.
    pose_score_min : float
        Poses scored lower are left out ("multi"); 0.15 is that of the reference client's demonstration.
    """

    decoding: Decoding = "single"
    image_scale_factor: float = 1.0
    flip_horizontal: bool = False
    max_detections: int = 5
    score_threshold: float = 0.5
    nms_radius_px: float = 20.0
    pose_score_min: float = 0.15

    def __post_init__(self) -> None:
        if self.decoding not in get_args(Decoding):
            raise UsageError(f"decoding: expected {' or '.join(get_args(Decoding))}, got {self.decoding!r}")
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if not low <= value <= high:
                raise UsageError(f"{name}: expected a value from {low:g} to {high:g}, got {value:g}")


def is_posenet(network: Network) -> bool:
    """Return whether a network has PoseNet's four outputs."""
    channels = [shape[-1] for shape in network.output_shapes if len(shape) == 4]
    return sorted(channels) == sorted(expected for _, expected in _OUTPUTS)


class PoseNet:
    """A loaded PoseNet network.

    Parameters
    ----------
    network : Network
    settings : PoseNetSettings
        `image_scale_factor` is up to `load_posenet`, as it changes the network.

    Attributes
    ----------
    size_px : int
        Side of the square input.
    stride_px : float
        Distance of two cells of the heatmap, (size - 1) / (cells - 1).

    Raises
    ------
    ModelError
        When input or outputs do not have PoseNet's shape.
    """

    def __init__(self, network: Network, settings: PoseNetSettings | None = None) -> None:
        if network.input_dtype not in (np.float32, np.uint8):
            raise ModelError(f"{network.path}: expected a float32 or uint8 input, got {network.input_dtype}")
        self._network = network
        self._settings = settings or PoseNetSettings()
        self._outputs = tuple(network.output((name,), position=i) for i, (name, _) in enumerate(_OUTPUTS))
        self.size_px = network.square_side_px
        self.stride_px = (self.size_px - 1) / (self._cells() - 1)

    def _cells(self) -> int:
        """Return the number of cells per side, the same for all outputs."""
        shapes = [self._network.output_shapes[output] for output in self._outputs]
        cells = shapes[0][1] if len(shapes[0]) == 4 else 0
        if cells < 2 or shapes != [(1, cells, cells, channels) for _, channels in _OUTPUTS]:
            raise ModelError(f"{self._network.path}: expected PoseNet's outputs, got shapes {shapes}")
        return cells

    def __call__(self, square_rgb: UInt8Array) -> Poses:
        """Return one pose ("single"), or those scored high enough, best first ("multi").

        Parameters
        ----------
        square_rgb : ndarray of uint8, shape (size_px, size_px, 3)

        Raises
        ------
        ValueError
            When the picture has another shape.
        """
        check_square(square_rgb, self.size_px)
        tensors = self._network.run(self._as_input(square_rgb))
        heatmap, offset, forward, backward = (tensors[output] for output in self._outputs)
        poses = self._decoded(Fields.from_tensors(heatmap, offset, forward, backward, size_px=self.size_px))
        if not self._settings.flip_horizontal:
            return poses
        mirrored = np.array([1.0, 0.0]) + poses.xy_unit * np.array([-1.0, 1.0])
        return Poses(xy_unit=mirrored, score=poses.score, pose_score=poses.pose_score)

    def _as_input(self, square_rgb: UInt8Array) -> NDArray[np.generic]:
        picture = square_rgb[np.newaxis]
        if self._network.input_dtype == np.uint8:
            return picture
        return np.asarray(picture, dtype=np.float32) * np.float32(2 / 255) - np.float32(1)

    def _decoded(self, fields: Fields) -> Poses:
        if self._settings.decoding == "single":
            return decode_single(fields)
        return decode_multi(
            fields,
            max_detections=self._settings.max_detections,
            score_threshold=self._settings.score_threshold,
            nms_radius_px=self._settings.nms_radius_px,
            pose_score_min=self._settings.pose_score_min,
        )


def load_posenet(
    path: Path, *, threads: int, size_px: int | None = None, settings: PoseNetSettings | None = None
) -> PoseNet:
    """Load a PoseNet file, at another input size where that is wanted.

    Parameters
    ----------
    path : Path
    threads : int
        The result does not depend on them.
    size_px : int, optional
        Side of the square input, a multiple of the stride plus 1 (257, 385, 513 …); None: what the file states.
        A larger one finds smaller people and takes longer by the square.
    settings : PoseNetSettings, optional
        `image_scale_factor` below 1 takes the valid size nearest to that share of `size_px`.

    Raises
    ------
    ModelError
        When it is not a PoseNet file, or one that cannot be resized.
    UsageError
        When `size_px` is not valid for this network.
    """
    settings = settings or PoseNetSettings()
    as_stated = PoseNet(load_network(path, threads=threads), settings)
    wanted_px = _scaled(_valid(size_px, as_stated), settings.image_scale_factor, as_stated)
    if wanted_px == as_stated.size_px:
        return as_stated
    return PoseNet(load_network(path, threads=threads, input_shape=(1, wanted_px, wanted_px, 3)), settings)


def _valid(size_px: int | None, as_stated: PoseNet) -> int:
    if size_px is None:
        return as_stated.size_px
    stride_px = as_stated.stride_px
    low = round((_MIN_CELLS - 1) * stride_px) + 1
    if not low <= size_px <= _MAX_SIZE_PX or (size_px - 1) % stride_px != 0:
        nearest = _nearest_valid(float(np.clip(size_px, low, _MAX_SIZE_PX)), stride_px)
        raise UsageError(
            f"size_px: expected a multiple of {stride_px:g} plus 1, from {low} to {_MAX_SIZE_PX}, got {size_px}; "
            f"the nearest is {nearest}"
        )
    return size_px


def _scaled(size_px: int, factor: float, as_stated: PoseNet) -> int:
    return size_px if factor == 1 else _nearest_valid(size_px * factor, as_stated.stride_px)


def _nearest_valid(size_px: float, stride_px: float) -> int:
    cells = max(_MIN_CELLS, round((size_px - 1) / stride_px) + 1)
    return round((cells - 1) * stride_px) + 1
