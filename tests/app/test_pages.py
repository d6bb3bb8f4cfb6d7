"""Every page without a browser: empty, one session, many, error."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.archive.samples import samples
from gaitlab.records import Analysis
from gaitlab.records.tracks import Report
from gaitlab.sessions import AnalysisRequest
from gaitlab.storage import SessionStore
from gaitlab.ui.analyse.queues import jobs, previews, waiting_clips
from gaitlab.ui.resources import upload_dir
from tests.app.builders_ui import drawn_clip, long_walk, measured_walk, nothing, squats, walk
from tests.app.scenes import people_clip
from tests.app.visits import MAIN, SOON_S, click, drop, held, open_tab, page, reports, text_of, wait_for

pytestmark = pytest.mark.usefixtures("own_resources")

NASTY = "<script>alert(1)</script> **x** [a](http://b) :red[c] $d$"


def session_page(
    sessions: SessionStore, analysis: Analysis, *, person: str = "Ann", clip: Path | None = None
) -> AppTest:
    number = sessions.save(analysis, person=person, media={"overlay": clip} if clip else None)
    return page("session", session=str(number))


@pytest.mark.parametrize("name", ["analyse", "session", "history"])
def test_an_empty_store_offers_the_samples_and_says_what_to_do(name: str) -> None:
    app = page(name)
    assert not app.exception
    labels = [b.label for b in app.button]
    assert "Load the sample sessions" in labels
    assert "Analyse" in labels or "Analyse a video" in labels


def test_every_page_says_that_this_is_no_medical_device_once() -> None:
    assert text_of(page("history")).count("not a medical device") == 1


def test_the_samples_fill_the_store_and_open_the_newest_walk(sessions: SessionStore) -> None:
    app = click(page("analyse"), "Load the sample sessions")
    assert not app.exception
    assert len(sessions.sessions()) == len(samples())
    assert app.title[0].value.startswith("Walking\\:")


def test_analyse_needs_a_clip_first() -> None:
    app = page("analyse")
    assert next(b for b in app.button if b.label == "Analyse").disabled


@pytest.mark.usefixtures("both_models")
def test_a_file_that_is_no_video_is_a_message_and_leaves_nothing(sessions: SessionStore) -> None:
    app = page("analyse")
    app = click(drop(app, "notes.mp4", b"dear diary"), "Analyse")
    wait_for(jobs(), previews())
    app.run()
    assert not app.exception
    assert [error.value for error in app.error]
    assert "notes" in app.error[0].value
    assert sessions.sessions() == ()
    assert sessions.people() == ()
    assert list(upload_dir().iterdir()) == []


@pytest.mark.usefixtures("both_models")
def test_the_next_upload_clears_the_message_of_the_last() -> None:
    app = page("analyse")
    for name in ("first.mp4", "second.mp4"):
        app = click(drop(app, name, b"dear diary"), "Analyse")
        wait_for(jobs(), previews())
        app.run()
    assert [("first" in error.value, "second" in error.value) for error in app.error] == [(False, True)]


@pytest.mark.usefixtures("both_models")
def test_several_clips_are_analysed_at_one_press_and_one_can_be_removed_before() -> None:
    app = page("analyse")
    for name in ("one.mp4", "two.mp4", "three.mp4"):
        drop(app, name, b"dear diary")
    app = click(next_remove(app, "two"), "Analyse 2 clips")
    wait_for(jobs(), previews())
    app.run()
    assert sorted(error.value.split("\\.")[0] for error in app.error) == ["one", "three"]
    assert list(upload_dir().iterdir()) == []


def next_remove(app: AppTest, name: str) -> AppTest:
    """Press the Remove button of the clip of that name."""
    clips = [waiting_clips().get(clip_id) for clip_id in held(app).split(",")]
    number = next(i for i, clip in enumerate(clips) if clip is not None and clip.name.startswith(name))
    return [button for button in app.button if button.label == "Remove"][number].click().run()


def test_clips_that_wait_are_still_there_after_a_reload() -> None:
    again = page("analyse", held=held(drop(page("analyse"), "walk.mp4", b"dear diary")))
    assert "walk\\.mp4" in text_of(again)
    assert not next(button for button in again.button if button.label == "Analyse").disabled


def test_a_clip_is_not_lost_when_the_browser_tells_of_an_older_address() -> None:
    app = drop(page("analyse"), "one.mp4", b"dear diary")
    before = held(app)
    drop(app, "two.mp4", b"dear diary")
    app.query_params["held"] = before
    app.run()
    assert "two\\.mp4" in text_of(app)
    app = next_remove(app, "one")
    assert "one\\.mp4" not in text_of(app)
    assert "two\\.mp4" in text_of(app)


def test_ids_that_nobody_gave_out_are_no_clips() -> None:
    app = page("analyse", held="nonsense,../../etc/passwd")
    assert not app.exception
    assert next(button for button in app.button if button.label == "Analyse").disabled


def test_a_dismissed_message_is_gone() -> None:
    app = page("analyse")
    click(drop(app, "notes.mp4", b"dear diary"), "Analyse")
    wait_for(jobs(), previews())
    app = click(page("analyse"), "Dismiss")
    assert not app.error


def test_a_running_analysis_shows_its_progress_to_a_new_visit_and_can_be_cancelled() -> None:
    started, go_on = threading.Event(), threading.Event()

    def work(report: Report) -> int:
        report("pose", 0.5)
        started.set()
        assert go_on.wait(SOON_S)
        report("pose", 0.6)
        return 1

    job_id = jobs().submit("walk.mp4", work)
    assert started.wait(SOON_S)
    app = page("analyse")
    assert "walk\\.mp4" in text_of(app)
    click(app, "Cancel")
    view = jobs().snapshot(job_id)
    assert view is not None
    assert view.stopping
    go_on.set()
    wait_for(jobs(), previews())
    assert "cancelled; nothing was saved" in text_of(page("analyse"))


def test_cancelling_a_waiting_analysis_leaves_the_page_with_the_running_one() -> None:
    started, go_on = threading.Event(), threading.Event()

    def work(report: Report) -> int:
        started.set()
        assert go_on.wait(SOON_S)
        return 1

    jobs().submit("first.mp4", work)
    waiting = jobs().submit("second.mp4", work)
    assert started.wait(SOON_S)
    app = page("analyse", job=waiting)
    jobs().cancel(waiting)
    app.run()
    assert "first\\.mp4" in text_of(app)
    assert "second\\.mp4: cancelled" in text_of(app)
    go_on.set()


def test_the_report_opens_by_itself_when_the_followed_analysis_is_ready(sessions: SessionStore) -> None:
    number = sessions.save(squats(), person="Ann")
    job_id = jobs().submit("squats.mp4", lambda report: number)
    wait_for(jobs(), previews())
    app = page("analyse", job=job_id)
    assert app.title[0].value == "Squats: 2 repetitions".replace(":", "\\:")


def test_a_reload_at_the_last_moment_opens_the_report_all_the_same(sessions: SessionStore) -> None:
    number = sessions.save(walk(), person="Ann")
    job_id = jobs().submit("walk.mp4", lambda report: number)
    wait_for(jobs())
    for _ in range(2):  # the page that was there before took the report for nobody
        assert "Walking" in page("analyse", job=job_id).title[0].value
    assert "is ready" not in text_of(page("analyse"))


def test_another_tab_is_offered_the_report_instead(sessions: SessionStore) -> None:
    number = sessions.save(squats(), person="Ann")
    jobs().submit("squats.mp4", lambda report: number)
    wait_for(jobs(), previews())
    app = click(page("analyse"), "Open the report")
    assert "Squats" in app.title[0].value


def test_numbers_have_unit_and_confidence_in_words(sessions: SessionStore) -> None:
    app = session_page(sessions, squats())
    cards = {card.label: card.value for card in app.metric}
    assert cards == {"Repetitions": "2", "Time per repetition": "3.00 :small[s]", "Range of motion": "95°"}
    captions = [caption.value for caption in app.caption]
    assert "high confidence · ±\u00a00.120 · from 2 repetitions" in captions
    assert "fair confidence · ±\u00a02.5 · from 2 repetitions" in captions


def test_numbers_of_left_and_right_stand_side_by_side(sessions: SessionStore) -> None:
    app = session_page(sessions, walk())
    assert [card.label for card in app.metric] == ["Cadence"]
    row = open_tab(app, "Left and right").table[0].value.iloc[0]
    assert row[""] == "Step time"
    assert row["Left"].startswith("**0.58 s**")
    assert "fair confidence · ±\u00a00.020 · from 2 steps" in row["Right"]


def test_missing_numbers_say_why_once_a_reason(sessions: SessionStore) -> None:
    app = session_page(sessions, squats())
    assert "Not measured, and why (2)" in [box.label for box in app.expander]
    assert text_of(app).count("film more of them") == 1


def test_a_withheld_headline_number_keeps_its_card_with_the_reason(sessions: SessionStore) -> None:
    app = session_page(sessions, squats(count=0))
    assert app.metric[0].value == "–"
    assert "The knees were not seen" in text_of(app)


def test_repetitions_are_listed(sessions: SessionStore) -> None:
    app = session_page(sessions, squats())
    assert [tab.label for tab in app.tabs] == ["Repetitions", "Details", "Share"]
    assert list(app.dataframe[0].value["Turn (s)"]) == [2.0, 6.0]


def test_columns_without_anything_in_them_are_left_out(sessions: SessionStore) -> None:
    app = session_page(sessions, squats(count=1))
    assert not {"Side", "Notes"} & set(app.dataframe[0].value.columns)


def test_a_range_that_was_not_measured_is_explained(sessions: SessionStore) -> None:
    assert "A dash" not in text_of(session_page(sessions, squats()))
    assert "A dash" in text_of(session_page(sessions, squats(range_deg=None)))


def test_shallow_repetitions_are_told(sessions: SessionStore) -> None:
    app = session_page(sessions, squats(count=3, partial=1))
    assert text_of(app).count("3 repetitions, 1 of them shallow") == 2  # the title and the plain words
    assert app.metric[0].value == "3 :small[(1 shallow)]"
    assert app.dataframe[0].value["Notes"][0] == "shallow"


def test_foot_events_are_listed(sessions: SessionStore) -> None:
    app = session_page(sessions, walk())
    assert [tab.label for tab in app.tabs] == ["Steps", "Left and right", "Details", "Share"]
    assert list(app.dataframe[0].value["Foot"]) == ["right", "left", "right", "left"]


def test_nothing_recognised_is_said(sessions: SessionStore) -> None:
    app = session_page(sessions, nothing())
    assert not app.exception
    assert "No walking and no known exercise was found" in app.warning[0].value
    assert not app.info


def test_notes_of_the_analysis_are_shown(sessions: SessionStore) -> None:
    app = session_page(sessions, squats(notes=("The file breaks off: 2 frames.",)))
    assert "Notes on this clip (1)" in [box.label for box in app.expander]
    assert "The file breaks off" in text_of(app)


def test_without_a_clip_the_page_says_so(sessions: SessionStore, tmp_path: Path) -> None:
    said = "There is no video with this session"
    assert said in text_of(session_page(sessions, squats()))
    assert said not in text_of(session_page(sessions, squats(), clip=drawn_clip(tmp_path / "drawn.mp4")))


def test_the_clinical_reading_lists_every_number_with_n_and_sd(sessions: SessionStore) -> None:
    app = session_page(sessions, walk())
    app.button_group[0].set_value("For clinicians").run()
    assert not app.exception
    table = app.dataframe[0].value
    assert {"n", "SD", "Confidence", "Typical"} <= set(table.columns)
    assert "Step time, left" in list(table["Number"])


def test_a_typical_range_stands_below_the_number_of_a_walk(sessions: SessionStore) -> None:
    assert "typical" in text_of(session_page(sessions, walk()))
    assert "typical" not in text_of(session_page(sessions, squats()))


def test_a_goal_stands_on_the_card_and_in_the_table_for_clinicians(sessions: SessionStore) -> None:
    app = session_page(sessions, walk(cadence=98.0))
    assert "goal" not in text_of(app)
    sessions.set_goal("Ann", metric="cadence", side=None, target=110.0, direction="at_least")
    sessions.set_goal("Ann", metric="step_time", side="left", target=0.6, direction="at_most")
    app.run()
    assert "goal: at least 110 steps/min – 12 steps/min more to go" in text_of(app).replace("\\", "")
    app = open_tab(app, "Left and right")
    row = app.table[0].value.iloc[0]
    assert "goal: at most 0.6 s – reached" in row["Left"].replace("\\", "")
    assert "goal" not in row["Right"]
    app.button_group[0].set_value("For clinicians").run()
    assert app.dataframe[0].value["Goal"].iloc[0] == "at least 110 steps/min – 12 steps/min more to go"


def test_without_a_goal_the_table_for_clinicians_has_no_column_for_it(sessions: SessionStore) -> None:
    app = session_page(sessions, walk())
    app.button_group[0].set_value("For clinicians").run()
    assert "Goal" not in app.dataframe[0].value.columns


def test_a_link_to_the_start_page_opens_the_session(sessions: SessionStore) -> None:
    number = sessions.save(walk(), person="Ann")
    app = AppTest.from_file(str(MAIN), default_timeout=SOON_S)
    app.query_params["session"] = str(number)
    assert "Walking" in app.run().title[0].value


@pytest.mark.parametrize("asked", ["99", "nonsense", "-1", "1" * 40, "../../etc/passwd"])
def test_a_link_to_a_session_that_is_not_there_is_a_message(asked: str) -> None:
    app = page("session", session=asked)
    assert not app.exception
    assert len(app.error) == 1


def test_markup_in_names_is_shown_and_not_obeyed(sessions: SessionStore) -> None:
    app = session_page(sessions, walk(file=NASTY), person=NASTY)
    assert not app.exception
    assert "**x**" not in text_of(app)
    assert "\\<script\\>" in text_of(app)
    history = page("history")
    assert not history.exception
    assert "**x**" not in text_of(history)


def test_delete_removes_the_session_and_goes_to_the_history(sessions: SessionStore) -> None:
    app = click(open_tab(session_page(sessions, walk()), "Details"), "Delete for good")
    assert sessions.sessions() == ()
    assert app.title[0].value == "History"


def test_the_session_page_comes_back_to_the_report_that_was_open(sessions: SessionStore) -> None:
    older = sessions.save(squats(), person="Ann")
    sessions.save(walk(day=2), person="Ann")
    app = page("session", session=str(older))
    app.switch_page("history/history.py")
    app.run()
    app.switch_page("session/session.py")
    del app.query_params["session"]
    assert "Squats" in app.run().title[0].value


def test_the_person_of_the_open_report_comes_up_for_the_next_clip(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = session_page(sessions, walk(day=2), person="Ben")
    app.switch_page("analyse/analyse.py")
    del app.query_params["session"]
    assert app.run().selectbox[0].value == "Ben"


def test_history_lists_the_sessions_of_the_chosen_person(sessions: SessionStore) -> None:
    sessions.save(walk(day=2), person="Ann")
    sessions.save(squats(), person="Ben")
    app = page("history", person="2")
    assert "Squats: 2 repetitions".replace(":", "\\:") in text_of(app)
    assert "Walking" not in text_of(app)


def test_history_opens_a_session(sessions: SessionStore) -> None:
    number = sessions.save(walk(), person="Ann")
    assert reports(page("history")) == [f"session={number}"]


def test_history_draws_the_trend_from_two_sessions_on(sessions: SessionStore) -> None:
    sessions.save(walk(day=1), person="Ann")
    assert "a chart over time appears here" in text_of(page("history"))
    sessions.save(walk(day=2, cadence=None), person="Ann")
    app = page("history")
    assert not app.exception
    assert "a chart over time appears here" not in text_of(app)


def test_history_shows_many_sessions_a_screen_at_a_time(sessions: SessionStore) -> None:
    for day in range(1, 21):
        sessions.save(walk(day=day), person="Ann")
    app = page("history")
    assert len(reports(app)) == 15
    assert len(reports(click(app, "Show more (5)"))) == 20


def test_a_damaged_database_is_a_message(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "gaitlab.db").write_bytes(b"this is no database" * 100)
    app = page("history")
    assert not app.exception
    assert len(app.error) == 1


def test_a_short_walk_has_its_curves_over_time_only(sessions: SessionStore) -> None:
    app = session_page(sessions, walk())
    assert [control.label for control in app.button_group] == ["Reading"]


def test_a_longer_walk_shows_its_angles_over_the_gait_cycle_beside_a_norm(sessions: SessionStore) -> None:
    app = session_page(sessions, long_walk())
    assert not app.exception
    assert [control.label for control in app.button_group] == ["Reading", "Angle", "Compare with"]
    assert "22\\-72 years" in text_of(app)
    assert "left and" in text_of(app)


def test_the_norm_can_be_another_or_none_and_the_trunk_has_none(sessions: SessionStore) -> None:
    app = session_page(sessions, long_walk())
    app.button_group[2].set_value("children").run()
    assert "4\\-17 years" in text_of(app)
    app.button_group[2].set_value("nobody").run()
    assert "Grey" not in text_of(app)
    app.button_group[1].set_value("trunk_lean").run()
    assert not app.exception
    assert [control.label for control in app.button_group] == ["Reading", "Angle"]


def test_year_of_birth_and_sex_choose_the_norm_that_stands_beside(sessions: SessionStore) -> None:
    child = sessions.add_person("Ann")
    sessions.update_person(replace(child, birth_year=datetime.now(UTC).year - 10))
    assert "4\\-17 years" in text_of(session_page(sessions, long_walk(), person="Ann"))
    woman = sessions.add_person("Bea")
    sessions.update_person(replace(woman, birth_year=datetime.now(UTC).year - 64, sex="female"))
    scaled = measured_walk(speed_mps=1.3)
    app = open_tab(session_page(sessions, scaled, person="Bea"), "Details")
    assert "women of 60 to 69 years walk at 1.24 m/s" in text_of(app).replace("\\", "")


def test_numbers_that_need_a_heel_or_a_toe_are_among_the_missing(sessions: SessionStore) -> None:
    text = text_of(session_page(sessions, long_walk()))
    assert "Ankle angle · Kind of foot strike · Foot turn\\-out · Toe clearance" in text
    assert "Heel and toe are not known here" in text


@pytest.mark.usefixtures("both_models")
def test_of_several_clips_the_one_that_cannot_be_read_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page("analyse")
    drop(app, "damaged.mp4", b"no video at all")
    drop(app, "walk.mp4", people_clip(tmp_path / "walk.mp4", 1).read_bytes())
    assert text_of(app).count("is being looked at") + text_of(app).count("first look at it failed") == 2
    wait_for(previews())
    app.run()
    assert "damaged\\.mp4** has arrived, but a first look at it failed" in text_of(app)
    assert "walk\\.mp4** is ready to be analysed" in text_of(app)
    assert ["damaged" in warning.value for warning in app.warning] == [True]
    asked: dict[str, AnalysisRequest] = {}
    monkeypatch.setattr(
        "gaitlab.ui.analyse.queues.submit_clip", lambda clip, order: str(asked.setdefault(clip.name, order))
    )
    click(app, "Analyse")
    assert list(asked) == ["walk.mp4"]
    assert "damaged\\.mp4** has arrived, but a first look at it failed" in text_of(app)


def test_a_clip_that_cannot_be_read_is_not_called_ready() -> None:
    app = page("analyse")
    drop(app, "damaged.mp4", b"no video at all")
    wait_for(previews())
    app.run()
    assert "damaged\\.mp4** has arrived, but a first look at it failed" in text_of(app)
    assert "is ready to be analysed" not in text_of(app)
    assert len(app.warning) == 1
