"""From the detections in a file to a `Recording`: frame numbers are time, and what cannot be pixels is refused.

Every reader collects `Detections` and makes its recording here, so that all formats have the same limits and tell the
same things.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.errors import InputError, UsageError
from gaitlab.formats.loading import FRAMES_MAX_FILE
from gaitlab.formats.names import LAYOUTS, N_POINTS, POINT_NAMES
from gaitlab.limits import KEYPOINT_COORDINATE_MAX, KEYPOINT_RATE_HZ
from gaitlab.records import FloatArray, Recording
from gaitlab.records.findings import Said, said
from gaitlab.records.recording import NOBODY_TOLD
from gaitlab.records.skeleton import KEYPOINT_NAMES, LEG_KEYPOINTS, N_KEYPOINTS, Keypoint

__all__ = [
    "Detections",
    "FrameNumbers",
    "chosen_rows",
    "layout_of",
    "number_in",
    "numbered_files",
    "points_of",
    "times_in_seconds",
]

_RATE_HZ: Final = KEYPOINT_RATE_HZ
_COORDINATE_MAX: Final = KEYPOINT_COORDINATE_MAX
_NUMBER_MAX: Final = 1 << 60
_PRESENT_MIN: Final = 0.1  # of the frames between the first and the last number (ours)
_PEOPLE_MAX: Final = 10  # in one frame; the largest are kept (ours)
_BODY_MIN_PX: Final = 5.0  # a body smaller than this is not measured in pixels (ours)
_SCORE_MAX: Final = 10.0  # networks may score slightly above 1; percents are something else (ours)
_ORDER_MIN_FRAMES: Final = 10
_ASYMMETRY_MAX: Final = 2.5  # of the lengths of left and right limbs (ours)
_NO_MARKER_MAX: Final = 0.9  # score of a heel or toe that is not known to be a marker (ours)
_TIME_UNITS: Final = (("s", 1.0), ("ms", 1e3), ("us", 1e6), ("ns", 1e9))
_FAR_FROM_ZERO_S: Final = 1e6  # a clock's time, not the recording's
_LIMBS: Final = (("SHOULDER", "ELBOW"), ("ELBOW", "WRIST"), ("HIP", "KNEE"), ("KNEE", "ANKLE"))


def number_in(name: str) -> int | None:
    """Return the last number in a name, as the names of frames have it; None without one.

    >>> number_in("walk_2_000000000012_keypoints.json")
    12
    """
    digits = re.findall(r"\d{1,18}", name)
    return int(digits[-1]) if digits else None


def numbered_files(files: Sequence[str], folder: str) -> dict[int, str]:
    """Return the files by the number in their names; InputError where a name has none, or two have the same."""
    found: dict[int, str] = {}
    for number, file in zip(chosen_rows([number_in(name) for name in files], folder), files, strict=True):
        if number in found:
            raise InputError(
                f"{folder}: {found[number]} and {file} are both frame {number}; put each recording into a folder of "
                "its own"
            )
        found[number] = file
    return found


@dataclass(frozen=True, slots=True)
class FrameNumbers:
    """The numbers of the frames of one recording: `first`, and then every `step`-th; `there` of `n` exist."""

    first: int
    step: int
    n: int
    there: int

    @classmethod
    def of(cls, numbers: Set[int], *, file: str) -> FrameNumbers:
        """Return how frames are numbered; InputError when these are not the frames of one recording."""
        if max(map(abs, numbers)) > _NUMBER_MAX:
            raise InputError(f"{file}: expected numbers of frames, got some of 20 digits; number them in order")
        ordered = np.array(sorted(numbers), dtype=np.int64)
        step = int(np.gcd.reduce(np.diff(ordered))) if len(ordered) > 1 else 1
        n = int(ordered[-1] - ordered[0]) // step + 1
        if n > FRAMES_MAX_FILE or len(ordered) < _PRESENT_MIN * n:
            raise InputError(
                f"{file}: the frame numbers go from {ordered[0]} to {ordered[-1]}, but only {len(ordered)} of "
                "them exist; these are not the frames of one recording; number them in order"
            )
        return cls(int(ordered[0]), step, n, len(ordered))

    def findings(self, fps: float) -> list[Said]:
        """Return what a reader should know of the numbers, `fps` being the rate of the numbering."""
        findings = []
        if self.step > 1:
            findings.append(said("every_nth_frame", step=self.step, fps=fps))
        if missing := self.n - self.there:
            findings.append(said("frames_missing", n=missing, n_frames=self.n))
        return findings


@dataclass(slots=True)
class Detections:
    """The detections of a file, in any order, and what the file says of itself.

    Attributes
    ----------
    file : str
        Name for messages.
    program : str
        What wrote such files, for the note on what was read.
    points : set of int
        The numbers of the points, of `names.POINT_NAMES`, that the format or the file has.
    image_wh : tuple of int or None
    numbers : set of int
        Frames that the file has, also those without anybody.
    in_pixels : bool
        False where a unit of length is stated: then nothing is guessed from the size of the body.
    has_markers : bool
        The points are known to be markers of motion capture. Heels and toes of which this is not known have at most a
        score of 0.9, since those whose score is that of all other points are measured as markers.
    """

    file: str
    program: str
    points: set[int] = field(default_factory=set)
    image_wh: tuple[int, int] | None = None
    numbers: set[int] = field(default_factory=set)
    in_pixels: bool = True
    has_markers: bool = False
    order_is_assumed: bool = False
    findings: list[Said] = field(default_factory=list)
    _frame: array[int] = field(default_factory=lambda: array("q"))
    _who: array[int] = field(default_factory=lambda: array("q"))
    _values: array[float] = field(default_factory=lambda: array("d"))
    _names: dict[Any, int] = field(default_factory=dict)

    def add(self, number: int, xy: FloatArray, score: FloatArray, *, who: Any = None) -> None:
        """Add a person's points, shapes (21, 2) and (21,), in a frame; `who` as the file names them."""
        self.numbers.add(number)
        if len(self.numbers) > FRAMES_MAX_FILE or len(self._frame) > 2 * FRAMES_MAX_FILE:
            raise InputError(f"{self.file}: expected at most {FRAMES_MAX_FILE:,} frames; cut the recording into parts")
        if abs(number) > _NUMBER_MAX:
            raise InputError(
                f"{self.file}: expected numbers of frames, got {str(number)[:20]}...; number them in order"
            )
        self._frame.append(number)
        self._who.append(NOBODY_TOLD if who is None else self._names.setdefault(who, len(self._names)))
        self._values.frombytes(np.column_stack([xy, score]).astype(np.float64).tobytes())

    def by_number(self, *, fps: float | None) -> Recording:
        """Return the recording whose time is the frame's number over `fps`.

        Raises
        ------
        UsageError
            When no rate is given.
        InputError
            When the numbers are not those of one recording, or the points are not those of a body in pixels.
        """
        if fps is None:
            told = f"{self.file}: {self.program} tells no time"
            raise UsageError(
                f"{told}; give the frames per second with --fps",
                on_page=f"{told}; choose the file again and fill in Frames per second",
            )
        if not self.numbers:
            raise InputError(f"{self.file}: {self.program} without a single frame; check the file")
        numbering = FrameNumbers.of(self.numbers, file=self.file)
        self.findings += numbering.findings(fps)
        rows = (np.frombuffer(self._frame, dtype=np.int64) - numbering.first) // numbering.step
        return self._recording(np.arange(numbering.n, dtype=np.float64) * float(numbering.step / fps), rows)

    def by_times(self, time_s: FloatArray) -> Recording:
        """Return the recording in which the frame of number i has the time `time_s[i]`."""
        return self._recording(np.asarray(time_s, dtype=np.float64), np.frombuffer(self._frame, dtype=np.int64))

    def _recording(self, time_s: FloatArray, rows: NDArray[np.int64]) -> Recording:
        time_s = _checked_times(time_s, self.file)
        if len(time_s) and abs(time_s[0]) > _FAR_FROM_ZERO_S:
            time_s = time_s - time_s[0]
        self._check_points()
        values = np.frombuffer(self._values, dtype=np.float64).reshape(-1, N_POINTS, 3)
        xy, score = _cleaned(values, self.file)
        order = np.argsort(rows, kind="stable")
        rows, xy, score = rows[order], xy[order], score[order]
        who = np.frombuffer(self._who, dtype=np.int64)[order]
        body = xy[:, :N_KEYPOINTS]
        seen = np.asarray(np.isfinite(body).all(axis=2)).any(axis=1)
        kept = seen & _among_the_largest(rows, body)
        if not np.array_equal(kept, seen):
            self.findings.append(said("crowd", n_max=_PEOPLE_MAX))
        rows, xy, score, who = rows[kept], xy[kept], score[kept], who[kept]
        if len(rows):
            xy = self._in_pixels(xy)
            if self.order_is_assumed:
                _check_order(xy, self.file, self.program)
        self._tell(time_s)
        try:
            return Recording(
                time_s=time_s, frame=rows, who=who, xy_px=xy[:, :N_KEYPOINTS], score=score[:, :N_KEYPOINTS],
                image_wh=self.image_wh, feet=self._feet(xy, score), findings=tuple(self.findings),
            )  # fmt: skip
        except ValueError as error:
            raise InputError(f"{self.file}: {error}; correct the file") from error

    def _feet(self, xy: FloatArray, score: FloatArray) -> FloatArray | None:
        if not any(point >= N_KEYPOINTS for point in self.points):
            return None
        highest = 1.0 if self.has_markers else _NO_MARKER_MAX
        return np.dstack([xy[:, N_KEYPOINTS:], np.minimum(score[:, N_KEYPOINTS:], highest)])

    def _check_points(self) -> None:
        body = [one for one in self.points if one == Keypoint.NOSE or Keypoint.LEFT_SHOULDER <= one < N_KEYPOINTS]
        legs = [point for point in self.points if point in LEG_KEYPOINTS]
        if len(body) < 6 and len(legs) < 4:
            found = ", ".join(POINT_NAMES[point] for point in sorted(self.points)) or "none of them"
            raise InputError(
                f"{self.file}: {self.program} with too few points of a body: expected hips, knees and ankles, or "
                f"six of the body's joints, named like left_knee, LKnee or LKNE; found {found}"
            )

    def _in_pixels(self, xy: FloatArray) -> FloatArray:
        """Return the coordinates in pixels; shares of the picture are scaled by its size where it is known."""
        extent = float(np.median(_extents(xy[:, :N_KEYPOINTS])))
        if extent == 0.0:
            raise InputError(f"{self.file}: all points lie at one place; this is no body; check the file")
        if not self.in_pixels or extent >= _BODY_MIN_PX:
            return xy
        low, high = float(np.nanmin(xy)), float(np.nanmax(xy))
        if not (low >= -0.5 and high <= 1.5):
            raise InputError(
                f"{self.file}: the body is {extent:.2g} px large, with coordinates from {low:.3g} to {high:.3g}; "
                "expected pixels, or shares of the picture from 0 to 1; write the file anew in pixels"
            )
        if self.image_wh is None:
            told = f"{self.file}: the coordinates are shares of the picture (0 to 1), not pixels"
            raise InputError(
                f"{told}; give its size with --image-wh, such as --image-wh 1280x720",
                on_page=f"{told}; choose the file again and fill in Width and Height, such as 1280 and 720",
            )
        width_px, height_px = self.image_wh
        self.findings.append(said("shares_scaled", width_px=width_px, height_px=height_px))
        return xy * self.image_wh

    def _tell(self, time_s: FloatArray) -> None:
        rate = (len(time_s) - 1) / (time_s[-1] - time_s[0]) if len(time_s) > 1 else float("nan")
        lacking = [KEYPOINT_NAMES[point] for point in Keypoint if point not in self.points]
        read = said("read_as", program=self.program, n_frames=len(time_s), fps=rate, lacking=lacking)
        self.findings.insert(0, read)


