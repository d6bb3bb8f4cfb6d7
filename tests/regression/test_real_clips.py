"""Real clips against what is true of them (read by eye, frame by frame)."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from gaitlab.archive.samples import Sample, analyse_sample, samples
from gaitlab.pipeline import PoseEngine, analyse_track, find_poses
from gaitlab.pose.networks.load import load_pose_model
from gaitlab.records import Analysis, Picture
from gaitlab.records.skeleton import N_KEYPOINTS, Keypoint
from gaitlab.settings import AnalysisSettings
from gaitlab.video import read_picture
from tests.regression.conftest import Analyse

WALK = "gait/walking-gait-as__walk.mp4"
WALK_TURNED = "hard/walk_as_rotflag.mp4"
MIRROR = "gait/biomech-of-gait_normal_01.mp4"
SQUATS = "exercise/mrpose__squat.mp4"
THRUSTERS = "exercise/posetest__squat1.mp4"


def heel_strikes(analysis: Analysis) -> list[tuple[int, str]]:
    assert analysis.gait is not None
    return [(one.frame, one.side) for one in analysis.gait.contacts if one.kind == "heel_strike"]


def cadence(analysis: Analysis) -> float:
    (metric,) = [metric for metric in analysis.metrics if metric.name == "cadence"]
    assert metric.value is not None
    return metric.value


@pytest.mark.parametrize(
    ("clip", "cadence_spm", "strikes"),
    [
        (WALK, 85.3, [(22, "left"), (47, "right"), (68, "left"), (89, "right"), (110, "left")]),
        (MIRROR, 102.8, [(26, "right"), (43, "left"), (61, "right"), (79, "left"), (96, "right")]),
    ],
)
def test_walk_cadence_and_heel_strikes(
    analysed: Analyse, clip: str, cadence_spm: float, strikes: list[tuple[int, str]]
) -> None:
    analysis = analysed(clip)
    assert analysis.activity.kind == "gait"
    assert cadence(analysis) == pytest.approx(cadence_spm, abs=3.0)
    found = heel_strikes(analysis)
    for frame, side in strikes:
        assert any(abs(frame - at) <= 2 and side == which for at, which in found), (frame, side, found)


def test_no_heel_strike_while_the_person_stands(analysed: Analyse) -> None:
    """He stands until frame 15 and has left the picture at 124."""
    assert all(15 < frame < 124 for frame, _ in heel_strikes(analysed(WALK)))


def test_no_heel_strike_while_only_a_reflection_is_there(analysed: Analyse) -> None:
    """Until frame 17 the room is empty but for the mirror; five strikes are sure, a sixth is half hidden."""
    found = heel_strikes(analysed(MIRROR))
    assert all(frame > 17 for frame, _ in found)
    assert len(found) <= 6


def test_the_reflection_is_not_the_person(analysed: Analyse) -> None:
    analysis = analysed(MIRROR)
    assert np.isnan(analysis.track_raw.xy_px[:17]).all()
    assert np.isfinite(analysis.track_raw.xy_px[25:]).all()
    assert analysis.subject.people_seen == 2


def test_a_rotation_flag_changes_nothing(analysed: Analyse) -> None:
    plain, turned = analysed(WALK), analysed(WALK_TURNED)
    assert turned.source.rotation_deg == 90
    assert (turned.source.width_px, turned.source.height_px) == (640, 352)
    assert cadence(turned) == pytest.approx(cadence(plain), abs=1.0)
    for (frame, side), (frame_turned, side_turned) in zip(heel_strikes(plain), heel_strikes(turned), strict=True):
        assert abs(frame - frame_turned) <= 1
        assert side == side_turned


@pytest.mark.parametrize(
    ("clip", "bottoms"),
    [
        # Its recorded track is counted each time, in `tests/unit/repetitions/test_recorded_exercises.py`.
        pytest.param(SQUATS, [66, 155, 265, 372, 480, 592, 688, 772, 864], marks=pytest.mark.accuracy),
        (THRUSTERS, [143, 203, 265, 332, 398]),
    ],
)
def test_squats_are_counted_where_they_are(analysed: Analyse, clip: str, bottoms: list[int]) -> None:
    analysis = analysed(clip)
    assert analysis.activity.kind == "squat"
    assert analysis.exercise is not None
    assert analysis.exercise.count == len(bottoms)
    assert analysis.exercise.partial == 0
    turns_s = [repetition.turn_s for repetition in analysis.exercise.repetitions]
    np.testing.assert_allclose(turns_s, analysis.track.time_s[bottoms], atol=0.4)


@pytest.mark.parametrize("clip", [WALK, MIRROR])
def test_walking_holds_no_squat(analysed: Analyse, clip: str) -> None:
    analysis = analysed(clip)
    again = analyse_track(analysis.track_raw, AnalysisSettings(activity="squat"), source=analysis.source)
    assert again.exercise is not None
    assert (again.exercise.count, again.exercise.partial) == (0, 0)


@pytest.mark.accuracy
def test_the_walking_woman_is_measured_and_not_the_man_on_the_box(analysed: Analyse) -> None:
    analysis = analysed("gait/sports2d__demo.mp4")
    assert (analysis.subject.people_seen, analysis.activity.kind) == (2, "gait")
    assert cadence(analysis) == pytest.approx(96.9, rel=0.03)
    strikes = [60, 79, 98, 116, 135, 153, 172, 190]
    assert [frame for frame, _ in heel_strikes(analysis)] == pytest.approx(strikes, abs=2)


@pytest.mark.accuracy
def test_no_cadence_from_somebody_who_shifts_his_feet(analysed: Analyse) -> None:
    """The man on the box moves about and jumps down: no number."""
    man = analysed("gait/sports2d__demo.mp4", subject="1")
    analysis = analyse_track(man.track_raw, AnalysisSettings(activity="gait"), source=man.source)
    assert analysis.gait is not None
    assert analysis.gait.metrics[0].value is None


@pytest.mark.accuracy  # its recorded track is asked for the same each time, in `test_heel_strikes.py`
def test_a_child_who_turns_about_makes_no_heel_strike_meanwhile(analysed: Analyse) -> None:
    """It walks to the left until frame 140, turns, and walks back from frame 232 on."""
    found = [frame for frame, _ in heel_strikes(analysed("gait/mobile-gaitlab__input.mp4"))]
    contacts = [2, 17, 31, 47, 61, 76, 91, 106, 121, 135, 238, 252, 267, 282, 297, 311, 326, 341]
    assert [frame for frame in found if 142 < frame < 230] == []
    assert all(min(abs(frame - at) for at in contacts) <= 3 for frame in found)
    assert len(found) >= len(contacts) - 2


@pytest.mark.accuracy  # a recorded track is asked for the same each time, in `test_heel_strikes.py`
def test_real_walks_played_backward_are_walked_backward(analysed: Analyse) -> None:
    for clip, cadence_spm in (
        ("gait/mobile-gaitlab__input.mp4", 122.2),
        ("gait/sports2d__demo.mp4", 96.9),
    ):
        track = analysed(clip).track_raw
        backward = replace(
            track, time_s=track.time_s[-1] - track.time_s[::-1], xy_px=track.xy_px[::-1], score=track.score[::-1]
        )
        again = analyse_track(backward, AnalysisSettings(activity="gait"), source=analysed(clip).source)
        assert (analysed(clip).subject.direction, again.subject.direction) == ("forward", "backward")
        assert cadence(again) == pytest.approx(cadence_spm, rel=0.06)


@pytest.mark.accuracy
def test_a_runner_in_slow_motion_has_no_cadence_and_no_step_while_the_picture_is_frozen(analysed: Analyse) -> None:
    """The first 36 frames are one picture; what follows is slowed down, and not evenly."""
    analysis = analysed("hard/running-pose-vis__run.mp4")
    assert analysis.activity.kind == "gait"
    assert all(frame > 36 for frame, _ in heel_strikes(analysis))
    assert "speed and slow motion" in str(analysis.metrics[0].reason)
    assert any("stands still from 0.0" in note for note in analysis.notes)


@pytest.mark.accuracy  # what `test_the_reflection_is_not_the_person` asks at the beginning, and of one who comes back
def test_frames_with_only_the_mirror_image_have_no_pose(analysed: Analyse) -> None:
    """Truth is sure to three frames."""
    track = analysed("hard/biomech-of-gait_abnormal_06_no_arm_swing.mp4").track_raw
    seen = np.isfinite(track.xy_px[:, 0, 0])
    assert not seen[: 24 - 3].any()
    assert not seen[306 + 4 : 346 - 3].any()
    assert seen[45:300].all()


@pytest.mark.accuracy  # `tests/unit/pose/test_people.py` asks for its parts each time
def test_two_people_keep_their_tracks(analysed: Analyse) -> None:
    """They come as close as an arm's length; a change of person would be a leap of hundreds of pixels."""
    clip = "hard/pose2sim__Demo_MultiPerson_cam01.mp4"
    first = analysed(clip)
    assert first.subject.people_seen == 2
    other = "2" if first.subject.index == 1 else "1"
    second = analysed(clip, subject=other)
    for analysis in (first, second):
        hips = analysis.track_raw.xy_px[:, [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]].mean(axis=1)
        seen = np.isfinite(hips[:, 0])
        assert seen.sum() >= 99  # the second picture repeats the first one
        assert np.linalg.norm(np.diff(hips[seen], axis=0), axis=1).max() < 60


