"""The few moments that show a movement: contact, mid-stance and toe-off, or rest and turn of a repetition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Final

import numpy as np

from gaitlab.records import Analysis, Contact, Facing, FloatArray, Repetition, Side
from gaitlab.records.skeleton import SIDES, OneSide, side_of_name
from gaitlab.repetitions.exercises import standard_of
from gaitlab.repetitions.repetition_curves import whole_repetitions
from gaitlab.repetitions.sets import best_and_worst

__all__ = [
    "KeyMoment",
    "Stance",
    "front_words",
    "is_stance",
    "is_walk_from_the_front",
    "key_moments",
    "main_angles",
    "main_joint",
    "nearest_row",
    "stances",
]

#: A foot that is longer on the ground stands or turns: what lies between was not seen as steps (ours).
_STANCE_MAX_S: Final = 2.0
_KNEE: Final = "knee"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMoment:
    """A moment to show.

    Attributes
    ----------
    label : str
        What happens, in a word or two.
    time_s : float
    angles : tuple of str
        Names of the angles to draw there, as in `AngleSeries.names`.
    """

    label: str
    time_s: float
    angles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """A foot on the ground, from its heel strike to its toe-off."""

    side: OneSide
    start_s: float
    end_s: float

    @property
    def middle_s(self) -> float:
        """Half of the stance: mid-stance."""
        return (self.start_s + self.end_s) / 2


def is_stance(contact: Contact, after: Contact) -> bool:
    """Return whether a foot is on the ground between two of its contacts that follow each other."""
    in_order = contact.kind == "heel_strike" and after.kind == "toe_off"
    return in_order and after.time_s - contact.time_s <= _STANCE_MAX_S


def stances(contacts: Sequence[Contact]) -> tuple[Stance, ...]:
    """Return the stances of both feet in time order: each heel strike with the toe-off that follows it.

    A heel strike without one, or with one more than two seconds later, makes none.
    """
    found = []
    for side in SIDES:
        own = [contact for contact in contacts if contact.side == side]
        for strike, after in pairwise(own):
            if is_stance(strike, after):
                found.append(Stance(side=side, start_s=strike.time_s, end_s=after.time_s))
    return tuple(sorted(found, key=lambda one: one.start_s))


def key_moments(analysis: Analysis) -> tuple[KeyMoment, ...]:
    """Return the moments that show a movement, in the order in which they are shown.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    tuple of KeyMoment
        Of a walk or run contact, mid-stance and toe-off of one stance: of the leg that is nearer to the camera if it
        has one, as near to the middle of the stances as the leg is seen at all three. Where no toe-off is known, one
        contact of each foot. Of an exercise rest and turn of the best repetition and the turn of the weakest; where
        none stands out, rest and turn of the one in the middle. Empty where nothing was recognised.
    """
    if analysis.exercise is not None:
        return tuple(_of_exercise(analysis))
    if analysis.gait is None:
        return ()
    contacts = analysis.gait.contacts
    stance = _shown(stances(contacts), analysis)
    if stance is None:
        return tuple(sorted(_contacts(contacts), key=lambda one: one.time_s))
    angles = (f"{stance.side}_{_KNEE}",)
    steps = (("contact", stance.start_s), ("mid-stance", stance.middle_s), ("toe-off", stance.end_s))
    return tuple(
        KeyMoment(label=f"{stance.side} {what}".capitalize(), time_s=at_s, angles=angles) for what, at_s in steps
    )


def main_joint(analysis: Analysis) -> str:
    """Name the angle that a movement is shown by, without its side.

    Of an exercise it is the one that it is measured by, else the one with the largest range, which is the mean over the
    repetitions of that side; of all others the knee.
    """
    return standard_of(analysis.activity.kind).angle or _most_moved(analysis) or _KNEE


def is_walk_from_the_front(analysis: Analysis) -> bool:
    """Return whether somebody walks or runs toward the camera or away: how far joints bend cannot be seen, then."""
    return analysis.gait is not None and analysis.subject.view == "front"


def front_words(analysis: Analysis) -> str:
    """Return what a curve of joint angles needs to say behind its name: ", as seen from the front", or nothing."""
    return ", as seen from the front" if is_walk_from_the_front(analysis) else ""


def _most_moved(analysis: Analysis) -> str | None:
    angles, ranges = analysis.angles, {}
    for name in angles.names:
        side, deg = side_of_name(name), angles.angle(name)
        own = [rep for rep in whole_repetitions(analysis) if side == "both" or rep.side in {side, "both"}]
        rows = [slice(*angles.time_s.searchsorted((rep.start_s, rep.end_s))) for rep in own]
        known = [part[np.isfinite(part)] for part in (deg[one] for one in rows)]
        ranges[name] = fmean(np.ptp(part) if part.size else 0.0 for part in known) if known else 0.0
    widest = max(ranges, key=ranges.__getitem__, default=None)
    return widest.removeprefix(f"{side_of_name(widest)}_") if widest and ranges[widest] > 0.0 else None


def main_angles(analysis: Analysis) -> tuple[str, ...]:
    """Name the angles of `main_joint` that an analysis has, left before right."""
    joint = main_joint(analysis)
    return tuple(name for name in (joint, *(f"{side}_{joint}" for side in SIDES)) if name in analysis.angles.names)


def nearest_row(time_s: FloatArray, moment_s: float) -> int:
    """Return the index of the time that is nearest to a moment."""
    return int(np.abs(time_s - moment_s).argmin())


def _near(facing: Facing) -> tuple[Side, ...]:
    """Return the side that the camera sees first: of somebody who faces right it is the right one."""
    return ("right",) if facing == "right" else ("left",) if facing == "left" else ()


def _shown(found: Sequence[Stance], analysis: Analysis) -> Stance | None:
    seen = [one for one in found if _is_seen(one, analysis)] or list(found)
    near = [one for one in seen if one.side in _near(analysis.subject.facing)] or seen
    middle_s = float(np.median([one.middle_s for one in near])) if near else 0.0
    return min(near, key=lambda one: abs(one.middle_s - middle_s), default=None)


def _is_seen(stance: Stance, analysis: Analysis) -> bool:
    name = f"{stance.side}_{_KNEE}"
    moments = (stance.start_s, stance.middle_s, stance.end_s)
    return name in analysis.angles.names and all(
        np.isfinite(analysis.angles.angle(name)[nearest_row(analysis.angles.time_s, at_s)]) for at_s in moments
    )


def _contacts(contacts: Sequence[Contact]) -> Iterator[KeyMoment]:
    """Yield a heel strike of each foot, the one in the middle of its own."""
    for side in SIDES:
        own = [one for one in contacts if one.side == side and one.kind == "heel_strike"]
        if own:
            yield KeyMoment(
                label=f"{side} contact".capitalize(),
                time_s=own[len(own) // 2].time_s,
                angles=(f"{side}_{_KNEE}",),
            )


def _of_exercise(analysis: Analysis) -> Iterator[KeyMoment]:
    repetitions = analysis.exercise.repetitions if analysis.exercise else ()
    whole = [rep for rep in repetitions if rep.is_whole] or list(repetitions)
    pair = best_and_worst(repetitions)
    if not whole:
        return
    best = pair[0] if pair else whole[len(whole) // 2]
    angles = _angles_of(best, analysis)
    number = f"{'best, ' if pair else ''}no. {best.index}"
    yield KeyMoment(label=f"Rest ({number})", time_s=best.start_s, angles=angles)
    yield KeyMoment(label=f"Turn ({number})", time_s=best.turn_s, angles=angles)
    if pair:
        weakest = pair[1]
        label = f"Turn (weakest, no. {weakest.index})"
        yield KeyMoment(label=label, time_s=weakest.turn_s, angles=_angles_of(weakest, analysis))


def _angles_of(repetition: Repetition, analysis: Analysis) -> tuple[str, ...]:
    """Name the angles that a repetition is measured by: of both sides, of one from the side the nearer one."""
    joint = main_joint(analysis)
    both = _near(analysis.subject.facing) if analysis.subject.view == "side" else SIDES
    sides = (both or SIDES) if repetition.side == "both" else (repetition.side,)
    names = [joint, *(f"{side}_{joint}" for side in sides)]
    return tuple(name for name in names if name in analysis.angles.names)