def layout_of(n_points: int, file: str) -> tuple[str, Mapping[int, int]]:
    """Return name and layout of a person's list of points by their number; InputError for an unknown number."""
    if n_points not in LAYOUTS:
        known = ", ".join(str(n) for n in LAYOUTS)
        raise InputError(f"{file}: {n_points} points of a person without names; expected one of {known} points")
    return LAYOUTS[n_points]


def _checked_times(time_s: FloatArray, file: str) -> FloatArray:
    if not len(time_s):
        raise InputError(f"{file}: expected one row per frame, got none")
    if not np.isfinite(time_s).all():
        raise InputError(f"{file}: expected finite times, got none in row {int(np.argmin(np.isfinite(time_s))) + 1}")
    steps = np.diff(time_s)
    if (steps <= 0).any():
        at = int(np.argmax(steps <= 0)) + 2
        raise InputError(f"{file}: expected strictly increasing times, got a repeated or decreasing one in row {at}")
    if len(time_s) > 1:
        mean_hz = len(steps) / float(time_s[-1] - time_s[0])
        if not _RATE_HZ[0] * 0.999 <= mean_hz <= _RATE_HZ[1] * 1.001:
            jump = int(np.argmax(steps))
            raise InputError(
                f"{file}: expected 1 to 1000 frames/s, got {mean_hz:.4g} on average (the longest step is "
                f"{steps[jump]:.4g} s, after row {jump + 1}); check the times, or cut the recording there"
            )
    return time_s


