"""Sample sessions: keypoint tracks recorded by this program and shipped with it as coordinates only.

They are analysed and saved like the track of a video. Some are one recording again, as another visit of the same
person: played slower or ended earlier, with an error of the keypoints of its own. So it is known what changes from
visit to visit: the pace and the number of repetitions, and nothing else.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from gaitlab.formats.csv import read_track
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import Direction, SessionStore

__all__ = ["SAMPLE_TAG", "Sample", "analyse_sample", "load_samples", "sample_track", "samples"]

SAMPLE_TAG = "sample"
_REMARK = "Sample session: recorded keypoints of a stranger, to explore the reports."
_VISIT_REMARK = "Sample session: one recording of a stranger as several visits, at another pace."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One session to be shown.

    Attributes
    ----------
    file, title, person, activity : str
    recorded_at : datetime
        Invented, so that the samples form a history.
    image_wh : tuple of int
    model, model_sha256 : str
    pace : float
        How fast it is played, over how fast it was recorded.
    until_s : float or None
        End of the part that is used, in the recording.
    error_px : float
        SD of a random error of each coordinate, in pixels: what differs between two recordings of the same movement.
    is_baseline : bool
    """

    file: str
    title: str
    person: str
    activity: str
    recorded_at: datetime
    image_wh: tuple[int, int]
    model: str
    model_sha256: str
    pace: float = 1.0
    until_s: float | None = None
    error_px: float = 0.0
    is_baseline: bool = False

    @property
    def is_visit(self) -> bool:
        """Whether it was made of a recording that others are made of, too."""
        return (self.pace, self.until_s, self.error_px) != (1.0, None, 0.0)


def _folder() -> Path:
    return Path(str(resources.files("gaitlab"))) / "data" / "samples"


def _table() -> dict[str, Any]:
    return tomllib.loads((_folder() / "index.toml").read_text(encoding="utf-8"))


def samples() -> tuple[Sample, ...]:
    """Return the shipped samples in the order of the index."""
    table = _table()
    return tuple(
        Sample(**{**row, "image_wh": tuple(row["image_wh"]), **table["recorded_with"]}) for row in table["sample"]
    )


def _as_visit(track: PoseTrack, sample: Sample, digest: bytes) -> PoseTrack:
    """Return a recording as another visit; the same one every time."""
    n = len(track) if sample.until_s is None else int(np.searchsorted(track.time_s, sample.until_s))
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    xy_px = track.xy_px[:n] + sample.error_px * rng.standard_normal(track.xy_px[:n].shape)
    return replace(track, time_s=track.time_s[:n] / sample.pace, xy_px=xy_px, score=track.score[:n])


def sample_track(sample: Sample) -> PoseTrack:
    """Return the recording that a sample was made of."""
    return read_track(_folder() / sample.file, image_wh=sample.image_wh)


def analyse_sample(sample: Sample) -> Analysis:
    """Analyse one shipped track like the track of a clip."""
    track, content = sample_track(sample), (_folder() / sample.file).read_bytes()
    if sample.is_visit:
        content += sample.recorded_at.isoformat().encode()
        track = _as_visit(track, sample, hashlib.sha256(content).digest())
    return analyse_track(
        track,
        AnalysisSettings(activity=sample.activity),
        source=SourceInfo(
            file=sample.title,
            sha256=hashlib.sha256(content).hexdigest(),
            width_px=sample.image_wh[0],
            height_px=sample.image_wh[1],
            frames=len(track),
            duration_s=float(track.time_s[-1]),
            fps_mean=track.fps_mean,
            recorded_at=sample.recorded_at,
        ),
        model=sample.model,
        model_sha256=sample.model_sha256,
    )


def load_samples(store: SessionStore) -> int:
    """Analyse and save the samples that are not in the store yet, and return how many were added."""
    added = 0
    for sample in samples():
        analysis = analyse_sample(sample)
        if not store.find_by_hash(str(analysis.source.sha256)):
            remark = _VISIT_REMARK if sample.is_visit else _REMARK
            number = store.save(
                analysis, person=sample.person, recorded_at=sample.recorded_at, remark=remark, tags=(SAMPLE_TAG,)
            )
            if sample.is_baseline:
                store.update_session(number, is_baseline=True)
            added += 1
    for goal in _table()["goal"] if added else ():
        direction: Direction = goal["direction"]
        store.set_goal(goal["person"], metric=goal["metric"], target=goal["target"], direction=direction)
    return added
