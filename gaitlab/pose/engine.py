"""The loaded engine: the networks, their threads, and the names and checksums that identify them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.errors import ModelError
from gaitlab.pose.crop import next_crop
from gaitlab.pose.detection import Detection, is_same_body, is_somebody
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.pose.networks.load import load_pose_model
from gaitlab.pose.weights.download import OnProgress
from gaitlab.pose.weights.resolve import resolve_model
from gaitlab.records import Picture
from gaitlab.settings import PoseSettings

__all__ = ["FINDER", "PoseEngine", "find_poses", "open_engine"]

#: Tells people apart; without it one person is found at a time.
FINDER: Final = "movenet-multipose-lightning-fp16"

_SIDE_BY_SIDE = 2  # of the three frames that `estimate` lets under way; more cores go to more threads for each
_THREADS_MAX = 4
_CROP_FACTORS = (0.9, 1.0, 1.1, 1.25)
_NEAR = 0.15  # body extents; farther off it is somebody else


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PoseEngine:
    """A loaded pose model with its name and checksum; may be used for one analysis after another.

    Attributes
    ----------
    pool : NetworkPool
    name, sha256 : str
        Of the model that measures.
    """

    pool: NetworkPool
    name: str
    sha256: str

    def close(self) -> None:
        """Stop its threads."""
        self.pool.close()


def open_engine(
    settings: PoseSettings, *, on_progress: OnProgress | None = None, for_stills: bool = False
) -> PoseEngine:
    """Find (or fetch) the model and load it, twice where two threads may run, and the one that tells people apart.

    Parameters
    ----------
    settings : PoseSettings
    on_progress : callable, optional
        Called while a model is fetched.
    for_stills : bool
        For `find_poses`, where no earlier frame tells PoseNet whom to follow: it decodes several people.

    Raises
    ------
    UsageError
        When there is no such model.
    ModelError
        When its file is neither here nor to be had, or damaged.
    """
    threads = settings.workers or min(os.cpu_count() or 1, _THREADS_MAX)
    side_by_side = min(threads, _SIDE_BY_SIDE)
    file = resolve_model(settings.model, on_progress=on_progress)
    models = [
        load_pose_model(file.path, threads=threads // side_by_side, several=for_stills) for _ in range(side_by_side)
    ]
    try:
        finder = load_pose_model(resolve_model(FINDER, on_progress=on_progress).path, threads=1)
    except ModelError:
        finder = None
    return PoseEngine(pool=NetworkPool(models, finder), name=settings.model, sha256=file.sha256)


def find_poses(picture: Picture, engine: PoseEngine) -> tuple[Detection, ...]:
    """Return the pose of everybody in one picture: found in the whole picture, then measured in a crop per person.

    In a clip the frames before and after help. In a single picture the network runs on crops of slightly different
    sizes around each person, and the detection with the highest mean score counts *(ours: from behind, left and right
    depend on chance otherwise)*.

    Parameters
    ----------
    picture : Picture
    engine : PoseEngine

    Returns
    -------
    tuple of Detection
        Best first, nobody twice; empty when nobody was found.
    """
    poses: list[Detection] = []
    for found in engine.pool.find(picture).result():
        pose = _surest(picture, found, engine.pool)
        if pose is not None and is_somebody(pose.score) and not any(is_same_body(pose, one) for one in poses):
            poses.append(pose)
    return tuple(sorted(poses, key=_certainty, reverse=True))


def _surest(picture: Picture, found: Detection, pool: NetworkPool) -> Detection | None:
    first = pool.detect(picture, next_crop(found.xy_px, found.score, picture.wh)).result()
    if first is None:
        return None
    square = next_crop(first.xy_px, first.score, picture.wh)
    futures = [pool.detect(picture, square.scaled(factor)) for factor in _CROP_FACTORS]
    detections = [detection for future in futures if (detection := future.result()) is not None]
    near = [
        detection
        for detection in detections
        if np.linalg.norm(detection.middle_px - first.middle_px) < _NEAR * first.extent_px
    ]
    return max((first, *near), key=_certainty)


def _certainty(pose: Detection) -> float:
    return float(pose.score.mean())
