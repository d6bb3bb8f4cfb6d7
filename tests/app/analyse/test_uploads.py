"""Where an uploaded clip lies while it is analysed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from gaitlab import sessions as use_case
from gaitlab.errors import AnalysisCancelled, StoreBusyError, StoreError
from gaitlab.paths import safe_file_name
from gaitlab.records import Analysis, Progress
from gaitlab.storage import SessionStore
from gaitlab.ui.analyse.uploads import remove_stale_uploads
from tests.app.builders_ui import squats


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("walk.mp4", "walk.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\walk.mov", "walk.mov"),
        ("a\nb\x00c.mp4", "a_b_c.mp4"),
        ("", "clip"),
        ("..", "clip"),
        ("Гимнастика 😀.mp4", "Гимнастика 😀.mp4"),
    ],
)
def test_names_from_outside_become_plain_file_names(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


def test_a_very_long_name_keeps_its_suffix_and_fits_any_file_system() -> None:
    safe = safe_file_name("😀" * 500 + ".mp4")
    assert safe.endswith(".mp4")
    assert len(safe.encode()) <= 255


def test_left_overs_of_a_crash_are_removed_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / "upload-1" / "old.mp4", tmp_path / "upload-2" / "new.mp4"
    for clip in (old, new):
        clip.parent.mkdir()
        clip.touch()
    os.utime(old.parent, (0, 0))
    remove_stale_uploads(tmp_path)
    assert not old.exists()
    assert new.exists()


def keep_busy(store: SessionStore, monkeypatch: pytest.MonkeyPatch, *, n: int) -> None:
    """Have a store answer as if another program kept it busy for the first `n` saves."""
    save, answers = store.save, iter(range(n))

    def saved_at_last(analysis: Analysis, **others: Any) -> int:
        if next(answers, None) is not None:
            raise StoreBusyError("sessions: another program keeps it busy")
        return save(analysis, **others)

    monkeypatch.setattr(store, "save", saved_at_last)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network and no drawing: what is tested comes after them."""
    monkeypatch.setattr(use_case, "analyse_video", lambda *_, **__: squats())
    monkeypatch.setattr(use_case, "_drawn", lambda *_: {})
    monkeypatch.setattr(use_case, "_BUSY_PAUSE_S", 0.001)


def saved_in(store: SessionStore, stages: list[str], *, stop_at: str = "") -> str:
    """Analyse and save, and return whose session the store has then."""

    def tell(progress: Progress) -> None:
        stages.append(progress.stage)
        if progress.stage == stop_at:
            raise AnalysisCancelled("stopped")

    engine: Any = None
    done = use_case.run(
        Path("clip.mp4"),
        use_case.request_of("Ann", "squat"),
        store=store,
        open_engine=lambda _: engine,
        on_progress=tell,
    )
    assert done.session_id is not None
    return store.get(done.session_id).header.person


@pytest.mark.usefixtures("quick")
def test_a_finished_analysis_waits_for_a_busy_store(empty_store: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    stages = list[str]()
    keep_busy(empty_store, monkeypatch, n=2)
    assert saved_in(empty_store, stages) == "Ann"
    assert "waiting" in stages


@pytest.mark.usefixtures("quick")
def test_waiting_for_a_busy_store_can_be_broken_off_and_has_an_end(
    empty_store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_busy(empty_store, monkeypatch, n=10**9)
    with pytest.raises(AnalysisCancelled):
        saved_in(empty_store, [], stop_at="waiting")
    monkeypatch.setattr(use_case, "_BUSY_FOR_S", 0.01)
    with pytest.raises(StoreBusyError):
        saved_in(empty_store, [])


@pytest.mark.usefixtures("quick")
def test_a_saved_session_is_no_failure_when_old_ones_cannot_be_removed(
    empty_store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise StoreError("sessions: the disk is full")

    monkeypatch.setattr(use_case, "enforce", broken)
    assert saved_in(empty_store, []) == "Ann"
