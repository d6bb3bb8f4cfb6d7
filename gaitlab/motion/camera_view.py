"""The camera view (side or front) and the direction in which the person faces."""

from __future__ import annotations

import numpy as np

from gaitlab.motion.anthropometry import LEG, TRUNK
from gaitlab.motion.geometry import midpoint, segment_length_px
from gaitlab.motion.runs import true_runs
from gaitlab.records import Facing, FloatArray, PoseTrack, View
from gaitlab.records.skeleton import LEG_CHAINS, Keypoint

__all__ = ["classify_view", "find_facing", "find_turns", "forward_direction", "spread_ratio"]

# Width of shoulders and hips over the length of the trunk: from the front, MoveNet's people measure 0.44 to 0.84, from
# the side at most 0.17 (ours; cazzer/strides says 0.55).
_FRONT_SPREAD = 0.40
# Excursion over spread: walks from the side 4 to 65, from the front 0.15 to 0.8, oblique between them; somebody who
# walks slowly in small steps swings by 0.58 of the torso (ours).
_SIDE_RATIO, _FRONT_RATIO, _SIDE_EXCURSION = 3.0, 1.0, 0.5
_MIN_FRAMES = 5
# Where the upper body is out of the picture: trunk over leg, hips over shoulders (ours: MoveNet, from the front).
_TORSO_LEGS, _HIPS_SHOULDERS = TRUNK / LEG, 0.6
_NEARER_MAX = 4.0  # how much nearer or farther than usual somebody may come (ours)
# Pelvis velocity, nose to hips, nose to ears, knees: the knees alone outweigh velocity and nose of somebody who walks
# backward looking down (ours).
_VOTE_WEIGHTS = np.array([1.2, 1.0, 1.0, 2.5])
_BENT_KNEE_MIN = 0.03  # of hip to ankle; less is a straight leg, about 7 degrees (ours)
_TURN_WINDOW_S, _TURN_AGREEMENT = 0.5, 0.5
# A person who turns round is for a moment as wide as from the front (0.44 and more), and wider than 0.55 of that from a
# third of a right angle on. An even turn takes 0.29 of that time more before and after; half of it is used, as people
# slow down there. The joints of the far side hide and show meanwhile, which makes dips (all ours).
_TURN_MIN_WIDTH, _TURN_LEVEL, _TURN_MARGIN = 0.35, 0.55, 0.15
_TURN_HALF_MAX_S, _TURN_DIP_MAX_S = 2.0, 0.25
# From 0.3 of its breadth on a body is turned by 17.5 degrees, from 0.55 on by 33.4. A turn that gathers speed evenly
# begins 2.61 times as long before the first of these moments as lies between them; people turn in steps, and walk
# slightly askew, so that no more than 0.3 s are added (ours).
_TURN_NARROW, _TURN_BEFORE, _TURN_ADDED_MAX_S = 0.30, 2.61, 0.3


def _middle(track: PoseTrack, left: Keypoint, right: Keypoint) -> FloatArray:
    return midpoint(track.xy_px[:, left], track.xy_px[:, right])


def _leg_px(track: PoseTrack) -> FloatArray:
    """Return hip to knee to ankle of the leg that is longer in the picture, shape (T,); NaN if unknown."""
    hip, knee, ankle = (
        track.xy_px[:, pair]
        for pair in (
            [Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP],
            [Keypoint.LEFT_KNEE, Keypoint.RIGHT_KNEE],
            [Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE],
        )
    )
    return np.asarray(np.fmax.reduce(segment_length_px(hip, knee) + segment_length_px(knee, ankle), axis=1))


def _torsos_px(track: PoseTrack) -> FloatArray:
    """Return the length of the trunk, from the legs where the shoulders are mostly unseen, shape (T,); NaN unknown."""
    hips = _middle(track, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)
    trunk = segment_length_px(hips, _middle(track, Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER))
    legs = _leg_px(track)
    n_trunk, n_legs = (np.isfinite(length).sum() for length in (trunk, legs))
    return trunk if n_trunk >= _MIN_FRAMES and 2 * n_trunk >= n_legs else _TORSO_LEGS * legs


