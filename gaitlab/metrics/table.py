"""The table of metrics: everything known about each metric apart from its value.

A stage that computes a metric takes its unit from here. Code that writes, draws, compares or stores it takes its label,
decimals, typical range, direction and limits from here. A new metric needs one row of `METRICS` and the code that
computes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["HEADLINES", "METRICS", "Aim", "Bound", "MetricRow", "Typical", "row_of", "spoken"]

#: Which way is better: up, down, or into a range (low, high).
Aim = Literal["more", "less"] | tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A published repeatability: either the smallest detectable change, or the SD within persons.

    Attributes
    ----------
    change, within_sd : float or None
        One of them, in the metric's unit.
    source : str
        The source, as readers see it.
    """

    source: str
    change: float | None = None
    within_sd: float | None = None

    def __post_init__(self) -> None:
        if (self.change is None) == (self.within_sd is None):
            raise ValueError("bound: expected either a change or an SD within persons")

    @property
    def limit(self) -> float:
        """The largest difference between two single sessions that is no change."""
        return self.change if self.change is not None else 1.96 * math.sqrt(2.0) * float(self.within_sd or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """The range of most healthy adults who walk at a comfortable speed: an orientation, not a limit.

    Attributes
    ----------
    low, high : float
        In the metric's unit.
    source : str
        Source of the range.
    """

    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricRow:
    """Everything known about a metric apart from its value.

    Attributes
    ----------
    name, unit : str
        As they stand in files and in the store; the unit is one of `gaitlab.metrics.units.UNITS`.
    other_units : tuple of str
        Units in which a stage may give the number instead.
    label : str
        The name that readers see.
    help : str or None
        One sentence of explanation.
    noun : str
        Name of one of the `n` samples: "step", "stride"; empty = not shown.
    decimals : int or None
        Decimals of its values; None = those of its unit.
    better : Aim or None
        Which way is better; None where nobody can say.
    bound : Bound or None
        Published limit of a change.
    resolution : float
        Smallest step of its values; rounding to it has an SD of step / sqrt(12). 0 = no fixed step.
    typical : Typical or None
        Range of healthy adults.
    error : float
        What a value may be off by, in 95 of 100 walks beside plates and sensors (docs/evidence.md): nearer to an end of
        the typical range no report says on which side of it a value is. Of metrics with one unit; 0 = small beside it.
    is_headline : bool
        Whether it comes first in a report and stands beside its session in a list.
    is_per_leg : bool
        Whether a view from the side gives it for each leg.
    needs_side_view : bool
        Whether it is withheld from the front.
    never : str or None
        Why it is withheld from every view, a code of the table of sentences; of a number of the feet, where no heel and
        no toe are tracked.
    needs_feet : bool
        Whether it rests on heel and toe.
    """

    name: str
    unit: str
    other_units: tuple[str, ...] = ()
    label: str
    help: str | None
    noun: str
    decimals: int | None = None
    better: Aim | None = None
    bound: Bound | None = None
    resolution: float = 0.0
    typical: Typical | None = None
    error: float = 0.0
    is_headline: bool = False
    is_per_leg: bool = False
    needs_side_view: bool = False
    never: str | None = None
    needs_feet: bool = False


_LITERATURE: Final = "a cautious value from the literature on walking"

# The largest of the errors that Riazati et al. 2022 (doi 10.3389/fnhum.2022.867474) found between days for sagittal and
# frontal angles of hip, knee and ankle at events of the stride: 0.91 to 3.25 degrees, by markerless capture.
_ANGLE: Final = Bound(within_sd=3.25, source="Riazati et al. 2022, several cameras without markers, between days")

_TEXTBOOKS: Final = "rounded, as in textbooks of gait analysis; no single source"


# A metric has a better direction only where that is not a matter of taste *(ours)*. Left out on purpose: cadence,
# times, lengths and shares of the stride, which depend on speed and body height; joint ranges, where a norm or a goal
# decides; tempo and duration of repetitions, which are a choice.
#
# Published limits of step time, step length, speed and cadence are those of the project's notes on the domain, whose
# own source could not be seen; for cadence, Sensors 2020, 20, 4866, table 3 has 12.2.
#
# Shares of the stride have no decimals: they are known to about 2 % of it.
# fmt: off
_GAIT: Final = (
    MetricRow(
        name="cadence", unit="steps/min", label="Cadence", noun="step",
        help="Steps per minute, both feet counted.",
        bound=Bound(change=12.0, source="Sensors 2020, 20, 4866: 12 steps/min between two tests"),
        typical=Typical(low=100.0, high=120.0, source=_TEXTBOOKS), is_headline=True,
    ),
    MetricRow(
        name="step_time", unit="s", label="Step time", noun="step",
        help="From the heel strike of one foot to that of the other.",
        bound=Bound(change=0.045, source=_LITERATURE), typical=Typical(low=0.5, high=0.6, source=_TEXTBOOKS),
        is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="stride_time", unit="s", label="Stride time", noun="stride",
        help="From one heel strike to the next of the same foot.",
        is_per_leg=True,
    ),
    MetricRow(
        name="stance_time", unit="s", label="Stance time", noun="stride",
        help="How long the foot is on the ground.",
        is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="swing_time", unit="s", label="Swing time", noun="stride",
        help="How long the foot is in the air.",
        is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="stance_percent", unit="%", label="Stance", noun="stride",
        help="Share of the stride with the foot on the ground.",
        decimals=0, typical=Typical(low=58.0, high=62.0, source=_TEXTBOOKS), error=5.0, is_per_leg=True,
        needs_side_view=True,
    ),
    MetricRow(
        name="swing_percent", unit="%", label="Swing", noun="stride",
        help="Share of the stride with the foot in the air.",
        decimals=0, is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="double_support_percent", unit="%", label="Double support", noun="stride",
        help="Share of the stride with both feet on the ground.",
        decimals=0, typical=Typical(low=15.0, high=25.0, source=_TEXTBOOKS), error=9.0, needs_side_view=True,
    ),
    MetricRow(
        name="step_length", unit="m", label="Step length", noun="step",
        help="Distance from one foot placement to the next of the other foot.",
        bound=Bound(change=0.040, source=_LITERATURE), is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="stride_length", unit="m", label="Stride length", noun="stride",
        help="Distance from one foot placement to the next of the same foot.",
        is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="speed", unit="m/s", label="Speed", noun="stride",
        help="How fast the body moves forward.",
        better="more", bound=Bound(change=0.145, source=_LITERATURE), needs_side_view=True,
    ),
    MetricRow(
        name="step_time_symmetry_index", unit="%", label="Step time asymmetry", noun="step",
        help="Difference of left and right; 0 means equal.",
        better=(0.0, 0.0), needs_side_view=True,
    ),
    # Over eleven people with sensors the signed difference of the step lengths of both feet was off by 13.5 % of their
    # mean (correlation 0.35).
    MetricRow(
        name="step_length_symmetry_index", unit="%", label="Step length asymmetry", noun="step",
        help="Difference of left and right; 0 means equal.",
        better=(0.0, 0.0), never="feet_apart",
    ),
    MetricRow(
        name="step_time_cv", unit="%", label="Step time variability", noun="step",
        help="Spread of the step times relative to their mean.",
        better="less", is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="knee_flexion_peak", unit="deg", label="Largest knee bend", noun="stride",
        help="Highest knee flexion; a straight leg is 0°. Beside sensors 7° too large on average.",
        bound=_ANGLE, is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="knee_range", unit="deg", label="Knee range", noun="stride",
        help="Difference of the largest and smallest knee angle.",
        bound=_ANGLE, is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="hip_range", unit="deg", label="Hip range", noun="stride",
        help="Difference of the largest and smallest hip angle.",
        bound=_ANGLE, is_per_leg=True, needs_side_view=True,
    ),
    MetricRow(
        name="trunk_lean_mean", unit="deg", label="Trunk lean", noun="stride",
        help="Mean lean of the trunk from the vertical, forward positive.",
        needs_side_view=True,
    ),
    MetricRow(
        name="vertical_oscillation", unit="m", label="Vertical oscillation", noun="step",
        help="How far the hips go up and down from one landing to the next; of running.",
        decimals=3,
    ),
    MetricRow(
        name="overstride", unit="m", label="Foot ahead of the hips at contact", noun="step",
        help="How far the ankle is ahead of the hips as the foot lands; of running. Beside plates 2-3 cm too small.",
        is_per_leg=True,
    ),
    MetricRow(
        name="shank_angle_at_contact", unit="deg", label="Shin angle at contact", noun="step",
        help="Angle of the shin to the vertical as the foot lands, the ankle ahead of the knee positive; of running.",
        is_per_leg=True,
    ),
    MetricRow(
        name="ankle_angle", unit="deg", label="Ankle angle", noun="stride",
        help="Angle between shank and foot.",
        never="no_foot", needs_feet=True,
    ),
    MetricRow(
        name="ankle_dorsiflexion_peak", unit="deg", label="Largest ankle dorsiflexion", noun="stride",
        help="Highest ankle angle of a stride; 0° is a flat foot under a vertical shank.",
        bound=_ANGLE, is_per_leg=True, needs_feet=True,
    ),
    MetricRow(
        name="ankle_range", unit="deg", label="Ankle range", noun="stride",
        help="Difference of the largest and smallest ankle angle. Beside 3-D motion capture 7° too small on average.",
        bound=_ANGLE, is_per_leg=True, needs_feet=True,
    ),
    MetricRow(
        name="foot_strike_angle", unit="deg", label="Foot angle at contact", noun="step",
        help="Angle of the foot against the floor as it lands, toes up positive; above 8° the heel lands first.",
        is_per_leg=True, needs_feet=True,
    ),
    MetricRow(
        name="foot_strike_type", unit="", label="Kind of foot strike", noun="step",
        help="Whether heel, midfoot or forefoot touches down first.",
        never="no_foot", needs_feet=True,
    ),
    MetricRow(
        name="foot_progression_angle", unit="deg", label="Foot turn-out", noun="step",
        help="How far the foot points away from the walking direction.",
        never="no_foot", needs_feet=True,
    ),
    MetricRow(
        name="toe_clearance", unit="m", label="Toe clearance", noun="step",
        help="How high the toe passes over the floor, least in mid-swing.",
        decimals=3, is_per_leg=True, never="no_foot", needs_feet=True,
    ),
    MetricRow(
        name="mid_swing_clearance", unit="m", label="Toe clearance in mid-swing", noun="step",
        help="How high the toe is over the floor as its foot passes the other one.",
        decimals=3, is_per_leg=True, needs_feet=True,
    ),
)

# The tests are made for older people: what is typical is that of 60 to 99 years. No limit of a change is given: those
# published hold for patients of one kind each.
_TESTS: Final = (
    MetricRow(
        name="timed_up_and_go", unit="s", label="Timed Up and Go", noun="",
        help="From the first movement to the seat again; 12 s or more: a risk of falling (CDC STEADI).",
        better="less",
        typical=Typical(low=7.1, high=12.7, source="Bohannon 2006, J Geriatr Phys Ther 29:64, aged 60 to 99"),
    ),
    MetricRow(
        name="up_and_go_rise", unit="s", label="Timed Up and Go: rise", noun="",
        help="From the first movement to standing upright.",
    ),
    MetricRow(
        name="up_and_go_walk_out", unit="s", label="Timed Up and Go: walk to the line", noun="",
        help="From standing upright to the start of the turn.",
    ),
    MetricRow(
        name="up_and_go_turn", unit="s", label="Timed Up and Go: turn", noun="",
        help="The turn at the line, by half a circle.",
    ),
    MetricRow(
        name="up_and_go_walk_back", unit="s", label="Timed Up and Go: walk back", noun="",
        help="From the end of the turn to the turn before the chair.",
    ),
    MetricRow(
        name="up_and_go_sit", unit="s", label="Timed Up and Go: turn and sit", noun="",
        help="From the start of the turn before the chair to the seat.",
    ),
    MetricRow(
        name="four_metre_walk", unit="s", label="4-metre walk", noun="walk",
        help="Time between two marks 4 m apart; of several walks the fastest.",
        better="less",
    ),
    MetricRow(
        name="four_metre_walk_speed", unit="m/s", label="4-metre walk: speed", noun="walk",
        help="4 m over the time; up to 0.8 m/s is slow (EWGSOP2, Cruz-Jentoft et al. 2019).",
        better="more",
    ),
    MetricRow(
        name="ten_metre_walk", unit="s", label="10-metre walk", noun="walk",
        help="Time between two marks 10 m apart; the mean of several walks.",
        better="less",
    ),
    MetricRow(
        name="ten_metre_walk_speed", unit="m/s", label="10-metre walk: speed", noun="walk",
        help="The way between the marks (10 m, or their middle 6 m) over the time; after stroke, under 0.4 m/s "
        "walks in the house and up to 0.8 little outside of it (Perry et al. 1995).",
        better="more",
    ),
    MetricRow(
        name="sppb_gait_points", unit="points", label="Walk points", noun="",
        help="0 to 4 points of the Short Physical Performance Battery for the 4-metre walk.",
        better="more", resolution=1.0,
    ),
    MetricRow(
        name="sppb_total", unit="points", label="SPPB total", noun="",
        help="Balance, walk and chair stands, 0 to 12 points; up to 8 is poor (EWGSOP2, Cruz-Jentoft et al. 2019).",
        better="more", resolution=1.0,
    ),
    MetricRow(
        name="turn_count", unit="turns", label="Turns", noun="",
        help="Turns by half a circle, from one walking direction to the other.",
        decimals=0, resolution=1.0,
    ),
    MetricRow(
        name="turn_time", unit="s", label="Time per turn", noun="turn",
        help="How long a turn by half a circle takes.",
    ),
)


_EXERCISE: Final = (
    MetricRow(
        name="repetition_count", unit="repetitions", label="Repetitions", noun="",
        help="All repetitions, shallow ones too.",
        decimals=0, better="more", resolution=1.0, is_headline=True,
    ),
    MetricRow(
        name="tempo", unit="repetitions/min", label="Tempo", noun="interval",
        help="Repetitions per minute.",
    ),
    MetricRow(
        name="repetition_duration", unit="s", label="Time per repetition", noun="repetition",
        help="From leaving the start position to the return.",
    ),
    MetricRow(
        name="range_of_motion", unit="deg", label="Range of motion", noun="repetition",
        help="Range of the exercise's main joint angle over a repetition.",
        better="more",
    ),
    MetricRow(
        name="left_right_difference", unit="deg", label="Left-right difference", noun="repetition",
        help="Range of the left side minus that of the right.",
        better=(0.0, 0.0),
    ),
    MetricRow(
        name="five_times_sit_to_stand", unit="s", label="Five times sit-to-stand", noun="",
        help="From the start of the first rise to the fifth full stand, arms crossed.",
        better="less",
    ),
    MetricRow(
        name="sppb_chair_points", unit="points", label="Chair stand points", noun="",
        help="0 to 4 points of the Short Physical Performance Battery.",
        better="more", resolution=1.0,
    ),
    MetricRow(
        name="chair_stands_30s", unit="stands", label="Stands in 30 seconds", noun="",
        help="Full stands within 30 s of the first rise, arms crossed.",
        better="more", resolution=1.0,
    ),
    MetricRow(
        name="fatigue_slope", unit="deg/repetition", other_units=("%/repetition",), label="Fatigue: range",
        noun="repetition",
        help="Change of the range of motion from one repetition to the next over the longest set; ± is its standard "
        "error.",
    ),
    MetricRow(
        name="fatigue_slope_duration", unit="s/repetition", label="Fatigue: duration", noun="repetition",
        help="Change of the time per repetition, from one to the next over the longest set; ± is its standard "
        "error.",
    ),
)
# fmt: on


#: Name → all that is known of the metric, in the order of reports.
METRICS: Final[Mapping[str, MetricRow]] = {row.name: row for row in (*_GAIT, *_TESTS, *_EXERCISE)}

#: Metrics that stand first in a report and beside their session in a list.
HEADLINES: Final[tuple[str, ...]] = tuple(row.name for row in METRICS.values() if row.is_headline)

#: Ends of the names of unknown numbers without decimals.
_WHOLE: Final = ("_count", "_percent")


def spoken(name: str) -> str:
    """Turn a name into words: "trunk_lean" → "Trunk lean"."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def row_of(name: str) -> MetricRow:
    """Return the row of a metric; for an unknown one, as in old sessions, a row with little more than a label."""
    return METRICS.get(name) or MetricRow(
        name=name,
        unit="",
        label=spoken(name),
        help=None,
        noun="measurement",
        decimals=0 if name.endswith(_WHOLE) else None,
    )
