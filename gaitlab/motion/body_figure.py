"""A pose as the drawing of a body: a head, a trunk and limbs; the same everywhere, on clips, pages and paper.

`gaitlab/ui/shared/body.js` draws by the same plan; both are tested with the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gaitlab.motion.anthropometry import HEAD, TRUNK
from gaitlab.motion.geometry import midpoint
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import EDGES, FEET, N_KEYPOINTS, Keypoint, Side, side_of_bone, side_of_name

__all__ = ["FIGURE_PLAN", "BodyFigure", "Bone", "body_figure"]

Point = tuple[float, float]
#: Two ends and the side of the body.
Bone = tuple[Point, Point, Side]

_FACE: Final = (Keypoint.NOSE, Keypoint.LEFT_EYE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR)
_EARS: Final = (Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR)
_SHOULDERS: Final = (Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER)
_HIPS: Final = (Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)
#: Round the trunk.
_TRUNK: Final = (*_SHOULDERS, *reversed(_HIPS))
_LIMBS: Final = tuple(
    (a, b, side_of_bone(a, b)) for a, b in EDGES if not {a, b} <= set(_FACE) and not {a, b} <= {*_SHOULDERS, *_HIPS}
)
#: From each ankle to the heel, and on to the toe; `skeleton.FEET` follow the keypoints.
_FEET: Final = tuple(
    (start, N_KEYPOINTS + end, side_of_name(FEET[end]))
    for end, start in enumerate((Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE, N_KEYPOINTS, N_KEYPOINTS + 1))
)
#: Radius of the head over the length of the trunk; where the trunk is not seen, over the width of the face.
_OF_TRUNK: Final = HEAD / 2 / TRUNK
_OF_FACE: Final = 0.7  # ear to nose, or ear to ear (ours)

#: For the scripts of the pages.
FIGURE_PLAN: Final[dict[str, Any]] = {
    "face": [int(k) for k in _FACE],
    "ears": [int(k) for k in _EARS],
    "trunk": [int(k) for k in _TRUNK],
    "bones": [[int(a), int(b), side] for a, b, side in (*_LIMBS, *_FEET)],
    "of_trunk": _OF_TRUNK,
    "of_face": _OF_FACE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFigure:
    """The parts of a body, in the units of its keypoints.

    Attributes
    ----------
    head : tuple of float or None
        x, y and radius; None where nothing of the head is known, or not its size.
    trunk : tuple of points
        Shoulders and hips, in the order round the trunk; less than four where some are unknown.
    bones : tuple of Bone
        Neck, arms, legs and feet, as far as their ends are known.
    """

    head: tuple[float, float, float] | None
    trunk: tuple[Point, ...]
    bones: tuple[Bone, ...]


def body_figure(xy: FloatArray) -> BodyFigure:
    """Return a pose as the parts of a body.

    Parameters
    ----------
    xy : ndarray, shape (17, 2) or (21, 2)
        NaN = unknown. `skeleton.FEET` may follow the keypoints.

    Notes
    -----
    The head is as high as 0.130 of the stature, the trunk from shoulder to hip 0.288 (Drillis and Contini 1966, in
    Winter 2009); its middle is that of the ears, else of what is known of the face.
    """
    known = [bool(np.isfinite(point).all()) for point in xy]
    shoulders, hips = (midpoint(xy[a], xy[b]) for a, b in (_SHOULDERS, _HIPS))
    head = _head(xy, known, float(np.linalg.norm(shoulders - hips)))
    neck: tuple[Bone, ...] = ()
    if head is not None and np.isfinite(shoulders).all():
        way = shoulders - head[:2]
        far = float(np.linalg.norm(way))
        neck = ((_point(shoulders), _point(head[:2] + way * min(1.0, head[2] / far)), "both"),) if far > 0 else ()
    lines = _LIMBS if len(xy) == N_KEYPOINTS else (*_LIMBS, *_FEET)
    limbs = tuple((_point(xy[a]), _point(xy[b]), side) for a, b, side in lines if known[a] and known[b])
    return BodyFigure(head=head, trunk=tuple(_point(xy[k]) for k in _TRUNK if known[k]), bones=(*neck, *limbs))


def _head(xy: FloatArray, known: Sequence[bool], trunk: float) -> tuple[float, float, float] | None:
    face = [k for k in _FACE if known[k]]
    if not face:
        return None
    spread = max(float(np.linalg.norm(xy[a] - xy[b])) for a in face for b in face)
    radius = max(_OF_TRUNK * trunk if np.isfinite(trunk) else 0.0, _OF_FACE * spread)
    middle = xy[[k for k in _EARS if known[k]] or face].mean(axis=0)
    return (*_point(middle), radius) if radius > 0 else None


def _point(xy: FloatArray) -> Point:
    return float(xy[0]), float(xy[1])
