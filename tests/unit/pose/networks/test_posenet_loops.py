"""PoseNet's decoding against the same in plain loops, on noise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gaitlab.pose.networks.posenet_decode import PART_TREE, decode_multi, decode_single
from tests.builders_posenet import Tensor, fields_of, in_unit

GRIDS = pytest.mark.parametrize(("cells", "stride_px"), [(5, 32), (9, 16), (9, 32), (13, 8)])


def random_tensors(seed: int, cells: int, *, step: float = 0.0) -> list[Tensor]:
    """Return noise; with a step, logits are multiples of it, so that many cells are equal."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(-1.0, 2.0, (1, cells, cells, 17))
    if step:
        logits = np.round(logits / step) * step
    vectors = [rng.normal(0.0, spread, (1, cells, cells, n)) for spread, n in ((8, 34), (40, 32), (40, 32))]
    return [logits.astype(np.float32), *(one.astype(np.float32) for one in vectors)]


class PlainLoops:
    """PoseNet's decoding one number at a time."""

    def __init__(self, tensors: list[Tensor], stride_px: float) -> None:
        self.heatmap, self.offset, self.forward, self.backward = (one[0].astype(float) for one in tensors)
        self.stride_px, self.cells = stride_px, self.heatmap.shape[0]

    def score(self, row: int, column: int, part: int) -> float:
        return 1 / (1 + math.exp(-self.heatmap[row, column, part]))

    def place(self, row: int, column: int, part: int) -> tuple[float, float]:
        dy, dx = self.offset[row, column, part], self.offset[row, column, 17 + part]
        return column * self.stride_px + dx, row * self.stride_px + dy

    def cell(self, x: float, y: float) -> tuple[int, int]:
        row, column = (math.floor(value / self.stride_px + 0.5) for value in (y, x))
        return min(max(row, 0), self.cells - 1), min(max(column, 0), self.cells - 1)

    def single(self) -> list[tuple[float, float, float]]:
        pose = []
        for part in range(17):
            best = (0, 0)
            for row in range(self.cells):
                for column in range(self.cells):
                    if self.heatmap[row, column, part] > self.heatmap[*best, part]:
                        best = (row, column)
            pose.append((*self.place(*best, part), self.score(*best, part)))
        return pose

    def is_maximum(self, row: int, column: int, part: int) -> bool:
        return all(
            self.heatmap[i, j, part] <= self.heatmap[row, column, part]
            for i in range(max(row - 1, 0), min(row + 2, self.cells))
            for j in range(max(column - 1, 0), min(column + 2, self.cells))
        )

    def spread(self, pose: dict[int, tuple[float, float, float]], part: int) -> None:
        """Go from a part to those joined to it that are not known yet, and on from there."""
        x, y, _ = pose[part]
        row, column = self.cell(x, y)
        for edge, (parent, child) in enumerate(PART_TREE):
            if part not in (parent, child):
                continue
            vectors, wanted = (self.forward, child) if part == parent else (self.backward, parent)
            if wanted in pose:
                continue
            place = x + vectors[row, column, 16 + edge], y + vectors[row, column, edge]
            for _ in range(2):
                place = self.place(*self.cell(*place), wanted)
            pose[wanted] = (*place, self.score(*self.cell(*place), wanted))
            self.spread(pose, wanted)

    def multi(
        self, *, max_detections: int, score_threshold: float, nms_radius_px: float, pose_score_min: float
    ) -> list[tuple[float, list[tuple[float, float, float]]]]:
        every = [(i, j, k) for i in range(self.cells) for j in range(self.cells) for k in range(17)]
        roots = [root for root in every if self.score(*root) >= score_threshold and self.is_maximum(*root)]
        found: list[tuple[float, list[tuple[float, float, float]]]] = []

        def claimed(x: float, y: float, part: int) -> bool:
            return any(math.dist((x, y), pose[part][:2]) <= nms_radius_px for _, pose in found)

        for row, column, part in sorted(roots, key=lambda root: -self.heatmap[root]):
            x, y = self.place(row, column, part)
            if len(found) == max_detections or claimed(x, y, part):
                continue
            parts = {part: (x, y, self.score(row, column, part))}
            self.spread(parts, part)
            pose = [parts[k] for k in range(17)]
            pose_score = sum(s for k, (x, y, s) in enumerate(pose) if not claimed(x, y, k)) / 17
            if pose_score >= pose_score_min:
                found.append((pose_score, pose))
        return sorted(found, key=lambda one: -one[0])


@GRIDS
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("step", [0.0, 2.0], ids=["no ties", "many ties"])
def test_single_pose_agrees_with_plain_loops(cells: int, stride_px: int, seed: int, step: float) -> None:
    tensors = random_tensors(seed, cells, step=step)
    poses = decode_single(fields_of(tensors, stride_px=stride_px))
    expected = np.array(PlainLoops(tensors, stride_px).single())
    np.testing.assert_allclose(
        poses.xy_unit[0], in_unit(expected[:, :2], size_px=stride_px * (cells - 1) + 1), atol=1e-9
    )
    np.testing.assert_allclose(poses.score[0], expected[:, 2])
    assert poses.pose_score[0] == pytest.approx(expected[:, 2].mean())


@GRIDS
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("step", [0.0, 2.0], ids=["no ties", "many ties"])
def test_multi_pose_agrees_with_plain_loops(cells: int, stride_px: int, seed: int, step: float) -> None:
    tensors = random_tensors(seed, cells, step=step)
    options: dict[str, Any] = {
        "max_detections": (3, 20)[seed % 2],
        "score_threshold": (0.5, 0.3, 0.8)[seed % 3],
        "nms_radius_px": (20.0, 5.0)[seed % 2],
        "pose_score_min": (0.0, 0.15)[seed % 2],
    }
    poses = decode_multi(fields_of(tensors, stride_px=stride_px), **options)
    expected = PlainLoops(tensors, stride_px).multi(**options)
    assert len(poses) == len(expected) > 0
    np.testing.assert_allclose(poses.pose_score, [pose_score for pose_score, _ in expected])
    values = np.array([pose for _, pose in expected])
    places = in_unit(values[..., :2], size_px=stride_px * (cells - 1) + 1)
    # Equal pose scores may differ in the last digit, as they are summed in another order.
    ours, theirs = np.argsort(poses.xy_unit[:, 0, 0]), np.argsort(places[:, 0, 0])
    np.testing.assert_allclose(poses.xy_unit[ours], places[theirs], atol=1e-9)
    np.testing.assert_allclose(poses.score[ours], values[theirs, :, 2])
