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

__all__ = ["FORM_RULES", "NOT_TESTED", "Aspect", "FormRule", "Measure", "Standard"]

#: From where a repetition is seen; "front" is also the back.
Aspect = Literal["side", "oblique", "front"]
#: What says how far a repetition went: computed from heights in the picture, so that it holds from any side.
Measure = Literal["thigh", "thigh_lift", "arm_bend", "forearm", "upper_arm", "trunk", "trunk_lift", "pull"]

#: The evidence of a rule for which there are no right and wrong repetitions of people.
NOT_TESTED: Final = "not tested on people"

_SIDE: Final[tuple[Aspect, ...]] = ("side",)
_FRONT: Final[tuple[Aspect, ...]] = ("front",)
_ANY: Final[tuple[Aspect, ...]] = ("side", "oblique", "front")


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
    evidence : str
        How well the rule tells wrong repetitions from right ones, as `docs/evidence.md` has it.
    """

    name: str
    aspects: tuple[Aspect, ...]
    limit: float
    text: str
    evidence: str = NOT_TESTED

    @property
    def short(self) -> str:
        """The remark without its value."""
        return self.text.replace(" by {value:.0f} degrees", "").replace(" {value:.0f} degrees", "")


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
    # straight; 20 % is about 6 degrees of each shank with the feet at hip width (ours). The rule tells by the hips
    # whether it sees the legs from the front.
    FormRule(
        name="knees_in",
        aspects=_ANY,
        limit=20.0,
        text="knees fall in",
        evidence="seen in 10 of 10 wrong sets, in 0 of 100 right repetitions",
    ),
    # A full squat takes the thighs to level or lower (Cook et al. 2014, Int J Sports Phys Ther 9:396); right ones stay
    # 13 degrees above it at most (ours).
    FormRule(
        name="not_deep",
        aspects=_ANY,
        limit=20.0,
        text="thighs stay {value:.0f} degrees above level",
        evidence="seen in 7 of 10 wrong sets, in 0 of 100 right repetitions",
    ),
    FormRule(
        name="hips_sag",
        aspects=_SIDE,
        limit=15.0,
        text="hips sag {value:.0f} degrees",
        evidence="seen in 22 of 47 wrong sets, in 0 of 54 right repetitions",
    ),
    FormRule(
        name="hips_high",
        aspects=_SIDE,
        limit=30.0,
        text="hips are {value:.0f} degrees too high",
        evidence="seen in 3 of 47 wrong sets, in 0 of 54 right repetitions",
    ),
    # Knees on the floor, or about to be; right push-ups have 33 degrees at most (ours).
    FormRule(
        name="legs_bend",
        aspects=_SIDE,
        limit=45.0,
        text="knees bend {value:.0f} degrees",
        evidence="seen in 4 of 40 wrong sets, in 0 of 54 right repetitions",
    ),
    # The ears are about 35 degrees below the line of the trunk in a right push-up, 50 at most; 20 more (ours).
    FormRule(
        name="head_drops",
        aspects=_SIDE,
        limit=55.0,
        text="head drops",
        evidence="seen in 17 of 47 wrong sets, in 0 of 56 right repetitions",
    ),
    # Half-way between upright and level (ours).
    FormRule(
        name="trunk_leans",
        aspects=_SIDE,
        limit=45.0,
        text="trunk leans {value:.0f} degrees",
        evidence="seen in 3 of 6 wrong sets, in 0 of 56 right repetitions",
    ),
    FormRule(
        name="trunk_leans_rising",
        aspects=_SIDE,
        limit=45.0,
        text="trunk leans {value:.0f} degrees while rising",
        evidence="seen in 4 of 5 wrong sets, in 0 of 50 right repetitions",
    ),
    # A lunge keeps the trunk upright (Cook et al. 2014); right ones lean 12 degrees at most (ours).
    FormRule(
        name="trunk_leans_in_lunge",
        aspects=_SIDE,
        limit=20.0,
        text="trunk leans {value:.0f} degrees",
        evidence="seen in 4 of 4 wrong sets, in 0 of 39 right repetitions",
    ),
    # Twice what angles in the plane of the picture are uncertain; right lunges sway 9 degrees at most (ours).
    FormRule(
        name="trunk_sways",
        aspects=("oblique", "front"),
        limit=10.0,
        text="trunk sways {value:.0f} degrees to the side",
        evidence="seen in 4 of 4 wrong sets, in 0 of 39 right repetitions",
    ),
    FormRule(name="trunk_leans_back", aspects=_SIDE, limit=15.0, text="trunk leans back {value:.0f} degrees"),
    FormRule(name="trunk_swings", aspects=_SIDE, limit=15.0, text="trunk swings {value:.0f} degrees"),
    FormRule(name="elbows_drift", aspects=_SIDE, limit=30.0, text="elbow drifts {value:.0f} degrees from the side"),
    # Half-way between along the trunk and square to it (ours). Few right push-ups are seen end-on: that it spares them
    # is hardly tested.
    FormRule(
        name="elbows_flare",
        aspects=_FRONT,
        limit=45.0,
        text="elbows flare {value:.0f} degrees",
        evidence="seen in 6 of 6 wrong sets, in 0 of 1 right repetitions",
    ),
    # Percent of the trunk's height by which the hands are below 30 % of it, half-way up: crossed arms are at 50 % or
    # more, hands on thighs, seat or rests below 20 % (ours).
    FormRule(
        name="arms_help",
        aspects=_ANY,
        limit=0.0,
        text="hands are low while rising",
        evidence="in none of 100 right repetitions; no wrong ones to test it on",
    ),
    FormRule(name="uneven", aspects=_FRONT, limit=15.0, text="left and right differ by {value:.0f} degrees"),
)

#: Form rules by name.
FORM_RULES: Final[Mapping[str, FormRule]] = MappingProxyType({rule.name: rule for rule in _RULES})
