"""Settings of every stage: frozen, range-checked, with units in their names.

Defaults carry their source; *(ours)* marks our own choice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from gaitlab.errors import UsageError
from gaitlab.records.skeleton import KEYPOINT_SCORE_MIN

__all__ = [
    "DEFAULT_MODEL",
    "GAP_MAX_S",
    "MARKED_WALKS_M",
    "PUT_RIGHT",
    "SUBJECTS",
    "AnalysisSettings",
    "GaitSettings",
    "PoseSettings",
    "RepetitionSettings",
    "ScaleLine",
    "SmoothingSettings",
    "WalkingTestSettings",
    "put_right_of",
    "real_rate",
]

DEFAULT_MODEL = "movenet-thunder-fp16"
#: Names for the subject beside a number.
SUBJECTS = ("auto", "largest", "center")
#: Longest gap in a movement that is bridged (Stenum et al. 2021).
GAP_MAX_S = 0.12
_SCALE_MIN_PX = 10.0  # a click is sure to a pixel or two: nearer points would make more than a tenth of error (ours)


def _check_range(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise UsageError(f"{name}: expected a value from {low:g} to {high:g}, got {value:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseSettings:
    """How poses are estimated.

    Attributes
    ----------
    model : str
        Name in the model manifest, or a .tflite file of MoveNet or PoseNet.
    workers : int or None
        Interpreter threads; None = as many as the machine has cores, at most 4. The result does not depend on it.
    subject : str
        Who is analysed when several people are seen: "auto" (the most prominent one), "largest", "center", or a number
        from 1, by first appearance and then from left to right.
    subject_at : tuple of float or None
        Or whoever is nearest to a point of the upright picture at a moment: seconds, x and y in pixels.
    feet : bool
        Whether a second network looks at heels and toes while somebody steps across the picture, for a third more time,
        where the activity is walking or running or still to be found. They are drawn, kept and exported; of walking the
        angle at which a foot lands is given, the other numbers of feet in a video are withheld.
    """

    model: str = DEFAULT_MODEL
    workers: int | None = None
    subject: str = "auto"
    subject_at: tuple[float, float, float] | None = None
    feet: bool = True

    def __post_init__(self) -> None:
        _check_range("workers", self.workers, 1, 64)
        if self.subject not in SUBJECTS and not (self.subject.isdecimal() and int(self.subject) >= 1):
            raise UsageError(f"subject: expected {', '.join(SUBJECTS)} or a number from 1, got {self.subject!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmoothingSettings:
    """How keypoint tracks are cleaned.

    Attributes
    ----------
    score_min : float
        Keypoints scored lower are unknown (MoveNet model card).
    hampel_window : int
        Odd number of samples; where they last longer than 0.5 s, nothing is called an outlier.
    hampel_n_mad : float
        Outlier limit in scaled median absolute deviations *(ours; Sports2D uses 2)*.
    gap_max_s : float
        Longest gap that is interpolated (Stenum et al. 2021).
    cutoff_hz : float
        Low-pass cutoff of the two passes together: 6 Hz for walking (Winter 2009). It serves running too *(ours)*: hip
        and knee of a recorded run at 174 steps/min come within 1.1 degrees, 0.7 at 10 Hz, with keypoints that shake by
        1 px, and within 1.4 at either with 2 px; heel strikes are the same.
    run_min : int
        Shortest contiguous run, in samples, that is filtered.
    """

    score_min: float = KEYPOINT_SCORE_MIN
    hampel_window: int = 7
    hampel_n_mad: float = 3.0
    gap_max_s: float = GAP_MAX_S
    cutoff_hz: float = 6.0
    run_min: int = 10

    def __post_init__(self) -> None:
        _check_range("score_min", self.score_min, 0.0, 1.0)
        _check_range("hampel_window", self.hampel_window, 3, 99)
        _check_range("hampel_n_mad", self.hampel_n_mad, 0.5, 100.0)
        _check_range("gap_max_s", self.gap_max_s, 0.0, 2.0)
        _check_range("cutoff_hz", self.cutoff_hz, 0.1, 100.0)
        _check_range("run_min", self.run_min, 4, 1000)
        if self.hampel_window % 2 == 0:
            raise UsageError(f"hampel_window: expected an odd number of samples, got {self.hampel_window}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GaitSettings:
    """How gait events are found (Zeni et al. 2008) and which values are plausible.

    Attributes
    ----------
    prominence_share : float
        Least prominence of an event as a share of the signal's range.
    distance_share : float
        Least distance of two events of one foot as a share of the stride period.
    stride_min_s, stride_max_s : float
    cadence_min_spm, cadence_max_spm : float
        Outside of these no cadence is given (mobgap for walking, widened to running).
    disagreement_max, disagreement_refused : float
        Share by which the spectral cadence may differ before it is reported, and before no cadence is given *(ours)*.
    speed_min_mps, speed_max_mps : float
        Outside of these no lengths are given (mobgap: 0.08 m/s; the fastest sprinters run 12.4 m/s).
    """

    prominence_share: float = 0.10
    distance_share: float = 0.40
    stride_min_s: float = 0.4
    stride_max_s: float = 3.0
    cadence_min_spm: float = 40.0
    cadence_max_spm: float = 230.0
    disagreement_max: float = 0.05
    disagreement_refused: float = 0.20
    speed_min_mps: float = 0.08
    speed_max_mps: float = 12.5

    def __post_init__(self) -> None:
        _check_range("prominence_share", self.prominence_share, 0.0, 1.0)
        _check_range("distance_share", self.distance_share, 0.0, 1.0)
        _check_range("stride_min_s", self.stride_min_s, 0.1, 10.0)
        _check_range("stride_max_s", self.stride_max_s, self.stride_min_s, 20.0)
        _check_range("cadence_min_spm", self.cadence_min_spm, 1.0, 500.0)
        _check_range("cadence_max_spm", self.cadence_max_spm, self.cadence_min_spm, 500.0)
        _check_range("disagreement_max", self.disagreement_max, 0.0, 1.0)
        _check_range("disagreement_refused", self.disagreement_refused, self.disagreement_max, 1.0)
        _check_range("speed_min_mps", self.speed_min_mps, 0.0, 20.0)
        _check_range("speed_max_mps", self.speed_max_mps, self.speed_min_mps, 20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepetitionSettings:
    """How repetitions are counted: two thresholds (hysteresis) on the p2-p98 range of the signal while in position.

    Attributes
    ----------
    leave_share, enter_share : float
        Shares of the range at which a repetition ends and begins.
    duration_min_s : float
    return_share : float
        Share of the range by which a final, cut-off repetition must have come back to count.
    """

    leave_share: float = 0.35
    enter_share: float = 0.65
    duration_min_s: float = 0.5
    return_share: float = 0.10

    def __post_init__(self) -> None:
        _check_range("leave_share", self.leave_share, 0.0, 1.0)
        _check_range("enter_share", self.enter_share, self.leave_share, 1.0)
        _check_range("duration_min_s", self.duration_min_s, 0.0, 60.0)
        _check_range("return_share", self.return_share, 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleLine:
    """Two points of the picture, at the person's distance, whose distance is known: a two-point calibration.

    Attributes
    ----------
    points_px : tuple of float
        x and y of the first and of the second point, pixels of the upright picture.
    length_m : float
        The distance between them.
    """

    points_px: tuple[float, float, float, float]
    length_m: float

    def __post_init__(self) -> None:
        if len(self.points_px) != 4 or not all(math.isfinite(one) for one in self.points_px):
            raise UsageError(f"scale points: expected X1,Y1,X2,Y2 in pixels, got {self.points_px}")
        _check_range("scale length in m", self.length_m, 0.05, 100.0)
        if self.distance_px < _SCALE_MIN_PX:
            raise UsageError(
                f"scale points: expected at least {_SCALE_MIN_PX:g} px between them, got {self.distance_px:.1f}; "
                "choose points farther apart"
            )

    @property
    def distance_px(self) -> float:
        """The distance between the points in the picture."""
        x1, y1, x2, y2 = self.points_px
        return math.hypot(x2 - x1, y2 - y1)

    @property
    def px_per_m(self) -> float:
        """The scale of the picture where the line is."""
        return self.distance_px / self.length_m


#: Distances in m of the marks of a named walk: 4-metre walk, the timed middle of the 10-metre walk, and all of it.
MARKED_WALKS_M = (4.0, 6.0, 10.0)
_SPPB_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkingTestSettings:
    """Which named walking tests the clip shows, and what of them it cannot show.

    Attributes
    ----------
    up_and_go : bool
        A Timed Up and Go: where the clip does not show it, the report says why.
    marks : ScaleLine or None
        Two marks on the floor, 4, 6 or 10 m apart, between which the walk is timed.
    sppb_balance, sppb_gait, sppb_chair : int or None
        Points of the Short Physical Performance Battery typed in, 0 to 4: for balance, and for the part that another
        clip shows.
    """

    up_and_go: bool = False
    marks: ScaleLine | None = None
    sppb_balance: int | None = None
    sppb_gait: int | None = None
    sppb_chair: int | None = None

    def __post_init__(self) -> None:
        for part in ("balance", "gait", "chair"):
            _check_range(f"SPPB {part} points", getattr(self, f"sppb_{part}"), 0, _SPPB_MAX)
        if self.marks is not None and self.marks.length_m not in MARKED_WALKS_M:
            raise UsageError(
                "marks: expected 4 m (4-metre walk), 6 m (the timed middle of the 10-metre walk) or 10 m between "
                f"them, got {self.marks.length_m:g}"
            )

    @property
    def names_one(self) -> bool:
        """Whether a walking test is asked for."""
        return self.up_and_go or self.marks is not None


#: Settings that can be put right after an analysis, without its video.
PUT_RIGHT = ("activity", "height_m", "treadmill_mps", "px_per_m", "slow_motion")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisSettings:
    """The settings of one analysis that can be changed; all other limits are constants of the program version.

    Attributes
    ----------
    activity : str
        "auto", "gait" or the name of an exercise.
    height_m : float or None
        Body height.
    px_per_m : float or None
        Scale of the picture at the person's distance.
    scale_line : ScaleLine or None
        Alternatively, a line in the picture whose length is known.
    treadmill_mps : float or None
        Belt speed.
    slow_motion : float
        Real time passes this many times faster than the file's; times are divided by it.
    put_right : mapping of str
        What the settings of `PUT_RIGHT` were in the first analysis, where they were put right afterwards; "found" is
        the activity that it told. For the reader of the report only: no number rests on it.
    live_told : float or None
        What the Live page told of this recording at its end: repetitions, or steps per minute. For the reader, too.
    """

    activity: str = "auto"
    height_m: float | None = None
    px_per_m: float | None = None
    scale_line: ScaleLine | None = None
    treadmill_mps: float | None = None
    slow_motion: float = 1.0
    pose: PoseSettings = field(default_factory=PoseSettings)
    smoothing: SmoothingSettings = field(default_factory=SmoothingSettings)
    gait: GaitSettings = field(default_factory=GaitSettings)
    repetitions: RepetitionSettings = field(default_factory=RepetitionSettings)
    walking_tests: WalkingTestSettings = field(default_factory=WalkingTestSettings)
    put_right: Mapping[str, Any] = field(default_factory=dict, hash=False)
    live_told: float | None = None

    def __post_init__(self) -> None:
        _check_range("height_m", self.height_m, 0.4, 2.6)
        _check_range("px_per_m", self.px_per_m, 1.0, 1e5)
        _check_range("treadmill_mps", self.treadmill_mps, 0.05, 12.0)
        _check_range("slow_motion", self.slow_motion, 0.1, 64.0)
        _check_range("live_told", self.live_told, 0.0, 1e4)

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain JSON values."""
        values = asdict(self)
        for name in ("put_right", "live_told"):  # of few sessions
            if values[name] in ({}, None):
                del values[name]
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> AnalysisSettings:
        """Return the settings from the values of `to_json`; values that only another version knows are left out.

        Raises
        ------
        UsageError
            For a value out of range.
        """
        parts = {"pose": PoseSettings, "smoothing": SmoothingSettings, "gait": GaitSettings}
        given = _known(cls, values)
        for name, part in (parts | {"repetitions": RepetitionSettings}).items():
            given[name] = part(**_known(part, values.get(name) or {}))
        given["scale_line"] = _line(values.get("scale_line"))
        tests = values.get("walking_tests") or {}
        given["walking_tests"] = WalkingTestSettings(
            **(_known(WalkingTestSettings, tests) | {"marks": _line(tests.get("marks"))})
        )
        given["put_right"] = put_right_of(values)
        return cls(**given)


def put_right_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return `AnalysisSettings.put_right` of settings as JSON; what cannot be one is left out."""
    told = settings.get("put_right")
    pairs = told.items() if isinstance(told, Mapping) else ()
    return {
        name: value
        for name, value in pairs
        if (name in ("activity", "found") and isinstance(value, str))
        or (name in PUT_RIGHT and name != "activity" and (value is None or isinstance(value, int | float)))
    }


def _line(values: Mapping[str, Any] | None) -> ScaleLine | None:
    return ScaleLine(points_px=tuple(values["points_px"]), length_m=values["length_m"]) if values else None


def _known(part: type, values: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(part)}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in values.items() if name in names}


def real_rate(fps_mean: float | None, settings: Mapping[str, Any]) -> float | None:
    """Return the frames per second of real time: a file's own rate times the slow-motion factor of its settings.

    This rate, not the rate at which the file plays, sets the resolution of measured times.
    """
    return None if fps_mean is None else fps_mean * float(settings.get("slow_motion", 1.0))
