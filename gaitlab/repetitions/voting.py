"""A vote of many signals on when a movement turns: each signal tells its own turning points, the weight of all decides.

No signal has a level or a position to reach. What counts is that many parts of the body turn at the same moments by
about the same amount each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from gaitlab.records import FloatArray
from gaitlab.repetitions.body_signals import ONE_SIDED, RATE_HZ, TWO_SIDED, BodySignals, smooth
from gaitlab.repetitions.exercise_row import Counting
from gaitlab.repetitions.turning_points import (
    LARGE_SHARE,
    Rows,
    TurningPoints,
    filled,
    turning_points,
    usual_size,
)

__all__ = ["Told", "Turns", "Vote", "any_turns", "named_turns", "vote"]

_NEAR_SHARE, _NEAR_MAX_S, _NEAR_MIN_S = 0.12, 0.25, 0.1  # of the period: so near is the same moment (ours)
_FAR_SHARE = 0.4  # of the period: nearer voted turns are one (ours)
_NAMED_MIN, _SIDE_MIN, _ANY_MIN = 0.5, 0.45, 0.45  # of the weight, for a turn: of a row, a limb, anything (ours)
_SAME_WAY_MIN = 0.93  # cosine of a small movement's way and the usual way; bending for a weight has 0.90 (ours)
_SURELY_SAME_MIN = 0.97  # of small movements that the other counters do not see; shallow squats have more (ours)
_TAKE_TURNS_SHARE, _TAKE_TURNS_AGREED = 0.3, 0.3  # of the period apart, and so sure: the limbs take turns (ours)
_PARTS = 2  # principal components in which a movement is looked for (ours)
_KNOWN_MIN, _DRIFT_S, _EXTREME_PERCENT = 0.5, 5.0, 97  # seen so long, less drift, clipped: what goes in (ours)
_MOVES_MIN = 0.03  # of the body height: with less, over all signals, nobody moves (ours)
_WITH_MIN, _SD_MIN = 0.5, 0.015  # correlation with a component, and way, of a signal that votes on it (ours)
_MORE_PER_TURN, _MORE_TURNS = 0.05, 4  # what a turn adds to the worth, up to so many (ours)
_OTHER_MIN = 0.15  # of the weight: what speaks for a turn that is none, from there on (ours)
_RIVAL_SHARE = 0.6  # of the worth: a direction with more turns wins against a better one (ours)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vote:
    """The turning points that the signals agree on.

    Attributes
    ----------
    rows : ndarray of int, shape (R,)
    agreement : float
        0..1: how many agree on each turn and on their number, and how little speaks for others.
    """

    rows: Rows
    agreement: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turns:
    """The turns of a movement.

    Attributes
    ----------
    turns_s : ndarray, shape (R,)
    is_large : ndarray of bool, shape (R,)
        The others are smaller by half or more than usual, and go the same way.
    agreement : float
        Of the signals that voted, 0..1.
    cosines : ndarray, shape (R,)
        Of the way that the body goes to each turn, and the usual way.
    near_s : float
        What is nearer to a turn than this belongs to it.
    carrier : ndarray, shape (N,), or None
        A signal that rises toward the turns, for a movement that no row describes.
    """

    turns_s: FloatArray
    is_large: NDArray[np.bool_]
    agreement: float
    near_s: float
    cosines: FloatArray
    carrier: FloatArray | None = None

    @property
    def likeness(self) -> float:
        """How alike the repetitions are, 0..1."""
        return float(np.clip(self.cosines.mean(), 0.0, 1.0)) if self.cosines.size else 0.0

    @property
    def n_small(self) -> int:
        """How many are not large."""
        return int((~self.is_large).sum())

    def without_doubtful_small_ones(self) -> Turns:
        """Return the turns without small ones that do not surely go the same way as the others."""
        return self._only(self.is_large | (self.cosines >= _SURELY_SAME_MIN))

    def without_unlike_ends(self, least: int) -> Turns:
        """Return the turns without first and last ones that go another way, as who takes up a weight and puts it down.

        At least `least` stay.
        """
        first, stop = 0, len(self.cosines)
        while stop - first > least and self.cosines[first] < _SAME_WAY_MIN:
            first += 1
        while stop - first > least and self.cosines[stop - 1] < _SAME_WAY_MIN:
            stop -= 1
        return self._only(slice(first, stop))

    def _only(self, kept: slice | NDArray[np.bool_]) -> Turns:
        return replace(self, turns_s=self.turns_s[kept], is_large=self.is_large[kept], cosines=self.cosines[kept])


#: What signals told, by name, way (+1 or -1) and `ends_at_turn`: each vote asks anew, and most ask the same ones.
Told = dict[tuple[str, int, bool], TurningPoints | None]
_NO_TURNS: Final = Turns(
    turns_s=np.empty(0), is_large=np.empty(0, bool), agreement=0.0, near_s=1.0, cosines=np.empty(0)
)
_NOTHING: Final = Vote(rows=np.empty(0, np.intp), agreement=0.0)


def vote(
    signals: BodySignals | Mapping[str, FloatArray],
    ways: Mapping[str, int],
    *,
    main: Sequence[str] = (),
    share_min: float,
    ends_at_turn: bool = False,
    told: Told | None = None,
) -> Vote:
    """Return the turns on which signals agree.

    Parameters
    ----------
    signals : mapping of str to ndarray, shape (N,)
    ways : mapping of str to int
        Signals with a vote: +1 where the signal rises toward the turn, -1 where it falls.
    main : sequence of str
        Signals with two votes.
    share_min : float
        Least share of the weight for a turn.
    ends_at_turn : bool
        See `turning_points`.
    told : dict, optional
        What the signals told in votes before; is added to.
    """
    told = {} if told is None else told
    for name, way in ways.items():
        if (name, way, ends_at_turn) not in told:
            told[name, way, ends_at_turn] = turning_points(way * signals[name], ends_at_turn=ends_at_turn)
    voters = {name: found for name, way in ways.items() if (found := told[name, way, ends_at_turn]) is not None}
    if not voters:
        return _NOTHING
    n = len(signals[next(iter(voters))])
    weights = {name: one.weight * (2.0 if name in main else 1.0) for name, one in voters.items()}
    total = sum(weights.values())
    period = float(np.median([one.gap if len(one.rows) > 1 else n for one in voters.values()]))
    near = float(np.clip(_NEAR_SHARE * period, _NEAR_MIN_S * RATE_HZ, _NEAR_MAX_S * RATE_HZ))
    share = sum((weights[name] * _nearness(one.rows, n, near) for name, one in voters.items()), np.zeros(n)) / total
    apart = max(2, round(_FAR_SHARE * period)) if period < n else 5
    padded = np.concatenate([[0.0], share, [0.0]])
    rows = find_peaks(padded, height=share_min, distance=apart)[0] - 1
    if not rows.size:
        return _NOTHING
    others = find_peaks(padded, height=_OTHER_MIN, distance=max(2, round(0.75 * apart)))[0] - 1
    against = float(share[others][share[others] < share_min].sum())
    alike = sum(weights[name] for name, one in voters.items() if len(one.rows) == len(rows)) / total
    shares = share[rows]
    agreement = shares.mean() * (1 - against / (shares.sum() + against)) * (0.5 + 0.5 * alike)
    return Vote(rows=rows, agreement=float(np.clip(agreement, 0.0, 1.0)))


def _nearness(rows: Rows, n: int, near: float) -> FloatArray:
    """Return for each of n rows how near it is to one of some rows: 1 there, a Gaussian of their distance elsewhere."""
    return np.asarray(np.exp(-0.5 * (_distance(rows, np.arange(n)) / near) ** 2))


def _distance(rows: Rows, at: Rows) -> Rows:
    """Return for each row in `at` how far the nearest of some ordered rows is."""
    after = np.clip(np.searchsorted(rows, at), 0, len(rows) - 1)
    before = np.maximum(after - 1, 0)
    return np.asarray(np.minimum(np.abs(rows[after] - at), np.abs(rows[before] - at)))


def named_turns(signals: BodySignals, counting: Counting, *, takes_turns: bool, told: Told | None = None) -> Turns:
    """Return the turns of an exercise by the vote of the signals of its row.

    Parameters
    ----------
    signals : BodySignals
    counting : Counting
    takes_turns : bool
        The limbs may move one after the other: then each has a vote of its own.
    told : dict, optional
        As for `vote`.
    """
    ways = {**dict.fromkeys(counting.rises, 1), **dict.fromkeys(counting.falls, -1)}
    ends_at_turn = counting.ends_at_turn
    voted = vote(signals, ways, main=counting.carried_by, share_min=_NAMED_MIN, ends_at_turn=ends_at_turn, told=told)
    if takes_turns:
        limbs = [
            vote(signals, _of_side(ways, side), share_min=_SIDE_MIN, ends_at_turn=ends_at_turn, told=told)
            for side in ("left", "right")
        ]
        if _take_turns(*limbs):
            return _alternating(signals, limbs)
    return _turns(signals, ways, voted, main=counting.carried_by)


def _of_side(ways: Mapping[str, int], side: str) -> dict[str, int]:
    """Return the signals of one side among those of both sides that vote."""
    return {
        f"{side}_{name}": way
        for name, way in ways.items()
        if not name.startswith(("left_", "right_", "higher_", "lower_", "narrower_", "wider_"))
        and not name.endswith(("_height", "_apart"))
    }


def _take_turns(left: Vote, right: Vote) -> bool:
    if min(len(left.rows), len(right.rows)) < 2 or min(left.agreement, right.agreement) <= _TAKE_TURNS_AGREED:
        return False
    period = float(np.median(np.concatenate([np.diff(left.rows), np.diff(right.rows)])))
    return bool(np.median(_distance(right.rows, left.rows)) > _TAKE_TURNS_SHARE * period)


def _merged(limbs: Sequence[Rows]) -> Rows:
    """Return the turns of both limbs in time order; two that nearly coincide are one."""
    rows = np.sort(np.concatenate(limbs))
    gaps = np.diff(rows)
    return np.asarray(rows[np.concatenate([[True], gaps > _FAR_SHARE * np.median(gaps)])])


def _alternating(signals: BodySignals, limbs: Sequence[Vote], carrier: FloatArray | None = None) -> Turns:
    """Return the turns of limbs that move one after the other: the body goes two ways, so none is unlike the others."""
    rows = _merged([limb.rows for limb in limbs])
    return Turns(
        turns_s=signals.time_s[rows],
        is_large=np.ones(len(rows), dtype=bool),
        agreement=min(limb.agreement for limb in limbs),
        near_s=_near_s(rows),
        cosines=np.ones(len(rows)),
        carrier=carrier,
    )


def _turns(
    signals: BodySignals,
    ways: Mapping[str, int],
    voted: Vote,
    *,
    main: Sequence[str] = (),
    carrier: FloatArray | None = None,
) -> Turns:
    """Return turns with their sizes, without small movements that go another way than the others."""
    rows = voted.rows
    if not rows.size:
        return _NO_TURNS
    changes = np.stack([way * _change(signals[name], rows) for name, way in ways.items()], axis=1)
    usual = np.median(changes, axis=0)
    carried = [name in main for name in ways] if main else [True] * len(ways)
    size = changes[:, carried] @ usual[carried]
    is_large = size >= LARGE_SHARE * usual_size(np.maximum(size, 0.0))
    lengths = np.linalg.norm(changes, axis=1) * np.linalg.norm(usual)
    cosine = changes @ usual / np.maximum(lengths, 1e-12)
    kept = is_large | (cosine >= _SAME_WAY_MIN)
    return Turns(
        turns_s=signals.time_s[rows[kept]],
        is_large=is_large[kept],
        agreement=voted.agreement,
        near_s=_near_s(rows),
        cosines=cosine[kept],
        carrier=carrier,
    )


def _near_s(rows: Rows) -> float:
    """Return half the usual time from turn to turn; a second with one turn."""
    return float(np.median(np.diff(rows))) / RATE_HZ / 2 if len(rows) > 1 else 1.0


def _change(signal: FloatArray, rows: Rows) -> FloatArray:
    """Return how far a signal is at turns from where it is half-way to the next ones, shape (R,); 0 if never known.

    At the ends of the clip, where half-way is not seen, the other side alone is compared.
    """
    if not np.isfinite(signal).any():
        return np.zeros(len(rows))
    x = filled(signal)
    half = int(np.median(np.diff(rows))) // 2 if len(rows) > 1 else round(RATE_HZ)
    middles = (rows[:-1] + rows[1:]) // 2
    before = np.concatenate([[rows[0] - half], np.maximum(middles, rows[1:] - 2 * half)])
    after = np.concatenate([np.minimum(middles, rows[:-1] + 2 * half), [rows[-1] + half]])
    from_before = x[rows] - x[np.maximum(before, 0)]
    from_after = x[rows] - x[np.minimum(after, len(x) - 1)]
    change = (from_before + from_after) / 2
    if before[0] < 0:
        change[0] = from_after[0]
    if after[-1] > len(x) - 1:
        change[-1] = from_before[-1]
    return np.asarray(change)


def any_turns(signals: BodySignals, told: Told | None = None) -> Turns:
    """Return the turns of whatever movement repeats: the vote of the signals that go with a principal component.

    The components are those of all signals that are seen, without drift: of both sides together, and of each side too,
    because limbs may take turns. Of the two directions the one with more turns is taken.

    Parameters
    ----------
    signals : BodySignals
    told : dict, optional
        As for `vote`.
    """
    best, worth_most, told = _NO_TURNS, 0.0, {} if told is None else told
    all_used, all_rows = _matrix(signals, (*TWO_SIDED, *ONE_SIDED))
    for names in (TWO_SIDED, (*TWO_SIDED, *ONE_SIDED)):
        used = [name for name in all_used if name in names]
        matrix = all_rows[: len(used)]  # those of both sides come first
        if not used or np.linalg.norm(matrix) / np.sqrt(matrix.shape[1]) < _MOVES_MIN:
            continue
        values, vectors = np.linalg.eigh(matrix @ matrix.T)
        for part in range(1, min(_PARTS, len(values)) + 1):
            component = (vectors[:, -part] @ matrix).astype(np.float64)
            share = float(np.sqrt(values[-part] / values.sum()))
            worth, found = _of_component(signals, used, matrix, component, told)
            if found is not None and worth * share > worth_most:
                best, worth_most = found, worth * share
    return best


def _matrix(signals: BodySignals, names: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
    """Return the names of the signals that are known, and their values without gaps, drift and extremes."""
    used = [name for name in names if np.isfinite(signals[name]).mean() >= _KNOWN_MIN]
    rows = np.empty(
        (len(used), len(signals.time_s)), np.float32
    )  # no list of them: this is the largest array of a long clip
    for row, name in zip(rows, used, strict=True):
        x = filled(signals[name])
        x = x - smooth(x, _DRIFT_S)
        most = np.percentile(np.abs(x), _EXTREME_PERCENT)
        np.clip(x, -most, most, out=row)
    return used, rows


def _of_component(
    signals: BodySignals, names: Sequence[str], matrix: NDArray[np.float32], component: FloatArray, told: Told
) -> tuple[float, Turns | None]:
    """Return how large, even and agreed the movement of a component is, and its turns."""
    spread = np.array([row.std() for row in matrix])
    along = matrix @ (component - component.mean())
    r = along / np.maximum(spread * component.std() * len(component), 1e-12)
    voting = (np.abs(r) >= _WITH_MIN) & (spread > _SD_MIN)
    if voting.sum() < 2:
        return 0.0, None
    rising = {name: int(np.sign(one)) for name, one, votes in zip(names, r, voting, strict=True) if votes}
    ways = [{name: way * sign for name, sign in rising.items()} for way in (1, -1)]
    votes = [vote(signals, one, share_min=_ANY_MIN, told=told) for one in ways]
    worths = [one.agreement * _evenness(one.rows) for one in votes]
    top = max(worths)
    if top <= 0:
        return 0.0, None
    if min(worths) > top / 2 and _limbs_alternate(rising):
        found = _alternating(signals, votes, carrier=np.abs(component - np.median(component)))
        return _worth(top, len(found.turns_s)), found
    rivals = [i for i in range(2) if worths[i] >= _RIVAL_SHARE * top]
    # The way that the first sample is at rest for wins a tie.
    chosen = max(rivals, key=lambda i: (len(votes[i].rows), -_away_at_first(component * (1, -1)[i])))
    one = votes[chosen]
    found = _turns(signals, ways[chosen], one, carrier=component * (1, -1)[chosen])
    return _worth(top, len(one.rows)), found


def _worth(agreed: float, n: int) -> float:
    """Return the worth of a movement: a little more for each of the first turns."""
    return agreed * (1 + _MORE_PER_TURN * min(n, _MORE_TURNS))


def _evenness(rows: Rows) -> float:
    gaps = np.diff(rows)
    return 1.0 - min(0.8, float(np.std(gaps) / np.mean(gaps))) if len(gaps) > 1 else 1.0


def _away_at_first(signal: FloatArray) -> float:
    return float(abs(signal[0] - np.percentile(signal, 5)))


def _limbs_alternate(rising: Mapping[str, int]) -> bool:
    """Return whether heights and angles of left and right go opposite ways; sideways, equal limbs do so too."""
    pairs = [
        (way, rising[f"right_{name[5:]}"])
        for name, way in rising.items()
        if name.startswith("left_") and "_beside_" not in name and f"right_{name[5:]}" in rising
    ]
    return 2 * sum(left != right for left, right in pairs) > len(pairs)
