"""COCO keypoint JSON: images, and one annotation with 17 points for each of them where the person was seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import EDGES, KEYPOINT_NAMES, N_KEYPOINTS

__all__ = ["read_coco", "write_coco"]

_SEEN: Final = 2  # COCO's flag for a point that is labelled and visible
_DIGITS: Final = 3


def write_coco(path: Path, track: PoseTrack, *, file: str, provenance: dict[str, Any] | None = None) -> None:
    """Write a track as COCO keypoint JSON.

    Parameters
    ----------
    path : Path
    track : PoseTrack
        Unknown points have flag 0.
    file : str
        Name of the clip; the images are named after it.
    provenance : dict, optional
        JSON values, kept under "info".

    Notes
    -----
    Images also carry `time_s` and annotations `keypoint_scores`, beyond the format, so that reading loses nothing.
    """
    width, height = track.image_wh or (0, 0)
    images = [
        {"id": i, "file_name": f"{file}#{i}", "width": width, "height": height, "time_s": round(float(time_s), 6)}
        for i, time_s in enumerate(track.time_s)
    ]
    annotations = [_annotation(i, track.xy_px[i], track.score[i]) for i in range(len(track))]
    edges = [[int(start) + 1, int(end) + 1] for start, end in EDGES]
    document = {
        "info": {"description": f"Keypoints of one person in {file}", **(provenance or {})},
        "images": images,
        "annotations": [annotation for annotation in annotations if annotation["num_keypoints"]],
        "categories": [{"id": 1, "name": "person", "keypoints": list(KEYPOINT_NAMES), "skeleton": edges}],
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def _annotation(i: int, xy_px: FloatArray, score: FloatArray) -> dict[str, Any]:
    known = np.asarray(np.isfinite(xy_px).all(axis=1))
    flat: list[float] = []
    for (x, y), is_known in zip(xy_px, known, strict=True):
        flat += [round(float(x), _DIGITS), round(float(y), _DIGITS), _SEEN] if is_known else [0, 0, 0]
    low, high = (xy_px[known].min(axis=0), xy_px[known].max(axis=0)) if known.any() else (np.zeros(2), np.zeros(2))
    box = [round(float(v), _DIGITS) for v in (*low, *(high - low))]
    return {
        "id": i,
        "image_id": i,
        "category_id": 1,
        "keypoints": flat,
        "num_keypoints": int(known.sum()),
        "bbox": box,
        "area": round(box[2] * box[3], _DIGITS),
        "iscrowd": 0,
        "score": round(float(score.mean()), _DIGITS),
        "keypoint_scores": [round(float(v), _DIGITS) for v in score],
    }


def read_coco(path: Path, *, fps: float | None = None) -> PoseTrack:
    """Read COCO keypoint JSON; of several annotations of one image the one with the best score is taken.

    Parameters
    ----------
    path : Path
    fps : float, optional
        Frames per second, needed where the images carry no `time_s`, as those of other programs.

    Returns
    -------
    PoseTrack
        One frame per image, in the order of their numbers.

    Raises
    ------
    InputError
        When it is not a COCO file, or has no times and no `fps` is given.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        images = sorted(document["images"], key=lambda image: int(image["id"]))
        best: dict[int, dict[str, Any]] = {}
        for annotation in sorted(document["annotations"], key=lambda a: float(a.get("score", 0.0))):
            best[int(annotation["image_id"])] = annotation
        pairs = [_points(best.get(int(image["id"]))) for image in images]
        time_s = _times(images, fps, path.name)
        wh = (int(images[0].get("width", 0)), int(images[0].get("height", 0)))
        return PoseTrack(
            time_s=time_s,
            xy_px=np.array([xy for xy, _ in pairs]),
            score=np.array([score for _, score in pairs]),
            image_wh=wh if min(wh) > 0 else None,
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise InputError(f"{path.name}: this is not COCO keypoint JSON that can be read ({error})") from error


def _times(images: list[dict[str, Any]], fps: float | None, file: str) -> FloatArray:
    if all("time_s" in image for image in images):
        return np.array([float(image["time_s"]) for image in images])
    if fps is None:
        raise InputError(f"{file}: the images carry no time; give the frames per second with --fps")
    return np.arange(len(images)) / fps


def _points(annotation: dict[str, Any] | None) -> tuple[FloatArray, FloatArray]:
    if annotation is None:
        return np.full((N_KEYPOINTS, 2), np.nan), np.zeros(N_KEYPOINTS)
    points = np.array(annotation["keypoints"], dtype=np.float64).reshape(N_KEYPOINTS, 3)
    known = points[:, 2] > 0
    score = np.array(annotation.get("keypoint_scores", np.ones(N_KEYPOINTS)), dtype=np.float64)
    return np.where(known[:, np.newaxis], points[:, :2], np.nan), np.where(known, np.clip(score, 0.0, 1.0), 0.0)
