"""PoseNet: a picture in, the pose of one person or of several out.

Three layouts of outputs are known; a file's own shapes tell which it has, never its name:

- ``posenet_mobilenet_v1_100_257x257_multi_kpt_stripped.tflite`` and conversions of the TensorFlow.js releases: heatmaps
  (17 channels), offsets (34), forward displacements (32), backward displacements (32). Which of the last two is which,
  only a signature or the order can tell.
- ``multi_person_mobilenet_v1_075_float.tflite``, 353 high and 257 wide: heatmaps (17), short offsets (34), middle
  offsets (64), segments (1, not used).
- The same without segments.

Neither published file could be had, so this was compared with published code, as stored in public repositories:

==========================================  ================================================================
heatmaps, offsets, forward, backward;       tensorflow/examples, lite/examples/posenet/android, ``Posenet.kt``
offsets: all y, then all x, in pixels;
heatmaps are logits
order of the edges (`PART_TREE`)            tensorflow/tfjs-models, posenet/src/keypoints.ts (``poseChain``);
                                            google-coral/edgetpu, src/cpp/posenet/posenet_decoder.cc
middle offsets: 16 y and 16 x forward,      the same file of google-coral/edgetpu
then 16 y and 16 x backward
353 is the height                           printed shapes (1, 353, 257, 3) and (1, 23, 17, 17), tensorflow/tensorflow
                                            issue 26667
colours from -1 to 1                        tensorflow/tfjs-models, posenet/src/mobilenet.ts: x / 127.5 - 1;
                                            ``Posenet.kt``: (x - 128) / 128
==========================================  ================================================================

Unchecked: the colours of the second file. Its input has the name of the first one's (``sub_2``, after the subtraction)
and programs that use it compute -1 to 1; a comment in one of them says 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from gaitlab.errors import ModelError, UsageError
from gaitlab.pose.networks.interpreter import Network, load_network
from gaitlab.pose.networks.model import Poses, check_picture_wh
from gaitlab.pose.networks.posenet_decode import PART_TREE, Fields, decode_multi, decode_single
from gaitlab.records import UInt8Array
from gaitlab.records.skeleton import N_KEYPOINTS

__all__ = ["Decoding", "PoseNet", "PoseNetSettings", "is_posenet", "load_posenet", "posenet_of"]

Decoding = Literal["single", "multi"]

_HEATMAP, _OFFSET, _DISPLACEMENT = N_KEYPOINTS, 2 * N_KEYPOINTS, 2 * len(PART_TREE)
_MIDDLE, _SEGMENT = 2 * _DISPLACEMENT, 1
_KINDS = (
    (_HEATMAP, _DISPLACEMENT, _DISPLACEMENT, _OFFSET),
    (_HEATMAP, _OFFSET, _MIDDLE),
    (_SEGMENT, _HEATMAP, _OFFSET, _MIDDLE),
)
_BACKWARD_NAME = "displacement_bwd"  # in the signature of conversions
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
        1 - x of the picture that the network was given. Left and right are not exchanged: they stay the sides that
        the network saw. `gaitlab.pose.engine.find_poses` mirrors whole pictures itself, for every network.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """The place of each field among the outputs; `middle` is one output with both displacements, or two."""

    heatmap: int
    offset: int
    middle: tuple[int, ...]
    stride_px: float


def _layout(network: Network) -> _Layout | None:
    """Return where PoseNet's fields are; None for a network without them, or with another grid in one of them."""
    shapes = network.output_shapes
    channels = [shape[-1] for shape in shapes if len(shape) == 4]
    grids = {shape[:-1] for shape in shapes}
    if network.input_wh is None or tuple(sorted(channels)) not in _KINDS or len(grids) != 1:
        return None
    n, rows, columns = grids.pop()
    if n != 1 or min(rows, columns) < 2:
        return None
    width, height = network.input_wh
    strides = {(width - 1) / (columns - 1), (height - 1) / (rows - 1)}
    if len(strides) != 1:
        return None
    middle = tuple(i for i, count in enumerate(channels) if count in (_MIDDLE, _DISPLACEMENT))
    if len(middle) == 2 and network.output_names[middle[0]] == _BACKWARD_NAME:
        middle = middle[::-1]
    return _Layout(
        heatmap=channels.index(_HEATMAP), offset=channels.index(_OFFSET), middle=middle, stride_px=strides.pop()
    )


def is_posenet(network: Network) -> bool:
    """Return whether a network has PoseNet's outputs, in one of the layouts that are known."""
    return _layout(network) is not None


