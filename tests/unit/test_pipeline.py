"""From a track to its analysis: what is recognised, what is told, what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gaitlab import __version__
from gaitlab.archive.samples import Sample, analyse_sample, load_samples, samples
from gaitlab.errors import NoPersonError, UsageError
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, Metric, PoseTrack, SourceInfo
from gaitlab.records.findings import as_written
from gaitlab.records.skeleton import LEG_KEYPOINTS, MIRROR
from gaitlab.repetitions.activities import activities
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import SessionStore
from tests.builders import squatter, standing, there_and_back, walker


def analysed(track: PoseTrack, **settings: Any) -> Analysis:
    source = SourceInfo(file="clip.mp4", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(**settings), source=source)


def metric(analysis: Analysis, name: str) -> Metric:
    (found,) = [one for one in analysis.metrics if one.name == name]
    return found


def with_left_and_right_leg_exchanged(track: PoseTrack, rows: slice) -> PoseTrack:
    xy_px = track.xy_px.copy()
    legs = list(LEG_KEYPOINTS)
    xy_px[rows, legs] = track.xy_px[rows, [MIRROR[keypoint] for keypoint in legs]]
    return replace(track, xy_px=xy_px)


@pytest.mark.parametrize(
    ("track", "kind"),
    [(walker().track, "gait"), (squatter(), "squat"), (squatter(view="front"), "squat"), (standing(), "none")],
    ids=["walk", "squat from the side", "squat from the front", "standing"],
)
def test_the_activity_is_recognised(track: PoseTrack, kind: str) -> None:
    activity = analysed(track).activity
    assert (activity.kind, activity.chosen_by) == (kind, "auto")


def test_a_walk_too_short_for_a_cadence_is_still_told_as_one_with_the_reason() -> None:
    analysis = analysed(walker(n_strikes=4, stand_before_s=1.0, stand_after_s=1.0).track)
    assert analysis.activity.kind == "gait"
    assert analysis.activity.confidence < 0.5
    assert metric(analysis, "cadence").value is None
    assert "six steps" in str(metric(analysis, "cadence").reason)


def test_one_clear_squat_alone_has_its_name_but_is_not_sure() -> None:
    analysis = analysed(squatter(reps=1))
    assert analysis.activity.kind == "squat"
    assert 0.5 <= analysis.activity.confidence < 0.8
    assert analysis.exercise is not None
    assert analysis.exercise.count == 1


def test_the_activity_asked_for_is_analysed_even_if_it_is_not_seen() -> None:
    analysis = analysed(walker().track, activity="squat")
    assert (analysis.activity.kind, analysis.activity.chosen_by) == ("squat", "user")
    assert analysis.gait is None
    assert analysis.exercise is not None
    assert analysis.exercise.count == 0


def test_gait_asked_for_of_someone_who_stands_is_withheld() -> None:
    analysis = analysed(standing(), activity="gait")
    assert analysis.gait is not None
    assert {one.value for one in analysis.metrics} == {None}


def test_an_activity_that_does_not_exist_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match=f"'swim' is not available; choose one of {', '.join(activities())}"):
        analysed(walker().track, activity="swim")


def test_ten_frames_with_a_person_are_needed() -> None:
    track = standing(duration_s=1.0)

    def seen_for(n: int) -> PoseTrack:
        return replace(track, score=np.where(np.arange(30)[:, np.newaxis] < n, 0.9, np.full((30, 17), 0.1)))

    with pytest.raises(NoPersonError, match=r"clip\.mp4: no person was found"):
        analysed(seen_for(9))
    assert analysed(seen_for(10)).subject.frames_tracked == 10


def test_slow_motion_makes_the_cadence_faster() -> None:
    walk = walker(cadence_spm=110.0, fps=60.0).track
    slow = replace(walk, time_s=2 * walk.time_s)
    assert metric(analysed(slow, slow_motion=2.0), "cadence").value == pytest.approx(110.0, rel=0.005)


def test_the_raw_track_keeps_the_files_own_time() -> None:
    walk = walker().track
    analysis = analysed(walk, slow_motion=2.0)
    np.testing.assert_array_equal(analysis.track_raw.time_s, walk.time_s)
    np.testing.assert_allclose(analysis.track.time_s, walk.time_s / 2)


def test_exchanged_legs_are_told_and_do_not_change_the_cadence() -> None:
    walk = walker().track
    analysis = analysed(with_left_and_right_leg_exchanged(walk, slice(60, 76)))
    # Frames 60 to 75 at 30 frames/s.
    assert any("taken for the right one at 2.0-2.5 s" in note for note in analysis.notes)
    assert metric(analysis, "cadence").value == pytest.approx(110.0, rel=0.005)


def test_a_walk_without_exchange_mentions_none() -> None:
    assert not [note for note in analysed(walker().track).notes if "taken for" in note]


def test_angles_from_one_camera_come_with_their_uncertainty() -> None:
    assert any("5-8 degrees" in note for note in analysed(walker().track).notes)


def test_a_low_frame_rate_is_told() -> None:
    assert any("At 15 frames/s" in note for note in analysed(walker(fps=15.0, cadence_spm=80.0).track).notes)


def test_notes_from_reading_the_file_come_first() -> None:
    source = SourceInfo(file="clip.mp4", frames=1, duration_s=None, fps_mean=None)
    analysis = analyse_track(
        walker().track, AnalysisSettings(), source=source, findings=(as_written("The file ends early."),)
    )
    assert analysis.notes[0] == "The file ends early."


def test_there_and_back_leans_the_same_way_in_both_directions() -> None:
    analysis = analysed(there_and_back().track)
    thigh = analysis.angles.angle("left_thigh")
    half = len(thigh) // 2
    assert analysis.subject.facing == "unknown"
    # Forward is positive: with the picture's sign the way back would mirror the way there.
    assert np.nanmax(thigh[:half]) == pytest.approx(np.nanmax(thigh[half:]), abs=2.0)


def test_from_the_front_the_signed_angles_are_unknown() -> None:
    analysis = analysed(squatter(view="front"))
    assert (analysis.subject.view, analysis.subject.facing) == ("front", "unknown")
    assert np.isnan(analysis.angles.angle("trunk_lean")).all()
    assert np.isfinite(analysis.angles.angle("left_knee")).all()


def test_provenance_says_what_made_the_numbers() -> None:
    source = SourceInfo(file="clip.mp4", frames=1, duration_s=None, fps_mean=None)
    settings = AnalysisSettings(height_m=1.8)
    analysis = analyse_track(walker().track, settings, source=source, model="a-model", model_sha256="f" * 64)
    assert (analysis.provenance.gaitlab, analysis.provenance.model) == (__version__, "a-model")
    assert analysis.provenance.settings == settings.to_json()


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.title)
def test_a_sample_shows_what_it_is_named_for(sample: Sample) -> None:
    analysis = analyse_sample(sample)
    assert analysis.activity.kind == sample.activity
    assert analysis.metrics[0].value is not None
    assert (analysis.provenance.model, analysis.source.file) == (sample.model, sample.title)


def test_samples_are_added_once(empty_store: SessionStore) -> None:
    assert load_samples(empty_store) == len(samples())
    assert load_samples(empty_store) == 0


@pytest.mark.parametrize(("filmed_hz", "factor"), [(120.0, 4), (240.0, 8)])
def test_a_walk_in_slow_motion_is_told_with_its_factor(filmed_hz: float, factor: int) -> None:
    walk = walker(fps=filmed_hz, n_strikes=10).track
    played = replace(walk, time_s=walk.time_s * factor)
    told = [note for note in analysed(played).notes if "slow-motion factor" in note]
    assert len(told) == 1
    assert f"set the slow-motion factor to {factor}" in told[0]


def test_squats_and_standing_are_not_taken_for_slow_motion() -> None:
    for track in (squatter(reps=2), standing()):
        assert not any("slow-motion" in note for note in analysed(track).notes)
