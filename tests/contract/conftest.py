"""Stores of every kind, empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gaitlab.storage import SessionStore, open_store
from tests.postgresql import PostgresDatabases


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/gaitlab.db"


@pytest.fixture
def sql(url: str, new_sqlite_database: Callable[[Path], str], tmp_path: Path) -> Iterator[SessionStore]:
    assert new_sqlite_database(tmp_path / "data" / "gaitlab.db") == url
    with closing(open_store(url)) as store:
        yield store


@pytest.fixture
def postgresql_url(postgresql_databases: PostgresDatabases) -> Iterator[str]:
    with postgresql_databases.lent() as address:
        yield address


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[SessionStore]:
    with closing(open_store(postgresql_url)) as store:
        yield store


@pytest.fixture(params=["sql", "postgresql"])
def store(request: pytest.FixtureRequest) -> SessionStore:
    opened: SessionStore = request.getfixturevalue(request.param)
    return opened


@pytest.fixture
def elsewhere(empty_store: SessionStore) -> SessionStore:
    return empty_store
