"""The same walk as other programs write it: small writers for tests, made after the files of these programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from gaitlab.formats.names import BODY_25, COCO_17, MEDIAPIPE_33
from gaitlab.records import FloatArray, PoseTrack
from gaitlab.records.skeleton import KEYPOINT_NAMES
from tests.builders import walker

FPS = 30.0
Person = FloatArray  # shape (17, 3), or (21, 3) with feet


def walk() -> PoseTrack:
    return walker(n_strikes=12, noise_px=0.5).track


def people(track: PoseTrack) -> FloatArray:
    """Positions and scores, shape (T, 17, 3), or (T, 21, 3) with feet."""
    score = track.score if track.feet is None else np.concatenate([track.score, track.feet.score], axis=1)
    return np.nan_to_num(np.dstack([track.drawn_px(slice(None)), score]))


def bystander(track: PoseTrack) -> FloatArray:
    """Somebody who stands 600 px to the right for as long, and sways by a pixel."""
    rng = np.random.default_rng(0)
    still = np.repeat(people(track)[:1], len(track), axis=0)
    still[..., 0] += 600 + rng.normal(0, 1, still[..., 0].shape)
    return still


def listed(person: Person, layout: Mapping[int, int], n_points: int) -> list[float]:
    points = np.zeros((n_points, 3))
    for place, point in layout.items():
        points[place] = person[point]
    return [round(float(value), 3) for value in points.ravel()]


def openpose(
    folder: Path,
    frames: Iterable[tuple[int, Sequence[Person]]],
    *,
    name: str = "walk_{:012d}_keypoints.json",
    layout: Mapping[int, int] = BODY_25,
    n_points: int = 25,
) -> Path:
    folder.mkdir()
    for number, seen in frames:
        everybody = [{"person_id": [-1], "pose_keypoints_2d": listed(one, layout, n_points)} for one in seen]
        (folder / name.format(number)).write_text(json.dumps({"version": 1.3, "people": everybody}))
    return folder


def coco_results(path: Path, walk: FloatArray, numbers: Sequence[int], *, image: str | None = None) -> Path:
    results = [
        {
            "image_id": image.format(i) if image else i,
            "category_id": 1,
            "keypoints": listed(walk[i], COCO_17, 17),
            "score": 0.9,
            **({"idx": 1} if image else {}),
        }
        for i in numbers
    ]
    path.write_text(json.dumps(results))
    return path


def mmpose(path: Path, walk: FloatArray) -> Path:
    info = [
        {"frame_id": i + 1, "instances": [{"keypoints": one[:, :2].tolist(), "keypoint_scores": one[:, 2].tolist()}]}
        for i, one in enumerate(walk)
    ]
    path.write_text(json.dumps({"instance_info": info}))
    return path


def ultralytics(path: Path, walk: FloatArray) -> Path:
    frames = [
        [{"name": "person", "track_id": 7, "keypoints": dict(zip(("x", "y", "visible"), one.T.tolist(), strict=True))}]
        for one in walk
    ]
    path.write_text(json.dumps(frames))
    return path


def mediapipe(path: Path, walk: FloatArray, wh: tuple[int, int]) -> Path:
    frames = []
    for one in walk:
        points = np.array(listed(one, MEDIAPIPE_33, 33)).reshape(33, 3)
        marks = [{"x": x / wh[0], "y": y / wh[1], "z": 0.0, "visibility": v} for x, y, v in points]
        frames.append({"landmarks": marks})
    path.write_text(json.dumps(frames))
    return path


def mediapipe_csv(path: Path, walk: FloatArray, wh: tuple[int, int]) -> Path:
    head = ["frame", *(f"{part}{i}" for i in range(33) for part in "xyzv")]
    lines = [",".join(head)]
    for i, one in enumerate(walk):
        points = np.array(listed(one, MEDIAPIPE_33, 33)).reshape(33, 3)
        lines.append(",".join([str(i), *(f"{x / wh[0]:.6f},{y / wh[1]:.6f},0,{v}" for x, y, v in points)]))
    path.write_text("\n".join(lines))
    return path


def table(
    path: Path,
    track: PoseTrack,
    *,
    separator: str = ",",
    decimal: str = ".",
    end: str = "\n",
    time_factor: float | None = 1.0,
    encoding: str = "utf-8",
) -> Path:
    head = [
        "frame",
        *(["time_s"] if time_factor else []),
        *(f"{n}_{p}" for n in KEYPOINT_NAMES for p in ("x", "y", "score")),
    ]
    lines = [separator.join(head)]
    for i, one in enumerate(people(track)):
        cells = [str(i), *([f"{track.time_s[i] * time_factor:.5f}"] if time_factor else [])]
        cells += [f"{value:.2f}" for value in one.ravel()]
        lines.append(separator.join(cell.replace(".", decimal) for cell in cells))
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def deeplabcut(path: Path, each: Mapping[str, FloatArray]) -> Path:
    """With the row of individuals where there are several people."""
    n = len(each) * 17
    several = len(each) > 1
    rows = [
        ["scorer", *["DLC_resnet50"] * (n * 3)],
        *([["individuals", *(name for name in each for _ in range(51))]] if several else []),
        ["bodyparts", *(name for _ in each for name in KEYPOINT_NAMES for _ in range(3))],
        ["coords", *(["x", "y", "likelihood"] * n)],
    ]
    walks = list(each.values())
    for i in range(len(walks[0])):
        rows.append([str(i), *(f"{value:.2f}" for one in walks for value in one[i].ravel())])
    path.write_text("\n".join(",".join(row) for row in rows))
    return path


def sleap(path: Path, each: Mapping[str, FloatArray]) -> Path:
    head = ["track", "frame_idx", "instance.score", *(f"{n}.{p}" for n in KEYPOINT_NAMES for p in ("x", "y", "score"))]
    rows = [head]
    for i in range(len(next(iter(each.values())))):
        for name, walk in each.items():
            rows.append([name, str(i), "0.9", *(f"{value:.2f}" for value in walk[i].ravel())])
    path.write_text("\n".join(",".join(row) for row in rows))
    return path


def trc(path: Path, markers: Mapping[str, FloatArray], *, unit: str, decimal: str = ".", rate: float = FPS) -> Path:
    n = len(next(iter(markers.values())))
    count = len(markers)
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{n}\t{count}\t{unit}\t{rate}\t1\t{n}",
        "Frame#\tTime\t" + "\t\t\t".join(markers) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{i + 1}" for i in range(count) for axis in "XYZ"),
        "",
    ]
    for i in range(n):
        cells = [f"{value:.5f}" for one in markers.values() for value in one[i]]
        lines.append("\t".join([str(i + 1), *(cell.replace(".", decimal) for cell in (f"{i / rate:.5f}", *cells))]))
    path.write_text("\n".join(lines) + "\n")
    return path
