"""Which exercise it is: the name of a drawn movement, and none where nothing fits or too little is seen of it."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, PoseTrack, SourceInfo
from gaitlab.repetitions.recognition import begins_seated
from gaitlab.settings import AnalysisSettings
from tests.builders import PLACED_FRAMES, placed_body, squatter
from tests.builders_exercise import DRAWN, Plan, exerciser


def analysed(track: PoseTrack, activity: str = "auto") -> Analysis:
    source = SourceInfo(file="drawn", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity=activity), source=source)


@pytest.mark.parametrize(("exercise", "yaw_deg"), [(name, yaw) for name in DRAWN for yaw in DRAWN[name].yaws_deg])
def test_a_drawn_exercise_has_its_name_from_each_of_its_views(exercise: str, yaw_deg: float) -> None:
    activity = analysed(exerciser(exercise, Plan(reps=5), yaw_deg=yaw_deg, noise_px=1.0).track).activity
    expected = "repeated" if exercise == "leg-raise" else exercise
    assert activity.kind == expected
    assert activity.confidence >= 0.5


def test_the_confidence_grows_with_the_repetitions() -> None:
    sure = [analysed(squatter(reps=reps)).activity.confidence for reps in (1, 2, 4)]
    assert sure == sorted(sure)
    assert sure[0] < 0.8 <= sure[2]


def test_a_raise_between_the_side_and_the_front_has_no_name() -> None:
    """The camera stands so that arms raised to the front are seen 35 degrees out of it, from the front."""
    activity = analysed(exerciser("front-raise", Plan(reps=5), yaw_deg=55.0, noise_px=0.5).track).activity
    assert activity.kind in ("front-raise", "repeated")


@pytest.mark.parametrize(("exercise", "says_so"), [("sit-to-stand", False), ("squat", True)])
def test_a_set_of_stands_that_begins_standing_carries_a_note(exercise: str, says_so: bool) -> None:
    notes = analysed(exerciser(exercise, Plan(reps=5), yaw_deg=0.0, noise_px=0.5).track, "sit-to-stand").notes
    assert any("begins standing" in note for note in notes) is says_so


@pytest.mark.parametrize(("of_a_shank", "is_seated"), [(0.48, True), (0.52, False)])
@pytest.mark.parametrize("sides", [("LEFT",), ("RIGHT",), ("LEFT", "RIGHT")])
def test_who_is_first_seen_with_thighs_60_degrees_from_the_vertical_is_seated(
    sides: tuple[str, ...], of_a_shank: float, is_seated: bool
) -> None:
    """One leg alone tells it as well; the shank is 100 px long."""
    leg = {"HIP": (300.0, 300.0 - 100.0 * of_a_shank), "KNEE": (380.0, 300.0), "ANKLE": (380.0, 400.0)}
    assert (
        begins_seated(placed_body(**{f"{side}_{joint}": at for side in sides for joint, at in leg.items()}))
        is is_seated
    )


def test_who_is_not_seen_does_not_begin_seated() -> None:
    assert not begins_seated(placed_body())


def test_who_sits_down_after_half_a_second_does_not_begin_seated() -> None:
    rise = np.where(np.arange(PLACED_FRAMES) / 30.0 <= 0.5, 100.0, 0.0)
    hips = np.column_stack([np.full(PLACED_FRAMES, 300.0), 300.0 - rise])
    assert not begins_seated(placed_body(LEFT_HIP=hips, LEFT_KNEE=(380.0, 300.0), LEFT_ANKLE=(380.0, 400.0)))
