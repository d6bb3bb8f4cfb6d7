"""How long the store takes, and how that grows with the number of sessions.

    python -m benchmarks.store [--sizes 1000 10000 100000] [--dry]

For each size a new SQLite database and one of a PostgreSQL server on this machine, each with that many generated
sessions of 100 people: 24 numbers, 12 contacts and two tags each, and a track of ten seconds in every session that is
read or saved here (the generated ones have a short one, so that the disk does not fill; tracks lie in a table of their
own, which no list reads). What lists, trends and filters ask for, and what exports read. Each time is the median of
rounds on the clock. Writes its section of ``benchmarks/results.md``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert

from benchmarks.results import command_line, machine_lines, markdown_table, write_section
from gaitlab.archive.samples import analyse_sample, samples
from gaitlab.records import Analysis, GaitSummary
from gaitlab.storage import SessionHeader, SessionStore, open_store
from gaitlab.storage.engine import database_url, make_engine
from gaitlab.storage.mapping import to_session_row
from gaitlab.storage.rows import Base, ContactRow, MetricRow, PersonRow, SessionRow, TagRow, TrackRow
from tests.postgresql import served_databases

__all__ = ["fill", "main"]

N_PEOPLE: Final = 100
_HEADING: Final = "make bench-store"
_ROUNDS: Final = 9
_AT_ONCE: Final = 1000
_START: Final = datetime(2016, 1, 1, 9, tzinfo=UTC)


def fill(url: str, n_sessions: int, *, analysis: Analysis, n_people: int = N_PEOPLE) -> None:
    """Add generated sessions of `n_people` people to an empty database: copies of one analysis, hour after hour."""
    model = to_session_row(analysis)
    engine = make_engine(database_url(url))
    with engine.begin() as connection:
        connection.execute(insert(PersonRow), [_person(number) for number in range(n_people)])
    for first in range(0, n_sessions, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, n_sessions))
        with engine.begin() as connection:
            _insert(connection, model, analysis.gait, numbers, n_people)
    engine.dispose()


def _person(number: int) -> dict[str, Any]:
    return {"id": number + 1, "owner": "local", "name": f"person {number}", "created_at": _START, "remark": ""}


def _insert(
    connection: Connection, model: SessionRow, gait: GaitSummary | None, numbers: Sequence[int], n_people: int
) -> None:
    session = _columns(model, "id")
    given = {"remark": "", "recorded_from": "metadata", "is_baseline": False, "created_at": _START}
    connection.execute(
        insert(SessionRow),
        [
            {
                **session,
                **given,
                "id": n + 1,
                "person_id": n % n_people + 1,
                "recorded_at": _START + timedelta(hours=n),
                "sha256": f"{n:064x}",
            }
            for n in numbers
        ],
    )
    metrics = [_columns(row, "session_id") for row in model.metrics]
    contacts = [asdict(one) for one in (gait.contacts if gait else ())]
    for table, rows in ((MetricRow, metrics), (ContactRow, contacts)):
        parts = [row | {"position": i} for i, row in enumerate(rows)]
        connection.execute(insert(table), [part | {"session_id": n + 1} for n in numbers for part in parts])
    npz = model.track.npz if len(numbers) < _AT_ONCE else b""  # in small databases (tests) sessions can be read
    tags = [{"session_id": n + 1, "name": name} for n in numbers for name in ("hall", f"week {n // 168}")]
    connection.execute(insert(TagRow), tags)
    connection.execute(insert(TrackRow), [{"session_id": n + 1, "schema_version": 1, "npz": npz} for n in numbers])


def _columns(row: Base, *skipped: str) -> dict[str, Any]:
    names = (column.name for column in row.__table__.columns if column.name not in skipped)
    return {name: getattr(row, name) for name in names}


def _median_ms(call: Callable[[], object]) -> float:
    """Return the median time on the clock, in milliseconds."""
    times = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return 1000 * statistics.median(times)


def _measure(store: SessionStore, analysis: Analysis) -> Iterator[tuple[str, float]]:
    """Yield what was done and its time in milliseconds."""
    who = "person 42"
    session_id = store.save(analysis, person=who)
    yield "first page of everybody's sessions and how many", _median_ms(lambda: _page(store, None, 50))
    yield (
        "History: the first 30 people with their last 6",
        _median_ms(lambda: store.people_overview(recent=6, limit=30)),
    )
    yield (
        "History: one person's activities, first page, how many",
        _median_ms(lambda: (store.kinds_overview(who), _page(store, who, 20))),
    )
    yield "course of one number of one person", _median_ms(lambda: store.metric_history(who, "cadence"))
    yield "tags of one person, to filter by", _median_ms(lambda: store.tags(person=who))
    yield "everybody's tags, to choose from", _median_ms(store.tags)
    yield "all sessions of one person, for exports", _median_ms(lambda: store.sessions(person=who))
    yield "find a file again", _median_ms(lambda: store.find_by_hash("f" * 64))
    yield "read a session", _median_ms(lambda: store.get(session_id))
    yield "save a session", _median_ms(lambda: store.save(analysis, person=who))
    yield "delete a session", _median_ms(lambda: store.delete(store.save(analysis, person=who)))


def _page(store: SessionStore, person: str | None, n: int) -> tuple[Sequence[SessionHeader], int]:
    return store.sessions(person=person, limit=n), store.count_sessions(person=person)


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder)}/gaitlab.db"


@contextmanager
def _postgresql() -> Iterator[str]:
    with served_databases() as databases, databases.lent() as address:
        yield address


_DATABASES: Final = {"SQLite": _sqlite, "PostgreSQL": _postgresql}


def _megabytes(url: str) -> float:
    engine = make_engine(database_url(url))
    asked = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    with engine.connect() as connection:
        n_bytes = int(connection.exec_driver_sql(asked[engine.dialect.name]).scalar_one())
    engine.dispose()
    return n_bytes / 1e6


def _settle(url: str) -> None:
    """Let PostgreSQL number on after rows with given numbers, and count its rows, as it does by itself after a time."""
    engine = make_engine(database_url(url))
    if engine.dialect.name == "postgresql":
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in ("person", "session"):
                last = f"(SELECT max(id) FROM {table})"
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def main(argv: Sequence[str] | None = None) -> int:
    """Fill, measure, write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--dry", action="store_true", help="print only, leave results.md as it is")
    args = parser.parse_args(argv)
    analysis = analyse_sample(next(one for one in samples() if one.title == "Walking from standing"))
    analysis = replace(analysis, source=replace(analysis.source, recorded_at=None))
    table: dict[str, list[str]] = {}
    for size, (kind, database) in product(args.sizes, _DATABASES.items()):
        with database() as url, closing(open_store(url)) as store:
            fill(url, size, analysis=analysis)
            _settle(url)
            for what, wall_ms in _measure(store, analysis):
                table.setdefault(what, []).append(f"{wall_ms:.1f}")
                print(f"{size:8} {kind:10} {what:56} {wall_ms:9.1f} ms", file=sys.stderr, flush=True)
            table.setdefault("size of the database in MB", []).append(f"{_megabytes(url):.0f}")
    command = command_line("make bench-store", "benchmarks.store", sys.argv[1:] if argv is None else argv)
    columns = [f"{size:,} {kind}" for size, kind in product(args.sizes, _DATABASES)]
    rows = [[what, *values] for what, values in table.items()]
    header = [f"ms on the clock, median of {_ROUNDS}", *columns]
    text = f"{machine_lines(command)}\n\n{markdown_table(header, rows)}"
    if args.dry:
        print(text)
    else:
        write_section(_HEADING, text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
