"""The limits of the form rules, each with a case on either side, on joints put where the angle is known by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from gaitlab.records import FloatArray
from gaitlab.records.skeleton import N_KEYPOINTS, Keypoint
from gaitlab.repetitions.form import Seen, is_seen, judged
from gaitlab.repetitions.measures import UPPER_ARM_SHARE
from gaitlab.repetitions.standards import FORM_RULES, Aspect

FPS, N = 30.0, 40
LONG = 100.0  # px: of a bone


def at(x: float | FloatArray, y: float | FloatArray) -> FloatArray:
    """Return a joint's places, shape (N, 2)."""
    return np.stack(np.broadcast_arrays(x, y, np.zeros(N))[:2], axis=-1).astype(float)


def along(start: FloatArray, deg: float | FloatArray, length: float = LONG) -> FloatArray:
    """Return the end of a bone that points so many degrees from level, downward positive."""
    return start + length * at(np.cos(np.radians(deg)), np.sin(np.radians(deg)))


def seen(joints: Mapping[str, FloatArray], aspect: Aspect) -> Seen:
    """Return a repetition; a joint without a side is put on both."""
    xy_px = np.full((N, N_KEYPOINTS, 2), np.nan)
    for name, places in joints.items():
        for joint in Keypoint:
            if joint.name.lower() == name or joint.name.lower().removeprefix("left_").removeprefix("right_") == name:
                xy_px[:, joint] = places
    return Seen(
        time_s=np.arange(N) / FPS, xy_px=xy_px, lean_deg=np.full(N, np.nan), measure="thigh", sides=("left", "right"),
        aspect=aspect,
    )  # fmt: skip


def wide(name: str, width_px: float, y: float | FloatArray, x: float | FloatArray = 0.0) -> dict[str, FloatArray]:
    """Return both sides of a joint, symmetric about a middle."""
    return {f"left_{name}": at(x + width_px / 2, y), f"right_{name}": at(x - width_px / 2, y)}


def leaning(deg: float | FloatArray, hip_y: float | FloatArray = 0.0) -> dict[str, FloatArray]:
    hip = at(0.0, hip_y)
    return {"hip": hip, "shoulder": along(hip, np.asarray(deg) - 90.0)}


def legs(deg: float) -> Seen:
    knee = at(LONG, 0.0)
    return seen({"hip": at(0.0, 0.0), "knee": knee, "ankle": along(knee, deg)}, "side")


def head(deg: float) -> Seen:
    shoulder = at(LONG, 0.0)
    return seen({"hip": at(0.0, 0.0), "shoulder": shoulder, "ear": along(shoulder, deg, 30.0)}, "side")


def lunge(deg: float) -> Seen:
    return seen(leaning(deg), "side")


def rising(deg: float) -> Seen:
    return seen(leaning(np.where(np.arange(N) < 20, deg, 0.0), -np.arange(N, dtype=float)), "side")


def swaying(deg: float, start_deg: float = 2.0) -> Seen:
    """Return a trunk that leans sideways from a start that is a little askew, as with a camera that is not level."""
    lean = np.radians(np.where(np.arange(N) < 10, start_deg, start_deg + deg))
    hips_x, hips_y = 300.0, 200.0  # anywhere in the picture
    shoulders = wide("shoulder", 60.0, hips_y - LONG * np.cos(lean), hips_x + LONG * np.sin(lean))
    return seen(wide("hip", 40.0, hips_y, hips_x) | shoulders, "front")


def squat(above_level_deg: float) -> Seen:
    return seen({"hip": at(0.0, 0.0), "knee": along(at(0.0, 0.0), above_level_deg)}, "side")


def knees(in_percent: float, *, thigh_deg: float = 60.0, hips_px: float = 40.0) -> Seen:
    """Return legs from the front: straight for ten frames, then with thighs so far from the vertical."""
    down = np.where(np.arange(N) < 10, 0.0, np.radians(thigh_deg))
    apart = 100.0 * (1.0 - in_percent / 100.0)
    tall = np.sqrt(LONG**2 - ((apart - hips_px) / 2) ** 2)  # so that a straight thigh is as long as LONG
    return seen(
        wide("shoulder", 40.0, -LONG) | wide("hip", hips_px, 0.0)
        | wide("knee", apart, np.where(down > 0, LONG * np.cos(down), tall)) | wide("ankle", 100.0, 2 * LONG),
        "oblique",
    )  # fmt: skip


