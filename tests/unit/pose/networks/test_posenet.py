"""PoseNet: decoding of hand-made fields, settings, input and outputs."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gaitlab.errors import ModelError, UsageError
from gaitlab.pose.networks.interpreter import Network
from gaitlab.pose.networks.load import load_pose_model
from gaitlab.pose.networks.model import Poses
from gaitlab.pose.networks.movenet import MoveNet
from gaitlab.pose.networks.posenet import PoseNet, PoseNetSettings, load_posenet
from gaitlab.pose.networks.posenet_decode import PART_TREE, Fields, decode_multi, decode_single
from gaitlab.pose.weights.manifest import pose_models
from gaitlab.records.skeleton import Keypoint
from tests.builders_posenet import LEFT_PERSON, RIGHT_PERSON, Tensor, fields_of, in_unit, person, tensors_of
from tests.conftest import SHARED

POSENET = SHARED / "models" / "posenet_mobilenet_v1_075_float32.tflite"
needs_posenet = pytest.mark.skipif(not POSENET.is_file(), reason="PoseNet (../shared/models) is not on this machine")


def multi(fields: Fields, **changes: Any) -> Poses:
    options: dict[str, Any] = {"max_detections": 5, "score_threshold": 0.5, "nms_radius_px": 20.0, **changes}
    return decode_multi(fields, **options)


def test_single_pose_is_where_the_cell_and_its_offset_say() -> None:
    poses = decode_single(fields_of(tensors_of(LEFT_PERSON)))
    np.testing.assert_allclose(poses.xy_unit[0], in_unit(LEFT_PERSON), atol=1e-6)
    np.testing.assert_allclose(poses.score, 0.9, atol=1e-6)
    assert poses.pose_score == pytest.approx([0.9])


def test_a_part_in_the_middle_cell_is_in_the_middle_of_the_square() -> None:
    poses = decode_single(fields_of(tensors_of(np.full((17, 2), 128.0))))
    np.testing.assert_allclose(poses.xy_unit, 0.5)


def test_of_equally_good_cells_the_first_by_row_is_taken() -> None:
    tensors = tensors_of(np.full((17, 2), 160.0))
    tensors[0][0, [3, 3, 9], [11, 5, 2]] = tensors[0].max()
    tensors[1][:] = 0.0
    poses = decode_single(fields_of(tensors))
    np.testing.assert_allclose(poses.xy_unit[0], np.tile(in_unit(np.array([5 * 16.0, 3 * 16.0])), (17, 1)))


def test_two_people_are_told_apart() -> None:
    poses = multi(fields_of(tensors_of(LEFT_PERSON, RIGHT_PERSON)))
    found = poses.xy_unit[np.argsort(poses.xy_unit[:, 0, 0])]
    np.testing.assert_allclose(found, in_unit(np.stack([LEFT_PERSON, RIGHT_PERSON])), atol=1e-6)
    assert poses.pose_score == pytest.approx([0.9, 0.9])


def test_nobody_is_found_in_an_empty_picture() -> None:
    empty = fields_of(tensors_of())
    assert len(multi(empty)) == 0
    assert len(decode_single(empty)) == 1


def test_a_part_claimed_by_a_better_pose_counts_once() -> None:
    tensors = tensors_of(LEFT_PERSON)
    tensors[0][0, 15, 15, Keypoint.NOSE] = 1.5  # a second nose in a corner; the offsets lead from it to the same body
    tensors[1][0, 15, 15, [Keypoint.NOSE, 17 + Keypoint.NOSE]] = 0.0
    poses = multi(fields_of(tensors))
    second_nose = 1 / (1 + math.exp(-1.5))
    np.testing.assert_allclose(poses.xy_unit[1, 1:], poses.xy_unit[0, 1:])
    assert poses.pose_score == pytest.approx([0.9, second_nose / 17], abs=1e-3)


def test_a_pose_below_the_least_score_takes_no_place_and_claims_nothing() -> None:
    tensors = tensors_of(LEFT_PERSON)
    tensors[0][0, 15, 15, Keypoint.NOSE] = 6.0  # now the best root of all, but of a body that is not there
    tensors[1][0, 15, 15] = 0.0
    tensors[2][0, 15, 15] = 0.0
    poses = multi(fields_of(tensors), pose_score_min=0.15, max_detections=1)
    np.testing.assert_allclose(poses.xy_unit[0], in_unit(LEFT_PERSON), atol=1e-6)


def test_no_more_poses_than_asked_for() -> None:
    people = [person(30.0 + 65 * i, 60.0) for i in range(4)]
    assert [len(multi(fields_of(tensors_of(*people)), max_detections=n)) for n in (1, 3, 9)] == [1, 3, 4]


def test_roots_below_the_threshold_start_no_pose() -> None:
    faint = fields_of(tensors_of(LEFT_PERSON, score=0.45))
    assert [len(multi(faint, score_threshold=threshold)) for threshold in (0.5, 0.4)] == [0, 1]


def test_people_within_the_radius_are_one() -> None:
    pair = fields_of(tensors_of(LEFT_PERSON, person(108.0, 70.0)))
    assert [len(multi(pair, nms_radius_px=radius)) for radius in (20.0, 50.0)] == [2, 1]


def test_the_best_pose_comes_first() -> None:
    tensors = tensors_of(LEFT_PERSON, RIGHT_PERSON)
    tensors[0][0, :, :8][tensors[0][0, :, :8] > 0] = 1.0  # the person on the left is seen less well
    poses = multi(fields_of(tensors))
    assert poses.xy_unit[0, 0, 0] > 0.5 > poses.xy_unit[1, 0, 0]
    assert poses.pose_score[0] > poses.pose_score[1]


def test_every_part_but_the_nose_has_one_parent_found_before_it() -> None:
    known = [Keypoint.NOSE]
    for parent, child in PART_TREE:
        assert parent in known
        assert child not in known
        known.append(child)
    assert sorted(known) == list(Keypoint)


# --- the network around it ------------------------------------------------------------------------


def a_network(
    tensors: list[Tensor],
    *,
    names: tuple[str, ...] = ("", "", "", ""),
    dtype: type[np.generic] = np.float32,
    size_px: int = 257,
    see: Callable[[Any], object] = lambda _: None,
) -> Network:
    """Return a network that says `tensors` whatever it is shown."""

    def run(tensor: NDArray[np.generic]) -> tuple[NDArray[np.generic], ...]:
        see(tensor)
        return tuple(tensors)

    return Network(
        path=Path("made.tflite"),
        input_shape=(1, size_px, size_px, 3),
        input_dtype=np.dtype(dtype),
        output_names=names,
        output_shapes=tuple(one.shape for one in tensors),
        output_dtypes=tuple(one.dtype for one in tensors),
        run=run,
    )


BLACK = np.zeros((257, 257, 3), dtype=np.uint8)


def test_outputs_without_names_are_taken_in_the_official_order() -> None:
    poses = PoseNet(a_network(tensors_of(LEFT_PERSON)))(BLACK)
    np.testing.assert_allclose(poses.xy_unit[0], in_unit(LEFT_PERSON), atol=1e-6)


def test_outputs_are_found_by_name_in_any_order() -> None:
    heatmap, offset, forward, backward = tensors_of(LEFT_PERSON, RIGHT_PERSON)
    names = ("displacement_bwd", "displacement_fwd", "heatmap", "offset")
    network = a_network([backward, forward, heatmap, offset], names=names)
    poses = PoseNet(network, PoseNetSettings(decoding="multi"))(BLACK)
    assert poses.pose_score == pytest.approx([0.9, 0.9])


@pytest.mark.parametrize(("cells", "stride_px"), [(17, 16.0), (9, 32.0), (33, 8.0)])
def test_the_stride_follows_from_the_shapes(cells: int, stride_px: float) -> None:
    assert PoseNet(a_network(tensors_of(cells=cells))).stride_px == stride_px


def test_float_networks_see_colours_from_minus_one_to_one() -> None:
    seen: list[Any] = []
    picture = BLACK.copy()
    picture[0, 0] = [0, 51, 255]
    PoseNet(a_network(tensors_of(), see=seen.append))(picture)
    np.testing.assert_allclose(seen[0][0, 0, 0], [-1.0, -0.6, 1.0], atol=1e-6)
    assert seen[0].dtype == np.float32


def test_uint8_networks_see_the_picture_as_it_is() -> None:
    seen: list[Any] = []
    PoseNet(a_network(tensors_of(), dtype=np.uint8, see=seen.append))(BLACK + 7)
    assert seen[0].dtype == np.uint8
    assert np.unique(seen[0]).tolist() == [7]


def test_flip_mirrors_the_positions_and_keeps_the_sides() -> None:
    network = a_network(tensors_of(LEFT_PERSON))
    plain = PoseNet(network)(BLACK)
    flipped = PoseNet(network, PoseNetSettings(flip_horizontal=True))(BLACK)
    np.testing.assert_allclose(flipped.xy_unit[..., 0], 1 - plain.xy_unit[..., 0])
    np.testing.assert_array_equal(flipped.xy_unit[..., 1], plain.xy_unit[..., 1])
    np.testing.assert_array_equal(flipped.score, plain.score)


@pytest.mark.parametrize(
    "change",
    [{"max_detections": 1}, {"score_threshold": 0.95}, {"nms_radius_px": 200.0}, {"pose_score_min": 0.95}],
    ids=lambda change: next(iter(change)),
)
def test_each_setting_reaches_the_decoding(change: dict[str, Any]) -> None:
    network = a_network(tensors_of(LEFT_PERSON, RIGHT_PERSON))
    assert len(PoseNet(network, PoseNetSettings(decoding="multi"))(BLACK)) == 2
    assert len(PoseNet(network, PoseNetSettings(decoding="multi", **change))(BLACK)) < 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("image_scale_factor", 0.1),
        ("image_scale_factor", 1.5),
        ("max_detections", 0),
        ("score_threshold", 1.1),
        ("nms_radius_px", -1.0),
        ("pose_score_min", float("nan")),
        ("decoding", "both"),
    ],
)
def test_settings_out_of_range_are_refused(name: str, value: Any) -> None:
    with pytest.raises(UsageError, match=f"^{name}: expected"):
        PoseNetSettings(**{name: value})


def test_another_networks_outputs_are_refused() -> None:
    with pytest.raises(ModelError, match=r"expected PoseNet's input and outputs, got .*float32 \[1, 17, 17, 34\]"):
        PoseNet(a_network([*tensors_of()[1:], tensors_of()[1]]))


def test_an_input_of_another_kind_is_refused() -> None:
    with pytest.raises(ModelError, match="float32 or uint8 input, got int8"):
        PoseNet(a_network(tensors_of(), dtype=np.int8))


@needs_posenet
@pytest.mark.parametrize(
    ("size_px", "factor", "expected_px"), [(None, 1.0, 257), (385, 1.0, 385), (None, 0.5, 129), (513, 0.2, 97)]
)
def test_size_and_scale_factor_set_the_input_size(size_px: int | None, factor: float, expected_px: int) -> None:
    model = load_posenet(POSENET, threads=1, size_px=size_px, settings=PoseNetSettings(image_scale_factor=factor))
    assert (model.input_wh, model.stride_px) == ((expected_px, expected_px), 16.0)
    assert len(model(np.zeros((expected_px, expected_px, 3), dtype=np.uint8))) == 1


@needs_posenet
@pytest.mark.parametrize(("size_px", "nearest_px"), [(256, 257), (300, 305), (1, 33), (10_000, 2049)])
def test_a_size_off_the_grid_is_refused_and_the_nearest_named(size_px: int, nearest_px: int) -> None:
    with pytest.raises(UsageError, match=f"multiple of 16 plus 1.*got {size_px}; the nearest is {nearest_px}$"):
        load_posenet(POSENET, threads=1, size_px=size_px)


@needs_posenet
def test_what_a_file_holds_is_told_by_its_outputs() -> None:
    of_manifest = [POSENET.parent / model.file for model in pose_models()]
    kinds = {path.name: type(load_pose_model(path, threads=1)) for path in of_manifest if path.is_file()}
    assert {name for name, kind in kinds.items() if kind is PoseNet} == {POSENET.name}
    assert {kind for name, kind in kinds.items() if name != POSENET.name} == {MoveNet}
