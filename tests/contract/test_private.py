"""Whatever the umask: what GaitLab keeps can be read by its user only."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gaitlab.archive import back_up, bring_back, export_person
from gaitlab.paths import data_dir, keep_private
from gaitlab.storage import open_store
from gaitlab.storage.preferences import Preferences, write_preferences
from gaitlab.ui.analyse.upload_route import receive_clip
from gaitlab.ui.resources import upload_dir
from gaitlab.workspace import WorkFolder
from tests.builders_store import a_clip, a_walk

pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions are another matter on Windows")


@pytest.fixture(params=[0o000, 0o022], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Let new files be readable by everybody, as many systems do."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Return what other users may open of a folder and of what lies in it."""
    return [str(path.relative_to(folder)) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


async def a_piece() -> AsyncIterator[bytes]:
    yield b"film"


@pytest.mark.usefixtures("umask")
def test_nobody_else_can_read_what_is_kept(tmp_path: Path) -> None:
    with closing(open_store()) as store:
        store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        write_preferences(data_dir(), Preferences(units="imperial"))
        asyncio.run(receive_clip(a_piece(), "walk.mp4", folder=upload_dir(), limit_bytes=100))
        work = WorkFolder()
        names = {path.name for path in data_dir().rglob("*")}
        assert {"gaitlab.db", "gaitlab.db-wal", "gaitlab.db-shm", "preferences.json", "media"} <= names
        assert open_to_others(data_dir()) == []
        work.remove()


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("name", ["all.db", "all.zip"])
def test_nobody_else_can_read_a_backup_or_what_it_replaced(name: str, tmp_path: Path) -> None:
    with closing(open_store()) as store:
        store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
        export_person(store, "Ann", tmp_path / "ann.zip")
    back_up(tmp_path / name)
    aside = bring_back(tmp_path / name)
    assert aside is not None
    assert data_dir() in aside.parents
    assert open_to_others(data_dir()) == []
    assert not any((tmp_path / one).stat().st_mode & 0o077 for one in (name, "ann.zip"))


def test_what_an_older_version_left_open_is_closed_at_the_next_start(tmp_path: Path) -> None:
    with closing(open_store()) as store:
        store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})
    left_open = ["gaitlab.db", "gaitlab.db.before-20260101T000000", "gaitlab-before-20260101T000000.zip", "media"]
    with closing(sqlite3.connect(data_dir() / left_open[1])) as aside:
        aside.execute("CREATE TABLE media (sha256, suffix)")
    (data_dir() / left_open[2]).touch()
    data_dir().chmod(0o755)
    for name in left_open:
        (data_dir() / name).chmod(0o755 if name == "media" else 0o644)
    open_store().close()
    assert open_to_others(data_dir()) == []


def test_a_database_in_a_folder_of_somebody_else_is_closed_and_the_folder_left(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    folder.chmod(0o755)
    open_store(f"sqlite:///{folder}/my.db").close()
    assert open_to_others(folder) == ["."]


@pytest.mark.parametrize("mode", [0o1777, 0o1775])
def test_a_folder_for_everybody_is_not_closed(mode: int, tmp_path: Path) -> None:
    tmp_path.chmod(mode)
    keep_private(tmp_path, tmp_path / "nothing")
    assert tmp_path.stat().st_mode & 0o7777 == mode


def test_the_home_folder_is_not_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    tmp_path.chmod(0o755)
    keep_private(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o755
