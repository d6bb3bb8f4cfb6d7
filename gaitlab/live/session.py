"""One camera: frames in, skeleton, count or cadence and a cue out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from gaitlab.errors import NoPersonError
from gaitlab.gait.symmetry import longer_side
from gaitlab.live.cues import GO_FURTHER, cue_for
from gaitlab.live.one_euro import OneEuro, OneEuroSettings
from gaitlab.live.tally import Shown, Tally, Total
from gaitlab.live.turns import Since, TurnWatch
from gaitlab.live.window import TrackWindow
from gaitlab.metrics.confidence import FAIR_MIN
from gaitlab.pipeline import analyse_track
from gaitlab.pose.detection import Detection
from gaitlab.records import Analysis, ExerciseSummary, FloatArray, Picture, PoseTrack, Repetition, Side, SourceInfo
from gaitlab.repetitions.activities import checked_activity, filming_of
from gaitlab.repetitions.exercises import EXERCISES, REPEATED
from gaitlab.settings import AnalysisSettings

__all__ = ["Follow", "LiveCount", "LiveResult", "LiveSession", "Seen", "believed"]

#: Returns the pose of the person in a frame taken at a time in seconds; None when they are not seen in it.
Follow = Callable[[Picture, float], Detection | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How one kind of activity is followed *(ours)*.

    Attributes
    ----------
    length_s, fps_max : float
        Length of the window in seconds, and its frames per second.
    count_min : int
        Fewer repetitions are not shown: a movement that was not named is only known when it repeats.
    waiting : str
        The cue until there is something else to say.
    """

    length_s: float = 30.0  # the thresholds of a count need a few repetitions, slow ones too
    fps_max: float = 25.0  # of 30 every second one; more give the same count
    count_min: int = 0
    waiting: str = "Ready: begin when you like."


