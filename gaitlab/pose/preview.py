"""A preview of the people in a clip, from a few of its frames: who they are, and who of them stands out."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gaitlab.pose.detection import Detection, is_somebody
from gaitlab.pose.engine import PoseEngine, find_poses
from gaitlab.pose.estimate import FOLLOWED_MAX, NEW_MIN_SHARE
from gaitlab.pose.follow import PersonTrack
from gaitlab.pose.people import choose_subject
from gaitlab.records import Frame
from gaitlab.settings import PoseSettings

__all__ = ["BestView", "best_view_of_people", "who_stands_out"]

# The finder is fast but takes some objects for people; the best few frames are searched again with the slow network.
_MEASURED = 3
# In body extents, a moment later: a runner's stride, and nobody else (ours).
_SAME_WITHIN = 0.6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BestView:
    """One frame of a clip and the people in it who can be followed.

    Attributes
    ----------
    frame : Frame
    people : tuple of Detection
        From left to right.
    """

    frame: Frame
    people: tuple[Detection, ...]

    @property
    def gap(self) -> float:
        """Least distance between the middles of two neighbours, in extents of the larger; infinite below two people."""
        return min((_apart(one, other) for one, other in pairwise(self.people)), default=float("inf"))

    @property
    def worth(self) -> tuple[int, float]:
        """Sort key of the frame, larger is better: first the number of people, then the distance between them."""
        return len(self.people), self.gap


def best_view_of_people(frames: Iterable[Frame], engine: PoseEngine) -> BestView | None:
    """Return the frame with the most people; among equals the one where they are farthest apart, then the first.

    Parameters
    ----------
    frames : iterable of Frame
        A few of a clip's.
    engine : PoseEngine

    Returns
    -------
    BestView or None
        Without people where no frame shows anybody; None without a frame.
    """
    found = (BestView(frame=frame, people=_followed(engine.pool.find(frame.picture).result())) for frame in frames)
    best = heapq.nlargest(_MEASURED, found, key=lambda one: one.worth)
    measured = [BestView(frame=one.frame, people=_followed(find_poses(one.frame.picture, engine))) for one in best]
    return max(measured, key=lambda one: one.worth, default=None)


def who_stands_out(
    now: Sequence[Detection], later: Sequence[Detection], *, apart_s: float, image_wh: tuple[int, int]
) -> Detection:
    """Return whom an analysis would most likely measure, of the people in one frame.

    Parameters
    ----------
    now : sequence of Detection
        At least one.
    later : sequence of Detection
        The people in a frame shortly after, which tells who moves; may be empty.
    apart_s : float
        Time between the two frames.
    image_wh : tuple of int

    Returns
    -------
    Detection
        One of `now`: the most prominent, see `gaitlab.pose.people.choose_subject`.
    """
    tracks = [_track_of(one, _again(one, later), apart_s=apart_s) for one in now]
    return now[choose_subject(tracks, image_wh=image_wh, settings=PoseSettings(), evidence=lambda _: 0.0)]


def _again(one: Detection, later: Sequence[Detection]) -> Detection | None:
    """Return the same person a moment later: who is nearest, if that is near enough; else None."""
    nearest = min(later, key=lambda other: _apart(one, other), default=None)
    return nearest if nearest is not None and _apart(one, nearest) <= _SAME_WITHIN else None


def _track_of(one: Detection, again: Detection | None, *, apart_s: float) -> PersonTrack:
    seen = [one] if again is None else [one, again]
    return PersonTrack(
        frame=np.arange(len(seen)),
        time_s=np.array([0.0, apart_s])[: len(seen)],
        xy_px=np.array([pose.xy_px for pose in seen]),
        score=np.array([pose.score for pose in seen]),
        colour=one.colour,
    )


def _followed(poses: Iterable[Detection]) -> tuple[Detection, ...]:
    """Return the people whom an analysis would follow: at most three, none much smaller than another."""
    people = [pose for pose in poses if is_somebody(pose.score)]
    by_size = sorted(people, key=lambda pose: -pose.extent_px)[:FOLLOWED_MAX]
    tall = [pose for pose in by_size if pose.extent_px >= NEW_MIN_SHARE * by_size[0].extent_px]
    return tuple(sorted(tall, key=lambda pose: float(pose.middle_px[0])))


def _apart(one: Detection, other: Detection) -> float:
    x_px, y_px = other.middle_px - one.middle_px
    return float((x_px**2 + y_px**2) ** 0.5 / max(one.extent_px, other.extent_px))
