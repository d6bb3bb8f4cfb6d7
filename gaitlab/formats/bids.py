"""Motion-BIDS: a small data set with one recording, as open archives of movement data take it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.records import AngleSeries, Contact, PoseTrack, Repetition
from gaitlab.records.skeleton import KEYPOINT_NAMES

__all__ = ["write_bids"]

_VERSION: Final = "1.10.0"


def write_bids(
    folder: Path,
    track: PoseTrack,
    angles: AngleSeries,
    *,
    task: str,
    contacts: Sequence[Contact] = (),
    repetitions: Sequence[Repetition] = (),
    program: str,
    provenance: dict[str, Any],
) -> None:
    """Write a BIDS data set: positions in pixels, angles in degrees, and the events.

    The person is "sub-01"; nothing in the files names them.

    Parameters
    ----------
    folder : Path
        Exists and is empty.
    track, angles
        Frames of one rate; unknown values are "n/a".
    task : str
        What is done: "gait", "squat".
    contacts, repetitions
        Become events.
    program : str
        Name and version.
    provenance : dict
        JSON values, kept in the description.
    """
    label = "".join(one for one in task if one.isalnum()) or "movement"
    motion = folder / "sub-01" / "motion"
    motion.mkdir(parents=True)
    stem = f"sub-01_task-{label}_tracksys-gaitlab"
    positions = np.concatenate([track.xy_px, track.score[..., np.newaxis]], axis=2).reshape(len(track), -1)
    same = len(angles.time_s) == len(track)
    values = np.column_stack([positions, angles.deg]) if same else positions
    points = [
        (f"{name}_{part}", part if part in "xy" else "n/a", kind, name, unit)
        for name in KEYPOINT_NAMES
        for part, kind, unit in (("x", "POS", "px"), ("y", "POS", "px"), ("score", "MISC", "n/a"))
    ]
    turns = [(f"{name}_angle", "n/a", "MISC", name, "deg") for name in angles.names] if same else []
    rate = float(track.fps_mean)
    channels = [(*channel, f"{rate:.4f}") for channel in (*points, *turns)]
    lines = ("\t".join(f"{v:.4f}" if np.isfinite(v) else "n/a" for v in row) for row in values)
    (motion / f"{stem}_motion.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _table(
        motion / f"{stem}_channels.tsv",
        ("name", "component", "type", "tracked_point", "units", "sampling_frequency"),
        channels,
    )
    _write_json(
        motion / f"{stem}_motion.json",
        {
            "TaskName": task,
            "TrackingSystemName": "gaitlab",
            "SamplingFrequency": rate,
            "SamplingFrequencyEffective": rate,
            "MotionChannelCount": len(channels),
            "POSChannelCount": 2 * len(KEYPOINT_NAMES),
            "MISCChannelCount": len(channels) - 2 * len(KEYPOINT_NAMES),
            "TrackedPointsCount": len(KEYPOINT_NAMES),
            "RecordingDuration": float(track.time_s[-1] - track.time_s[0]) + 1.0 / rate,
            "RecordingType": "continuous",
            "Manufacturer": "GaitLab",
            "SoftwareVersions": program,
            "TaskDescription": "Movement in front of one camera; positions are pixels of the picture, y downwards",
        },
    )
    _events(motion / f"sub-01_task-{label}_events.tsv", float(track.time_s[0]), contacts, repetitions)
    _write_json(
        folder / "dataset_description.json",
        {
            "Name": f"{task}, from video",
            "BIDSVersion": _VERSION,
            "DatasetType": "raw",
            "GeneratedBy": [
                {
                    "Name": "GaitLab",
                    "Version": program.rpartition(" ")[2],
                    "Description": json.dumps(provenance, default=str),
                }
            ],
        },
    )
    (folder / "README").write_text(
        f"One recording of {task}, made from video by {program}. Positions are pixels of the picture, angles are\n"
        "those in the plane of the picture. It is no medical device.\n",
        encoding="utf-8",
    )
    _table(folder / "participants.tsv", ("participant_id", "species"), [("sub-01", "homo sapiens")])
    _write_json(folder / "participants.json", {"species": {"Description": "Species of the participant"}})


def _events(path: Path, first_s: float, contacts: Sequence[Contact], repetitions: Sequence[Repetition]) -> None:
    rows = [(one.time_s - first_s, 0.0, f"{one.side}_{one.kind}") for one in contacts]
    rows += [(one.start_s - first_s, one.end_s - one.start_s, f"{one.side}_repetition") for one in repetitions]
    _table(
        path,
        ("onset", "duration", "trial_type"),
        [(f"{onset:.4f}", f"{duration:.4f}", name) for onset, duration, name in sorted(rows)],
    )
    levels = {name: name.replace("_", " ") for _, _, name in rows}
    _write_json(
        path.with_suffix(".json"),
        {"trial_type": {"Description": "Foot contact or repetition found by GaitLab", "Levels": levels}},
    )


def _table(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    lines = ["\t".join(header), *("\t".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_json(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
