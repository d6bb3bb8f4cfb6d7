"""Findings about the filming from the first two seconds of a clip, before minutes are spent on its analysis.

They are advice: a clip can be analysed whatever the findings are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gaitlab.motion.geometry import midpoint, segment_length_px
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import KEYPOINT_SCORE_MIN, Keypoint

__all__ = ["LOOKED_AT_S", "Finding", "FirstLook", "preflight"]

State = Literal["good", "mind", "bad"]

#: Length of the beginning of a clip that is looked at.
LOOKED_AT_S: Final = 2.0

_EDGE_SHARE = 0.01  # nearer to the edge than a hundredth of the picture counts as cut off (ours)
_BODY: Final = [Keypoint.NOSE, Keypoint.LEFT_ANKLE, Keypoint.RIGHT_ANKLE, Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]
_SIDE_MAX = 0.30  # breadth over trunk; people seen from the side measure at most 0.17 (ours)
_FRONT_MIN = 0.55  # width over trunk; the analysis itself counts 0.40 and more as a view from the front
# Of 255 (ours): below the first a face is hardly seen on a screen; grain and motion blur begin below the second.
_DARK, _DIM = 40.0, 70.0
# Four steps of walking; with fewer steps no number has full confidence (`gaitlab.gait.metrics`).
_SHORT_S = 2.0
# Half of heel-strike noise is the frame grid: 13.6 ms at 30 frames per second, 6.8 at 60.
_SLOW_HZ, _FINE_HZ = 24.0, 50.0
_SMALL_SHARE = 0.30  # of the picture's height (ours): the model sees 256 pixels, and joints blur into one another


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstLook:
    """The facts seen in a first look.

    Attributes
    ----------
    poses : sequence of (xy_px, score)
        Of the person who stands out most, one per frame, shapes (17, 2) and (17,); empty when nobody was seen.
    people : int
        Most people seen in one frame.
    image_wh : tuple of int
    brightness : float
        Mean of the frames, 0..255.
    fps : float
        Frames per second.
    length_s : float
        Length of the clip that can be read; infinite if it cannot be found quickly.
    stated_s : float or None
        Length according to the file, if the clip breaks off earlier; else None.
    n_damaged : int
        Pieces looked at that could not be decoded fully.
    """

    poses: Sequence[tuple[FloatArray, FloatArray]]
    people: int
    image_wh: tuple[int, int]
    brightness: float
    fps: float
    length_s: float = float("inf")
    stated_s: float | None = None
    n_damaged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of one check: its state, the observation, and the remedy (empty when all is well).

    Attributes
    ----------
    name : str
    state : {"good", "mind", "bad"}
    seen, remedy : str
    of_steps : bool
        Whether it matters only where steps are timed, not for exercises.
    of_body : bool
        Whether it is about the person who stands out, and says nothing about anybody else in the clip.
    """

    name: str
    state: State
    seen: str
    remedy: str = ""
    of_steps: bool = False
    of_body: bool = False


def preflight(look: FirstLook) -> tuple[Finding, ...]:
    """Return the findings about file, length, whole body, view, light, frame rate and company, in this order.

    File and length are left out when all is well with them. When nobody was seen, a finding about that replaces those
    about body, view and company.
    """
    return (*_file(look), *_length(look), *_picture(look))


def _picture(look: FirstLook) -> tuple[Finding, ...]:
    if not look.poses:
        nobody = Finding(
            name="Person",
            state="bad",
            seen="Nobody was seen in the first two seconds.",
            remedy="Begin filming when the person is in the picture, near enough to fill half its height.",
        )
        return (nobody, _light(look), _rate(look))
    return (_body(look), _view(look), _light(look), _rate(look), _company(look))


def _file(look: FirstLook) -> tuple[Finding, ...]:
    if look.stated_s is not None:
        seen = f"It breaks off: {look.length_s:.1f} of {look.stated_s:.1f} s are there."
    elif look.n_damaged:
        seen = "Parts of it are damaged."
    else:
        return ()
    remedy = "Copy it again from the camera, or analyse what is there."
    return (Finding(name="File", state="mind", seen=seen, remedy=remedy),)


