"""The migrated schema is the one the program expects, and old databases stay readable."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Column, Connection, DateTime, MetaData, inspect

from gaitlab.errors import StoreError
from gaitlab.paths import bundled_path
from gaitlab.storage import open_store, upgrade
from gaitlab.storage.engine import alembic_config, database_url, make_engine
from gaitlab.storage.rows import Base
from tests.builders_store import a_set_in_detail, a_squat_set, a_walk, an_edited_walk, assert_equal_analyses
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


def pour_into(url: str, frozen: Path) -> None:
    """Fill an empty PostgreSQL database with a frozen SQLite one: the schema by its own migrations, then the rows."""
    engine = make_engine(database_url(url))
    with closing(frozen_database(frozen)) as source, engine.begin() as connection:
        command.upgrade(alembic_config(connection), frozen.stem.removeprefix("store_"))
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


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_of_an_older_program_is_upgraded_and_read(
    kind: str, frozen: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        address = f"sqlite:///{tmp_path}/gaitlab.db"
        with closing(frozen_database(frozen)) as source, closing(sqlite3.connect(tmp_path / "gaitlab.db")) as copy:
            source.backup(copy)
    else:
        address = request.getfixturevalue("postgresql_url")
        pour_into(address, frozen)

    with closing(open_store(address)) as store:
        walk, squats = store.get(1), store.get(2)
        assert_equal_analyses(walk.analysis, a_walk())
        assert_equal_analyses(squats.analysis, a_squat_set())
        assert (walk.header.person, walk.remark, walk.tags) == ("Zoë", "new shoes", ("hall", "shoes"))
        if frozen.stem >= "store_0002":
            assert_equal_analyses(store.get(3).analysis, a_set_in_detail())
        if frozen.stem >= "store_0003":
            assert_equal_analyses(store.get(4).analysis, an_edited_walk())
            assert [header.id for header in store.versions(4)] == [5, 4]
            assert [goal.target for goal in store.goals("Zoë")] == [110.0]
            assert store.person("Zoë").birth_year == 1990


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
