"""Accepted clips after a crash or a restart: they go on, or the page says which were not analysed (F9)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st

from gaitlab.cli.main import main
from gaitlab.errors import InputError, StoreError
from gaitlab.limits import STARTS_MAX
from gaitlab.paths import data_dir
from gaitlab.sessions import AnalysisRequest, request_of
from gaitlab.settings import ScaleLine
from gaitlab.storage import Inbox
from gaitlab.storage.inbox import inbox_dir
from gaitlab.ui.analyse import queues
from gaitlab.ui.analyse.queues import dismiss, jobs, resume_accepted, submit_clip
from gaitlab.ui.resources import _arrivals_in, inbox, store, upload_dir
from gaitlab.video import sha256_of
from tests.app.visits import page, text_of, wait_for
from tests.builders_store import a_source, a_walk

pytestmark = pytest.mark.usefixtures("own_resources")
Analyse = Callable[[Path, AnalysisRequest], int]


def upload(name: str = "walk.mp4") -> Path:
    clip = upload_dir() / f"upload-{name}" / name
    clip.parent.mkdir(parents=True)
    clip.write_bytes(f"film {name}".encode())
    return clip


def let_analyses(monkeypatch: pytest.MonkeyPatch, analyse: Analyse) -> None:
    monkeypatch.setattr(queues, "_analysed", lambda clip, request, report, who: analyse(clip, request))


def crash() -> None:
    """Forget everything in memory, as a program that was killed; its locks are released by the system."""
    inbox()._own._lock.close()
    st.cache_resource.clear()


def accepted(name: str = "walk.mp4") -> str:
    return inbox().accept(upload(name), person="Ann", settings=request_of("Ann", "squat").settings.to_json()).id


def files() -> list[Path]:
    return [path for path in inbox_dir().rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_clips_of_a_killed_program_are_analysed_at_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [accepted(f"{number}.mp4") for number in range(3)]
    crash()
    seen: list[tuple[str, str]] = []

    def analyse(clip: Path, request: AnalysisRequest) -> int:
        seen.append((clip.read_text(), request.settings.activity))
        return 7

    let_analyses(monkeypatch, analyse)
    resume_accepted()
    wait_for(jobs())
    assert seen == [(f"film {number}.mp4", "squat") for number in range(3)]
    assert [jobs().snapshot(one).result for one in ids] == [7, 7, 7]  # type: ignore[union-attr]
    assert files() == []


def test_an_order_comes_back_as_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    line = ScaleLine(points_px=(10.0, 20.0, 310.0, 20.0), length_m=2.0)
    given = request_of("Ann", "gait", (1.5, 320.0, 180.0), line)
    inbox().accept(upload(), person="Ann", settings=given.settings.to_json(), fps=50.0, image_wh=(640, 480))
    crash()
    got: list[AnalysisRequest] = []
    let_analyses(monkeypatch, lambda clip, request: got.append(request) or 1)  # type: ignore[func-returns-value]
    resume_accepted()
    wait_for(jobs())
    assert (got[0].person, got[0].settings) == ("Ann", given.settings)
    assert (got[0].fps, got[0].image_wh) == (50.0, (640, 480))


def test_clips_of_a_program_that_lives_are_its_own() -> None:
    other = Inbox()
    order = other.accept(upload(), person="Ann", settings={})
    assert inbox().take_over() == ()
    assert order.clip.exists()
    other.close()
    assert [one.file for one in inbox().take_over()] == ["walk.mp4"]


def test_what_was_half_done_is_made_anew() -> None:
    order = inbox().accept(upload(), person="Ann", settings={})
    order.clip.with_name("overlay.mp4").write_bytes(b"half")
    crash()
    (again,) = inbox().take_over()
    assert [path.name for path in again.clip.parent.iterdir()] == ["walk.mp4"]


def test_a_crash_between_the_save_and_the_end_saves_no_second_session(monkeypatch: pytest.MonkeyPatch) -> None:
    order = inbox().begin(inbox().accept(upload(), person="Ann", settings={}))
    sha256 = sha256_of(order.clip)
    saved = store().save(a_walk(source=a_source(sha256=sha256)), person="Ann")
    crash()
    let_analyses(monkeypatch, lambda *_: pytest.fail("analysed again"))
    resume_accepted()
    wait_for(jobs())
    assert jobs().snapshots()[0].result == saved
    assert files() == []


@pytest.mark.parametrize(("starts", "again"), [(STARTS_MAX - 1, True), (STARTS_MAX, False)])
def test_a_clip_that_ended_the_program_so_often_is_named_and_removed(
    monkeypatch: pytest.MonkeyPatch, starts: int, again: bool
) -> None:
    order = inbox().accept(upload(), person="Ann", settings={})
    for _ in range(starts):
        order = inbox().begin(order)
    crash()
    let_analyses(monkeypatch, lambda *_: 7)
    resume_accepted()
    wait_for(jobs())
    assert (jobs().snapshots()[0].result == 7) == again
    assert "film" not in "".join(path.read_text() for path in files())
    if not again:
        assert "it was not analysed, since GaitLab ended 3 times" in text_of(page("analyse").run())


def test_a_failure_nobody_read_is_told_again_until_it_is_dismissed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(clip: Path, request: AnalysisRequest) -> int:
        raise InputError("walk.mp4: nobody to be seen")

    let_analyses(monkeypatch, fail)
    submit_clip(upload(), request_of("Ann", "auto"))
    wait_for(jobs())
    assert [path.name for path in files()] == ["order.json"]  # the clip itself is gone
    for _ in range(2):
        crash()
        resume_accepted()
        wait_for(jobs())
        assert "nobody to be seen" in text_of(page("analyse").run())
    dismiss(jobs().snapshots()[0].id)
    assert files() == []


def test_clips_that_were_not_accepted_are_gone_at_the_next_start_of_any_gaitlab() -> None:
    clip = upload()
    _arrivals_in(str(data_dir()))._lock.close()  # as the system does when a program ends
    assert main(["list"]) == 0
    assert not clip.exists()


def test_erasing_a_person_takes_their_clips_and_messages_along(capsys: pytest.CaptureFixture[str]) -> None:
    store().save(a_walk(), person="Ann")
    accepted("annwalk.mp4")
    assert main(["person", "erase", "Ann"]) == 0
    assert "annwalk.mp4: GaitLab analyses this clip of theirs" in capsys.readouterr().err
    crash()
    store().save(a_walk(), person="Ann")
    assert main(["person", "erase", "Ann"]) == 0
    assert files() == []


def test_a_note_that_cannot_be_read_is_removed_with_its_clip() -> None:
    accepted()
    (note,) = inbox_dir().rglob("order.json")
    note.write_text(json.dumps({"file": "walk.mp4"}))
    crash()
    assert inbox().take_over() == ()
    assert files() == []


def test_an_inbox_that_cannot_be_written_is_an_error_of_the_store() -> None:
    clip = upload()
    shutil.rmtree(inbox()._own.path)
    inbox()._own.path.write_text("no folder")
    with pytest.raises(StoreError, match="free some space"):
        inbox().accept(clip, person="Ann", settings={})
