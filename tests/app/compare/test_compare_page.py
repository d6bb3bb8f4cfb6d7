"""Compare without a browser: what changed first, the overlay, sessions that cannot be laid over one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.records import Analysis
from gaitlab.records.skeleton import Keypoint, Side
from gaitlab.storage import SessionStore, StoredSession
from gaitlab.ui.compare.laid_over import laid_over
from tests.app.builders_ui import long_walk, squats, walk
from tests.app.visits import page, text_of

pytestmark = pytest.mark.usefixtures("own_resources")


def overlays(app: AppTest) -> int:
    return len(app.get("bidi_component"))


def address(app: AppTest) -> str:
    """Return the sessions in the address of the page."""
    value = app.query_params["sessions"]
    return str(value[0] if isinstance(value, list) else value)


def two_walks(sessions: SessionStore, n: int = 2) -> list[StoredSession]:
    """Save the same walk on several days."""
    walked = long_walk()
    numbers = [
        sessions.save(walked, person="Ann", recorded_at=datetime(2026, 3, 1 + day, tzinfo=UTC)) for day in range(n)
    ]
    return [sessions.get(number) for number in numbers]


def data_of(found: list[StoredSession], pair: tuple[int, int] = (0, 1)) -> dict[str, Any]:
    data = laid_over(found, pair, rows=(), repetitions={}, zone=UTC).data
    assert data is not None
    return data


def of_sides(sessions: SessionStore, *sides: Side) -> list[StoredSession]:
    """Save squats on several days, each done by one side."""
    found = []
    for day, side in enumerate(sides, start=1):
        done = squats()
        assert done.exercise is not None
        reps = tuple(replace(rep, side=side, notes=()) for rep in done.exercise.repetitions)
        done = replace(done, exercise=replace(done.exercise, repetitions=reps))
        number = sessions.save(done, person="Ann", recorded_at=datetime(2026, 3, day, tzinfo=UTC))
        found.append(sessions.get(number))
    return found


def unseen(analysis: Analysis, *, keypoints: Sequence[Keypoint], from_s: float = 0.0) -> Analysis:
    """Return an analysis whose smoothed track lacks keypoints from a moment on."""
    xy_px = analysis.track.xy_px.copy()
    late = np.flatnonzero(analysis.track.time_s >= from_s)
    xy_px[np.ix_(late, np.array(keypoints))] = np.nan
    return replace(analysis, track=replace(analysis.track, xy_px=xy_px))


def test_what_changed_stands_first_and_the_rest_is_folded(sessions: SessionStore) -> None:
    for day, cadence in ((1, 98.0), (2, 115.0)):
        sessions.save(walk(cadence=cadence, day=day), person="Ann")
    app = page("compare")
    assert "**1 of 3 numbers changed.**" in text_of(app)
    assert list(app.table[0].value[""]) == ["**Cadence**"]
    assert [box.label for box in app.expander] == ["Why · no clear change (2)"]


def test_sessions_without_a_change_say_so(sessions: SessionStore) -> None:
    two_walks(sessions)
    app = page("compare")
    assert "**No number changed clearly.**" in text_of(app)
    assert overlays(app) == 1


def test_two_walks_are_laid_over_one_another_by_either_foot_with_their_curves(sessions: SessionStore) -> None:
    data = data_of(two_walks(sessions))
    assert [take["label"] for take in data["takes"]] == ["1 Mar 2026", "2 Mar 2026"]
    assert [sorted(take["cycles"]) for take in data["takes"]] == [["left", "right"]] * 2
    assert [one["kind"] for one in data["kinds"]] == ["figure", "walk"]
    assert {(curve["joint"], curve["side"]) for curve in data["curves"]} >= {("knee_flexion", "left")}
    assert [curve["joint"] for curve in data["curves"] if curve["chosen"]] == ["knee_flexion"] * 2
    assert [bar["spans"][0][0] for bar in data["bars"]["left"]] == [0.0, 0.0]


def test_without_mean_curves_the_page_says_what_they_need(sessions: SessionStore) -> None:
    found = [
        sessions.get(sessions.save(walk(), person="Ann", recorded_at=datetime(2026, 3, d, tzinfo=UTC))) for d in (1, 2)
    ]
    data = data_of(found)
    assert data["curves"] == []
    assert data["hint"].endswith(
        "There are no mean curves: they need 3 strides of the same leg, seen as a whole, in both sessions."
    )
    assert "Bands: one SD between strides." in data_of(two_walks(sessions))["hint"]


def test_more_sessions_stand_beside_the_two_that_lie_over_one_another(sessions: SessionStore) -> None:
    data = data_of(two_walks(sessions, 3), pair=(0, 2))
    assert len(data["takes"]) == 3
    assert data["pair"] == [0, 2]
    assert [line["take"] for line in data["curves"][0]["lines"]] == [0, 1, 2]
    app = page("compare", sessions="1-3-2")
    assert not app.exception
    assert app.multiselect[0].value == [2]
    assert overlays(app) == 1


def test_sessions_chosen_beside_stand_in_the_address_and_stay_when_one_of_the_pair_changes(
    sessions: SessionStore,
) -> None:
    two_walks(sessions, 4)
    app = page("compare")
    app = app.multiselect[0].set_value([1]).run()
    assert address(app) == "3-4-1"
    app = app.selectbox[0].set_value(2).run()
    assert app.multiselect[0].value == [1]
    assert address(app) == "2-4-1"


def test_a_session_is_not_offered_beside_itself_and_choosing_the_other_one_makes_them_change_places(
    sessions: SessionStore,
) -> None:
    two_walks(sessions, 3)
    app = page("compare")
    assert [box.value for box in app.selectbox] == [2, 3]
    assert len(app.selectbox[1].options) == 2
    app = app.selectbox[0].set_value(3).run()
    assert [box.value for box in app.selectbox] == [3, 2]
    app = app.selectbox[1].set_value(1).run()
    assert [box.value for box in app.selectbox] == [3, 1]
    assert address(app) == "3-1"


def test_a_chosen_repetition_is_shown_instead_of_the_most_typical_one(sessions: SessionStore) -> None:
    for _ in range(2):
        sessions.save(squats(), person="Ann")
    app = page("compare")
    assert [box.options for box in app.selectbox[2:]] == [["Most typical", "Number 1"]] * 2
    found = [sessions.get(number) for number in (1, 2)]
    data = laid_over(found, (0, 1), rows=(), repetitions={1: 1}, zone=UTC).data
    assert data is not None
    assert data["takes"][0]["cycles"]["both"]["title"] == "repetition 1, 3.0 s"


def test_a_left_repetition_is_not_laid_over_a_right_one_and_the_page_says_so(sessions: SessionStore) -> None:
    found = of_sides(sessions, "left", "right")
    laid = laid_over(found, (0, 1), rows=(), repetitions={}, zone=UTC)
    assert laid.data is None
    assert laid.why_not == (
        "No repetition of the same side can be shown: of 1 Mar 2026 the left one, of 2 Mar 2026 the right one."
    )
    assert "Hips and knees" not in text_of(page("compare"))


def test_a_repetition_of_one_side_lies_over_one_of_both(sessions: SessionStore) -> None:
    data = data_of(of_sides(sessions, "left", "both"))
    assert data["sides"] == ["left"]
    assert [sorted(take["cycles"]) for take in data["takes"]] == [["left"]] * 2
    assert {curve["side"] for curve in data["curves"]} == {"left", "both"}


def test_a_chosen_repetition_that_was_not_seen_is_named_and_no_other_is_shown(sessions: SessionStore) -> None:
    done = unseen(squats(), keypoints=list(Keypoint), from_s=4.0)
    found = [sessions.get(sessions.save(done, person="Ann")) for _ in range(2)]
    assert data_of(found)["takes"][0]["cycles"]["both"]["title"] == "repetition 1, 3.0 s"
    laid = laid_over(found, (0, 1), rows=(), repetitions={1: 2}, zone=UTC)
    assert laid.data is None
    assert laid.why_not.startswith("Repetition 2 of 1 Mar 2026")


def test_a_session_beside_without_a_common_length_is_left_out_and_the_pair_stays(sessions: SessionStore) -> None:
    walked = long_walk()
    legs_and_shoulders = [k for k in Keypoint if k not in {Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP}]
    for day, analysis in enumerate((walked, walked, unseen(walked, keypoints=legs_and_shoulders)), start=1):
        sessions.save(analysis, person="Ann", recorded_at=datetime(2026, 3, day, tzinfo=UTC))
    found = [sessions.get(number) for number in (1, 2, 3)]
    assert len(data_of(found)["takes"]) == 2
    with_third = laid_over(found, (0, 1), rows=(), repetitions={}, zone=UTC)
    assert [stored.header.id for stored in with_third.left_out] == [3]
    app = page("compare", sessions="1-2-3")
    assert overlays(app) == 1
    assert "left out: 3 Mar 2026" in text_of(app).replace("\\", "")


def test_another_pair_is_drawn_anew(sessions: SessionStore) -> None:
    found = two_walks(sessions, 3)
    assert data_of(found, (0, 1))["version"] != data_of(found, (0, 2))["version"]


def test_a_walk_is_not_laid_over_squats_and_the_page_says_how_to_film(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    sessions.save(squats(), person="Ann")
    app = page("compare")
    assert overlays(app) == 0
    assert "one shows walking, the other squats" in app.info[0].value
    assert "Film both visits from the side" in app.info[0].value


def test_another_view_is_not_laid_over_and_is_left_out_beside(sessions: SessionStore) -> None:
    side = long_walk()
    front = replace(side, subject=replace(side.subject, view="front"))
    for day, analysis in enumerate((side, side, front), start=1):
        sessions.save(analysis, person="Ann", recorded_at=datetime(2026, 3, day, tzinfo=UTC))
    assert "from the side, the other from the front" in page("compare", sessions="1-3").info[0].value
    beside = page("compare", sessions="1-2-3")
    assert "left out: 3 Mar 2026" in text_of(beside).replace("\\", "")
    assert overlays(beside) == 1


def test_a_person_whose_hips_were_not_seen_is_a_message(sessions: SessionStore) -> None:
    for _ in range(2):
        sessions.save(unseen(walk(), keypoints=list(Keypoint)), person="Ann")
    app = page("compare")
    assert overlays(app) == 0
    assert "not seen well enough" in app.info[0].value


@pytest.mark.parametrize("asked", ["1-2-3-4-5-6-7", "1-2-", "1-1", "1-2-1"])
def test_more_than_six_sessions_and_one_twice_are_refused(sessions: SessionStore, asked: str) -> None:
    two_walks(sessions)
    assert "two to 6 numbers" in page("compare", sessions=asked).error[0].value


def test_a_session_of_somebody_else_is_not_put_beside(sessions: SessionStore) -> None:
    two_walks(sessions)
    sessions.save(walk(), person="Ben")
    assert "choose those of one person" in page("compare", sessions="1-2-3").error[0].value
