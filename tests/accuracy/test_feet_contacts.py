"""Contacts and angles of feet in seven real clips, read by eye.

What docs/numbers/feet.md says of feet in a video rests on them. They were read before what the program finds was seen,
but for the angles of the first walk; the heel strikes of five walks were read earlier. An eighth clip
(`hard/hato__running.mp4`) shows a new picture only every tenth of a second: the runner lands on the heel, but when
cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from gaitlab.gait.events import Event, find_events, find_passes
from gaitlab.gait.feet.angles import foot_angles_deg
from gaitlab.gait.feet.contacts import heel_strikes, toe_offs
from gaitlab.gait.feet.positions import feet_of
from gaitlab.motion.camera_view import forward_direction
from gaitlab.pipeline import analyse_video, open_engine
from gaitlab.records import Analysis, Contact, ContactKind, FloatArray
from gaitlab.records.skeleton import SIDES, OneSide
from gaitlab.settings import AnalysisSettings, GaitSettings, PoseSettings

pytestmark = pytest.mark.accuracy

NEAR_MS = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read in a clip: frames from 0, sure to one frame (on grass, of the child and in slow motion to two).

    Attributes
    ----------
    strikes, lifts : mapping of str to tuple of int
        "left", "right" or "either" → the first frame in which a heel touches the floor, or a toe does not any more.
        Toe-offs are read late: with these a foot stands 68 to 71 % of its stride, and people do so for 60 to 65 %.
    strike_deg : mapping of int to float
        Frame → angle of the sole against that of the same foot flat on the floor, toes up, sure to 3 degrees.
    slow_motion : float
        How many times slower than life the clip plays.
    subject : str
        Who was read, where there are several.
    """

    strikes: Mapping[str, tuple[int, ...]]
    lifts: Mapping[str, tuple[int, ...]]
    strike_deg: Mapping[int, float]
    slow_motion: float = 1.0
    subject: str = "auto"


READ = {
    "gait/walking-gait-as__walk.mp4": Read(
        strikes={"left": (22, 68, 110), "right": (47, 89)},
        lifts={"left": (56, 97), "right": (77, 118)},
        strike_deg={47: 25.0, 68: 28.0, 89: 21.0, 110: 16.0},
    ),
    "gait/pgsi__001_NM_01.mov": Read(
        strikes={"left": (37, 69), "right": (53, 84)},
        lifts={"left": (58, 89), "right": (43, 74)},
        strike_deg={38: 24.0},
    ),
    "gait/biomech-of-gait_normal_01.mp4": Read(
        strikes={"left": (43, 79), "right": (26, 61, 96)},
        lifts={"left": (68, 103), "right": (51, 85)},
        strike_deg={79: 10.5, 96: 4.0},
    ),
    "gait/mobile-gaitlab__input.mp4": Read(
        strikes={"either": (17, 31, 47, 61, 76, 91, 106, 121, 252, 267, 282, 297, 311, 326)},
        lifts={"either": (22, 36, 52, 66, 258, 273, 287, 303)},
        strike_deg={},
    ),
    "hard/biomech-of-gait_abnormal_06_no_arm_swing.mp4": Read(
        strikes={"left": (88, 236, 271), "right": (71, 106, 220, 255)},
        lifts={"left": (226, 261), "right": (243, 278)},
        strike_deg={71: 13.0, 88: 17.0, 106: 13.0, 220: 13.0, 236: 13.5, 255: 18.5},
    ),
    "gait/sports2d__demo.mp4": Read(
        strikes={"either": (79, 98, 116, 135, 153, 172)},
        lifts={"either": (86, 105, 123, 142, 159, 178)},
        strike_deg={79: 21.0, 98: 18.5, 116: 18.0, 135: 18.5, 153: 19.0},
        subject="2",
    ),
    "hard/running-pose-vis__run.mp4": Read(
        strikes={"either": (91, 129, 166, 203, 241)},
        lifts={"either": (111, 149, 185, 224, 261)},
        strike_deg={91: 18.0, 129: 4.0, 166: 15.0, 203: 16.0, 241: 15.0},
        slow_motion=3.5,
    ),
}
RUN = "hard/running-pose-vis__run.mp4"
WALKS = tuple(clip for clip in READ if clip != RUN)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """A clip that was read and is analysed with feet, and the contacts that its heels and toes tell."""

    read: Read
    analysis: Analysis
    of_feet: Sequence[Event]

    def errors_ms(self, kind: ContactKind, *, by_feet: bool) -> FloatArray:
        """Return found minus read for each contact that is found near where it was read."""
        contacts: Sequence[Event | Contact] = (
            self.of_feet if by_feet or self.analysis.gait is None else self.analysis.gait.contacts
        )
        errors = []
        for side, frames in (self.read.strikes if kind == "heel_strike" else self.read.lifts).items():
            own = [one.time_s for one in contacts if one.kind == kind and side in (one.side, "either")]
            for frame in frames:
                at_s = self.analysis.track.time_s[frame]
                errors.append(1000.0 * min((one - at_s for one in own), key=abs, default=float("inf")))
        return np.array([one for one in errors if abs(one) < NEAR_MS])

    def landings(self) -> list[tuple[OneSide, float, float]]:
        """Return side, angle found and angle read of the feet that land in the frames in which angles were read."""
        gait, track = self.analysis.gait, self.analysis.track
        assert gait is not None
        deg = foot_angles_deg(track, forward_direction(track), gait.strides, gait.mode)
        found = []
        for frame, read_deg in self.read.strike_deg.items():
            lands = min(gait.contacts, key=lambda one: (one.kind != "heel_strike", abs(one.frame - frame)))
            found.append((lands.side, float(deg[frame, SIDES.index(lands.side)]), read_deg))
        return found


