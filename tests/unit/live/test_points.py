"""What a browser may send as points, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.errors import InputError
from gaitlab.limits import LIVE_POINTS_MAX
from gaitlab.ui.live.points import RECORD, poses_of


def records(n: int = 1) -> np.ndarray:
    made = np.zeros(n, dtype=RECORD)
    made["number"], made["time_s"], made["wh"] = np.arange(1, n + 1), np.arange(n) / 15, (640, 480)
    made["points"] = (320.0, 240.0, 0.5)
    return made


def test_a_message_holds_the_poses_of_its_frames_in_their_order() -> None:
    sent = records(2)
    sent["points"][1] = 0.0
    first, second = poses_of(sent.tobytes())
    assert (first.number, first.time_s, first.image_wh) == (1, 0.0, (640, 480))
    assert first.detection is not None
    assert first.detection.xy_px[16].tolist() == [320.0, 240.0]
    assert first.detection.score[16] == 0.5
    assert (second.number, second.detection) == (2, None)  # zeros: nobody is seen


def test_a_record_is_seventeen_times_three_numbers_and_sixteen_bytes() -> None:
    assert RECORD.itemsize == 17 * 3 * 4 + 16


@pytest.mark.parametrize("length", [0, 219, 221, 220 * (LIVE_POINTS_MAX + 1)])
def test_another_length_is_refused(length: int) -> None:
    with pytest.raises(InputError, match=f"expected 1 to {LIVE_POINTS_MAX} records of 220 bytes, got {length} bytes"):
        poses_of(bytes(length))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_s", np.nan),
        ("time_s", np.inf),
        ("wh", (0, 480)),
        ("wh", (640, 1921)),
        ("points", (np.nan, 240.0, 0.5)),
        ("points", (320.0, np.inf, 0.5)),
        ("points", (320.0, 240.0, np.nan)),
        ("points", (320.0, 240.0, -0.01)),
        ("points", (320.0, 240.0, 1.01)),
        ("points", (-641.0, 240.0, 0.5)),
        ("points", (320.0, 961.0, 0.5)),
    ],
)
def test_hostile_numbers_are_refused(field: str, value: object) -> None:
    sent = records(3)
    sent[field][1] = value
    with pytest.raises(InputError, match="points: expected"):
        poses_of(sent.tobytes())


@pytest.mark.parametrize("value", [(-640.0, -480.0, 0.0), (1280.0, 960.0, 1.0)])
def test_points_may_lie_a_picture_outside(value: tuple[float, float, float]) -> None:
    sent = records()
    sent["points"][0, 4] = value
    assert len(poses_of(sent.tobytes())) == 1
