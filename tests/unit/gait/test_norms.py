"""The curves of healthy people: known features, and labelled with whom they are of."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.norms import read_adults, read_children
from gaitlab.gait.norms import GROUPS, NormBand, group_of_age, has_norm, norm_band, usual_speed
from gaitlab.records import FloatArray, GaitMode, WalkingDirection
from gaitlab.reports.sentences import norm_sentences
from tests.app.builders_ui import long_walk, measured_walk


def band(angle: str, group: str) -> NormBand:
    found = norm_band(angle, group)
    assert found is not None
    return found


def peak(mean: FloatArray, first: int, last: int) -> tuple[int, float]:
    at = first + int(mean[first : last + 1].argmax())
    return at, float(mean[at])


@pytest.mark.parametrize("group", list(GROUPS))
def test_the_knee_has_its_two_waves(group: str) -> None:
    """Nearly straight at heel strike, a little bent under load, straight again, then the large wave of the swing."""
    knee = band("knee_flexion", group).mean_deg
    assert knee[0] == pytest.approx(5.0, abs=4.0)
    at, loaded = peak(knee, 5, 30)
    assert 12 <= at <= 18
    assert loaded == pytest.approx(20.0, abs=4.0)
    assert knee[35:45].min() == pytest.approx(4.0, abs=4.0)
    at, swing = peak(knee, 50, 100)
    assert 70 <= at <= 76
    assert 59.0 <= swing <= 65.0


@pytest.mark.parametrize("group", list(GROUPS))
def test_the_thigh_swings_from_front_to_back_and_returns(group: str) -> None:
    hip = band("hip_flexion", group).mean_deg
    assert 48 <= int(hip.argmin()) <= 56
    assert hip.max() - hip.min() == pytest.approx(42.0, abs=3.0)
    assert hip[0] == pytest.approx(24.0, abs=3.0)


@pytest.mark.parametrize("group", list(GROUPS))
@pytest.mark.parametrize("angle", ["knee_flexion", "hip_flexion"])
def test_a_cycle_ends_as_it_begins(angle: str, group: str) -> None:
    found = band(angle, group)
    assert found.mean_deg.shape == found.sd_deg.shape == (101,)
    assert found.mean_deg[100] == pytest.approx(found.mean_deg[0], abs=1.5)
    assert np.all((found.sd_deg > 2.0) & (found.sd_deg < 10.0))


@pytest.mark.parametrize("group", GROUPS.values(), ids=list(GROUPS))
def test_every_group_says_who_how_old_how_fast_and_from_where(group: object) -> None:
    words = str(group)
    assert "years" in words
    assert "over ground" in words
    assert "at about 1.2 m/s" in words or "at a speed of their choice" in words
    assert "et al. 20" in words


def test_there_is_no_band_for_the_trunk() -> None:
    assert norm_band("trunk_lean") is None


@pytest.mark.parametrize(
    ("mode", "direction", "fits"),
    [("walk", "forward", True), ("walk", "unknown", True), ("walk", "backward", False), ("run", "forward", False)],
)
def test_only_walking_forward_is_laid_beside_a_norm(mode: GaitMode, direction: WalkingDirection, fits: bool) -> None:
    analysis = long_walk()
    assert analysis.gait is not None
    gait, subject = replace(analysis.gait, mode=mode), replace(analysis.subject, direction=direction)
    assert has_norm(replace(analysis, gait=gait, subject=subject)) == fits


def test_the_table_is_read_from_its_sources_as_they_are_written() -> None:
    """One template with mean and mean -+ SD, one file with mean -+ SD every second percent; forward tilt positive."""
    rows = {name: " ".join([str(value)] * 101) for name, value in (("min", 3.0), ("mean", 5.0), ("max", 7.0))}
    body = "\n".join(f"norm_{name} = [ {numbers} ]" for name, numbers in rows.items())
    template = "\n".join(
        f'GaitPlot {{\ntitle = "{title}"\n{body}\n}}' for title in ("Pelvic tilt", "Hip angle", "Knee angle")
    )
    adults = read_adults(template)
    assert {name: curve[:, 50].tolist() for name, curve in adults.items()} == {
        "knee": [5.0, 2.0], "hip": [5.0, 2.0], "tilt": [-5.0, 2.0],
    }  # fmt: skip
    points = {"X": [[percent, percent - 1.0, percent + 1.0] for percent in range(0, 101, 2)]}
    names = ("KneeAngles", "HipAngles", "PelvisAngles")
    children = read_children(json.dumps({"Schwartz2008": {"Free": dict.fromkeys(names, points)}}))
    assert children["knee"][:, 51].tolist() == [51.0, 1.0]


def test_nobody_can_change_the_band_for_others() -> None:
    with pytest.raises(ValueError, match="read-only"):
        band("knee_flexion", "adults").mean_deg[0] = 0.0


@pytest.mark.parametrize(("age", "group"), [(None, "adults"), (17, "children"), (18, "adults"), (80, "adults")])
def test_the_age_chooses_whose_curves_stand_beside(age: int | None, group: str) -> None:
    assert group_of_age(age) == group


@pytest.mark.parametrize(
    ("sex", "age", "mps"),
    [
        *[("female", 20, 1.34), ("female", 39, 1.34), ("female", 40, 1.39), ("female", 50, 1.31), ("female", 60, 1.24)],
        *[("female", 69, 1.24), ("female", 70, 1.13), ("female", 80, 0.94), ("male", 29, 1.36), ("male", 30, 1.43)],
        *[("male", 49, 1.43), ("male", 59, 1.43), ("male", 69, 1.34), ("male", 70, 1.26), ("male", 99, 0.97)],
    ],
)
def test_the_usual_walking_speed_is_of_the_decade_and_the_sex(sex: str, age: int, mps: float) -> None:
    usual = usual_speed(sex, age)
    assert usual is not None
    assert usual.metric.value == mps


@pytest.mark.parametrize(("sex", "age"), [("female", 19), ("male", 100), ("male", None), (None, 40)])
def test_nothing_is_usual_where_nobody_was_measured_or_nothing_is_known(sex: str | None, age: int | None) -> None:
    assert usual_speed(sex, age) is None


def test_the_report_tells_the_usual_speed_beside_a_speed_over_ground_only() -> None:
    walked = measured_walk(speed_mps=1.3)
    (sentence,) = norm_sentences(walked, sex="female", age=64)
    assert "women of 60 to 69 years" in sentence
    assert "1.24 m/s" in sentence
    on_belt = replace(walked, provenance=replace(walked.provenance, settings={"treadmill_mps": 1.2}))
    assert norm_sentences(on_belt, sex="female", age=64) == ()
