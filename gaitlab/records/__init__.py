"""The frozen records that pass between stages.

Every record is checked once, when it is made. Arrays are copied to read-only arrays of the stated type, so no stage can
change its input. Missing is NaN in arrays and None in scalars, never 0.
"""

from gaitlab.records.analysis import (
    Activity,
    Analysis,
    Edit,
    EditKind,
    Provenance,
    SourceInfo,
    SubjectInfo,
    SubjectPerson,
    View,
    WalkingDirection,
)
from gaitlab.records.arrays import FloatArray, UInt8Array
from gaitlab.records.movement import (
    CUT_OFF,
    Contact,
    ContactKind,
    ExerciseSummary,
    FormNote,
    GaitMode,
    GaitSummary,
    Metric,
    Repetition,
    Side,
    Stride,
)
from gaitlab.records.recording import Recording
from gaitlab.records.tracks import (
    AngleSeries,
    Facing,
    FeetTrack,
    Frame,
    Picture,
    PoseTrack,
    Progress,
    SmoothedTrack,
    VideoInfo,
)

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
    "FeetTrack",
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
    "Recording",
    "Repetition",
    "Side",
    "SmoothedTrack",
    "SourceInfo",
    "Stride",
    "SubjectInfo",
    "SubjectPerson",
    "UInt8Array",
    "VideoInfo",
    "View",
    "WalkingDirection",
]
