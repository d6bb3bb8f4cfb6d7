"""People and Settings without a browser, and the routes that hand out archives."""

from __future__ import annotations

import io
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from gaitlab.archive import export_person
from gaitlab.paths import data_dir, work_dir
from gaitlab.records.tracks import Report
from gaitlab.storage import SessionStore
from gaitlab.storage.preferences import FILE_NAME, Preferences, read_preferences, write_preferences
from gaitlab.ui.analyse.queues import jobs
from gaitlab.ui.people.archive_routes import archive_routes, backup_url, person_url
from tests.app.builders_ui import drawn_clip, squats, walk
from tests.app.test_routes import get
from tests.app.visits import SOON_S, click, page, text_of, wait_for

pytestmark = pytest.mark.usefixtures("own_resources")


def widget(app: AppTest, kind: str, label: str) -> Any:
    return next(w for w in getattr(app, kind) if w.label == label)


def test_people_begin_with_nobody() -> None:
    app = page("people")
    assert not app.exception
    assert "Nobody is here yet" in app.info[0].value


def test_a_person_is_added(sessions: SessionStore) -> None:
    app = page("people")
    widget(app, "text_input", "Name").set_value("Ann")
    app = click(app, "Add")
    assert [person.name for person in sessions.people()] == ["Ann"]
    assert app.selectbox[0].value == "Ann"


