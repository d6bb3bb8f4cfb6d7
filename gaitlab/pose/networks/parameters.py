"""The parameters of the field's documents, and which network understands which of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from gaitlab.errors import UsageError

__all__ = ["UNDERSTOOD", "NetworkKind", "PictureSettings"]

NetworkKind = Literal["PoseNet", "MoveNet MultiPose", "MoveNet SinglePose"]
People = Literal["single", "several"]

_SEVERAL_ONLY: Final = ("max_detections", "score_threshold", "nms_radius_px")
#: Parameters that each kind of network understands; `flip_horizontal` and none at all suit every kind.
UNDERSTOOD: Final[Mapping[NetworkKind, tuple[str, ...]]] = {
    "PoseNet": ("people", "image_scale_factor", *_SEVERAL_ONLY),
    "MoveNet MultiPose": ("people", "max_detections", "score_threshold"),
    "MoveNet SinglePose": ("people",),
}
_FINDS: Final[Mapping[NetworkKind, People]] = {"MoveNet MultiPose": "several", "MoveNet SinglePose": "single"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSettings:
    """How a network looks at a single picture; None = not asked for.

    Without any of these but `flip_horizontal`, GaitLab finds everybody and measures each person in crops of their own.
    With one of them the chosen network works as its own documents say: alone, once, on the whole picture.

    Attributes
    ----------
    people : str or None
        "single": always one pose, every part at its best place; "several": everybody. PoseNet does both (several, where
        only another parameter is given), MoveNet MultiPose finds several, MoveNet Thunder and Lightning one.
    image_scale_factor : float or None
        0.2 to 1: the network works at this share of its input size (PoseNet).
    flip_horizontal : bool
        Positions of the picture mirrored; left and right stay the sides that the network saw (every network).
    max_detections : int or None
        Most poses (PoseNet: 1 to 100, else 5; MoveNet MultiPose: 1 to 6, else 6).
    score_threshold : float or None
        Least score, 0 to 1: of the keypoint that a pose is grown from (PoseNet, else 0.5), or of a person (MoveNet
        MultiPose, else 0.11).
    nms_radius_px : float or None
        Positions of one part no farther apart than this belong to one pose; pixels of the network's input (PoseNet,
        else 20).

    Raises
    ------
    UsageError
        For a value that no network takes.
    """

    people: People | None = None
    image_scale_factor: float | None = None
    flip_horizontal: bool = False
    max_detections: int | None = None
    score_threshold: float | None = None
    nms_radius_px: float | None = None

    def __post_init__(self) -> None:
        if self.people is not None and self.people not in get_args(People):
            raise UsageError(f"people: expected {' or '.join(get_args(People))}, got {self.people!r}")
        for name in _SEVERAL_ONLY:
            if self.people == "single" and getattr(self, name) is not None:
                raise UsageError(f"{name} is for several people; leave it out for a single one, or ask for several")

    @property
    def given(self) -> dict[str, Any]:
        """The parameters of the network itself that were asked for, by name."""
        names = ("people", "image_scale_factor", *_SEVERAL_ONLY)
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def require_understood(self, kind: NetworkKind) -> None:
        """Raise UsageError for a parameter that such a network does not understand; it names those that do."""
        for name in self.given:
            if name not in UNDERSTOOD[kind]:
                others = [other for other, names in UNDERSTOOD.items() if name in names]
                raise UsageError(
                    f"{name}: {kind} does not understand it, {' and '.join(others)} {'do' if others[1:] else 'does'}; "
                    "leave it out or choose another --model"
                )
        finds = _FINDS.get(kind, self.people)
        if self.people is not None and self.people != finds:
            remedy = (
                "max_detections 1 gives the best pose"
                if finds == "several"
                else "leave `people` out, and GaitLab finds everybody and measures each with this network"
            )
            raise UsageError(f"people: {kind} finds {finds}, not {self.people}; {remedy}")
