"""Did a number really change? A verdict with its reasons, for one session against earlier comparable ones.

A number differs from session to session without any change of the person. So a difference counts only beyond a limit:

- With at least three comparable sessions marked as baseline, from the person's own repeatability: the 95 % prediction
  interval for one more session, ``t(0.975, n - 1) * SD * sqrt(1 + 1/n)``, SD with ddof 1. Only marked sessions enter,
  so that a real change does not widen its own limit.
- With fewer, a published smallest detectable change, used as it stands, or 1.96 * sqrt(2) times a published SD within
  persons. It holds for one session against one; against the mean of two it is cautious.
- Where neither is known: cannot tell.

Whatever the limit, a difference no larger than what the session's own number may be off by (95 %, from its steps or
repetitions) is none.

Verdicts are better and worse where it is clear which way is better (a table, a goal or a norm range say so), and higher
and lower where a change is real but nobody has said which way is good. Each has, by itself, a chance of about 5 % to
call an unchanged number changed; see `many_verdicts_note`.
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
    "judge",
    "limit_of_new_session",
    "limit_of_two_sessions",
    "many_verdicts_note",
    "own_half_width",
    "sd_of_sessions",
]

Verdict = Literal["better", "worse", "higher", "lower", "cannot tell"]

#: Sessions from which an own repeatability can be computed (DOMAIN: "at least three comparable sessions").
BASELINE_MIN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A verdict on one number.

    Attributes
    ----------
    verdict : Verdict
    value, reference, difference, limit : float or None
        The session's value, what it is compared with (a mean, or one session's value), their difference, and how large
        that may be without a change; None where it did not come so far.
    basis : {"own", "published"} or None
        Whose repeatability the limit rests on.
    reference_ids : tuple of int
        The sessions compared with.
    why : tuple of str
        Sentences.
    """

    verdict: Verdict
    why: tuple[str, ...]
    value: float | None = None
    reference: float | None = None
    difference: float | None = None
    limit: float | None = None
    basis: Literal["own", "published"] | None = None
    reference_ids: tuple[int, ...] = ()


def limit_of_new_session(sd: ArrayLike, n: int) -> FloatArray:
    """Return how far one new session may lie from the mean of n others without a change, at 95 %.

    ``t(0.975, n - 1) * sd * sqrt(1 + 1/n)``: the prediction interval for one more value.
    """
    return np.asarray(_quantile(n - 1) * np.asarray(sd, dtype=np.float64) * math.sqrt(1.0 + 1.0 / n))


def limit_of_two_sessions(sd: ArrayLike, n: int) -> FloatArray:
    """Return how far two single sessions may differ without a change, if n had this SD: ``t * sd * sqrt(2)``."""
    return np.asarray(_quantile(n - 1) * np.asarray(sd, dtype=np.float64) * math.sqrt(2.0))


def own_half_width(measurement: Measurement) -> float | None:
    """Return half the 95 % interval of a session's own mean, ``t(0.975, n - 1) * SD / sqrt(n)`` over its n steps.

    Or repetitions. It knows nothing of how the person varies from day to day. None where the session has no spread.
    """
    if measurement.sd is None or measurement.n < 2:
        return None
    return _quantile(measurement.n - 1) * measurement.sd / math.sqrt(measurement.n)


@lru_cache(maxsize=1024)
def _quantile(df: int) -> float:
    """Return t(0.975, df); kept, since SciPy takes a quarter of a millisecond for it."""
    return float(student_t.ppf(0.975, df))


def many_verdicts_note(n: int) -> str:
    """Return what must be known to read n verdicts at once; empty for fewer than two."""
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
        Of the same metric and person; those of another side, later ones and `new` itself are passed over.
    aim : Aim, optional
        Which way is better, from a goal or a norm; without it, the table of metrics decides.
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
        said = f"by which two sessions of this person may differ, going by {len(baseline)} baseline sessions (95 %)"
        limit = _Limit(float(limit_of_two_sessions(sd, len(baseline))), said, "own")
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
    """Say how many of the sessions to compare with do not serve, and why."""
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
    """Return the SD between sessions, as limits use it.

    Parameters
    ----------
    name : str
        Of the metric; one that moves in whole steps has at least the SD of rounding, a step / sqrt(12).
    measurements : sequence of Measurement
        With values.

    Returns
    -------
    float
        With ddof 1, in the metric's unit. For metrics without steps 0 with fewer than two, or when all are equal.
    """
    values = _values(measurements)
    # Asked for the range, since the SD of equal numbers may be a rounding error above 0: that of three times 0.1 is.
    sd = float(np.std(values, ddof=1)) if values.size > 1 and np.ptp(values) > 0.0 else 0.0
    return max(sd, row_of(name).resolution / math.sqrt(12.0))


class _Limit(NamedTuple):
    """How far values may differ without a change, as the end of a sentence says it, and whose repeatability that is."""

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
    said = f"within which {len(baseline)} baseline sessions predict a further one (95 %)"
    limit = _Limit(float(limit_of_new_session(sd, len(baseline))), said, "own")
    return _verdict(name, new, baseline, aim=aim, limit=limit, left_out=left_out)


def _against_published(
    name: str, new: Measurement, against: Sequence[Measurement], *, aim: Aim | None, left_out: tuple[str, ...] = ()
) -> Change:
    bound = row_of(name).bound
    if bound is not None:
        limit = _Limit(bound.limit, f"that is known as its repeatability ({bound.source})", "published")
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
    how = f"{'above' if difference > 0 else 'below'} {with_what}" if difference else f"away from {with_what}"
    beyond = abs(difference) > limit.size
    than = f"{'more' if beyond else 'not more'} than the {amount(limit.size, new.unit)} {limit.words}"
    if beyond and not changed:
        than += f", but not more than the {amount(own, new.unit)} by which the session itself is uncertain (95 %)"
    return Change(
        verdict=_direction(row_of(name).better if aim is None else aim, reference, value) if changed else "cannot tell",
        why=(f"{amount(abs(difference), new.unit)} {how}: {than}.", *left_out),
        value=value,
        reference=reference,
        difference=difference,
        limit=limit.size,
        basis=limit.basis,
        reference_ids=tuple(r.session_id for r in against),
    )


def _own_uncertainty(new: Measurement, against: Sequence[Measurement]) -> float:
    """Return how far the numbers themselves may be off; that of a mean of several sessions is left to the limit."""
    alone = [new, *against] if len(against) == 1 else [new]
    return math.hypot(*(own_half_width(measurement) or 0.0 for measurement in alone))


def _direction(aim: Aim | None, reference: float, value: float) -> Verdict:
    """Return what a real change from `reference` to `value` is called."""
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
    """Return how far a value lies outside a range; 0 inside."""
    return max(span[0] - value, value - span[1], 0.0)