def flaring(deg: float) -> Seen:
    out = UPPER_ARM_SHARE * LONG * np.sin(np.radians(deg))
    return seen(
        wide("shoulder", 80.0, 0.0) | wide("hip", 40.0, 40.0) | wide("wrist", 80.0, LONG)
        | wide("elbow", 80.0 + 2 * out, 40.0),
        "front",
    )  # fmt: skip


LIMITS = {
    "legs_bend": (legs, 44.0, 46.0),
    "head_drops": (head, 54.0, 56.0),
    "trunk_leans": (lunge, 44.0, 46.0),
    "trunk_leans_in_lunge": (lunge, 19.0, 21.0),
    "trunk_leans_rising": (rising, 44.0, 46.0),
    "trunk_sways": (swaying, 9.0, 11.0),
    "not_deep": (squat, 19.0, 21.0),
    "knees_in": (knees, 19.0, 21.0),
    "elbows_flare": (flaring, 44.0, 46.0),
}


@pytest.mark.parametrize("rule", LIMITS)
def test_a_remark_is_made_above_the_limit_and_not_below(rule: str) -> None:
    done, within, beyond = LIMITS[rule]
    assert is_seen(FORM_RULES[rule], done(within))
    assert judged(FORM_RULES[rule], done(within)) is None
    note = judged(FORM_RULES[rule], done(beyond))
    assert note is not None
    assert note.value == pytest.approx(beyond, abs=0.1)


@pytest.mark.parametrize(("deg", "told"), [(40.0, False), (-60.0, False), (60.0, True)])
def test_a_head_that_is_lifted_does_not_drop(deg: float, told: bool) -> None:
    assert (judged(FORM_RULES["head_drops"], head(deg)) is not None) == told


def test_a_trunk_that_leans_in_sitting_down_does_not_lean_while_rising() -> None:
    lean = np.where(np.arange(N) < 20, 0.0, 60.0)
    height = -np.minimum(np.arange(N), 2 * 19 - np.arange(N)).astype(float)
    assert judged(FORM_RULES["trunk_leans_rising"], seen(leaning(lean, height), "side")) is None


def test_a_hidden_hip_is_no_sway() -> None:
    done = swaying(0.0)
    done.xy_px[15:, Keypoint.LEFT_HIP] = np.nan
    assert judged(FORM_RULES["trunk_sways"], done) is None


@pytest.mark.parametrize(("thigh_deg", "told"), [(44.0, False), (46.0, True)])
def test_knees_of_steep_thighs_are_not_judged(thigh_deg: float, told: bool) -> None:
    assert (judged(FORM_RULES["knees_in"], knees(30.0, thigh_deg=thigh_deg)) is not None) == told


@pytest.mark.parametrize(("hips_px", "told"), [(24.0, False), (26.0, True)])
def test_knees_are_judged_from_where_the_hips_are_a_quarter_of_the_trunk_apart(hips_px: float, told: bool) -> None:
    assert (judged(FORM_RULES["knees_in"], knees(30.0, hips_px=hips_px)) is not None) == told


@pytest.mark.parametrize(("nearly_deg", "told"), [(49.0, False), (51.0, True)])
def test_the_depth_is_that_of_a_moment_and_not_of_one_frame(nearly_deg: float, told: bool) -> None:
    """One frame goes 60 degrees deep; the others are within 10 degrees of it, or are not."""
    thigh_deg = np.full(N, nearly_deg)
    thigh_deg[20] = 60.0
    done = seen({"hip": at(0.0, 0.0), "knee": along(at(0.0, 0.0), 90.0 - thigh_deg)}, "side")
    assert (judged(FORM_RULES["not_deep"], done) is not None) == told
