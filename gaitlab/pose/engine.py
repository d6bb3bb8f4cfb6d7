"""The loaded engine: the networks, their threads, and the names and checksums that identify them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gaitlab.errors import ModelError, UsageError
from gaitlab.pose.crop import next_crop
from gaitlab.pose.detection import Detection, is_same_body, is_somebody
from gaitlab.pose.network_pool import NetworkPool
from gaitlab.pose.networks.interpreter import load_network
from gaitlab.pose.networks.landmarks import LandmarkNetwork
from gaitlab.pose.networks.load import load_pose_model
from gaitlab.pose.networks.model import PoseModel
from gaitlab.pose.networks.parameters import PictureSettings
from gaitlab.pose.networks.trial import require_usable
from gaitlab.pose.weights.download import OnProgress
from gaitlab.pose.weights.manifest import FEET_NETWORK
from gaitlab.pose.weights.resolve import find_model, resolve_model
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
        Of the model that measures; a file that no manifest knows has its own name.
    alone : bool
        Whether `find_poses` takes what the model says of the whole picture, once.
    flip_horizontal : bool
        Whether `find_poses` mirrors the positions.
    """

    pool: NetworkPool
    name: str
    sha256: str
    alone: bool = False
    flip_horizontal: bool = False

    def close(self) -> None:
        """Stop its threads."""
        self.pool.close()


def open_engine(
    settings: PoseSettings,
    *,
    on_progress: OnProgress | None = None,
    for_stills: bool = False,
    pictures: PictureSettings | None = None,
) -> PoseEngine:
    """Find (or fetch) the model and load it, twice where two threads may run, and the one that tells people apart.

    The network for feet is loaded where the settings ask for it and it is on this machine. A file whose checksum nobody
    knows is first tried by a program of its own.

    Parameters
    ----------
    settings : PoseSettings
    on_progress : callable, optional
        Called while a model is fetched.
    for_stills : bool
        For `find_poses`, where no earlier frame tells PoseNet whom to follow: it decodes several people.
    pictures : PictureSettings, optional
        Parameters of the network for `find_poses`; with `for_stills` only.

    Raises
    ------
    UsageError
        When there is no such model, or it does not understand a parameter.
    ModelError
        When its file is neither here nor to be had, damaged, or no pose model.
    """
    pictures = pictures or PictureSettings()
    if pictures != PictureSettings() and not for_stills:
        raise UsageError("pictures: these parameters are for single pictures (`for_stills`), not for clips")
    alone = bool(pictures.given)
    threads = settings.workers or min(os.cpu_count() or 1, _THREADS_MAX)
    side_by_side = 1 if alone else min(threads, _SIDE_BY_SIDE)
    file = resolve_model(settings.model, on_progress=on_progress)
    if not file.is_known:
        require_usable(file.path)
    models = [
        load_pose_model(file.path, threads=threads // side_by_side, several=for_stills, settings=pictures)
        for _ in range(side_by_side)
    ]
    finder = None if alone else _finder(on_progress)
    feet = None if for_stills or not settings.feet else _feet_network(threads // side_by_side)
    return PoseEngine(
        pool=NetworkPool(models, finder, feet),
        name=file.spec.name,
        sha256=file.sha256,
        alone=alone,
        flip_horizontal=pictures.flip_horizontal,
    )


def _finder(on_progress: OnProgress | None) -> PoseModel | None:
    try:
        return load_pose_model(resolve_model(FINDER, on_progress=on_progress).path, threads=1)
    except ModelError:
        return None


def _feet_network(threads: int) -> LandmarkNetwork | None:
    """Return the network for feet; None where its file is not here, or damaged."""
    try:
        file = find_model(FEET_NETWORK)
        return LandmarkNetwork(load_network(file.path, threads=threads)) if file else None
    except ModelError:
        return None


def find_poses(picture: Picture, engine: PoseEngine) -> tuple[Detection, ...]:
    """Return the pose of everybody in one picture: found in the whole picture, then measured in a crop per person.

    In a clip the frames before and after help. In a single picture the network runs on crops of slightly different
    sizes around each person, and the detection with the highest mean score counts *(ours: from behind, left and right
    depend on chance otherwise)*. An engine that was opened with parameters of its network (`PictureSettings`) says what
    that network says of the whole picture, once, in the network's own order, also of poses that show little.

    Parameters
    ----------
    picture : Picture
    engine : PoseEngine

    Returns
    -------
    tuple of Detection
        Best first, nobody twice; empty when nobody was found. Where the engine flips, x is counted from the right edge,
        as in the mirrored picture.
    """
    found = engine.pool.find(picture).result()
    poses = found if engine.alone else _measured(picture, found, engine.pool)
    if not engine.flip_horizontal:
        return poses
    return tuple(replace(pose, xy_px=np.array([picture.wh[0], 0.0]) + pose.xy_px * [-1.0, 1.0]) for pose in poses)


def _measured(picture: Picture, everybody: Sequence[Detection], pool: NetworkPool) -> tuple[Detection, ...]:
    poses: list[Detection] = []
    for found in everybody:
        pose = _surest(picture, found, pool)
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