@pytest.fixture(scope="module")
def seen(shared_data: Path) -> Mapping[str, Seen]:
    found = {}
    with closing(open_engine(PoseSettings(feet=True))) as engine:
        assert engine.pool.sees_feet
        for clip, read in READ.items():
            pose = PoseSettings(feet=True, subject=read.subject)
            settings = AnalysisSettings(activity="gait", pose=pose, slow_motion=read.slow_motion)
            analysis = analyse_video(shared_data / clip, settings, engine=engine)
            found[clip] = Seen(read=read, analysis=analysis, of_feet=contacts_of_feet(analysis))
    return found


def contacts_of_feet(analysis: Analysis) -> list[Event]:
    """Return the contacts by the rules that hold for markers of heel and toe."""
    track, told = analysis.track, []
    for walk in find_passes(track, forward_direction(track), GaitSettings()):
        events, feet = find_events(walk, GaitSettings()), feet_of(track, walk)
        assert feet is not None
        told += [*(heel_strikes(walk, feet, events) or ()), *(toe_offs(walk, feet, events) or ())]
    return told


def errors_of_walks_ms(seen: Mapping[str, Seen], kind: ContactKind, *, by_feet: bool) -> FloatArray:
    each = [seen[clip].errors_ms(kind, by_feet=by_feet) for clip in WALKS]
    errors = np.concatenate(each)
    by_clip = ", ".join(f"{one.mean():+.0f} ± {one.std():.0f}" for one in each)
    print(f"{kind}, {by_feet=}: {errors.mean():+.0f} ± {errors.std():.0f}, n = {len(errors)} ({by_clip})")  # noqa: T201  shown by -s
    return errors


@pytest.mark.parametrize("clip", READ)
def test_both_feet_are_known_in_most_frames(seen: Mapping[str, Seen], clip: str) -> None:
    track = seen[clip].analysis.track_raw
    assert track.feet is not None
    there = np.isfinite(track.xy_px).all(axis=(1, 2))
    share = np.isfinite(track.feet.xy_px[there]).all(axis=(1, 2)).mean()
    print(f"{clip}: both feet are known in {share:.2f} of the frames")  # noqa: T201  shown by -s
    assert share >= 0.4


def test_the_ankle_tells_heel_strikes_of_walkers_better_than_heel_and_toe(seen: Mapping[str, Seen]) -> None:
    ankle, feet = (errors_of_walks_ms(seen, "heel_strike", by_feet=by_feet) for by_feet in (False, True))
    assert len(ankle) >= 35
    assert abs(ankle.mean()) <= 15.0
    assert ankle.std() <= 30.0
    assert abs(feet.mean()) > abs(ankle.mean())
    assert feet.std() > ankle.std()


def test_toe_offs_by_the_toe_vary_more_than_those_by_the_ankle(seen: Mapping[str, Seen]) -> None:
    """Both come before they were read; read they are late."""
    ankle, feet = (errors_of_walks_ms(seen, "toe_off", by_feet=by_feet) for by_feet in (False, True))
    assert len(ankle) >= 25
    assert -110.0 <= ankle.mean() <= -40.0
    assert feet.std() > ankle.std()


def test_a_landing_is_near_the_angle_that_was_read(seen: Mapping[str, Seen]) -> None:
    errors = np.array([found - read for clip in WALKS for _, found, read in seen[clip].landings()])
    print(f"angles: {errors.mean():+.1f} ± {errors.std():.1f} degrees: {np.round(errors)}")  # noqa: T201  shown by -s
    assert len(errors) == 18
    assert abs(errors.mean()) <= 5.0
    assert np.percentile(np.abs(errors), 90) <= 12.0


def test_the_mean_angle_of_a_foot_is_within_ten_degrees_of_what_was_read(seen: Mapping[str, Seen]) -> None:
    errors = []
    for clip in WALKS:
        given = {one.side: one.value for one in seen[clip].analysis.metrics if one.name == "foot_strike_angle"}
        landings = seen[clip].landings()
        for side in dict.fromkeys(side for side, _, _ in landings):
            value = given[side]
            assert value is not None
            errors.append(value - np.mean([read for which, _, read in landings if which == side]))
    print(f"feet: {np.mean(errors):+.1f} ± {np.std(errors):.1f} degrees: {np.round(errors)}")  # noqa: T201  shown by -s
    assert len(errors) == 9
    assert abs(np.mean(errors)) <= 3.0
    assert max(np.abs(errors)) <= 10.5


def test_no_walker_who_lands_on_the_heel_is_said_to_land_on_the_forefoot(seen: Mapping[str, Seen]) -> None:
    told = [one.values["kind"] for clip in WALKS for one in seen[clip].analysis.findings if one.code == "foot_strike"]
    for clip in WALKS:
        given = [one for one in seen[clip].analysis.metrics if one.name == "foot_strike_angle"]
        print(clip, [(one.side, one.value, one.n, one.confidence) for one in given])  # noqa: T201  shown by -s
    assert len(told) >= 4
    assert set(told) == {"rear"}


def test_how_a_runner_lands_is_withheld(seen: Mapping[str, Seen]) -> None:
    of_feet = [one for one in seen[RUN].analysis.metrics if one.name.startswith("foot_strike")]
    assert [one.why.code for one in of_feet if one.why] == ["feet_in_video"]