def times_in_seconds(values: FloatArray, *, file: str) -> tuple[FloatArray, str]:
    """Return times in seconds, and the unit they were in: s, ms, us or ns.

    The unit is the one in which the median step is that of 1 to 1000 frames/s, of which there is one only. Steps of
    exactly 1 are the numbers of frames, and are refused.

    Raises
    ------
    InputError
        When no unit fits.
    """
    steps = np.diff(values)
    if len(steps) == 0 or not np.isfinite(steps).all():
        return values, "s"
    step = float(np.median(steps))
    if np.array_equal(steps, np.ones(len(steps))):
        told = f'{file}: the times count 1, 2, 3, ...: these are numbers of frames; name the column "frame"'
        raise InputError(
            f"{told} and give the frames per second with --fps", on_page=f"{told} and fill in Frames per second"
        )
    for unit, per_s in _TIME_UNITS:
        if 0.00099 <= step / per_s < 1.0 or (unit == "s" and 0 < step <= 1.0):
            return values / per_s, unit
    return values, "s"


def _cleaned(values: FloatArray, file: str) -> tuple[FloatArray, FloatArray]:
    """Return positions, NaN where a point has score 0 or lies at exactly (0, 0), and scores, 0 where it is unknown."""
    xy, score = values[..., :2], np.nan_to_num(values[..., 2], nan=0.0, posinf=np.inf)
    unknown = (score <= 0) | np.isnan(xy).any(axis=2) | (xy == 0).all(axis=2)
    known = xy[~unknown]
    if np.any(np.abs(known) >= _COORDINATE_MAX):
        raise InputError(f"{file}: expected coordinates below {_COORDINATE_MAX:,.0f}, got {np.abs(known).max():.3g}")
    if np.any(score > _SCORE_MAX):
        raise InputError(f"{file}: expected scores from 0 to 1, got {score.max():.3g}; divide percents by 100")
    return (
        np.where(unknown[..., np.newaxis], np.nan, xy),
        np.where(unknown, 0.0, np.minimum(score, 1.0)),
    )


