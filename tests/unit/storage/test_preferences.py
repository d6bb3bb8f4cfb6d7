"""What the user prefers: kept whole, read back, refused when damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.errors import StoreError, UsageError
from gaitlab.metrics.units import in_units
from gaitlab.records import Metric
from gaitlab.records.findings import said
from gaitlab.storage.preferences import FILE_NAME, Preferences, read_preferences, write_preferences


def test_without_a_file_everything_is_kept(tmp_path: Path) -> None:
    assert read_preferences(tmp_path / "nowhere") == Preferences(units="metric", keep="video", delete_after_days=None)


def test_preferences_are_read_as_written(tmp_path: Path) -> None:
    wanted = Preferences(units="imperial", keep="coordinates", delete_after_days=30)
    write_preferences(tmp_path / "new", wanted)
    assert read_preferences(tmp_path / "new") == wanted
    assert [path.name for path in (tmp_path / "new").iterdir()] == [FILE_NAME]


def test_what_a_newer_version_added_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(json.dumps({"units": "imperial", "colour": "blue"}))
    assert read_preferences(tmp_path) == Preferences(units="imperial")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"keep": "nothing"}', '{"delete_after_days": "soon"}'])
def test_a_damaged_file_is_an_error_that_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(StoreError, match="mend or remove this file"):
        read_preferences(tmp_path)


@pytest.mark.parametrize("wrong", [{"units": "furlongs"}, {"keep": ""}, {"delete_after_days": 0}])
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Preferences(**wrong)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be kept"):
        write_preferences(tmp_path / "file", Preferences())


def test_lengths_and_speeds_are_shown_in_feet_and_miles() -> None:
    speed = in_units(Metric(name="speed", value=1.0, unit="m/s", sd=0.1, n=3, confidence=0.9), "imperial")
    assert (speed.unit, speed.n, speed.confidence) == ("mph", 3, 0.9)
    assert speed.value == pytest.approx(2.23694, abs=1e-5)
    assert speed.sd == pytest.approx(0.223694, abs=1e-6)


@given(st.sampled_from(["s", "deg", "%", "steps/min"]), st.floats(-1e6, 1e6))
def test_other_units_stay(unit: str, value: float) -> None:
    metric = Metric(name="x", value=value, unit=unit)
    assert in_units(metric, "imperial") == metric == in_units(metric, "metric")


def test_a_missing_length_stays_missing() -> None:
    assert in_units(Metric(name="x", value=None, unit="m", why=said("no_scale")), "imperial").value is None
