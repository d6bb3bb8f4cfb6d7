"""The loaded networks and the threads that run them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from queue import SimpleQueue
from typing import TypeVar

import numpy as np

from gaitlab.pose.crop import CropBox, CropSquare, full_box
from gaitlab.pose.detection import Detection
from gaitlab.pose.feet import feet_in
from gaitlab.pose.networks.landmarks import LandmarkModel
from gaitlab.pose.networks.model import PoseModel
from gaitlab.records import FloatArray, Picture, UInt8Array
from gaitlab.records.skeleton import TORSO
from gaitlab.video.picture import resampled, stay_on_calling_thread

__all__ = ["NetworkPool", "cut_box", "detect_in"]

_TORSO = list(TORSO)
M = TypeVar("M", PoseModel, LandmarkModel)
T = TypeVar("T")


class NetworkPool:
    """Interpreters of one network that work side by side, and one interpreter that finds everybody.

    An interpreter does one thing at a time, so each detection borrows one; the result does not depend on which.

    Parameters
    ----------
    models : sequence of PoseModel
        The same network, loaded once for every thread that is to run.
    finder : PoseModel or None
        A network for several people; None: the first of `models` finds one person at a time.
    landmarks : LandmarkModel or None
        The network for feet, one for all threads: it takes less time than the others and much memory. None: nobody
        looks at feet.
    """

    def __init__(
        self,
        models: Sequence[PoseModel],
        finder: PoseModel | None = None,
        landmarks: LandmarkModel | None = None,
    ) -> None:
        self._free: SimpleQueue[PoseModel] = SimpleQueue()
        for model in models:
            self._free.put(model)
        self._finders = self._free
        if finder is not None:
            self._finders = SimpleQueue()
            self._finders.put(finder)
        self.finds_several = finder is not None
        self._landmarks: SimpleQueue[LandmarkModel] = SimpleQueue()
        if landmarks is not None:
            self._landmarks.put(landmarks)
        self.sees_feet = landmarks is not None
        self._threads = ThreadPoolExecutor(
            max_workers=len(models), thread_name_prefix="gaitlab-pose", initializer=stay_on_calling_thread
        )

    def close(self) -> None:
        """Stop the threads after the work they do now."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def detect(self, picture: Picture, square: CropSquare, *, feet: bool = False) -> Future[Detection | None]:
        """Detect the person nearest to the middle of a square; None when nobody is there.

        With `feet`, and where the pool has a network for them, the same thread then looks at the feet.
        """
        return self._threads.submit(self._detected, picture, square, feet=feet and self.sees_feet)

    def _detected(self, picture: Picture, square: CropSquare, *, feet: bool) -> Detection | None:
        found = _borrowing(
            self._free, lambda model: _nearest(detect_in(picture, square.box(model.input_wh), model), square)
        )
        if found is None or not feet:
            return found
        return replace(found, feet=self._feet_of(picture, found))

    def feet(self, picture: Picture, found: Detection) -> Future[FloatArray]:
        """Look at the feet of somebody who was detected; only where the pool has a network for them."""
        return self._threads.submit(self._feet_of, picture, found)

    def _feet_of(self, picture: Picture, found: Detection) -> FloatArray:
        return _borrowing(self._landmarks, lambda model: feet_in(picture, found.xy_px, found.score, model))

    def find(self, picture: Picture) -> Future[tuple[Detection, ...]]:
        """Detect everybody in the whole picture, best first."""
        return self._threads.submit(
            _borrowing, self._finders, lambda model: detect_in(picture, full_box(picture.wh, model.input_wh), model)
        )


def _borrowing(free: SimpleQueue[M], use: Callable[[M], T]) -> T:
    model = free.get()
    try:
        return use(model)
    finally:
        free.put(model)


def detect_in(picture: Picture, box: CropBox, model: PoseModel) -> tuple[Detection, ...]:
    """Return the detections of a network in a box of a picture, which has the shape of its input, best first."""
    cut = cut_box(picture, box, wh=model.input_wh)
    poses = model(cut)
    return tuple(
        Detection(xy_px=box.to_source(xy_unit), score=score, colour=_torso_colour(cut, xy_unit))
        for xy_unit, score in zip(poses.xy_unit, poses.score, strict=True)
    )


def _nearest(detections: Sequence[Detection], square: CropSquare) -> Detection | None:
    if len(detections) < 2:
        return detections[0] if detections else None
    middle = np.array([square.left_px, square.top_px]) + square.side_px / 2
    return min(detections, key=lambda detection: float(np.linalg.norm(detection.middle_px - middle)))


def _torso_colour(cut: UInt8Array, xy_unit: FloatArray) -> FloatArray:
    """Return the mean colour of the middle half of the torso's box; NaN when that lies outside the crop."""
    height, width = cut.shape[:2]
    torso = xy_unit[_TORSO] * np.array([width, height])
    low, high = torso.min(axis=0), torso.max(axis=0)
    quarter = (high - low) / 4
    low, high = np.clip([low + quarter, high - quarter], -1.0, [width, height])  # a network may say any number
    (left, top), (right, bottom) = np.floor(low).astype(int), np.ceil(high).astype(int) + 1
    patch = cut[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    return np.asarray(patch.reshape(-1, 3).mean(axis=0)) if patch.size else np.full(3, np.nan)


def cut_box(picture: Picture, box: CropBox, *, wh: tuple[int, int]) -> UInt8Array:
    """Return `box` of the upright picture as RGB of shape (height, width, 3); black outside the picture.

    Positions from 0 to 1 in the result are those of `CropBox`, exact to a fraction of a pixel.
    """
    return resampled(picture, (box.left_px, box.top_px, box.width_px, box.height_px), wh=wh)
