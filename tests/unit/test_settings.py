"""Settings out of range are wrong usage, said in one line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from gaitlab.errors import UsageError
from gaitlab.settings import AnalysisSettings, PoseSettings, RepetitionSettings, SmoothingSettings


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AnalysisSettings(height_m=175.0), "height_m: expected a value from 0.4 to 2.6, got 175"),
        (lambda: AnalysisSettings(slow_motion=0.05), "slow_motion: expected a value from 0.1 to 64, got 0.05"),
        (lambda: AnalysisSettings(px_per_m=0.0), "px_per_m: expected a value from 1 to 100000, got 0"),
        (lambda: AnalysisSettings(treadmill_mps=-1.0), "treadmill_mps: expected a value from 0.05 to 12, got -1"),
        (lambda: AnalysisSettings(height_m=float("nan")), "height_m: expected a value from 0.4 to 2.6, got nan"),
        (lambda: PoseSettings(workers=0), "workers: expected a value from 1 to 64, got 0"),
        (lambda: SmoothingSettings(cutoff_hz=0.0), "cutoff_hz: expected a value from 0.1 to 100, got 0"),
        (lambda: SmoothingSettings(hampel_window=8), "hampel_window: expected an odd number of samples, got 8"),
        (lambda: SmoothingSettings(run_min=3), "run_min: expected a value from 4 to 1000, got 3"),
        (
            lambda: RepetitionSettings(leave_share=0.7, enter_share=0.6),
            "enter_share: expected a value from 0.7 to 1, got 0.6",
        ),
    ],
)
def test_a_setting_out_of_range_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        make()
    assert str(refused.value) == message


def test_wrong_usage_ends_with_exit_code_two() -> None:
    assert UsageError.exit_code == 2


def test_unknown_body_height_is_allowed() -> None:
    assert AnalysisSettings(height_m=None).height_m is None


def test_the_ends_of_a_range_belong_to_it() -> None:
    assert AnalysisSettings(height_m=2.6, slow_motion=64).slow_motion == 64


def test_settings_of_every_stage_are_plain_json() -> None:
    values = json.loads(json.dumps(AnalysisSettings(height_m=1.75).to_json(), allow_nan=False))
    assert values["height_m"] == 1.75
    assert values["smoothing"]["cutoff_hz"] == 6.0
    assert values["repetitions"]["enter_share"] == 0.65