def _torso_px(track: PoseTrack) -> float:
    each = _torsos_px(track)
    known = each[np.isfinite(each)]
    length = float(np.median(known)) if known.size >= _MIN_FRAMES else 0.0
    return length if length > 0 else float("nan")  # all points at one place show no body


def _torso_trend_px(track: PoseTrack) -> FloatArray:
    """Return the torso length in pixels by the trend of the distance, shape (T,); NaN if unknown.

    The length falls with the distance, and a person who walks at one speed changes the distance evenly: so 1 / length
    follows a straight line. Bending over does not move the line.
    """
    length, usual = _torsos_px(track), _torso_px(track)
    known = np.isfinite(length) & (length > usual / _NEARER_MAX)
    if not known.sum() >= _MIN_FRAMES:
        return np.full(len(track), usual)
    inverse = np.polyval(np.polyfit(track.time_s[known], usual / length[known], 1), track.time_s)
    return np.asarray(usual / np.clip(inverse, 1 / _NEARER_MAX, _NEARER_MAX))


def _widths_px(track: PoseTrack) -> tuple[FloatArray, FloatArray]:
    """Return the widths of shoulders and hips in the picture, each (T,); NaN if unknown."""
    x = track.xy_px[..., 0]
    shoulders = np.abs(x[:, Keypoint.LEFT_SHOULDER] - x[:, Keypoint.RIGHT_SHOULDER])
    return shoulders, np.abs(x[:, Keypoint.LEFT_HIP] - x[:, Keypoint.RIGHT_HIP])


def spread_ratio(track: PoseTrack) -> float:
    """Return the mean of shoulder and hip width over torso length, median over frames.

    Where only the shoulders or the hips are known the others' width is taken from theirs.
    """
    shoulders, hips = _widths_px(track)
    width = midpoint(
        np.where(np.isnan(shoulders), hips / _HIPS_SHOULDERS, shoulders),
        np.where(np.isnan(hips), shoulders * _HIPS_SHOULDERS, hips),
    )
    known = width[np.isfinite(width)]
    return float(np.median(known)) / _torso_px(track) if known.size >= _MIN_FRAMES else float("nan")


def _excursion_ratio(track: PoseTrack) -> float:
    """Return the swing of the ankles against the hips (p95 - p5 of x) over torso length; NaN if unknown.

    Each length is divided by the torso length at that time, so that coming nearer does not count as swing.
    """
    torso = _torso_trend_px(track)
    hip_x = _middle(track, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)[:, 0]
    swings = []
    for ankle in (Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE):
        x = (track.xy_px[:, ankle, 0] - hip_x) / torso
        x = x[np.isfinite(x)]
        if x.size >= _MIN_FRAMES:
            swings.append(float(np.subtract(*np.percentile(x, [95, 5]))))
    return float(np.mean(swings)) if swings else float("nan")


def classify_view(track: PoseTrack) -> View:
    """Return "side" or "front" by what is seen of the swing of the legs and of the breadth of the body.

    From the side the sagittal excursion (p95 - p5 of ankle minus hip over torso length) is at least 0.5, and three
    times the bilateral spread (shoulder and hip width over torso length). From the front the excursion is at most the
    spread, and the spread at least 0.40. All else is "ambiguous". Made for walking; a person who stands shows too
    little excursion for "side".
    """
    spread, excursion = spread_ratio(track), _excursion_ratio(track)
    if excursion >= max(_SIDE_EXCURSION, _SIDE_RATIO * spread):
        return "side"
    if spread >= _FRONT_SPREAD and excursion <= _FRONT_RATIO * spread:
        return "front"
    return "ambiguous"


