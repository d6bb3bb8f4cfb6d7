"""Keeping the track on one person: a small figure (a reflection) against a large one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gaitlab.pose.subject import is_clearer, is_doubtful, keep_subject, seen_frames
from gaitlab.types import FloatArray, PoseTrack
from tests.builders import figure, track_of

LARGE, SMALL = 300.0, 100.0
GOOD, POOR = np.full(17, 0.9), np.full(17, 0.4)


def pose(x: float, *, body_px: float) -> FloatArray:
    return np.asarray(figure([[x, 700.0]], body_px=body_px)[0])


def seen_in_turn(*stretches: tuple[float, float, int]) -> PoseTrack:
    """Return a track of stretches (x, body height, number of frames)."""
    poses = [pose(x, body_px=body_px) for x, body_px, n in stretches for _ in range(n)]
    return track_of(np.stack(poses))


def test_one_person_stays_as_tracked() -> None:
    track = seen_in_turn((900, LARGE, 30))
    subject = keep_subject(track)
    np.testing.assert_array_equal(subject.track.xy_px, track.xy_px)
    assert [person.index for person in subject.people] == [1]
    assert subject.left_out_s == 0.0


def test_a_much_smaller_person_elsewhere_is_left_out() -> None:
    subject = keep_subject(seen_in_turn((300, SMALL, 10), (900, LARGE, 30)))
    assert np.isnan(subject.track.xy_px[:10]).all()
    assert (subject.track.score[:10] == 0).all()
    assert np.isfinite(subject.track.xy_px[10:]).all()


def test_how_long_somebody_else_was_followed_is_told() -> None:
    # 16 frames at 30 frames/s: 15 intervals.
    assert np.isclose(keep_subject(seen_in_turn((300, SMALL, 16), (900, LARGE, 30))).left_out_s, 0.5)


def test_people_are_listed_by_first_appearance() -> None:
    first, second = keep_subject(seen_in_turn((300, SMALL, 15), (900, LARGE, 30))).people
    assert (first.index, first.first_s) == (1, 0.0)
    assert (second.index, second.first_s, second.last_s) == (2, 0.5, 44 / 30)


def test_a_persons_box_holds_the_keypoints_of_the_first_frame() -> None:
    (person,) = keep_subject(seen_in_turn((900, LARGE, 10))).people
    left, top, right, bottom = person.box_px
    # The feet are half a body below the hips at 700, the head 0.4 above.
    assert (top, bottom) == (580, 850)
    assert left < 900 < right


def test_somebody_of_like_size_elsewhere_is_the_subject_too() -> None:
    subject = keep_subject(seen_in_turn((300, 0.7 * LARGE, 10), (900, LARGE, 30)))
    assert np.isfinite(subject.track.xy_px).all()


def test_nobody_seen_is_nobody_listed() -> None:
    track = seen_in_turn((900, LARGE, 12))
    unseen = replace(track, score=np.full((12, 17), 0.1))
    assert keep_subject(unseen).people == ()


def test_six_keypoints_make_a_person_seen() -> None:
    score = np.zeros((2, 17))
    score[0, :5] = 0.3
    score[1, :6] = 0.3
    assert seen_frames(score).tolist() == [False, True]


def test_a_pose_scored_below_one_half_is_doubtful() -> None:
    assert is_doubtful(np.full(17, 0.49))
    assert not is_doubtful(np.full(17, 0.51))


def test_a_larger_and_well_seen_person_takes_over() -> None:
    assert is_clearer(pose(900, body_px=LARGE), POOR, pose(300, body_px=SMALL), POOR)


def test_a_slightly_larger_person_does_not_take_over() -> None:
    assert not is_clearer(pose(900, body_px=1.4 * SMALL), POOR, pose(300, body_px=SMALL), POOR)


def test_a_larger_person_seen_worse_does_not_take_over() -> None:
    assert not is_clearer(pose(900, body_px=LARGE), POOR, pose(300, body_px=SMALL), GOOD)
