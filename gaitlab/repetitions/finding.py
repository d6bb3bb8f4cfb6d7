"""Finding the repetitions of an exercise: three witnesses of the count, the turns they agree on, sides, sets and depth.

The witnesses are the signal of the exercise's row by two thresholds, the vote of the body's signals on when it turns,
and the counter that knows no exercise. The count is what two of them say. The agreement of the three, and how well the
movement fits the row, make the confidence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from typing import Final, NamedTuple

import numpy as np

from gaitlab.motion.geometry import midpoint
from gaitlab.motion.runs import nearest_row
from gaitlab.records import FloatArray, PoseTrack, Side
from gaitlab.records.skeleton import SIDES
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.body_signals import BodySignals
from gaitlab.repetitions.checks import CHECKS, SIDE_OF
from gaitlab.repetitions.counting import Excursion, excursions_around, find_excursions
from gaitlab.repetitions.exercise_row import Counting, Exercise
from gaitlab.repetitions.repeated import by_heights
from gaitlab.repetitions.signals import POSITIONS, row_signals
from gaitlab.repetitions.voting import Told, Turns, any_turns, named_turns
from gaitlab.settings import RepetitionSettings

__all__ = ["Found", "Movement", "number_sets", "of_sides", "with_depth"]

_TOGETHER_SHARE = 0.6  # of the time that either of two limbs moves: so much in common is together (ours)
_SAME_TURN_SHARE = 0.25  # of the shorter movement: limbs that take turns turn half a period apart (ours)
_PAUSE_S, _PAUSE_PERIODS = 4.0, 2.0  # a rest that is longer than both begins a new set (ours)
_MOVES_SHARE = 0.5  # of the row's range: a signal that moves by less is not this exercise (ours)
_ONE_SIDE_SHARE = 0.5  # of the way of one limb: the other moves by less when it rests (ours)
#: Confidence by what the witnesses say: all three one count, the vote and another one, the two others, three counts.
_AGREED: Final = {3: 0.98, 2: 0.9, 1: 0.75, 0: 0.5}
_SHALLOW_WEIGHT = 0.25  # where it fits but for its depth (ours)
_FIT_WEIGHT = 0.6  # of the confidence is lost where nothing fits the row (ours)
_SWING_MIN, _SHANK_MIN = 0.03, 0.013  # body heights (SD) that ankles swing and knees rise over them in walking (ours)
_BY_TURNS_R = -0.5  # correlation of left and right in walking (ours)
_TOGETHER_R = 0.6  # of thighs that rise together (ours)
_STEPS = 0.6  # of the confidence is left where the legs swing by turns: that repeats, too, and is no exercise (ours)
_CUT_SHARE = 0.5  # of the height of a repetition away from rest, at an end of the clip: one more is likely (ours)
_CUT = 0.75  # of the confidence is left then (ours)
_SEEN_SHARE = 0.5  # of the clip: what is seen for less is not seen (ours)
_FAILED_SHARE = 0.5  # of the repetitions or fewer hold: then the evidence is against the row (ours)
_SINGLE = 0.6  # a single repetition is alike to no other one (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Excursions of an exercise in time order, full and shallow ones.

    Attributes
    ----------
    excursions : tuple of Excursion
    signals : mapping of side to ndarray, shape (T,)
        What each side's excursions are measured in.
    confidences : tuple of float
        In each of them, 0..1.
    agreement : float
        Of the signals that voted on the turns, 0..1.
    doubts : tuple of str
        What speaks against the exercise in half of the repetitions or more: "position", "rest", "depth" or a check.
    is_another : bool
        Something repeats, but so much speaks against the exercise that none of it is counted.
    """

    excursions: tuple[Excursion, ...]
    signals: Mapping[Side, FloatArray]
    confidences: tuple[float, ...]
    agreement: float
    doubts: tuple[str, ...] = ()
    is_another: bool = False

    @property
    def confidence(self) -> float:
        """In the count: the mean of those in the repetitions; 0 without any."""
        return float(np.mean(self.confidences)) if self.confidences else 0.0


