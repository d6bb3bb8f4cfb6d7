"""The landmark network: what is taken of its outputs, and files that are something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gaitlab.errors import ModelError
from gaitlab.pose.networks.interpreter import Network
from gaitlab.pose.networks.landmarks import ANKLES, LandmarkNetwork

LEFT_ANKLE = ANKLES[0]


def network(points: NDArray[np.float32], *, person: float = 1.0) -> Network:
    """Return a network that says this, in the order of BlazePose's file."""

    def run(tensor: NDArray[np.generic]) -> tuple[NDArray[np.generic], ...]:
        assert (tensor.min(), tensor.max()) == (0.0, 1.0)
        return points.reshape(1, 195), np.array([[person]], np.float32), np.zeros((1, 117), np.float32)

    shapes = ((1, 195), (1, 1), (1, 117))
    return Network(
        path=Path("feet.tflite"),
        input_shape=(1, 256, 256, 3),
        input_dtype=np.dtype(np.float32),
        output_names=("", "", ""),
        output_shapes=shapes,
        output_dtypes=(np.dtype(np.float32),) * 3,
        run=run,
    )


def picture() -> NDArray[np.uint8]:
    rgb = np.zeros((256, 256, 3), dtype=np.uint8)
    rgb[:128] = 255
    return rgb


def test_points_are_shares_of_the_picture_and_scores_the_product_of_visibility_and_presence() -> None:
    points = np.zeros((39, 5), np.float32)
    points[LEFT_ANKLE] = [64.0, 192.0, 0.0, np.log(4.0), np.log(9.0)]  # logits of 0.8 and 0.9

    seen = LandmarkNetwork(network(points, person=0.7))(picture())

    assert seen.xy_unit.shape == (33, 2)
    assert seen.xy_unit[LEFT_ANKLE].tolist() == [0.25, 0.75]
    assert seen.score[LEFT_ANKLE] == pytest.approx(0.72)
    assert seen.person_score == pytest.approx(0.7)


@pytest.mark.parametrize(
    "changes",
    [
        {"output_shapes": ((1, 1, 17, 3),), "output_dtypes": (np.dtype(np.float32),)},
        {"input_shape": (1, 192, 192, 3)},
        {"input_dtype": np.dtype(np.uint8)},
    ],
    ids=["MoveNet", "another size", "another type"],
)
def test_a_file_that_is_something_else_is_refused(changes: dict[str, object]) -> None:
    other = replace(network(np.zeros((39, 5), np.float32)), **changes)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=r"feet\.tflite: expected the input and the outputs of BlazePose"):
        LandmarkNetwork(other)
