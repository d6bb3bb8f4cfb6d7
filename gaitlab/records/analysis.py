"""A whole analysis: subject, activity, results, source, program version and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from gaitlab.records.arrays import check_unit_interval
from gaitlab.records.findings import Said, sentences_of
from gaitlab.records.movement import ContactKind, ExerciseSummary, GaitSummary, Metric
from gaitlab.records.skeleton import OneSide
from gaitlab.records.tracks import AngleSeries, Facing, PoseTrack

__all__ = [
    "Activity",
    "Analysis",
    "Edit",
    "EditKind",
    "Provenance",
    "SourceInfo",
    "SubjectInfo",
    "SubjectPerson",
    "View",
    "WalkingDirection",
]

View = Literal["side", "front", "ambiguous"]
WalkingDirection = Literal["forward", "backward", "unknown"]
EditKind = Literal["move_contact", "delete_contact", "add_contact", "delete_repetition", "add_repetition", "swap_sides"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPerson:
    """A person seen in the clip; `box_px` is (left, top, right, bottom) at first appearance."""

    index: int
    first_s: float
    last_s: float
    box_px: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectInfo:
    """The person who was analysed, the view and the other people.

    `people` lists everybody followed; `index` is the number of the person analysed (None when only a track is known). A
    person less than half as large as the largest in view is not followed. `direction` says whether the measured steps
    go in the direction the person faces; "unknown" without steps from the side.
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
    """The activity in the clip: "gait", the name of an exercise, or "none"."""

    kind: str
    chosen_by: Literal["auto", "user"]
    confidence: float

    def __post_init__(self) -> None:
        check_unit_interval("activity.confidence", self.confidence)


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
    """The origin of the numbers: program version, model, and the settings that can be changed, as plain JSON values.

    Settings that cannot be changed belong to the program version.
    """

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
    "add_repetition": (False, False),
    "swap_sides": (True, False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One correction by hand of what the program found; the raw track is not touched by it.

    Attributes
    ----------
    kind : EditKind
        Move, delete or add a foot contact; delete or add a repetition; swap left and right over a stretch of time.
    time_s : float
        Time of the contact, a moment of the repetition, or the start of the stretch.
    to_s : float or None
        New time of the contact, or the end of the stretch.
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
    side: OneSide | None = None
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
    """Everything that one analysis found; a session stores it and a report shows it.

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
    findings : tuple of Said
        What a reader must know; the sentences are `notes`.
    provenance : Provenance
    edits : tuple of Edit
        Corrections by hand that the results rest on, and those that were undone; times as in the results.
    input_findings : tuple of Said
        Those of `findings` that come from reading the file, which an analysis of the track alone cannot find again.
    """

    source: SourceInfo
    subject: SubjectInfo
    activity: Activity
    track_raw: PoseTrack
    track: PoseTrack
    angles: AngleSeries
    gait: GaitSummary | None
    exercise: ExerciseSummary | None
    findings: tuple[Said, ...]
    provenance: Provenance
    edits: tuple[Edit, ...] = ()
    input_findings: tuple[Said, ...] = ()

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics, gait first."""
        gait = self.gait.metrics if self.gait else ()
        exercise = self.exercise.metrics if self.exercise else ()
        return gait + exercise

    @property
    def notes(self) -> tuple[str, ...]:
        """The findings as sentences."""
        return sentences_of(self.findings)

    @property
    def input_notes(self) -> tuple[str, ...]:
        """The findings from reading the file as sentences."""
        return sentences_of(self.input_findings)
