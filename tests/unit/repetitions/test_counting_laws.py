"""Counting in one signal is exact: any angle of at least 25 degrees that is at least six times its noise."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitlab.repetitions import find_excursions
from gaitlab.repetitions.counting import excursions_around
from gaitlab.settings import RepetitionSettings
from tests.builders_exercise import Plan, bend_of

LONGEST_S = 60.0


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Return plans of 0 to 50 repetitions within a minute, with pauses, sets and shaking holds."""
    tempo_s, rest_s = draw(st.floats(0.8, 8.0)), draw(st.sampled_from([0.0, 0.3, 2.0]))
    return Plan(
        reps=draw(st.integers(0, min(50, int(LONGEST_S / (tempo_s + rest_s))))),
        tempo_s=tempo_s,
        rest_s=rest_s,
        hold_share=draw(st.sampled_from([0.0, 0.3, 0.5])),
        jitter=draw(st.sampled_from([0.0, 0.2])),
        set_of=draw(st.sampled_from([None, 4])),
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    plan=plans(),
    range_deg=st.floats(25.0, 150.0),
    noise=st.floats(0.0, 1.0),
    drift=st.floats(-1.0, 1.0),
    fps=st.sampled_from([24.0, 30.0, 60.0]),
    seed=st.integers(0, 10_000),
)
def test_every_repetition_counts_once(
    *, plan: Plan, range_deg: float, noise: float, drift: float, fps: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    time_s = np.arange(round(plan.end_s * fps)) / fps
    angle_deg = range_deg * bend_of(time_s, plan, ("both",), "both", rng)
    angle_deg += rng.normal(0.0, noise * range_deg / 6, time_s.shape)
    angle_deg += drift * 0.1 * range_deg * time_s / plan.end_s  # over the clip a tenth of the range

    found = find_excursions(time_s, angle_deg, range_min=0.6 * range_deg, settings=RepetitionSettings())

    assert sum(one.full for one in found) == plan.reps


@given(
    turns_s=st.lists(st.floats(0.0, 20.0), min_size=1, max_size=8).map(sorted),
    ends_at_turn=st.booleans(),
    cycle_s=st.floats(0.5, 8.0),
)
def test_each_voted_turn_has_one_excursion_of_its_own_however_near_the_next_is(
    turns_s: list[float], ends_at_turn: bool, cycle_s: float
) -> None:
    time_s = np.arange(0.0, 20.0, 1 / 30)
    signal = -np.cos(2 * np.pi * time_s / cycle_s)

    found = excursions_around(
        time_s, signal, np.array(turns_s), settings=RepetitionSettings(), ends_at_turn=ends_at_turn
    )

    assert len(found) <= len(turns_s)
    assert all(one.start <= one.turn <= one.end for one in found)
