"""What a first look says about the filming, each with what to do about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitlab.records import FloatArray
from gaitlab.records.skeleton import Keypoint
from gaitlab.ui.analyse.preflight import Finding, FirstLook, preflight

WH = (640, 480)


def upright(*, half_width_px: float = 8.0, high_px: float = 300.0, top_px: float = 80.0) -> FloatArray:
    """Somebody standing, shoulders and hips `half_width_px` left and right of the middle."""
    share = {"NOSE": 0.0, "EYE": -0.02, "EAR": 0.0, "SHOULDER": 0.15, "ELBOW": 0.35, "WRIST": 0.5, "HIP": 0.5}
    share |= {"KNEE": 0.75, "ANKLE": 1.0}
    xy = np.zeros((17, 2))
    for k in Keypoint:
        part = k.name.split("_")[-1]
        away = half_width_px if k.name.startswith("LEFT") else -half_width_px if k.name.startswith("RIGHT") else 0.0
        xy[k] = (WH[0] / 2 + away, top_px + share[part] * high_px)
    return xy


def looked(xy: FloatArray | None = None, **more: object) -> FirstLook:
    poses = [(upright() if xy is None else xy, np.full(17, 0.9))] * 3
    look = FirstLook(poses=poses, people=1, image_wh=WH, brightness=120.0, fps=30.0)
    return replace(look, **more)  # type: ignore[arg-type]


def finding(look: FirstLook, name: str) -> Finding:
    return next(one for one in preflight(look) if one.name == name)


def test_a_well_filmed_clip_has_nothing_to_mend() -> None:
    assert {one.state for one in preflight(looked())} == {"good"}
    assert [one.remedy for one in preflight(looked()) if one.remedy] == []


@pytest.mark.parametrize(
    ("look", "name", "state"),
    [
        (looked(upright(top_px=-40)), "Whole body", "mind"),
        (looked(upright(high_px=420)), "Whole body", "mind"),
        (looked(upright(high_px=90, half_width_px=2)), "Whole body", "mind"),
        (looked(upright(half_width_px=40)), "View", "mind"),
        (looked(upright(half_width_px=22)), "View", "mind"),
        (looked(brightness=55.0), "Light", "mind"),
        (looked(brightness=20.0), "Light", "bad"),
        (looked(fps=15.0), "Frame rate", "bad"),
        (looked(people=2), "One person", "mind"),
        (looked(length_s=1.2), "Length", "mind"),
        (looked(length_s=7.0, stated_s=12.0), "File", "mind"),
        (looked(n_damaged=3), "File", "mind"),
    ],
    ids=[
        "no head",
        "no feet",
        "far away",
        "front",
        "oblique",
        "dim",
        "dark",
        "few pictures",
        "company",
        "short",
        "cut off",
        "damaged",
    ],
)
def test_what_is_not_well_is_named_with_a_remedy(look: FirstLook, name: str, state: str) -> None:
    found = finding(look, name)
    assert found.state == state
    assert found.remedy


def test_nobody_in_view_is_the_first_thing_said() -> None:
    found = preflight(looked(poses=[], people=0))
    assert found[0].name == "Person"
    assert found[0].state == "bad"


def test_feet_hidden_in_one_of_three_pictures_are_no_matter() -> None:
    hidden = np.full(17, 0.9)
    hidden[[Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]] = 0.1
    clear = (upright(), np.full(17, 0.9))
    assert finding(looked(poses=[clear, clear, (upright(), hidden)]), "Whole body").state == "good"
