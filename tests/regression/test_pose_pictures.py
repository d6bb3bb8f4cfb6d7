"""PoseNet and MultiPose on the labelled pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gaitlab.pose.crop import CropSquare, full_square, next_crop
from gaitlab.pose.network_pool import cut_box
from gaitlab.pose.networks.load import load_pose_model
from gaitlab.pose.networks.model import PoseModel
from gaitlab.pose.networks.posenet import PoseNetSettings, load_posenet
from gaitlab.records import FloatArray, Picture, UInt8Array
from gaitlab.records.skeleton import KEYPOINT_NAMES
from gaitlab.video import read_picture
from tests.conftest import SHARED

POSENET = SHARED / "models" / "posenet_mobilenet_v1_075_float32.tflite"
MULTIPOSE = SHARED / "models" / "movenet_multipose_lightning_float16.tflite"
SQUAT = "coral__squat.bmp"
COUPLE = "mpii__052475643.jpg"
# How many people a look at the whole picture finds; in the second there are three, one of them hardly visible.
PEOPLE = {
    "coco__000000000785.jpg": 1,
    "coco__000000040083.jpg": 2,
    SQUAT: 1,
    "jhmdb__Frisbee_catch_f_cm_np1_ri_med_0__00001.png": 1,
    "jhmdb__Goalkeeper_Training_Day_@_7_catch_f_cm_np1_ri_med_0__00001.png": 1,
    "mpii__051423444.jpg": 1,
    COUPLE: 2,
}

pytestmark = pytest.mark.skipif(
    not (POSENET.is_file() and MULTIPOSE.is_file()), reason="PoseNet and MultiPose (../shared/models) are not here"
)


def image_wh(rgb: UInt8Array) -> tuple[int, int]:
    return rgb.shape[1], rgb.shape[0]


def detect(rgb: UInt8Array, square: CropSquare, model: PoseModel) -> tuple[FloatArray, FloatArray]:
    """Return everybody's positions in source pixels, and the scores."""
    box = square.box(model.input_wh)
    poses = model(cut_box(Picture.of_rgb(rgb), box, wh=model.input_wh))
    return box.to_source(poses.xy_unit), poses.score


def several_people(network: str) -> PoseModel:
    if network == "multipose":
        return load_pose_model(MULTIPOSE, threads=1)
    size_px = int(network.removeprefix("posenet-"))
    return load_posenet(POSENET, threads=1, size_px=size_px, settings=PoseNetSettings(decoding="multi"))


NETWORKS = pytest.mark.parametrize("network", ["multipose", "posenet-257", "posenet-385", "posenet-513"])


@pytest.mark.parametrize("crop", [False, True], ids=["whole picture", "crop"])
def test_posenet_agrees_with_thunder_on_one_person(shared_data: Path, crop: bool) -> None:
    rgb = read_picture(shared_data / "images" / SQUAT)
    table = shared_data / "images" / "coral__movenet_thunder_ptq_reference.csv"
    thunder_px = np.loadtxt(table, delimiter=",", skiprows=1, usecols=(4, 5)) * image_wh(rgb)
    model = load_pose_model(POSENET, threads=1)
    xy_px, score = detect(rgb, full_square(image_wh(rgb)), model)
    if crop:
        xy_px, score = detect(rgb, next_crop(xy_px[0], score[0], image_wh(rgb)), model)
    away = np.linalg.norm((xy_px[0] - thunder_px) / max(image_wh(rgb)), axis=1)
    assert away.mean() <= 0.02


@NETWORKS
@pytest.mark.parametrize("picture", PEOPLE)
def test_everybody_is_found_once(shared_data: Path, network: str, picture: str) -> None:
    rgb = read_picture(shared_data / "images" / picture)
    xy_px, _ = detect(rgb, full_square(image_wh(rgb)), several_people(network))
    assert len(xy_px) == PEOPLE[picture]


@NETWORKS
def test_the_labelled_one_of_two_is_where_the_label_says(shared_data: Path, network: str) -> None:
    rgb = read_picture(shared_data / "images" / COUPLE)
    labels = labelled(shared_data, COUPLE)
    xy_px, _ = detect(rgb, full_square(image_wh(rgb)), several_people(network))
    parts = [KEYPOINT_NAMES.index(name) for name in labels]
    away_px = np.linalg.norm(xy_px[:, parts] - np.array(list(labels.values())), axis=2).mean(axis=1)
    height_px = float(np.ptp([y for _, y in labels.values()]))
    assert np.sort(away_px)[0] < 0.15 * height_px
    assert np.sort(away_px)[1] > 0.4 * height_px


def labelled(shared_data: Path, picture: str) -> dict[str, tuple[float, float]]:
    """Return the visible labelled keypoints that the networks know too, in source pixels."""
    cases = json.loads((shared_data / "truth.json").read_text(encoding="utf-8"))
    (case,) = (case for case in cases if case["file"] == f"images/{picture}")
    return {
        name: (x, y) for name, (x, y, seen) in case["truth"]["keypoints"].items() if seen and name in KEYPOINT_NAMES
    }
