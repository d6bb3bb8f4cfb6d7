"""Following people through a clip: the detections of each person, and whether a new detection shows the same person.

A network for one person finds somebody in every frame: when its person leaves, it turns to another person, to a mirror
image or to a poster. So every detection is compared with the expected place and size of the person. A detection that
does not fit is dropped, and a frame without the person stays empty. The limits are *(ours)*; they are wide, because a
wrong detection is mostly far away or of another size.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gaitlab.pose.crop import CropSquare, crop_around, full_square, next_crop, torso_visible
from gaitlab.pose.detection import NO_FEET, Detection, is_same_body, is_somebody
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import FEET, KEYPOINT_SCORE_MIN, N_KEYPOINTS, Keypoint

__all__ = ["Person", "PersonTrack", "drop_doubles", "match"]

# In body extents, the diagonal of the box around what is visible.
_JUMP_MAX = 0.25  # mean distance of the keypoints from where they were expected
_JUMP_MAX_PER_S = 0.5  # and as much more for every second since the last detection
_MATCH_MAX = 0.4
_SIZE_FACTOR = 1.8
_SIZE_TIME_S = 1.0
_LOST_AFTER_S = 0.4
_COAST_MAX_S = 0.4
_STEP_MIN, _STEP_S = 0.15, 1.5  # a walk seen from the side has 0.23 and more, from the front 0.07 at most
_ANKLES = [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE]
_FEET_VALUES = 3 * len(FEET)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonTrack:
    """One person over the frames in which they were seen.

    Attributes
    ----------
    frame : ndarray of int, shape (M,)
        Increasing.
    time_s : ndarray, shape (M,)
    xy_px : ndarray, shape (M, 17, 2)
    score : ndarray, shape (M, 17)
    colour : ndarray, shape (3,)
        Median torso colour, NaN when unknown.
    feet : ndarray, shape (M, 4, 3), or None
        As in `Detection`; None where nobody looked for them.
    """

    frame: NDArray[np.int64]
    time_s: FloatArray
    xy_px: FloatArray
    score: FloatArray
    colour: FloatArray
    feet: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.frame)


class _Detections:
    """Detections by frame, kept as plain numbers: a long clip has many."""

    def __init__(self) -> None:
        self.frames, self.times = array("q"), array("d")
        self.xy, self.scores, self.colours, self.feet = array("d"), array("d"), array("d"), array("d")
        self.looked = array("b")  # at the feet of this frame

    def append(self, detection: Detection, *, frame: int, time_s: float) -> None:
        self.frames.append(frame)
        self.times.append(time_s)
        self.xy.frombytes(detection.xy_px.tobytes())
        self.scores.frombytes(detection.score.tobytes())
        self.colours.frombytes(detection.colour.tobytes())
        self.looked.append(detection.feet is not None)
        self.feet.frombytes((NO_FEET if detection.feet is None else detection.feet).tobytes())

    def put_before(self, others: _Detections) -> None:
        """Add detections that were taken going back in time."""
        for own, earlier, width in (
            (self.frames, others.frames, 1),
            (self.times, others.times, 1),
            (self.xy, others.xy, N_KEYPOINTS * 2),
            (self.scores, others.scores, N_KEYPOINTS),
            (self.colours, others.colours, 3),
            (self.feet, others.feet, _FEET_VALUES),
            (self.looked, others.looked, 1),
        ):
            rows = np.frombuffer(earlier, dtype=earlier.typecode).reshape(-1, width)[::-1]
            own[:0] = array(own.typecode, rows.tobytes())

    def at(self, frame: int) -> Detection | None:
        row = bisect_left(self.frames, frame)
        if row == len(self.frames) or self.frames[row] != frame:
            return None
        n, m = N_KEYPOINTS, _FEET_VALUES
        return Detection(
            xy_px=np.array(self.xy[row * 2 * n : (row + 1) * 2 * n]).reshape(n, 2),
            score=np.array(self.scores[row * n : (row + 1) * n]),
            colour=np.array(self.colours[row * 3 : (row + 1) * 3]),
            feet=np.array(self.feet[row * m : (row + 1) * m]).reshape(-1, 3) if self.looked[row] else None,
        )

    def put_feet(self, frame: int, feet: FloatArray) -> None:
        """Add feet to the detection of a frame."""
        row, m = bisect_left(self.frames, frame), _FEET_VALUES
        self.feet[row * m : (row + 1) * m] = array("d", feet.tobytes())
        self.looked[row] = 1


class Person:
    """A person who is followed: the detections taken so far, and the place and size expected next.

    Parameters
    ----------
    anchor : Detection
        Where the person was found.
    time_s : float
        When.
    image_wh : tuple of int
    keeps_detections : bool
        Whether the detections are wanted afterwards (`at`, `track`); a camera that runs for hours does not need them.

    Attributes
    ----------
    extent_px : float
        Size of the body, averaged over about a second.
    last_s : float
        Time of the last detection, or of the anchor.
    """

    def __init__(
        self, anchor: Detection, *, time_s: float, image_wh: tuple[int, int], keeps_detections: bool = True
    ) -> None:
        self.extent_px = anchor.extent_px
        self.last_s = time_s
        self._last = anchor
        self._velocity = np.zeros(2)
        self._image_wh = image_wh
        self._keeps_detections = keeps_detections
        self._detections = _Detections()
        # Time, and how far right of the right ankle the left one is.
        self._apart_px: deque[tuple[float, float]] = deque()

    def __len__(self) -> int:
        return len(self._detections.frames)

    def _expected_move_px(self, time_s: float) -> FloatArray:
        """Return the expected shift of the body since the last detection: constant velocity, but not for long."""
        return self._velocity * float(np.clip(time_s - self.last_s, -_COAST_MAX_S, _COAST_MAX_S))

    def square(self, time_s: float) -> CropSquare:
        """Return the crop in which to search for the person at that time."""
        crop = next_crop if torso_visible(self._last.score) else crop_around
        square = crop(self._last.xy_px, self._last.score, self._image_wh)
        if square == full_square(self._image_wh):
            return square
        across_px, down_px = self._expected_move_px(time_s)
        return replace(square, left_px=square.left_px + float(across_px), top_px=square.top_px + float(down_px))

    def surprise(self, detection: Detection, time_s: float) -> float:
        """Return the mean distance of a detection's keypoints from where they are expected, in body extents."""
        return self._last.apart_px(detection, moved_px=self._expected_move_px(time_s)) / self.extent_px

    def fits(self, detection: Detection, time_s: float) -> bool:
        """Whether a detection can show this person: enough is seen, near the expected place, of about the same size."""
        if (
            not is_somebody(detection.score)
            or not 1 / _SIZE_FACTOR <= detection.extent_px / self.extent_px <= _SIZE_FACTOR
        ):
            return False
        return self.surprise(detection, time_s) <= _JUMP_MAX + _JUMP_MAX_PER_S * abs(time_s - self.last_s)

    def take(self, detection: Detection, *, frame: int, time_s: float) -> None:
        """Add a detection that fits; going back in time is possible too."""
        step_s = time_s - self.last_s
        if step_s:
            self._velocity = 0.5 * self._velocity + 0.5 * self._last.travel_px(detection) / step_s
            self.extent_px += (1 - np.exp(-abs(step_s) / _SIZE_TIME_S)) * (detection.extent_px - self.extent_px)
        self._last, self.last_s = detection, time_s
        if detection.score[_ANKLES].min() >= KEYPOINT_SCORE_MIN:
            self._apart_px.append((time_s, float(np.subtract(*detection.xy_px[_ANKLES, 0]))))
        while self._apart_px and abs(time_s - self._apart_px[0][0]) > _STEP_S:
            self._apart_px.popleft()
        if self._keeps_detections:
            self._detections.append(detection, frame=frame, time_s=time_s)

    def at(self, frame: int) -> Detection | None:
        """Return the detection taken in a frame, None when there was none."""
        return self._detections.at(frame)

    def put_feet(self, frame: int, feet: FloatArray) -> None:
        """Add feet, shape (4, 3), to the detection taken in a frame."""
        self._detections.put_feet(frame, feet)

    def put_before(self, earlier: Person) -> None:
        """Add the detections of a person who was followed back in time from this one's first detection."""
        self._detections.put_before(earlier._detections)

    def steps(self) -> bool:
        """Whether the person steps across the picture: the ankles passed one another in the last 1.5 s *(ours)*."""
        apart_px = [px for _, px in self._apart_px]
        passed = bool(apart_px) and min(apart_px) < 0 < max(apart_px)
        return passed and max(apart_px) - min(apart_px) > _STEP_MIN * self.extent_px

    def is_lost(self, time_s: float) -> bool:
        """Whether the last detection is too old to follow the person further."""
        return abs(time_s - self.last_s) > _LOST_AFTER_S

    def is_double(self, detection: Detection, frame: int) -> bool:
        """Whether a detection shows the body that was taken for this person in a frame."""
        own = self.at(frame)
        return own is not None and is_same_body(own, detection)

    def distance(self, found: Detection, *, frame: int, time_s: float) -> float:
        """Return the distance of a detection from this person, in body extents; infinite at another size."""
        if not 1 / _SIZE_FACTOR <= found.extent_px / self.extent_px <= _SIZE_FACTOR:
            return float("inf")
        own = self.at(frame)
        return self.surprise(found, time_s) if own is None else own.apart_px(found) / self.extent_px

    def track(self) -> PersonTrack:
        """Return all detections in order of time."""
        detections = self._detections
        colours = np.array(detections.colours).reshape(-1, 3)
        known = colours[np.isfinite(colours).all(axis=1)]
        return PersonTrack(
            frame=np.array(detections.frames, dtype=np.int64),
            time_s=np.array(detections.times),
            xy_px=np.array(detections.xy).reshape(-1, N_KEYPOINTS, 2),
            score=np.array(detections.scores).reshape(-1, N_KEYPOINTS),
            colour=np.median(known, axis=0) if len(known) else np.full(3, np.nan),
            feet=np.array(detections.feet).reshape(-1, len(FEET), 3) if any(detections.looked) else None,
        )