def test_height_sex_year_and_name_are_kept(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = page("people")
    widget(app, "text_input", "Name").set_value("Anna")
    widget(app, "number_input", "Height (cm)").set_value(171.0)
    widget(app, "selectbox", "Sex").set_value("female")
    widget(app, "number_input", "Year of birth").set_value(1960)
    app = click(app, "Save")
    assert not app.exception
    (ann,) = sessions.people()
    assert (ann.name, ann.height_m, ann.sex, ann.birth_year) == ("Anna", 1.71, "female", 1960)
    assert sessions.sessions(person="Anna")


def test_a_height_in_inches_is_not_changed_by_looking_at_it(sessions: SessionStore) -> None:
    sessions.add_person("Ann", height_m=1.713)
    write_preferences(data_dir(), Preferences(units="imperial"))
    app = page("people")
    assert widget(app, "number_input", "Height (inches)").value == 67.4
    click(app, "Save")
    assert sessions.person("Ann").height_m == 1.713


def test_a_name_that_somebody_else_has_is_a_message(sessions: SessionStore) -> None:
    sessions.add_person("Ann")
    sessions.add_person("Ben")
    app = page("people")
    widget(app, "text_input", "Name").set_value("Ben")
    app = click(app, "Save")
    assert not app.exception
    assert len(app.error) == 1
    assert [person.name for person in sessions.people()] == ["Ann", "Ben"]


def test_a_person_is_erased_only_after_the_name_was_typed(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = page("people")
    assert next(b for b in app.button if b.label == "Erase for good").disabled
    widget(app, "text_input", "Type the name to confirm").set_value("Ann").run()
    app = click(app, "Erase for good")
    assert [toast.value for toast in app.toast] == ["Ann is erased."]
    assert sessions.people() == ()
    assert "Nobody is here yet" in app.info[0].value


def test_nobody_is_erased_or_brought_in_while_an_analysis_runs(sessions: SessionStore) -> None:
    go_on = threading.Event()

    def work(report: Report) -> int:
        assert go_on.wait(SOON_S)
        return 1

    sessions.save(walk(), person="Ann")
    jobs().submit("walk.mp4", work)
    app = page("people")
    app.file_uploader[0].set_value(("ann.zip", b"PK", "application/zip")).run()
    widget(app, "text_input", "Type the name to confirm").set_value("Ann").run()
    assert widget(app, "button", "Erase for good").disabled
    assert widget(app, "button", "Bring in").disabled
    go_on.set()
    wait_for(jobs())
    app.run()
    assert not widget(app, "button", "Erase for good").disabled


def test_a_person_is_brought_in_under_another_name(sessions: SessionStore, tmp_path: Path) -> None:
    sessions.save(walk(), person="Ann")
    export_person(sessions, "Ann", tmp_path / "ann.zip")
    app = page("people")
    app.file_uploader[0].set_value(("ann.zip", (tmp_path / "ann.zip").read_bytes(), "application/zip")).run()
    widget(app, "text_input", "Under another name (optional)").set_value("Eve")
    app = click(app, "Bring in")
    assert not app.exception
    assert [person.name for person in sessions.people()] == ["Ann", "Eve"]
    assert app.selectbox[0].value == "Eve"
    assert list(work_dir().iterdir()) == []


def test_a_file_that_is_no_archive_is_a_message(sessions: SessionStore) -> None:
    app = page("people")
    app.file_uploader[0].set_value(("ann.zip", b"PK nonsense", "application/zip")).run()
    app = click(app, "Bring in")
    assert not app.exception
    assert len(app.error) == 1
    assert list(work_dir().iterdir()) == []


def test_settings_show_what_is_set_and_where_things_are() -> None:
    write_preferences(data_dir(), Preferences(units="imperial", keep="coordinates", delete_after_days=90))
    app = page("settings")
    assert not app.exception
    assert [radio.value for radio in app.radio] == ["imperial", "coordinates"]
    assert widget(app, "number_input", "Days after they were saved").value == 90
    assert "movenet-thunder-fp16" in str(app.table[0].value)
    assert "GaitLab " in text_of(app)


def test_the_audit_trail_is_off_and_shown_once_it_is_on(sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = page("settings")
    assert "Audit trail" not in [one.value for one in app.subheader]
    widget(app, "checkbox", "Note who opens, exports, changes and erases which session").check().run()
    app = click(app, "Save settings")
    sessions.delete(1)
    app = page("settings")
    assert "Audit trail" in [one.value for one in app.subheader]
    assert app.dataframe[0].value[["What", "Session"]].values.tolist() == [["erased", 1]]


def test_settings_are_saved() -> None:
    app = page("settings")
    assert next(b for b in app.button if b.label == "Save settings").disabled
    widget(app, "radio", "Units of length and speed").set_value("imperial").run()
    widget(app, "checkbox", "Look at heels and toes of people who walk or run").uncheck().run()
    click(app, "Save settings")
    assert read_preferences(data_dir()) == Preferences(units="imperial", feet=False)


def test_what_a_setting_deletes_is_told_and_confirmed_first(sessions: SessionStore, tmp_path: Path) -> None:
    sessions.save(squats(), person="Ann", media={"overlay": drawn_clip(tmp_path / "drawn.mp4")})
    app = page("settings")
    widget(app, "radio", "What is kept of a clip").set_value("coordinates").run()
    assert "deletes the clip of 1 session" in app.warning[0].value
    assert next(b for b in app.button if b.label == "Save settings").disabled
    widget(app, "checkbox", "Yes, delete").check().run()
    click(app, "Save settings")
    assert sessions.media_path(1, "overlay") is None
    assert sessions.get(1).analysis.metrics == squats().metrics


def test_damaged_preferences_are_a_message_on_every_page() -> None:
    data_dir().mkdir(parents=True)
    (data_dir() / FILE_NAME).write_text("{")
    for name in ("settings", "history"):
        app = page(name)
        assert not app.exception
        assert "mend or remove this file" in app.error[0].value.replace("\\", "")


def test_retention_is_carried_out_when_the_app_starts(tmp_path: Path) -> None:
    import streamlit as st

    from gaitlab.storage import open_store
    from gaitlab.ui.resources import store

    kept = open_store()
    kept.save(squats(), person="Ann", media={"overlay": drawn_clip(tmp_path / "drawn.mp4")})
    kept.close()
    write_preferences(data_dir(), Preferences(keep="coordinates"))
    st.cache_resource.clear()
    assert store().media_path(1, "overlay") is None


@pytest.fixture
def client(sessions: SessionStore) -> Starlette:
    return Starlette(routes=archive_routes(lambda: sessions))


def test_everything_of_a_person_is_handed_out_as_a_zip(sessions: SessionStore, client: Starlette) -> None:
    sessions.save(walk(), person="Ann & Söhne/../x")
    answer = get(client, person_url(1))
    assert answer.status == 200
    assert ".." not in answer.headers["content-disposition"]
    assert "gaitlab.json" in zipfile.ZipFile(io.BytesIO(answer.body)).namelist()
    assert list(work_dir().iterdir()) == []


def test_nobody_of_that_number_is_404(client: Starlette) -> None:
    assert get(client, person_url(7)).status == 404


def test_a_backup_is_handed_out_and_brought_back(sessions: SessionStore, client: Starlette) -> None:
    sessions.save(walk(), person="Ann")
    content = get(client, backup_url()).body
    sessions.save(walk(day=2), person="Ben")
    app = page("settings")
    app.file_uploader[0].set_value(("backup.zip", content, "application/zip")).run()
    widget(app, "checkbox", "Yes, replace everything").check().run()
    app = click(app, "Bring back")
    assert not app.exception
    assert "Brought back" in app.success[0].value
    assert [person.name for person in sessions.people()] == ["Ann"]


def test_while_one_file_is_made_another_is_not_waited_for(
    sessions: SessionStore, client: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions.save(walk(), person="Ann")
    within: list[int] = []

    def slow(path: Path, *, by: str | None) -> None:
        within.append(get(client, person_url(1)).status)
        path.write_bytes(b"zip")

    monkeypatch.setattr("gaitlab.ui.people.archive_routes.back_up", slow)
    monkeypatch.setattr("gaitlab.ui.people.archive_routes.rehearse", lambda _: None)
    client = Starlette(routes=archive_routes(lambda: sessions))
    assert (get(client, backup_url()).status, within) == (200, [429])
    assert get(client, backup_url()).status == 200  # and the place is free again


def test_a_bad_range_leaves_no_backup_on_the_disk(sessions: SessionStore, client: Starlette) -> None:
    sessions.save(walk(), person="Ann")
    assert get(client, backup_url(), Range="bytes=999999999-").status == 416
    assert list(work_dir().iterdir()) == []
