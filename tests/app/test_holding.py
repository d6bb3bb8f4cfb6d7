"""Clips that wait for their analysis."""

from __future__ import annotations

from pathlib import Path

from gaitlab.ui.holding import HELD_MAX, HeldClips


def clip_in(folder: Path, name: str) -> Path:
    clip = folder / f"upload-{name}" / "walk.mp4"
    clip.parent.mkdir(parents=True)
    clip.touch()
    return clip


def test_a_clip_is_known_by_its_id_until_it_is_taken(tmp_path: Path) -> None:
    clips, path = HeldClips(), clip_in(tmp_path, "1")
    clip_id = clips.hold(path)
    held = clips.get(clip_id)
    assert held is not None
    assert held.name == "walk.mp4"
    assert clips.take(clip_id) == held
    assert clips.get(clip_id) is None
    assert path.exists()  # now the taker's


def test_a_dropped_clip_goes_with_its_folder_and_twice_is_no_error(tmp_path: Path) -> None:
    clips = HeldClips()
    clip_id = clips.hold(clip_in(tmp_path, "1"))
    clips.drop(clip_id)
    clips.drop(clip_id)
    assert list(tmp_path.iterdir()) == []


def test_too_many_push_the_oldest_out(tmp_path: Path) -> None:
    clips = HeldClips()
    ids = [clips.hold(clip_in(tmp_path, str(i))) for i in range(HELD_MAX + 2)]
    assert [clips.get(clip_id) is None for clip_id in ids[:3]] == [True, True, False]
    assert len(list(tmp_path.iterdir())) == HELD_MAX


def test_closing_leaves_nothing(tmp_path: Path) -> None:
    clips = HeldClips()
    clips.hold(clip_in(tmp_path, "1"))
    clips.close()
    assert list(tmp_path.iterdir()) == []
