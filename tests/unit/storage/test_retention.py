"""How long sessions and clips are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gaitlab.storage import SessionFilter, SessionStore
from gaitlab.storage.preferences import Preferences
from gaitlab.storage.retention import Swept, enforce, media_to_keep
from tests.app.builders_ui import walk

LATER = datetime.now(UTC) + timedelta(days=31)


@pytest.fixture
def store(empty_store: SessionStore) -> SessionStore:
    return empty_store


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"not really a clip")
    return path


def test_by_default_nothing_is_removed(store: SessionStore, clip: Path) -> None:
    number = store.save(walk(), person="Ann", media={"overlay": clip})
    assert enforce(store, Preferences(), now=LATER) == Swept()
    assert store.media_path(number, "overlay")


def test_sessions_go_after_so_many_days_from_the_save_not_the_filming(store: SessionStore) -> None:
    store.save(walk(), person="Ann", recorded_at=datetime(2001, 1, 1, tzinfo=UTC))
    assert enforce(store, Preferences(delete_after_days=30)) == Swept()
    assert enforce(store, Preferences(delete_after_days=32), now=LATER) == Swept()
    assert enforce(store, Preferences(delete_after_days=30), now=LATER) == Swept(n_sessions=1)
    assert store.sessions() == ()


def test_older_analyses_of_a_recording_and_baseline_sessions_go_too(store: SessionStore) -> None:
    first = store.save(walk(), person="Ann")
    second = store.save(walk(), person="Ann", replaces=first)
    store.update_session(second, is_baseline=True)
    assert enforce(store, Preferences(delete_after_days=30), now=LATER).n_sessions == 2
    assert store.people()  # a name is no session


def test_an_older_analysis_goes_on_its_own_day_while_the_newer_one_stays(store: SessionStore) -> None:
    first = store.save(walk(), person="Ann")
    second = store.save(walk(), person="Ann", replaces=first)
    days = timedelta(days=30)
    of_first, of_second = (store.get(number).header.created_at for number in (first, second))
    assert of_first < of_second
    assert enforce(store, Preferences(delete_after_days=30), now=of_first + days) == Swept()
    assert enforce(store, Preferences(delete_after_days=30), now=of_second + days) == Swept(n_sessions=1)
    assert [header.id for header in store.sessions(where=SessionFilter(with_replaced=True))] == [second]


def test_where_only_coordinates_are_kept_the_clip_of_an_older_analysis_goes_too(
    store: SessionStore, clip: Path
) -> None:
    first = store.save(walk(), person="Ann", media={"overlay": clip})
    store.save(walk(), person="Ann", replaces=first)
    assert enforce(store, Preferences(keep="coordinates")) == Swept(n_clips=1)
    assert store.media_path(first, "overlay") is None


def test_where_only_coordinates_are_kept_clips_go_and_numbers_stay(store: SessionStore, clip: Path) -> None:
    number = store.save(walk(), person="Ann", media={"overlay": clip})
    store.save(walk(), person="Ann")
    assert enforce(store, Preferences(keep="coordinates")) == Swept(n_clips=1)
    assert store.media_path(number, "overlay") is None
    assert store.get(number).analysis.metrics == walk().metrics
    assert enforce(store, Preferences(keep="coordinates")) == Swept()


def test_many_are_removed_in_one_go(store: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaitlab.storage.retention._AT_ONCE", 2)
    for _ in range(5):
        store.save(walk(), person="Ann")
    assert enforce(store, Preferences(delete_after_days=30), now=LATER).n_sessions == 5


def test_a_new_session_keeps_its_clip_or_not(clip: Path) -> None:
    assert media_to_keep(Preferences(), {"overlay": clip}) == {"overlay": clip}
    assert media_to_keep(Preferences(keep="coordinates"), {"overlay": clip}) == {}
