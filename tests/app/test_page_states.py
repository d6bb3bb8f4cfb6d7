"""Every page in every state of the store: empty, one session, many, and what can be wrong with it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gaitlab.archive import back_up
from gaitlab.paths import data_dir
from gaitlab.storage import SessionStore, open_store
from gaitlab.ui.resources import store
from tests.app.builders_ui import drawn_clip, nothing, squats, walk
from tests.app.visits import click, page, text_of

pytestmark = pytest.mark.usefixtures("own_resources")

PAGES = ("analyse", "live", "session", "history", "compare", "people", "settings")
TITLES = {
    "analyse": "Analyse a video",
    "live": "Live",
    "history": "History",
    "compare": "Compare two sessions",
    "people": "People",
    "settings": "Settings",
}
DATABASE = "gaitlab.db"


def is_whole(app: AppTest) -> bool:
    """Return whether a page was shown to its end, without an exception and without an error."""
    return not app.exception and not app.error and "not a medical device" in text_of(app)


@pytest.mark.parametrize("name", PAGES)
def test_with_nothing_in_the_store(name: str) -> None:
    app = page(name)
    assert is_whole(app)
    assert app.title[0].value == TITLES.get(name, "Session")


@pytest.mark.parametrize("name", PAGES)
def test_with_one_session(name: str, sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = page(name)
    assert is_whole(app)
    assert app.title[0].value == {**TITLES, "history": "Ann"}.get(name, "Walking\\: 104 steps\\/min")


@pytest.fixture(scope="module")
def many_sessions(new_sqlite_database: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with many sessions of several people."""
    database = tmp_path_factory.mktemp("many") / DATABASE
    with closing(open_store(new_sqlite_database(database))) as filled:
        for day in range(1, 21):
            filled.save(walk(day=day, cadence=None if day % 5 == 0 else 100.0 + day), person="Ann")
            filled.save(squats(count=day % 3), person="Ben", tags=["strong"])
        filled.save(nothing(), person="Cem")
    assert not database.with_name(f"{DATABASE}-wal").exists()  # the file is all
    return database


@pytest.mark.parametrize("name", PAGES)
def test_with_many_sessions_of_several_people(name: str, many_sessions: Path) -> None:
    data_dir().mkdir(parents=True)
    shutil.copyfile(many_sessions, data_dir() / DATABASE)
    app = page(name)
    assert is_whole(app)
    assert app.title[0].value == TITLES.get(name, app.title[0].value)


def no_database(folder: Path) -> None:
    (folder / DATABASE).write_bytes(b"this is no database" * 100)


def no_folder(folder: Path) -> None:
    folder.rmdir()
    folder.write_text("a file where the folder should be")


def of_another_program(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        database.execute("create table recipe (id integer)")


@pytest.mark.parametrize("spoil", [no_database, no_folder, of_another_program])
@pytest.mark.parametrize("name", [name for name in PAGES if name != "settings"])
def test_a_store_that_cannot_be_opened_is_one_message(name: str, spoil: Callable[[Path], None]) -> None:
    data_dir().mkdir(parents=True)
    spoil(data_dir())
    app = page(name)
    assert not app.exception
    assert len(app.error) == 1
    assert "not a medical device" in text_of(app)


def test_settings_open_beside_a_damaged_store_which_a_backup_does_not_overwrite(tmp_path: Path) -> None:
    store().save(walk(), person="Ann")
    back_up(tmp_path / "backup.zip")
    store().close()
    for file in data_dir().glob(f"{DATABASE}*"):
        file.unlink()
    no_database(data_dir())
    st.cache_resource.clear()
    app = page("settings")
    assert is_whole(app)
    app.file_uploader[0].set_value(("backup.zip", (tmp_path / "backup.zip").read_bytes(), "application/zip")).run()
    next(box for box in app.checkbox if box.label == "Yes, replace everything").check().run()
    (error,) = click(app, "Bring back").error
    assert "move the file away" in error.value
    (data_dir() / DATABASE).unlink()
    assert "Brought back" in click(app, "Bring back").success[0].value
    assert is_whole(page("session"))


@pytest.mark.parametrize("name", [name for name in PAGES if name != "settings"])
def test_a_store_is_tried_again_at_the_next_visit(name: str) -> None:
    data_dir().mkdir(parents=True)
    no_database(data_dir())
    assert page(name).error
    (data_dir() / DATABASE).unlink()
    assert is_whole(page(name))


@pytest.mark.parametrize("name", PAGES)
def test_a_clip_that_is_gone_from_the_disk_is_no_error(name: str, sessions: SessionStore, tmp_path: Path) -> None:
    number = sessions.save(squats(), person="Ann", media={"overlay": drawn_clip(tmp_path / "drawn.mp4")})
    clip = sessions.media_path(number, "overlay")
    assert clip is not None
    clip.unlink()
    app = page(name)
    assert is_whole(app)
    assert ("There is no video with this session" in text_of(app)) == (name == "session")


def spoiled(sql: str) -> None:
    """Change the rows of the database behind the program's back."""
    with closing(sqlite3.connect(data_dir() / DATABASE)) as database, database:
        database.execute("pragma ignore_check_constraints = on")
        assert database.execute(sql).rowcount


@pytest.mark.parametrize(
    "sql",
    [
        "update track set npz = x'00' where session_id = 2",
        "delete from track where session_id = 2",
        "update session set settings = '{' where id = 2",
        "update session set recorded_at = 'yesterday' where id = 2",
        "update metric set value = 'many' where session_id = 2",
    ],
)
@pytest.mark.parametrize("name", ["analyse", "session", "history", "compare"])
def test_a_broken_row_is_at_most_a_message(name: str, sql: str, sessions: SessionStore) -> None:
    for day in (1, 2, 3):
        sessions.save(walk(day=day), person="Ann")
    spoiled(sql)
    app = page(name, **({"session": "2"} if name == "session" else {}))
    assert not app.exception
    assert "Something went wrong" not in text_of(app)
    assert len(app.error) <= 1
    assert "not a medical device" in text_of(app)


@pytest.mark.parametrize("sql", ["update track set npz = x'00' where session_id = 2"])
def test_the_other_sessions_can_be_opened_beside_a_broken_one(sql: str, sessions: SessionStore) -> None:
    for day in (1, 2, 3):
        sessions.save(walk(day=day), person="Ann")
    spoiled(sql)
    assert is_whole(page("session", session="3"))
    assert is_whole(page("compare", sessions="1-3"))
    assert is_whole(page("history"))
    (error,) = page("session", session="2").error
    assert "damaged" in error.value


@pytest.mark.parametrize(
    ("name", "query"),
    [("session", {"session": "99"}), ("compare", {"sessions": "1-99"}), ("compare", {"session": "99"})],
)
def test_a_session_that_is_not_there_is_a_message(name: str, query: dict[str, str], sessions: SessionStore) -> None:
    sessions.save(walk(), person="Ann")
    app = page(name, **query)
    assert not app.exception
    (error,) = app.error
    assert "99" in error.value
    assert len(app.title) == 1  # what a screen reader goes to
