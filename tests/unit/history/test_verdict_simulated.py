"""Verdicts on simulated people: how often an unchanged one is called changed, and how often a changed one is found."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.history.trends import trend
from gaitlab.history.verdict import compare_two, judge, limit_of_new_session
from gaitlab.records import FloatArray
from tests.builders_change import Point, baseline

N_PEOPLE = 200_000
N_JUDGED = 3_000  # one by one, through the whole verdict
FALSE_MAX = 0.06
POWER_MIN = 0.90
MEAN, SD = 105.0, 4.0


def people(n_baseline: int, *, shift_sd: float = 0.0, n: int = N_PEOPLE) -> tuple[FloatArray, FloatArray]:
    """Baseline values, shape (n, n_baseline), and one new session of each, shape (n,)."""
    rng = np.random.default_rng(6)
    return rng.normal(MEAN, SD, (n, n_baseline)), rng.normal(MEAN + shift_sd * SD, SD, n)


def share_changed(before: FloatArray, new: FloatArray) -> float:
    limit = limit_of_new_session(before.std(axis=1, ddof=1), before.shape[1])
    return float(np.mean(np.abs(new - before.mean(axis=1)) > limit))


@pytest.mark.parametrize("n_baseline", [3, 5, 10])
def test_unchanged_people_are_called_changed_in_at_most_6_percent(n_baseline: int) -> None:
    assert 0.04 <= share_changed(*people(n_baseline)) <= FALSE_MAX


def test_a_change_of_4_sd_against_10_sessions_is_found_in_90_percent() -> None:
    assert share_changed(*people(10, shift_sd=4.0)) >= POWER_MIN


@pytest.mark.parametrize("n_baseline", [3, 5, 10])
def test_the_whole_verdict_keeps_the_same_share(n_baseline: int) -> None:
    before, new = people(n_baseline, n=N_JUDGED)
    verdicts = [
        judge("cadence", Point(session_id=99, value=float(value)), baseline(row.tolist())).verdict != "cannot tell"
        for row, value in zip(before, new, strict=True)
    ]
    assert np.mean(verdicts) <= FALSE_MAX


def test_counts_which_only_change_in_whole_steps_keep_it_too() -> None:
    before, new = people(3, n=N_JUDGED)
    before, new = np.round(10 + (before - MEAN) / 8), np.round(10 + (new - MEAN) / 8)  # SD 0.5: mostly the same number
    verdicts = [
        judge("repetition_count", Point(session_id=99, value=float(value)), baseline(row.tolist())).verdict
        != "cannot tell"
        for row, value in zip(before, new, strict=True)
    ]
    assert np.mean(verdicts) <= FALSE_MAX


@pytest.mark.parametrize("with_a", [True, False])
def test_two_single_sessions_of_unchanged_people_too(with_a: bool) -> None:
    before, new = people(4, n=N_JUDGED)
    verdicts = []
    for row, value in zip(before, new, strict=True):
        marked = baseline(row.tolist())
        a, b = marked[0], Point(session_id=99, value=float(value))
        verdicts.append(compare_two("cadence", a, b, marked if with_a else marked[1:]).verdict != "cannot tell")
    assert np.mean(verdicts) <= FALSE_MAX


def test_the_mean_of_two_differing_sessions_never_stands_for_repeatability() -> None:
    before, new = people(2, n=200)
    for row, value in zip(before, new, strict=True):
        assert judge("tempo", Point(session_id=99, value=float(value)), baseline(row.tolist())).verdict == "cannot tell"


@pytest.mark.parametrize("n_sessions", [5, 8, 15])
def test_a_line_through_unchanged_sessions_rises_or_falls_in_at_most_6_percent(n_sessions: int) -> None:
    values, _ = people(n_sessions, n=600)
    courses = []
    for row in values:
        shown = trend("cadence", [Point(session_id=i, value=float(v)) for i, v in enumerate(row)])
        courses.append(shown.line is not None and shown.line.course != "no clear trend")
    assert np.mean(courses) <= FALSE_MAX
