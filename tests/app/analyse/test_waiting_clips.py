"""Clips that wait for their analysis."""

from __future__ import annotations

from pathlib import Path

from gaitlab.limits import HELD_MAX, HELD_MAX_S
from gaitlab.ui.analyse.waiting_clips import WaitingClips


def clip_in(folder: Path, name: str) -> Path:
    clip = folder / f"upload-{name}" / "walk.mp4"
    clip.parent.mkdir(parents=True)
    clip.touch()
    return clip


def test_a_clip_is_known_by_its_id_until_it_is_taken(tmp_path: Path) -> None:
    clips, path = WaitingClips(), clip_in(tmp_path, "1")
    clip_id = clips.hold(path)
    held = clips.get(clip_id)
    assert held is not None
    assert held.name == "walk.mp4"
    assert clips.take(clip_id) == held
    assert clips.get(clip_id) is None
    assert path.exists()  # now the taker's


def test_a_dropped_clip_goes_with_its_folder_and_twice_is_no_error(tmp_path: Path) -> None:
    clips = WaitingClips()
    clip_id = clips.hold(clip_in(tmp_path, "1"))
    clips.drop(clip_id)
    clips.drop(clip_id)
    assert list(tmp_path.iterdir()) == []


def test_too_many_push_the_oldest_out(tmp_path: Path) -> None:
    clips = WaitingClips()
    ids = [clips.hold(clip_in(tmp_path, str(i))) for i in range(HELD_MAX + 2)]
    assert [clips.get(clip_id) is None for clip_id in ids[:3]] == [True, True, False]
    assert len(list(tmp_path.iterdir())) == HELD_MAX


def test_closing_leaves_nothing(tmp_path: Path) -> None:
    clips = WaitingClips()
    clips.hold(clip_in(tmp_path, "1"))
    clips.close()
    assert list(tmp_path.iterdir()) == []


def test_too_many_bytes_push_the_oldest_out_but_never_the_newest(tmp_path: Path) -> None:
    clips, ids = WaitingClips(max_bytes=250), list[str]()
    for name, size in (("1", 100), ("2", 100), ("3", 100), ("4", 999)):
        path = clip_in(tmp_path, name)
        path.write_bytes(bytes(size))
        ids.append(clips.hold(path))
        assert clips.get(ids[-1]) is not None
        if name == "3":
            assert [clips.get(clip_id) is None for clip_id in ids] == [True, False, False]
    assert [path.name for path in tmp_path.iterdir()] == ["upload-4"]


def test_a_clip_of_yesterday_goes_when_another_arrives(tmp_path: Path) -> None:
    now_s = 0.0
    clips = WaitingClips(clock=lambda: now_s)
    old = clips.hold(clip_in(tmp_path, "1"))
    now_s = HELD_MAX_S + 1
    clips.hold(clip_in(tmp_path, "2"))
    assert clips.get(old) is None
    assert [path.name for path in tmp_path.iterdir()] == ["upload-2"]
