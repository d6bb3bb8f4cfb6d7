"""The curves of healthy people: known features, and labelled with whom they are of."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.norms import read_adults, read_children
from gaitlab.norms import GROUPS, NormBand, has_norm, norm_band
from gaitlab.types import FloatArray, GaitMode, WalkingDirection
from tests.app.builders_ui import long_walk


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
