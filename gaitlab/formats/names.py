"""The names and the order that programs give to points of the body."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from gaitlab.records.skeleton import FEET, KEYPOINT_NAMES, N_KEYPOINTS, Keypoint

__all__ = [
    "BODY_25",
    "BODY_25_FEET",
    "COCO_17",
    "COCO_18",
    "HALPE_26",
    "LAYOUTS",
    "MEDIAPIPE",
    "MEDIAPIPE_33",
    "N_POINTS",
    "POINT_NAMES",
    "places_of",
    "point_of",
]

K = Keypoint
#: What is read of a person, and its number: the keypoints, and then heels and toes.
POINT_NAMES: Final = (*KEYPOINT_NAMES, *FEET)
N_POINTS: Final = len(POINT_NAMES)

#: Place in the list of a program → number of the point, a keypoint or one of the feet.
Layout = Mapping[int, int]
Keypoints = Mapping[int, Keypoint]

COCO_17: Final[Keypoints] = {place: Keypoint(place) for place in range(17)}
#: OpenPose's default model.
BODY_25: Final[Keypoints] = {
    0: K.NOSE, 2: K.RIGHT_SHOULDER, 3: K.RIGHT_ELBOW, 4: K.RIGHT_WRIST, 5: K.LEFT_SHOULDER, 6: K.LEFT_ELBOW,
    7: K.LEFT_WRIST, 9: K.RIGHT_HIP, 10: K.RIGHT_KNEE, 11: K.RIGHT_ANKLE, 12: K.LEFT_HIP, 13: K.LEFT_KNEE,
    14: K.LEFT_ANKLE, 15: K.RIGHT_EYE, 16: K.LEFT_EYE, 17: K.RIGHT_EAR, 18: K.LEFT_EAR,
}  # fmt: skip
#: Its places for `skeleton.FEET`: left and right heel, left and right big toe.
BODY_25_FEET: Final = (21, 24, 19, 22)
#: The same for the 18 points of its COCO model, which has no middle of the hips.
COCO_18: Final[Keypoints] = {place - (place > 8): keypoint for place, keypoint in BODY_25.items()}
#: Halpe's 26 points, and the 133 of COCO-WholeBody, begin with COCO's 17.
HALPE_26: Final[Keypoints] = COCO_17
#: MediaPipe's pose landmarks.
MEDIAPIPE_33: Final[Keypoints] = {
    0: K.NOSE, 2: K.LEFT_EYE, 5: K.RIGHT_EYE, 7: K.LEFT_EAR, 8: K.RIGHT_EAR, 11: K.LEFT_SHOULDER,
    12: K.RIGHT_SHOULDER, 13: K.LEFT_ELBOW, 14: K.RIGHT_ELBOW, 15: K.LEFT_WRIST, 16: K.RIGHT_WRIST, 23: K.LEFT_HIP,
    24: K.RIGHT_HIP, 25: K.LEFT_KNEE, 26: K.RIGHT_KNEE, 27: K.LEFT_ANKLE, 28: K.RIGHT_ANKLE,
}  # fmt: skip


def _and_feet(keypoints: Keypoints, places: Sequence[int]) -> Layout:
    """Return the layout with heels and toes; `places` are those for `skeleton.FEET`."""
    return {**keypoints, **{place: N_KEYPOINTS + i for i, place in enumerate(places)}}


_HALPE: Final = _and_feet(HALPE_26, (24, 25, 20, 21))
#: MediaPipe's pose landmarks: name and layout, with the foot index for the toe.
MEDIAPIPE: Final = ("MediaPipe's 33 landmarks", _and_feet(MEDIAPIPE_33, (29, 30, 31, 32)))
#: Number of points of a person → name of the layout, and the layout. The toe is the big toe.
LAYOUTS: Final[Mapping[int, tuple[str, Layout]]] = {
    17: ("COCO's 17 points", COCO_17),
    18: ("OpenPose's COCO model with 18 points", COCO_18),
    25: ("OpenPose's 25 points", _and_feet(BODY_25, BODY_25_FEET)),
    26: ("Halpe's 26 points", _HALPE),
    133: ("COCO-WholeBody's 133 points", _and_feet(COCO_17, (19, 22, 17, 20))),
    136: ("Halpe's 136 points", _HALPE),
}

_PARTS: Final[Mapping[str, str]] = {
    **{part: part for part in ("eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")},
    # the markers of Vicon's plug-in gait model, and the centres of its hip joints
    **{"sho": "shoulder", "elb": "elbow", "kne": "knee", "ank": "ankle", "hjc": "hip", "wrb": "wrist"},
    # heels and toes: plug-in gait has its toe on the second metatarsal, MediaPipe on the first joint of the toes
    **{"heel": "heel", "hee": "heel"},
    **dict.fromkeys(("toe", "bigtoe", "footindex"), "toe"),
}
_SIDE_WORDS: Final[Mapping[str, str]] = {"left": "left", "l": "left", "right": "right", "r": "right"}


def point_of(name: str) -> int | None:
    """Return the number of the point that a name means, None for another point.

    Case, prefixes such as "Subject1:" and the style of writing do not matter: "LeftKnee", "left knee", "knee_L",
    "LKNE", "RKnee" and "LBigToe" are known. A name with any further word ("LeftKneeInner", "LSmallToe") is another
    point.

    >>> POINT_NAMES[point_of("Sub01:RAnkle")]
    'right_ankle'
    """
    plain = name.rsplit(":", 1)[-1].strip().strip("\"'")
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", _apart(plain))]
    if words == ["nose"]:
        return Keypoint.NOSE
    if len(words) == 1 and len(words[0]) > 3:  # lknee, LKNE, leftknee
        word = words[0]
        side = next(
            (one for one in ("left", "right", "l", "r") if word.startswith(one) and word[len(one) :] in _PARTS), ""
        )
        words = [side, word[len(side) :]] if side else words
    if len(words) < 2:
        return None
    for side_word, part in ((words[0], "".join(words[1:])), (words[-1], "".join(words[:-1]))):
        if side_word in _SIDE_WORDS and part in _PARTS:
            return POINT_NAMES.index(f"{_SIDE_WORDS[side_word]}_{_PARTS[part]}")
    return None


def _apart(name: str) -> str:
    """Put a space between the letter of the side and a part in camel case: "RKnee" → "R Knee"."""
    return re.sub(r"^([LR])(?=[A-Z][a-z])", r"\1 ", name)


def places_of(names: Sequence[str]) -> dict[int, int]:
    """Return for the number of each point that is among the names its place; the first one counts."""
    found: dict[int, int] = {}
    for place, name in enumerate(names):
        point = point_of(name)
        if point is not None:
            found.setdefault(point, place)
    return found
