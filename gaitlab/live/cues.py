"""Cues for the person before the camera: one short sentence at a time, the most urgent one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from gaitlab.pose.detection import is_somebody
from gaitlab.records import Analysis, ExerciseSummary, PoseTrack, Repetition
from gaitlab.records.skeleton import Keypoint
from gaitlab.repetitions.exercise_row import InSight
from gaitlab.settings import SmoothingSettings

__all__ = ["GO_FURTHER", "cue_for", "joints_needed"]

_NOBODY: Final = "Nobody is seen: step back until your whole body is in the picture."
_LOOKING: Final = "One moment…"
GO_FURTHER: Final = "The last one was shallow: go further."
_GOOD: Final = "Good."

_SCORE_MIN = SmoothingSettings().score_min
_SEEN_SHARE_MIN = 0.5  # of the last second and a half (ours)
_RECENT_S = 1.5
_FORM_SHOWN_S = 6.0  # longer than that after a repetition its note is not about what one is doing now (ours)

#: What must be in the picture for anything to be measured: joints, and what to do when they are not seen.
_NEEDED: Final[Sequence[tuple[tuple[Keypoint, Keypoint], str]]] = (
    ((Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER), "Your shoulders are not seen: step back or tilt the camera."),
    ((Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP), "Your hips are not seen: step back or tilt the camera."),
)
#: And for some activities.
_NEEDED_FOR: Final[Mapping[InSight, tuple[tuple[Keypoint, Keypoint], str]]] = {
    "feet": ((Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE), "Your feet are not seen: step back or tilt the camera."),
    "hands": ((Keypoint.LEFT_WRIST, Keypoint.RIGHT_WRIST), "Your hands are not seen: step back or turn a little."),
}


def joints_needed(needs: Sequence[InSight]) -> tuple[tuple[Keypoint, Keypoint], ...]:
    """Return the pairs of joints of which one must be seen; `needs` as for `cue_for`."""
    return tuple(joints for joints, _ in _needed(needs))


def _needed(needs: Sequence[InSight]) -> tuple[tuple[tuple[Keypoint, Keypoint], str], ...]:
    return (*_NEEDED, *(_NEEDED_FOR[name] for name in needs))


def cue_for(recent: PoseTrack | None, analysis: Analysis | None, *, needs: Sequence[InSight], waiting: str) -> str:
    """Return one sentence for the person.

    Parameters
    ----------
    recent : PoseTrack or None
        The last frames; None before there are any.
    analysis : Analysis or None
        Of the last stretch; None when nobody was seen in it.
    needs : sequence of {"hands", "feet"}
        What the activity cannot be counted without.
    waiting : str
        What to say when all is well and nothing has just happened.
    """
    if recent is None:
        return _LOOKING
    recent = _last(recent, _RECENT_S)
    if np.mean(is_somebody(recent.score)) < _SEEN_SHARE_MIN:
        return _NOBODY
    if analysis is None:
        return _LOOKING
    for joints, sentence in _needed(needs):
        # One of the two is enough: from the side the far one is hidden.
        if np.mean((recent.score[:, list(joints)] >= _SCORE_MIN).any(axis=1)) < _SEEN_SHARE_MIN:
            return sentence
    if analysis.exercise is not None:
        return _exercise_cue(analysis.exercise, now_s=float(recent.time_s[-1])) or waiting
    return _gait_cue(analysis) or waiting


def _last(track: PoseTrack, length_s: float) -> PoseTrack:
    rows = track.time_s > track.time_s[-1] - length_s
    return PoseTrack(
        time_s=track.time_s[rows], xy_px=track.xy_px[rows], score=track.score[rows], image_wh=track.image_wh
    )


def _exercise_cue(summary: ExerciseSummary, *, now_s: float) -> str:
    """Return the cue on the last repetition, empty without one or when it is long ago."""
    done = [one for one in summary.repetitions if one.is_whole]
    last = max(done, key=lambda one: one.turn_s, default=None)
    if last is None or now_s - last.end_s > _FORM_SHOWN_S:
        return ""
    if last.is_shallow:
        return GO_FURTHER
    return _form_words(last) or _GOOD


def _form_words(repetition: Repetition) -> str:
    """Return the first form note as a sentence, empty without any."""
    if not repetition.form:
        return ""
    text = repetition.form[0].text
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _gait_cue(analysis: Analysis) -> str:
    """Return the reason why there is no cadence, empty when there is one."""
    cadence = next((one for one in analysis.metrics if one.name == "cadence"), None)
    return (cadence.reason if cadence else None) or ""
