"""Whose track is it: telling the subject from a reflection, a poster or a smaller bystander.

MoveNet SinglePose finds somebody in every picture. Two rules keep the track on one person: while the person followed is
poorly seen, the whole picture is looked at again from time to time, and a clearly larger person takes over
(`is_clearer`); and afterwards, stretches of the track that show somebody much smaller are removed (`keep_subject`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitlab.skeleton import TORSO
from gaitlab.types import FloatArray, PoseTrack, SubjectPerson

__all__ = ["Subject", "is_clearer", "is_doubtful", "keep_subject", "seen_frames"]

_SCORE_MIN = 0.3
_SEEN_MIN_KEYPOINTS = 6
_DOUBT_BELOW = 0.5
_LARGER_FACTOR = 1.5
_SMALLER_FACTOR = 0.5
_JUMP_TORSOS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """The subject's track and who was seen.

    Attributes
    ----------
    track : PoseTrack
        Rows that show somebody else are NaN with score 0.
    people : tuple of SubjectPerson
        In order of appearance.
    left_out_s : float
        How long somebody else was followed.
    """

    track: PoseTrack
    people: tuple[SubjectPerson, ...]
    left_out_s: float


def seen_frames(score: FloatArray) -> NDArray[np.bool_]:
    """Return, for scores of shape (T, 17), where at least six keypoints reach 0.3; shape (T,)."""
    return np.asarray((score >= _SCORE_MIN).sum(axis=1) >= _SEEN_MIN_KEYPOINTS)


def _extent_px(xy_px: FloatArray, score: FloatArray) -> float:
    """Return the diagonal of the box around the visible keypoints, 0 when fewer than six are visible."""
    visible = xy_px[score >= _SCORE_MIN]
    return float(np.hypot(*np.ptp(visible, axis=0))) if len(visible) >= _SEEN_MIN_KEYPOINTS else 0.0


def is_doubtful(score: FloatArray) -> bool:
    """Return whether a pose with these scores, shape (17,), is seen so poorly that a second look pays."""
    return bool(score.mean() < _DOUBT_BELOW)


def is_clearer(candidate_xy_px: FloatArray, candidate_score: FloatArray, xy_px: FloatArray, score: FloatArray) -> bool:
    """Return whether a second pose is a larger and no worse seen person than the one followed."""
    larger = _extent_px(candidate_xy_px, candidate_score) > _LARGER_FACTOR * _extent_px(xy_px, score)
    return larger and bool(candidate_score.mean() >= 0.9 * score.mean())


def _segments(track: PoseTrack) -> list[NDArray[np.intp]]:
    """Return the seen frames, split where the person followed may have changed (the torso jumps)."""
    seen = np.flatnonzero(seen_frames(track.score))
    if seen.size == 0:
        return []
    torso = track.xy_px[seen][:, list(TORSO)]
    centre = torso.mean(axis=1)
    length = np.linalg.norm(torso[:, :2].mean(axis=1) - torso[:, 2:].mean(axis=1), axis=1)
    moved = np.linalg.norm(np.diff(centre, axis=0), axis=1)
    jump = moved > _JUMP_TORSOS * np.maximum(length[1:], length[:-1])
    return np.split(seen, np.flatnonzero(jump) + 1)


def _box(track: PoseTrack, frame: int) -> tuple[int, int, int, int]:
    visible = track.xy_px[frame][track.score[frame] >= _SCORE_MIN]
    (left, top), (right, bottom) = visible.min(axis=0), visible.max(axis=0)
    return round(left), round(top), round(right), round(bottom)


def keep_subject(track: PoseTrack) -> Subject:
    """Keep the most prominent person of a track and blank the rows that show somebody much smaller.

    The track is split where the torso jumps by more than its own length between two frames. The stretch with the
    largest sum of body extent times mean score is the subject; stretches whose extent (75th percentile) is less than
    half of that one's are somebody else. Parameters *(ours)*.

    Parameters
    ----------
    track : PoseTrack
        Without NaN.

    Returns
    -------
    Subject
        With no people and the track unchanged when nobody was seen.
    """
    segments = _segments(track)
    if not segments:
        return Subject(track=track, people=(), left_out_s=0.0)
    extents = [np.array([_extent_px(track.xy_px[i], track.score[i]) for i in rows]) for rows in segments]
    size = np.array([np.percentile(extent, 75) for extent in extents])
    weight = [
        float(np.sum(extent * track.score[rows].mean(axis=1))) for extent, rows in zip(extents, segments, strict=True)
    ]
    other = size < _SMALLER_FACTOR * size[int(np.argmax(weight))]
    own_rows = np.concatenate([rows for rows, is_other in zip(segments, other, strict=True) if not is_other])
    if not other.any():
        return Subject(track=track, people=_people(track, own_rows, []), left_out_s=0.0)
    other_rows = [rows for rows, is_other in zip(segments, other, strict=True) if is_other]
    xy_px, score = track.xy_px.copy(), track.score.copy()
    for rows in other_rows:
        # Unseen frames between two looks at somebody else are not the subject either.
        span = slice(rows[0], rows[-1] + 1)
        xy_px[span], score[span] = np.nan, 0.0
    return Subject(
        track=PoseTrack(time_s=track.time_s, xy_px=xy_px, score=score, image_wh=track.image_wh),
        people=_people(track, own_rows, other_rows),
        left_out_s=_duration_s(track, other_rows),
    )


def _duration_s(track: PoseTrack, rows_of_others: list[NDArray[np.intp]]) -> float:
    return float(sum(track.time_s[rows[-1]] - track.time_s[rows[0]] for rows in rows_of_others))


def _people(
    track: PoseTrack, own_rows: NDArray[np.intp], other_rows: list[NDArray[np.intp]]
) -> tuple[SubjectPerson, ...]:
    """List the subject, and everybody else as one more person (they cannot be told apart here)."""
    groups = [own_rows] + ([np.concatenate(other_rows)] if other_rows else [])
    return tuple(
        SubjectPerson(
            index=number,
            first_s=float(track.time_s[rows[0]]),
            last_s=float(track.time_s[rows[-1]]),
            box_px=_box(track, int(rows[0])),
        )
        for number, rows in enumerate(sorted(groups, key=lambda rows: int(rows[0])), start=1)
    )
