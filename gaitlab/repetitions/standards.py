"""Standards for a repetition: the joint angle, the value at full depth, and the rules of form.

The row of an exercise in `exercises.py` names its standard. The functions that measure are in `measures.py` and
`form.py`. Limits without a source are *(ours)*: twice the 5-8 degrees by which angles from one camera are uncertain,
unless the row says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["FORM_RULES", "Aspect", "FormRule", "Measure", "Standard"]

#: From where a repetition is seen; "front" is also the back.
Aspect = Literal["side", "oblique", "front"]
#: What says how far a repetition went: computed from heights in the picture, so that it holds from any side.
Measure = Literal["thigh", "thigh_lift", "arm_bend", "forearm", "upper_arm", "trunk", "trunk_lift", "pull"]

_SIDE: Final[tuple[Aspect, ...]] = ("side",)
_FRONT: Final[tuple[Aspect, ...]] = ("front",)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRule:
    """The rule for one form note.

    Attributes
    ----------
    name : str
        Of its measuring function in `gaitlab.repetitions.form`.
    aspects : tuple of str
        The views in which the fault can be seen; in other views the rule makes no note.
    limit : float
        The note is made when the measured value stays above it for a moment.
    text : str
        With ``{value:.0f}`` where the value is told.
    """

    name: str
    aspects: tuple[Aspect, ...]
    limit: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """How the repetitions of one exercise are judged; an empty standard judges nothing.

    Attributes
    ----------
    angle : str or None
        The joint whose range is the range of motion: an angle of `gaitlab.motion.kinematics` without its side.
    aspects : tuple of str
        The views that show that angle undistorted.
    measure : str or None
        Name of the measure that is compared with `full_deg`.
    full_deg : float
        The largest value of the measure in a repetition of full depth *(ours)*.
    form : tuple of str
        Names of form rules.
    chair_tests : bool
        The tests of standing up from a chair are made of its repetitions.
    """

    angle: str | None = None
    aspects: tuple[Aspect, ...] = ()
    measure: Measure | None = None
    full_deg: float = 90.0
    form: tuple[str, ...] = ()
    chair_tests: bool = False


_RULES: Final = (
    # Share by which the knees are nearer to each other than the ankles. Where the ratio of the two is 1 the legs are
    # straight; 20 % is about 6 degrees of each shank with the feet at hip width (ours).
    FormRule(name="knees_in", aspects=_FRONT, limit=20.0, text="knees fall in"),
    FormRule(name="hips_sag", aspects=_SIDE, limit=15.0, text="hips sag {value:.0f} degrees"),
    FormRule(name="hips_high", aspects=_SIDE, limit=30.0, text="hips are {value:.0f} degrees too high"),
    # Half-way between upright and level (ours).
    FormRule(name="trunk_leans", aspects=_SIDE, limit=45.0, text="trunk leans {value:.0f} degrees"),
    FormRule(name="trunk_leans_back", aspects=_SIDE, limit=15.0, text="trunk leans back {value:.0f} degrees"),
    FormRule(name="trunk_swings", aspects=_SIDE, limit=15.0, text="trunk swings {value:.0f} degrees"),
    FormRule(name="elbows_drift", aspects=_SIDE, limit=30.0, text="elbow drifts {value:.0f} degrees from the side"),
    # Upper arms nearer to square to the trunk than to 45 degrees (ours).
    FormRule(name="elbows_flare", aspects=_FRONT, limit=65.0, text="elbows flare {value:.0f} degrees"),
    # Percent of the trunk's height by which the hands are below 30 % of it, half-way up: crossed arms are at 50 % or
    # more, hands on thighs, seat or rests below 20 % (ours).
    FormRule(name="arms_help", aspects=("side", "oblique", "front"), limit=0.0, text="hands are low while rising"),
    FormRule(name="uneven", aspects=_FRONT, limit=15.0, text="left and right differ by {value:.0f} degrees"),
)

#: Form rules by name.
FORM_RULES: Final[Mapping[str, FormRule]] = MappingProxyType({rule.name: rule for rule in _RULES})
