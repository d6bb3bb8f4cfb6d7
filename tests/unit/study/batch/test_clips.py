"""Which clips a batch has, and what is asked of each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gaitlab.errors import InputError, UsageError
from gaitlab.sessions import AnalysisRequest
from gaitlab.settings import AnalysisSettings
from gaitlab.study.batch import BatchClip, ClipDefaults, Problem, list_clips

ANNA = ClipDefaults(request=AnalysisRequest(person="Anna"))


def touched(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"film")


def listed(text: str, folder: Path, defaults: ClipDefaults = ANNA) -> tuple[BatchClip | Problem, ...]:
    manifest = folder / "clips.csv"
    manifest.write_text(text, encoding="utf-8")
    clips, problems = list_clips([str(manifest)], defaults)
    return (*clips, *problems)


def test_a_folder_gives_its_videos_by_name_also_those_in_folders(tmp_path: Path) -> None:
    touched(tmp_path / "b.MP4", tmp_path / "a" / "walk.mov", tmp_path / "notes.txt", tmp_path / ".hidden" / "x.mp4")
    clips, problems = list_clips([str(tmp_path)], ANNA)
    assert [clip.label for clip in clips] == ["a/walk.mov", "b.MP4"]
    assert problems == ()


def test_a_folder_below_a_hidden_one_gives_its_videos(tmp_path: Path) -> None:
    touched(tmp_path / ".share" / "walk.mp4")
    clips, _ = list_clips([str(tmp_path / ".share")], ANNA)
    assert [clip.label for clip in clips] == ["walk.mp4"]


def test_a_cell_may_have_several_lines(tmp_path: Path) -> None:
    [clip] = listed('file,remark\nwalk.mp4,"first\nsecond"\n', tmp_path)
    assert isinstance(clip, BatchClip)
    assert clip.columns == {"remark": "first\nsecond"}


def test_a_pattern_and_a_file_give_what_they_name_once(tmp_path: Path) -> None:
    touched(tmp_path / "one.csv.gz", tmp_path / "two.mp4")
    clips, _ = list_clips([str(tmp_path / "*"), str(tmp_path / "two.mp4")], ANNA)
    assert [clip.label for clip in clips] == ["one.csv.gz", "two.mp4"]


@pytest.mark.parametrize("given", ["nothing.mp4", "*.mov", "empty"])
def test_what_names_nothing_is_refused(given: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no such file|no video"):
        list_clips([str(tmp_path / given)], ANNA)


def test_the_person_comes_from_the_folder_or_from_the_beginning_of_the_name(tmp_path: Path) -> None:
    touched(tmp_path / "Ben" / "Eva_2026-03-02.mp4")
    for source, person in (("folder", "Ben"), ("name", "Eva")):
        clips, _ = list_clips([str(tmp_path)], ClipDefaults(person_from=source))  # type: ignore[arg-type]
        assert clips[0].request.person == person


def test_a_clip_of_nobody_is_a_problem_unless_no_session_is_made(tmp_path: Path) -> None:
    touched(tmp_path / "walk.mp4")
    _, problems = list_clips([str(tmp_path)], ClipDefaults())
    assert problems[0].exit_code == 2
    assert "--person-from" in problems[0].reason
    clips, _ = list_clips([str(tmp_path)], ClipDefaults(needs_person=False))
    assert clips[0].request.person == ""


def test_a_row_of_a_manifest_tells_what_is_asked_of_its_clip(tmp_path: Path) -> None:
    text = (
        "\ufefffile;person;activity;height_m;recorded_at;tags;subject;site\n"
        "in/walk.mp4;Ben;gait;1,75;2026-03-02T09:30+00:00;left knee; 2;Bern\n"
    ).replace("left knee;", '"left knee;pre";')
    [clip] = listed(text, tmp_path)
    assert isinstance(clip, BatchClip)
    assert (clip.place, clip.label) == (str(tmp_path / "in/walk.mp4"), "in/walk.mp4")
    request, settings = clip.request, clip.request.settings
    assert (request.person, settings.activity, settings.height_m) == ("Ben", "gait", 1.75)
    assert request.recorded_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert (request.tags, settings.pose.subject) == (("left knee", "pre"), "2")
    assert clip.columns == {"site": "Bern"}


def test_an_empty_cell_leaves_what_holds_for_all(tmp_path: Path) -> None:
    all_of_them = AnalysisRequest(person="Anna", settings=AnalysisSettings(height_m=1.6, activity="squat"))
    [clip] = listed("file,person,height_m,activity\nwalk.mp4,,,\n", tmp_path, ClipDefaults(request=all_of_them))
    assert isinstance(clip, BatchClip)
    assert (clip.request.person, clip.request.settings) == ("Anna", all_of_them.settings)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("height_m,tall", "height_m: expected a number"),
        ("height_m,17.5", "height_m"),
        ("activity,dance", "dance"),
        ("recorded_at,yesterday", "2026-03-02T09:30"),
        ("person," + "x" * 81, "1 to 80 characters"),
        ("subject,nobody", "subject"),
    ],
)
def test_a_wrong_cell_is_the_problem_of_its_row_alone(cell: str, told: str, tmp_path: Path) -> None:
    column, value = cell.split(",")
    good, bad = listed(f"file,{column}\nbad.mp4,{value}\ngood.mp4,\n", tmp_path)
    assert isinstance(good, BatchClip)
    assert good.label == "good.mp4"
    assert isinstance(bad, Problem)
    assert bad.file == "bad.mp4"
    assert told in bad.reason


def test_a_row_without_a_file_is_told_by_its_line(tmp_path: Path) -> None:
    [problem] = listed("file,person\n,Ben\n", tmp_path)
    assert problem == Problem(file="clips.csv, line 2", exit_code=2, reason="no file is named")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="same name"):
        listed("file,Person,person\na.mp4,Ben,Eva\n", tmp_path)


def test_an_address_is_a_clip_that_nobody_looks_for_on_this_computer() -> None:
    clips, _ = list_clips(["s3://clips/Eva/walk.mp4?x=1"], ClipDefaults(person_from="folder"))
    assert (clips[0].place, clips[0].request.person) == ("s3://clips/Eva/walk.mp4?x=1", "Eva")
