"""The tracker of the Live page: it follows one person and searches the whole frame when the person is lost.

Of several people it follows the nearest one, who is seen largest, and of two as near the one in the middle; or whom
somebody pointed at.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gaitlab.pose.detection import Detection, is_somebody
from gaitlab.pose.follow import Person
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.records import FloatArray, Picture

__all__ = ["Follower", "nearest", "nearest_to"]

_OFF_MIDDLE = 0.5  # so much of the way from the middle counts against the size (ours)
_SEARCH_EVERY_S = 0.25  # a search costs as much as a detection; nobody waits longer than that for the skeleton (ours)


class Follower:
    """Follows one person before a camera.

    Parameters
    ----------
    pool : NetworkPool
    at : tuple of float, optional
        Where the person stands who is followed first, as shares of the picture's width and height.
    """

    def __init__(self, pool: NetworkPool, *, at: tuple[float, float] | None = None) -> None:
        self._pool = pool
        self._at = at
        self._person: Person | None = None
        self._image_wh = (0, 0)
        self._searched_s = float("-inf")

    def follow(self, picture: Picture, time_s: float) -> Detection | None:
        """Return the pose in this frame; None when nobody is seen, or when the detection cannot be the same person.

        The tracker follows the same person until they are lost for 0.4 s, even when somebody else comes nearer.
        """
        if picture.wh != self._image_wh:  # the camera was turned or changed
            self._person, self._image_wh = None, picture.wh
        if self._person is not None and self._person.is_lost(time_s):
            self._person = None
        if self._person is None:
            self._person = self._found(picture, time_s)
        return self._detected_in(picture, time_s)

    def _detected_in(self, picture: Picture, time_s: float) -> Detection | None:
        if self._person is None:
            return None
        detection = self._pool.detect(picture, self._person.square(time_s)).result()
        if detection is None or not self._person.fits(detection, time_s):
            return None
        self._person.take(detection, frame=0, time_s=time_s)
        return detection

    def _found(self, picture: Picture, time_s: float) -> Person | None:
        if time_s - self._searched_s < _SEARCH_EVERY_S:
            return None
        self._searched_s = time_s
        people = [detection for detection in self._pool.find(picture).result() if is_somebody(detection.score)]
        if not people:
            return None
        chosen = nearest(people, picture.wh) if self._at is None else nearest_to(people, self._at, picture.wh)
        self._at = None
        return Person(chosen, time_s=time_s, image_wh=picture.wh, keeps_detections=False)


def nearest(people: Sequence[Detection], image_wh: tuple[int, int]) -> Detection:
    """Return who is nearest to the camera: the largest, and of two about as large the one nearer to the middle."""
    middle = np.array(image_wh) / 2
    return max(people, key=lambda one: one.extent_px - _OFF_MIDDLE * float(np.linalg.norm(one.middle_px - middle)))


def nearest_to(people: Sequence[Detection], at: tuple[float, float], image_wh: tuple[int, int]) -> Detection:
    """Return who is nearest to a place of the picture, given as shares of its width and height."""
    place_px = np.array(at) * image_wh
    return min(people, key=lambda one: (_outside_px(one, place_px), float(np.linalg.norm(one.middle_px - place_px))))


def _outside_px(detection: Detection, place_px: FloatArray) -> float:
    """Return how far a place is from the box of a body, 0 inside of it."""
    left, top, right, bottom = detection.box_px
    nearest_px = np.clip(place_px, [left, top], [right, bottom])
    return float(np.linalg.norm(place_px - nearest_px))
