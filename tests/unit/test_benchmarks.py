"""The arithmetic of the benchmarks: similarity with a label, rounds, tables."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.exercises import activity_of, relative_error, within_one
from benchmarks.oks import best_similarity, similarity
from benchmarks.pages import Times, page_table, slow_for_the_machine, slow_pages
from benchmarks.pictures import label_from
from benchmarks.player_pace import Pace, pace_table
from benchmarks.results import markdown_table, replace_section
from benchmarks.rounds import Contestant, Run, measure_in_turn, peak_of, ratio
from benchmarks.versus import Finding, Truth, found_strikes, versus_tables
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import Keypoint

OURS = Contestant(name="ours", module="run_gaitlab", arguments=())
THEIRS = Contestant(name="theirs", module="run_bare", arguments=())


def labelled(**joints: tuple[float, float]) -> FloatArray:
    return label_from({name: (x, y, 2) for name, (x, y) in joints.items()})


# The box is 100 x 200 px, so s^2 = 20000.
STANDING = labelled(left_shoulder=(0, 0), right_shoulder=(100, 0), left_ankle=(0, 200))


def test_pose_on_the_label_has_similarity_one() -> None:
    assert similarity(STANDING, STANDING) == 1.0


def test_similarity_of_one_joint_off_worked_by_hand() -> None:
    # Shoulder: k = 2 * 0.079; 20 px off: exp(-400 / (2 * 20000 * 0.158^2)) = exp(-0.4006) = 0.6699; the others 1.
    pose = STANDING.copy()
    pose[Keypoint.LEFT_SHOULDER] += (12, 16)
    assert similarity(pose, STANDING) == pytest.approx((2 + 0.6699) / 3, abs=1e-4)


def test_an_eye_must_be_nearer_than_a_hip() -> None:
    label = labelled(left_eye=(0, 0), left_hip=(100, 200))
    eye_off, hip_off = label.copy(), label.copy()
    eye_off[Keypoint.LEFT_EYE] += (10, 0)
    hip_off[Keypoint.LEFT_HIP] += (10, 0)
    # k = 0.050 and 0.214: exp(-100 / (2 * 20000 * 0.0025)) = exp(-1), exp(-100 / (2 * 20000 * 0.045796)) = exp(-0.0546)
    assert similarity(eye_off, label) == pytest.approx((math.exp(-1.0) + 1) / 2)
    assert similarity(hip_off, label) == pytest.approx((math.exp(-0.0546) + 1) / 2, abs=1e-4)


def test_joints_without_a_label_do_not_count() -> None:
    pose = STANDING.copy()
    pose[Keypoint.NOSE] = (5000, 5000)
    assert similarity(pose, STANDING) == 1.0


def test_a_joint_the_pose_lacks_counts_nothing() -> None:
    pose = STANDING.copy()
    pose[Keypoint.LEFT_ANKLE] = np.nan
    assert similarity(pose, STANDING) == pytest.approx(2 / 3)


def test_the_best_pose_counts_and_no_pose_is_zero() -> None:
    assert best_similarity([STANDING + 1000, STANDING], STANDING) == 1.0
    assert best_similarity([], STANDING) == 0.0


def test_a_label_without_size_is_refused() -> None:
    with pytest.raises(ValueError, match="span a box"):
        similarity(STANDING, labelled(nose=(3, 4)))


def test_labels_keep_the_models_joints_that_are_marked() -> None:
    label = label_from({"nose": (3, 4, 1), "left_eye": (0, 0, 0), "head_top": (9, 9, 2)})
    assert label[Keypoint.NOSE].tolist() == [3, 4]
    assert np.isnan(np.delete(label, Keypoint.NOSE, axis=0)).all()


def run_at(fps: float, *, peak_mb: float = 100.0) -> Run:
    return Run(frames=100, wall_s=100 / fps, cpu_s=1.0, peak_mb=peak_mb)


def test_rounds_take_the_programs_in_turn() -> None:
    order: list[str] = []

    def note(contestant: Contestant) -> Run:
        order.append(contestant.name)
        return run_at(10)

    measure_in_turn((OURS, THEIRS), 2, run=note)
    assert order == ["ours", "theirs", "ours", "theirs"]


def test_a_ratio_is_taken_within_each_round() -> None:
    # In the second round the machine was half as fast for both: the ratio does not see that.
    speeds = [(60.0, 40.0), (30.0, 20.0), (66.0, 40.0)]
    rounds = [{OURS: run_at(ours), THEIRS: run_at(theirs)} for ours, theirs in speeds]
    assert ratio(rounds, OURS, THEIRS).text(2) == "1.50 (1.50-1.65)"


def test_the_highest_memory_peak_of_all_rounds_counts() -> None:
    rounds = [{OURS: run_at(10, peak_mb=peak_mb)} for peak_mb in (300.0, 340.0, 310.0)]
    assert peak_of(rounds, OURS) == 340.0


def test_a_table_is_padded_so_that_it_reads_as_text() -> None:
    assert markdown_table(("", "ms"), [("Thunder", "27.1")]) == "\n".join(
        ("|         |   ms |", "| ------- | ---: |", "| Thunder | 27.1 |")
    )


def test_a_section_of_the_results_takes_the_place_of_the_old_one() -> None:
    document = "# Measured\n"
    for heading, text in (("make a", "1"), ("make b", "2\n\n### more"), ("make a", "3")):
        document = replace_section(document, heading, text)
    assert document == "# Measured\n\n## make a\n\n3\n\n## make b\n\n2\n\n### more\n"


WALK = Truth(clip="walk.mp4", cadence_spm=100.0, strikes_s=(1.0, 1.6, 2.2), tolerance_s=0.06)


def test_each_true_heel_strike_is_found_once_and_those_between_are_others() -> None:
    # 1.02 and 1.05 are both near the first one; 0.2 lies before all that is known.
    assert found_strikes(WALK, (0.2, 1.02, 1.05, 1.9, 2.25)) == (2, 2)


def test_a_number_that_is_withheld_is_marked() -> None:
    ours = Finding(cadence_spm=102.0, asymmetry_percent=None, strikes_s=WALK.strikes_s)
    theirs = Finding(cadence_spm=None, asymmetry_percent=17.6, strikes_s=())
    table = versus_tables([(WALK, ours, theirs)])
    table = " ".join(table.split())
    assert "102.0 | +2.0 % | withheld |" in table
    assert "| 3 of 3, +0" in table


def test_counting_errors_are_relative_to_the_truth() -> None:
    assert relative_error([10, 4], [9, 4]) == pytest.approx(0.05)
    assert within_one([10, 4, 2], [9, 4, 4]) == pytest.approx(2 / 3)


def test_an_exercise_of_the_truth_is_named_as_on_the_command_line() -> None:
    assert activity_of("bicep curl (alternating)") == "biceps-curl"
    assert activity_of("jumping jack") == "jumping-jack"


def visits(*ended_s: float) -> list[Times]:
    return [Times(heading_s=0.5, ended_s=ended, drawn_s=ended + 1.0) for ended in ended_s]


def test_a_page_is_slow_when_its_median_is_over_the_limit_however_fast_its_best_look() -> None:
    assert slow_pages({"Live": visits(0.2, 0.9, 3.0), "History": visits(0.2, 1.1, 1.2)}, 1.0) == ["History"]


def test_on_a_slow_machine_a_page_may_take_as_many_empty_pages() -> None:
    ours = {"Live": visits(3.0, 4.0), "History": visits(3.0, 5.0)}
    assert slow_for_the_machine(ours, visits(1.5, 2.0), 2.1) == ["History"]


def test_a_page_is_set_against_the_empty_one_of_the_same_round() -> None:
    table = " ".join(page_table("opened", {"Live": visits(1.0, 4.0)}, visits(0.5, 2.0)).split())
    assert "| Live | 0.50 (0.50-0.50) | 2.50 (1.00-4.00) | 3.50 (2.00-5.00) | 2.0 |" in table


def test_a_player_that_draws_too_seldom_in_the_median_misses_its_limit() -> None:
    steady, slow = (Pace(drawn_per_s=rate, pictures_per_s=rate, longest_ms=50.0) for rate in (25.0, 24.0))
    rounds = [{"played": steady, "scrubbed": slow}] * 2 + [{"played": slow, "scrubbed": steady}]
    assert pace_table(rounds).endswith("missed when scrubbed.")
    assert pace_table([{"played": steady}]).endswith("kept.")
