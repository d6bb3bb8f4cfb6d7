"""Verdicts on stored sessions: one against the earlier ones, two side by side, one metric over time.

The rules are in `verdict` and `trends`; this module gives them the stored sessions, baseline marks and goals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from gaitlab.errors import UsageError
from gaitlab.history.comparable import is_comparable
from gaitlab.history.goals import goal_for
from gaitlab.history.trends import Trend, aim_of, main_side, trend
from gaitlab.history.verdict import Change, compare_two, judge, many_verdicts_note
from gaitlab.metrics.table import Aim
from gaitlab.records import Metric, Side
from gaitlab.storage import Goal, HistoryPoint, SessionFilter, SessionStore, StoredSession, history_point

__all__ = [
    "ComparedMetric",
    "Comparison",
    "change_of_metric",
    "changes_of_session",
    "compare_sessions",
    "trend_of",
    "trend_until",
    "trends_of",
]

_BASELINE: Final = SessionFilter(only_baseline=True)
_Key = tuple[str, Side | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMetric:
    """One metric in two sessions; None for a session without that metric."""

    name: str
    side: Side | None
    first: Metric | None
    second: Metric | None
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Two sessions of one person, the earlier one first.

    Attributes
    ----------
    first, second : StoredSession
    rows : tuple of ComparedMetric
    note : str
        A caution about many verdicts at once; may be empty.
    """

    first: StoredSession
    second: StoredSession
    rows: tuple[ComparedMetric, ...]
    note: str


def _by_key(stored: StoredSession) -> dict[_Key, Metric]:
    return {(metric.name, metric.side): metric for metric in stored.analysis.metrics}


def changes_of_session(store: SessionStore, stored: StoredSession) -> dict[_Key, Change]:
    """Judge every metric of a session against the earlier sessions of the same person.

    Returns
    -------
    dict
        By name and side; numbers that were withheld are left out.
    """
    goals = store.goals(stored.header.person)
    given = ((key, metric) for key, metric in _by_key(stored).items() if metric.value is not None)
    return {key: _change(store, stored, metric, goals) for key, metric in given}


def change_of_metric(store: SessionStore, stored: StoredSession, metric: Metric) -> Change:
    """Judge one metric of a session against the earlier sessions of the same person."""
    return _change(store, stored, metric, store.goals(stored.header.person))


def trend_until(store: SessionStore, stored: StoredSession, metric: Metric) -> Trend:
    """Return the trend of a metric of a session up to that session, its verdict that of `change_of_metric`.

    Later sessions are left out: a report of a session shows what was known at its time. Of sessions of one moment the
    one with the higher number is the later one, as in the verdict.
    """
    own = history_point(stored, metric)
    earlier = (
        point
        for point in store.metric_history(stored.header.person, metric.name)
        if point.kind == own.kind and (point.recorded_at, point.session_id) < (own.recorded_at, own.session_id)
    )
    shown = trend(metric.name, (*earlier, own), side=metric.side)
    return replace(shown, change=change_of_metric(store, stored, metric))


def _change(store: SessionStore, stored: StoredSession, metric: Metric, goals: Sequence[Goal]) -> Change:
    point, aim = history_point(stored, metric), aim_of(goal_for(goals, metric.name, metric.side))
    history = _history_for(store, stored.header.person, metric.name, point)
    return judge(metric.name, point, history, aim=aim)


def _history_for(store: SessionStore, person: str, name: str, point: HistoryPoint) -> tuple[HistoryPoint, ...]:
    """Return the sessions to judge a value against: the baseline sessions if one of them is comparable, else all."""
    baseline = store.metric_history(person, name, where=_BASELINE)
    found = any(
        is_comparable(point, b) and b.side == point.side and b.recorded_at < point.recorded_at for b in baseline
    )
    return baseline if found else store.metric_history(person, name)


def compare_sessions(store: SessionStore, one_id: int, other_id: int) -> Comparison:
    """Compare two sessions of one person, the later one against the earlier one.

    Raises
    ------
    UsageError
        When they belong to two people, or both are the same session.
    NotFoundError
    """
    one, other = store.get(one_id), store.get(other_id)
    if one_id == other_id:
        raise UsageError(f"session {one_id}: expected two different sessions to compare, got this one twice")
    if one.header.person != other.header.person:
        raise UsageError(
            f"sessions {one_id} and {other_id} are of {one.header.person} and of {other.header.person}: choose two of "
            "one person"
        )
    first, second = sorted((one, other), key=lambda s: (s.header.recorded_at, s.header.id))
    goals = store.goals(first.header.person)
    keys = dict.fromkeys([*_by_key(second), *_by_key(first)])
    rows = tuple(
        _row(store, first, second, key, aim_of(goal_for(goals, *key)))
        for key in keys
        if any(m.value is not None for m in (_by_key(first).get(key), _by_key(second).get(key)) if m)
    )
    judged = sum(1 for row in rows if row.change.limit is not None)
    return Comparison(first=first, second=second, rows=rows, note=many_verdicts_note(judged))


def _row(
    store: SessionStore, first: StoredSession, second: StoredSession, key: _Key, aim: Aim | None
) -> ComparedMetric:
    name, side = key
    a, b = _by_key(first).get(key), _by_key(second).get(key)
    if a is None or b is None:
        why = f"The {'first' if a is None else 'second'} session has no such number."
        return ComparedMetric(name=name, side=side, first=a, second=b, change=Change(verdict="cannot tell", why=(why,)))
    history: Sequence[HistoryPoint] = store.metric_history(first.header.person, name, where=_BASELINE)
    change = compare_two(name, history_point(first, a), history_point(second, b), history, aim=aim)
    return ComparedMetric(name=name, side=side, first=a, second=b, change=change)


def trend_of(
    store: SessionStore, person: str, name: str, *, side: Side | None = None, kind: str | None = None
) -> Trend:
    """Return a person's trend of one metric.

    Parameters
    ----------
    store : SessionStore
    person, name : str
    side : Side, optional
        Default: both sides together where the metric has such a value, else the first side found.
    kind : str, optional
        Kind of activity; default: that of the newest session with the metric.
    """
    history = store.metric_history(person, name)
    kinds = [point.kind for point in history if point.value is not None]
    wanted = kind or next(reversed(kinds), None)
    history = tuple(point for point in history if point.kind == wanted)
    shown = main_side(history) if side is None else side
    aim = aim_of(goal_for(store.goals(person), name, shown))
    return trend(name, history, side=shown, aim=aim)


def trends_of(store: SessionStore, person: str, names: Sequence[str], *, kind: str) -> tuple[Trend, ...]:
    """Return a person's trends of several metrics in sessions of one activity, each of its main side.

    Metrics without any value are left out.
    """
    histories, goals = store.metric_histories(person, names, where=SessionFilter(kind=kind)), store.goals(person)
    sides = {
        name: main_side([point for point in history if point.value is not None]) for name, history in histories.items()
    }
    found = (
        trend(name, history, side=sides[name], aim=aim_of(goal_for(goals, name, sides[name])))
        for name, history in histories.items()
    )
    return tuple(one for one in found if one.points)
