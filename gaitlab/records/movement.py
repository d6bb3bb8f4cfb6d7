"""The results of a movement: metrics, foot contacts and strides, repetitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gaitlab.records.arrays import check_unit_interval
from gaitlab.records.findings import Said, sentence_of
from gaitlab.records.skeleton import OneSide, Side

__all__ = [
    "CUT_OFF",
    "Contact",
    "ContactKind",
    "ExerciseSummary",
    "FormNote",
    "GaitMode",
    "GaitSummary",
    "Metric",
    "Repetition",
    "Side",
    "Stride",
]

#: The note of a repetition that the end of the clip cuts off.
CUT_OFF: Final = "cut off"

ContactKind = Literal["heel_strike", "toe_off"]
GaitMode = Literal["walk", "run", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number of the report, or the reason why it is missing.

    Attributes
    ----------
    name, unit : str
        Names and units as listed in the command line's contract.
    value : float or None
        None = withheld; then `why` says why and how to film it better.
    side : {"left", "right", "both"} or None
        None where a side makes no sense.
    n : int
        Number of steps, strides or repetitions behind the value.
    sd : float or None
        Standard deviation (ddof 1) over those.
    confidence : float
        0..1; 0 when withheld.
    why : Said or None
        Why there is no value; its sentence is `reason`.
    """

    name: str
    value: float | None
    unit: str
    side: Side | None = None
    n: int = 0
    sd: float | None = None
    confidence: float = 0.0
    why: Said | None = None

    def __post_init__(self) -> None:
        for label in ("value", "sd"):
            number = getattr(self, label)
            if number is not None and not np.isfinite(number):
                raise ValueError(f"{self.name}.{label}: expected a finite number or None, got {number}")
        check_unit_interval(f"{self.name}.confidence", self.confidence)
        if self.value is None and self.why is None:
            raise ValueError(f"{self.name}: a withheld metric needs a reason")

    @property
    def reason(self) -> str | None:
        """The sentence that says why there is no value."""
        return None if self.why is None else sentence_of(self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A foot event: `frame` is the index of the nearest video frame."""

    side: OneSide
    kind: ContactKind
    time_s: float
    frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stride:
    """One gait cycle, heel strike to the next heel strike of the same foot."""

    side: OneSide
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
    """A fault in the form of a repetition, with the moment at which it is largest.

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
        The depth as a share of the exercise's full standard; 1 = reached.
    left_right_difference_deg : float or None
        Range of the left side minus that of the right, where both move and both are seen.
    form : tuple of FormNote
        In time order.
    is_shallow : bool
        It turned before the depth of a full repetition.
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
    is_shallow: bool = False

    def __post_init__(self) -> None:
        if not self.start_s <= self.turn_s <= self.end_s:
            raise ValueError(
                f"repetition: expected start <= turn <= end, got {self.start_s}, {self.turn_s}, {self.end_s}"
            )
        check_unit_interval("repetition.confidence", self.confidence)

    @property
    def is_whole(self) -> bool:
        """Whether the clip shows it to its end."""
        return CUT_OFF not in self.notes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseSummary:
    """Repetitions of one exercise in time order: `count` of them, of which `partial` are shallow."""

    name: str
    count: int
    partial: int
    repetitions: tuple[Repetition, ...]
    metrics: tuple[Metric, ...]
