"""People: two names of one person are joined, and a height reaches old sessions; both can be taken back."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.storage import SessionStore
from gaitlab.ui.people.joining import alike
from tests.app.builders_ui import squats, walk
from tests.app.visits import click, page, text_of


@pytest.fixture
def sessions(sample_sessions: SessionStore) -> SessionStore:
    return sample_sessions


def of_person(name: str) -> AppTest:
    app = page("people")
    return app.selectbox[0].set_value(name).run()


@pytest.mark.parametrize(
    ("name", "others", "twin"),
    [
        ("Anna", ["Ben", "anna"], "anna"),
        ("Zoe", ["Zoë"], "Zoë"),
        ("Anna M.", ["Anna  m"], "Anna  m"),
        ("Anna", ["Anne", "Ann"], None),
        ("李", ["王"], None),
        ("🙂", ["🙃"], None),
    ],
)
def test_names_that_differ_in_little_are_alike(name: str, others: list[str], twin: str | None) -> None:
    assert alike(name, others) == twin


class TestJoining:
    def test_two_names_that_look_alike_are_joined_and_parted_again(self, sessions: SessionStore) -> None:
        first, second = sessions.save(walk(), person="Anna"), sessions.save(squats(), person="anna")
        app = of_person("Anna")
        assert "“Anna” and “anna” look like one person" in text_of(app)

        app = click(app, "Join the two")

        assert not app.exception
        assert {header.id for header in sessions.sessions(person="Anna")} == {first, second}
        assert "anna" not in [person.name for person in sessions.people()]
        assert "anna is joined with Anna" in app.success[0].value

        app = click(app, "Undo")

        assert not app.exception
        assert [header.id for header in sessions.sessions(person="anna")] == [second]
        assert not app.success

    def test_any_other_person_is_chosen_from_a_list(self, sessions: SessionStore) -> None:
        number = sessions.save(walk(), person="Ben")
        sessions.add_person("Anna")
        app = of_person("Anna")
        assert "look like one person" not in text_of(app)
        app.selectbox(key=f"join-{sessions.person('Anna').id}").set_value("Ben").run()
        click(app, "Join")
        assert sessions.get(number).header.person == "Anna"


class TestHeight:
    @pytest.fixture
    def walker(self, sessions: SessionStore) -> str:
        """Return the person of the three walks among the samples, with a height."""
        name = next(header.person for header in sessions.sessions() if header.kind == "gait")
        sessions.add_person(name, height_m=1.7)
        return name

    def test_it_reaches_walks_without_one_and_is_taken_back(self, sessions: SessionStore, walker: str) -> None:
        before = sessions.heights(walker)
        app = of_person(walker)
        assert "3 walks were computed without a height" in text_of(app)

        app = click(app, "Compute with 170 cm")

        assert not app.exception
        assert list(sessions.heights(walker).values()) == [1.7] * 3
        assert "without a height" not in text_of(app)
        assert "3 computed with the height" in app.success[0].value

        app = click(app, "Undo")

        assert not app.exception
        assert sessions.heights(walker) == before

    def test_walks_with_another_height_are_asked_for_apart(self, sessions: SessionStore, walker: str) -> None:
        app = click(of_person(walker), "Compute with 170 cm")
        app.number_input[0].set_value(171.0)
        app = click(app, "Save")
        assert "3 walks were computed with another height" in text_of(app)

    def test_exercises_need_none(self, sessions: SessionStore) -> None:
        sessions.save(squats(), person="Ben")
        sessions.add_person("Ben", height_m=1.8)
        assert "computed without" not in text_of(of_person("Ben"))
