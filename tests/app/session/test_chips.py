"""What a report rests on is put right below its title, with an undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.records.findings import Said, said
from gaitlab.sessions import recompute
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import SessionStore
from gaitlab.ui.session.advice import advised
from tests.app.builders_ui import walk
from tests.app.visits import click, page, text_of


@pytest.fixture
def sessions(sample_sessions: SessionStore) -> SessionStore:
    return sample_sessions


@pytest.fixture
def walk_number(sessions: SessionStore) -> int:
    return next(header.id for header in sessions.sessions() if header.kind == "gait")


@pytest.fixture
def squat_number(sessions: SessionStore) -> int:
    return next(header.id for header in sessions.sessions() if header.kind == "squat")


@pytest.fixture
def passing(sessions: SessionStore) -> int:
    """Return the number of a walk past the camera, for which no height is known."""
    return next(header.id for header in sessions.sessions() if header.file == "Walking past the camera")


def opened(number: int) -> AppTest:
    return page("session", session=str(number))


def chips(app: AppTest) -> Sequence[str]:
    labels = [block.proto.popover.label for block in app.get("popover")]
    return [label for label in labels if ": " in label]


def chip(app: AppTest, part: str) -> str:
    return next(label.removeprefix(f"{part}: ") for label in chips(app) if label.startswith(part))


def newest(sessions: SessionStore, number: int) -> Any:
    return sessions.get(sessions.versions(number)[0].id)


def press(app: AppTest, key: str) -> AppTest:
    app = app.button(key=key).click().run()
    assert not app.exception
    return app


def enter(app: AppTest, part: str, number: int, value: float | None) -> AppTest:
    app.number_input(key=f"fix-{part}-chip-{number}-value").set_value(value)
    form = f"FormSubmitter:fix-{part}-chip-{number}-Compute"
    return press(app, form)


def value(sessions: SessionStore, number: int, name: str) -> float | None:
    metrics = newest(sessions, number).analysis.metrics
    return next((one.value for one in metrics if one.name == name), None)


def cadence(sessions: SessionStore, number: int) -> float:
    found = value(sessions, number, "cadence")
    assert found is not None
    return found


class TestActivity:
    def test_a_wrong_activity_is_put_right_by_one_press_in_its_chip(
        self, sessions: SessionStore, squat_number: int
    ) -> None:
        before = sessions.get(squat_number)
        wrong = recompute(sessions, squat_number, {"activity": "biceps-curl"})
        app = opened(wrong)
        assert "curl" in app.title[0].value

        app = press(app, f"fix-activity-chip-{wrong}-squat")

        assert app.title[0].value.startswith("Squats")
        assert chip(app, "Activity") == "Squats"
        now = newest(sessions, squat_number).analysis
        assert now.exercise == before.analysis.exercise

    def test_what_was_found_automatically_says_so(self, sessions: SessionStore, squat_number: int) -> None:
        found = recompute(sessions, squat_number, {"activity": "auto"})
        assert chip(opened(found), "Activity") == "Squats · detected"

    def test_the_report_names_what_was_put_right_and_one_press_takes_it_back(
        self, sessions: SessionStore, squat_number: int
    ) -> None:
        title = opened(squat_number).title[0].value
        app = press(opened(squat_number), f"fix-activity-chip-{squat_number}-gait")
        assert "Put right by hand: activity Walking (before: Squats)" in text_of(app).replace("\\", "")

        app = click(app, "Undo the last change")

        assert app.title[0].value == title
        assert "Put right by hand" not in text_of(app)
        assert "Undo the last change" not in [button.label for button in app.button]


class TestSettings:
    def test_a_body_height_gives_a_speed(self, sessions: SessionStore, passing: int) -> None:
        assert value(sessions, passing, "speed") is None
        app = enter(opened(passing), "height", passing, 175.0)
        assert value(sessions, passing, "speed") is not None
        assert chip(app, "Height") == "175 cm"

    def test_the_height_is_kept_for_a_person_without_one(self, sessions: SessionStore, walk_number: int) -> None:
        person = sessions.get(walk_number).header.person
        enter(opened(walk_number), "height", walk_number, 175.0)
        assert sessions.person(person).height_m == 1.75

    def test_a_height_under_people_is_one_press_away(self, sessions: SessionStore, passing: int) -> None:
        sessions.add_person(sessions.get(passing).header.person, height_m=1.6)
        click(opened(passing), "Use the height under People, 160 cm")
        assert newest(sessions, passing).analysis.provenance.settings["height_m"] == 1.6

    def test_slow_motion_stretches_time(self, sessions: SessionStore, passing: int) -> None:
        before = cadence(sessions, passing)
        app = enter(opened(passing), "slow_motion", passing, 0.8)
        assert cadence(sessions, passing) == pytest.approx(0.8 * before, rel=0.02)
        assert chip(app, "Slow motion") == "0.8×"

    def test_a_belt_speed_is_taken_in_km_an_hour(self, sessions: SessionStore, walk_number: int) -> None:
        enter(opened(walk_number), "belt", walk_number, 3.6)
        assert newest(sessions, walk_number).analysis.provenance.settings["treadmill_mps"] == pytest.approx(1.0)
        assert value(sessions, walk_number, "speed") == pytest.approx(1.0)

    def test_a_scale_gives_a_speed_too(self, sessions: SessionStore, passing: int) -> None:
        app = enter(opened(passing), "scale", passing, 120.0)
        assert value(sessions, passing, "speed") is not None
        assert chip(app, "Scale") == "120 px per m"

    def test_an_exercise_has_no_chips_of_a_walk(self, squat_number: int) -> None:
        assert [label.partition(":")[0] for label in chips(opened(squat_number))] == [
            "Activity", "Person", "Slow motion", "Filmed",
        ]  # fmt: skip


class TestPerson:
    def test_a_session_moves_to_somebody_new_and_back(self, sessions: SessionStore, walk_number: int) -> None:
        before = sessions.get(walk_number).header.person
        app = opened(walk_number)
        app.text_input(key=f"fix-person-chip-{walk_number}-name").set_value("Anna")
        app = press(app, f"FormSubmitter:fix-person-chip-{walk_number}-new-Move")
        assert sessions.get(walk_number).header.person == "Anna"
        assert chip(app, "Person") == "Anna"

        click(app, "Undo the move")

        assert sessions.get(walk_number).header.person == before
        assert "Anna" not in [person.name for person in sessions.people()]

    def test_a_session_moves_to_a_known_person_by_one_press(self, sessions: SessionStore, walk_number: int) -> None:
        sessions.add_person("Ben")
        press(opened(walk_number), f"fix-person-chip-{walk_number}-Ben")
        assert sessions.get(walk_number).header.person == "Ben"

    def test_of_many_people_one_is_chosen_from_a_list(self, sessions: SessionStore, walk_number: int) -> None:
        for number in range(9):
            sessions.add_person(f"Person {number}")
        app = opened(walk_number)
        app.selectbox(key=f"fix-person-chip-{walk_number}-list").set_value("Person 7").run()
        assert sessions.get(walk_number).header.person == "Person 7"


class TestAdvice:
    @pytest.mark.parametrize(
        ("finding", "parts"),
        [
            (said("no_scale"), {"height": None, "belt": None, "scale": None}),
            (said("ground_moves"), {"belt": None}),
            (said("implausible_speed"), {"height": None, "scale": None}),
            (said("slowed"), {"slow_motion": None}),
            (said("swing", swing_s=1.6, factor=4.0), {"slow_motion": 4.0}),
            (said("other_pace", played_spm=250.0, real_spm=125.0, factor=0.5), {"slow_motion": 0.5}),
            (said("no_angle"), {"activity": None}),
            (said("another_movement", exercise="squats", doubts=["position"], instead=""), {"activity": None}),
            (said("no_body_height"), {}),
            (said("view"), {}),
        ],
    )
    def test_a_finding_leads_to_what_it_advises(self, finding: Said, parts: dict[str, float | None]) -> None:
        assert advised((finding,)) == parts

    def test_a_factor_that_one_finding_names_is_not_lost_beside_one_that_names_none(self) -> None:
        assert advised((said("swing", swing_s=1.6, factor=4.0), said("slowed"))) == {"slow_motion": 4.0}

    def test_advice_of_the_report_is_a_button(self, passing: int) -> None:
        labels = [block.proto.popover.label for block in opened(passing).get("popover")]
        assert {"Give the body height", "Give the belt speed", "Give the scale"} <= set(labels)

    def test_a_known_factor_is_set_by_one_press(self, sessions: SessionStore) -> None:
        note = said("other_pace", played_spm=30.0, real_spm=120.0, factor=4.0)
        number = sessions.save(replace(walk(), findings=(note,)), person="Ann")
        click(opened(number), "Set the slow-motion factor to 4")
        settings = AnalysisSettings.from_json(newest(sessions, number).analysis.provenance.settings)
        assert settings.slow_motion == 4.0
