"""Verdicts with reasons: whether a metric really changed in a session, against earlier comparable sessions.

A metric varies from session to session even when the person has not changed. So a difference counts as a change only
when it is larger than a limit:

- With at least three comparable sessions marked as baseline, the limit is the person's own repeatability: the 95 %
  prediction interval for one more session, ``t(0.975, n - 1) * SD * sqrt(1 + 1/n)``, SD with ddof 1. Only marked
  sessions are used, so that a real change does not widen its own limit.
- With fewer, the limit is a published smallest detectable change, or 1.96 * sqrt(2) times a published SD within
  persons. It is meant for one session against one other; against the mean of two sessions it is cautious.
- Where neither is known, the verdict is "cannot tell".

A difference also counts as no change while it is within the uncertainty of the session's own mean (95 %, from its steps
or repetitions).

The verdict is "better" or "worse" where a table, a goal or a norm range gives the better direction, and "higher" or
"lower" where the change is real and no direction is known to be better. Each verdict by itself calls an unchanged
metric changed with a chance of about 5 %; see `many_verdicts_note`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student_t

from gaitlab.history.comparable import CONFIDENCE_MIN, Measurement, is_comparable, reasons_not_comparable, usable
from gaitlab.metrics.table import Aim, row_of
from gaitlab.metrics.words import amount
from gaitlab.records import FloatArray

__all__ = [
    "BASELINE_MIN",
    "Change",
    "Verdict",
    "compare_two",
    "half_width",
    "judge",
    "limit_of_new_session",
    "limit_of_two_sessions",
    "many_verdicts_note",
    "own_half_width",
    "sd_of_sessions",
]

Verdict = Literal["better", "worse", "higher", "lower", "cannot tell"]

#: Baseline sessions needed to compute a person's own repeatability.
BASELINE_MIN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A verdict on one number.

    Attributes
    ----------
    verdict : Verdict
    value, reference, difference, limit : float or None
        The session's value, the value compared with (a mean, or that of one session), their difference, and the largest
        difference without a change; None where the comparison was not reached.
    basis : {"own", "published"} or None
        Source of the repeatability behind the limit.
    reference_ids : tuple of int
        The sessions compared with.
    why : tuple of str
        The reasons, one sentence each.
    """

    verdict: Verdict
    why: tuple[str, ...]
    value: float | None = None
    reference: float | None = None
    difference: float | None = None
    limit: float | None = None
    basis: Literal["own", "published"] | None = None
    reference_ids: tuple[int, ...] = ()

    @property
    def word(self) -> Verdict | Literal["no clear change"]:
        """The verdict in a word: nothing to judge by is another thing than a difference within the limit."""
        return "no clear change" if self.verdict == "cannot tell" and self.limit is not None else self.verdict


def limit_of_new_session(sd: ArrayLike, n: int) -> FloatArray:
    """Return the largest distance of a new session from the mean of n others without a change, at 95 %.

    ``t(0.975, n - 1) * sd * sqrt(1 + 1/n)``: the prediction interval for one more value.
    """
    return np.asarray(_quantile(n - 1) * np.asarray(sd, dtype=np.float64) * math.sqrt(1.0 + 1.0 / n))


def limit_of_two_sessions(sd: ArrayLike, n: int) -> FloatArray:
    """Return the largest difference of two sessions without a change: ``t * sd * sqrt(2)``, SD of n sessions."""
    return np.asarray(_quantile(n - 1) * np.asarray(sd, dtype=np.float64) * math.sqrt(2.0))


def own_half_width(measurement: Measurement) -> float | None:
    """Return half the width of the 95 % interval of a session's mean: ``t(0.975, n - 1) * SD / sqrt(n)``.

    SD and n are those of its steps or repetitions, so the variation from day to day is not included. None where the
    session has no SD.
    """
    return half_width(measurement.sd, measurement.n)


def half_width(sd: float | None, n: int) -> float | None:
    """Return half the width of the 95 % interval of a mean, ``t(0.975, n - 1) * sd / sqrt(n)``; None without an SD."""
    return None if sd is None or n < 2 else _quantile(n - 1) * sd / math.sqrt(n)


@lru_cache(maxsize=1024)
def _quantile(df: int) -> float:
    """Return t(0.975, df); cached, since SciPy takes a quarter of a millisecond for it."""
    return float(student_t.ppf(0.975, df))