class Movement:
    """What is moved in a track: made once, asked by every row.

    Attributes
    ----------
    body : Body
    signals : BodySignals
    settings : RepetitionSettings
    asks_all : bool
        The counter of anything is asked about an exercise also where the others agree on it; it takes most of the time.
    told : dict
        What signals told in the votes so far.
    """

    def __init__(self, track: PoseTrack, settings: RepetitionSettings, *, asks_all: bool = True) -> None:
        self.body = Body.of(track)
        self.signals = BodySignals(self.body)
        self.settings, self.asks_all = settings, asks_all
        self.told: Told = {}
        self._found: dict[str, Found] = {}
        self._signals: dict[str, dict[Side, FloatArray]] = {}

    def signals_of(self, counting: Counting) -> dict[Side, FloatArray]:
        """Return the signal of a row; several rows have the same."""
        if counting.signal not in self._signals:
            self._signals[counting.signal] = row_signals(self.body, counting)
        return self._signals[counting.signal]

    def found(self, exercise: Exercise) -> Found:
        """Return the repetitions of an exercise, found once."""
        if exercise.name not in self._found:
            self._found[exercise.name] = _find(self, exercise)
        return self._found[exercise.name]

    @cached_property
    def repeated(self) -> Found:
        """What repeats, whatever it is."""
        return _repeated(self)

    @cached_property
    def steps(self) -> bool:
        """Whether the legs swing by turns, as in walking and running.

        In equal legs that part, seen from the front, the feet go opposite ways, too; but their thighs rise together.
        """
        ankles, shanks, thighs = (
            (self.signals[f"left_{name}"], self.signals[f"right_{name}"])
            for name in ("ankle_beside_hip", "knee_over_ankle", "hip_over_knee")
        )
        return _by_turns(*shanks, _SHANK_MIN) or (
            _by_turns(*ankles, _SWING_MIN) and not _together_r(*thighs) > _TOGETHER_R
        )


def _together_r(left: FloatArray, right: FloatArray) -> float:
    """Return the correlation of two signals where both are known; NaN where they hardly are, or do not move."""
    known = np.isfinite(left) & np.isfinite(right)
    if known.mean() < _SEEN_SHARE or not np.ptp(left[known]) * np.ptp(right[known]):
        return float("nan")
    return float(np.corrcoef(left[known], right[known])[0, 1])


def _by_turns(left: FloatArray, right: FloatArray, least: float) -> bool:
    if not _together_r(left, right) < _BY_TURNS_R:
        return False
    return bool(min(np.nanstd(left), np.nanstd(right)) >= least)


def _find(movement: Movement, exercise: Exercise) -> Found:
    """Return the repetitions of an exercise; none where the signal of its row is seen and hardly moves."""
    counting, body = exercise.counting, movement.body
    signals = movement.signals_of(counting)
    by_row = _by_thresholds(body, signals, counting, movement.settings)
    if not by_row and _is_seen(signals):
        return Found(excursions=(), signals=_with_both(signals), confidences=(), agreement=0.0)
    turns = named_turns(movement.signals, counting, takes_turns="left" in signals, told=movement.told)
    heard = _hear(movement, signals, by_row, turns, counting)
    found = heard.found
    if counting.side_of is not None:
        found = [replace(one, side=SIDE_OF[counting.side_of](*_alone(body, one))) for one in found]
    signals = _with_both(signals)
    evidence = _evidence(body, signals, found, counting)
    doubts = tuple(name for name, holds in evidence.items() if holds and np.mean(holds) <= _FAILED_SHARE)
    if _is_another(doubts, counting, n=len(found)):
        return Found(
            excursions=(), signals=signals, confidences=(), agreement=heard.agreement, doubts=doubts, is_another=True
        )
    sure = heard.confidence * _wholeness(signals, found)
    fits = _fits(evidence, steps=movement.steps and "feet_stay" in counting.checks)
    return Found(
        excursions=tuple(number_sets(body.track.time_s, with_depth(signals, found, counting))),
        signals=signals,
        confidences=tuple(sure * fit for fit in fits),
        agreement=heard.agreement,
        doubts=doubts,
    )


