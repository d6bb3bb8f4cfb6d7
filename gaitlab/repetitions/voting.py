"""A vote of many signals on when a movement turns: each signal tells its own turning points, the weight of all decides.

No signal has a level or a position to reach. What counts is that many parts of the body turn at the same moments by
about the same amount each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from gaitlab.records import FloatArray
from gaitlab.repetitions.body_signals import ONE_SIDED, RATE_HZ, TWO_SIDED, BodySignals, smooth
from gaitlab.repetitions.exercise_row import Counting

__all__ = ["TurningPoints", "Turns", "Vote", "any_turns", "named_turns", "turning_points", "vote"]

_SEEN_MIN = 0.3  # share of the clip in which a signal must be known (ours)
_SIZE_SHARE = 0.25  # of the usual size: smaller excursions are no repetition of the same (ours)
_ASIDE_SHARE = 0.5  # of the usual size: smaller peaks count only between valleys at rest (ours)
_AT_REST_SHARE = 0.25  # of the size of a smaller peak: so near the resting level its valleys are (ours)
_NEAREST_S = 0.2  # two turning points of one signal are further apart (ours)
_RETURN_SHARE = 0.10  # of the way out: a last excursion that came back by less has not turned
_TOO_LATE_SHARE = 0.5  # a first excursion with less of the way out seen began before the clip (ours)
_SIZE_MIN = 0.05  # of the body height: what moves less has no vote (ours)
_LARGE = 0.5  # of the body height: larger movements have no more weight (ours)
_NEAR_SHARE, _NEAR_MAX_S, _NEAR_MIN_S = 0.12, 0.25, 0.1  # of the period: so near is the same moment (ours)
_FAR_SHARE = 0.4  # of the period: nearer voted turns are one (ours)
_HOLD_MAX_S = 10.0  # holds that last longer are not measured to their end (ours)
_TOP_SHARE = 0.1  # of the size: within that of its highest value a signal is at its turn (ours)
_NAMED_MIN, _SIDE_MIN, _ANY_MIN = (
    0.5,
    0.45,
    0.45,
)  # share of the weight for a turn: of the row, of a limb, of anything (ours)
_SAME_WAY_MIN = 0.93  # cosine of a small movement's way and the usual way; bending for a weight has 0.90 (ours)
_SURELY_SAME_MIN = 0.97  # of small movements that the other counters do not see; shallow squats have more (ours)
_TAKE_TURNS_SHARE, _TAKE_TURNS_AGREED = 0.3, 0.3  # of the period apart, and so sure: the limbs take turns (ours)
_PARTS = 2  # principal components in which a movement is looked for (ours)
_KNOWN_MIN, _DRIFT_S, _EXTREME_PERCENT = (
    0.5,
    5.0,
    97,
)  # what goes into them: known so long, without drift, clipped (ours)
_MOVES_MIN = 0.03  # of the body height: with less, over all signals, nobody moves (ours)
_WITH_MIN, _SD_MIN = 0.5, 0.015  # correlation with a component, and way, of a signal that votes on it (ours)
_RIVAL_SHARE = 0.6  # of the worth: a direction with more turns wins against a better one (ours)

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TurningPoints:
    """The turning points of one signal, and how large and how visible its excursions are.

    Attributes
    ----------
    rows : ndarray of int, shape (R,)
    sizes : ndarray, shape (R,)
        The smaller of the way out and the way back, in the unit of the signal.
    usual : float
        The size that half of all the way is made in.
    seen : float
        Share of the clip in which the signal is known.
    """

    rows: Rows
    sizes: FloatArray
    usual: float
    seen: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vote:
    """The turning points that the signals agree on.

    Attributes
    ----------
    rows : ndarray of int, shape (R,)
    shares : ndarray, shape (R,)
        Of the weight of all signals, the share that turns there.
    agreement : float
        0..1: how many agree on each turn and on their number, and how little speaks for others.
    period_s : float
        The usual time from turn to turn; NaN with one turn.
    """

    rows: Rows
    shares: FloatArray
    agreement: float
    period_s: float


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

    def without_doubtful_small_ones(self) -> Turns:
        """Return the turns without small ones that do not surely go the same way as the others."""
        kept = self.is_large | (self.cosines >= _SURELY_SAME_MIN)
        return replace(self, turns_s=self.turns_s[kept], is_large=self.is_large[kept], cosines=self.cosines[kept])

    def without_unlike_ends(self, least: int) -> Turns:
        """Return the turns without first and last ones that go another way, as who takes up a weight and puts it down.

        At least `least` stay.
        """
        kept = slice(0, len(self.cosines))
        while kept.stop - kept.start > least and self.cosines[kept.start] < _SAME_WAY_MIN:
            kept = slice(kept.start + 1, kept.stop)
        while kept.stop - kept.start > least and self.cosines[kept.stop - 1] < _SAME_WAY_MIN:
            kept = slice(kept.start, kept.stop - 1)
        return replace(self, turns_s=self.turns_s[kept], is_large=self.is_large[kept], cosines=self.cosines[kept])


_NO_TURNS: Final = Turns(
    turns_s=np.empty(0), is_large=np.empty(0, bool), agreement=0.0, near_s=1.0, cosines=np.empty(0)
)
_NOTHING: Final = Vote(rows=np.empty(0, np.intp), shares=np.empty(0), agreement=0.0, period_s=float("nan"))


def turning_points(
    signal: FloatArray, *, size_min: float = _SIZE_MIN, ends_at_turn: bool = False
) -> TurningPoints | None:
    """Return the excursions of a signal upward and back, whatever its level; None where it hardly moves or is unknown.

    Parameters
    ----------
    signal : ndarray, shape (N,)
        On the clock of `RATE_HZ`. NaN = unknown.
    size_min : float
        Least usual size.
    ends_at_turn : bool
        A last excursion that reaches the height of the others counts though it does not return.
    """
    known = np.isfinite(signal)
    if known.mean() < _SEEN_MIN or known.sum() < RATE_HZ / 2:
        return None
    x = np.interp(np.arange(len(signal)), np.flatnonzero(known), signal[known])
    floor = float(x.min()) - 1e-6
    peaks, found = find_peaks(
        np.concatenate([[floor], x, [floor]]), prominence=0.5 * size_min, distance=max(1, round(_NEAREST_S * RATE_HZ))
    )
    if not peaks.size:
        return None
    heights = found["prominences"]
    rows, sizes = _with_both_ways(x, _apart_from_noise(x, peaks - 1, heights), ends_at_turn=ends_at_turn)
    if not rows.size:
        return None
    usual = _usual(sizes)
    counted = (sizes >= _SIZE_SHARE * usual) & _seen_at(known, rows)
    if usual < size_min or not counted.any():
        return None
    return TurningPoints(rows=rows[counted], sizes=sizes[counted], usual=usual, seen=float(known.mean()))


def _usual(sizes: FloatArray) -> float:
    """Return the size of which larger ones make half of the way, so that many small movements hardly count."""
    ordered = np.sort(sizes)[::-1]
    way = np.cumsum(ordered)
    return float(ordered[np.searchsorted(way, way[-1] / 2)])


def _apart_from_noise(x: FloatArray, peaks: Rows, heights: FloatArray) -> Rows:
    """Return the peaks that are large, and the smaller ones that begin and end at rest.

    A small peak on the way of a large one, or at its turn, is shaking; one that starts from rest and comes back to rest
    is a shallow repetition.
    """
    usual = _usual(heights)
    kept = heights >= _SIZE_SHARE * usual
    peaks, heights = peaks[kept], heights[kept]
    large = heights >= _ASIDE_SHARE * usual
    if large.all():
        return peaks
    valleys = _valleys(x, peaks)
    deep = _valleys(x, peaks[large])
    rest = float(np.median(x[deep]))
    sides = np.maximum(x[valleys[:-1]], x[valleys[1:]])
    return peaks[large | (sides - rest <= _AT_REST_SHARE * (x[peaks] - rest))]


def _valleys(x: FloatArray, peaks: Rows) -> Rows:
    """Return the lowest rows before the first peak, between the peaks and after the last one, shape (R + 1,)."""
    inner = [int(a + np.argmin(x[a : b + 1])) for a, b in pairwise(peaks)]
    return np.array([int(np.argmin(x[: peaks[0] + 1])), *inner, int(peaks[-1] + np.argmin(x[peaks[-1] :]))])


def _with_both_ways(x: FloatArray, peaks: Rows, *, ends_at_turn: bool) -> tuple[Rows, FloatArray]:
    """Return the middles of the peaks that are seen to turn, and the smaller way to the valleys at their sides."""
    if not peaks.size:
        return peaks, np.empty(0)
    valleys = _valleys(x, peaks)
    out, back = x[peaks] - x[valleys[:-1]], x[peaks] - x[valleys[1:]]
    sizes = np.minimum(out, back)
    turned = np.ones(len(peaks), dtype=bool)
    turned[0] = out[0] >= _TOO_LATE_SHARE * back[0]
    if back[-1] < _TOO_LATE_SHARE * out[-1]:
        sizes[-1] = out[-1]
        reached = ends_at_turn and out[-1] >= (1 - _TOP_SHARE) * np.median(sizes)
        turned[-1] &= reached or back[-1] >= _RETURN_SHARE * out[-1]
    return _middles_of_tops(x, peaks, sizes)[turned], sizes[turned]


def _middles_of_tops(x: FloatArray, peaks: Rows, sizes: FloatArray) -> Rows:
    """Return the middles of the rows around peaks in which the signal is within a tenth of its height: of holds."""
    lower, reach = x[peaks] - _TOP_SHARE * sizes, round(_HOLD_MAX_S * RATE_HZ)
    first = _last_not_lower(x, peaks, lower, step=-1, reach=reach)
    last = _last_not_lower(x, peaks, lower, step=1, reach=reach - 1)
    return np.asarray((first + last) // 2)


def _last_not_lower(x: FloatArray, peaks: Rows, lower: FloatArray, *, step: int, reach: int) -> Rows:
    """Return how far one can go from each peak before the signal is lower than a level: all peaks go side by side."""
    at, going = peaks.copy(), np.arange(len(peaks))
    for _ in range(reach):
        there = at[going] + step
        going = going[(there >= 0) & (there < len(x)) & ~(x[np.clip(there, 0, len(x) - 1)] < lower[going])]
        if not going.size:
            break
        at[going] += step
    return at


def _seen_at(known: NDArray[np.bool_], rows: Rows) -> NDArray[np.bool_]:
    """Return whether anything is known within 0.2 s of rows."""
    reach = round(_NEAREST_S * RATE_HZ)
    count = np.concatenate([[0], np.cumsum(known)])
    return np.asarray(count[np.minimum(rows + reach + 1, len(known))] > count[np.maximum(rows - reach, 0)])


def vote(
    signals: BodySignals | Mapping[str, FloatArray],
    ways: Mapping[str, int],
    *,
    main: Sequence[str] = (),
    share_min: float,
    ends_at_turn: bool = False,
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
    """
    voters = {
        name: found
        for name, way in ways.items()
        if (found := turning_points(way * signals[name], ends_at_turn=ends_at_turn)) is not None
    }
    if not voters:
        return _NOTHING
    n = len(signals[next(iter(voters))])
    weights = {name: _weight(one) * (2.0 if name in main else 1.0) for name, one in voters.items()}
    total = sum(weights.values())
    period = float(np.median([np.median(np.diff(one.rows)) if len(one.rows) > 1 else n for one in voters.values()]))
    near = float(np.clip(_NEAR_SHARE * period, _NEAR_MIN_S * RATE_HZ, _NEAR_MAX_S * RATE_HZ))
    share = np.sum([weights[name] * _nearness(one.rows, n, near) for name, one in voters.items()], axis=0) / total
    apart = max(2, round(_FAR_SHARE * period)) if period < n else 5
    padded = np.concatenate([[0.0], share, [0.0]])
    rows = find_peaks(padded, height=share_min, distance=apart)[0] - 1
    if not rows.size:
        return _NOTHING
    others = find_peaks(padded, height=0.15, distance=max(2, round(0.75 * apart)))[0] - 1
    against = float(share[others][share[others] < share_min].sum())
    alike = sum(weights[name] for name, one in voters.items() if len(one.rows) == len(rows)) / total
    shares = share[rows]
    agreement = shares.mean() * (1 - against / (shares.sum() + against)) * (0.5 + 0.5 * alike)
    period_s = float(np.median(np.diff(rows))) / RATE_HZ if len(rows) > 1 else float("nan")
    return Vote(rows=rows, shares=shares, agreement=float(np.clip(agreement, 0.0, 1.0)), period_s=period_s)