def _facing_votes(track: PoseTrack) -> FloatArray:
    """Return the vote of each frame for a facing direction: >0 right, <0 left, NaN unknown; shape (T,).

    The sum of four signs: pelvis velocity over +-0.25 s (when it exceeds half a torso length per second), nose minus
    mid-hip, nose minus mid-ear, and the side to which the knees bend *(ours: over the recorded walks it names the front
    in 91 to 100 % of the frames; people who lean back or look down carry the nose behind the hips)*.
    """
    xy = track.xy_px
    hip_x = _middle(track, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP)[:, 0]
    ears = xy[:, [Keypoint.LEFT_EAR, Keypoint.RIGHT_EAR], 0]
    ear_count = np.isfinite(ears).sum(axis=1)
    ear_x = np.where(ear_count > 0, np.nansum(ears, axis=1) / np.maximum(ear_count, 1), np.nan)
    nose_x = xy[:, Keypoint.NOSE, 0]
    velocity = _velocity_sign(track.time_s, hip_x, _torso_px(track))
    votes = np.stack([velocity, nose_x - hip_x, nose_x - ear_x, _knee_bend(track)])
    known = np.isfinite(votes)
    total = np.where(known, np.sign(votes) * _VOTE_WEIGHTS[:, np.newaxis], 0.0).sum(axis=0)
    return np.asarray(np.where(known.any(axis=0), total, np.nan))


def _knee_bend(track: PoseTrack) -> FloatArray:
    """Return the offset of the knees to the right of the line from hip to ankle, as a share of it, shape (T,).

    The sum over bent legs that point more down than sideways; NaN where there is none. A knee bends to the front only.
    """
    bend = np.zeros(len(track))
    counted = np.zeros(len(track), dtype=bool)
    for hip, knee, ankle in LEG_CHAINS:
        leg = track.xy_px[:, ankle] - track.xy_px[:, hip]
        thigh = track.xy_px[:, knee] - track.xy_px[:, hip]
        length2 = (leg**2).sum(axis=1)
        aside = (thigh[:, 0] * leg[:, 1] - thigh[:, 1] * leg[:, 0]) / np.where(length2 > 0, length2, np.nan)
        bent = (np.abs(aside) >= _BENT_KNEE_MIN) & (leg[:, 1] > np.abs(leg[:, 0]))
        bend += np.where(bent, aside, 0.0)
        counted |= bent
    return np.where(counted, bend, np.nan)


def _velocity_sign(time_s: FloatArray, x: FloatArray, torso_px: float) -> FloatArray:
    known = np.isfinite(x)
    if known.sum() < _MIN_FRAMES:
        return np.full_like(x, np.nan)
    ahead = np.interp(time_s + 0.25, time_s[known], x[known])
    behind = np.interp(time_s - 0.25, time_s[known], x[known])
    velocity = (ahead - behind) / 0.5
    return np.where(known & (np.abs(velocity) > 0.5 * torso_px), np.sign(velocity), np.nan)


def find_facing(track: PoseTrack) -> Facing:
    """Return the direction in the picture for which most frames vote, "unknown" when they do not agree."""
    votes = _facing_votes(track)
    votes = votes[np.isfinite(votes) & (votes != 0)]
    if votes.size < _MIN_FRAMES or abs(np.sign(votes).mean()) < 0.2:
        return "unknown"
    return "right" if np.sign(votes).mean() > 0 else "left"


def forward_direction(track: PoseTrack) -> FloatArray:
    """Return the direction the person goes or faces at each frame: +1 right, -1 left, 0 turning or unclear; (T,).

    The mean of the frames' votes over +-0.5 s; below one half of agreement it counts as turning *(ours)*, and so does
    the time around a change of side in which the body is seen from the front or from behind.
    """
    votes = _facing_votes(track)
    known = np.isfinite(votes)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, np.sign(votes), 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    first = np.searchsorted(track.time_s, track.time_s - _TURN_WINDOW_S)
    last = np.searchsorted(track.time_s, track.time_s + _TURN_WINDOW_S, side="right")
    n, total = counts[last] - counts[first], sums[last] - sums[first]
    return _without_turns(track, np.where(np.abs(total) >= _TURN_AGREEMENT * n, np.sign(total), 0.0))


