"""How much numbers depend on the network, in numbers and in one line."""

from __future__ import annotations

import pytest

from gaitlab.metrics.by_network import by_network, with_networks
from gaitlab.pipeline import reanalyse
from gaitlab.records import Metric
from gaitlab.records.findings import said
from gaitlab.records.skeleton import Side
from gaitlab.settings import AnalysisSettings
from tests.saving import an_analysis


def metric(name: str, value: float | None, unit: str, side: Side | None = None) -> Metric:
    why = said("no_scale") if value is None else None
    return Metric(name=name, value=value, unit=unit, side=side, confidence=0.9 if value else 0.0, why=why)


def test_a_number_differs_by_the_largest_less_the_smallest() -> None:
    (cadence,) = by_network(
        {name: [metric("cadence", value, "steps/min")] for name, value in (("a", 100.0), ("b", 103.0), ("c", 99.0))}
    )
    assert cadence.values == {"a": 100.0, "b": 103.0, "c": 99.0}
    assert cadence.spread == pytest.approx(4.0)


def test_sides_are_compared_with_themselves() -> None:
    numbers = by_network(
        {
            "a": [metric("knee_range", 60.0, "deg", "left"), metric("knee_range", 50.0, "deg", "right")],
            "b": [metric("knee_range", 51.0, "deg", "right"), metric("knee_range", 64.0, "deg", "left")],
        }
    )
    assert [(one.metric.side, one.spread) for one in numbers] == [("left", 4.0), ("right", 1.0)]


def test_a_withheld_number_is_no_number_of_zero() -> None:
    (speed,) = by_network({"a": [metric("speed", 1.2, "m/s")], "b": [metric("speed", None, "m/s")], "c": []})
    assert speed.values == {"a": 1.2, "b": None, "c": None}
    assert speed.spread is None


def test_values_are_compared_as_they_are_shown() -> None:
    """100.4 and 100.6 are shown as 100 and 101."""
    shown = {name: [metric("cadence", value, "steps/min")] for name, value in (("a", 100.4), ("b", 100.6))}
    (cadence,) = by_network(shown)
    assert cadence.spread == pytest.approx(1.0)


def test_the_line_says_what_differs_and_what_one_network_alone_gives() -> None:
    numbers = by_network(
        {
            "a": [
                metric("cadence", 100.0, "steps/min"),
                metric("speed", 1.2, "m/s"),
                metric("step_length", None, "m"),
            ],
            "b": [metric("cadence", 102.0, "steps/min")],
        }
    )
    analysis = with_networks(an_analysis(), numbers)
    assert analysis.notes[-1] == (
        "Between the networks a, b the numbers of the first analysis differ by at most: Cadence 2 steps/min. "
        "Only a gives Speed."
    )


def test_the_line_stays_when_a_session_is_put_right() -> None:
    numbers = by_network({name: [metric("cadence", 100.0, "steps/min")] for name in ("a", "b")})
    analysis = with_networks(an_analysis(), numbers)
    again = reanalyse(analysis, settings=AnalysisSettings(activity="squat"))
    assert analysis.notes[-1] in again.notes


def test_without_other_networks_nothing_is_added() -> None:
    analysis = an_analysis()
    assert with_networks(analysis, ()) is analysis