def _weight(one: TurningPoints) -> float:
    even = 1.0 - min(0.9, float(np.std(one.sizes) / np.mean(one.sizes)))
    return float(np.sqrt(min(one.usual, _LARGE))) * even * one.seen


def _nearness(rows: Rows, n: int, near: float) -> FloatArray:
    """Return for each of n rows how near it is to one of some rows: 1 there, a Gaussian of their distance elsewhere."""
    at = np.arange(n)
    after = np.clip(np.searchsorted(rows, at), 0, len(rows) - 1)
    before = np.maximum(after - 1, 0)
    distance = np.minimum(np.abs(rows[after] - at), np.abs(rows[before] - at))
    return np.asarray(np.exp(-0.5 * (distance / near) ** 2))


def named_turns(signals: BodySignals, counting: Counting, *, takes_turns: bool) -> Turns:
    """Return the turns of an exercise by the vote of the signals of its row.

    Parameters
    ----------
    signals : BodySignals
    counting : Counting
    takes_turns : bool
        The limbs may move one after the other: then each has a vote of its own.
    """
    ways = {**dict.fromkeys(counting.rises, 1), **dict.fromkeys(counting.falls, -1)}
    voted = vote(signals, ways, main=counting.carried_by, share_min=_NAMED_MIN, ends_at_turn=counting.ends_at_turn)
    if takes_turns:
        limbs = [
            vote(signals, _of_side(ways, side), share_min=_SIDE_MIN, ends_at_turn=counting.ends_at_turn)
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
    apart = np.abs(left.rows[:, np.newaxis] - right.rows).min(axis=1)
    return bool(np.median(apart) > _TAKE_TURNS_SHARE * period)


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
    is_large = size >= _ASIDE_SHARE * _usual(np.maximum(size, 0.0))
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
    known = np.flatnonzero(np.isfinite(signal))
    if not known.size:
        return np.zeros(len(rows))
    x = np.interp(np.arange(len(signal)), known, signal[known])
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


def any_turns(signals: BodySignals) -> Turns:
    """Return the turns of whatever movement repeats: the vote of the signals that go with a principal component.

    The components are those of all signals that are seen, without drift: of both sides together, and of each side too,
    because limbs may take turns. Of the two directions the one with more turns is taken.
    """
    best, worth_most = _NO_TURNS, 0.0
    all_used, all_rows = _matrix(signals, (*TWO_SIDED, *ONE_SIDED))
    for names in (TWO_SIDED, (*TWO_SIDED, *ONE_SIDED)):
        used = [name for name in all_used if name in names]
        matrix = all_rows[: len(used)]  # those of both sides come first
        if not used or np.sqrt((matrix**2).sum(axis=0).mean()) < _MOVES_MIN:
            continue
        values, vectors = np.linalg.eigh(matrix @ matrix.T)
        for part in range(1, min(_PARTS, len(values)) + 1):
            component = vectors[:, -part] @ matrix
            share = float(np.sqrt(values[-part] / values.sum()))
            worth, found = _of_component(signals, used, matrix, component)
            if found is not None and worth * share > worth_most:
                best, worth_most = found, worth * share
    return best


def _matrix(signals: BodySignals, names: Sequence[str]) -> tuple[list[str], FloatArray]:
    """Return the names of the signals that are known, and their values without gaps, drift and extremes."""
    used = [name for name in names if np.isfinite(signals[name]).mean() >= _KNOWN_MIN]
    rows = []
    for name in used:
        known = np.flatnonzero(np.isfinite(signals[name]))
        x = np.interp(np.arange(len(signals[name])), known, signals[name][known])
        x = x - smooth(x, _DRIFT_S)
        most = np.percentile(np.abs(x), _EXTREME_PERCENT)
        rows.append(np.clip(x, -most, most))
    return used, np.array(rows)


def _of_component(
    signals: BodySignals, names: Sequence[str], matrix: FloatArray, component: FloatArray
) -> tuple[float, Turns | None]:
    """Return how large, even and agreed the movement of a component is, and its turns."""
    spread = matrix.std(axis=1)
    along = (matrix - matrix.mean(axis=1, keepdims=True)) @ (component - component.mean())
    r = along / np.maximum(spread * component.std() * len(component), 1e-12)
    voting = (np.abs(r) >= _WITH_MIN) & (spread > _SD_MIN)
    if voting.sum() < 2:
        return 0.0, None
    rising = {name: int(np.sign(one)) for name, one, votes in zip(names, r, voting, strict=True) if votes}
    ways = [{name: way * sign for name, sign in rising.items()} for way in (1, -1)]
    votes = [vote(signals, one, share_min=_ANY_MIN) for one in ways]
    worths = [one.agreement * _evenness(one.rows) for one in votes]
    top = max(worths)
    if top <= 0:
        return 0.0, None
    if min(worths) > top / 2 and _limbs_alternate(rising):
        found = _alternating(signals, votes, carrier=np.abs(component - np.median(component)))
        return top * (1 + 0.05 * min(len(found.turns_s), 4)), found
    rivals = [i for i in range(2) if worths[i] >= _RIVAL_SHARE * top]
    # The way that the first sample is at rest for wins a tie.
    chosen = max(rivals, key=lambda i: (len(votes[i].rows), -_away_at_first(component * (1, -1)[i])))
    one = votes[chosen]
    found = _turns(signals, ways[chosen], one, carrier=component * (1, -1)[chosen])
    return top * (1 + 0.05 * min(len(one.rows), 4)), found


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
