"""Where the person is in this frame: one person, looked for anew when lost."""

from __future__ import annotations

import numpy as np

from gaitlab.pose.crew import Crew
from gaitlab.pose.follow import Person
from gaitlab.pose.look import Look, is_somebody
from gaitlab.records import Picture

__all__ = ["Follower"]

_SEARCH_EVERY_S = 0.25  # a search costs as much as a look; nobody waits longer than that for the skeleton (ours)


class Follower:
    """Follows the largest person before a camera.

    Parameters
    ----------
    crew : Crew
    """

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._person: Person | None = None
        self._image_wh = (0, 0)
        self._searched_s = float("-inf")

    def follow(self, picture: Picture, time_s: float) -> Look | None:
        """Return the pose in this picture; None when nobody is seen, or when what is seen cannot be the same person.

        Whoever is followed stays the one until lost for 0.4 s, even when somebody else comes nearer.
        """
        if picture.wh != self._image_wh:  # the camera was turned or changed
            self._person, self._image_wh = None, picture.wh
        if self._person is not None and self._person.is_lost(time_s):
            self._person = None
        if self._person is None:
            self._person = self._found(picture, time_s)
        return self._looked_at(picture, time_s)

    def _looked_at(self, picture: Picture, time_s: float) -> Look | None:
        if self._person is None:
            return None
        look = self._crew.look(picture, self._person.square(time_s)).result()
        if look is None or not self._person.fits(look, time_s):
            return None
        self._person.take(look, frame=0, time_s=time_s)
        return look

    def _found(self, picture: Picture, time_s: float) -> Person | None:
        if time_s - self._searched_s < _SEARCH_EVERY_S:
            return None
        self._searched_s = time_s
        people = [look for look in self._crew.find(picture).result() if is_somebody(look.score)]
        if not people:
            return None
        middle = np.array(picture.wh) / 2
        # Of two about equally tall, the one nearer to the middle of the picture.
        largest = max(people, key=lambda one: one.extent_px - 0.5 * float(np.linalg.norm(one.middle_px - middle)))
        return Person(largest, time_s=time_s, image_wh=picture.wh, keeps_looks=False)
