"""Stores of every kind, empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gaitlab.storage import MemoryStore, SessionStore, SqlStore, open_store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/gaitlab.db"


@pytest.fixture
def sql(url: str) -> Iterator[SqlStore]:
    with closing(open_store(url)) as store:
        yield store


@pytest.fixture
def postgresql_url(new_postgresql_database: Callable[[], str]) -> str:
    return new_postgresql_database()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[SqlStore]:
    with closing(open_store(postgresql_url)) as store:
        yield store


@pytest.fixture(params=["memory", "sql", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[SessionStore]:
    if request.param == "memory":
        with closing(MemoryStore()) as memory:
            yield memory
    else:
        yield request.getfixturevalue(request.param)