def drop_doubles(detections: Sequence[tuple[Person, Detection]], time_s: float) -> list[tuple[Person, Detection]]:
    """Return the detections without those that show the same body as another one.

    When two people meet, both detections may turn to the person in front. The detection then belongs to the person who
    was expected there; the other person is hidden.
    """
    if len(detections) < 2:
        return list(detections)
    kept: list[tuple[Person, Detection]] = []
    for person, detection in sorted(detections, key=lambda pair: pair[0].surprise(pair[1], time_s)):
        if not any(is_same_body(detection, other) for _, other in kept):
            kept.append((person, detection))
    return kept


def match(
    found: Sequence[Detection], people: Sequence[Person], *, frame: int, time_s: float
) -> tuple[dict[int, Person], list[Detection]]:
    """Match the people found in a whole frame with the people followed.

    Parameters
    ----------
    found : sequence of Detection
    people : sequence of Person
        Those followed now.
    frame : int
        The frame that was searched.
    time_s : float
        Its time.

    Returns
    -------
    known : dict
        From an index into `found` to the person; nearest first, one to one.
    new : list of Detection
        The others, without those that lie on a known person or on each other.
    """
    pairs = sorted(
        (person.distance(detection, frame=frame, time_s=time_s), i, j)
        for i, detection in enumerate(found)
        for j, person in enumerate(people)
    )
    known: dict[int, Person] = {}
    taken: set[int] = set()
    for distance, i, j in pairs:
        if distance <= _MATCH_MAX and i not in known and j not in taken:
            known[i] = people[j]
            taken.add(j)
    bodies = [found[i] for i in known]
    new: list[Detection] = []
    for i, detection in enumerate(found):
        if i not in known and not any(is_same_body(detection, body) for body in (*bodies, *new)):
            new.append(detection)
    return known, new
