"""Heel strikes of recorded tracks beside those that were read in the video by eye, frame by frame."""

from __future__ import annotations

import numpy as np
import pytest

from gaitlab.archive.samples import analyse_sample, samples

#: Frames of the heel strikes, known to one frame, of the child to two.
READ = {
    "walk-right-start.csv.gz": (22, 47, 68, 89, 110),
    "walk-right.csv.gz": (26, 43, 61, 79, 96),
    "walk-both-ways.csv.gz": (2, 17, 31, 47, 61, 76, 91, 106, 121, 135, 238, 252, 267, 282, 297, 311, 326, 341),
}


def errors_ms(file: str) -> list[float]:
    """Return found minus read, for each heel strike that was read."""
    analysis = analyse_sample(next(sample for sample in samples() if sample.file == file))
    assert analysis.gait is not None
    found = np.array([one.time_s for one in analysis.gait.contacts if one.kind == "heel_strike"])
    read = analysis.track.time_s[list(READ[file])]
    return [float(1000.0 * min(found - one, key=abs)) for one in read]


def test_heel_strikes_have_no_bias_in_video() -> None:
    errors = np.array([error for file in READ for error in errors_ms(file)])
    assert abs(errors.mean()) <= 10.0
    assert errors.std() <= 30.0


@pytest.mark.parametrize("file", READ)
def test_no_heel_strike_is_missed(file: str) -> None:
    assert max(map(abs, errors_ms(file))) <= 70.0
