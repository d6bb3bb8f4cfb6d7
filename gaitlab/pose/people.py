"""The people in a clip, and the choice of the subject among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from gaitlab.errors import UsageError
from gaitlab.pose.detection import NO_FEET
from gaitlab.pose.follow import PersonTrack
from gaitlab.records import FeetTrack, FloatArray, PoseTrack, SubjectPerson
from gaitlab.records.skeleton import FEET, KEYPOINT_SCORE_MIN, N_KEYPOINTS, TORSO
from gaitlab.settings import PoseSettings

__all__ = ["choose_subject", "feet_of", "is_same_person", "join_stretches", "list_people", "whole_track"]

_SIZE_FACTOR = 1.6
_COLOUR_MAX = 70.0
_PERSON_MIN_S = 0.3
_OVERLAP_MAX_S = 0.5
_MOVEMENT_OVER_S = 0.25
_MOVEMENT_FULL_PER_S = 0.25
_MOVEMENT_LEAST = 0.1
_UPRIGHT_PERCENTILE = 90  # of the extents
_SAME_MAX = 0.06  # of the body's size: two models lie about 0.03 apart (ours)
_RIVAL_MIN = 0.4
_TORSO = list(TORSO)


def extents_px(track: PersonTrack) -> FloatArray:
    """Return the diagonal of the box around the visible keypoints of each detection, shape (M,)."""
    xy_px = np.where(track.score[..., None] >= KEYPOINT_SCORE_MIN, track.xy_px, np.nan)
    return np.asarray(np.hypot(*(np.nanmax(xy_px, axis=1) - np.nanmin(xy_px, axis=1)).T))


def join_stretches(stretches: Sequence[PersonTrack]) -> tuple[PersonTrack, ...]:
    """Return one track per person, by first appearance and then from left to right.

    The stretches of a person who was lost, or left and came back, are joined. A person seen for less than 0.3 s counts
    only when there is nobody else.

    A later stretch belongs to the person whose track ends nearest to it, who was not seen at the same time, whose size
    at the end is within a factor of 1.6 and whose torso has about the same colour *(ours)*.
    """
    people: list[PersonTrack] = []
    for stretch in sorted(stretches, key=lambda one: int(one.frame[0])):
        candidates = [i for i, person in enumerate(people) if _may_follow(person, stretch)]
        if candidates:
            i = max(candidates, key=lambda i: int(people[i].frame[-1]))
            people[i] = _joined(people[i], stretch)
        else:
            people.append(stretch)
    lasting = [person for person in people if person.time_s[-1] - person.time_s[0] >= _PERSON_MIN_S] or people
    return tuple(sorted(lasting, key=lambda one: (int(one.frame[0]), float(one.xy_px[0, _TORSO, 0].mean()))))


def _may_follow(person: PersonTrack, stretch: PersonTrack) -> bool:
    if stretch.time_s[0] < person.time_s[-1] - _OVERLAP_MAX_S or stretch.time_s[-1] <= person.time_s[-1]:
        return False
    ratio = np.median(extents_px(stretch)[:10]) / np.median(extents_px(person)[-10:])
    if not 1 / _SIZE_FACTOR <= ratio <= _SIZE_FACTOR:
        return False
    difference = np.linalg.norm(person.colour - stretch.colour)
    return not difference > _COLOUR_MAX  # unknown colours do not part


def _joined(first: PersonTrack, second: PersonTrack) -> PersonTrack:
    """Join two stretches; where they overlap the second one counts, since the first was about to be lost."""
    n = int(np.searchsorted(first.frame, second.frame[0]))
    return PersonTrack(
        frame=np.concatenate([first.frame[:n], second.frame]),
        time_s=np.concatenate([first.time_s[:n], second.time_s]),
        xy_px=np.concatenate([first.xy_px[:n], second.xy_px]),
        score=np.concatenate([first.score[:n], second.score]),
        colour=first.colour if len(first) >= len(second) else second.colour,
        feet=_feet_of_both(first, second, n),
    )


def _feet_of_both(first: PersonTrack, second: PersonTrack, n: int) -> FloatArray | None:
    if first.feet is None and second.feet is None:
        return None
    before, after = (np.tile(NO_FEET, (len(one), 1, 1)) if one.feet is None else one.feet for one in (first, second))
    return np.concatenate([before[:n], after])


def _movement_per_s(track: PersonTrack) -> FloatArray:
    """Return the speed of the visible keypoints at each detection, in body extents per second; shape (M,)."""
    later = np.minimum(np.searchsorted(track.time_s, track.time_s + _MOVEMENT_OVER_S), len(track) - 1)
    step_s = np.maximum(track.time_s[later] - track.time_s, 1e-9)
    seen = (track.score >= KEYPOINT_SCORE_MIN) & (track.score[later] >= KEYPOINT_SCORE_MIN)
    away = np.where(seen, np.linalg.norm(track.xy_px[later] - track.xy_px, axis=2), 0.0)
    mean_px = away.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return np.asarray(np.where(later > np.arange(len(track)), mean_px / step_s, 0.0) / np.median(extents_px(track)))


def _prominence(track: PersonTrack, image_wh: tuple[int, int]) -> float:
    """Return the sum over a person's detections of size x score x centrality x movement.

    Size is the square of the extent when upright, as the area in the picture: who stands in the room before a
    television is the larger one, and stays so in a squat. Centrality falls from 1 in the middle column to 0.5 at the
    edge. Movement counts fully from a quarter of a body extent per second on, as in slow squats with rests, and a tenth
    without any, so that a poster or a bystander does not outweigh the person who moves *(ours)*. How low somebody's
    feet are in the picture does not count: they also are low of a bystander who is nearer.
    """
    middle = image_wh[0] / 2
    central = 1 - 0.5 * np.abs(track.xy_px[:, _TORSO, 0].mean(axis=1) - middle) / middle
    moving = np.clip(_movement_per_s(track) / _MOVEMENT_FULL_PER_S, _MOVEMENT_LEAST, 1.0)
    upright_px = float(np.percentile(extents_px(track), _UPRIGHT_PERCENTILE))
    return upright_px**2 * float(np.sum(track.score.mean(axis=1) * np.clip(central, 0.5, 1.0) * moving))


def choose_subject(
    people: Sequence[PersonTrack],
    *,
    image_wh: tuple[int, int],
    settings: PoseSettings,
    evidence: Callable[[int], float],
) -> int:
    """Return the position of the subject among the people seen, at least one.

    Parameters
    ----------
    people : sequence of PersonTrack
        As `join_stretches` returns them.
    image_wh : tuple of int
    settings : PoseSettings
        `subject` says who: "auto" the most prominent one, "largest", "center", or a number from 1; `subject_at` goes
        before it.
    evidence : callable
        Tells of a position how sure it is, 0..1, that this person does something that can be measured. Asked only when
        there is a choice: "auto" weighs prominence by 1 + evidence among all who have at least 0.4 of the highest
        prominence *(ours)*, so that the one who walks goes before the one who stands by.

    Raises
    ------
    UsageError
        When there is no such person.
    """
    everybody = range(len(people))
    if settings.subject_at is not None:
        return _at(people, settings.subject_at)
    if settings.subject == "auto":
        weight = [_prominence(person, image_wh) for person in people]
        rivals = [i for i in everybody if weight[i] >= _RIVAL_MIN * max(weight)]
        return rivals[0] if len(rivals) == 1 else max(rivals, key=lambda i: weight[i] * (1 + evidence(i)))
    if settings.subject == "largest":
        return max(everybody, key=lambda i: float(np.median(extents_px(people[i]))))
    if settings.subject == "center":
        middle = np.array(image_wh) / 2
        return min(
            everybody,
            key=lambda i: float(np.median(np.linalg.norm(people[i].xy_px[:, _TORSO].mean(axis=1) - middle, axis=1))),
        )
    if not 1 <= int(settings.subject) <= len(people):
        told = f"subject {settings.subject}: expected a number from 1 to {len(people)}, as many people were seen"
        raise UsageError(
            f"{told}; `--subject auto` takes the most prominent one", on_page=f"{told}; 0 under Person finds one"
        )
    return int(settings.subject) - 1


def whole_track(person: PersonTrack, *, time_s: FloatArray, image_wh: tuple[int, int]) -> PoseTrack:
    """Return a track with a row for every frame of the clip: NaN with score 0 where the person was not seen."""
    xy_px, score = np.full((len(time_s), N_KEYPOINTS, 2), np.nan), np.zeros((len(time_s), N_KEYPOINTS))
    xy_px[person.frame], score[person.frame] = person.xy_px, person.score
    feet = None if person.feet is None else feet_of(person.frame, person.feet, len(time_s))
    return PoseTrack(time_s=time_s, xy_px=xy_px, score=score, image_wh=image_wh, feet=feet)


def feet_of(frame: NDArray[np.int64], feet: FloatArray, n: int) -> FeetTrack:
    """Return feet, shape (M, 4, 3), in these of the `n` frames of a clip; NaN with score 0 in the others."""
    xy_px, score = np.full((n, len(FEET), 2), np.nan), np.zeros((n, len(FEET)))
    xy_px[frame], score[frame] = feet[..., :2], feet[..., 2]
    return FeetTrack(xy_px=xy_px, score=score)


def is_same_person(one: PoseTrack, other: PoseTrack) -> bool:
    """Return whether two raw tracks of one file follow the same person.

    Their keypoints must lie near each other: by the median over all that both know at the same times, within 6 % of
    the body's size, which is the median diagonal of the box around it *(ours)*. Two people who are never seen at the
    same time are two.
    """
    _, mine, theirs = np.intersect1d(one.time_s, other.time_s, return_indices=True)
    xy_px = one.xy_px[mine]
    apart_px = np.linalg.norm(xy_px - other.xy_px[theirs], axis=2)
    both = np.isfinite(apart_px)
    seen = both.any(axis=1)
    if not seen.any():
        return False
    wh_px = np.nanmax(xy_px[seen], axis=1) - np.nanmin(xy_px[seen], axis=1)
    return bool(np.median(apart_px[both]) <= _SAME_MAX * np.median(np.hypot(*wh_px.T)))


def list_people(people: Sequence[PersonTrack]) -> tuple[SubjectPerson, ...]:
    """Return the time and first place of each person in the clip, numbered from 1."""
    return tuple(_listed(number, track) for number, track in enumerate(people, start=1))


def _at(people: Sequence[PersonTrack], at: tuple[float, float, float]) -> int:
    """Return the person nearest to a point (s, px, px) at that time, in body extents."""
    when_s, *point = at

    def away(track: PersonTrack) -> float:
        row = int(np.argmin(np.abs(track.time_s - when_s)))
        distance = np.linalg.norm(track.xy_px[row, _TORSO].mean(axis=0) - point) / extents_px(track)[row]
        return float(distance + abs(track.time_s[row] - when_s))

    return min(range(len(people)), key=lambda i: away(people[i]))


def _listed(number: int, track: PersonTrack) -> SubjectPerson:
    visible = track.xy_px[0][track.score[0] >= KEYPOINT_SCORE_MIN]
    (left, top), (right, bottom) = visible.min(axis=0), visible.max(axis=0)
    return SubjectPerson(
        index=number,
        first_s=float(track.time_s[0]),
        last_s=float(track.time_s[-1]),
        box_px=(round(left), round(top), round(right), round(bottom)),
    )
