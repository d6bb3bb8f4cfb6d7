"""One camera: frames in, skeleton, count or cadence and a cue out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.errors import NoPersonError, UsageError
from gaitlab.exercises import EXERCISES
from gaitlab.live.cues import cue_for
from gaitlab.live.one_euro import OneEuro, OneEuroSettings
from gaitlab.live.tally import Tally
from gaitlab.live.window import TrackWindow
from gaitlab.pipeline import analyse_track
from gaitlab.pose.look import Look
from gaitlab.settings import AnalysisSettings
from gaitlab.types import Analysis, FloatArray, Picture, PoseTrack, SourceInfo

__all__ = ["LIVE_ACTIVITIES", "Follow", "LiveSession", "Reading", "Seen"]

#: Returns the pose of the person in a picture taken at a time in seconds; None when they are not seen in it.
Follow = Callable[[Picture, float], Look | None]

#: What can be followed live; there is no "auto": who stands before the camera knows what they do.
LIVE_ACTIVITIES: Final[tuple[str, ...]] = ("gait", *EXERCISES)

# Seconds looked back, and frames a second of them (ours). A cadence should follow a change of pace, and a heel strike
# is short; the thresholds of a count need a few repetitions, slow ones too, and half the frames give the same count.
_GAIT_WINDOW = (12.0, 30.0)
_EXERCISE_WINDOW = (30.0, 15.0)
_GAIT_ANGLES = ("left_knee", "right_knee")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """The pose in one frame.

    Attributes
    ----------
    time_s : float
    xy_px : ndarray, shape (17, 2)
        Smoothed; NaN = unknown.
    image_wh : tuple of int
    """

    time_s: float
    xy_px: FloatArray
    image_wh: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the last stretch of movement shows.

    Attributes
    ----------
    count : int or None
        Full repetitions since the start; None for walking.
    cadence_spm : float or None
        Steps a minute over the last 12 s, both feet; None for an exercise, or when withheld.
    tempo_per_min : float or None
        Repetitions a minute over the last 30 s; None for walking, or with fewer than two.
    cue : str
        One sentence for the person.
    """

    count: int | None = None
    cadence_spm: float | None = None
    tempo_per_min: float | None = None
    cue: str = ""


class LiveSession:
    """Follows one person before one camera.

    `see` is for one thread and `read` for one thread; they may be two.

    Parameters
    ----------
    follow : Follow
        `gaitlab.live.following.Follower.follow` of a loaded crew.
    activity : str
        One of `LIVE_ACTIVITIES`.
    smoothing : OneEuroSettings, optional
        Of the skeleton that is drawn. Counting smooths on its own: it has the last seconds at hand, before and after.

    Raises
    ------
    UsageError
        For another activity.
    """

    def __init__(self, follow: Follow, activity: str, *, smoothing: OneEuroSettings | None = None) -> None:
        if activity not in LIVE_ACTIVITIES:
            raise UsageError(f"activity {activity[:40]!r} is not available; choose one of {', '.join(LIVE_ACTIVITIES)}")
        self._settings = AnalysisSettings(activity=activity)
        self._angles = _GAIT_ANGLES if activity == "gait" else EXERCISES[activity].angles
        self._follow = follow
        self._smoothing = smoothing or OneEuroSettings()
        self._filter: OneEuro | None = None
        length_s, fps_max = _GAIT_WINDOW if activity == "gait" else _EXERCISE_WINDOW
        self._window = TrackWindow(length_s=length_s, fps_max=fps_max)
        self._tally = Tally()
        self._image_wh = (0, 0)
        self._time_s = float("-inf")
        self._lock = threading.Lock()

    def see(self, picture: Picture, time_s: float) -> Seen:
        """Take the next frame and return the pose in it; ValueError when it is not later than the one before."""
        if not time_s > self._time_s:
            raise ValueError(f"time_s: expected more than {self._time_s}, got {time_s}")
        self._time_s = time_s
        if self._filter is None or picture.wh != self._image_wh:
            self._filter = OneEuro(self._smoothing, unit_px=float(max(picture.wh)))
        look = self._follow(picture, time_s)
        xy_px = np.full((17, 2), np.nan)
        if look is not None:
            xy_px = np.where((look.score >= self._settings.smoothing.score_min)[:, np.newaxis], look.xy_px, np.nan)
        with self._lock:
            self._image_wh = picture.wh
            self._window.add(time_s, None if look is None else look.xy_px, None if look is None else look.score)
        return Seen(time_s=time_s, xy_px=self._filter.smooth(time_s, xy_px), image_wh=picture.wh)

    def read(self) -> Reading:
        """Return count or cadence and a cue; takes about a tenth of a second of the processor."""
        with self._lock:
            track = self._window.track(self._image_wh) if min(self._image_wh) > 0 else None
        analysis = None if track is None else self._analysed(track)
        cue = cue_for(track, analysis, angles=self._angles)
        if self._settings.activity == "gait":
            return Reading(cadence_spm=_value(analysis, "cadence"), cue=cue)
        repetitions = analysis.exercise.repetitions if analysis and analysis.exercise else ()
        return Reading(
            count=self._tally.update(repetitions, now_s=0.0 if track is None else float(track.time_s[-1])),
            tempo_per_min=_value(analysis, "tempo"),
            cue=cue,
        )

    def _analysed(self, track: PoseTrack) -> Analysis | None:
        """Return what the recorded clip of these seconds would give; None when nobody is in it."""
        source = SourceInfo(file="live", frames=len(track), duration_s=None, fps_mean=None)
        try:
            return analyse_track(track, self._settings, source=source)
        except NoPersonError:
            return None


def _value(analysis: Analysis | None, name: str) -> float | None:
    return next((one.value for one in (analysis.metrics if analysis else ()) if one.name == name), None)
