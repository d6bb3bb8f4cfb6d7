"""Files in the making: private, never swept from under a program at work, gone when it has died."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from gaitlab import workspace
from gaitlab.paths import data_dir, work_dir
from gaitlab.workspace import WorkFolder, appearing, sweep, work_folder
from tests.saving import PROCESSES

OTHER_DISK = OSError(errno.EXDEV, "Invalid cross-device link")


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def write_for_ever(folder: str, dest: Path, disks: int, ends: Connection) -> None:
    """Write half a file, tell so, and wait to be killed."""
    os.environ["GAITLAB_DATA_DIR"] = folder
    if disks == 2:
        os.rename = refused  # type: ignore[assignment]
    with appearing(dest) as path:
        path.write_text("half")
        ends.send(path)
        ends.recv()


def refused(*_: object) -> None:
    raise OTHER_DISK


@pytest.fixture(params=[1, 2], ids=["one disk", "two disks"])
def half_written(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, object]]:
    """Start a program that is at work beside a file of the user; yield what it writes, and the process."""
    (tmp_path / "place").mkdir()
    here, there = PROCESSES.Pipe()
    arguments = (str(data_dir()), tmp_path / "place" / "copy.zip", request.param, there)
    process = PROCESSES.Process(target=write_for_ever, args=arguments)
    process.start()
    there.close()  # if the program dies before, that is an error and no waiting
    path = here.recv()
    assert path.is_relative_to(work_dir() if request.param == 1 else tmp_path / "place")
    try:
        yield path, process
    finally:
        process.kill()
        process.join()


def test_what_another_program_writes_stays_and_is_named(half_written: tuple[Path, object]) -> None:
    path, _ = half_written

    stays = sweep()

    assert path.read_text() == "half"
    assert any(path.is_relative_to(folder) for folder in stays)


def test_what_a_killed_program_wrote_is_swept(half_written: tuple[Path, object], tmp_path: Path) -> None:
    path, process = half_written
    process.kill()  # type: ignore[attr-defined]
    process.join()  # type: ignore[attr-defined]
    assert path.exists()

    assert sweep() == ()

    assert left(work_dir()) == left(tmp_path / "place") == []


def test_the_folder_is_for_this_user_alone_and_gone_after_the_block() -> None:
    with work_folder() as folder:
        for one in (work_dir(), folder):
            assert stat.S_IMODE(one.stat().st_mode) == 0o700
        (folder / "clip.mp4").write_bytes(b"clip")
    assert left(work_dir()) == []


def test_the_work_of_this_program_is_not_swept_either() -> None:
    with work_folder() as folder:
        assert sweep() == (folder,)
        assert folder.exists()


@pytest.mark.parametrize("disks", [1, 2])
def test_a_file_appears_whole_or_not_at_all(disks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if disks == 2:
        monkeypatch.setattr("gaitlab.workspace.os.rename", refused)
    place = tmp_path / "place"
    place.mkdir()
    with appearing(place / "a.txt") as path:
        path.write_text("whole")
        assert not (place / "a.txt").exists()
    with pytest.raises(FileNotFoundError), appearing(place / "b.txt") as path:
        path.with_name("half").write_text("half")

    assert left(place) == ["a.txt"]
    assert left(work_dir()) == []


def test_a_folder_that_is_not_there_is_named_as_the_user_named_it(tmp_path: Path) -> None:
    dest = tmp_path / "nowhere" / "a.txt"
    with pytest.raises(FileNotFoundError) as caught, appearing(dest):
        pass
    assert caught.value.filename == str(dest)
    assert left(work_dir()) == []


def test_where_no_data_folder_can_be_made_a_file_appears_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "place").mkdir()
    monkeypatch.setenv("GAITLAB_DATA_DIR", str(tmp_path / "file"))

    with appearing(tmp_path / "place" / "a.txt") as path:
        path.write_text("whole")

    assert left(tmp_path / "place") == ["a.txt"]


class TestOnAnotherDisk:
    @pytest.fixture
    def hidden(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Die while a file is made there."""
        monkeypatch.setattr("gaitlab.workspace.os.rename", refused)
        (tmp_path / "stick").mkdir()
        folder = WorkFolder()
        hidden = folder.beside(tmp_path / "stick" / "copy.zip")
        (hidden / "copy.zip").write_text("half")
        folder._lock.close()
        return hidden

    def test_a_disk_that_is_not_there_is_named_until_it_is_swept(self, hidden: Path, tmp_path: Path) -> None:
        (tmp_path / "stick").replace(tmp_path / "away")
        assert sweep() == (hidden,)
        (tmp_path / "away").replace(tmp_path / "stick")
        assert sweep() == ()
        assert left(tmp_path / "stick") == left(work_dir()) == []

    def test_an_empty_folder_in_its_place_is_not_taken_for_it(
        self, hidden: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (note,) = work_dir().glob("*.lock")
        device, _, place = note.read_text().partition("\n")
        note.write_text(f"{int(device) + 1}\n{place}")  # as if another disk were there now
        (tmp_path / "stick").replace(tmp_path / "away")
        (tmp_path / "stick").mkdir()
        assert sweep() == (hidden,)

    def test_a_note_that_names_something_else_removes_nothing(self, hidden: Path, tmp_path: Path) -> None:
        (note,) = work_dir().glob("*.lock")
        precious = tmp_path / "precious"
        precious.mkdir()
        note.write_text(f"{tmp_path.stat().st_dev}\n{precious}")
        sweep()
        assert precious.exists()


def test_where_the_disk_knows_no_locks_work_counts_as_given_up_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "take_lock", lambda _: None)
    folder = WorkFolder()
    assert sweep() == (folder.path,)
    (note,) = work_dir().glob("*.lock")
    day_s = 24 * 3600.0
    os.utime(note, (note.stat().st_mtime - day_s - 1,) * 2)
    assert sweep() == ()
    assert left(work_dir()) == []
