"""Empty SQLite stores for the tests: one database is migrated, and every test gets a copy of its file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from gaitlab.paths import data_dir
from gaitlab.storage import SessionStore, open_store, upgrade

__all__ = ["empty_store", "migrated", "new_sqlite_database"]

_N_TABLES = "SELECT count(*) FROM sqlite_master"


@pytest.fixture(scope="session", autouse=True)
def _migrated_once() -> Iterator[None]:
    """Run all migrations for the first new database only; the next ones get the same tables at once."""
    migrate, dump = command.upgrade, list[str]()

    def upgrade(config: Config, revision: str) -> None:
        connection = config.attributes["connection"]
        is_new = connection.dialect.name == "sqlite" and not connection.exec_driver_sql(_N_TABLES).scalar_one()
        if is_new and dump:
            for statement in dump:
                connection.exec_driver_sql(statement)
            return
        migrate(config, revision)
        if is_new:
            lines = connection.connection.driver_connection.iterdump()
            dump.extend(line for line in lines if line not in {"BEGIN TRANSACTION;", "COMMIT;"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "upgrade", upgrade)
        yield


@pytest.fixture(scope="session")
def new_sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], str]:
    """Return what puts a database with the newest schema at a path and tells its address."""
    template = tmp_path_factory.mktemp("template") / "gaitlab.db"
    upgrade(f"sqlite:///{template}")
    assert [file.name for file in template.parent.iterdir()] == [template.name]  # no log beside it: the file is all

    def new(path: Path) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    return new


@pytest.fixture
def empty_store(new_sqlite_database: Callable[[Path], str], tmp_path: Path) -> Iterator[SessionStore]:
    """Open a store that is not where programs look for theirs."""
    with closing(open_store(new_sqlite_database(tmp_path / "empty-store" / "gaitlab.db"))) as store:
        yield store


@pytest.fixture
def migrated(new_sqlite_database: Callable[[Path], str]) -> None:
    """Put an empty database where programs look for theirs, which saves each the time to make one."""
    new_sqlite_database(data_dir() / "gaitlab.db")
