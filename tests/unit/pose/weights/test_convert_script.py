from __future__ import annotations

import base64

import numpy as np
import pytest

from gaitlab.pose.weights.convert_script import Node, split_fused, weights


def fused(op: str, *activations: str) -> Node:
    names = [base64.b64encode(name.encode()).decode() for name in ("BiasAdd", *activations)]
    attrs = {
        "T": {"type": "DT_FLOAT"},
        "strides": {"list": {"i": ["1", "2", "2", "1"]}},
        "data_format": {"s": "TkhXQw=="},
    }
    attrs |= {"padding": {"s": "U0FNRQ=="}, "epsilon": {"f": 0}, "num_args": {"i": "1"}}
    return {
        "name": "n",
        "op": op,
        "input": ["x", "kernel", "bias"],
        "attr": attrs | {"fused_ops": {"list": {"s": names}}},
    }


@pytest.mark.parametrize(
    ("op", "plain"), [("_FusedConv2D", "Conv2D"), ("FusedDepthwiseConv2dNative", "DepthwiseConv2dNative")]
)
def test_a_fused_convolution_becomes_three_nodes_the_last_with_its_name(op: str, plain: str) -> None:
    nodes = split_fused([fused(op, "Relu6")])
    assert [node["op"] for node in nodes] == [plain, "BiasAdd", "Relu6"]
    assert [node["input"] for node in nodes] == [["x", "kernel"], ["n/convolution", "bias"], ["n/biased"]]
    assert nodes[-1]["name"] == "n"


def test_without_activation_the_bias_has_the_name() -> None:
    assert [(node["op"], node["name"]) for node in split_fused([fused("_FusedConv2D")])] == [
        ("Conv2D", "n/convolution"),
        ("BiasAdd", "n"),
    ]


def test_the_convolution_keeps_its_own_settings_only() -> None:
    convolution = split_fused([fused("_FusedConv2D", "Relu")])[0]
    assert set(convolution["attr"]) == {"T", "strides", "padding", "data_format"}


def test_another_fusion_is_refused() -> None:
    with pytest.raises(ValueError, match="expected BiasAdd, then Relu"):
        split_fused([fused("_FusedConv2D", "Elu")])


def test_other_nodes_stay_as_they_are() -> None:
    node = {"name": "a", "op": "AddV2", "input": ["x", "y"], "attr": {}}
    assert split_fused([node]) == [node]


def test_weights_lie_one_after_another_and_halves_are_widened() -> None:
    blob = np.array([0.5, -2.0], "<f2").tobytes() + np.array([7], "<i4").tobytes()
    half = {"name": "w", "shape": [2, 1], "dtype": "float32", "quantization": {"dtype": "float16"}}
    arrays = weights([half, {"name": "n", "shape": [], "dtype": "int32"}], blob)
    np.testing.assert_array_equal(arrays["w"], np.array([[0.5], [-2.0]], np.float32), strict=True)
    np.testing.assert_array_equal(arrays["n"], np.array(7, np.int32), strict=True)


def test_weights_that_do_not_fill_the_file_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 4 bytes of weights, got 5"):
        weights([{"name": "n", "shape": [], "dtype": "int32"}], bytes(5))


def test_weights_quantised_to_integers_are_refused() -> None:
    with pytest.raises(ValueError, match="as float16, got uint8"):
        weights([{"name": "w", "shape": [1], "dtype": "float32", "quantization": {"dtype": "uint8"}}], bytes(1))