_EXERCISE: Final = _Way()
_SURE_COUNT = 3  # what is not sure is told when so many are; and what turns is known from then on (ours)
_CONFIRMED_S = 1.0  # a count that has seen so much after a turn knows of it (ours)
_UNNAMED_MIN = 6  # from so many repetitions on a movement that has no name is counted as such (ours)
_WAYS: Final[Mapping[str, _Way]] = {
    # A cadence should follow a change of pace, and a heel strike is short.
    "gait": _Way(length_s=12.0, fps_max=30.0, waiting="Walk on at your own pace."),
    # Which body part is counted, up or down, is chosen anew at each detection and sure after a few repetitions.
    REPEATED: _Way(length_s=60.0, count_min=3, waiting="Begin: it is counted from the third time on."),
    "auto": _Way(count_min=3, waiting="Begin: walk, or do an exercise three times; it will be recognised."),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """The pose in one frame.

    Attributes
    ----------
    time_s : float
    xy_px : ndarray, shape (17, 2)
        Smoothed; NaN = unknown.
    image_wh : tuple of int
    count : int or None
        Repetitions since the start, with one that has just turned; None before the first `LiveResult` with a count.
    reach : mapping of side to float
        The way from rest (0) to the turn of a full repetition (1) that the person has come, as in `TurnWatch.reach`.
        Empty for walking, and before an exercise is recognised.
    """

    time_s: float
    xy_px: FloatArray
    image_wh: tuple[int, int]
    count: int | None = None
    reach: Mapping[Side, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveResult:
    """The result of the last stretch of movement.

    Attributes
    ----------
    activity : str
        The activity; "auto" until it is recognised.
    count : int or None
        Repetitions since the start; None for walking, and before a movement is recognised.
    shallow : int
        How many of them are shallow.
    cadence_spm : float or None
        Steps per minute over the last seconds, both feet; None for an exercise, or when withheld.
    tempo_per_min : float or None
        Repetitions per minute over the last 30 s; None for walking, or with fewer than two.
    step_asymmetry_pct : float or None
        How much the step times of the two feet differ, as a share of their mean; None for an exercise, or where it is
        withheld or not sure.
    is_uneven : bool
        That difference is more than what can be measured, as `longer_side` tells.
    phases_s : tuple of float or None
        Way out, hold and way back of the last repetition that has them, in seconds; None before there is one.
    cue : str
        One sentence for the person.
    asks_for_more : bool
        The cue asks to go further; who shall not go so far does not need it.
    """

    activity: str
    count: int | None = None
    shallow: int = 0
    cadence_spm: float | None = None
    tempo_per_min: float | None = None
    step_asymmetry_pct: float | None = None
    is_uneven: bool = False
    phases_s: tuple[float, float, float] | None = None
    cue: str = ""
    asks_for_more: bool = False


class LiveCount:
    """Counts for one person before one camera, whose poses come from elsewhere.

    `take` is for one thread and `read` for one thread; they may be two.

    Parameters
    ----------
    activity : str
        One of `activities()`. With "auto" the first recognised exercise is kept.
    smoothing : OneEuroSettings, optional
        Of the skeleton that is drawn. Counting has its own smoothing, which also uses later frames.

    Raises
    ------
    UsageError
        For another activity.
    """

    def __init__(self, activity: str, *, smoothing: OneEuroSettings | None = None) -> None:
        self._settings = AnalysisSettings(activity=checked_activity(activity))
        self._way = _WAYS.get(activity, _EXERCISE)
        self._smoothing = smoothing or OneEuroSettings()
        self._filter: OneEuro | None = None
        self._window = TrackWindow(length_s=self._way.length_s, fps_max=self._way.fps_max)
        self._tally: Tally | None = None  # begins when the activity is known
        self._total = Total(0, 0)
        self._watch, self._since = TurnWatch(), Since(float("-inf"), float("-inf"))
        self._steady = Shown()
        self._shown = 0 if activity in EXERCISES else None
        self._image_wh = (0, 0)
        self._start_s, self._time_s = float("inf"), float("-inf")
        self._read_return_s = float("-inf")
        self._is_watched = False
        self._lock = threading.Lock()

    def take(self, detection: Detection | None, image_wh: tuple[int, int], time_s: float) -> Seen:
        """Take the pose in the next frame, None where nobody is seen, and return it smoothed.

        ValueError when the frame is not later than the one before.
        """
        if not time_s > self._time_s:
            raise ValueError(f"time_s: expected more than {self._time_s}, got {time_s}")
        self._start_s, self._time_s = min(self._start_s, time_s), time_s
        if self._filter is None or image_wh != self._image_wh:
            self._filter = OneEuro(self._smoothing, unit_px=float(max(image_wh)))
        xy_px = np.full((17, 2), np.nan)
        if detection is not None:
            xy_px = np.where(
                (detection.score >= self._settings.smoothing.score_min)[:, np.newaxis], detection.xy_px, np.nan
            )
        with self._lock:
            self._image_wh = image_wh
            self._window.add(
                time_s, None if detection is None else detection.xy_px, None if detection is None else detection.score
            )
            drawn_px = self._filter.smooth(time_s, xy_px)
            self._watch.add(time_s, drawn_px)
            self._show_turns()
            exercise = EXERCISES.get(self._settings.activity)
            reach = self._watch.reach(exercise, image_wh) if exercise else {}
            count = self._shown
        return Seen(time_s=time_s, xy_px=drawn_px, image_wh=image_wh, count=count, reach=reach)

    def must_be_read(self) -> bool:
        """Return whether repetitions would be lost if many more frames came before the next reading."""
        with self._lock:
            if self._tally is not None:
                return self._tally.is_due(self._time_s)
            return self._settings.activity != "gait" and self._time_s - self._start_s > self._way.length_s / 2

    @property
    def tells_turns(self) -> bool:
        """Whether so many repetitions of an exercise were counted that what turns between two readings is told."""
        return self._is_watched and self._total.count >= _SURE_COUNT

    def may_have_changed(self) -> bool:
        """Return whether a reading may tell another count: somebody came back from another turn, or none is watched."""
        if not self.tells_turns:
            return True
        with self._lock:
            return self._last_return_s() > self._read_return_s

    def _last_return_s(self) -> float:
        exercise = EXERCISES.get(self._settings.activity)
        return self._watch.last_return_s(exercise, self._image_wh) if exercise else float("-inf")

    def read(self) -> LiveResult:
        """Return count or cadence and a cue; takes up to a tenth of a second of the processor.

        The count here is that of the analysis of the window; `take` adds what turns until the next one.
        """
        with self._lock:
            track = self._window.track(self._image_wh) if min(self._image_wh) > 0 else None
            self._read_return_s = max(self._read_return_s, self._last_return_s())  # it leaves the watch in a rest
        analysis = None if track is None else self._analysed(track)
        summary = analysis.exercise if analysis else None
        if (
            self._settings.activity == "auto"
            and summary is not None
            and summary.count >= _enough(summary.name, self._way)
        ):
            # Its first repetitions are still in the window: none is lost.
            self._settings = replace(self._settings, activity=summary.name)
            self._way = _WAYS.get(summary.name, _EXERCISE)
        count = self._counted(summary, track)
        if analysis is not None and count is None:
            analysis = replace(analysis, exercise=None)
        needs = filming_of(self._settings.activity).needs
        cue = cue_for(track, analysis, needs=needs, waiting=self._way.waiting)
        return LiveResult(
            activity="gait" if _value(analysis, "cadence") else self._settings.activity,
            count=count,
            shallow=0 if count is None else self._total.shallow,
            cadence_spm=_value(analysis, "cadence"),
            tempo_per_min=_value(analysis, "tempo"),
            step_asymmetry_pct=_value(analysis, "step_time_symmetry_index", confidence_min=FAIR_MIN),
            is_uneven=analysis is not None and longer_side(analysis.metrics, analysis.subject.view) is not None,
            phases_s=_last_phases(analysis.exercise.repetitions if analysis and analysis.exercise else ()),
            cue=cue,
            asks_for_more=cue == GO_FURTHER,
        )

    def _counted(self, summary: ExerciseSummary | None, track: PoseTrack | None) -> int | None:
        activity = self._settings.activity
        if track is None or activity in ("gait", "auto"):
            return self._shown
        now_s = float(track.time_s[-1])
        if self._tally is None:
            self._tally = Tally(window_s=self._window.length_s, since_s=float(track.time_s[0]))
        repetitions = believed(summary.repetitions if summary else ())
        total = self._tally.update(repetitions, now_s=now_s)
        exercise = EXERCISES.get(activity)
        with self._lock:
            if exercise is not None:
                self._watch.learn(exercise, repetitions, self._image_wh)
                # The last one may not have come back yet; the one before has, or what is watched does not show them.
                self._is_watched = len(repetitions) > 1 and self._read_return_s >= repetitions[-2].start_s
            self._total = total
            self._since = Since(repetitions[-1].turn_s if repetitions else -np.inf, now_s - _CONFIRMED_S)
            if self._shown is None and total.count >= self._way.count_min:
                self._shown = total.count
            self._show_turns()
            return self._shown

    def _show_turns(self) -> None:
        """Show the last count and what has turned since; under the lock, once something is shown."""
        if self._shown is None:
            return
        exercise = EXERCISES.get(self._settings.activity)
        fresh = self._watch.n_turns(exercise, self._since, self._image_wh) if exercise else 0
        self._shown = self._steady.update(self._total.count + fresh, now_s=self._time_s)

    def _analysed(self, track: PoseTrack) -> Analysis | None:
        """Return the analysis of the window, as of a recorded clip; None when nobody is in it."""
        source = SourceInfo(file="live", frames=len(track), duration_s=None, fps_mean=None)
        try:
            return analyse_track(track, self._settings, source=source, live=True)
        except NoPersonError:
            return None


class LiveSession(LiveCount):
    """Follows one person before one camera, and counts.

    `see` is for one thread and `read` for one thread; they may be two.

    Parameters
    ----------
    follow : Follow
        `gaitlab.live.following.Follower.follow` of a loaded pool.
    activity, smoothing
        As for `LiveCount`.
    """

    def __init__(self, follow: Follow, activity: str, *, smoothing: OneEuroSettings | None = None) -> None:
        super().__init__(activity, smoothing=smoothing)
        self._follow = follow

    def see(self, picture: Picture, time_s: float) -> Seen:
        """Take the next frame and return the pose in it; ValueError when it is not later than the one before."""
        return self.take(self._follow(picture, time_s), picture.wh, time_s)


def believed(repetitions: Sequence[Repetition]) -> Sequence[Repetition]:
    """Return the repetitions that are told: not what is unlike the first ones, as taking up a weight is.

    Some more of them show what it was. Where most are unsure, the name of the exercise decides.
    """
    sure = [one for one in repetitions if one.confidence >= FAIR_MIN]
    return sure if len(repetitions) <= 2 * len(sure) < 2 * _SURE_COUNT else repetitions


def _enough(name: str, way: _Way) -> int:
    """Return from how many repetitions on an activity is taken as recognised; a name may yet be found for any one."""
    return _UNNAMED_MIN if name == REPEATED else way.count_min


def _last_phases(repetitions: Sequence[Repetition]) -> tuple[float, float, float] | None:
    """Return the durations of the parts of the last repetition that has all of them."""
    for one in reversed(repetitions):
        if one.outward_s is not None and one.hold_s is not None and one.return_s is not None:
            return round(one.outward_s, 1), round(one.hold_s, 1), round(one.return_s, 1)
    return None


def _value(analysis: Analysis | None, name: str, *, confidence_min: float = 0.0) -> float | None:
    metric = next((one for one in (analysis.metrics if analysis else ()) if one.name == name), None)
    return metric.value if metric and metric.confidence >= confidence_min else None