def _length(look: FirstLook) -> tuple[Finding, ...]:
    if look.length_s >= _SHORT_S:
        return ()
    short = Finding(
        name="Length",
        state="mind",
        seen=f"{look.length_s:.1f} s: too short for most numbers.",
        remedy="Film six steps or more, or an exercise with a moment of standing before and after.",
    )
    return (short,)


def _body(look: FirstLook) -> Finding:
    wide, high = look.image_wh
    room = _EDGE_SHARE * max(wide, high)
    inside = [
        bool(
            (score[_BODY] >= KEYPOINT_SCORE_MIN).all()
            and (xy[_BODY] > room).all()
            and (xy[_BODY, 0] < wide - room).all()
            and (xy[_BODY, 1] < high - room).all()
        )
        for xy, score in look.poses
    ]
    extents = [
        float(np.ptp(xy[score >= KEYPOINT_SCORE_MIN, 1])) / high
        for xy, score in look.poses
        if (score >= KEYPOINT_SCORE_MIN).any()
    ]
    if sum(inside) * 2 < len(inside):
        return Finding(
            name="Whole body",
            state="mind",
            seen="Head or feet are out of the picture, or hidden, most of the time.",
            remedy="Step back or turn the phone, until there is room above the head and below the feet.",
            of_body=True,
        )
    if extents and float(np.median(extents)) < _SMALL_SHARE:
        return Finding(
            name="Whole body",
            state="mind",
            seen="The person is small in the picture.",
            remedy="Come nearer, until the person fills half the height of the picture.",
            of_body=True,
        )
    return Finding(name="Whole body", state="good", seen="Head to feet are in the picture.", of_body=True)


def _width_over_trunk(xy: FloatArray) -> float:
    shoulders, hips = xy[[Keypoint.LEFT_SHOULDER, Keypoint.RIGHT_SHOULDER]], xy[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]]
    width = (segment_length_px(*shoulders) + segment_length_px(*hips)) / 2
    trunk = segment_length_px(midpoint(*shoulders), midpoint(*hips))
    return float(width / trunk) if trunk > 0 else float("nan")


def _view(look: FirstLook) -> Finding:
    spread = float(np.nanmedian([_width_over_trunk(xy) for xy, _ in look.poses]))
    if spread <= _SIDE_MAX:
        return Finding(
            name="View", state="good", seen="Seen from the side: every number can be measured.", of_body=True
        )
    if spread >= _FRONT_MIN:
        return Finding(
            name="View",
            state="mind",
            seen="Seen from the front or from behind: counts, cadence and step time can be measured.",
            remedy="For joint angles and step length film from the side.",
            of_body=True,
        )
    return Finding(
        name="View",
        state="mind",
        seen="Seen at an angle between side and front, where joint angles come out too small.",
        remedy="Move the phone until it looks at the person's side.",
        of_body=True,
    )


def _light(look: FirstLook) -> Finding:
    if look.brightness >= _DIM:
        return Finding(name="Light", state="good", seen="Bright enough.")
    dark = look.brightness < _DARK
    return Finding(
        name="Light",
        state="bad" if dark else "mind",
        seen="The picture is dark." if dark else "The picture is rather dark.",
        remedy="Switch a light on or film by daylight, with the window behind the phone and not behind the person.",
    )


def _rate(look: FirstLook) -> Finding:
    rate = f"{look.fps:.0f} frames per second"
    if look.fps < _SLOW_HZ:
        return Finding(
            name="Frame rate",
            state="bad",
            seen=f"{rate}: too few for times of steps.",
            remedy="Set the camera to 30 or, better, 60 frames per second; do not send the clip through a messenger.",
            of_steps=True,
        )
    if look.fps < _FINE_HZ:
        return Finding(
            name="Frame rate",
            state="good",
            seen=f"{rate}: enough; with 60, times are twice as fine.",
        )
    return Finding(name="Frame rate", state="good", seen=f"{rate}: fine.", of_steps=True)


def _company(look: FirstLook) -> Finding:
    if look.people <= 1:
        return Finding(name="One person", state="good", seen="One person is in view.")
    return Finding(
        name="One person",
        state="mind",
        seen=f"{look.people} people are in view.",
        remedy="Where they are shown, choose who is meant; best is nobody else in the picture.",
    )
