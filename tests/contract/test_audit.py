"""The audit trail: off unless wanted; then every deed is a line with numbers and no names, for as long as wanted."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gaitlab.archive import back_up, bring_back, export_person, import_people, rehearse
from gaitlab.errors import NotFoundError, StoreError
from gaitlab.paths import data_dir
from gaitlab.sessions import hand_out
from gaitlab.storage import SessionStore, open_store
from gaitlab.storage.audit import audit_events, remove_old_audit
from gaitlab.storage.preferences import Preferences, write_preferences
from tests.builders_store import a_clip, a_walk


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("url" if request.param == "sqlite" else "postgresql_url"))


@pytest.fixture
def noted(address: str, tmp_path: Path) -> SessionStore:
    """Return a store of Zenobia's session 1, with a clip; whatever is done from now on is noted."""
    with closing(open_store(address)) as store:
        store.save(a_walk(), person="Zenobia", media={"overlay": a_clip(tmp_path)})
    write_preferences(data_dir(), Preferences(audit=True))
    return open_store(address)


def deeds() -> Sequence[tuple[str, int | None, int | None]]:
    """Return what is noted, the oldest first: deed, session, person."""
    return [(event.did, event.session, event.person) for event in audit_events()][::-1]


def test_nothing_is_noted_unless_it_is_wanted(address: str) -> None:
    with closing(open_store(address)) as store:
        store.save(a_walk(), person="Zenobia")
        store.get(1)
    assert deeds() == []
    assert not (data_dir() / "audit").exists()


@pytest.mark.parametrize(
    ("do", "noted_as"),
    [
        (lambda store, _: store.get(1), [("opened", 1, None)]),
        (lambda store, _: store.media_path(1, "overlay"), [("opened", 1, None)]),
        (lambda store, to: hand_out(store, 1, "json", to), [("opened", 1, None), ("exported", 1, None)]),
        (lambda store, _: store.save(a_walk(), person="Ben"), [("saved", 2, None)]),
        (lambda store, _: store.update_session(1, remark="limps"), [("changed", 1, None)]),
        (lambda store, _: store.revise(1, a_walk()), [("changed", 1, None)]),
        (lambda store, _: store.remove_media(1), [("changed", 1, None)]),
        (lambda store, _: store.use_version(1), [("changed", 1, None)]),
        (lambda store, _: store.move_session(1, "Ben"), [("moved", 1, 2)]),
        (lambda store, _: store.take_back(store.move_session(1, "Ben")), [("moved", 1, 2), ("moved", 1, 1)]),
        (lambda store, _: store.delete(1), [("erased", 1, None)]),
        (lambda store, _: store.update_person(replace(store.person("Zenobia"), name="Z")), [("changed", None, 1)]),
        (lambda store, _: store.erase_person("Zenobia"), [("erased", None, 1), ("erased", 1, 1)]),
        (lambda store, to: export_person(store, "Zenobia", to), [("exported", None, 1), ("opened", 1, None)]),
    ],
)
def test_each_deed_is_a_line(
    do: Callable[[SessionStore, Path], object],
    noted_as: list[tuple[str, int | None, int | None]],
    noted: SessionStore,
    tmp_path: Path,
) -> None:
    do(noted, tmp_path / "out.zip")
    assert deeds() == noted_as
    assert {event.account for event in audit_events()} == {os.getuid() if hasattr(os, "getuid") else None}
    noted.close()


def test_the_joining_of_two_people_is_noted_and_so_is_its_undo(noted: SessionStore) -> None:
    kept = noted.add_person("Ben").id
    joined = noted.join_people("Zenobia", into="Ben")
    done = [("changed", None, kept), ("moved", 1, kept), ("erased", None, joined.gone.id)]
    assert deeds() == done
    noted.take_back(joined)
    again = noted.person("Zenobia").id
    assert deeds() == [*done, ("changed", None, kept), ("changed", None, again), ("moved", 1, again)]
    noted.close()


def test_a_backup_and_what_is_brought_back_are_noted_and_a_trial_is_not(
    noted: SessionStore, address: str, tmp_path: Path
) -> None:
    back_up(tmp_path / "all.zip", url=address)
    rehearse(tmp_path / "all.zip")
    assert deeds() == [("exported", None, None), ("opened", 1, None)]
    bring_back(tmp_path / "all.zip", url=address)
    assert deeds()[-1] == ("restored", None, None)
    noted.close()


def test_what_is_taken_in_is_noted(noted: SessionStore, tmp_path: Path) -> None:
    export_person(noted, "Zenobia", tmp_path / "one.zip")
    import_people(noted, tmp_path / "one.zip", as_name="Ben")
    assert deeds()[-1] == ("imported", None, None)
    noted.close()


def test_a_page_that_is_drawn_again_and_again_is_opened_once(noted: SessionStore) -> None:
    for _ in range(3):
        noted.get(1)
    assert deeds() == [("opened", 1, None)]
    noted.close()


def test_what_failed_is_not_noted(noted: SessionStore) -> None:
    for do in (lambda: noted.get(99), lambda: noted.delete(99), lambda: noted.erase_person("Nobody")):
        with pytest.raises(NotFoundError):
            do()
    assert deeds() == []
    noted.close()


def test_the_trail_holds_no_name(noted: SessionStore) -> None:
    noted.get(1)
    noted.erase_person("Zenobia")
    (month,) = (data_dir() / "audit").iterdir()
    assert b"Zenobia" not in month.read_bytes()
    assert month.stat().st_mode & 0o077 == 0 or os.name != "posix"
    noted.close()


def test_lines_are_only_ever_appended(noted: SessionStore) -> None:
    noted.get(1)
    (month,) = (data_dir() / "audit").iterdir()
    before = month.read_bytes()
    noted.delete(1)
    assert month.read_bytes().startswith(before)
    noted.close()


def test_a_trail_that_cannot_be_written_is_told_and_nothing_is_handed_out(noted: SessionStore) -> None:
    (data_dir() / "audit").write_text("no folder")
    with pytest.raises(StoreError, match="audit trail cannot be written"):
        noted.get(1)
    noted.close()


def test_months_are_removed_when_their_last_day_is_over_for_long_enough(tmp_path: Path) -> None:
    (tmp_path / "audit").mkdir()
    for name in ("2026-01.jsonl", "2026-02.jsonl", "notes.jsonl"):
        (tmp_path / "audit" / name).touch()
    remove_old_audit(tmp_path, keep_days=30, today=date(2026, 3, 2))  # 31 January was 30 days ago
    assert len(list((tmp_path / "audit").iterdir())) == 3
    remove_old_audit(tmp_path, keep_days=30, today=date(2026, 3, 3))
    assert sorted(path.name for path in (tmp_path / "audit").iterdir()) == ["2026-02.jsonl", "notes.jsonl"]


def test_a_line_that_cannot_be_read_hides_no_other(noted: SessionStore) -> None:
    noted.get(1)
    (month,) = (data_dir() / "audit").iterdir()
    with month.open("a", encoding="utf-8") as file:
        file.write('half a li\n[]\n{"did": "opened"}\n')
    noted.delete(1)
    assert deeds() == [("opened", 1, None), ("erased", 1, None)]
    noted.close()
