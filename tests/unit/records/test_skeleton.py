"""Left and right: read from names, exchanged in the mirror, one colour each."""

from __future__ import annotations

import pytest

from gaitlab.records.skeleton import (
    EDGES,
    FEET,
    FEET_MIRROR,
    KEYPOINT_NAMES,
    MIRROR,
    Keypoint,
    side_of_bone,
    side_of_name,
)


@pytest.mark.parametrize(
    ("name", "side"), [("left_knee", "left"), ("knee_right", "right"), ("trunk_lean", "both"), ("LEFT_HIP", "left")]
)
def test_the_side_is_read_from_the_name(name: str, side: str) -> None:
    assert side_of_name(name) == side


@pytest.mark.parametrize(
    ("start", "end", "side"),
    [
        (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, "left"),
        (Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST, "right"),
        (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP, "both"),
        (Keypoint.NOSE, Keypoint.LEFT_EYE, "both"),
    ],
)
def test_a_bone_is_on_a_side_when_both_ends_are(start: Keypoint, end: Keypoint, side: str) -> None:
    assert side_of_bone(start, end) == side
    assert side_of_bone(end, start) == side


def test_as_many_bones_on_the_left_as_on_the_right() -> None:
    sides = [side_of_bone(*bone) for bone in EDGES]
    assert sides.count("left") == sides.count("right") == 6


def test_the_mirror_exchanges_the_sides_of_every_name() -> None:
    swap = {"left": "right", "right": "left"}
    mirrored = ["_".join(swap.get(word, word) for word in name.split("_")) for name in KEYPOINT_NAMES]
    assert [KEYPOINT_NAMES[keypoint] for keypoint in MIRROR] == mirrored


def test_the_mirror_exchanges_the_sides_of_the_feet() -> None:
    assert [FEET[point] for point in FEET_MIRROR] == ["right_heel", "left_heel", "right_toe", "left_toe"]
