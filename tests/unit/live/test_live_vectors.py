"""The numbers by which the scripts of the Live page are measured are those of the Python code."""

from __future__ import annotations

import json

from tests.live_vectors import VECTORS, live_vectors


def test_the_vectors_for_the_scripts_are_what_the_tracker_says() -> None:
    """After a change of the tracker: `python -m tests.live_vectors`, then the scripts."""
    kept, made = json.loads(VECTORS.read_text("utf-8")), live_vectors()
    assert kept == made


def test_the_vectors_tell_the_rules_apart() -> None:
    made = live_vectors()
    assert 3 <= sum(crop["next"] == crop["around"] for crop in made["crops"]) <= 12
    seen = [frame["seen"] for frame in made["following"]]
    assert 0.5 < sum(seen) / len(seen) < 0.9
    assert {len(frame["asked"]) for frame in made["following"]} == {0, 1, 2}
