"""The record of one exercise: how it is counted, judged, named and filmed. The rows are in `exercises.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from gaitlab.repetitions.standards import Standard

__all__ = ["Check", "Counting", "Exercise", "Filming", "InSight", "Measured", "Position", "SideOf", "Signal", "Trait"]

Signal = Literal[
    "thigh_drop", "thigh_rise", "hip_drop", "shoulders_to_hands", "shoulders_down", "forearm_rise", "hand_rise",
    "hands_rise", "trunk_rise", "trunk_bend", "knee_lift", "any",
]  # fmt: skip
Position = Literal["upright", "standing", "plank", "on_floor", "hands_up", "anywhere"]
Check = Literal[
    "hands_stay", "body_stays", "feet_stay", "knees_differ", "knees_alike", "legs_part", "hands_low", "elbows_down",
    "arms_raised", "not_overhead", "thighs_steep", "hips_move",
]  # fmt: skip
SideOf = Literal["front_leg", "bent_leg"]
#: Signals that rise while the body or the weight goes down; of the others the way out goes up.
_LOWERING: Final[frozenset[Signal]] = frozenset({"thigh_drop", "hip_drop", "shoulders_to_hands", "trunk_bend"})
InSight = Literal["hands", "feet"]
Measured = Literal[
    "trunk", "flatter_thigh", "steeper_thigh", "thighs_differ", "moving_thigh", "other_thigh", "moving_shank",
    "shank_over_thigh", "moving_foot", "feet_apart", "hip_height", "knees_differ", "knee_angle", "hip_angle", "hand",
    "hand_ahead", "upper_arm", "forearm", "elbow_angle", "shoulder_angle", "shift", "hip_travel", "shoulder_travel",
    "hand_share", "bounce", "jump", "arm_azimuth", "seated", "one_sided",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """What the movement of an exercise has, and others may lack; it tells the name where nobody gives it.

    Attributes
    ----------
    name : str
        Of `gaitlab.repetitions.traits`.
    at : {"rest", "turn", "change", "way"}
        When; "change" is the value at the turn minus that at rest, "way" what is one value of the whole repetition.
    least, most : float
        Between these it is fully there; further off the less, the further.
    seen_from : {"anywhere", "side", "front"}
        Other views do not show it.
    """

    name: Measured
    at: Literal["rest", "turn", "change", "way"]
    least: float = float("-inf")
    most: float = float("inf")
    seen_from: Literal["anywhere", "side", "front"] = "anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How the repetitions of one exercise are found.

    Levels are physical: heights in lengths of the segment concerned, so that they describe the position of a joint. The
    wrist of an arm of length 1 is at -1 when the arm hangs, at 0 level with the shoulder, at +1 overhead.

    Attributes
    ----------
    signal : str
        Of `gaitlab.repetitions.signals`. Rises toward the turning point; in units of a body segment, so that it does
        not depend on the picture's scale. A signal with a left and a right column counts each limb; limbs that move
        together are one repetition.
    rises, falls : tuple of str
        Of `gaitlab.repetitions.body_signals`: what rises and what falls toward the turning point. They vote on the
        turning points.
    carried_by : tuple of str
        Those of them that the exercise moves on purpose; they have two votes each.
    range_min : float
        Range of the signal of a full repetition at least. Where it moves by less than half of that there is none.
    full_level : float
        What the signal reaches at the turning point of a full repetition; one that turns before it is shallow.
    rest_level : float
        What it is below at the start of each; else the count is less sure.
    position : str
        Of `gaitlab.repetitions.signals`: the position the person has at the turns; else the count is less sure.
    checks : tuple of str
        Of `gaitlab.repetitions.checks`: they distinguish it from similar exercises, start against turning point; a
        count that fails them is less sure.
    ends_at_turn : bool
        A last repetition counts when its turning point is reached, as the fifth stand of a chair test does.
    side_of : str or None
        How the side is found where the signal has no left and right.
    """

    signal: Signal
    range_min: float
    full_level: float
    rest_level: float
    position: Position
    carried_by: tuple[str, ...]
    rises: tuple[str, ...] = ()
    falls: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    ends_at_turn: bool = False
    side_of: SideOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filming:
    """How a clip is filmed: the words and the drawing of the guide both come from this record, so they agree.

    Attributes
    ----------
    view : {"side", "front"}
        Where the phone stands at best.
    or_else : str
        Where it may stand as well.
    in_picture : str
        What must be seen.
    near_floor : bool
        The phone stands near the floor, not at hip height.
    walks : bool
        The person needs a few metres of way.
    needs : tuple of {"hands", "feet"}
        Without these nothing is counted; the Live page asks for them when they are out of sight.
    """

    view: Literal["side", "front"]
    or_else: str = ""
    in_picture: str = "whole body in the picture"
    near_floor: bool = False
    walks: bool = False
    needs: tuple[InSight, ...] = ()

    @property
    def words(self) -> str:
        """Return the guide in words, as the rest of a sentence that begins with "Film"."""
        where = f"from the {self.view} {self.or_else}".rstrip()
        return ", ".join([where, *(["camera near the floor"] if self.near_floor else []), self.in_picture])


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    name : str
        On the command line, in JSON and in the store.
    title : str
        As shown to people, in the plural.
    counting : Counting
    standard : Standard
    filming : Filming
    traits : tuple of Trait
        What tells it from other movements; without any it is never recognised.
    """

    name: str
    title: str
    counting: Counting
    standard: Standard
    filming: Filming
    traits: tuple[Trait, ...] = ()

    @property
    def goes_down_first(self) -> bool:
        """Whether the way out lowers the body or the weight, as in a squat, and the way back raises it."""
        return self.counting.signal in _LOWERING