def _without_turns(track: PoseTrack, forward: FloatArray) -> FloatArray:
    """Return the direction with 0 all through each turn from one side to the other."""
    kept = forward.copy()
    for wide in _wide_turns(track, forward):
        if wide is not None:
            margin_s = _TURN_MARGIN * (wide[1] - wide[0])
            kept[(track.time_s >= wide[0] - margin_s) & (track.time_s <= wide[1] + margin_s)] = 0.0
    return kept


def find_turns(track: PoseTrack, forward: FloatArray) -> list[tuple[float, float] | None]:
    """Return start and end in s of each turn from one side to the other, in time order.

    Parameters
    ----------
    track : PoseTrack
    forward : ndarray, shape (T,)
        By `forward_direction`.

    Returns
    -------
    list of (float, float) or None
        Of a whole turn by half a circle, by the breadth of the body; None for a turn whose breadth is not seen.
    """
    width = _breadth(track)
    return [wide if wide is None else _whole_turn_s(track.time_s, width, wide) for wide in _wide_turns(track, forward)]


def _whole_turn_s(time_s: FloatArray, width: FloatArray, wide: tuple[float, float]) -> tuple[float, float]:
    """Return start and end of the turn of which the body is wide for a time."""
    first, last = (int(np.searchsorted(time_s, at_s)) for at_s in wide)
    narrow = _TURN_NARROW * np.nanmax(width[first : last + 1])
    before = np.flatnonzero(width[:first] < narrow)
    after = np.flatnonzero(width[last + 1 :] < narrow) + last + 1
    start_s = float(time_s[before[-1] + 1]) if before.size else wide[0]
    end_s = float(time_s[after[0] - 1]) if after.size else wide[1]
    return (
        start_s - min(_TURN_BEFORE * (wide[0] - start_s), _TURN_ADDED_MAX_S),
        end_s + min(_TURN_BEFORE * (end_s - wide[1]), _TURN_ADDED_MAX_S),
    )


def _breadth(track: PoseTrack) -> FloatArray:
    """Return the breadth of shoulders and hips in lengths of the trunk, shape (T,); NaN if unknown."""
    shoulders, hips = _widths_px(track)
    return midpoint(shoulders, hips / _HIPS_SHOULDERS) / _torso_trend_px(track)


def _wide_turns(track: PoseTrack, forward: FloatArray) -> list[tuple[float, float] | None]:
    """Return for each change of side the time for which the body is wide; None where that is not seen."""
    sided = np.flatnonzero(forward)
    changes = sided[:-1][np.diff(forward[sided]) != 0]
    if not changes.size:
        return []
    width = _breadth(track)
    return [
        _wide_s(track.time_s, width, float(track.time_s[last]), float(track.time_s[first]))
        for last, first in zip(changes, sided[np.searchsorted(sided, changes) + 1], strict=True)
    ]


def _wide_s(time_s: FloatArray, width: FloatArray, before_s: float, after_s: float) -> tuple[float, float] | None:
    """Return the time for which the body is wide between two directions; None where no turn is seen."""
    near = np.flatnonzero((time_s > before_s - _TURN_HALF_MAX_S / 2) & (time_s < after_s + _TURN_HALF_MAX_S / 2))
    if not np.isfinite(width[near]).any():
        return None
    peak = int(near[np.nanargmax(width[near])])
    if width[peak] < _TURN_MIN_WIDTH:
        return None
    wide = width >= _TURN_LEVEL * width[peak]
    for narrow in true_runs(~wide):
        wide[narrow] = time_s[min(narrow.stop, len(time_s) - 1)] - time_s[narrow.start] <= _TURN_DIP_MAX_S
    wide &= np.abs(time_s - time_s[peak]) <= _TURN_HALF_MAX_S
    (run,) = (run for run in true_runs(wide) if run.start <= peak < run.stop)
    return float(time_s[run.start]), float(time_s[run.stop - 1])
