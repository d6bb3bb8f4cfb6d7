"""What the live tracker says of given poses, for the scripts of the Live page to say the same.

    python -m tests.live_vectors

writes `tests/data/live_vectors.json`, with which `tests/unit/live/test_live_vectors.py` compares the Python code and
`tests/javascript/live_vectors.test.js` the scripts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import numpy as np

from gaitlab.live import Follower
from gaitlab.live.following import nearest_to
from gaitlab.live.one_euro import OneEuro, OneEuroSettings
from gaitlab.pose.crop import CropSquare, crop_around, full_square, next_crop
from gaitlab.pose.detection import Detection
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.records import FloatArray, Picture
from gaitlab.ui.live.points import RECORD
from gaitlab.video.picture import resampled
from tests.builders import standing

__all__ = ["VECTORS", "live_vectors"]

VECTORS: Final = Path(__file__).parent / "data" / "live_vectors.json"
_WH = (640, 480)


def _body(x_px: float, *, high_px: float = 300.0, top_px: float = 90.0) -> FloatArray:
    """Return a standing body of that height, with its middle at `x_px`, to whole tenths of a pixel."""
    xy = standing(duration_s=0.1).xy_px[0]
    unit = (xy - [(xy[:, 0].min() + xy[:, 0].max()) / 2, xy[:, 1].min()]) / np.ptp(xy[:, 1])
    return np.asarray(np.round(unit * high_px + [x_px, top_px], 1))


def _crops() -> Iterator[dict[str, Any]]:
    """Bodies of any place and size with scores around the limits, and the squares of both rules."""
    rng = np.random.default_rng(28)
    for number in range(24):
        wh = (_WH, (360, 640))[number % 2]
        xy = _body(rng.uniform(-50, wh[0] + 50), high_px=rng.uniform(20, 700), top_px=rng.uniform(-60, 300))
        xy = np.round(xy + rng.normal(0, 8, xy.shape), 1)
        score = np.round(rng.uniform(0.05, 0.9, 17), 2)
        if number % 3 == 0:
            score[5:] = 0.8
        if number % 5 == 0:
            score[[11, 12]] = 0.2  # not above the limit: no hip is seen
        if number == 7:
            score[:] = 0.1
        if number == 9:
            xy[:] = 100.0
            score[:] = 0.9
        yield {
            "wh": wh,
            "xy": xy.tolist(),
            "score": score.tolist(),
            "next": _square(next_crop(xy, score, wh)),
            "around": _square(crop_around(xy, score, wh)),
        }


class _Script:
    """Stands for the networks: says of each square what the story has for it, and notes which squares were asked."""

    finds_several = False

    def __init__(self) -> None:
        self.says: list[Detection] = []
        self.asked: list[list[float]] = []

    def detect(self, picture: Picture, square: CropSquare) -> Future[Detection | None]:
        self.asked.append(_square(square))
        said: Future[Detection | None] = Future()
        said.set_result(self.says.pop(0))
        return said

    def find(self, picture: Picture) -> Future[tuple[Detection, ...]]:
        self.asked.append(_square(full_square(picture.wh)))
        said: Future[tuple[Detection, ...]] = Future()
        said.set_result((self.says.pop(0),))
        return said


def _story() -> Iterator[tuple[float, tuple[int, int], FloatArray, FloatArray]]:
    """Time, size of the picture, and the pose that the network says there, of a walk with everything that happens."""
    rng = np.random.default_rng(5)
    sure, unsure = np.full(17, 0.8), np.full(17, 0.15)
    legs = np.where(np.arange(17) >= 11, 0.7, 0.1)
    for i in range(75):
        time_s, x_px, score, high_px, wh = round(i / 15, 4), 120.0 + 6.0 * i, sure, 300.0, _WH
        if 12 <= i < 15:
            score = legs  # behind a table
        elif 20 <= i < 22:
            x_px += 260.0  # somebody else
        elif 27 <= i < 38:
            score = unsure  # left the picture, for longer than somebody is waited for
        elif i == 45:
            high_px = 120.0  # a reflection
        elif i >= 60:
            wh = (480, 640)  # the phone is turned
        xy = np.round(_body(min(x_px, wh[0] - 60.0), high_px=high_px) + rng.normal(0, 1.5, (17, 2)), 1)
        yield time_s, wh, xy, score


def _following() -> Iterator[dict[str, Any]]:
    script = _Script()
    follower = Follower(cast(NetworkPool, script))
    for time_s, wh, xy, score in _story():
        detection = Detection(xy_px=xy, score=score, colour=np.zeros(3))
        script.says, script.asked = [detection] * 3, []
        picture = Picture.of_rgb(np.zeros((wh[1], wh[0], 3), dtype=np.uint8))
        seen = follower.follow(picture, time_s)
        yield {
            "time_s": time_s,
            "wh": wh,
            "xy": xy.tolist(),
            "score": np.round(score, 2).tolist(),
            "asked": script.asked,
            "seen": seen is not None,
        }


def _choosing() -> Iterator[dict[str, Any]]:
    """Several people, and who of them is followed when somebody points."""
    rng = np.random.default_rng(17)
    for number in range(16):
        people = [
            Detection(
                xy_px=_body(rng.uniform(80, 560), high_px=rng.uniform(150, 330), top_px=rng.uniform(20, 140)),
                score=np.round(rng.uniform(0.1, 0.9, 17), 2),
                colour=np.zeros(3),
            )
            for _ in range(3)
        ]
        at = (round(float(rng.uniform()), 2), round(float(rng.uniform(0.2, 0.8)), 2))
        if number % 2:  # on a body that stands where another one does
            left, top, right, bottom = people[1].box_px
            people[0] = replace(people[1], xy_px=people[1].xy_px + 8.0)
            at = (round(float(left + right + 4) / 2 / _WH[0], 4), round(float(top + bottom + 4) / 2 / _WH[1], 4))
        chosen = nearest_to(people, at, _WH)
        yield {
            "wh": _WH,
            "people": [{"xy": one.xy_px.tolist(), "score": one.score.tolist()} for one in people],
            "at": at,
            "chosen": next(i for i, one in enumerate(people) if one is chosen),
        }


def _smoothing() -> dict[str, Any]:
    """Two coordinates that rest, run, are unknown for a while and come back."""
    rng = np.random.default_rng(3)
    euro, rows = OneEuro(OneEuroSettings(), unit_px=640.0), []
    time_s = np.round(np.cumsum(rng.uniform(0.02, 0.08, 40)), 3)
    for i, at in enumerate(time_s):
        xy = np.round([100.0 + rng.normal(0, 1), 50.0 + max(0, i - 10) * 9.0], 1)
        if 20 <= i < 24:
            xy[1] = np.nan
        smoothed = euro.smooth(float(at), xy)
        rows.append({"time_s": float(at), "positions": _known(xy), "smoothed": _known(np.round(smoothed, 6))})
    return {"unit": 640.0, "rows": rows}


def _sampling() -> dict[str, Any]:
    """A small picture, and squares of it: larger and smaller ones, and some that reach beyond the edges."""
    rng = np.random.default_rng(11)
    wh, size = (24, 18), 6
    rgb = rng.integers(0, 256, (wh[1], wh[0], 3), dtype=np.uint8)
    squares = [
        (0.0, -3.0, 24.0),
        (3.3, 2.1, 6.0),
        (-4.5, -2.5, 13.7),
        (14.2, 7.7, 15.1),
        (5.0, 5.0, 3.0),
        (30.0, 0.0, 9.0),
    ]
    cut = [resampled(Picture.of_rgb(rgb), (x, y, side, side), wh=(size, size)) for x, y, side in squares]
    rgba = np.dstack([rgb, np.full(rgb.shape[:2], 255, dtype=np.uint8)])
    return {
        "wh": wh,
        "size": size,
        "rgba": rgba.ravel().tolist(),
        "squares": squares,
        "rgb": [one.ravel().tolist() for one in cut],
    }


def _record() -> dict[str, Any]:
    """A frame as the page sends it, in hexadecimal digits."""
    xy, score = _body(200.0), np.round(np.linspace(0.1, 0.9, 17), 2)
    record = np.zeros(1, dtype=RECORD)
    record["number"], record["time_s"], record["wh"] = 7, 12.345, _WH
    record["points"] = np.concatenate([xy, score[:, np.newaxis]], axis=1)
    return {
        "number": 7,
        "time_s": 12.345,
        "wh": _WH,
        "xy": xy.tolist(),
        "score": score.tolist(),
        "hex": record.tobytes().hex(),
    }


def _square(square: CropSquare) -> list[float]:
    return [round(value, 6) for value in (square.left_px, square.top_px, square.side_px)]


def _known(values: FloatArray) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def live_vectors() -> dict[str, Any]:
    """Return the poses and what the Python code says of them, as JSON has it."""
    made = {
        "crops": list(_crops()),
        "following": list(_following()),
        "choosing": list(_choosing()),
        "smoothing": _smoothing(),
        "sampling": _sampling(),
        "record": _record(),
    }
    return cast(dict[str, Any], json.loads(json.dumps(made)))


if __name__ == "__main__":
    VECTORS.write_text(json.dumps(live_vectors(), separators=(",", ":")) + "\n", encoding="utf-8")