def many_verdicts_note(n: int) -> str:
    """Return a caution about reading n verdicts at once; empty for fewer than two."""
    if n < 2:
        return ""
    return (
        f"Of {n} numbers of a person who has not changed at all, about {0.05 * n:.1f} are called changed by chance "
        "(5 % of each): one verdict among many means little, several that fit together mean more."
    )


def judge(name: str, new: Measurement, history: Iterable[Measurement], *, aim: Aim | None = None) -> Change:
    """Judge one session's number against earlier sessions.

    Parameters
    ----------
    name : str
        Of the metric.
    new : Measurement
    history : iterable of Measurement
        Of the same metric and person; other sides, later sessions and `new` itself are ignored.
    aim : Aim, optional
        The better direction, from a goal or a norm; default: that of the table of metrics.
    """
    refused = _refusal(new)
    if refused:
        return Change(verdict="cannot tell", why=(refused,), value=new.value)
    if new.is_baseline:
        why = "This session is one of the baseline itself, which says where the person started."
        return Change(verdict="cannot tell", why=(why,), value=new.value)
    earlier = [r for r in history if r.side == new.side and _moment(r) < _moment(new)]
    marked = [r for r in earlier if r.is_baseline]
    baseline = [r for r in marked if is_comparable(new, r)]
    left_out = _left_out(new, marked or earlier[-1:])
    if len(baseline) >= BASELINE_MIN:
        return _against_own(name, new, baseline, aim=aim, left_out=left_out)
    last = next((r for r in reversed(earlier) if is_comparable(new, r)), None)
    against = baseline or ([last] if last else [])
    if not against:
        return Change(
            verdict="cannot tell", why=("There is no earlier comparable session.", *left_out), value=new.value
        )
    return _against_published(name, new, against, aim=aim, left_out=left_out)


def compare_two(
    name: str, a: Measurement, b: Measurement, history: Iterable[Measurement], *, aim: Aim | None = None
) -> Change:
    """Judge session `b` against the one session `a`.

    The limit is ``t(0.975, n - 1) * SD * sqrt(2)`` with n >= 3 comparable baseline sessions of the person, else a
    published one. Parameters as for `judge`.
    """
    refused = _refusal(a, "The first session: ") or _refusal(b, "The second session: ")
    reasons = reasons_not_comparable(a, b)
    if refused or reasons:
        why = (refused,) if refused else (f"The second session {' and '.join(reasons)}.",)
        return Change(verdict="cannot tell", why=why, value=b.value, reference=a.value, reference_ids=(a.session_id,))
    baseline = [r for r in history if r.is_baseline and r.side == a.side and is_comparable(a, r)]
    sd = sd_of_sessions(name, baseline)
    if len(baseline) >= BASELINE_MIN and sd > 0.0:
        size = float(limit_of_two_sessions(sd, len(baseline)))
        said = f"two sessions differ by up to {amount(size, b.unit)} (95 %, from {len(baseline)} baseline sessions)"
        limit = _Limit(size, said, "own")
        return _verdict(name, b, [a], aim=aim, limit=limit)
    return _against_published(name, b, [a], aim=aim)


def _moment(measurement: Measurement) -> tuple[datetime, int]:
    return measurement.recorded_at, measurement.session_id


def _refusal(measurement: Measurement, who: str = "") -> str | None:
    if measurement.value is None:
        return f"{who}The number is missing."
    if measurement.confidence < CONFIDENCE_MIN:
        return f"{who}The number has low confidence ({measurement.confidence:.2f}; {CONFIDENCE_MIN:.1f} is needed)."
    return None


def _left_out(new: Measurement, candidates: Sequence[Measurement]) -> tuple[str, ...]:
    """Return one sentence per reason for leaving out sessions to compare with, with their number."""
    reasons: Counter[str] = Counter()
    for measurement in candidates:
        found = (
            reasons_not_comparable(new, measurement) if usable(measurement) else ("has no number of enough confidence",)
        )
        reasons.update(found[:1])
    kind = "baseline" if candidates and candidates[0].is_baseline else "earlier"
    return tuple(f"Left out: {n} {kind} session{'s' if n > 1 else ''} that {reason}." for reason, n in reasons.items())


def _values(measurements: Sequence[Measurement]) -> FloatArray:
    return np.array([measurement.value for measurement in measurements], dtype=np.float64)