@pytest.mark.accuracy
def test_squats_hold_no_step(analysed: Analyse) -> None:
    analysis = analysed(THRUSTERS)
    again = analyse_track(analysis.track_raw, AnalysisSettings(activity="gait"), source=analysis.source)
    assert again.gait is not None
    assert again.gait.contacts == ()
    assert again.gait.metrics[0].value is None


def reference(shared_data: Path) -> np.ndarray:
    """Return the published Thunder keypoints of the squat picture, x / width and y / height."""
    with (shared_data / "images/coral__movenet_thunder_ptq_reference.csv").open() as file:
        return np.array([[float(row["keypoint_x"]), float(row["keypoint_y"])] for row in csv.DictReader(file)])


def test_the_network_on_the_stretched_picture_gives_the_published_keypoints(shared_data: Path, thunder: Path) -> None:
    rgb = read_picture(shared_data / "images/coral__squat.bmp")
    stretched = np.asarray(cv2.resize(rgb, (256, 256)), dtype=np.uint8)
    xy_unit = load_pose_model(thunder, threads=2)(stretched).xy_unit[0]
    assert np.abs(xy_unit - reference(shared_data)).max() <= 0.015


def test_through_the_crop_the_keypoints_stay_where_they_are(shared_data: Path, engine: PoseEngine) -> None:
    picture = Picture.of_rgb(read_picture(shared_data / "images/coral__squat.bmp"))
    (pose,) = find_poses(picture, engine)
    error = np.linalg.norm(pose.xy_px / np.array(picture.wh) - reference(shared_data), axis=1)
    assert error.shape == (N_KEYPOINTS,)
    assert error.mean() <= 0.01
    assert error.max() <= 0.03


#: Headline of each shipped sample; these change only with a "Scientific changes" entry in CHANGELOG.md.
SAMPLE_HEADLINES = {
    "walk-right-start.csv.gz": ("cadence", 86.8),
    "walk-right.csv.gz": ("cadence", 100.2),
    "walk-both-ways.csv.gz": ("cadence", 121.7),
    "squat-front.csv.gz": ("repetition_count", 2),
    "squat-side.csv.gz": ("repetition_count", 5),
    "squat-three-views.csv.gz": ("repetition_count", 9),
}


@pytest.mark.parametrize("sample", [one for one in samples() if not one.is_visit], ids=lambda sample: sample.file)
def test_a_sample_gives_the_number_of_the_last_version(sample: Sample) -> None:
    metric = analyse_sample(sample).metrics[0]
    name, value = SAMPLE_HEADLINES[sample.file]
    assert metric.name == name
    assert metric.value == pytest.approx(value, abs=0.05)
