"""Laws that hold for every walk and every pose, tried on many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gaitlab.gait import analyse_gait, harmonic_cadence_spm, stride_period_s
from gaitlab.motion.camera_view import classify_view, find_facing, forward_direction
from gaitlab.motion.geometry import angle_at_deg, segment_length_px, signed_angle_deg, vertical_angle_deg
from gaitlab.motion.kinematics import ANGLE_NAMES, joint_angles
from gaitlab.motion.leg_swaps import repair_leg_swaps
from gaitlab.motion.smoothing import fill_gaps, hampel_outliers, lowpass, smooth_track
from gaitlab.pipeline import analyse_track
from gaitlab.pose.crop import CropSquare, next_crop
from gaitlab.pose.network_pool import cut_box
from gaitlab.records import Analysis, AngleSeries, FloatArray, Metric, Picture, PoseTrack, SmoothedTrack, SourceInfo
from gaitlab.repetitions import Movement, count_repetitions, find_excursions
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.reports.report_json import to_json
from gaitlab.settings import AnalysisSettings, GaitSettings, RepetitionSettings, SmoothingSettings
from tests.builders import mirrored, squatter, there_and_back, track_of, walker
from tests.examples import examples

# A busy machine is no failure of a law; the examples are the same in every run.
law = settings(max_examples=examples(100), deadline=None, derandomize=True)
slow_law = settings(max_examples=examples(20), deadline=None, derandomize=True)

AGAINST_THE_VERTICAL = {"left_thigh", "right_thigh", "trunk_lean"}
OTHER = {"left": "right", "right": "left", "unknown": "unknown"}
directions: st.SearchStrategy[Literal[1, -1]] = st.sampled_from([1, -1])
seeds = st.integers(0, 10_000)
turns_deg = st.floats(-180.0, 180.0)
shifts_px = st.floats(-1000.0, 1000.0)


def some_poses(seed: int) -> PoseTrack:
    """Return five frames of keypoints anywhere in the picture."""
    return track_of(np.random.default_rng(seed).uniform(0.0, 1000.0, (5, 17, 2)))


def moved(track: PoseTrack, *, turn_deg: float = 0.0, scale: float = 1.0, shift_px: FloatArray) -> PoseTrack:
    """Return the picture turned clockwise, then scaled, then shifted."""
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    turned = track.xy_px @ np.array([[c, -s], [s, c]]).T
    return replace(track, xy_px=scale * turned + shift_px)


def angles_of(track: PoseTrack, forward: float) -> AngleSeries:
    return joint_angles(track, forward=np.full(len(track), forward), facing="unknown")


def difference_deg(one: FloatArray, two: FloatArray) -> FloatArray:
    """Return one - two, -180..180."""
    return np.asarray((one - two + 180.0) % 360.0 - 180.0)


def analysed(track: PoseTrack, **options: Any) -> Analysis:
    source = SourceInfo(file="clip.mp4", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(**options), source=source)


def metric(analysis: Analysis, name: str) -> Metric:
    (found,) = [one for one in analysis.metrics if one.name == name]
    return found


@law
@given(seed=seeds, turn_deg=turns_deg, scale=st.floats(0.1, 10.0), shift_px=st.tuples(shifts_px, shifts_px))
@pytest.mark.parametrize("forward", [1, -1])
def test_angles_between_segments_stay_under_turn_scale_and_shift(
    forward: int, seed: int, turn_deg: float, scale: float, shift_px: tuple[float, float]
) -> None:
    track = some_poses(seed)
    before = angles_of(track, forward)
    after = angles_of(moved(track, turn_deg=turn_deg, scale=scale, shift_px=np.array(shift_px)), forward)
    for name in set(ANGLE_NAMES) - AGAINST_THE_VERTICAL:
        change = difference_deg(after.angle(name), before.angle(name))
        np.testing.assert_allclose(change, 0.0, atol=1e-6, err_msg=name)


@law
@given(seed=seeds, forward=directions, turn_deg=turns_deg)
def test_angles_to_the_vertical_change_by_exactly_the_turn(seed: int, forward: int, turn_deg: float) -> None:
    track = some_poses(seed)
    before = angles_of(track, forward)
    after = angles_of(moved(track, turn_deg=turn_deg, shift_px=np.zeros(2)), forward)
    # Clockwise: who looks right leans forward by the turn; a hanging thigh swings back.
    for name, sign in (("trunk_lean", 1), ("left_thigh", -1), ("right_thigh", -1)):
        change = difference_deg(after.angle(name), before.angle(name))
        np.testing.assert_allclose(difference_deg(change, np.asarray(sign * forward * turn_deg)), 0.0, atol=1e-6)


@law
@given(seed=seeds, forward=directions)
def test_the_mirror_image_of_a_pose_exchanges_left_and_right_angles(seed: int, forward: int) -> None:
    track = some_poses(seed)
    one, other = angles_of(track, forward), angles_of(mirrored(track), -forward)
    for name in ANGLE_NAMES:
        side, _, joint = name.partition("_")
        twin = f"{OTHER[side]}_{joint}" if side in OTHER else name
        change = difference_deg(other.angle(twin), one.angle(name))
        np.testing.assert_allclose(change, 0.0, atol=1e-6, err_msg=name)


@slow_law
@given(
    cadence_spm=st.floats(60.0, 170.0), direction=directions, first=st.sampled_from(["left", "right"]),
    noise_px=st.floats(0.0, 1.0), seed=seeds,
)  # fmt: skip
def test_the_mirror_image_of_a_walk_exchanges_the_feet_and_nothing_else(
    cadence_spm: float, direction: Literal[1, -1], first: Literal["left", "right"], noise_px: float, seed: int
) -> None:
    walk = walker(cadence_spm=cadence_spm, direction=direction, first=first, noise_px=noise_px, seed=seed).track
    one, other = analysed(walk), analysed(mirrored(walk))
    assert other.subject.facing == OTHER[one.subject.facing] != "unknown"
    assert one.gait is not None
    assert other.gait is not None
    assert [contact.side for contact in other.gait.contacts] == [OTHER[contact.side] for contact in one.gait.contacts]
    times = [[contact.time_s for contact in gait.contacts] for gait in (one.gait, other.gait)]
    np.testing.assert_allclose(times[1], times[0], atol=1e-6)
    assert metric(other, "cadence").value == pytest.approx(metric(one, "cadence").value)


@slow_law
@given(
    reps=st.integers(0, 4), view=st.sampled_from(["side", "front"]), depth_deg=st.floats(95.0, 130.0),
    noise_px=st.floats(0.0, 1.0), seed=seeds,
)  # fmt: skip
def test_the_mirror_image_of_squats_has_the_same_count(
    reps: int, view: Literal["side", "front"], depth_deg: float, noise_px: float, seed: int
) -> None:
    track = squatter(reps=reps, view=view, depth_deg=depth_deg, noise_px=noise_px, seed=seed)
    one, other = (analysed(picture, activity="squat").exercise for picture in (track, mirrored(track)))
    assert one is not None
    assert other is not None
    assert (one.count, other.count) == (reps, reps)
    turns = [[repetition.turn_s for repetition in exercise.repetitions] for exercise in (one, other)]
    assert turns[0] == turns[1]


@slow_law
@given(cadence_spm=st.floats(84.0, 130.0), noise_px=st.floats(0.0, 0.5), seed=seeds)
def test_stretching_all_times_by_a_fifth_slows_the_cadence_by_as_much(
    cadence_spm: float, noise_px: float, seed: int
) -> None:
    walk = walker(cadence_spm=cadence_spm, fps=60.0, noise_px=noise_px, seed=seed, n_strikes=12).track
    fast, slow = analysed(walk), analysed(replace(walk, time_s=1.2 * walk.time_s))
    full, slower = metric(fast, "cadence").value, metric(slow, "cadence").value
    assert full is not None
    assert slower == pytest.approx(full / 1.2, rel=0.01)


@slow_law
@given(reps=st.integers(0, 4), tempo_s=st.floats(1.0, 3.0), view=st.sampled_from(["side", "front"]), seed=seeds)
def test_doubling_all_times_keeps_the_count(
    reps: int, tempo_s: float, view: Literal["side", "front"], seed: int
) -> None:
    track = squatter(reps=reps, tempo_s=tempo_s, view=view, noise_px=0.5, seed=seed)
    doubled = replace(track, time_s=2 * track.time_s)
    counts = [analysed(clip, activity="squat").exercise for clip in (track, doubled)]
    assert [one.count for one in counts if one is not None] == [reps, reps]


@law
@given(seed=seeds, width=st.integers(100, 2000), height=st.integers(100, 2000))
def test_a_crop_is_never_larger_than_the_picture(seed: int, width: int, height: int) -> None:
    rng = np.random.default_rng(seed)
    xy_px = rng.uniform(0, 1, (17, 2)) * [width, height]
    square = next_crop(xy_px, rng.uniform(0, 1, 17), (width, height))
    assert 0 < square.side_px <= max(width, height)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What the stages of one analysis are given."""

    track: PoseTrack
    smoothed: SmoothedTrack
    forward: FloatArray
    angles: AngleSeries

    def copies(self) -> list[NDArray[Any]]:
        tracks = [
            getattr(track, name) for track in (self.track, self.smoothed.track) for name in ("time_s", "xy_px", "score")
        ]
        return [array.copy() for array in (*tracks, self.smoothed.interpolated, self.forward, self.angles.deg)]


