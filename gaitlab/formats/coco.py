"""COCO keypoint JSON: images, and one annotation with 17 points for each of them where the person was seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.errors import InputError
from gaitlab.formats.detections import Detections, chosen_rows, layout_of, number_in, points_of
from gaitlab.formats.loading import one_line
from gaitlab.formats.names import places_of
from gaitlab.records import FloatArray, PoseTrack, Recording
from gaitlab.records.skeleton import EDGES, KEYPOINT_NAMES, Keypoint

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


def read_coco(path: Path, document: Any, *, fps: float | None, image_wh: tuple[int, int] | None = None) -> Recording:
    """Return what COCO keypoint JSON tells: a whole data set, or a bare list of results as cocoapi and AlphaPose write.

    Numbers of frames are those at the end of the images' names, else the images' ids.

    Parameters
    ----------
    path : Path
        For messages.
    document : object
        The file's content.
    fps : float or None
        Frames per second, needed where the images carry no `time_s`, as those of other programs.
    image_wh : tuple of int, optional
        Where the file does not give it.

    Raises
    ------
    InputError
        When it is not a COCO file.
    UsageError
        When it has no times and no `fps` is given.
    """
    try:
        if isinstance(document, list):
            return _of_results(path, document, image_wh).by_number(fps=fps)
        found, time_s = _of_data_set(path, document, image_wh)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise InputError(f"{path.name}: this is not COCO keypoint JSON that can be read ({one_line(error)})") from error
    return found.by_number(fps=fps) if time_s is None else found.by_times(time_s)


def _of_data_set(
    path: Path, document: dict[str, Any], image_wh: tuple[int, int] | None
) -> tuple[Detections, FloatArray | None]:
    images = sorted(document["images"], key=lambda image: int(image["id"]))
    wh = (int(images[0].get("width") or 0), int(images[0].get("height") or 0))
    found = Detections(
        file=path.name, program="COCO keypoint JSON", image_wh=wh if min(wh) > 0 else image_wh, points=set(Keypoint)
    )
    layout = _stated_layout(document)
    time_s = None
    if all("time_s" in image for image in images):
        time_s = np.array([float(image["time_s"]) for image in images])
        number = {int(image["id"]): row for row, image in enumerate(images)}
    else:
        named = [number_in(Path(str(image.get("file_name", ""))).stem) for image in images]
        in_names = None not in named and len(set(named)) == len(named)
        number = {int(image["id"]): int(n if in_names and n is not None else image["id"])
                  for image, n in zip(images, named, strict=True)}  # fmt: skip
    if len(number) != len(images):
        raise InputError(f"{path.name}: two images have the same id; check the file")
    found.numbers.update(number.values())
    for annotation in document["annotations"]:
        _add(found, number[int(annotation["image_id"])], annotation, layout)
    return found, time_s


def _stated_layout(document: dict[str, Any]) -> Mapping[int, int] | None:
    """Return the layout that the category's names of keypoints tell; None without names."""
    for category in document.get("categories") or ():
        if names := category.get("keypoints"):
            return {place: point for point, place in places_of([str(name) for name in names]).items()}
    return None


def _of_results(path: Path, results: list[dict[str, Any]], image_wh: tuple[int, int] | None) -> Detections:
    found = Detections(file=path.name, program="a list of COCO results", image_wh=image_wh)
    named = [one.get("file_name") or one["image_id"] for one in results]
    numbers = chosen_rows([n if isinstance(n, int) else number_in(Path(str(n)).stem) for n in named], path.name)
    for number, one in zip(numbers, results, strict=True):
        _add(found, number, one, None)
    if not results:
        raise InputError(f"{path.name}: this list of COCO results is empty")
    return found


def _add(found: Detections, number: int, annotation: dict[str, Any], layout: Mapping[int, int] | None) -> None:
    points = np.array(annotation["keypoints"], dtype=np.float64).reshape(-1, 3)
    if layout is None:
        name, layout = layout_of(len(points), found.file)
        found.program, found.order_is_assumed = f"{found.program.partition(' with ')[0]} with {name}", True
    found.points.update(layout.values())
    flags = points[:, 2]
    if "keypoint_scores" in annotation:
        scores = np.array(annotation["keypoint_scores"], dtype=np.float64)
        points[:, 2] = np.where(flags > 0, scores, 0.0)
    elif np.isin(flags, (0, 1, 2)).all():  # COCO's flags: not labelled, hidden, seen
        points[:, 2] = flags > 0
    who = next((annotation[key] for key in ("track_id", "idx", "instance_id") if annotation.get(key) is not None), None)
    xy, score = points_of(points, layout)
    found.add(number, xy, score, who=str(who) if who is not None else None)
