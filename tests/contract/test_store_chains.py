"""Analyses that replace each other in a circle: refused when taken in, told where a damaged database has them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from gaitlab.archive import back_up, bring_back, export_person, import_people
from gaitlab.archive.writer import write_archive
from gaitlab.errors import StoreError, UsageError
from gaitlab.storage import SessionFilter, SessionStore
from gaitlab.storage.chains import check_chains, newest
from gaitlab.storage.rows import SessionRow
from tests.builders_store import a_walk
from tests.contract.test_store_versions import by_newer_program

EVERY = SessionFilter(with_replaced=True)
CIRCLES: dict[str, dict[int, int | None]] = {
    "itself": {1: 1, 2: None, 3: None},
    "two": {1: 2, 2: 1, 3: None},
    "three": {1: 2, 2: 3, 3: 1},
    "on the way": {1: 2, 2: 3, 3: 2},
}


@pytest.fixture(params=CIRCLES.values(), ids=list(CIRCLES))
def circle(request: pytest.FixtureRequest) -> dict[int, int | None]:
    found: dict[int, int | None] = request.param
    return found


def change_archive(src: Path, dest: Path, change: Callable[[list[dict[str, Any]]], None]) -> Path:
    """Write an archive anew with other entries for the sessions of its last person."""
    with zipfile.ZipFile(src) as old, zipfile.ZipFile(dest, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "gaitlab.json":
                manifest = json.loads(content)
                change(manifest["people"][-1]["sessions"])
                content = json.dumps(manifest).encode()
            new.writestr(name, content)
    return dest


def joined_as(circle: Mapping[int, int | None]) -> Callable[[list[dict[str, Any]]], None]:
    """Have sessions replace each other: the first number is the oldest session."""

    def change(sessions: list[dict[str, Any]]) -> None:
        ids = dict(enumerate((one["id"] for one in sessions), start=1))
        for place, one in enumerate(sessions, start=1):
            newer = circle[place]
            one["replaced_by"] = None if newer is None else ids[newer]

    return change


def join_rows(store: SessionStore, ids: dict[int, int], circle: Mapping[int, int | None]) -> None:
    """Damage a database as an older version did when it took such an archive in."""
    with store._writing.begin() as session:
        for place, newer in circle.items():
            value = None if newer is None else ids[newer]
            session.execute(update(SessionRow).where(SessionRow.id == ids[place]).values(replaced_by=value))


@pytest.fixture
def ids(store: SessionStore) -> dict[int, int]:
    return {place: store.save(a_walk(), person="Ann") for place in (1, 2, 3)}


class TestTakingIn:
    def test_an_archive_with_a_circle_is_refused_and_nothing_taken_in(
        self, store: SessionStore, elsewhere: SessionStore, circle: dict[int, int | None], tmp_path: Path
    ) -> None:
        for person in ("Ann", "Ben"):
            for _ in range(3):
                elsewhere.save(a_walk(), person=person)
        write_archive(tmp_path / "good.zip", [(None, elsewhere)])
        bad = change_archive(tmp_path / "good.zip", tmp_path / "bad.zip", joined_as(circle))

        with pytest.raises(UsageError, match="in a circle"):
            import_people(store, bad)

        assert store.people() == ()
        assert store.sessions(where=EVERY) == ()

    def test_a_backup_with_a_circle_changes_nothing(
        self, sql: SessionStore, url: str, circle: dict[int, int | None], tmp_path: Path
    ) -> None:
        for _ in range(3):
            sql.save(a_walk(), person="Ann")
        back_up(tmp_path / "good.zip", url=url)
        bad = change_archive(tmp_path / "good.zip", tmp_path / "bad.zip", joined_as(circle))

        with pytest.raises(UsageError, match="in a circle"):
            bring_back(bad, url=url)

        assert len(sql.sessions()) == 3

    def test_a_session_replaced_by_one_that_is_not_in_the_file_counts_as_the_newest(
        self, store: SessionStore, elsewhere: SessionStore, tmp_path: Path
    ) -> None:
        mine = store.save(a_walk(), person="Eve")
        elsewhere.save(a_walk(), person="Ann")
        export_person(elsewhere, "Ann", tmp_path / "good.zip")

        def change(sessions: list[dict[str, Any]]) -> None:
            sessions[0]["replaced_by"] = mine if sessions[0]["id"] != mine else mine + 1

        import_people(store, change_archive(tmp_path / "good.zip", tmp_path / "odd.zip", change))

        assert [header.replaced_by for header in store.sessions(person="Ann", where=EVERY)] == [None]


class TestDamagedStore:
    def test_a_circle_is_told_instead_of_followed_for_ever(
        self, store: SessionStore, ids: dict[int, int], circle: dict[int, int | None]
    ) -> None:
        join_rows(store, ids, circle)

        for ask in (
            lambda: store.versions(ids[1]),
            lambda: store.revise(ids[1], by_newer_program()),
            lambda: store.save(by_newer_program(), person="Ann", replaces=ids[1]),
        ):
            with pytest.raises(StoreError, match=r"damaged .*leads back to session .*`gaitlab delete"):
                ask()

        assert len(store.sessions(where=EVERY)) == 3  # and the store is free for others
        store.save(a_walk(), person="Ben")

    def test_what_the_message_says_ends_the_circle(
        self, store: SessionStore, ids: dict[int, int], circle: dict[int, int | None]
    ) -> None:
        join_rows(store, ids, circle)
        with pytest.raises(StoreError) as caught:
            store.versions(ids[1])

        store.delete(int(str(caught.value).partition("gaitlab delete ")[2].partition("`")[0]))

        left = [header.id for header in store.sessions(where=EVERY)]
        assert len(left) == 2
        for number in left:
            assert store.versions(number)

    def test_a_chain_that_leads_to_somebody_else_is_told(self, sql: SessionStore) -> None:
        anns, bens = sql.save(a_walk(), person="Ann"), sql.save(a_walk(), person="Ben")
        eves = sql.for_owner("eve").save(a_walk(), person="Ann")
        for other in (bens, eves):
            join_rows(sql, {1: anns, 2: other}, {1: 2})

            with pytest.raises(StoreError, match=rf"session {anns}: damaged .*leads to session {other}"):
                sql.revise(anns, by_newer_program())

        assert sql.get(bens).header.replaced_by is None


def test_long_chains_are_checked_in_no_time() -> None:
    n = 100_000
    chain: dict[int, int | None] = {number: number + 1 for number in range(n)}
    check_chains(chain)
    assert newest(0, chain.get) == n
    with pytest.raises(UsageError):
        check_chains(chain | {n: 5})