def inputs_from(track: PoseTrack) -> Inputs:
    smoothed = smooth_track(track, SmoothingSettings())
    forward = forward_direction(smoothed.track)
    return Inputs(
        track=track,
        smoothed=smoothed,
        forward=forward,
        angles=joint_angles(smoothed.track, forward=forward, facing="unknown"),
    )


STAGES: dict[str, Callable[[Inputs], object]] = {
    "swaps": lambda given: repair_leg_swaps(given.track),
    "smoothing": lambda given: smooth_track(given.track, SmoothingSettings()),
    "view": lambda given: classify_view(given.smoothed.track),
    "facing": lambda given: find_facing(given.smoothed.track),
    "forward": lambda given: forward_direction(given.smoothed.track),
    "angles": lambda given: joint_angles(given.smoothed.track, forward=given.forward, facing="unknown"),
    "gait": lambda given: analyse_gait(
        given.smoothed, given.angles, forward=given.forward, view="side", settings=GaitSettings()
    ),
    "repetitions": lambda given: count_repetitions(
        Movement(given.smoothed.track, RepetitionSettings()), given.smoothed, given.angles, EXERCISES["squat"]
    ),
    "whole analysis": lambda given: to_json(analysed(given.track)),
}
INPUTS = {
    "walk": inputs_from(walker(noise_px=1.0).track),
    "there and back": inputs_from(there_and_back().track),
    "squats": inputs_from(squatter(noise_px=1.0)),
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("clip", INPUTS)
def test_no_stage_changes_its_input(clip: str, stage: str) -> None:
    before = INPUTS[clip].copies()
    STAGES[stage](INPUTS[clip])
    for array, expected in zip(INPUTS[clip].copies(), before, strict=True):
        np.testing.assert_array_equal(array, expected)


def a_signal(seed: int) -> FloatArray:
    """Return sixty samples, of which some are unknown."""
    rng = np.random.default_rng(seed)
    signal = np.cumsum(rng.standard_normal(60))
    signal[rng.uniform(size=60) < 0.1] = np.nan
    return signal


TIME_S = np.arange(60) / 30
ON_A_SIGNAL: dict[str, Callable[[FloatArray], object]] = {
    "hampel": lambda given: hampel_outliers(given, window=7, n_mad=3.0),
    "gaps": lambda given: fill_gaps(TIME_S, given, gap_max_s=0.12),
    "lowpass": lambda given: lowpass(TIME_S, given, cutoff_hz=6.0),
    "excursions": lambda given: find_excursions(TIME_S, given, range_min=0.1, settings=RepetitionSettings()),
    "stride period": lambda given: stride_period_s(TIME_S, given, GaitSettings()),
    "rhythm": lambda given: harmonic_cadence_spm(TIME_S, given[:, np.newaxis], GaitSettings()),
}


@pytest.mark.parametrize("step", ON_A_SIGNAL)
def test_no_step_changes_the_signal_it_is_given(step: str) -> None:
    signal = np.nan_to_num(a_signal(3)) if step == "lowpass" else a_signal(3)
    before = signal.copy()
    ON_A_SIGNAL[step](signal)
    np.testing.assert_array_equal(signal, before)


ON_POINTS: dict[str, Callable[[FloatArray, FloatArray, FloatArray], object]] = {
    "angle": angle_at_deg,
    "signed angle": lambda one, two, _: signed_angle_deg(one, two),
    "vertical angle": lambda one, two, _: vertical_angle_deg(one, two),
    "length": lambda one, two, _: segment_length_px(one, two),
}


@pytest.mark.parametrize("step", ON_POINTS)
def test_no_measure_changes_its_points(step: str) -> None:
    points = list(np.random.default_rng(5).uniform(0, 100, (3, 10, 2)))
    before = [array.copy() for array in points]
    ON_POINTS[step](*points)
    np.testing.assert_array_equal(points, before)


def test_cutting_a_crop_does_not_change_the_picture() -> None:
    rgb = np.random.default_rng(5).integers(0, 256, (100, 200, 3), dtype=np.uint8)
    before = rgb.copy()
    for side in (50.0, 300.0):
        box = CropSquare(left_px=-10.0, top_px=5.0, side_px=side).box((32, 32))
        cut_box(Picture.of_rgb(rgb), box, wh=(32, 32))
    np.testing.assert_array_equal(rgb, before)
