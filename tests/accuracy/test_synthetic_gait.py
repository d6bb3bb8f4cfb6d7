"""Cadence over the grid of drawn walks: right, or withheld, and as sure as it says."""

from __future__ import annotations

import pytest

from gaitlab.records import Metric
from tests.builders_grid import Scene, cadence_of, scenes, score

pytestmark = pytest.mark.accuracy

Results = list[tuple[Scene, Metric]]


def belongs(factor: str, scene: Scene) -> float:
    """Return the value of a factor by which walks are grouped."""
    return 25 * (scene.cadence_spm // 25) if factor == "cadence_spm" else float(getattr(scene, factor))


def table(results: Results) -> str:
    """Return the scores of all walks, of the easy ones and by each factor: what a failing test shows."""
    lines = [f"{'all':18s}{score(results)}", f"{'easy':18s}{score([one for one in results if one[0].is_easy])}"]
    for factor in ("cadence_spm", "fps", "noise_px", "missing", "burst_s", "unevenness"):
        for value in sorted({belongs(factor, scene) for scene, _ in results}):
            group = [one for one in results if belongs(factor, one[0]) == value]
            lines.append(f"{factor + ' ' + format(value, 'g'):18s}{score(group)}")
    return "\n".join(["", *lines])


@pytest.fixture(scope="module")
def results() -> Results:
    return [(scene, cadence_of(scene)) for scene in scenes(1000, seed=1)]


def test_cadence_is_right_wherever_it_is_given(results: Results) -> None:
    """Three steps between gaps of a fifth of the points and more may be wrong, and their confidence says so."""
    assert score(results).median_error <= 0.5, table(results)
    wrong = [one for one in results if score([one]).worst_error > 5]
    assert len(wrong) <= 0.005 * len(results), table(wrong)
    assert all(cadence.n <= 3 and cadence.confidence < 0.5 for _, cadence in wrong), table(wrong)


def test_cadence_is_seldom_withheld(results: Results) -> None:
    assert score(results).withheld <= 0.4, table(results)
    assert score([one for one in results if one[0].is_easy]).withheld <= 0.1, table(results)


def test_a_sure_cadence_is_right(results: Results) -> None:
    found = score(results)
    assert found.trusted >= 0.5, table(results)
    assert found.trusted_within_3 >= 0.95, table(results)
