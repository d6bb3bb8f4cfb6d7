from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.errors import ModelError
from gaitlab.pose.weights.check_picture import check_picture
from gaitlab.pose.weights.convert import PYTHONS, check_converted
from gaitlab.pose.weights.manifest import ExpectedValues, ModelSpec, load_manifest, spec
from tests.builders_convert import sha256


def test_the_check_picture_is_the_same_on_every_machine() -> None:
    assert sha256(check_picture(256).tobytes()) == "e7efdff5507ccd1eddaadbec1cf4f6beafbcd8f50e5d3674ccd07b5eb2c2f1fe"


@pytest.mark.parametrize("model", [model for model in load_manifest() if model.package], ids=lambda model: model.name)
def test_the_shared_models_pass_the_check_of_converted_ones(model: ModelSpec, shared_data: Path) -> None:
    assert model.package is not None
    check_converted(shared_data.parent / "models" / model.file, model.package)


def test_a_network_that_is_off_by_more_than_a_thousandth_fails_the_check(shared_data: Path) -> None:
    model = spec("movenet-lightning-fp16")
    assert model.package is not None
    (good,) = model.package.expected
    off = ExpectedValues(output=good.output, start=0, values=(good.values[0] + 0.003, *good.values[1:]))
    with pytest.raises(ModelError, match="keypoints_with_scores of the check picture"):
        check_converted(shared_data.parent / "models" / model.file, replace(model.package, expected=(off,)))


def test_a_network_of_another_input_fails_the_check(shared_data: Path) -> None:
    model = spec("movenet-lightning-fp16")
    assert model.package is not None
    with pytest.raises(ModelError, match=r"expected an input of \(1, 256, 256, 3\) uint8, got \(1, 192, 192, 3\)"):
        check_converted(shared_data.parent / "models" / model.file, replace(model.package, size_px=256))


def test_four_models_have_a_package_and_the_running_python_can_convert() -> None:
    assert [model.name for model in load_manifest() if model.package] == [
        "movenet-thunder-fp16",
        "movenet-lightning-fp16",
        "movenet-multipose-lightning-fp16",
        "posenet-mobilenet-075-fp32",
    ]
    assert (3, 11) in PYTHONS
