"""Model files that somebody gives: what they are shows in their shapes, and nothing in them ends the program."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from gaitlab.errors import ModelError, UsageError
from gaitlab.limits import MODEL_INPUT_SIDE_MAX_PX, MODEL_MAX_BYTES, MODEL_OUTPUT_MAX_BYTES
from gaitlab.pose.crop import full_box
from gaitlab.pose.engine import PoseEngine, find_poses
from gaitlab.pose.network_pool import NetworkPool, detect_in
from gaitlab.pose.networks.load import load_pose_model
from gaitlab.pose.networks.model import Poses
from gaitlab.pose.networks.movenet import MoveNet
from gaitlab.pose.networks.parameters import PictureSettings
from gaitlab.pose.networks.posenet import PoseNet
from gaitlab.pose.networks.trial import require_usable
from gaitlab.records import Picture
from gaitlab.records.skeleton import Keypoint
from tests.builders_posenet import LEFT_PERSON, RIGHT_PERSON, Tensor, person, tensors_of
from tests.builders_tflite import as_multi_person, write_strided, write_tflite

# The two published files: their sizes (width, height), strides and grids.
FIRST_WH, SECOND_WH = (257, 257), (257, 353)
PUBLISHED = pytest.mark.parametrize("file", ["first", "second"])
LOW_LEFT, LOW_RIGHT = person(60.0, 210.0), person(190.0, 220.0)  # below the square that fits into the second


def first_file(path: Path, *people: np.ndarray) -> Path:
    return write_tflite(path, tensors_of(*people, cells=9, stride_px=32), input_shape=(1, 257, 257, 3))


def second_file(path: Path, *people: np.ndarray) -> Path:
    tensors = as_multi_person(tensors_of(*people, cells=17, rows=23, stride_px=16))
    return write_tflite(path, tensors, input_shape=(1, 353, 257, 3))


def published(file: str, path: Path, *people: np.ndarray) -> Path:
    return first_file(path, *people) if file == "first" else second_file(path, *people)


def looked(path: Path, people: str) -> tuple[Poses, np.ndarray]:
    """Return what a file says of a black picture, and its positions in pixels of the input."""
    model = load_pose_model(path, threads=1, several=people == "several")
    poses = model(np.zeros((*model.input_wh[::-1], 3), dtype=np.uint8))
    return poses, poses.xy_unit * model.input_wh - 0.5


@PUBLISHED
def test_a_single_person_is_where_the_published_file_says(tmp_path: Path, file: str) -> None:
    poses, xy_px = looked(published(file, tmp_path / "x.tflite", LEFT_PERSON), "single")
    np.testing.assert_allclose(xy_px[0], LEFT_PERSON, atol=1e-4)
    assert poses.pose_score == pytest.approx([0.9])


@pytest.mark.parametrize(
    ("file", "people"), [("first", (LEFT_PERSON, RIGHT_PERSON)), ("second", (LOW_LEFT, LOW_RIGHT))]
)
def test_several_people_are_where_the_published_file_says(
    tmp_path: Path, file: str, people: tuple[np.ndarray, ...]
) -> None:
    poses, xy_px = looked(published(file, tmp_path / "x.tflite", *people), "several")
    found = xy_px[np.argsort(xy_px[:, 0, 0])]
    np.testing.assert_allclose(found, np.stack(people), atol=1e-4)
    assert poses.pose_score == pytest.approx([0.9, 0.9])


def test_the_second_file_is_higher_than_wide(tmp_path: Path) -> None:
    model = load_pose_model(second_file(tmp_path / "x.tflite", LEFT_PERSON), threads=1)
    assert isinstance(model, PoseNet)
    assert (model.input_wh, model.stride_px) == (SECOND_WH, 16.0)


def test_of_the_middle_offsets_the_forward_ones_come_first(tmp_path: Path) -> None:
    """Only the nose is seen well: the others are reached by forward steps, and offsets lead to them from near only."""
    tensors = tensors_of(LOW_LEFT, cells=17, rows=23)
    tensors[0][..., 1:] = -1.0
    is_far = np.hypot(tensors[1][..., :17], tensors[1][..., 17:]) > 24
    tensors[1][np.concatenate([is_far, is_far], axis=-1)] = 0.0
    heatmap, offset, middle, segment = as_multi_person(tensors)
    _, right = looked(_write(tmp_path / "a.tflite", [heatmap, offset, middle, segment]), "several")
    np.testing.assert_allclose(right[0], LOW_LEFT, atol=1e-4)
    swapped = np.concatenate([middle[..., 32:], middle[..., :32]], axis=-1)
    _, wrong = looked(_write(tmp_path / "b.tflite", [heatmap, offset, swapped, segment]), "several")
    assert np.abs(wrong[0, Keypoint.LEFT_ANKLE] - LOW_LEFT[Keypoint.LEFT_ANKLE]).max() > 16


def _write(path: Path, tensors: list[Tensor]) -> Path:
    return write_tflite(path, tensors, input_shape=(1, 353, 257, 3))


def test_outputs_are_told_by_their_channels_whatever_their_order_and_names(tmp_path: Path) -> None:
    heatmap, offset, forward, backward = tensors_of(LEFT_PERSON, RIGHT_PERSON, cells=9, stride_px=32)
    names = ("heatmap", "displacement_bwd", "offset", "segments")
    path = write_tflite(tmp_path / "movenet.tflite", [offset, forward, heatmap, backward], names=names)
    poses, _ = looked(path, "several")
    assert poses.pose_score == pytest.approx([0.9, 0.9])


# What the pictures are


def found(path: Path, wh: tuple[int, int], **settings: object) -> list[np.ndarray]:
    """Return the poses that a file finds in a grey picture of that size, in its pixels."""
    pictures = PictureSettings(**settings)  # type: ignore[arg-type]
    pool = NetworkPool([load_pose_model(path, threads=1, several=True, settings=pictures)])
    picture = Picture.of_rgb(np.full((wh[1], wh[0], 3), 90, dtype=np.uint8))
    with closing(
        PoseEngine(pool=pool, name="x", sha256="0", alone=True, flip_horizontal=pictures.flip_horizontal)
    ) as engine:
        return [pose.xy_px for pose in find_poses(picture, engine)]


def test_a_picture_of_the_inputs_shape_goes_in_as_it_is(tmp_path: Path) -> None:
    """Positions count from the middle of the first pixel in the network and from its corner in a picture."""
    (pose,) = found(second_file(tmp_path / "x.tflite", LOW_LEFT), SECOND_WH, people="single")
    np.testing.assert_allclose(pose, LOW_LEFT + 0.5, atol=1e-4)


def test_a_wide_picture_is_centred_in_an_input_that_is_higher_than_wide(tmp_path: Path) -> None:
    """514 x 200 pixels fill 257 x 100 in the middle of 353 rows: twice as large, and 126.5 rows further up."""
    (pose,) = found(second_file(tmp_path / "x.tflite", LOW_LEFT), (514, 200), people="single")
    np.testing.assert_allclose(pose, 2 * (LOW_LEFT + 0.5) - [0, 2 * 126.5], atol=1e-3)


def test_flipped_positions_are_those_of_the_mirrored_picture(tmp_path: Path) -> None:
    path = first_file(tmp_path / "x.tflite", LEFT_PERSON)
    (plain,) = found(path, (400, 300), people="single")
    (flipped,) = found(path, (400, 300), people="single", flip_horizontal=True)
    np.testing.assert_allclose(flipped, np.column_stack([400 - plain[:, 0], plain[:, 1]]))


def test_several_parameters_reach_posenet(tmp_path: Path) -> None:
    path = second_file(tmp_path / "x.tflite", LOW_LEFT, LOW_RIGHT)
    counts = [
        len(found(path, SECOND_WH, **settings))
        for settings in (
            {"people": "several"},
            {"people": "single"},
            {"max_detections": 1},
            {"score_threshold": 0.95},
            {"nms_radius_px": 200.0},
        )
    ]
    assert counts == [2, 1, 1, 0, 1]


def test_the_image_scale_factor_makes_the_input_smaller(tmp_path: Path) -> None:
    path = write_strided(tmp_path / "x.tflite", (17, 34, 32, 32))
    model = load_pose_model(path, threads=1, settings=PictureSettings(image_scale_factor=0.5))
    assert model.input_wh == (129, 129)


def test_a_network_that_cannot_be_scaled_says_so(tmp_path: Path) -> None:
    path = first_file(tmp_path / "x.tflite", LEFT_PERSON)  # its outputs keep their size
    with pytest.raises(ModelError, match="cannot work at 129 x 129 pixels; leave out the image scale factor"):
        load_pose_model(path, threads=1, settings=PictureSettings(image_scale_factor=0.5))


# MoveNet


def movenet(path: Path, shape: tuple[int, ...], *, side_px: int = 192, dtype: str = "uint8") -> Path:
    return write_tflite(path, [np.full(shape, 0.5, np.float32)], input_shape=(1, side_px, side_px, 3), dtype=dtype)


@pytest.mark.parametrize(
    ("shape", "side_px", "dtype", "n"),
    [
        ((1, 1, 17, 3), 192, "uint8", 1),
        ((1, 1, 17, 3), 256, "float32", 1),
        ((1, 1, 17, 3), 256, "int32", 1),
        ((1, 6, 56), 256, "uint8", 6),
    ],
)
def test_movenet_is_known_by_its_output(
    tmp_path: Path, shape: tuple[int, ...], side_px: int, dtype: str, n: int
) -> None:
    model = load_pose_model(movenet(tmp_path / "posenet.tflite", shape, side_px=side_px, dtype=dtype), threads=1)
    assert isinstance(model, MoveNet)
    assert len(model(np.zeros((side_px, side_px, 3), dtype=np.uint8))) == n


def test_multipose_as_published_leaves_its_size_open_and_gets_one(tmp_path: Path) -> None:
    path = write_tflite(
        tmp_path / "x.tflite",
        [np.full((1, 6, 56), 0.5, np.float32)],
        input_shape=(1, 1, 1, 3),
        dtype="int32",
        dynamic=True,
    )
    assert load_pose_model(path, threads=1).input_wh == (256, 256)


@pytest.mark.parametrize(
    ("settings", "n"),
    [({}, 6), ({"max_detections": 2}, 2), ({"score_threshold": 0.5}, 6), ({"score_threshold": 0.51}, 0)],
)
def test_multipose_understands_most_poses_and_the_least_score(
    tmp_path: Path, settings: dict[str, float], n: int
) -> None:
    path = movenet(tmp_path / "x.tflite", (1, 6, 56))
    model = load_pose_model(path, threads=1, settings=PictureSettings(**settings))  # type: ignore[arg-type]
    assert len(model(np.zeros((192, 192, 3), dtype=np.uint8))) == n


@pytest.mark.parametrize(
    ("shape", "settings", "words"),
    [
        (
            (1, 1, 17, 3),
            {"nms_radius_px": 20.0},
            "MoveNet SinglePose does not understand it, PoseNet does; leave",
        ),
        ((1, 1, 17, 3), {"max_detections": 2}, "PoseNet and MoveNet MultiPose do; leave it out"),
        ((1, 1, 17, 3), {"people": "several"}, "MoveNet SinglePose finds single, not several"),
        ((1, 6, 56), {"people": "single"}, "MoveNet MultiPose finds several, not single"),
        ((1, 6, 56), {"image_scale_factor": 0.5}, "image_scale_factor: MoveNet MultiPose does not understand it"),
        ((1, 6, 56), {"max_detections": 7}, "max_detections: expected 1 to 6 with MultiPose, got 7"),
        ((1, 6, 56), {"score_threshold": 1.1}, "score_threshold: expected a value from 0 to 1, got 1.1"),
    ],
)
def test_a_parameter_that_a_network_does_not_understand_is_refused(
    tmp_path: Path, shape: tuple[int, ...], settings: dict[str, object], words: str
) -> None:
    path = movenet(tmp_path / "x.tflite", shape)
    with pytest.raises(UsageError, match=words):
        load_pose_model(path, threads=1, settings=PictureSettings(**settings))  # type: ignore[arg-type]


def test_parameters_for_several_people_do_not_go_with_a_single_one() -> None:
    with pytest.raises(UsageError, match="score_threshold is for several people"):
        PictureSettings(people="single", score_threshold=0.5)


def test_a_position_may_be_any_number(tmp_path: Path) -> None:
    path = write_tflite(tmp_path / "x.tflite", [np.full((1, 1, 17, 3), 3e38, np.float32)], input_shape=(1, 96, 96, 3))
    picture = Picture.of_rgb(np.full((64, 96, 3), 90, dtype=np.uint8))
    with np.errstate(all="raise"):
        (found,) = detect_in(picture, full_box(picture.wh, (96, 96)), load_pose_model(path, threads=1))
    assert np.isnan(found.colour).all()


# Files that are refused


def refused(path: Path) -> str:
    with pytest.raises(ModelError) as told:
        require_usable(path)
    assert str(path) in str(told.value)
    return str(told.value)


def test_a_file_that_is_no_pose_model_is_told_what_was_expected_and_what_it_has(tmp_path: Path) -> None:
    labels = write_tflite(tmp_path / "x.tflite", [np.zeros((1, 1001), np.float32)], input_shape=(1, 224, 224, 3))
    words = refused(labels)
    assert "is no pose model that is known: expected a picture of 3 colours as the only input" in words
    assert "[1, 1, 17, 3] or [1, 6, 56]" in words
    assert words.endswith("got input float32 [1, 224, 224, 3], outputs float32 [1, 1001]")


@pytest.mark.parametrize(
    ("grids", "size"),
    [
        ([(9, 9), (9, 9), (8, 9), (9, 9)], (257, 257)),  # one field on another grid
        ([(9, 9)] * 4, (257, 353)),  # cells that are no squares
        ([(1, 9)] * 4, (257, 257)),
    ],
)
def test_fields_that_do_not_fit_together_are_no_posenet(
    tmp_path: Path, grids: list[tuple[int, int]], size: tuple[int, int]
) -> None:
    outputs = [np.zeros((1, *grid, n), np.float32) for grid, n in zip(grids, (17, 34, 32, 32), strict=True)]
    path = write_tflite(tmp_path / "x.tflite", outputs, input_shape=(1, size[1], size[0], 3))
    with pytest.raises(ModelError, match="is no pose model that is known"):
        load_pose_model(path, threads=1)


def test_two_inputs_are_refused(tmp_path: Path) -> None:
    path = write_tflite(tmp_path / "x.tflite", [np.zeros((1, 1, 17, 3), np.float32)], n_inputs=2)
    with pytest.raises(ModelError, match="one input, a picture; got 2 inputs"):
        load_pose_model(path, threads=1)


@pytest.mark.parametrize(("over_px", "is_refused"), [(0, False), (1, True)])
def test_an_input_has_a_largest_size(tmp_path: Path, over_px: int, is_refused: bool) -> None:
    side_px = MODEL_INPUT_SIDE_MAX_PX + over_px
    path = movenet(tmp_path / "x.tflite", (1, 1, 17, 3), side_px=side_px)
    if is_refused:
        with pytest.raises(ModelError, match=f"an input of at most {MODEL_INPUT_SIDE_MAX_PX} pixels a side"):
            load_pose_model(path, threads=1)
    else:
        assert load_pose_model(path, threads=1).input_wh == (side_px, side_px)


@pytest.mark.parametrize(("side_px", "is_refused"), [(381, False), (382, True)])  # 115 floats for each pixel
def test_outputs_have_a_largest_size(tmp_path: Path, side_px: int, is_refused: bool) -> None:
    path = write_strided(tmp_path / "x.tflite", (17, 34, 32, 32), stride_px=1, size_px=side_px)
    if is_refused:
        with pytest.raises(ModelError, match=f"outputs of at most {MODEL_OUTPUT_MAX_BYTES >> 20} MB, got input"):
            load_pose_model(path, threads=1)
    else:
        assert load_pose_model(path, threads=1).input_wh == (side_px, side_px)


@pytest.mark.parametrize(("over", "words"), [(0, "its mark TFL3 is missing"), (1, "expected a model .*at most 200 MB")])
def test_a_file_has_a_largest_size(tmp_path: Path, over: int, words: str) -> None:
    path = tmp_path / "x.tflite"
    with path.open("wb") as handle:
        os.truncate(handle.fileno(), MODEL_MAX_BYTES + over)  # takes no room on the disk
    with pytest.raises(ModelError, match=words):
        load_pose_model(path, threads=1)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    whole = first_file(tmp_path / "whole.tflite", LEFT_PERSON).read_bytes()
    cut = tmp_path / "cut.tflite"
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert "is not a TensorFlow Lite model" in refused(cut)


def test_an_input_of_ten_gigabytes_is_refused(tmp_path: Path) -> None:
    path = write_tflite(tmp_path / "x.tflite", tensors_of(cells=9, stride_px=32), input_shape=(1, 60_000, 60_000, 3))
    refused(path)


def test_values_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    heatmap, offset, forward, backward = tensors_of(LEFT_PERSON, cells=9, stride_px=32)
    offset[0, 2, 2, 0] = np.nan
    path = write_tflite(tmp_path / "x.tflite", [heatmap, offset, forward, backward])
    assert "says something that is no number" in refused(path)


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    path = first_file(tmp_path / "x.tflite", LEFT_PERSON)
    with pytest.raises(ModelError, match=r"took more than 0\.01 s to look at a picture, so it is not used"):
        require_usable(path, max_s=0.01)  # no program starts so fast


def test_a_file_that_ends_the_program_that_tries_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any interpreter may fail so: here it is one that ends itself."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nkill -SEGV $$\n")
    python.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(python))
    with pytest.raises(ModelError, match=r"the file ended the program that tried it \(-11\), so it is not used"):
        require_usable(first_file(tmp_path / "x.tflite", LEFT_PERSON))
