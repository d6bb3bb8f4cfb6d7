"""The limits of preparing a track, each with a case on either side, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.motion.camera_view import forward_direction
from gaitlab.motion.repeated_frames import drop_repeats
from gaitlab.motion.smoothing import smooth_track
from gaitlab.settings import SmoothingSettings
from tests.builders import TRUNK, figure, standing, track_of


@pytest.mark.parametrize(("torsos", "is_cut"), [(0.9, False), (1.1, True)])
def test_a_jump_by_more_than_the_length_of_the_torso_is_a_cut(torsos: float, is_cut: bool) -> None:
    """Of a body of 300 px it is 90 px long; nothing is smoothed across a cut, a step otherwise is."""
    xy_px = standing(duration_s=1).xy_px
    scenes = np.concatenate([xy_px, xy_px + np.array([torsos * TRUNK * 300.0, 0.0])])
    smooth = smooth_track(track_of(scenes), SmoothingSettings()).track.xy_px
    assert np.allclose(smooth, scenes, atol=1e-6) == is_cut


@pytest.mark.parametrize(("n_away", "forward"), [(2, 1.0), (3, 0.0)])
def test_a_direction_takes_half_of_agreement_among_the_frames(n_away: int, forward: float) -> None:
    """Of ten frames two that face the other way leave 8 - 2 = 6 tenths, three 7 - 3 = 4."""
    faces = np.tile([-1.0] * n_away + [1.0] * (10 - n_away), 8)
    track = track_of(figure(np.tile([960.0, 750.0], (len(faces), 1)), forward=faces))
    assert set(forward_direction(track)[15:-15]) == {forward}


@pytest.mark.parametrize(("n_repeats", "is_dropped"), [(2, True), (3, False)])
def test_pictures_repeated_for_longer_than_0_12_s_are_somebody_who_keeps_still(
    n_repeats: int, is_dropped: bool
) -> None:
    """At 20 pictures a second, from the one that is repeated to the last repeat."""
    xy_px = standing(duration_s=1).xy_px[:20]
    is_repeat = np.zeros(20, dtype=bool)
    is_repeat[8 : 8 + n_repeats] = True
    left = drop_repeats(track_of(xy_px, fps=20.0), is_repeat)
    assert np.isnan(left.xy_px[is_repeat]).all() == is_dropped
