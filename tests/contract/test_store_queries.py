"""Lists stay fast with many sessions: the database finds them by an index instead of reading them all."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event

from benchmarks.store import fill
from gaitlab.storage import SessionFilter, SessionStore, open_store
from gaitlab.storage.engine import database_url, make_engine, media_folder
from tests.builders_store import MONDAY, SHA_WALK, a_walk

LARGE_TABLES = "session|metric|contact|repetition|track|tag|media"

CALLS: dict[str, Callable[[SessionStore], Any]] = {
    "sessions of a person": lambda store: store.sessions(person="person 3"),
    "first page of everybody": lambda store: store.sessions(limit=10),
    "a person's squats since Monday": lambda store: store.sessions(
        person="person 3", where=SessionFilter(kind="squat", since=MONDAY)
    ),
    "course of a number": lambda store: store.metric_history("person 3", "cadence"),
    "courses of several numbers": lambda store: store.metric_histories("person 3", ("cadence", "step_time")),
    "a person's activities": lambda store: store.kinds_overview("person 3"),
    "everybody known": lambda store: store.people_overview(recent=3),
    "how many sessions": lambda store: store.count_sessions(),
    "how many squats of a person": lambda store: store.count_sessions(
        person="person 3", where=SessionFilter(kind="squat")
    ),
    "tags of a person": lambda store: store.tags(person="person 3"),
    "everybody's tags": lambda store: store.tags(),
    "heel strikes of a session": lambda store: store.moments(7),
    "the same file again": lambda store: store.find_by_hash(SHA_WALK),
    "one session": lambda store: store.get(7),
    "its film": lambda store: store.media_path(7, "overlay"),
    "its versions": lambda store: store.versions(7),
}


def plans_of(url: str, call: Callable[[SessionStore], Any]) -> list[str]:
    """Return the steps by which SQLite answers what a call asks in a database of 300 sessions."""
    open_store(url).close()
    fill(url, 300, analysis=a_walk(), n_people=10)
    engine = make_engine(database_url(url))
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cu, sql, values, _x, _m: asked.append((sql, values)))
    with closing(SessionStore(engine, media=media_folder(database_url(url)))) as store:
        call(store)
        queries = [(sql, values) for sql, values in asked if sql.startswith("SELECT")]
        with engine.connect() as connection:
            return [
                row[3]
                for sql, values in queries
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            ]


@pytest.mark.parametrize("what", CALLS)
def test_no_query_reads_a_whole_table(url: str, what: str) -> None:
    plans = plans_of(url, CALLS[what])

    assert plans
    assert any("USING" in step for step in plans)
    assert not [step for step in plans if re.match(rf"SCAN ({LARGE_TABLES})(?! USING (COVERING )?INDEX)\b", step)]


@pytest.mark.parametrize("what", ["how many sessions", "how many squats of a person", "a person's activities"])
def test_what_is_counted_is_counted_without_the_long_rows(url: str, what: str) -> None:
    of_session = [step for step in plans_of(url, CALLS[what]) if " session " in step]

    assert of_session
    assert all("USING COVERING INDEX" in step for step in of_session)


def test_a_page_of_everybody_is_not_sorted_and_a_trend_reads_one_person_only(url: str) -> None:
    page = plans_of(url, CALLS["first page of everybody"])
    trend = plans_of(f"{url}-2", CALLS["course of a number"])

    assert page[0].startswith("SCAN session USING INDEX ix_session_recorded_at")
    assert any("metric USING INDEX ix_metric_session_id_name (session_id=? AND name=?)" in step for step in trend)
