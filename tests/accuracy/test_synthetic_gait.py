"""Cadence over the grid of drawn walks: right, or withheld, and as sure as it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gaitlab.types import Metric
from tests.builders_grid import Scene, cadence_of, scenes, score

pytestmark = pytest.mark.accuracy

Results = list[tuple[Scene, Metric]]
#: Groups of walks for the table; the name says which.
GROUPS: dict[str, Callable[[Scene], bool]] = {
    "all": lambda scene: True,
    "easy": lambda scene: scene.is_easy,
    **{f"{low}-{low + 25} steps/min": lambda scene, low=low: low <= scene.cadence_spm < low + 25  # type: ignore[misc]
       for low in range(50, 200, 25)},
    **{f"{fps} frames/s": lambda scene, fps=fps: scene.fps == fps for fps in (25, 30, 50, 60, 100, 120)},  # type: ignore[misc]
    **{f"noise {px} px": lambda scene, px=px: scene.noise_px == px for px in (0, 0.5, 1, 2, 3)},  # type: ignore[misc]
    **{f"{share:.0%} missing": lambda scene, share=share: scene.missing == share  # type: ignore[misc]
       for share in (0, 0.05, 0.1, 0.2, 0.3)},
}  # fmt: skip


@pytest.fixture(scope="module")
def results() -> Results:
    found = [(scene, cadence_of(scene)) for scene in scenes(1000, seed=1)]
    print()
    for name, belongs in GROUPS.items():
        print(f"{name:18s}{score([one for one in found if belongs(one[0])])}")
    return found


def test_cadence_is_right_wherever_it_is_given(results: Results) -> None:
    found = score(results)
    assert found.median_error <= 0.5
    assert found.worst_error <= 5


def test_cadence_is_seldom_withheld(results: Results) -> None:
    assert score(results).withheld <= 0.4
    assert score([one for one in results if one[0].is_easy]).withheld <= 0.1


def test_a_sure_cadence_is_right(results: Results) -> None:
    found = score(results)
    assert found.trusted >= 0.5
    assert found.trusted_within_3 >= 0.95
