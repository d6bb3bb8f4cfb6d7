"""A new exercise is one row: with it alone it is counted, called, filmed, judged and offered everywhere.

The leg raise to the side is drawn for the tests, and is none of the program's exercises. None of their signals fits, so
it brings its own: one function under a name.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from gaitlab.cli.main import main
from gaitlab.errors import UsageError
from gaitlab.formats.csv import write_track
from gaitlab.live import LiveSession
from gaitlab.motion.anthropometry import LEG
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, FloatArray, PoseTrack, SourceInfo
from gaitlab.repetitions.activities import activity_label
from gaitlab.repetitions.body import Body
from gaitlab.repetitions.exercise_row import Counting, Exercise, Filming, Signal, Trait
from gaitlab.repetitions.exercises import EXERCISES
from gaitlab.repetitions.signals import SIGNALS
from gaitlab.repetitions.standards import Standard
from gaitlab.reports.report_json import to_json
from gaitlab.settings import AnalysisSettings
from gaitlab.ui.analyse.filming_guide import placement
from tests.app.visits import page, text_of
from tests.builders_exercise import DRAWN, FRONT, Plan, exerciser

NAME = "leg-raise"
SIGNAL = cast(Signal, "foot_rise")
RAISED_DEG = 50.0  # from 3 degrees on
LEG_RAISE = Exercise(
    name=NAME,
    title="Leg raises",
    counting=Counting(
        signal=SIGNAL,
        range_min=0.1,
        full_level=0.15,  # leg 32 degrees from the vertical
        rest_level=0.05,
        position="standing",
        carried_by=("hip_over_ankle",),
        falls=("hip_over_ankle", "hip_over_knee"),
        checks=("legs_part",),
    ),
    standard=Standard(measure="thigh", full_deg=45.0),
    filming=Filming(view="front", in_picture="both feet in the picture", needs=("feet",)),
    traits=(
        Trait(name="moving_thigh", at="turn", most=0.75),
        Trait(name="other_thigh", at="turn", least=0.9),
        Trait(name="shank_over_thigh", at="turn", most=0.1),
        Trait(name="feet_apart", at="turn", least=0.85, seen_from="front"),
        Trait(name="feet_apart", at="turn", most=0.3, seen_from="side"),
    ),
)


def foot_rise(body: Body) -> FloatArray:
    """Return the height of each foot over the other one in leg lengths, shape (T, 2)."""
    feet = body.pair("ANKLE")
    return body.above(feet, feet[:, ::-1], LEG)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIGNALS, SIGNAL, foot_rise)
    monkeypatch.setitem(EXERCISES, NAME, LEG_RAISE)


def raises(reps: int = 4) -> PoseTrack:
    return exerciser(NAME, Plan(reps=reps), yaw_deg=FRONT, range_deg=RAISED_DEG, noise_px=0.5).track


def analysed(track: PoseTrack, activity: str) -> Analysis:
    source = SourceInfo(file="drawn", frames=len(track), duration_s=None, fps_mean=None)
    return analyse_track(track, AnalysisSettings(activity=activity), source=source)


@pytest.mark.usefixtures("added")
@pytest.mark.parametrize("activity", [NAME, "auto"])
def test_it_is_counted_by_name_and_recognised(activity: str) -> None:
    found = analysed(raises(), activity)
    assert found.activity.kind == NAME
    assert found.exercise is not None
    assert [one.side for one in found.exercise.repetitions] == ["left"] * 4
    assert to_json(found)["exercise"]["name"] == NAME


@pytest.mark.usefixtures("added")
def test_its_depth_is_judged_by_its_own_standard() -> None:
    found = analysed(raises(), NAME).exercise
    assert found is not None
    depths = [one.depth for one in found.repetitions]
    assert depths == pytest.approx([(3 + RAISED_DEG) / LEG_RAISE.standard.full_deg] * 4, abs=0.1)


@pytest.mark.usefixtures("added")
@pytest.mark.parametrize("other", sorted(set(DRAWN) - {NAME}))
def test_the_others_are_still_recognised(other: str) -> None:
    for yaw_deg in DRAWN[other].yaws_deg:
        track = exerciser(other, Plan(reps=5), yaw_deg=yaw_deg, noise_px=0.5).track
        assert analysed(track, "auto").activity.kind == other


@pytest.mark.usefixtures("added")
def test_it_has_its_label_and_the_drawing_of_how_to_film_it() -> None:
    assert activity_label(NAME) == "Leg raises"
    assert placement(NAME).title.startswith("Leg raises, seen from above: the phone stands in front of the person")


@pytest.mark.usefixtures("added", "own_resources")
@pytest.mark.parametrize("name", ["analyse", "live"])
def test_the_pages_offer_it_and_say_how_to_film_it(name: str) -> None:
    app = page(name)
    what = next(box for box in app.selectbox if box.label == "What")
    assert "Leg raises" in what.options
    what.set_value(NAME).run()
    assert not app.exception
    assert "rom the front, both feet in the picture" in text_of(app)


@pytest.mark.usefixtures("added", "own_resources")
def test_the_history_can_be_narrowed_to_it(sessions: Any) -> None:
    sessions.save(analysed(raises(), NAME), person="Ann")
    app = page("history")
    assert "Leg raises" in next(box for box in app.selectbox if box.label == "Activity").options
    assert "Leg raises" in text_of(app)


@pytest.mark.usefixtures("added")
def test_the_command_line_takes_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_track(tmp_path / "raises.csv", raises())
    assert main(["analyze", str(tmp_path / "raises.csv"), "--activity", NAME, "--no-save", "--json", "-"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["exercise"]["name"], report["exercise"]["count"]) == (NAME, 4)


@pytest.mark.usefixtures("added")
def test_it_can_be_followed_live() -> None:
    LiveSession(lambda picture, time_s: None, NAME)


def test_without_its_row_it_does_not_exist() -> None:
    with pytest.raises(UsageError, match="'leg-raise' is not available"):
        analysed(raises(), NAME)