class _Heard(NamedTuple):
    """What the witnesses say: the excursions, how much the signals of their vote agree, and the confidence."""

    found: Sequence[Excursion]
    agreement: float
    confidence: float


def _hear(
    movement: Movement,
    signals: Mapping[Side, FloatArray],
    by_row: Sequence[Excursion],
    turns: Turns,
    counting: Counting,
) -> _Heard:
    """Hear the witnesses: the row's signal by thresholds, the vote of the signals, and the counter of anything."""
    n_row = len(by_row)

    def around(turns: Turns) -> list[Excursion]:
        return _around_turns(movement.body, signals, turns, counting, movement.settings)

    by_vote = around(turns)
    if not movement.asks_all and by_vote and len(by_vote) == n_row and not turns.n_small:
        return _Heard(by_vote, turns.agreement, _surely(2, turns.agreement, turns))
    repeated = movement.repeated
    n_repeated = len(repeated.excursions)
    if turns.n_small and n_row == n_repeated == len(by_vote) - turns.n_small:
        turns = turns.without_doubtful_small_ones()
        by_vote = around(turns)
    # The others see large movements only: the vote says the same when its large ones are as many.
    n_voted = len(by_vote) if len(by_vote) in (n_row, n_repeated) else len(by_vote) - turns.n_small
    agreed = _n_agreed(n_row, n_voted, n_repeated)
    found: Sequence[Excursion] = by_vote
    agreement = turns.agreement
    if agreed == 1 or not by_vote:
        found = by_row
    elif agreed == 0 and repeated.agreement > turns.agreement:
        found, agreement = repeated.excursions, repeated.agreement
    return _Heard(found, agreement, _surely(agreed, agreement, turns))


def _surely(n_agreed: int, agreement: float, turns: Turns) -> float:
    return _AGREED[n_agreed] * (0.5 + 0.5 * agreement) * turns.likeness


def _n_agreed(n_row: int, n_voted: int, n_repeated: int) -> int:
    """Return 3 where all say the same, 2 where the vote and another one do, 1 where the two others do, else 0."""
    if n_row == n_voted == n_repeated:
        return 3
    return 2 if n_voted in (n_row, n_repeated) else int(n_row == n_repeated)


def _fits(evidence: Mapping[str, Sequence[bool]], *, steps: bool) -> list[float]:
    """Return for each repetition what its fit to the row leaves of the confidence; none fits where somebody steps."""
    held = np.all([holds for name, holds in evidence.items() if name != "depth"], axis=0)
    return [
        1 - _FIT_WEIGHT if steps or not fits else 1.0 if is_deep else 1 - _SHALLOW_WEIGHT
        for fits, is_deep in zip(held, evidence["depth"], strict=True)
    ]


def _wholeness(signals: Mapping[Side, FloatArray], found: Sequence[Excursion]) -> float:
    """Return what is left of the confidence for a single repetition, or where the clip begins or ends in a movement."""
    if not found:
        return 0.0
    for one, at, edge in ((found[0], found[0].start, 0), (found[-1], found[-1].end, -1)):
        signal = signals[one.side]
        known = signal[np.isfinite(signal)]
        if not one.cut_off and known[edge] - signal[at] >= _CUT_SHARE * (signal[one.turn] - signal[one.start]):
            return _CUT
    return _SINGLE if len(found) == 1 else 1.0


