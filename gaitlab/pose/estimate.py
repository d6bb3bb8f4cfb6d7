"""From frames to the tracks of the people in them.

The crop for a frame comes from the person's detection three frames before, so that two interpreters always have work
while the next frame is decoded. The margins of the crop and the person's velocity make up for this lag. From time to
time the whole frame is searched for people. The most recent frames are kept, so that a newcomer can be followed back to
the frame in which they came into view. The result depends on the frames alone, never on the number of threads.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gaitlab.errors import InputError
from gaitlab.pose.detection import Detection, is_somebody
from gaitlab.pose.follow import Person, PersonTrack, drop_doubles, match
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.records import FloatArray, Frame
from gaitlab.video.picture import shrunk

__all__ = ["FOLLOWED_MAX", "NEW_MIN_SHARE", "TrackedPeople", "estimate_people"]

_LAG_FRAMES = 3
_SEARCH_LAG_FRAMES = 4
_SEARCH_EVERY_S = 1.0
_SEARCH_UNSURE_S = 0.1  # while nobody is followed, or two bodies overlap
# Recent frames are kept small: they only serve to follow newcomers back.
_KEEP_S, _KEEP_SIDE_PX, _KEEP_BYTES = 1.2, 960, 64 << 20
_OUT_OF_SIGHT_S = 0.15
FOLLOWED_MAX = 3
# Of the largest person's extent: who is smaller is not followed; a mirror image across the room has about 0.3.
NEW_MIN_SHARE, _FOLLOWED_MIN_SHARE = 0.5, 0.35


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrackedPeople:
    """Everybody who was followed through a clip.

    Attributes
    ----------
    stretches : tuple of PersonTrack
        Uninterrupted stretches, by first appearance: somebody who comes back is listed again.
    time_s : ndarray, shape (T,)
        Of every frame of the clip.
    is_repeat : ndarray of bool, shape (T,)
        Where the frame repeats the frame before.
    """

    stretches: tuple[PersonTrack, ...]
    time_s: FloatArray
    is_repeat: NDArray[np.bool_]


def estimate_people(
    frames: Iterable[Frame],
    pool: NetworkPool,
    *,
    feet: bool = False,
    on_frame: Callable[[int], None] | None = None,
) -> TrackedPeople:
    """Follow everybody through a clip.

    Parameters
    ----------
    frames : iterable of Frame
        In time order, all of one size; only those of the last 1.2 s are kept.
    pool : NetworkPool
    feet : bool
        Whether to look at the feet of those who step (`Person.steps`), too, where the pool can.
    on_frame : callable, optional
        Called with the number of frames done; an exception it raises stops the work.

    Raises
    ------
    InputError
        When there is no frame.
    """
    tracker: _Tracker | None = None
    times, repeats = array("d"), bytearray()
    with closing(_decoded_ahead(frames)) as decoded:  # also on an error: the reader must be at rest before it is closed
        for frame in decoded:
            tracker = tracker or _Tracker(pool, frame.picture.wh, feet=feet)
            tracker.go_on(frame)
            times.append(frame.time_s)
            repeats.append(frame.is_repeat)
            if on_frame is not None:
                on_frame(len(times))
    if tracker is None:
        raise InputError("no frame could be decoded from this file; export the clip again as MP4 (H.264)")
    return TrackedPeople(
        stretches=tracker.end(), time_s=np.array(times), is_repeat=np.frombuffer(repeats, dtype=np.bool_)
    )


def _decoded_ahead(frames: Iterable[Frame]) -> Generator[Frame]:
    """Yield the frames; each is decoded while the frame before is processed."""
    iterator = iter(frames)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="gaitlab-decode") as decoder:
        coming = decoder.submit(next, iterator, None)
        while (frame := coming.result()) is not None:
            coming = decoder.submit(next, iterator, None)
            yield frame


class _Tracker:
    """The tracker: the people followed now, the detections under way, and the most recent frames."""

    def __init__(self, pool: NetworkPool, image_wh: tuple[int, int], *, feet: bool) -> None:
        self._pool = pool
        self._feet = feet and pool.sees_feet
        self._stepping: set[Person] = set()
        self._image_wh = image_wh
        self._people: list[Person] = []
        self._gone: list[Person] = []
        self._detections: deque[tuple[Frame, list[tuple[Person, Future[Detection | None]]]]] = deque()
        self._search: tuple[Frame, Future[tuple[Detection, ...]]] | None = None
        self._searched_s = float("-inf")
        self._unsure = True
        self._recent: deque[Frame] = deque()

    def go_on(self, frame: Frame) -> None:
        """Take the detections that are due and start those at this frame."""
        self._take_detections(before=frame.index - _LAG_FRAMES + 1)
        if self._search and self._search[0].index <= frame.index - _SEARCH_LAG_FRAMES:
            self._take_search()
        if not self._recent:  # where the first frame shows people is not left to the lag
            self._start_search(frame)
            self._take_search()
        self._let_go(frame.time_s)
        due = [one for one in self._people if one.last_s < frame.time_s]
        self._detections.append((frame, [(one, self._detect(one, frame)) for one in due]))
        every_s = _SEARCH_UNSURE_S if self._unsure or not self._people else _SEARCH_EVERY_S
        if self._search is None and frame.time_s - self._searched_s >= every_s:
            self._start_search(frame)
        self._keep(frame)

    def end(self) -> tuple[PersonTrack, ...]:
        """Take the detections under way, search the last frame, and return everybody."""
        last = self._recent[-1]
        self._take_detections(before=last.index + 1)
        if self._search:
            self._take_search()
        if self._searched_s < last.time_s:
            self._start_search(last)
            self._take_search()
        tracks = [person.track() for person in (*self._gone, *self._people) if len(person)]
        return tuple(sorted(tracks, key=lambda track: (track.frame[0], track.xy_px[0, :, 0].mean())))

    def _detect(self, person: Person, frame: Frame) -> Future[Detection | None]:
        feet = self._feet and person.steps()
        return self._pool.detect(frame.picture, person.square(frame.time_s), feet=feet)

    def _keep(self, frame: Frame) -> None:
        small = replace(frame, picture=shrunk(frame.picture, side_px=_KEEP_SIDE_PX))
        self._recent.append(small)
        n_max = max(1, _KEEP_BYTES // small.picture.nbytes)
        while len(self._recent) > n_max or frame.time_s - self._recent[0].time_s > _KEEP_S:
            self._recent.popleft()

    def _take_detections(self, *, before: int) -> None:
        while self._detections and self._detections[0][0].index < before:
            frame, detections = self._detections.popleft()
            fitting = []
            for person, future in detections:
                detection = future.result()
                if detection is not None and person in self._people and person.fits(detection, frame.time_s):
                    fitting.append((person, detection))
            kept = drop_doubles(fitting, frame.time_s)
            for person, detection in kept:
                person.take(detection, frame=frame.index, time_s=frame.time_s)
                if self._feet:
                    self._look_at_feet(person, frame, detection)
            self._unsure = len(kept) < len(detections)

    def _look_at_feet(self, person: Person, frame: Frame, detection: Detection) -> None:
        """Look where nobody did yet: in this frame, and once the person begins to step in the recent ones as well."""
        if not person.steps():
            self._stepping.discard(person)
            return
        unseen = [(frame, detection)] if detection.feet is None else []
        if person not in self._stepping:
            earlier = ((one, person.at(one.index)) for one in self._recent if one.index < frame.index)
            unseen += [(one, found) for one, found in earlier if found is not None and found.feet is None]
        self._stepping.add(person)
        looks = [(one.index, self._pool.feet(one.picture, found)) for one, found in unseen]
        for index, look in looks:
            person.put_feet(index, look.result())

    def _let_go(self, time_s: float) -> None:
        """Stop following people who are lost, and people who are much smaller than somebody else."""
        largest = max((one.extent_px for one in self._people), default=0.0)
        for person in self._people.copy():
            if person.is_lost(time_s) or person.extent_px < _FOLLOWED_MIN_SHARE * largest:
                self._people.remove(person)
                self._gone.append(person)

    def _start_search(self, frame: Frame) -> None:
        self._search = (frame, self._pool.find(frame.picture))
        self._searched_s = frame.time_s

    def _take_search(self) -> None:
        """Begin to follow the people who are new, and again those who were lost."""
        assert self._search is not None
        frame, future = self._search
        self._search = None
        found = [detection for detection in future.result() if is_somebody(detection.score)]
        known, new = match(found, self._people, frame=frame.index, time_s=frame.time_s)
        for i, person in known.items():
            if person.last_s < frame.time_s - _OUT_OF_SIGHT_S:
                self._people.remove(person)
                self._gone.append(person)
                self._begin(found[i], frame)
        sizes = [one.extent_px for one in self._people] + [one.extent_px for one in new]
        largest = max(sizes, default=0.0)
        for detection in sorted(new, key=lambda detection: -detection.extent_px):
            if len(self._people) < FOLLOWED_MAX and detection.extent_px >= NEW_MIN_SHARE * largest:
                self._begin(detection, frame)

    def _begin(self, anchor: Detection, frame: Frame) -> None:
        """Follow a person from the frame in which they were found: back to where they came in, then up to now."""
        at = next((i for i, one in enumerate(self._recent) if one.index == frame.index), len(self._recent))
        kept = list(self._recent)
        person = Person(anchor, time_s=frame.time_s, image_wh=self._image_wh)
        self._follow_through(person, [frame, *kept[at + 1 :]])
        first = person.at(frame.index)
        if first is not None:
            before = Person(first, time_s=frame.time_s, image_wh=self._image_wh)
            self._follow_through(before, kept[:at][::-1])
            person.put_before(before)
        self._people.append(person)

    def _follow_through(self, person: Person, frames: Sequence[Frame]) -> None:
        """Detect in one frame after the other until the person is lost, or is somebody who is followed already."""
        others = [one for one in (*self._people, *self._gone[-2 * FOLLOWED_MAX :]) if one is not person]
        for frame in frames:
            detection = self._detect(person, frame).result()
            if detection is not None and person.fits(detection, frame.time_s):
                if any(one.is_double(detection, frame.index) for one in others):
                    return
                person.take(detection, frame=frame.index, time_s=frame.time_s)
            elif person.is_lost(frame.time_s):
                return
