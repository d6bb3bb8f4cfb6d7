"""PoseNet's tensors for pictures of people, made by hand."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gaitlab.pose.networks.posenet_decode import PART_TREE, Fields
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import N_KEYPOINTS

Tensor = NDArray[np.float32]

# Where the parts of a standing person are, in pixels from the nose, for x and y.
BODY_X = (0, 2, -2, 5, -5, 12, -12, 17, -17, 18, -18, 8, -8, 9, -9, 9, -9)
BODY_Y = (0, -3, -3, -2, -2, 16, 16, 36, 36, 55, 55, 56, 56, 86, 86, 116, 116)


def tensors_of(
    *people_px: FloatArray, score: float = 0.9, cells: int = 17, rows: int | None = None, stride_px: int = 16
) -> list[Tensor]:
    """Return PoseNet's tensors of a picture of people, each (17, 2): exact, as far as their parts are the nearest.

    The grid is as wide as `cells` says, and as high, unless `rows` says otherwise.
    """
    cell_px = np.stack(np.meshgrid(np.arange(cells), np.arange(rows or cells)), axis=-1) * float(stride_px)
    grid = cell_px.shape[:2]
    heatmap = np.full((*grid, N_KEYPOINTS), -9.0)
    part_px = np.zeros((*grid, N_KEYPOINTS, 2))
    owner = np.zeros((*grid, N_KEYPOINTS), dtype=int)
    for part in range(N_KEYPOINTS if people_px else 0):
        places = np.array([person[part] for person in people_px])
        owner[..., part] = np.linalg.norm(cell_px[:, :, None] - places, axis=-1).argmin(axis=-1)
        part_px[:, :, part] = places[owner[..., part]]
        column, row = np.floor(places / stride_px + 0.5).astype(int).T
        heatmap[row, column, part] = math.log(score / (1 - score))
    offset = part_px - cell_px[:, :, None]
    forward, backward = np.zeros((2, *grid, len(PART_TREE), 2))
    for edge, (parent, child) in enumerate(PART_TREE if people_px else ()):
        vectors = np.array([person[child] - person[parent] for person in people_px])
        forward[:, :, edge], backward[:, :, edge] = vectors[owner[..., parent]], -vectors[owner[..., child]]
    return [as_tensor(heatmap), *(as_tensor(yx_apart(field)) for field in (offset, forward, backward))]


def yx_apart(field_px: FloatArray) -> FloatArray:
    """Turn x and y of each channel into PoseNet's order: all y, then all x."""
    return np.concatenate([field_px[..., 1], field_px[..., 0]], axis=-1)


def as_tensor(values: FloatArray) -> Tensor:
    return values[np.newaxis].astype(np.float32)


def fields_of(tensors: list[Tensor], *, stride_px: int = 16) -> Fields:
    heatmap, offset, forward, backward = tensors
    return Fields.from_tensors(heatmap, offset, forward, backward, stride_px=stride_px)


def in_unit(xy_px: FloatArray, *, size_px: int = 257) -> FloatArray:
    return np.asarray((xy_px + 0.5) / size_px)


def person(nose_x_px: float, nose_y_px: float) -> FloatArray:
    return np.stack([np.add(BODY_X, nose_x_px), np.add(BODY_Y, nose_y_px)], axis=1)


LEFT_PERSON, RIGHT_PERSON = person(60.0, 70.0), person(190.0, 80.0)