def _repeated(movement: Movement) -> Found:
    """Return the repetitions of any movement that repeats, by two witnesses; where they differ, of the larger count.

    Excursions that are smaller by half than the usual ones are not full.
    """
    time_s, settings, signals = movement.body.track.time_s, movement.settings, movement.signals
    high, height = by_heights(movement.body, settings)
    turns = any_turns(signals, movement.told)
    trimmed = turns.without_unlike_ends(len(high))
    if len(trimmed.turns_s) == len(high):
        turns = trimmed
    found, signal = high, height
    if turns.carrier is not None and len(turns.turns_s) >= len(high):
        signal = np.interp(time_s, signals.time_s, turns.carrier)
        around = excursions_around(time_s, signal, turns.turns_s, settings=settings, ends_at_turn=False)
        found = [
            replace(one, full=bool(turns.is_large[nearest_row(turns.turns_s, time_s[one.turn])])) for one in around
        ]
    apart = abs(len(turns.turns_s) - len(high))
    sure = _AGREED[max(3 - 2 * apart, 0)] * (0.5 + 0.5 * turns.agreement) * turns.likeness
    signals_of = _with_both({"both": signal})
    return Found(
        excursions=tuple(number_sets(time_s, found)),
        signals=signals_of,
        confidences=(sure * _wholeness(signals_of, found) * (_STEPS if movement.steps else 1.0),) * len(found),
        agreement=turns.agreement,
    )


def _with_both(signals: Mapping[Side, FloatArray]) -> dict[Side, FloatArray]:
    """Return signals of every side: one that has no sides serves all."""
    if "both" in signals:
        return dict.fromkeys((*SIDES, "both"), signals["both"])
    return {**signals, "both": midpoint(signals["left"], signals["right"])}


def _is_seen(signals: Mapping[Side, FloatArray]) -> bool:
    return any(np.isfinite(signal).mean() >= _SEEN_SHARE for signal in signals.values())


def _by_thresholds(
    body: Body, signals: Mapping[Side, FloatArray], counting: Counting, settings: RepetitionSettings
) -> list[Excursion]:
    """Return the full excursions of the row's signal by two thresholds, those of two limbs joined."""
    sided = [
        [
            replace(one, side=side)
            for one in find_excursions(
                body.track.time_s,
                signal,
                range_min=_MOVES_SHARE * counting.range_min,
                settings=settings,
                ends_at_turn=counting.ends_at_turn,
            )
            if one.full
        ]
        for side, signal in signals.items()
    ]
    return sided[0] if len(sided) == 1 else _joined(*sided)


def _around_turns(
    body: Body, signals: Mapping[Side, FloatArray], turns: Turns, counting: Counting, settings: RepetitionSettings
) -> list[Excursion]:
    """Return the excursion around each voted turn: of both limbs, or of the one that moves."""
    time_s = body.track.time_s
    around = {
        side: excursions_around(time_s, signal, turns.turns_s, settings=settings, ends_at_turn=counting.ends_at_turn)
        for side, signal in signals.items()
    }
    return list(around["both"]) if "both" in around else _of_limbs(time_s, signals, around, turns)


def _of_limbs(
    time_s: FloatArray,
    signals: Mapping[Side, FloatArray],
    around: Mapping[Side, Sequence[Excursion]],
    turns: Turns,
) -> list[Excursion]:
    """Return for each turn the excursion of the limbs near it; see `of_sides`."""
    in_order = {side: sorted(ones, key=lambda one: one.turn) for side, ones in around.items() if ones}
    turned_s = {side: time_s[[one.turn for one in ones]] for side, ones in in_order.items()}
    found = []
    for turn_s in turns.turns_s:
        nearest = {side: nearest_row(times_s, turn_s) for side, times_s in turned_s.items()}
        near = {
            side: in_order[side][row]
            for side, row in nearest.items()
            if abs(turned_s[side][row] - turn_s) <= turns.near_s / 2
        }
        if near:
            found.append(of_sides(near, signals))
    return found


def of_sides(near: Mapping[Side, Excursion], signals: Mapping[Side, FloatArray]) -> Excursion:
    """Return the excursion of the limb that goes further, as one of both where the other goes along."""
    ways = {side: float(signals[side][one.turn] - signals[side][one.start]) for side, one in near.items()}
    most = max(ways, key=lambda side: ways[side])
    both = len(ways) == 2 and min(ways.values()) >= _ONE_SIDE_SHARE * ways[most]
    return replace(near[most], side="both" if both else most)


