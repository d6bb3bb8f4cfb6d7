"""DeepLabCut tables: three rows of heading (scorer, bodyparts, coords), then one row per frame.

DeepLabCut, SLEAP and `movement` read them. The files tell no time: the reader gives the frame rate.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from gaitlab.formats.csv import write_rows
from gaitlab.records import PoseTrack
from gaitlab.records.skeleton import KEYPOINT_NAMES

__all__ = ["write_deeplabcut"]

_SCORER: Final = "GaitLab"
_COORDS: Final = ("x", "y", "likelihood")


def write_deeplabcut(path: Path, track: PoseTrack) -> None:
    """Write a track as a DeepLabCut CSV, in pixels; an unknown position is empty, with likelihood 0."""
    n = len(KEYPOINT_NAMES) * len(_COORDS)
    heading = [
        ["bodyparts", *(name for name in KEYPOINT_NAMES for _ in _COORDS)],
        ["coords", *(_COORDS * len(KEYPOINT_NAMES))],
    ]
    values = np.concatenate([track.xy_px, track.score[..., np.newaxis]], axis=2)
    rows = ([str(i), *(f"{v:.3f}" if np.isfinite(v) else "" for v in row.ravel())] for i, row in enumerate(values))
    write_rows(path, ["scorer", *[_SCORER] * n], [*heading, *rows])
