"""Stores of every kind, empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gaitlab.storage import Moved, SessionStore, open_store
from tests.builders_store import A_PROGRAMME, MONDAY, a_clip, a_walk
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


@pytest.fixture
def own(store: SessionStore, tmp_path: Path) -> dict[str, Any]:
    """Return what Ann's owner has in the store."""
    session = store.save(
        a_walk(), person="Ann", recorded_at=MONDAY, media={"overlay": a_clip(tmp_path)}, remark="r", tags=["hall"]
    )
    goal = store.set_goal("Ann", metric="cadence", target=110.0, direction="at_least")
    store.set_programme("Ann", A_PROGRAMME)
    ann = store.person("Ann")
    moved = Moved(session_id=session, person=ann, to=ann, is_new=True)
    return {"session": session, "goal": goal, "person": ann, "moved": moved}
