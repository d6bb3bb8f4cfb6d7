"""The frozen records that pass between stages.

Every record is checked once, when it is made. Arrays are copied to read-only arrays of the stated type, so no stage can
change its input. Missing is NaN in arrays and None in scalars, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitlab.skeleton import N_KEYPOINTS

__all__ = [
    "CUT_OFF",
    "Activity",
    "Analysis",
    "AngleSeries",
    "Contact",
    "ContactKind",
    "Edit",
    "EditKind",
    "ExerciseSummary",
    "Facing",
    "FloatArray",
    "FormNote",
    "Frame",
    "GaitMode",
    "GaitSummary",
    "Metric",
    "Picture",
    "PoseTrack",
    "Progress",
    "Provenance",
    "Repetition",
    "Side",
    "SmoothedTrack",
    "SourceInfo",
    "Stride",
    "SubjectInfo",
    "SubjectPerson",
    "VideoInfo",
    "View",
    "WalkingDirection",
]

FloatArray = NDArray[np.float64]
UInt8Array = NDArray[np.uint8]

#: The note of a repetition that the clip ends in.
CUT_OFF: Final = "cut off"

Side = Literal["left", "right", "both"]
Facing = Literal["left", "right", "unknown"]
View = Literal["side", "front", "ambiguous"]
ContactKind = Literal["heel_strike", "toe_off"]
GaitMode = Literal["walk", "run", "unknown"]
WalkingDirection = Literal["forward", "backward", "unknown"]
EditKind = Literal["move_contact", "delete_contact", "add_contact", "delete_repetition", "swap_sides"]


def _is_frozen(values: ArrayLike) -> TypeGuard[FloatArray]:
    owner = values
    while isinstance(owner, np.ndarray) and not owner.flags.writeable:
        if owner.base is None:
            return isinstance(values, np.ndarray) and values.dtype == np.float64
        owner = owner.base
    return False


def _frozen(values: ArrayLike, *, name: str, shape: tuple[int | None, ...]) -> FloatArray:
    """Return `values` as a read-only float64 array, checked against `shape` (None = any length).

    A copy, unless it comes from another record: what nobody can write to may be shared.
    """
    array = values if _is_frozen(values) else np.array(values, dtype=np.float64)
    if len(shape) != array.ndim or any(want not in (None, got) for want, got in zip(shape, array.shape, strict=True)):
        expected = tuple("any" if want is None else want for want in shape)
        raise ValueError(f"{name}: expected shape {expected}, got {array.shape}")
    array.flags.writeable = False
    return array


def _check_times(time_s: FloatArray) -> None:
    if not np.all(np.isfinite(time_s)):
        raise ValueError("time_s: expected finite times, got NaN or infinity")
    if np.any(np.diff(time_s) <= 0):
        raise ValueError("time_s: expected strictly increasing times, got a repeated or decreasing one")


def _check_unit_interval(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name}: expected 0..1, got {value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoInfo:
    """What a probe of a video file tells.

    Attributes
    ----------
    path : Path
    width_px, height_px : int
        Size of the upright picture, rotation applied, in square pixels.
    fps_nominal : float
        The rate the container states; times come from the frames themselves.
    n_frames : int or None
        Number of frames if the container states it, or states no duration: then they are counted.
    duration_s : float or None
    rotation_deg : int
        Clockwise turn that makes the stored picture upright: 0, 90, 180 or 270.
    recorded_at : datetime or None
        Creation time from the file's metadata, time zone aware.
    capture_fps : float or None
        The rate at which the camera filmed, where the file states it; above `fps_nominal` in slow motion.
    """

    path: Path
    width_px: int
    height_px: int
    fps_nominal: float
    n_frames: int | None
    duration_s: float | None
    rotation_deg: int
    recorded_at: datetime | None = None
    capture_fps: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A picture as it was decoded: not yet turned upright, not yet converted to RGB.

    Whole pictures are seldom needed: `gaitlab.picture` cuts out, turns and converts the part that is.

    Attributes
    ----------
    planes : tuple of ndarray of uint8
        Y, U and V, each of shape (H, W) of its own (U and V may have half the columns and rows), or one array of shape
        (H, W, 3) that is RGB. They may be views on a decoder's buffer: nobody writes to them.
    wh : tuple of int
        Width and height of the upright picture in square pixels. Coordinates refer to this picture.
    rgb_from_yuv : ndarray, shape (3, 4), or None
        R, G and B are its rows times (Y, U, V, 1); None for RGB.
    rotation_deg : int
        Clockwise turn that makes the stored picture upright: 0, 90, 180 or 270.
    is_mirrored : bool
        The stored picture is flipped left to right before it is turned.
    """

    planes: tuple[UInt8Array, ...]
    wh: tuple[int, int]
    rgb_from_yuv: FloatArray | None = None
    rotation_deg: int = 0
    is_mirrored: bool = False

    def __post_init__(self) -> None:
        is_rgb = len(self.planes) == 1 and self.planes[0].ndim == 3 and self.planes[0].shape[2] == 3
        is_yuv = len(self.planes) == 3 and all(plane.ndim == 2 for plane in self.planes)
        if not (is_rgb and self.rgb_from_yuv is None) and not (is_yuv and self.rgb_from_yuv is not None):
            shapes = tuple(plane.shape for plane in self.planes)
            raise ValueError(f"planes: expected (H, W, 3) of RGB, or Y, U, V and a matrix for them, got {shapes}")
        if self.rotation_deg not in (0, 90, 180, 270):
            raise ValueError(f"rotation_deg: expected 0, 90, 180 or 270, got {self.rotation_deg}")
        if min(self.wh) <= 0:
            raise ValueError(f"wh: expected positive sizes, got {self.wh}")

    @classmethod
    def of_rgb(cls, rgb: UInt8Array) -> Picture:
        """Return an upright RGB array of shape (H, W, 3) as a picture, without a copy."""
        return cls(planes=(rgb,), wh=(rgb.shape[1], rgb.shape[0]))

    @property
    def nbytes(self) -> int:
        """Memory that the planes take."""
        return sum(plane.nbytes for plane in self.planes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One decoded picture of a clip.

    Attributes
    ----------
    index : int
        Position in the file in presentation order, from 0.
    time_s : float
        Presentation time relative to the first frame of the file.
    picture : Picture
    is_repeat : bool
        The same picture as in the frame before, so nothing new was recorded: a duplicate or a frozen stretch.
    """

    index: int
    time_s: float
    picture: Picture
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a long stage has come; `total` is None where it cannot be known."""

    stage: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PoseTrack:
    """Keypoints of one person over time.

    Attributes
    ----------
    time_s : ndarray, shape (T,)
        Strictly increasing.
    xy_px : ndarray, shape (T, 17, 2)
        Pixels of the upright frame, y downwards; NaN = unknown.
    score : ndarray, shape (T, 17)
        The model's confidence, 0..1 (0 where there was no detection).
    image_wh : tuple of int or None
        Width and height of the upright frame; None when unknown (keypoint files carry no picture).
    """

    time_s: FloatArray
    xy_px: FloatArray
    score: FloatArray
    image_wh: tuple[int, int] | None

    def __post_init__(self) -> None:
        n = len(np.asarray(self.time_s))
        object.__setattr__(self, "time_s", _frozen(self.time_s, name="time_s", shape=(n,)))
        object.__setattr__(self, "xy_px", _frozen(self.xy_px, name="xy_px", shape=(n, N_KEYPOINTS, 2)))
        object.__setattr__(self, "score", _frozen(self.score, name="score", shape=(n, N_KEYPOINTS)))
        _check_times(self.time_s)
        if not np.all((self.score >= 0.0) & (self.score <= 1.0)):
            raise ValueError("score: expected values in 0..1 without NaN")
        if self.image_wh is not None and min(self.image_wh) <= 0:
            raise ValueError(f"image_wh: expected positive sizes, got {self.image_wh}")

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def fps_mean(self) -> float:
        """Mean frame rate from the times, in Hz; NaN with fewer than two frames."""
        if len(self) < 2:
            return float("nan")
        return float((len(self) - 1) / (self.time_s[-1] - self.time_s[0]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmoothedTrack:
    """A cleaned track; `interpolated`, shape (T, 17), is True where a keypoint was filled in rather than measured."""

    track: PoseTrack
    interpolated: NDArray[np.bool_]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        interpolated = np.array(self.interpolated, dtype=bool)
        if interpolated.shape != self.track.score.shape:
            raise ValueError(f"interpolated: expected shape {self.track.score.shape}, got {interpolated.shape}")
        interpolated.flags.writeable = False
        object.__setattr__(self, "interpolated", interpolated)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AngleSeries:
    """Joint and segment angles over time.

    Attributes
    ----------
    time_s : ndarray, shape (T,)
    names : tuple of str, length A
    deg : ndarray, shape (T, A)
        Degrees; NaN = unknown.
    facing : {"left", "right", "unknown"}
        Direction in the picture that the signed angles refer to.
    """

    time_s: FloatArray
    names: tuple[str, ...]
    deg: FloatArray
    facing: Facing

    def __post_init__(self) -> None:
        n = len(np.asarray(self.time_s))
        object.__setattr__(self, "time_s", _frozen(self.time_s, name="time_s", shape=(n,)))
        object.__setattr__(self, "deg", _frozen(self.deg, name="deg", shape=(n, len(self.names))))
        _check_times(self.time_s)

    def angle(self, name: str) -> FloatArray:
        """Return one named angle, shape (T,), in degrees; KeyError for an unknown name."""
        if name not in self.names:
            raise KeyError(f"no angle {name!r}; there are {', '.join(self.names)}")
        return self.deg[:, self.names.index(name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number of the report, or the reason why it is missing.

    Attributes
    ----------
    name, unit : str
        Names and units as listed in the command line's contract.
    value : float or None
        None = withheld; then `reason` says why and how to film it better.
    side : {"left", "right", "both"} or None
        None where a side makes no sense.
    n : int
        How many steps, strides or repetitions the value rests on.
    sd : float or None
        Standard deviation (ddof 1) over those.
    confidence : float
        0..1; 0 when withheld.
    """

    name: str
    value: float | None
    unit: str
    side: Side | None = None
    n: int = 0
    sd: float | None = None
    confidence: float = 0.0
    reason: str | None = None

    def __post_init__(self) -> None:
        for label in ("value", "sd"):
            number = getattr(self, label)
            if number is not None and not np.isfinite(number):
                raise ValueError(f"{self.name}.{label}: expected a finite number or None, got {number}")
        _check_unit_interval(f"{self.name}.confidence", self.confidence)
        if self.value is None and not self.reason:
            raise ValueError(f"{self.name}: a withheld metric needs a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A foot event: `frame` is the index of the nearest video frame."""

    side: Literal["left", "right"]
    kind: ContactKind
    time_s: float
    frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stride:
    """One gait cycle, heel strike to the next heel strike of the same foot."""

    side: Literal["left", "right"]
    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not self.end_s > self.start_s:
            raise ValueError(f"stride: expected end after start, got {self.start_s}..{self.end_s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitSummary:
    """Foot events, strides and gait metrics, in time order."""

    mode: GaitMode
    contacts: tuple[Contact, ...]
    strides: tuple[Stride, ...]
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormNote:
    """What was noticed about how a repetition was done, at the moment where it shows most.

    Attributes
    ----------
    rule : str
        Name of the form rule, as in the table of exercises.
    time_s : float
    text : str
        A sentence's core, as in "trunk leans 48 degrees"; without the moment.
    value : float or None
        What the rule measured, in the unit that `text` names.
    """

    rule: str
    time_s: float
    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """One repetition of an exercise.

    Attributes
    ----------
    index : int
        From 1, in time order.
    side : {"left", "right", "both"}
    start_s, turn_s, end_s : float
        Leaving the start position, the turning point, and the return. For the last repetition of a clip that ends
        before the return is complete, `end_s` is the last time seen and `notes` holds `CUT_OFF`.
    range_deg : float or None
        Range of the exercise's angle over the repetition; None when the joint was not seen.
    notes : tuple of str
    confidence : float
    set_index : int
        Which set it belongs to, from 1; a pause separates sets.
    outward_s, hold_s, return_s : float or None
        Duration of the way to the turning point, of the stay there and of the way back (of a squat: down, hold, up).
    depth : float or None
        How far it went as a share of the exercise's full standard; 1 = reached.
    left_right_difference_deg : float or None
        Range of the left side minus that of the right, where both move and both are seen.
    form : tuple of FormNote
        In time order.
    """

    index: int
    side: Side
    start_s: float
    turn_s: float
    end_s: float
    range_deg: float | None
    notes: tuple[str, ...] = ()
    confidence: float = 0.0
    set_index: int = 1
    outward_s: float | None = None
    hold_s: float | None = None
    return_s: float | None = None
    depth: float | None = None
    left_right_difference_deg: float | None = None
    form: tuple[FormNote, ...] = ()

    def __post_init__(self) -> None:
        if not self.start_s <= self.turn_s <= self.end_s:
            raise ValueError(
                f"repetition: expected start <= turn <= end, got {self.start_s}, {self.turn_s}, {self.end_s}"
            )
        _check_unit_interval("repetition.confidence", self.confidence)

    @property
    def is_whole(self) -> bool:
        """Whether the clip shows it to its end."""
        return CUT_OFF not in self.notes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseSummary:
    """Repetitions of one exercise; `count` full ones, `partial` shallow ones, which `partials` lists in time order."""

    name: str
    count: int
    partial: int
    repetitions: tuple[Repetition, ...]
    metrics: tuple[Metric, ...]
    partials: tuple[Repetition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPerson:
    """A person seen in the clip; `box_px` is (left, top, right, bottom) at first appearance."""

    index: int
    first_s: float
    last_s: float
    box_px: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectInfo:
    """Who was analysed and how well they were seen.

    `people` lists everybody followed, `index` says which of them was analysed (None when only a track is known);
    somebody less than half as large as the largest person in view is not followed. `direction` says whether the steps
    measured lead where the person faces; "unknown" without steps from the side.
    """

    people_seen: int
    frames_tracked: int
    view: View
    facing: Facing
    people: tuple[SubjectPerson, ...] = ()
    index: int | None = None
    direction: WalkingDirection = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What the clip shows: "gait", the name of an exercise, or "none"."""

    kind: str
    chosen_by: Literal["auto", "user"]
    confidence: float

    def __post_init__(self) -> None:
        _check_unit_interval("activity.confidence", self.confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """The analysed file.

    Attributes
    ----------
    file : str
        File name without folder.
    sha256 : str or None
        Content hash, by which the same file is recognised again.
    width_px, height_px : int or None
        None for keypoint files without a picture size.
    frames : int
    duration_s, fps_mean : float or None
        From the frames' own times; None with fewer than two frames.
    rotation_deg : int
    recorded_at : datetime or None
        Time zone aware, when the file states it.
    """

    file: str
    frames: int
    duration_s: float | None
    fps_mean: float | None
    width_px: int | None = None
    height_px: int | None = None
    rotation_deg: int = 0
    sha256: str | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made the numbers: program version, model, and every setting as plain JSON values."""

    gaitlab: str
    model: str | None
    model_sha256: str | None
    settings: Mapping[str, Any] = field(default_factory=dict)


#: Of each kind of edit, whether it needs `to_s`, and whether `side` and `contact`.
_EDIT_NEEDS: dict[str, tuple[bool, bool]] = {
    "move_contact": (True, True),
    "delete_contact": (False, True),
    "add_contact": (False, True),
    "delete_repetition": (False, False),
    "swap_sides": (True, False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One correction by hand of what the program found; the raw track is not touched by it.

    Attributes
    ----------
    kind : EditKind
        Move, delete or add a foot contact; delete a repetition; swap left and right over a stretch of time.
    time_s : float
        When the contact is that is meant, a moment of the repetition, or where the stretch begins.
    to_s : float or None
        Where the contact is moved to, or where the stretch ends.
    side : {"left", "right"} or None
        Foot of the contact.
    contact : {"heel_strike", "toe_off"} or None
        Kind of the contact.
    created_at : datetime or None
        With its time zone.
    undone : bool
        Taken back: kept, but without effect.
    """

    kind: EditKind
    time_s: float
    to_s: float | None = None
    side: Literal["left", "right"] | None = None
    contact: ContactKind | None = None
    created_at: datetime | None = None
    undone: bool = False

    def __post_init__(self) -> None:
        if self.kind not in _EDIT_NEEDS:
            raise ValueError(f"edit: expected one of {', '.join(_EDIT_NEEDS)}, got {self.kind!r}")
        needs_to, needs_contact = _EDIT_NEEDS[self.kind]
        if needs_to != (self.to_s is not None):
            raise ValueError(f"{self.kind}: expected {'a' if needs_to else 'no'} second time, got {self.to_s}")
        if needs_contact != (self.side is not None) or needs_contact != (self.contact is not None):
            raise ValueError(f"{self.kind}: expected {'' if needs_contact else 'no '}side and kind of a contact")
        if self.kind == "swap_sides" and not self.time_s <= float(self.to_s or 0.0):
            raise ValueError(f"swap_sides: expected a start before the end, got {self.time_s}..{self.to_s}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Analysis:
    """Everything one analysis found; what a session stores and a report shows.

    Attributes
    ----------
    source : SourceInfo
    subject : SubjectInfo
    activity : Activity
    track_raw : PoseTrack
        As the model (or the keypoint file) gave it.
    track : PoseTrack
        Cleaned and smoothed, on the same times as `track_raw`.
    angles : AngleSeries
        On the times of `track`.
    gait : GaitSummary or None
    exercise : ExerciseSummary or None
    notes : tuple of str
        Findings a reader must know, as sentences.
    provenance : Provenance
    edits : tuple of Edit
        Corrections by hand that the results rest on, and those that were undone; times as in the results.
    input_notes : tuple of str
        Those of `notes` that come from reading the file, which an analysis of the track alone cannot find again.
    """

    source: SourceInfo
    subject: SubjectInfo
    activity: Activity
    track_raw: PoseTrack
    track: PoseTrack
    angles: AngleSeries
    gait: GaitSummary | None
    exercise: ExerciseSummary | None
    notes: tuple[str, ...]
    provenance: Provenance
    edits: tuple[Edit, ...] = ()
    input_notes: tuple[str, ...] = ()

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics, gait first."""
        gait = self.gait.metrics if self.gait else ()
        exercise = self.exercise.metrics if self.exercise else ()
        return gait + exercise
