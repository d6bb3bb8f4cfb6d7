"""The people in a recording of another program: told apart by its own numbers, or followed like those of a video."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitlab.pose.detection import Detection, is_somebody
from gaitlab.pose.follow import Person, PersonTrack, drop_doubles, match
from gaitlab.pose.people import feet_of, join_stretches, whole_track
from gaitlab.records import FloatArray, PoseTrack, Recording
from gaitlab.records.recording import NOBODY_TOLD
from gaitlab.records.skeleton import N_KEYPOINTS

__all__ = ["people_in", "picture_of", "recorded_track", "sole_track"]

_NO_COLOUR = np.full(3, np.nan)


def people_in(recording: Recording) -> tuple[PersonTrack, ...]:
    """Return one track per person, by first appearance and then from left to right.

    Positions that are not known lie in the middle of the others, with score 0. Numbers of people that the file tells
    are believed; stretches of one person under several numbers are joined as in a video.
    """
    seen = np.flatnonzero(is_somebody(recording.score))
    if np.any(recording.who[seen] == NOBODY_TOLD):
        return join_stretches(_followed(recording, seen))
    stretches = []
    for who in np.unique(recording.who[seen]):
        rows = seen[recording.who[seen] == who]
        rows = rows[np.unique(recording.frame[rows], return_index=True)[1]]
        stretches.append(_track(recording, rows))
    return join_stretches(stretches)


def picture_of(recording: Recording) -> tuple[int, int]:
    """Return the size of the picture; where it is not known, that of the part in which people are."""
    if recording.image_wh is not None:
        return recording.image_wh
    far = np.nanmax(recording.xy_px, axis=(0, 1), initial=1.0, where=np.isfinite(recording.xy_px))
    return int(np.ceil(far[0])), int(np.ceil(far[1]))


def recorded_track(person: PersonTrack, recording: Recording) -> PoseTrack:
    """Return a person's track over all frames of the recording; NaN where a point is not known."""
    track = whole_track(person, time_s=recording.time_s, image_wh=picture_of(recording))
    xy_px = np.where(track.score[..., np.newaxis] > 0, track.xy_px, np.nan)
    return replace(track, xy_px=xy_px, image_wh=recording.image_wh)


def sole_track(recording: Recording) -> PoseTrack:
    """Return the track of a recording that shows one person (`Recording.shows_one_person`), with every detection."""
    xy_px = np.full((len(recording), N_KEYPOINTS, 2), np.nan)
    score = np.zeros((len(recording), N_KEYPOINTS))
    xy_px[recording.frame], score[recording.frame] = recording.xy_px, recording.score
    feet = None if recording.feet is None else feet_of(recording.frame, recording.feet, len(recording))
    return PoseTrack(time_s=recording.time_s, xy_px=xy_px, score=score, image_wh=recording.image_wh, feet=feet)


def _filled(recording: Recording, rows: NDArray[np.int64]) -> FloatArray:
    """Return the positions with the middle of the others where one is not known."""
    xy = recording.xy_px[rows]
    known = np.isfinite(xy)
    middle = np.where(known, xy, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.where(known, xy, middle[:, np.newaxis])


def _track(recording: Recording, rows: NDArray[np.int64]) -> PersonTrack:
    return PersonTrack(
        frame=recording.frame[rows],
        time_s=recording.time_s[recording.frame[rows]],
        xy_px=_filled(recording, rows),
        score=recording.score[rows],
        colour=_NO_COLOUR,
        feet=None if recording.feet is None else recording.feet[rows],
    )


def _followed(recording: Recording, rows: NDArray[np.int64]) -> list[PersonTrack]:
    """Follow people from frame to frame by place and size."""
    xy_px, wh = _filled(recording, rows), picture_of(recording)
    people: list[Person] = []
    gone: list[Person] = []
    for frame, detections in _by_frame(recording, rows, xy_px):
        time_s = float(recording.time_s[frame])
        gone += [person for person in people if person.is_lost(time_s)]
        people = [person for person in people if not person.is_lost(time_s)]
        known, new = match(detections, people, frame=frame, time_s=time_s)
        fitting = [(person, detections[i]) for i, person in known.items() if person.fits(detections[i], time_s)]
        for person, detection in drop_doubles(fitting, time_s):
            person.take(detection, frame=frame, time_s=time_s)
        for detection in new:
            person = Person(detection, time_s=time_s, image_wh=wh)
            person.take(detection, frame=frame, time_s=time_s)
            people.append(person)
    return sorted((person.track() for person in (*gone, *people)), key=lambda track: int(track.frame[0]))


def _by_frame(recording: Recording, rows: NDArray[np.int64], xy_px: FloatArray) -> list[tuple[int, list[Detection]]]:
    each: dict[int, list[Detection]] = {}
    for row, xy in zip(rows, xy_px, strict=True):
        feet = None if recording.feet is None else recording.feet[row]
        detection = Detection(xy_px=xy, score=recording.score[row], colour=_NO_COLOUR, feet=feet)
        each.setdefault(int(recording.frame[row]), []).append(detection)
    return list(each.items())
