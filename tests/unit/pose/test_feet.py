"""Feet of a second network: the leg they belong to is that of the first, or they are unknown."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from gaitlab.pose.detection import NO_FEET, Detection
from gaitlab.pose.estimate import estimate_people
from gaitlab.pose.feet import feet_in, feet_of_legs
from gaitlab.pose.follow import Person, PersonTrack
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.pose.networks.landmarks import ANKLES, FOOT_POINTS, KNEES, Landmarks
from gaitlab.pose.networks.model import Poses
from gaitlab.pose.people import join_stretches, whole_track
from gaitlab.records import FloatArray, Picture, UInt8Array
from gaitlab.records.skeleton import Keypoint
from tests.builders_scene import FPS, RED, WH, BlockNet, Box, draw, places, pool, scene

LEFT_HEEL, RIGHT_HEEL, LEFT_TOE, RIGHT_TOE = range(4)
BOX = (280.0, 80.0, 60.0, 180.0)


def legs() -> FloatArray:
    """Return keypoints of somebody whose shanks are 100 px long and stand 60 px apart."""
    xy_px = np.zeros((17, 2))
    xy_px[[Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE]] = [[200, 300], [260, 300]]
    xy_px[[Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] = [[200, 400], [260, 400]]
    return xy_px


def landmarks(*, ankles: tuple[float, float] = (400.0, 400.0)) -> FloatArray:
    """Return landmarks on these legs, heels and toes beside the ankles; `ankles` are the heights of left and right."""
    xy_px = np.zeros((33, 2))
    xy_px[list(KNEES)] = [[200, 300], [260, 300]]
    xy_px[list(ANKLES)] = [[200, ankles[0]], [260, ankles[1]]]
    xy_px[list(FOOT_POINTS)] = [[190, 415], [250, 415], [230, 420], [290, 420]]
    return xy_px


def exchanged(xy_px: FloatArray) -> FloatArray:
    """Return landmarks with left and right named the other way round."""
    other = xy_px.copy()
    for left, right in (KNEES, ANKLES, FOOT_POINTS[:2], FOOT_POINTS[2:]):
        other[[left, right]] = xy_px[[right, left]]
    return other


SURE = np.full(33, 0.9)


def test_feet_come_as_heels_and_toes_left_before_right_the_ends_beyond_heel_bone_and_knuckle() -> None:
    feet = feet_of_legs(legs(), landmarks(), SURE)
    np.testing.assert_allclose(feet[:, :2], [[184, 414.25], [244, 414.25], [236, 420.75], [296, 420.75]])
    assert (feet[:, 2] == 0.9).all()


def test_left_and_right_are_those_of_the_keypoints_whatever_the_landmarks_say() -> None:
    np.testing.assert_array_equal(
        feet_of_legs(legs(), exchanged(landmarks()), SURE), feet_of_legs(legs(), landmarks(), SURE)
    )


@pytest.mark.parametrize(("ankle_px", "is_known"), [(424.9, True), (425.1, False)])
def test_a_foot_whose_ankle_lies_more_than_a_quarter_shank_away_is_unknown(ankle_px: float, is_known: bool) -> None:
    feet = feet_of_legs(legs(), landmarks(ankles=(400.0, ankle_px)), SURE)
    assert np.isfinite(feet[[RIGHT_HEEL, RIGHT_TOE]]).all() == is_known
    assert (feet[RIGHT_HEEL, 2] > 0) == is_known
    assert np.isfinite(feet[[LEFT_HEEL, LEFT_TOE]]).all()


class BlockFeet:
    """Stands for the landmark network: the legs of a block person, with feet below the ankles."""

    input_wh = (256, 256)

    def __init__(self, *, person_score: float = 1.0) -> None:
        self._person_score = person_score

    def __call__(self, rgb: UInt8Array) -> Landmarks:
        rows, columns = np.flatnonzero(rgb.any(axis=(1, 2))), np.flatnonzero(rgb.any(axis=(0, 2)))
        box = (columns[0], rows[0], columns[-1] + 1 - columns[0], rows[-1] + 1 - rows[0])
        body = places(box) / 256
        xy_unit = np.zeros((33, 2))
        xy_unit[list(KNEES)] = body[[Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE]]
        xy_unit[list(ANKLES)] = body[[Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
        xy_unit[list(FOOT_POINTS)] = np.tile(xy_unit[list(ANKLES)] + np.array([0.0, 0.01]), (2, 1))
        return Landmarks(xy_unit=xy_unit, score=SURE, person_score=self._person_score)


class WalkerNet(BlockNet):
    """Finds one block; the legs of a slender one have changed places."""

    def __call__(self, rgb: UInt8Array) -> Poses:
        found = super().__call__(rgb)
        xy_unit = found.xy_unit.copy()
        legs = xy_unit[0, Keypoint.LEFT_KNEE :]
        if np.ptp(legs[:, 0]) < np.ptp(xy_unit[0, :, 1]) / 3:
            legs[:] = legs[[1, 0, 3, 2]]
        return replace(found, xy_unit=xy_unit)


def looked(n_threads: int = 2, *, feet: bool = True) -> PersonTrack:
    networks = [WalkerNet(several=False) for _ in range(n_threads)]
    with closing(NetworkPool(networks, BlockNet(several=True), BlockFeet())) as blocks:
        (person,) = estimate_people(scene({RED: walking}, n=40), blocks, feet=feet).stretches
    return person


def walking(i: int) -> Box:
    """Return the box of somebody who walks to the right: the ankles pass one another twice a second."""
    return (100.0 + 4 * i, 80.0, 60.0 + 20.0 * float(np.sin(2 * np.pi * i / FPS)), 180.0)


def test_feet_of_somebody_who_walks_are_looked_at_in_every_frame() -> None:
    person = looked()
    assert person.feet is not None
    ankles = person.xy_px[:, [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]]
    assert np.abs(person.feet[:, :2, :2] - ankles).max() < 12.0
    track = whole_track(person, time_s=np.arange(50) / FPS, image_wh=WH)
    assert track.feet is not None
    np.testing.assert_array_equal(track.feet.xy_px[:40], person.feet[..., :2])
    assert np.isnan(track.feet.xy_px[40:]).all()


def seen_with_ankles(apart_px: Sequence[float]) -> Person:
    """Return somebody who is followed, 30 frames a second, 200 px from head to foot, with ankles so far apart."""
    person: Person | None = None
    for frame, px in enumerate(apart_px):
        xy_px = np.zeros((17, 2))
        xy_px[[Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] = [[px, 199.0], [0.0, 199.0]]
        one = Detection(xy_px=xy_px, score=np.full(17, 0.9), colour=np.full(3, np.nan))
        person = person or Person(one, time_s=0.0, image_wh=WH)
        person.take(one, frame=frame, time_s=frame / FPS)
    assert person is not None
    return person


@pytest.mark.parametrize(("px", "steps"), [(28.0, False), (32.0, True)])
def test_who_steps_moves_the_ankles_apart_by_a_seventh_of_the_body(px: float, steps: bool) -> None:
    assert seen_with_ankles([-px / 2] * 10 + [px / 2] * 5).steps() == steps


@pytest.mark.parametrize(("frames", "steps"), [(43, True), (47, False)])
def test_who_has_stood_for_one_and_a_half_seconds_steps_no_more(frames: int, steps: bool) -> None:
    assert seen_with_ankles([-20.0] * 10 + [20.0] * frames).steps() == steps


def test_who_spreads_the_legs_and_closes_them_does_not_step() -> None:
    assert not seen_with_ankles([10.0, 60.0] * 10).steps()


def test_a_stretch_in_which_nobody_looked_joins_one_with_feet() -> None:
    with_feet = looked()
    assert with_feet.feet is not None
    later = replace(with_feet, frame=with_feet.frame + 50, time_s=with_feet.time_s + 50 / FPS, feet=None)
    (whole,) = join_stretches([with_feet, later])
    assert whole.feet is not None
    np.testing.assert_array_equal(whole.feet[:40], with_feet.feet)
    assert np.isnan(whole.feet[40:, :, :2]).all()


def test_the_number_of_threads_changes_no_foot() -> None:
    np.testing.assert_array_equal(looked(1).feet, looked(3).feet)


def test_nobody_looks_at_feet_unasked_or_without_a_network() -> None:
    assert looked(feet=False).feet is None
    with closing(pool()) as blocks:
        (person,) = estimate_people(scene({RED: walking}, n=40), blocks, feet=True).stretches
    assert person.feet is None


@pytest.mark.parametrize(("person_score", "is_known"), [(0.51, True), (0.49, False)])
def test_where_the_second_network_sees_nobody_no_foot_is_known(person_score: float, is_known: bool) -> None:
    picture = Picture.of_rgb(draw([(RED, BOX)]))
    feet = feet_in(picture, places(BOX), np.full(17, 0.9), BlockFeet(person_score=person_score))
    assert np.isfinite(feet).all() == is_known


def test_without_a_trunk_no_foot_is_known() -> None:
    score = np.full(17, 0.9)
    score[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]] = 0.1
    np.testing.assert_array_equal(feet_in(Picture.of_rgb(draw([(RED, BOX)])), places(BOX), score, BlockFeet()), NO_FEET)
