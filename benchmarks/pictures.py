"""How well `gaitlab pose` finds the labelled person in a few pictures, for every model: python -m benchmarks.pictures.

Measured is the command itself, every pose it finds, by object keypoint similarity with the label (`benchmarks.oks`);
the pose that fits the label best counts, so that other people in the picture do not matter. COCO, MPII and JHMDB
label different joints: those they share with the model's 17 are compared, and the box is around those too.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.oks import best_similarity
from benchmarks.results import SHARED_DATA, markdown_table
from gaitlab.pose.weights.manifest import pose_models
from gaitlab.records import FloatArray
from gaitlab.records.skeleton import KEYPOINT_NAMES, N_KEYPOINTS

__all__ = ["Label", "PictureScore", "label_from", "mean_similarity", "pictures_table", "read_labels", "score_model"]

_PARITY_PICTURE, _PARITY_TRUTH = "images/coral__squat.bmp", "images/coral__movenet_thunder_ptq_reference.csv"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Label:
    """One labelled person; `xy_px` has shape (17, 2), NaN = not labelled."""

    picture: Path
    xy_px: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureScore:
    """The result of one model for one picture: the similarity of its best pose, and the number of poses found."""

    similarity: float
    n_poses: int


def label_from(keypoints: Mapping[str, Sequence[float]]) -> FloatArray:
    """Return joints by name, each (x, y, visible), as (17, 2): NaN where visible is 0 or the joint is not there."""
    xy_px = np.full((N_KEYPOINTS, 2), np.nan)
    for index, name in enumerate(KEYPOINT_NAMES):
        x, y, visible = keypoints.get(name, (0.0, 0.0, 0.0))
        if visible > 0:
            xy_px[index] = x, y
    return xy_px


def read_labels(data: Path) -> tuple[Label, ...]:
    """Return the pictures with a person labelled by people, in the order of ``truth.json``."""
    cases: list[dict[str, Any]] = json.loads((data / "truth.json").read_text(encoding="utf-8"))
    return tuple(
        Label(picture=data / case["file"], xy_px=label_from(case["truth"]["keypoints"]))
        for case in cases
        if case["kind"] == "pose_image" and isinstance(case["file"], str)
    )


def find_poses(picture: Path, model: str) -> tuple[tuple[FloatArray, ...], tuple[int, int]]:
    """Return every pose that the command finds in a picture, each (17, 2) in pixels, and the picture's size.

    Raises
    ------
    RuntimeError
        With the command's own words when it fails.
    """
    command = (sys.executable, "-m", "gaitlab", "pose", str(picture), "--model", model, "--json", "-")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last_line = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"`gaitlab pose` with {model} on {picture.name}: {last_line}")
    found = json.loads(done.stdout)
    poses = tuple(_positions(pose["keypoints"]) for pose in found["poses"])
    return poses, (found["width_px"], found["height_px"])


def _positions(keypoints: Sequence[Mapping[str, Any]]) -> FloatArray:
    return label_from({point["name"]: (point["x"], point["y"], 1.0) for point in keypoints if point["x"] is not None})


def score_model(model: str, labels: Sequence[Label]) -> tuple[PictureScore, ...]:
    """Return one score per picture."""
    scores = []
    for label in labels:
        poses, _ = find_poses(label.picture, model)
        scores.append(PictureScore(similarity=best_similarity(poses, label.xy_px), n_poses=len(poses)))
    return tuple(scores)


def mean_similarity(scores: Sequence[PictureScore]) -> float:
    """Return the mean over the pictures."""
    return float(np.mean([score.similarity for score in scores]))


def parity_error(model: str, data: Path) -> float:
    """Return the mean distance from Google's Thunder keypoints on its own picture, as a share of width and height.

    Of all poses found the nearest counts; infinity when there is none.
    """
    with (data / _PARITY_TRUTH).open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["keypoint_id"]))
    reference = np.array([[float(row["keypoint_x"]), float(row["keypoint_y"])] for row in rows])
    poses, image_wh = find_poses(data / _PARITY_PICTURE, model)
    errors = (float(np.hypot(*(pose / image_wh - reference).T).mean()) for pose in poses)
    return min(errors, default=float("inf"))


def pictures_table(labels: Sequence[Label], scores: Mapping[str, Sequence[PictureScore]]) -> str:
    """Return a row per picture, a column per model: similarity and, in brackets, the number of poses found."""
    rows = [
        (label.picture.name, *(f"{found[at].similarity:.2f} ({found[at].n_poses})" for found in scores.values()))
        for at, label in enumerate(labels)
    ]
    mean = ("**mean**", *(f"**{mean_similarity(found):.3f}**" for found in scores.values()))
    return markdown_table(("picture", *scores), [*rows, mean])


def measure_all(models: Sequence[str], labels: Sequence[Label]) -> dict[str, tuple[PictureScore, ...]]:
    """Return the scores of every model that runs; one that does not is named on stderr and left out."""
    scores = {}
    for model in models:
        try:
            scores[model] = score_model(model, labels)
        except RuntimeError as error:
            print(error, file=sys.stderr)
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure `gaitlab pose` on labelled pictures.")
    parser.add_argument("--data", type=Path, default=SHARED_DATA, help="folder with truth.json")
    parser.add_argument("--model", action="append", help="a model's name; may be given again; default: all")
    args = parser.parse_args()
    if not (args.data / "truth.json").is_file():
        parser.error(f"{args.data} has no truth.json; name the folder of the labelled pictures with --data")
    labels = read_labels(args.data)
    scores = measure_all(args.model or [model.name for model in pose_models()], labels)
    print(pictures_table(labels, scores))
    print(f"\nmean distance from Google's Thunder keypoints on {_PARITY_PICTURE}, share of the picture:")
    for model in scores:
        print(f"  {model:34} {parity_error(model, args.data):.4f}")


if __name__ == "__main__":
    main()
