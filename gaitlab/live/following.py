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

__all__ = ["Follower", "nearest_to"]

_OFF_MIDDLE = 0.5  # so much of the way from the middle counts against the size (ours)
_GONE_AFTER_S = 2.0  # who was not looked for so long may be anywhere (ours)
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

        The tracker follows the same person until they are looked for and lost for 0.4 s, even when somebody else comes
        nearer. A machine that looks more rarely than that does not lose them by it.
        """
        if picture.wh != self._image_wh:  # the camera was turned or changed
            self._person, self._image_wh = None, picture.wh
        if self._person is not None and time_s - self._person.last_s <= _GONE_AFTER_S:
            detection = self._detected(self._person, picture, time_s)
            if detection is not None or not self._person.is_lost(time_s):
                return detection
        self._person = self._found(picture, time_s)
        return None if self._person is None else self._detected(self._person, picture, time_s)

    def _detected(self, person: Person, picture: Picture, time_s: float) -> Detection | None:
        detection = self._pool.detect(picture, person.square(time_s)).result()
        if detection is None or not person.fits(detection, time_s):
            return None
        person.take(detection, frame=0, time_s=time_s)
        return detection

    def _found(self, picture: Picture, time_s: float) -> Person | None:
        if time_s - self._searched_s < _SEARCH_EVERY_S:
            return None
        self._searched_s = time_s
        people = [detection for detection in self._pool.find(picture).result() if is_somebody(detection.score)]
        if not people:
            return None
        chosen = _nearest(people, picture.wh) if self._at is None else nearest_to(people, self._at, picture.wh)
        self._at = None
        return Person(chosen, time_s=time_s, image_wh=picture.wh, keeps_detections=False)


def _nearest(people: Sequence[Detection], image_wh: tuple[int, int]) -> Detection:
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
