"""What every pose model promises, checked on every model file and on both of PoseNet's decodings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from gaitlab.pose.crop import CropBox, full_box
from gaitlab.pose.network_pool import cut_box
from gaitlab.pose.networks.load import load_pose_model
from gaitlab.pose.networks.model import PoseModel, Poses
from gaitlab.pose.networks.posenet import PoseNetSettings, load_posenet
from gaitlab.records import Picture, UInt8Array
from gaitlab.video import read_picture
from tests.conftest import SHARED

MODELS = SHARED / "models"


def _multi_posenet(path: Path, *, threads: int) -> PoseModel:
    return load_posenet(path, threads=threads, settings=PoseNetSettings(decoding="multi"))


@dataclass(frozen=True, kw_only=True)
class Kind:
    name: str
    file: str
    one_person: bool
    load: Callable[..., PoseModel] = load_pose_model


KINDS = (
    Kind(name="thunder-fp16", file="movenet_singlepose_thunder_float16.tflite", one_person=True),
    Kind(name="thunder-int8", file="movenet_singlepose_thunder_int8.tflite", one_person=True),
    Kind(name="lightning-fp16", file="movenet_singlepose_lightning_float16.tflite", one_person=True),
    Kind(name="lightning-int8", file="movenet_singlepose_lightning_int8.tflite", one_person=True),
    Kind(name="multipose", file="movenet_multipose_lightning_float16.tflite", one_person=False),
    Kind(name="posenet-single", file="posenet_mobilenet_v1_075_float32.tflite", one_person=True),
    Kind(
        name="posenet-multi",
        file="posenet_mobilenet_v1_075_float32.tflite",
        one_person=False,
        load=_multi_posenet,
    ),
)


@cache
def loaded(kind: Kind, threads: int) -> PoseModel:
    return kind.load(MODELS / kind.file, threads=threads)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen = request.param
    assert isinstance(chosen, Kind)
    if not (MODELS / chosen.file).is_file():
        pytest.skip(f"{chosen.file} (../shared/models) is not on this machine")
    return chosen


@pytest.fixture
def model(kind: Kind) -> PoseModel:
    return loaded(kind, 1)


def noise(wh: tuple[int, int]) -> UInt8Array:
    return np.random.default_rng(5).integers(0, 256, (wh[1], wh[0], 3), dtype=np.uint8)


def squat(model: PoseModel, shared_data: Path) -> tuple[UInt8Array, CropBox]:
    """Return the picture of somebody who squats, and the box around all of it."""
    rgb = read_picture(shared_data / "images" / "coral__squat.bmp")
    return rgb, full_box((rgb.shape[1], rgb.shape[0]), model.input_wh)


def detect(model: PoseModel, shared_data: Path) -> Poses:
    rgb, box = squat(model, shared_data)
    return model(cut_box(Picture.of_rgb(rgb), box, wh=model.input_wh))


def assert_same(a: Poses, b: Poses) -> None:
    np.testing.assert_array_equal(a.xy_unit, b.xy_unit)
    np.testing.assert_array_equal(a.score, b.score)
    np.testing.assert_array_equal(a.pose_score, b.pose_score)


def test_somebody_is_found_where_they_are(model: PoseModel, shared_data: Path) -> None:
    poses = detect(model, shared_data)
    table = np.loadtxt(
        shared_data / "images" / "coral__movenet_thunder_ptq_reference.csv", delimiter=",", skiprows=1, usecols=(4, 5)
    )
    rgb, box = squat(model, shared_data)
    away_px = box.to_source(poses.xy_unit[0]) - table * [rgb.shape[1], rgb.shape[0]]
    error = np.linalg.norm(away_px, axis=1) / box.width_px
    assert poses.score[0].mean() > 0.4
    assert error.mean() < 0.04


def test_shapes_and_ranges(model: PoseModel, kind: Kind, shared_data: Path) -> None:
    for poses in (detect(model, shared_data), model(noise(model.input_wh))):
        n = len(poses)
        assert n == 1 if kind.one_person else n <= 6
        assert poses.xy_unit.shape == (n, 17, 2)
        assert poses.score.shape == (n, 17)
        assert poses.pose_score.shape == (n,)
        assert {poses.xy_unit.dtype, poses.score.dtype, poses.pose_score.dtype} == {np.dtype(np.float64)}
        assert np.all(np.isfinite(poses.xy_unit))
        assert np.all((poses.xy_unit > -0.5) & (poses.xy_unit < 1.5))
        assert np.all((poses.pose_score >= 0) & (poses.pose_score <= 1))


def test_the_best_comes_first(model: PoseModel, shared_data: Path) -> None:
    assert np.all(np.diff(detect(model, shared_data).pose_score) <= 0)


def test_the_same_picture_gives_the_same_result(model: PoseModel, shared_data: Path) -> None:
    first = detect(model, shared_data)
    model(noise(model.input_wh))
    assert_same(first, detect(model, shared_data))


def test_the_result_does_not_depend_on_threads(kind: Kind, shared_data: Path) -> None:
    assert_same(detect(loaded(kind, 1), shared_data), detect(loaded(kind, 2), shared_data))


def test_a_result_is_not_changed_by_the_next_picture(model: PoseModel, shared_data: Path) -> None:
    poses = detect(model, shared_data)
    kept = Poses(xy_unit=poses.xy_unit.copy(), score=poses.score.copy(), pose_score=poses.pose_score.copy())
    model(noise(model.input_wh))
    assert_same(poses, kept)


def test_the_picture_is_left_as_it_is(model: PoseModel) -> None:
    picture = noise(model.input_wh)
    picture.setflags(write=False)
    model(picture)
    np.testing.assert_array_equal(picture, noise(model.input_wh))


def test_nobody_is_sure_in_a_black_picture(model: PoseModel, kind: Kind) -> None:
    poses = model(np.zeros((*model.input_wh[::-1], 3), dtype=np.uint8))
    assert len(poses) == (1 if kind.one_person else 0)
    assert np.all(poses.pose_score < 0.3)


@pytest.mark.parametrize("change", [(1, 0, 0), (0, -1, 0), (0, 0, 1)], ids=["height", "width", "channels"])
def test_a_picture_of_the_wrong_size_is_told_as_one(model: PoseModel, change: tuple[int, int, int]) -> None:
    width, height = model.input_wh
    shape = tuple(np.array([height, width, 3]) + change)
    with pytest.raises(ValueError, match=rf"expected shape \({height}, {width}, 3\) of uint8, got \("):
        model(np.zeros(shape, dtype=np.uint8))


def test_a_picture_of_other_numbers_is_refused(model: PoseModel) -> None:
    with pytest.raises(ValueError, match=r"of uint8, got .* of float64"):
        model(np.zeros((*model.input_wh[::-1], 3)))  # type: ignore[arg-type]