def sd_of_sessions(name: str, measurements: Sequence[Measurement]) -> float:
    """Return the SD between sessions for computing limits.

    Parameters
    ----------
    name : str
        Of the metric; where its values have a fixed step, the SD is at least that of rounding, step / sqrt(12).
    measurements : sequence of Measurement
        All of them with a value.

    Returns
    -------
    float
        With ddof 1, in the metric's unit. Without a fixed step it is 0 for fewer than two values and for equal values.
    """
    values = _values(measurements)
    # np.ptp decides whether all are equal: their SD may be a rounding error above 0, as for three times 0.1.
    sd = float(np.std(values, ddof=1)) if values.size > 1 and np.ptp(values) > 0.0 else 0.0
    return max(sd, row_of(name).resolution / math.sqrt(12.0))


class _Limit(NamedTuple):
    """The largest difference without a change, what happens without one in words, and the source of that."""

    size: float
    words: str
    basis: Literal["own", "published"]


def _against_own(
    name: str, new: Measurement, baseline: Sequence[Measurement], *, aim: Aim | None, left_out: tuple[str, ...]
) -> Change:
    sd = sd_of_sessions(name, baseline)
    if sd == 0.0:
        why = "The baseline sessions agree to the last digit; they seem to be one recording. Mark different ones."
        return Change(verdict="cannot tell", why=(why,), value=new.value)
    size, mean = float(limit_of_new_session(sd, len(baseline))), float(np.mean(_values(baseline)))
    low, high = amount(mean - size, new.unit), amount(mean + size, new.unit)
    said = f"a session lies between {low} and {high} (95 %, from {len(baseline)} baseline sessions)"
    limit = _Limit(size, said, "own")
    return _verdict(name, new, baseline, aim=aim, limit=limit, left_out=left_out)


def _against_published(
    name: str, new: Measurement, against: Sequence[Measurement], *, aim: Aim | None, left_out: tuple[str, ...] = ()
) -> Change:
    bound = row_of(name).bound
    if bound is not None:
        said = f"it differs by up to {amount(bound.limit, new.unit)} ({bound.source})"
        limit = _Limit(bound.limit, said, "published")
        return _verdict(name, new, against, aim=aim, limit=limit, left_out=left_out)
    why = (
        "How much this number varies without a change is not published: mark three or more comparable sessions as "
        "baseline, and their spread will tell."
    )
    value, reference = float(new.value or 0.0), float(np.mean(_values(against)))
    return Change(
        verdict="cannot tell",
        why=(why, *left_out),
        value=value,
        reference=reference,
        difference=value - reference,
        reference_ids=tuple(r.session_id for r in against),
    )


def _verdict(
    name: str,
    new: Measurement,
    against: Sequence[Measurement],
    *,
    aim: Aim | None,
    limit: _Limit,
    left_out: tuple[str, ...] = (),
) -> Change:
    value, reference = float(new.value or 0.0), float(np.mean(_values(against)))
    difference = value - reference
    own = _own_uncertainty(new, against)
    changed = abs(difference) > max(limit.size, own)
    with_what = f"the mean of {len(against)} baseline sessions" if len(against) > 1 else "the session compared with"
    how = (
        f"{amount(abs(difference), new.unit)} {'above' if difference > 0 else 'below'}" if difference else "The same as"
    )
    words = f"{how} {with_what}; without a change {limit.words}."
    if abs(difference) > limit.size and not changed:
        words += f" But the session itself is uncertain by {amount(own, new.unit)} (95 %)."
    return Change(
        verdict=_direction(row_of(name).better if aim is None else aim, reference, value) if changed else "cannot tell",
        why=(words, *left_out),
        value=value,
        reference=reference,
        difference=difference,
        limit=limit.size,
        basis=limit.basis,
        reference_ids=tuple(r.session_id for r in against),
    )


def _own_uncertainty(new: Measurement, against: Sequence[Measurement]) -> float:
    """Return the uncertainty of the values compared; that of a mean of several sessions is part of the limit."""
    alone = [new, *against] if len(against) == 1 else [new]
    return math.hypot(*(own_half_width(measurement) or 0.0 for measurement in alone))


def _direction(aim: Aim | None, reference: float, value: float) -> Verdict:
    """Return the verdict for a real change from `reference` to `value`."""
    plain: Verdict = "higher" if value > reference else "lower"
    if aim is None:
        return plain
    if isinstance(aim, str):
        return "better" if (value > reference) == (aim == "more") else "worse"
    before, after = _outside(aim, reference), _outside(aim, value)
    if before == after:
        return plain
    return "better" if after < before else "worse"


def _outside(span: tuple[float, float], value: float) -> float:
    """Return the distance of a value from a range; 0 inside it."""
    return max(span[0] - value, value - span[1], 0.0)
