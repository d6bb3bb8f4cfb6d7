"""What every session store promises about people."""

from __future__ import annotations

import pytest

from gaitlab.errors import UsageError
from gaitlab.storage import SessionStore
from tests.builders_store import (
    a_walk,
)


class TestPeople:
    def test_adding_a_name_twice_gives_the_same_person(self, store: SessionStore) -> None:
        assert store.add_person("Ann") == store.add_person(" Ann ")

    def test_saving_makes_the_person(self, store: SessionStore) -> None:
        store.save(a_walk(), person="Ben")

        assert [person.name for person in store.people()] == ["Ben"]

    def test_people_come_by_name(self, store: SessionStore) -> None:
        for name in ("Cleo", "Ann", "Ben"):
            store.add_person(name)

        assert [person.name for person in store.people()] == ["Ann", "Ben", "Cleo"]

    def test_a_height_fills_in_a_missing_one(self, store: SessionStore) -> None:
        store.add_person("Ann")

        assert store.add_person("Ann", height_m=1.75).height_m == 1.75

    def test_a_known_height_stays(self, store: SessionStore) -> None:
        store.add_person("Ann", height_m=1.75)

        assert store.add_person("Ann", height_m=1.60).height_m == 1.75

    def test_a_height_in_centimetres_is_refused(self, store: SessionStore) -> None:
        with pytest.raises(UsageError, match=r"from 0\.4 to 2\.6, got 175"):
            store.add_person("Ann", height_m=175.0)

    def test_a_blank_name_is_refused(self, store: SessionStore) -> None:
        with pytest.raises(UsageError, match="visible character"):
            store.save(a_walk(), person="  ")

    @pytest.mark.parametrize("name", ["Zoë Ångström", "李小龍", "🏃‍♀️", "O'Hara; DROP TABLE person", "x" * 80])
    def test_any_name_finds_its_sessions(self, store: SessionStore, name: str) -> None:
        store.save(a_walk(), person=name)
        store.save(a_walk(), person="somebody else")

        assert [header.person for header in store.sessions(person=name)] == [name]

    def test_the_two_spellings_of_an_accent_are_one_person(self, store: SessionStore) -> None:
        store.save(a_walk(), person="Zoe\N{COMBINING DIAERESIS}")

        assert len(store.sessions(person="Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}")) == 1
