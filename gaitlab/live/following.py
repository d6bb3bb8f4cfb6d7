"""The tracker of the Live page: it follows one person and searches the whole frame when the person is lost."""

from __future__ import annotations

import numpy as np

from gaitlab.pose.detection import Detection, is_somebody
from gaitlab.pose.follow import Person
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.records import Picture

__all__ = ["Follower"]

_SEARCH_EVERY_S = 0.25  # a search costs as much as a detection; nobody waits longer than that for the skeleton (ours)


class Follower:
    """Follows the largest person before a camera.

    Parameters
    ----------
    pool : NetworkPool
    """

    def __init__(self, pool: NetworkPool) -> None:
        self._pool = pool
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
        middle = np.array(picture.wh) / 2
        # Of two about equally tall, the one nearer to the middle of the picture.
        largest = max(people, key=lambda one: one.extent_px - 0.5 * float(np.linalg.norm(one.middle_px - middle)))
        return Person(largest, time_s=time_s, image_wh=picture.wh, keeps_detections=False)
