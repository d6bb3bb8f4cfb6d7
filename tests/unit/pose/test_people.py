"""Who was there, and who of them is the subject."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.errors import UsageError
from gaitlab.pose.follow import PersonTrack
from gaitlab.pose.people import choose_subject, is_same_person, join_stretches, list_people, whole_track
from gaitlab.records import PoseTrack
from gaitlab.settings import PoseSettings
from tests.builders_scene import Box, Way, places

WH = (640, 360)
RED, GREEN = (200.0, 20.0, 20.0), (20.0, 200.0, 20.0)


def seen(first: int, last: int, way: Way | Box, *, colour: tuple[float, ...] = RED, score: float = 0.9) -> PersonTrack:
    """Return somebody seen at 30 frames a second."""
    frame = np.arange(first, last + 1)
    boxes = [way if isinstance(way, tuple) else way(int(i)) for i in frame]
    return PersonTrack(
        frame=frame,
        time_s=frame / 30,
        xy_px=np.array([places(box) for box in boxes if box is not None]),
        score=np.full((len(frame), 17), score),
        colour=np.array(colour),
    )


LEFT, MIDDLE, RIGHT = (60, 100, 50, 160), (295, 100, 50, 160), (500, 100, 50, 160)


def spans(people: tuple[PersonTrack, ...]) -> list[list[int]]:
    return [[int(one.frame[0]), int(one.frame[-1])] for one in people]


def test_somebody_who_comes_back_is_one_person() -> None:
    (person,) = join_stretches([seen(0, 40, LEFT), seen(70, 99, RIGHT)])
    assert len(person) == 41 + 30


def test_two_at_the_same_time_are_two() -> None:
    assert spans(join_stretches([seen(0, 60, LEFT), seen(30, 99, RIGHT)])) == [[0, 60], [30, 99]]


def test_somebody_of_another_size_is_another_person() -> None:
    assert len(join_stretches([seen(0, 40, LEFT), seen(70, 99, (500, 100, 20, 70))])) == 2


def test_somebody_in_another_colour_is_another_person() -> None:
    assert len(join_stretches([seen(0, 40, LEFT), seen(70, 99, RIGHT, colour=GREEN)])) == 2


def test_where_stretches_overlap_a_little_the_later_one_counts() -> None:
    """The first was about to be lost; 0.5 s at most."""
    (person,) = join_stretches([seen(0, 40, LEFT), seen(35, 80, RIGHT)])
    assert person.frame.tolist() == list(range(81))
    assert person.xy_px[36, 0, 0] == places(RIGHT)[0, 0]


def test_a_glimpse_is_nobody_unless_there_is_nobody_else() -> None:
    assert spans(join_stretches([seen(0, 40, LEFT), seen(50, 52, (500, 100, 20, 70))])) == [[0, 40]]
    assert spans(join_stretches([seen(50, 52, LEFT)])) == [[50, 52]]


def test_people_are_numbered_by_appearance_and_then_from_left_to_right() -> None:
    people = join_stretches([seen(0, 40, RIGHT), seen(0, 60, LEFT, colour=GREEN), seen(20, 60, MIDDLE)])
    assert [(one.index, one.box_px[0], one.first_s) for one in list_people(people)] == [
        (1, 60, 0.0),
        (2, 500, 0.0),
        (3, 295, pytest.approx(20 / 30)),
    ]


def chosen(*people: PersonTrack, subject: str = "auto", evidence: tuple[float, ...] = (0, 0, 0)) -> int:
    settings = PoseSettings(subject=subject)
    return choose_subject(people, image_wh=WH, settings=settings, evidence=lambda i: evidence[i])


def nodding(i: int) -> Box:
    return (60, 100 + 30 * np.sin(i / 5), 50, 160)


def test_the_one_who_moves_goes_before_one_who_stands_by() -> None:
    assert chosen(seen(0, 90, MIDDLE), seen(0, 90, nodding)) == 1


def jumping(i: int) -> Box:
    return (400, 40 + 30 * np.sin(i / 2), 32, 90)


def squatting(i: int) -> Box:
    """Down for two seconds in each three, to 70 % of the height, with the feet on the floor."""
    high = 160 - 24 * (1 - np.cos(2 * np.pi * min((i % 90) / 60, 1.0)))
    return (250, 300 - high, 50, high)


def test_the_one_in_the_room_goes_before_a_quicker_and_smaller_one_on_a_screen() -> None:
    assert chosen(seen(0, 180, squatting), seen(0, 180, jumping), evidence=(0.8, 1.0)) == 0


def test_the_larger_one_goes_before_the_smaller_one() -> None:
    assert chosen(seen(0, 90, (100, 100, 20, 80)), seen(0, 90, (400, 100, 50, 160))) == 1


def test_the_one_in_the_middle_goes_before_the_one_at_the_edge() -> None:
    assert chosen(seen(0, 90, LEFT), seen(0, 90, MIDDLE)) == 1


def test_of_two_alike_the_one_whose_movement_can_be_measured_is_taken() -> None:
    assert chosen(seen(0, 90, LEFT), seen(0, 90, RIGHT), evidence=(0.0, 0.9)) == 1


def test_evidence_does_not_lift_somebody_far_less_prominent() -> None:
    assert chosen(seen(0, 90, MIDDLE), seen(0, 20, LEFT), evidence=(0.0, 1.0)) == 0


def test_the_user_decides() -> None:
    people = seen(0, 90, (295, 100, 20, 80)), seen(0, 90, (20, 100, 50, 160))
    assert [chosen(*people, subject=subject) for subject in ("center", "largest", "1", "2")] == [0, 1, 0, 1]


def test_a_number_that_nobody_has_is_told() -> None:
    with pytest.raises(UsageError, match="expected a number from 1 to 1"):
        chosen(seen(0, 90, LEFT), subject="2")


def test_whoever_was_pointed_at_is_the_subject() -> None:
    people = seen(0, 90, LEFT), seen(30, 90, RIGHT)
    at = [(0.0, 80.0, 150.0), (2.0, 520.0, 200.0)]
    picked = [
        choose_subject(people, image_wh=WH, settings=PoseSettings(subject_at=point), evidence=lambda _: 0.0)
        for point in at
    ]
    assert picked == [0, 1]


def test_frames_without_the_subject_are_unknown() -> None:
    track = whole_track(seen(2, 3, LEFT), time_s=np.arange(5) / 10, image_wh=WH)
    assert np.isnan(track.xy_px[:, 0, 0]).tolist() == [True, True, False, False, True]
    assert track.score[:, 0].tolist() == [0, 0, 0.9, 0.9, 0]


def shifted(share: float) -> tuple[PoseTrack, PoseTrack]:
    """Return a raw track, and one whose keypoints lie a share of the body's size aside."""
    xy_px = np.tile(np.linspace([0.0, 0.0], [60.0, 80.0], 17), (4, 1, 1))  # a diagonal of 100 px
    one = PoseTrack(time_s=np.arange(4) / 30, xy_px=xy_px, score=np.ones((4, 17)), image_wh=None)
    return one, replace(one, xy_px=xy_px + np.array([100.0 * share, 0.0]))


@pytest.mark.parametrize(("share", "is_same"), [(0.0, True), (0.059, True), (0.061, False), (1.0, False)])
def test_two_tracks_near_each_other_are_of_one_person(share: float, is_same: bool) -> None:
    assert is_same_person(*shifted(share)) is is_same


def test_two_who_are_never_seen_at_the_same_time_are_two() -> None:
    one, other = shifted(0.0)
    unseen = np.full((2, 17, 2), np.nan)
    first = replace(one, xy_px=np.concatenate([one.xy_px[:2], unseen]))
    then = replace(other, xy_px=np.concatenate([unseen, other.xy_px[2:]]))
    assert not is_same_person(first, then)
    assert not is_same_person(one, replace(other, time_s=other.time_s + 1.0))
