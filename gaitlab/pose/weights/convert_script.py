"""Turn TensorFlow.js graph models into TensorFlow Lite files; `convert.py` beside it runs it in its own environment.

``python convert_script.py TASK.json`` with the keys ``graph``, ``weights``, ``target`` (files), ``size_px``, ``dtype``
(of the new input), ``float16`` and ``outputs`` (new name of each tensor). This file needs NumPy and TensorFlow and
nothing of GaitLab, and nothing of GaitLab imports it.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["main", "split_fused", "weights"]

Node: TypeAlias = dict[str, Any]

_PLAIN_OP = {"_FusedConv2D": "Conv2D", "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative"}
_CONVOLUTION_ATTRS = ("T", "strides", "padding", "dilations", "data_format", "explicit_paddings")
_ACTIVATIONS = ("Relu", "Relu6")


def split_fused(nodes: Sequence[Node]) -> list[Node]:
    """Return the graph with every fused convolution as convolution, BiasAdd and activation; other nodes as they are.

    The last of the three keeps the name, so whatever reads the fused node reads the same numbers.

    Parameters
    ----------
    nodes : sequence of dict
        Of a GraphDef in protobuf's JSON form.

    Raises
    ------
    ValueError
        When something else than a bias and one of Relu and Relu6 was fused.
    """
    return [plain for node in nodes for plain in (_split(node) if node["op"] in _PLAIN_OP else (node,))]


def _split(node: Node) -> tuple[Node, ...]:
    name, attrs = node["name"], node["attr"]
    fused = [base64.b64decode(text).decode() for text in attrs["fused_ops"]["list"]["s"]]
    if fused[:1] != ["BiasAdd"] or len(fused) > 2 or any(op not in _ACTIVATIONS for op in fused[1:]):
        raise ValueError(f"{name}: expected BiasAdd, then Relu, Relu6 or nothing in {node['op']}, got {fused}")
    picture, kernel, bias = node["input"]
    convolution = {
        "name": f"{name}/convolution",
        "op": _PLAIN_OP[node["op"]],
        "input": [picture, kernel],
        "attr": {key: attrs[key] for key in _CONVOLUTION_ATTRS if key in attrs},
    }
    biased = {
        "name": f"{name}/biased" if fused[1:] else name,
        "op": "BiasAdd",
        "input": [convolution["name"], bias],
        "attr": {key: attrs[key] for key in ("T", "data_format")},
    }
    if not fused[1:]:
        return convolution, biased
    return convolution, biased, {"name": name, "op": fused[1], "input": [biased["name"]], "attr": {"T": attrs["T"]}}


def weights(entries: Sequence[Mapping[str, Any]], blob: bytes) -> dict[str, NDArray[Any]]:
    """Return the constants by name, 16-bit floats widened to the 32 bits the graph calculates in.

    Parameters
    ----------
    entries : sequence of mapping
        The weights manifest: name, shape, dtype and how it is quantised, in the order of the file.
    blob : bytes
        The whole file of numbers, little-endian, one constant after another.

    Raises
    ------
    ValueError
        For another quantisation than to float16, or a file that is longer or shorter than the manifest says.
    """
    arrays: dict[str, NDArray[Any]] = {}
    start = 0
    for entry in entries:
        stored = np.dtype(entry.get("quantization", {}).get("dtype", entry["dtype"])).newbyteorder("<")
        if stored != np.dtype(entry["dtype"]) and stored != np.float16:
            raise ValueError(f"{entry['name']}: expected numbers as they are or as float16, got {stored}")
        count = int(np.prod(entry["shape"], dtype=np.int64))
        flat = np.frombuffer(blob, dtype=stored, count=count, offset=start)
        arrays[entry["name"]] = flat.astype(entry["dtype"]).reshape(entry["shape"])
        start += flat.nbytes
    if start != len(blob):
        raise ValueError(f"expected {start} bytes of weights, got {len(blob)}")
    return arrays


def _graph_def(model: Mapping[str, Any], blob: bytes) -> Any:
    """Return TensorFlow's GraphDef with the weights in its constants."""
    import tensorflow as tf  # noqa: PLC0415
    from google.protobuf import json_format  # noqa: PLC0415

    (group,) = model["weightsManifest"]
    arrays = weights(group["weights"], blob)
    graph = json_format.ParseDict({"node": split_fused(model["modelTopology"]["node"])}, tf.compat.v1.GraphDef())
    for node in graph.node:
        if node.op == "Const":
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(arrays[node.name]))
    return graph


def _convert(task: Mapping[str, Any]) -> bytes:
    """Return the .tflite file of one task."""
    import tensorflow as tf  # noqa: PLC0415

    graph = _graph_def(json.loads(Path(task["graph"]).read_text("utf-8")), Path(task["weights"]).read_bytes())
    (entrance,) = (node for node in graph.node if node.op == "Placeholder")
    inside = tf.dtypes.as_dtype(entrance.attr["dtype"].type)
    shape = (1, task["size_px"], task["size_px"], 3)
    entrance.attr["shape"].shape.CopyFrom(tf.TensorShape(shape).as_proto())

    @tf.function(input_signature=[tf.TensorSpec(shape, task["dtype"], name="input")])  # type: ignore[untyped-decorator]
    def network(picture: Any) -> Any:
        values = tf.graph_util.import_graph_def(
            graph, input_map={entrance.name: tf.cast(picture, inside)}, return_elements=list(task["outputs"]), name=""
        )
        return dict(zip(task["outputs"].values(), values, strict=True))

    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.get_concrete_function()], tf.Module())
    if task["float16"]:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    return bytes(converter.convert())


def main(task_file: str) -> None:
    """Convert what the task describes and write the target."""
    task = json.loads(Path(task_file).read_text("utf-8"))
    Path(task["target"]).write_bytes(_convert(task))


if __name__ == "__main__":
    main(sys.argv[1])
