"""History and Compare without a browser: trends, verdicts, goals, filters, marks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.storage import SessionStore
from tests.app.builders_ui import nothing, squats, walk
from tests.app.visits import click, page, reports, text_of

pytestmark = pytest.mark.usefixtures("own_resources")


def fill(sessions: SessionStore) -> None:
    """Three baseline walks of 98, 100 and 102 steps per minute, and one of 115 after them."""
    for day, cadence in ((1, 98.0), (2, 100.0), (3, 102.0), (9, 115.0)):
        number = sessions.save(walk(cadence=cadence, day=day), person="Ann", tags=("new shoes",) if day > 3 else ())
        if day < 9:
            sessions.update_session(number, is_baseline=True)


def widget(app: AppTest, kind: str, label: str) -> Any:
    """Return the first widget of that label."""
    return next(w for w in getattr(app, kind) if w.label == label)


def listed(app: AppTest) -> int:
    return len(reports(app))


def test_the_newest_session_has_a_verdict_with_its_reason(sessions: SessionStore) -> None:
    fill(sessions)
    text = text_of(page("history"))
    assert "Newest session: :blue-badge" in text
    assert "higher" in text
    assert "(95 %, from 3 baseline sessions)" in text.replace("\\", "")


def test_another_number_can_be_chosen(sessions: SessionStore) -> None:
    fill(sessions)
    app = page("history")
    number = widget(app, "selectbox", "Number")
    assert number.options[:2] == ["Cadence", "Step time, left"]
    number.select_index(1).run()
    assert not app.exception
    assert "agree to the last digit" in text_of(app).replace("\\", "")


def test_a_goal_is_set_shown_and_removed(sessions: SessionStore) -> None:
    fill(sessions)
    app = page("history")
    widget(app, "number_input", "Value (steps/min)").set_value(120.0)
    app = click(app, "Save the goal")
    assert [goal.target for goal in sessions.goals("Ann")] == [120.0]
    assert "at least 120 steps/min" in text_of(app).replace("\\", "")
    assert "better" in text_of(app)
    app = click(app, "Remove")
    assert sessions.goals("Ann") == ()
    assert "Goals" not in [heading.value for heading in app.subheader]


def test_sessions_are_filtered_by_activity_and_tag(sessions: SessionStore) -> None:
    fill(sessions)
    sessions.save(squats(), person="Ann")
    app = page("history")
    assert listed(app) == 5
    widget(app, "selectbox", "Activity").set_value("squat").run()
    assert listed(app) == 1
    widget(app, "selectbox", "Activity").set_value(None).run()
    widget(app, "selectbox", "Tag").set_value("new shoes").run()
    assert listed(app) == 1


def test_sessions_are_filtered_by_date_both_days_included(sessions: SessionStore) -> None:
    fill(sessions)
    app = page("history")
    widget(app, "date_input", "From").set_value(datetime(2026, 3, 2, tzinfo=UTC).date()).run()
    widget(app, "date_input", "To").set_value(datetime(2026, 3, 3, tzinfo=UTC).date()).run()
    assert not app.exception
    assert listed(app) == 2


def test_a_filter_that_nothing_fits_says_so(sessions: SessionStore) -> None:
    fill(sessions)
    app = page("history")
    widget(app, "date_input", "From").set_value(datetime(2026, 4, 1, tzinfo=UTC).date()).run()
    assert "No session fits the filter." in [info.value for info in app.info]


def test_a_session_is_marked_as_baseline_and_unmarked(sessions: SessionStore) -> None:
    fill(sessions)
    app = page("history")
    app.toggle[0].set_value(True).run()
    assert [header.is_baseline for header in sessions.sessions(person="Ann")] == [True] * 4
    app.toggle[0].set_value(False).run()
    assert [header.is_baseline for header in sessions.sessions(person="Ann")] == [False, True, True, True]


def test_two_chosen_sessions_are_compared(sessions: SessionStore) -> None:
    fill(sessions)
    app = page("history")
    assert next(b for b in app.button if b.label == "Compare the two").disabled
    app.checkbox(key="compare-1").check()
    app.checkbox(key="compare-4").check().run()
    app = click(app, "Compare the two")
    assert not app.exception
    assert app.title[0].value == "Compare two sessions"
    table = app.table[0].value
    assert list(table.columns) == ["", "Verdict", "Earlier", "Later", "Difference", "By chance up to"]
    assert list(table.iloc[0])[2:] == ["98 steps/min", "115 steps/min", "+17 steps/min", "±12.2 steps/min"]
    assert "higher" in table.iloc[0]["Verdict"]


def test_tags_and_remark_are_edited(sessions: SessionStore) -> None:
    fill(sessions)
    app = click(page("history"), "Edit")
    widget(app, "text_area", "Remark").set_value("after the holidays")
    widget(app, "multiselect", "Tags").set_value([])
    click(app, "Save changes")
    stored = sessions.get(4)
    assert (stored.remark, stored.tags) == ("after the holidays", ())
    assert stored.header.recorded_from == "metadata"


def test_a_session_with_nothing_recognised_has_no_trend(sessions: SessionStore) -> None:
    sessions.save(nothing(), person="Ann")
    app = page("history")
    assert not app.exception
    assert listed(app) == 1


def test_compare_begins_with_the_two_newest_sessions(sessions: SessionStore) -> None:
    fill(sessions)
    app = page("compare")
    assert not app.exception
    assert [box.value for box in app.selectbox] == [3, 4]


def test_compare_begins_with_two_sessions_of_one_activity_even_if_another_was_done_since(
    sessions: SessionStore,
) -> None:
    fill(sessions)
    sessions.save(squats(), person="Ann", recorded_at=datetime(2099, 1, 1, tzinfo=UTC))
    assert [box.value for box in page("compare").selectbox] == [3, 4]


def test_compare_tells_the_rate_at_which_a_slow_motion_clip_was_filmed(sessions: SessionStore) -> None:
    sessions.save(walk(day=1), person="Ann")
    slow = walk(day=2)
    made = replace(slow.provenance, settings={"slow_motion": 4.0})
    sessions.save(replace(slow, provenance=made), person="Ann")
    text = text_of(page("compare"))
    assert "25 frames per second" in text
    assert "100 frames per second" in text


def test_other_sessions_can_be_chosen_on_the_compare_page(sessions: SessionStore) -> None:
    fill(sessions)
    app = page("compare", sessions="1-4")
    app.selectbox[1].set_value(2).run()
    assert not app.exception
    assert list(app.table[0].value.iloc[0])[2:4] == ["98 steps/min", "100 steps/min"]


def test_sessions_of_different_kinds_are_not_judged(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    sessions.save(squats(), person="Ann")
    app = page("compare")
    assert not app.exception
    verdicts = app.table[0].value["Verdict"]
    assert all("cannot tell" in verdict for verdict in verdicts)
    assert [box.label for box in app.expander] == [f"Cannot tell ({len(verdicts)})"]


def test_compare_needs_two_sessions(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = page("compare")
    assert not app.exception
    assert "needs two sessions" in app.info[0].value


def test_compare_without_any_session_leads_to_a_first_one(sessions: SessionStore) -> None:
    app = page("compare")
    assert "no sessions yet" in app.info[0].value
    assert [button.label for button in app.button] == ["Analyse a video", "Load the sample sessions"]


@pytest.mark.parametrize("asked", ["1-1", "1", "1-99", "a-b", "1-2-3", "1-" + "9" * 40, "-1--2"])
def test_a_link_to_what_cannot_be_compared_is_a_message(sessions: SessionStore, asked: str) -> None:
    sessions.save(walk(), person="Ann")
    sessions.save(walk(day=2), person="Ann")
    app = page("compare", sessions=asked)
    assert not app.exception
    assert len(app.error) == 1


def test_sessions_of_two_people_are_not_compared(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    sessions.save(walk(), person="Ben")
    assert "choose those of one person" in page("compare", sessions="1-2").error[0].value


def test_all_numbers_of_the_newest_session_have_a_verdict(sessions: SessionStore) -> None:
    fill(sessions)
    app = click(page("history"), "All numbers of the newest session")
    assert not app.exception
    table = app.table[0].value
    assert list(table[""]) == ["**Cadence**", "**Step time, left**", "**Step time, right**"]
    assert list(table.iloc[0])[1:3] == ["100 steps/min", "115 steps/min"]
    assert "higher" in table.iloc[0]["Verdict"]


@pytest.mark.parametrize("asked", ["99", "x", "1-", "9" * 40])
def test_a_link_to_the_numbers_of_no_session_is_a_message(asked: str) -> None:
    app = page("compare", session=asked)
    assert not app.exception
    assert len(app.error) == 1


def test_a_difference_is_that_of_the_numbers_shown(sessions: SessionStore) -> None:
    for day, cadence in ((1, 100.4), (2, 101.6)):
        sessions.save(walk(cadence=cadence, day=day), person="Ann")
    table = page("compare").table[0].value
    shown = table.iloc[0][["Earlier", "Later", "Difference"]]
    assert list(shown) == ["100 steps/min", "102 steps/min", "+2 steps/min"]


def test_the_reason_of_a_verdict_stands_below_the_table(sessions: SessionStore) -> None:
    for day, cadence in ((1, 98.0), (2, 115.0)):
        sessions.save(walk(cadence=cadence, day=day), person="Ann")
    app = page("compare")
    assert any(
        "17.0 steps/min above the session compared with" in text.value.replace("\\", "") for text in app.markdown
    )
