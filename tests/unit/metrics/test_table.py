"""The table of metrics: complete, in one piece, and the only place besides a stage that a new number needs."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.gait.front import analyse_front
from gaitlab.history.trends import trend
from gaitlab.history.verdict import judge
from gaitlab.metrics.confidence import computed, measured, never_measured, one_of_a_side, withheld
from gaitlab.metrics.table import HEADLINES, METRICS, MetricRow, row_of
from gaitlab.metrics.units import UNITS, in_units, unit_of
from gaitlab.metrics.words import amount, metric_basis, metric_help, metric_label, metric_value
from gaitlab.motion.smoothing import smooth_track
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, Metric, PoseTrack, SourceInfo
from gaitlab.records.findings import said
from gaitlab.reports import EXPORTS
from gaitlab.reports.document import document_of, tables_of
from gaitlab.reports.exports import Shared
from gaitlab.reports.sentences import typical_words
from gaitlab.settings import AnalysisSettings, GaitSettings, ScaleLine, SmoothingSettings, WalkingTestSettings
from tests.app.builders_ui import squats, walk
from tests.builders import front_walker, standing, walker, with_feet
from tests.builders_change import Point
from tests.builders_exercise import FRONT, SIDE, Plan, exerciser
from tests.builders_metrics import STEP_WIDTH, with_metric, with_row
from tests.builders_walking_tests import up_and_go


def analysed(
    track: PoseTrack,
    activity: str,
    *,
    height_m: float | None = None,
    tests: WalkingTestSettings = WalkingTestSettings(),  # noqa: B008  frozen
) -> Analysis:
    source = SourceInfo(file="clip", frames=len(track), duration_s=None, fps_mean=None)
    settings = AnalysisSettings(activity=activity, height_m=height_m, walking_tests=tests)
    return analyse_track(track, settings, source=source)


def between_marks(length_m: float) -> Analysis:
    marks = ScaleLine(points_px=(250.0, 905.0, 950.0, 905.0), length_m=length_m)
    tests = WalkingTestSettings(up_and_go=True, marks=marks, sppb_balance=4, sppb_chair=3)
    return analysed(walker(n_strikes=10).track, "gait", tests=tests)


def exercised(name: str, *, reps: int, yaw_deg: float = SIDE, activity: str | None = None) -> Analysis:
    return analysed(exerciser(name, Plan(reps=reps, rest_s=0.0), yaw_deg=yaw_deg).track, activity or name)


MADE: dict[str, Callable[[], Analysis]] = {
    "walk": lambda: analysed(walker(n_strikes=14, fps=60.0).track, "gait", height_m=1.8),
    "walk with marked feet": lambda: analysed(with_feet(walker(n_strikes=14, fps=60.0).track), "gait", height_m=1.8),
    "walk without a scale": lambda: analysed(walker(n_strikes=14).track, "gait"),
    "Timed Up and Go": lambda: analysed(up_and_go().track, "gait"),
    "4-metre walk": lambda: between_marks(4.0),
    "10-metre walk": lambda: between_marks(10.0),
    "run": lambda: analysed(walker(n_strikes=24, cadence_spm=170.0, stance=0.3, fps=60.0).track, "gait"),
    "run with marked feet": lambda: analysed(
        with_feet(walker(n_strikes=24, cadence_spm=170.0, stance=0.3, fps=60.0).track), "gait", height_m=1.8
    ),
    "walk from the front": lambda: analysed(front_walker().track, "gait"),
    "nobody walks": lambda: analysed(standing(), "gait"),
    "squats": lambda: exercised("squat", reps=6),
    "squats from the front": lambda: exercised("squat", reps=6, yaw_deg=FRONT),
    "no squats": lambda: exercised("squat", reps=0),
    "any movement": lambda: exercised("squat", reps=6, activity="repeated"),
    "sides in turn": lambda: exercised("lunge", reps=6),
    "chair tests": lambda: exercised("sit-to-stand", reps=18),
    "a short chair test": lambda: exercised("sit-to-stand", reps=3),
    "drawn squats": squats,
    "drawn walk": walk,
}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_every_number_that_a_stage_makes_has_a_row_with_its_unit(made: Callable[[], Analysis]) -> None:
    metrics = made().metrics
    assert metrics
    for metric in metrics:
        row = METRICS[metric.name]
        assert metric.unit in (row.unit, *row.other_units), metric
        assert row.is_per_leg or metric.side not in {"left", "right"}, metric
        assert row.never is None or row.needs_feet or metric.why == said(row.never), metric


STAGES = ("walk", "walk with marked feet", "run", "chair tests", "Timed Up and Go", "4-metre walk", "10-metre walk")


def test_together_the_stages_make_every_number_of_the_table() -> None:
    made = {metric.name for name in STAGES for metric in MADE[name]().metrics}
    assert made == set(METRICS)


def test_names_and_units_of_the_table_are_found_by_themselves() -> None:
    for name, row in METRICS.items():
        assert row.name == name
        assert {row.unit, *row.other_units} <= set(UNITS)
        assert row.never is None or said(row.never)
        assert row.help is not None
        assert row.help.endswith(".")
    for name, unit in UNITS.items():
        assert unit.name == name
        assert unit.imperial is None or unit.imperial[0] in UNITS


def test_every_range_is_a_range_and_says_where_it_is_from() -> None:
    ranges = [row.typical for row in METRICS.values() if row.typical]
    assert all(one.low < one.high and len(one.source) > 10 for one in ranges)
    assert len(ranges) == 5


def test_a_number_that_is_never_measured_needs_no_view() -> None:
    assert not [row.name for row in METRICS.values() if row.never and row.needs_side_view]
    assert {metric.name for metric in never_measured()} == {row.name for row in METRICS.values() if row.never}


def test_the_headlines_are_one_of_walking_and_one_of_exercises() -> None:
    assert HEADLINES == ("cadence", "repetition_count")


@pytest.mark.parametrize(
    "make",
    [
        lambda: measured("step_with", [0.1], confidence=0.9),
        lambda: withheld("step_with", "view"),
        lambda: computed("step_with", 0.1, n=1, confidence=0.9),
        lambda: one_of_a_side("step_with", [], lambda n, n_min: 1.0, n_min=1, missing="view", side="left"),
    ],
)
def test_a_stage_that_makes_a_number_without_a_row_fails_at_once(make: Callable[[], Metric]) -> None:
    with pytest.raises(KeyError, match="step_with"):
        make()


def test_a_stage_cannot_give_a_number_another_unit_than_its_row_knows() -> None:
    assert withheld("fatigue_slope", "few_for_fatigue", unit="%/repetition").unit == "%/repetition"
    with pytest.raises(ValueError, match="fatigue_slope: expected a unit of"):
        withheld("fatigue_slope", "few_for_fatigue", unit="%")


def test_a_number_of_an_old_session_is_spoken_though_it_has_no_row() -> None:
    old = Metric(name="knee_lift", value=3.26, unit="hands", n=2, confidence=0.9)
    assert (metric_label(old), metric_value(old), metric_help(old)) == ("Knee lift", "3.3 hands", None)
    assert metric_basis(old).endswith("from 2 measurements")
    assert metric_value(replace(old, name="hop_count")) == "3 hands"
    assert row_of("knee_lift").better is None
    assert unit_of("hands").imperial is None


@pytest.fixture
def new_row(monkeypatch: pytest.MonkeyPatch) -> MetricRow:
    return with_row(monkeypatch, STEP_WIDTH)


def test_a_new_number_takes_its_unit_digits_and_words_from_its_row(new_row: MetricRow) -> None:
    width = measured("step_width", [0.10, 0.12, 0.14], confidence=0.9)
    assert (width.unit, metric_label(width), metric_help(width)) == ("m", "Step width", new_row.help)
    assert metric_value(width) == "0.12 m"
    assert metric_value(in_units(width, "imperial")) == "0.39 ft"
    assert metric_basis(width) == "high confidence · ±\u00a00.020 · from 3 placements"
    assert amount(0.05, width.unit) == "0.0500 m"


def test_a_new_number_stands_in_cards_and_tables_of_a_report(new_row: MetricRow) -> None:
    document = document_of(with_metric(walk(), measured("step_width", [0.10, 0.12, 0.14], confidence=0.9)))
    card = next(card for card in document.cards if card.label == "Step width")
    assert (card.value, card.beside) == ("0.12 m", ("typical: 0.05–0.13 m",))
    numbers = next(table for table in tables_of(document) if table.title == "All numbers")
    row = next(dict(zip(numbers.head, row, strict=True)) for row in numbers.rows if row[0] == "Step width")
    assert (row["Value"], row["n"], row["Typical"], row["What it is"]) == ("0.12 m", "3", "0.05–0.13 m", new_row.help)


@pytest.mark.usefixtures("new_row")
def test_a_typical_range_is_told_in_the_unit_of_the_number_beside_it() -> None:
    width = measured("step_width", [0.12], confidence=0.9)
    assert typical_words(in_units(width, "imperial"), walk()) == "0.16–0.43 ft"


@pytest.mark.usefixtures("new_row")
def test_a_new_number_is_a_row_of_the_csv_file(tmp_path: Path) -> None:
    analysis = with_metric(walk(), measured("step_width", [0.10, 0.14], confidence=0.9))
    EXPORTS["csv"].write(tmp_path / "numbers.csv", Shared(analysis=analysis))
    with (tmp_path / "numbers.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["name"] == "step_width")
    assert (row["unit"], row["n"]) == ("m", "2")
    assert float(row["value"]) == pytest.approx(0.12)


@pytest.mark.parametrize(("value", "verdict"), [(0.08, "better"), (0.16, "worse"), (0.11, "cannot tell")])
@pytest.mark.usefixtures("new_row")
def test_a_new_number_is_judged_by_its_direction_and_its_published_limit(value: float, verdict: str) -> None:
    before = Point(value=0.12, unit="m", sd=None)
    change = judge("step_width", replace(before, session_id=2, value=value), [before])
    assert (change.verdict, change.limit, change.basis) == (verdict, 0.03, "published")
    assert "a drawn study" in " ".join(change.why)


@pytest.mark.usefixtures("new_row")
def test_a_new_number_has_the_band_of_its_limit_in_a_trend() -> None:
    one = Point(value=0.12, unit="m", sd=None, is_baseline=True)
    assert trend("step_width", [one], aim=None).band == pytest.approx((0.12, 0.09, 0.15))


@pytest.mark.usefixtures("new_row")
def test_a_new_number_that_needs_the_side_is_withheld_from_the_front() -> None:
    summary, _ = analyse_front(smooth_track(front_walker().track, SmoothingSettings()), GaitSettings())
    (width,) = [metric for metric in summary.metrics if metric.name == "step_width"]
    assert (width.value, width.why) == (None, said("view"))


def test_a_number_that_moves_in_steps_is_not_judged_more_finely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three equal counts have the SD of rounding, 1 / sqrt(12); so the limit is 4.303 * 0.289 * sqrt(4 / 3) = 1.43."""
    with_row(monkeypatch, replace(STEP_WIDTH, name="stumble_count", unit="count", resolution=1.0, bound=None))
    baseline = [Point(session_id=i, value=5.0, unit="count", sd=None, is_baseline=True) for i in (1, 2, 3)]
    new = Point(session_id=9, value=4.0, unit="count", sd=None)
    assert judge("stumble_count", new, baseline).verdict == "cannot tell"
    assert judge("stumble_count", replace(new, value=3.0), baseline).verdict == "better"
