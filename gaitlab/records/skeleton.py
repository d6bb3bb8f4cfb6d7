"""The COCO-17 skeleton as data: keypoints, edges, limb chains, and the facts about left and right."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final, Literal

__all__ = [
    "EDGES",
    "FEET",
    "FEET_MIRROR",
    "KEYPOINT_NAMES",
    "KEYPOINT_SCORE_MIN",
    "LEG_CHAINS",
    "LEG_KEYPOINTS",
    "MIRROR",
    "N_KEYPOINTS",
    "SIDES",
    "SIDE_COLORS",
    "TORSO",
    "Keypoint",
    "OneSide",
    "Side",
    "side_of_bone",
    "side_of_name",
]

OneSide = Literal["left", "right"]
Side = Literal["left", "right", "both"]

#: The two sides of a person, left first.
SIDES: Final[tuple[OneSide, OneSide]] = ("left", "right")

#: One colour per side everywhere (Okabe and Ito: told apart by colour-blind readers, visible on dark and light).
SIDE_COLORS: Final[Mapping[Side, str]] = {"left": "#0072B2", "right": "#D55E00", "both": "#009E73"}


class Keypoint(IntEnum):
    """COCO-17 keypoints in model output order; left is the person's left."""

    NOSE = 0
    LEFT_EYE = 1
    RIGHT_EYE = 2
    LEFT_EAR = 3
    RIGHT_EAR = 4
    LEFT_SHOULDER = 5
    RIGHT_SHOULDER = 6
    LEFT_ELBOW = 7
    RIGHT_ELBOW = 8
    LEFT_WRIST = 9
    RIGHT_WRIST = 10
    LEFT_HIP = 11
    RIGHT_HIP = 12
    LEFT_KNEE = 13
    RIGHT_KNEE = 14
    LEFT_ANKLE = 15
    RIGHT_ANKLE = 16


N_KEYPOINTS: Final = len(Keypoint)

#: Lower-case names in index order, as they stand in CSV headers and JSON.
KEYPOINT_NAMES: Final[tuple[str, ...]] = tuple(k.name.lower() for k in Keypoint)

#: Keypoints scored lower are not seen (MoveNet model card).
KEYPOINT_SCORE_MIN: Final = 0.3

#: MIRROR[k] is the keypoint that takes k's place when left and right are exchanged.
MIRROR: Final[tuple[int, ...]] = (0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15)

#: Points of the feet beside the COCO-17 keypoints, in the order of `FeetTrack`: heel, and tip of the foot, which is the
#: "foot index" of BlazePose, the big toe of OpenPose and the toe marker of a laboratory.
FEET: Final = ("left_heel", "right_heel", "left_toe", "right_toe")

#: FEET_MIRROR[k] is the point that takes k's place when left and right are exchanged.
FEET_MIRROR: Final = (1, 0, 3, 2)

#: Shoulders and hips: the joints the crop is built around.
TORSO: Final[tuple[Keypoint, ...]] = (
    Keypoint.LEFT_SHOULDER,
    Keypoint.RIGHT_SHOULDER,
    Keypoint.LEFT_HIP,
    Keypoint.RIGHT_HIP,
)

LEG_KEYPOINTS: Final[tuple[Keypoint, ...]] = (
    Keypoint.LEFT_HIP,
    Keypoint.RIGHT_HIP,
    Keypoint.LEFT_KNEE,
    Keypoint.RIGHT_KNEE,
    Keypoint.LEFT_ANKLE,
    Keypoint.RIGHT_ANKLE,
)

#: Hip, knee and ankle of each leg, left first.
LEG_CHAINS: Final[tuple[tuple[Keypoint, Keypoint, Keypoint], ...]] = (
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
    (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE),
)

#: Bones to draw, as pairs of keypoints.
EDGES: Final[tuple[tuple[Keypoint, Keypoint], ...]] = (
    (Keypoint.NOSE, Keypoint.LEFT_EYE),
    (Keypoint.NOSE, Keypoint.RIGHT_EYE),
    (Keypoint.LEFT_EYE, Keypoint.LEFT_EAR),
    (Keypoint.RIGHT_EYE, Keypoint.RIGHT_EAR),
    (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW),
    (Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW),
    (Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_HIP),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_HIP),
    (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP),
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE),
    (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
    (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE),
    (Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE),
)


def side_of_name(name: str) -> Side:
    """Return the side that a keypoint or angle name contains: "left_knee" → "left", "trunk_lean" → "both"."""
    words = name.lower().split("_")
    return next((side for side in SIDES if side in words), "both")


def side_of_bone(start: Keypoint, end: Keypoint) -> Side:
    """Return the side both ends of a bone are on; "both" for one across the body."""
    side = side_of_name(start.name)
    return side if side == side_of_name(end.name) else "both"
