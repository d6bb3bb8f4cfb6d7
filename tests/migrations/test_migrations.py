"""The migrated schema is the one the program expects, and old databases stay readable."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Connection, DateTime, MetaData, Table, inspect

from gaitlab.errors import StoreError
from gaitlab.paths import bundled_path
from gaitlab.records import Analysis
from gaitlab.storage import open_store, upgrade
from gaitlab.storage.engine import alembic_config, database_url, make_engine
from gaitlab.storage.rows import Base
from tests.builders_store import (
    A_PROGRAMME,
    a_set_in_detail,
    a_squat_set,
    a_walk,
    a_walk_with_findings,
    an_edited_walk,
    assert_equal_analyses,
)
from tests.postgresql import PostgresDatabases

#: Databases as each released schema wrote them, with one walk and one set of squats.
FROZEN = sorted(Path(__file__).parent.glob("store_*.sql"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/gaitlab.db"


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    upgrade(url)
    engine = make_engine(database_url(url), foreign_keys=False)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def dump(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return "\n".join(database.iterdump())


def test_the_migrated_schema_is_the_one_of_the_models(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

    assert compare_metadata(context, Base.metadata) == []


def test_tables_made_by_migration_and_by_the_models_are_equal_to_the_word(connection: Connection, url: str) -> None:
    expected = make_engine(database_url(f"{url}-models"))
    Base.metadata.create_all(expected)

    for name in Base.metadata.tables:
        with expected.connect() as other:
            for what in (
                "get_columns",
                "get_pk_constraint",
                "get_foreign_keys",
                "get_unique_constraints",
                "get_indexes",
            ):
                got, want = (getattr(inspect(c), what)(name) for c in (connection, other))
                if what == "get_foreign_keys":  # their order means nothing
                    got, want = (sorted(keys, key=str) for keys in (got, want))
                assert json.dumps(got, default=str) == json.dumps(want, default=str), f"{what} of {name}"
    expected.dispose()


def test_upgrade_tells_the_newest_revision(url: str) -> None:
    scripts = ScriptDirectory(str(bundled_path("migrations")))

    assert upgrade(url) == scripts.get_current_head()


def test_upgrading_twice_changes_nothing(url: str, tmp_path: Path) -> None:
    upgrade(url)
    before = dump(tmp_path / "gaitlab.db")

    upgrade(url)

    assert dump(tmp_path / "gaitlab.db") == before


def test_migrations_can_be_undone_and_done_again(connection: Connection) -> None:
    command.downgrade(alembic_config(connection), "base")
    assert set(inspect(connection).get_table_names()) == {"alembic_version"}

    command.upgrade(alembic_config(connection), "head")
    assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())


def test_history_is_one_line_of_revisions() -> None:
    scripts = ScriptDirectory(str(bundled_path("migrations")))

    assert len(scripts.get_heads()) == 1


def test_upgrading_sets_up_no_logging(url: str) -> None:
    before = (list(logging.root.handlers), logging.root.level)

    upgrade(url)

    assert (list(logging.root.handlers), logging.root.level) == before


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "gaitlab.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE VIEW stride AS SELECT 1")  # in the way of the table of that name
    before = dump(path)

    with pytest.raises(StoreError, match="stride"):
        upgrade(f"sqlite:///{path}")

    assert dump(path) == before


@pytest.fixture
def postgresql_url(postgresql_databases: PostgresDatabases) -> str:
    """Return the address of an empty database."""
    return postgresql_databases.address(postgresql_databases.new("template1"))


def frozen_database(frozen: Path) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.executescript(frozen.read_text(encoding="utf-8"))
    return database


def pour_into(url: str, source: sqlite3.Connection) -> None:
    """Fill an empty PostgreSQL database with an SQLite one: the schema by its own migrations, then the rows."""
    engine = make_engine(database_url(url))
    (revision,) = source.execute("SELECT version_num FROM alembic_version").fetchone()
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        connection.exec_driver_sql("SET session_replication_role = replica")  # sessions refer to later ones
        schema = MetaData()
        schema.reflect(connection)
        for table in schema.sorted_tables:
            if table.name == "alembic_version":
                continue
            cursor = source.execute(f'SELECT * FROM "{table.name}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                connection.execute(
                    table.insert(), {n: as_stored(table.c[n], v) for n, v in zip(names, row, strict=True)}
                )
            if "id" in table.c:
                last = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), coalesce(max(id), 1)) FROM \"{0}\""
                connection.exec_driver_sql(last.format(table.name))
    engine.dispose()


def as_stored(column: Column[Any], value: Any) -> Any:
    """Return a value as SQLite keeps it in the way that PostgreSQL takes it."""
    if isinstance(column.type, JSON) and value is not None:
        return json.loads(value)
    if isinstance(column.type, DateTime) and value is not None:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return bool(value) if isinstance(column.type, Boolean) else value


@pytest.fixture(params=["sqlite", "postgresql"])
def put_in_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[sqlite3.Connection], str]:
    """Return what copies an old database to SQLite or PostgreSQL and returns its address."""

    def copy(source: sqlite3.Connection) -> str:
        if request.param == "postgresql":
            address: str = request.getfixturevalue("postgresql_url")
            pour_into(address, source)
            return address
        with closing(sqlite3.connect(tmp_path / "gaitlab.db")) as database:
            source.backup(database)
        return f"sqlite:///{tmp_path}/gaitlab.db"

    return copy


def a_squat_set_saved_before(revision: str) -> Analysis:
    """Return `a_squat_set()` as it is read from a database of that revision.

    Up to 0004 it had two full repetitions and a third, shallow one, which is not listed.
    """
    squats = a_squat_set()
    assert squats.exercise is not None
    if revision >= "0005":
        return squats
    repetitions = tuple(replace(one, is_shallow=False) for one in squats.exercise.repetitions)
    metrics = (replace(squats.exercise.metrics[0], value=3.0, n=3),)
    return replace(squats, exercise=replace(squats.exercise, count=3, repetitions=repetitions, metrics=metrics))


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda path: path.stem)
def test_a_database_of_an_older_program_is_upgraded_and_read(
    frozen: Path, put_in_place: Callable[[sqlite3.Connection], str]
) -> None:
    with closing(frozen_database(frozen)) as source:
        address = put_in_place(source)

    with closing(open_store(address)) as store:
        walk, squats = store.get(1), store.get(2)
        assert_equal_analyses(walk.analysis, a_walk())
        assert_equal_analyses(squats.analysis, a_squat_set_saved_before(frozen.stem.removeprefix("store_")))
        assert (walk.header.person, walk.remark, walk.tags) == ("Zoë", "new shoes", ("hall", "shoes"))
        if frozen.stem >= "store_0002":
            assert_equal_analyses(store.get(3).analysis, a_set_in_detail())
        if frozen.stem >= "store_0003":
            assert_equal_analyses(store.get(4).analysis, an_edited_walk())
            assert [header.id for header in store.versions(4)] == [5, 4]
            assert [goal.target for goal in store.goals("Zoë")] == [110.0]
            assert store.person("Zoë").birth_year == 1990
        if frozen.stem >= "store_0006":
            assert_equal_analyses(store.get(6).analysis, a_walk_with_findings())
        if frozen.stem >= "store_0007":
            assert [one.name for one in store.for_owner("https://id.example eve").people()] == ["Zoë"]
        assert store.programme("Zoë") == (A_PROGRAMME if frozen.stem >= "store_0009" else ())


@pytest.mark.parametrize(
    ("column", "kept"),
    [("why", '{"code": "of_tomorrow", "values": {}}'), ("why", '{"code": "few_steps", "values": {"n": 2}}'),
     ("why", "7"), ("why", None), ("reason", "A sentence that is not read.")],
)  # fmt: skip
def test_a_reason_is_that_of_its_code_or_of_its_sentence(
    url: str, tmp_path: Path, column: str, kept: str | None
) -> None:
    with closing(sqlite3.connect(tmp_path / "gaitlab.db")) as database, database:
        database.executescript((Path(__file__).parent / "store_0006.sql").read_text(encoding="utf-8"))
        database.execute(f"UPDATE metric SET {column} = ? WHERE session_id = 6 AND position = 0", (kept,))

    with closing(open_store(url)) as store:
        cadence, _ = store.get(6).analysis.metrics
        assert cadence.reason == a_walk_with_findings().metrics[0].reason


#: Sessions as programs up to 0004 wrote them: turns of the full repetitions, then of the shallow ones.
_MIXED, _SHALLOW_ONLY, _REPLACED = 6, 7, 8
_APART = {_MIXED: ((1.0, 3.0, 9.0), (7.0, 5.0)), _SHALLOW_ONLY: ((), (2.0, 4.0)), _REPLACED: ((4.0,), (2.0,))}


def with_shallow_ones_apart() -> sqlite3.Connection:
    """Return a database of 0004 with more sets of squats; one of them is replaced by another."""
    database = frozen_database(Path(__file__).parent / "store_0004.sql")
    for number, (full, shallow) in _APART.items():
        for table in ("session", "track"):
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")][1:]
            copied = ", ".join(f'"{name}"' for name in names)
            database.execute(f"INSERT INTO {table} SELECT {number}, {copied} FROM {table} WHERE rowid = 3")
        database.execute(
            "UPDATE session SET exercise_count = ?, exercise_partial = ?, replaced_by = ? WHERE id = ?",
            (len(full), len(shallow), _MIXED if number == _REPLACED else None, number),
        )
        value, reason = (float(len(full)), None) if full else (None, "No full repetition was found.")
        rows = (("repetition_count", value, len(full), reason), ("tempo", 12.5, 2, None))
        for position, (name, given, n, why) in enumerate(rows):
            database.execute(
                "INSERT INTO metric VALUES (?, ?, 'exercise', ?, ?, 'repetitions', NULL, ?, NULL, ?, ?)",
                (number, position, name, given, n, 0.75 if given else 0.0, why),
            )
        places = [(turn_s, i, False) for i, turn_s in enumerate(full)]
        places += [(turn_s, i, True) for i, turn_s in enumerate(sorted(shallow))]
        for position, (turn_s, i, is_partial) in enumerate(places):
            database.execute(
                """INSERT INTO repetition VALUES
                (?, ?, ?, 'both', ?, ?, ?, 90.0, '[]', 0.5, ?, 1, NULL, NULL, NULL, NULL, NULL, '[]')""",
                (number, position, i + 1, turn_s - 0.5, turn_s, turn_s + 0.5, is_partial),
            )
    database.commit()
    return database


def test_shallow_repetitions_come_among_the_others_and_count(
    put_in_place: Callable[[sqlite3.Connection], str],
) -> None:
    with closing(with_shallow_ones_apart()) as source:
        address = put_in_place(source)

    with closing(open_store(address)) as store:
        for number, (full, shallow) in _APART.items():
            stored = store.get(number)
            exercise = stored.analysis.exercise
            assert exercise is not None
            assert (exercise.count, exercise.partial) == (len(full) + len(shallow), len(shallow))
            assert [one.turn_s for one in exercise.repetitions] == sorted((*full, *shallow))
            assert [one.turn_s for one in exercise.repetitions if one.is_shallow] == sorted(shallow)
            assert [one.index for one in exercise.repetitions] == list(range(1, exercise.count + 1))
            count, tempo = exercise.metrics
            assert (count.value, count.n, count.reason) == (exercise.count, exercise.count, None)
            assert (tempo.value, tempo.n) == (12.5, 2)  # measured on the full ones; no number is computed anew
            assert stored.header.shallow == len(shallow)
        assert store.get(_SHALLOW_ONLY).header.repetition_count.confidence == 0.5  # type: ignore[union-attr]
        assert store.get(_REPLACED).header.replaced_by == _MIXED


def test_the_count_of_all_repetitions_can_be_undone_and_done_again(
    put_in_place: Callable[[sqlite3.Connection], str],
) -> None:
    with closing(with_shallow_ones_apart()) as source:
        address = put_in_place(source)
    upgrade(address)
    before = {table: rows_of(address, table) for table in ("session", "metric", "repetition")}
    engine = make_engine(database_url(address), foreign_keys=False)

    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0004")
    places = [
        (row["position"], row["index"], row["is_partial"])
        for row in rows_of(address, "repetition")
        if row["session_id"] == _MIXED
    ]
    assert places == [(0, 1, False), (1, 2, False), (2, 3, False), (3, 1, True), (4, 2, True)]
    counts = {row["id"]: row["exercise_count"] for row in rows_of(address, "session") if row["id"] in _APART}
    assert counts == {number: len(full) for number, (full, _) in _APART.items()}
    found = [row for row in rows_of(address, "metric") if row["name"] == "repetition_count"]
    values = {row["session_id"]: row["value"] for row in found if row["session_id"] in _APART}
    assert values == {_MIXED: 3.0, _SHALLOW_ONLY: None, _REPLACED: 1.0}

    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
    assert {table: rows_of(address, table) for table in before} == before
    engine.dispose()


def rows_of(address: str, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table in the order of their keys."""
    engine = make_engine(database_url(address))
    with engine.connect() as connection:
        known = Table(table, MetaData(), autoload_with=connection)
        rows = [dict(row._mapping) for row in connection.execute(known.select().order_by(*known.primary_key))]
    engine.dispose()
    return rows


def test_an_upgrade_gives_no_number_twice(url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "gaitlab.db")) as database:
        database.executescript(FROZEN[0].read_text(encoding="utf-8"))
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("DELETE FROM session WHERE id = 2")
        database.commit()

    with closing(open_store(url)) as store:
        assert store.save(a_walk(), person="Zoë") == 3


def test_the_migrated_schema_of_postgresql_is_the_one_of_the_models(postgresql_url: str) -> None:
    upgrade(postgresql_url)
    engine = make_engine(database_url(postgresql_url))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_every_schema_has_its_frozen_database() -> None:
    revisions = {script.revision for script in ScriptDirectory(str(bundled_path("migrations"))).walk_revisions()}

    assert {path.stem.removeprefix("store_") for path in FROZEN} == revisions
