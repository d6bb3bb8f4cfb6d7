"""Following people through scenes of coloured blocks, whose positions are known."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import closing

import numpy as np
import pytest

from gaitlab.errors import AnalysisCancelled, InputError
from gaitlab.pose.estimate import estimate_people
from gaitlab.pose.follow import PersonTrack
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.records import Frame
from tests.builders_scene import BLUE, FPS, GREEN, RED, BlockNet, Box, Way, places, pool, scene


def followed(frames: Iterable[Frame], n_threads: int = 2) -> tuple[PersonTrack, ...]:
    with closing(pool(n_threads)) as blocks:
        return estimate_people(frames, blocks).stretches


def standing(box: Box, *, since: int = 0, until: int = 10**6) -> Way:
    return lambda i: box if since <= i < until else None


def walking(start_x: float, px_per_frame: float, *, top: float = 100, height: float = 160) -> Way:
    return lambda i: (start_x + px_per_frame * i, top, 50, height)


def errors_px(track: PersonTrack, way: Way) -> np.ndarray:
    """Return the largest error of each detection."""
    truth = np.array([places(box) for frame in track.frame if (box := way(int(frame))) is not None])
    return np.asarray(np.abs(track.xy_px - truth).max(axis=(1, 2)))


def test_a_walker_is_found_in_every_frame_where_they_are() -> None:
    way = walking(100, 4)
    (walker,) = followed(scene({RED: way}, n=90))
    assert walker.frame.tolist() == list(range(90))
    assert errors_px(walker, way).max() < 4
    assert walker.colour == pytest.approx([255, 0, 0], abs=2)


def test_every_frame_has_its_time() -> None:
    with closing(pool()) as blocks:
        tracked = estimate_people(scene({RED: walking(100, 4)}, n=5), blocks)
    assert tracked.time_s == pytest.approx(np.arange(5) / FPS)


def test_a_newcomer_is_followed_back_to_where_they_came_in() -> None:
    """The whole picture is searched once a second; green comes in between."""
    way = standing((400, 80, 60, 180), since=38)
    red, green = followed(scene({RED: standing((100, 80, 60, 180)), GREEN: way}, n=90))
    assert red.frame[0] == 0
    assert green.frame.tolist() == list(range(38, 90))


def test_somebody_who_comes_in_after_the_last_search_is_found() -> None:
    ways = {RED: standing((100, 80, 60, 180)), GREEN: standing((400, 80, 60, 180), since=40)}
    _, green = followed(scene(ways, n=48))
    assert green.frame.tolist() == list(range(40, 48))


def test_a_small_mirror_image_does_not_take_over() -> None:
    """Blue, a quarter of red's size, is there all the time; red leaves at frame 50."""
    ways = {BLUE: standing((500, 60, 12, 45)), RED: standing((200, 100, 50, 180), until=50)}
    (red,) = (one for one in followed(scene(ways, n=90)) if one.colour[0] > 200)
    assert red.frame.tolist() == list(range(50))


def test_two_who_cross_keep_their_tracks() -> None:
    red_way, green_way = walking(60, 5, height=170), walking(520, -5, top=110, height=150)
    people = followed(scene({RED: red_way, GREEN: green_way}, n=90))
    red = [one for one in people if one.colour[0] > one.colour[1]]
    green = [one for one in people if one.colour[1] > one.colour[0]]
    for one, way in [(track, red_way) for track in red] + [(track, green_way) for track in green]:
        assert np.median(errors_px(one, way)) < 5
        assert errors_px(one, way)[-20:].max() < 8
    assert sum(map(len, green)) >= 85  # green is in front
    assert sum(map(len, red)) >= 70  # red is hidden for a while


def test_who_was_lost_sight_of_is_found_again() -> None:
    way: Way = lambda i: None if 30 <= i < 50 else (200, 80, 60, 180)  # noqa: E731
    before, after = followed(scene({RED: way}, n=90))
    assert (before.frame[0], before.frame[-1], after.frame[0], after.frame[-1]) == (0, 29, 50, 89)


def test_an_empty_scene_shows_nobody() -> None:
    assert followed(scene({}, n=10)) == ()


@pytest.mark.parametrize("n_threads", [1, 3])
def test_the_number_of_threads_changes_nothing(n_threads: int) -> None:
    ways = {RED: walking(60, 5, height=170), GREEN: walking(520, -5, top=110, height=150)}
    expected = followed(scene(ways, n=60), 2)
    for one, same in zip(followed(scene(ways, n=60), n_threads), expected, strict=True):
        np.testing.assert_array_equal(one.frame, same.frame)
        np.testing.assert_array_equal(one.xy_px, same.xy_px)
        np.testing.assert_array_equal(one.score, same.score)


def test_whoever_is_well_in_sight_is_searched_for_once_a_second() -> None:
    finder = BlockNet(several=True)
    with closing(NetworkPool([BlockNet(several=False)], finder)) as blocks:
        estimate_people(scene({RED: walking(100, 4)}, n=91), blocks)
    assert finder.calls <= 5


def test_without_a_finder_one_person_is_followed() -> None:
    with closing(pool(finder=False)) as blocks:
        people = estimate_people(scene({RED: walking(100, 4)}, n=40), blocks).stretches
    assert [len(one) for one in people] == [40]


def test_a_report_that_raises_stops_the_work() -> None:
    def stop(done: int) -> None:
        if done == 3:
            raise AnalysisCancelled("stopped")

    with closing(pool()) as blocks, pytest.raises(AnalysisCancelled):
        estimate_people(scene({RED: walking(100, 4)}, n=9), blocks, on_frame=stop)


def test_nothing_is_read_any_more_once_the_work_was_stopped() -> None:
    """The file is closed next, which must not happen while a frame is being decoded."""
    reading = []

    def frames() -> Iterator[Frame]:
        for frame in scene({RED: walking(100, 4)}, n=9):
            reading.append(True)
            time.sleep(0.05)
            reading.append(False)
            yield frame

    def stop(done: int) -> None:
        raise AnalysisCancelled("stopped")

    with closing(pool()) as blocks, pytest.raises(AnalysisCancelled) as caught:
        estimate_people(frames(), blocks, on_frame=stop)
    assert not reading[-1], caught


def test_no_frame_at_all_is_told() -> None:
    with closing(pool()) as blocks, pytest.raises(InputError, match="no frame could be decoded"):
        estimate_people([], blocks)
