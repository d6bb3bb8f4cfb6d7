"""What a page asks of the store does not grow with the number of sessions in it."""

from __future__ import annotations

from typing import Any

import pytest

from gaitlab.storage import SessionStore
from tests.app.visits import page
from tests.builders_store import a_walk


@pytest.mark.parametrize("name", ["analyse", "session", "history", "compare", "people", "settings"])
def test_no_page_lists_every_session(name: str, sessions: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        sessions.save(a_walk(), person="Ann")
    asked: list[int | None] = []
    listing = SessionStore.sessions

    def noting(self: SessionStore, *, limit: int | None = None, **others: Any) -> Any:
        asked.append(limit)
        return listing(self, limit=limit, **others)

    monkeypatch.setattr(SessionStore, "sessions", noting)
    visit = page(name)
    assert not visit.exception
    assert None not in asked