class PoseNet:
    """A loaded PoseNet network.

    Parameters
    ----------
    network : Network
    settings : PoseNetSettings
        `image_scale_factor` is up to `load_posenet`, as it changes the network.

    Attributes
    ----------
    input_wh : tuple of int
        Width and height of the input.
    stride_px : float
        Distance of two cells of the heatmap, (size - 1) / (cells - 1), the same in both directions.

    Raises
    ------
    ModelError
        When input or outputs do not have PoseNet's shapes or types.
    """

    def __init__(self, network: Network, settings: PoseNetSettings | None = None) -> None:
        layout, wh = _layout(network), network.input_wh
        if layout is None or wh is None:
            raise ModelError(f"{network.path}: expected PoseNet's input and outputs, got {network.description}")
        if network.input_dtype not in (np.float32, np.uint8):
            raise ModelError(f"{network.path}: expected a float32 or uint8 input, got {network.input_dtype}")
        if any(dtype != np.float32 for dtype in network.output_dtypes):
            raise ModelError(f"{network.path}: expected outputs of float32, got {network.description}")
        self._network = network
        self._settings = settings or PoseNetSettings()
        self._layout = layout
        self.input_wh = wh
        self.stride_px = layout.stride_px

    def __call__(self, rgb: UInt8Array) -> Poses:
        """Return one pose ("single"), or those scored high enough, best first ("multi").

        Parameters
        ----------
        rgb : ndarray of uint8, shape (height, width, 3)

        Raises
        ------
        ValueError
            When the picture has another shape.
        """
        check_picture_wh(rgb, self.input_wh)
        tensors = self._network.run(self._as_input(rgb))
        middle = np.concatenate([tensors[i] for i in self._layout.middle], axis=-1)
        fields = Fields.from_tensors(
            tensors[self._layout.heatmap],
            tensors[self._layout.offset],
            middle[..., :_DISPLACEMENT],
            middle[..., _DISPLACEMENT:],
            stride_px=self.stride_px,
        )
        poses = self._decoded(fields)
        if not self._settings.flip_horizontal:
            return poses
        mirrored = np.array([1.0, 0.0]) + poses.xy_unit * np.array([-1.0, 1.0])
        return Poses(xy_unit=mirrored, score=poses.score, pose_score=poses.pose_score)

    def _as_input(self, rgb: UInt8Array) -> NDArray[np.generic]:
        picture = rgb[np.newaxis]
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
        Side of a square input, a multiple of the stride plus 1 (257, 385, 513 …); None: what the file states.
        A larger one finds smaller people and takes longer by the square.
    settings : PoseNetSettings, optional
        `image_scale_factor` below 1 takes the valid size nearest to that share of the input.

    Raises
    ------
    ModelError
        When it is not a PoseNet file, or one that cannot be resized.
    UsageError
        When `size_px` is not valid for this network.
    """
    return posenet_of(load_network(path, threads=threads), threads=threads, size_px=size_px, settings=settings)


def posenet_of(
    network: Network, *, threads: int, size_px: int | None = None, settings: PoseNetSettings | None = None
) -> PoseNet:
    """Return PoseNet of a loaded network; its file is loaded anew for another size of input. Else as `load_posenet`."""
    path, settings = network.path, settings or PoseNetSettings()
    as_stated = PoseNet(network, settings)
    wanted_wh = as_stated.input_wh if size_px is None else (_valid(size_px, as_stated),) * 2
    if settings.image_scale_factor != 1:
        scaled = [_nearest_valid(side * settings.image_scale_factor, as_stated.stride_px) for side in wanted_wh]
        wanted_wh = (scaled[0], scaled[1])
    if wanted_wh == as_stated.input_wh:
        return as_stated
    width, height = wanted_wh
    cannot = f"{path}: this network cannot work at {width} x {height} pixels; leave out the image scale factor"
    try:
        resized = PoseNet(load_network(path, threads=threads, input_shape=(1, height, width, 3)), settings)
    except ModelError as error:
        raise ModelError(cannot) from error
    if resized.stride_px != as_stated.stride_px:  # the grid of its outputs stayed as it was
        raise ModelError(cannot)
    return resized


def _valid(size_px: int, as_stated: PoseNet) -> int:
    stride_px = as_stated.stride_px
    low = round((_MIN_CELLS - 1) * stride_px) + 1
    if not low <= size_px <= _MAX_SIZE_PX or (size_px - 1) % stride_px != 0:
        nearest = _nearest_valid(float(np.clip(size_px, low, _MAX_SIZE_PX)), stride_px)
        raise UsageError(
            f"size_px: expected a multiple of {stride_px:g} plus 1, from {low} to {_MAX_SIZE_PX}, got {size_px}; "
            f"the nearest is {nearest}"
        )
    return size_px


def _nearest_valid(size_px: float, stride_px: float) -> int:
    cells = max(_MIN_CELLS, round((size_px - 1) / stride_px) + 1)
    return round((cells - 1) * stride_px) + 1