def with_depth(signals: Mapping[Side, FloatArray], found: Sequence[Excursion], counting: Counting) -> list[Excursion]:
    """Return the excursions with what is known of their depth: shallow ones turn before the level of a full one."""
    return [replace(one, full=not _peak(signals[one.side], one) < counting.full_level) for one in found]


def _peak(signal: FloatArray, one: Excursion) -> float:
    """Return the highest value of a signal in an excursion; NaN where none is known."""
    known = signal[one.start : one.end + 1]
    known = known[np.isfinite(known)]
    return float(known.max()) if known.size else float("nan")


def _evidence(
    body: Body, signals: Mapping[Side, FloatArray], found: Sequence[Excursion], counting: Counting
) -> dict[str, list[bool]]:
    """Return of each repetition whether position, levels and checks of the row hold; what is not seen holds."""
    in_position = POSITIONS[counting.position](body)
    alone = [_alone(body, one) for one in found] if counting.checks else []
    return {
        "position": [bool(in_position[one.turn]) for one in found],
        "rest": [not signals[one.side][one.start] > counting.rest_level for one in found],
        "depth": [not _peak(signals[one.side], one) < counting.full_level for one in found],
        **{check: [CHECKS[check](*each) for each in alone] for check in counting.checks},
    }


def _alone(body: Body, one: Excursion) -> tuple[Body, Excursion]:
    """Return the frames of an excursion alone, and the excursion in them: an hour has thousands of both."""
    cut = body.during(slice(one.start, one.end + 1))
    return cut, replace(one, start=0, turn=one.turn - one.start, end=one.end - one.start)


def _is_another(doubts: Sequence[str], counting: Counting, *, n: int) -> bool:
    """Return whether it is another movement: a check of the row fails, and something else with it.

    Position and levels alone never say so of a movement that repeats: who does push-ups at a wall does push-ups.
    """
    return len(doubts) > 1 and (n == 1 or not set(doubts).isdisjoint(counting.checks))


def _joined(left: Sequence[Excursion], right: Sequence[Excursion]) -> list[Excursion]:
    """Return the excursions of two limbs in time order; two that turn together become one excursion of both sides."""
    ends, free, joined = [one.end for one in right], [True] * len(right), []
    for one in left:
        length = one.end - one.start  # what begins later after it, or ends earlier before it, is not together with it
        at = bisect_left(ends, one.start - length)
        while at < len(right) and right[at].start <= one.end + length:
            if free[at] and _together(one, right[at]):
                break
            at += 1
        else:
            joined.append(one)
            continue
        free[at] = False
        joined.append(replace(one, side="both"))
    return sorted([*joined, *compress(right, free)], key=lambda one: one.turn)


def _together(one: Excursion, other: Excursion) -> bool:
    """Return whether two limbs move at the same time; limbs that alternate overlap for at most a third of the time.

    Two excursions whose turning points nearly coincide count as simultaneous, however much their ends differ.
    """
    shared = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    if abs(one.turn - other.turn) <= _SAME_TURN_SHARE * shorter:
        return True
    return shared >= _TOGETHER_SHARE * (max(one.end, other.end) - min(one.start, other.start))


def number_sets(time_s: FloatArray, excursions: Sequence[Excursion]) -> list[Excursion]:
    """Return the excursions with their set numbers: a rest that is long against the rhythm begins a new set."""
    if not excursions:
        return []
    periods = np.diff([time_s[one.turn] for one in excursions])
    pause_s = max(_PAUSE_S, _PAUSE_PERIODS * float(np.median(periods)) if periods.size else 0.0)
    numbered, number = [], 1
    for before, one in zip([excursions[0], *excursions], excursions, strict=False):
        number += int(time_s[one.start] - time_s[before.end] > pause_s)
        numbered.append(replace(one, set_index=number))
    return numbered
