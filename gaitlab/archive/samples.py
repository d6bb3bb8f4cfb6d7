"""Sample sessions: keypoint tracks recorded by this program and shipped with it as coordinates only.

They are analysed and saved like the track of a video.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

from gaitlab.formats.csv import read_track
from gaitlab.pipeline import analyse_track
from gaitlab.records import Analysis, SourceInfo
from gaitlab.settings import AnalysisSettings
from gaitlab.storage import SessionStore
from gaitlab.video import sha256_of

__all__ = ["Sample", "analyse_sample", "load_samples", "samples"]

_REMARK = "Sample session: recorded keypoints of a stranger, to explore the reports."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One shipped track; `recorded_at` is invented, so that the samples form a history."""

    file: str
    title: str
    person: str
    activity: str
    recorded_at: datetime
    image_wh: tuple[int, int]
    model: str
    model_sha256: str


def _folder() -> Path:
    return Path(str(resources.files("gaitlab"))) / "data" / "samples"


def samples() -> tuple[Sample, ...]:
    """Return the shipped samples in the order of their dates."""
    table = tomllib.loads((_folder() / "index.toml").read_text(encoding="utf-8"))
    return tuple(
        Sample(**{**row, "image_wh": tuple(row["image_wh"]), **table["recorded_with"]}) for row in table["sample"]
    )


def analyse_sample(sample: Sample) -> Analysis:
    """Analyse one shipped track like the track of a clip."""
    path = _folder() / sample.file
    track = read_track(path, image_wh=sample.image_wh)
    return analyse_track(
        track,
        AnalysisSettings(activity=sample.activity),
        source=SourceInfo(
            file=sample.title,
            sha256=sha256_of(path),
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
            store.save(analysis, person=sample.person, recorded_at=sample.recorded_at, remark=_REMARK, tags=("sample",))
            added += 1
    return added