def _extents(xy: FloatArray) -> FloatArray:
    """Return the diagonal of the box around the known points of each detection, shape (D,)."""
    known = np.isfinite(xy)
    high, low = np.where(known, xy, -np.inf).max(axis=1), np.where(known, xy, np.inf).min(axis=1)
    return np.asarray(np.where(known.any(axis=(1, 2)), np.hypot(*(high - low).T), 0.0))


def _among_the_largest(rows: NDArray[np.int64], xy: FloatArray) -> NDArray[np.bool_]:
    """Return which detections are among the ten largest of their frame; `rows` never decreases."""
    kept = np.ones(len(rows), dtype=bool)
    if len(rows) <= _PEOPLE_MAX:
        return kept
    counts = np.bincount(rows)
    with np.errstate(invalid="ignore"):
        extent = _extents(xy)
    for row in np.flatnonzero(counts > _PEOPLE_MAX):
        first, last = np.searchsorted(rows, [row, row + 1])
        kept[first + np.argsort(-extent[first:last], kind="stable")[_PEOPLE_MAX:]] = False
    return kept


def _check_order(xy: FloatArray, file: str, program: str) -> None:
    """Refuse points in another order than the assumed one.

    Limbs are as long left as right, and the nose is nearer to the shoulders than to the hips.
    """
    nose, hips, shoulders = xy[:, Keypoint.NOSE], _midpoint(xy, "HIP"), _midpoint(xy, "SHOULDER")
    to_hips, to_shoulders = (np.linalg.norm(nose - one, axis=1) for one in (hips, shoulders))
    seen = np.isfinite(to_hips) & np.isfinite(to_shoulders)
    is_upside_down = seen.sum() >= _ORDER_MIN_FRAMES and np.median(to_shoulders[seen]) > np.median(to_hips[seen])
    odd = 0
    for upper, lower in _LIMBS:
        left, right = (
            np.linalg.norm(xy[:, Keypoint[f"{side}_{upper}"]] - xy[:, Keypoint[f"{side}_{lower}"]], axis=1)
            for side in ("LEFT", "RIGHT")
        )
        both = np.isfinite(left) & np.isfinite(right) & (left > 0) & (right > 0)
        ratio = float(np.median(left[both] / right[both])) if both.sum() >= _ORDER_MIN_FRAMES else 1.0
        odd += not 1 / _ASYMMETRY_MAX <= ratio <= _ASYMMETRY_MAX
    if odd >= 2 or is_upside_down:
        raise InputError(
            f"{file}: the points are not in the order of {program}: they would be no human body; write the file with "
            "the names of the points, or as CSV"
        )


def _midpoint(xy: FloatArray, joint: str) -> FloatArray:
    return np.asarray((xy[:, Keypoint[f"LEFT_{joint}"]] + xy[:, Keypoint[f"RIGHT_{joint}"]]) / 2)


def points_of(flat: Any, layout: Mapping[int, int]) -> tuple[FloatArray, FloatArray]:
    """Return positions and scores, shapes (21, 2) and (21,), of a program's list of points, shape (P, 3)."""
    points = np.asarray(flat, dtype=np.float64)
    xy, score = np.full((N_POINTS, 2), np.nan), np.zeros(N_POINTS)
    places, ours = list(layout), list(layout.values())
    xy[ours], score[ours] = points[places, :2], points[places, 2]
    return xy, score


def chosen_rows(numbers: Sequence[int | None], file: str) -> list[int]:
    """Return the frame numbers in names; InputError where a name has none."""
    if any(number is None for number in numbers):
        raise InputError(f"{file}: expected names of frames with their number, such as frame_000012")
    return [number for number in numbers if number is not None]
