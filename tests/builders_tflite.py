"""TensorFlow Lite files of any shapes, made at test time: what they say does not depend on the picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

from tests.builders_posenet import Tensor

_TYPES: Final = {
    "float32": schema.TensorType.FLOAT32,
    "uint8": schema.TensorType.UINT8,
    "int32": schema.TensorType.INT32,
}
_OPERATORS: Final = {"CAST": 1, "SUM": 1, "MUL": 1, "ADD": 1, "CONV_2D": 1}


class _Graph:
    """One subgraph that grows operator by operator."""

    def __init__(self) -> None:
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.buffers = [schema.BufferT()]  # number 0 is the empty one
        self.model.operatorCodes = []
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self._codes: dict[str, int] = {}

    def tensor(self, shape: Sequence[int], dtype: str = "float32", *, name: str = "", dynamic: bool = False) -> int:
        tensor = schema.TensorT()
        tensor.shape, tensor.type, tensor.name, tensor.buffer = list(shape), _TYPES[dtype], name or "t", 0
        if dynamic:
            tensor.shapeSignature = [shape[0], -1, -1, shape[3]]
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def constant(self, values: NDArray[Any]) -> int:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(values.tobytes(), dtype=np.uint8)
        self.model.buffers.append(buffer)
        index = self.tensor(values.shape, str(values.dtype))
        self.graph.tensors[index].buffer = len(self.model.buffers) - 1
        return index

    def operator(self, kind: str, inputs: Sequence[int], output: int, **options: Any) -> int:
        if kind not in self._codes:
            code = schema.OperatorCodeT()
            code.builtinCode = getattr(schema.BuiltinOperator, kind)
            code.deprecatedBuiltinCode, code.version = min(code.builtinCode, 127), _OPERATORS[kind]
            self.model.operatorCodes.append(code)
            self._codes[kind] = len(self.model.operatorCodes) - 1
        operator = schema.OperatorT()
        operator.opcodeIndex, operator.inputs, operator.outputs = self._codes[kind], list(inputs), [output]
        name = {"CAST": "Cast", "SUM": "Reducer", "MUL": "Mul", "ADD": "Add", "CONV_2D": "Conv2D"}[kind]
        operator.builtinOptionsType = getattr(schema.BuiltinOptions, f"{name}Options")
        operator.builtinOptions = getattr(schema, f"{name}OptionsT")()
        for key, value in options.items():
            setattr(operator.builtinOptions, key, value)
        self.graph.operators.append(operator)
        return output

    def write(self, path: Path, *, inputs: Sequence[int], outputs: Sequence[int]) -> Path:
        self.graph.inputs, self.graph.outputs = list(inputs), list(outputs)
        self.model.subgraphs = [self.graph]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), file_identifier=b"TFL3")
        path.write_bytes(builder.Output())
        return path


def write_tflite(
    path: Path,
    outputs: Sequence[NDArray[Any]],
    *,
    input_shape: Sequence[int] = (1, 257, 257, 3),
    dtype: str = "float32",
    names: Sequence[str] = (),
    n_inputs: int = 1,
    dynamic: bool = False,
) -> Path:
    """Write a network that says `outputs` whatever it is shown: each is the constant plus 0 x the sum of the input."""
    graph = _Graph()
    inputs = [graph.tensor(input_shape, dtype, name="image", dynamic=dynamic) for _ in range(n_inputs)]
    seen = inputs[0]
    if dtype != "float32":
        as_float = graph.tensor(input_shape, dynamic=dynamic)
        seen = graph.operator("CAST", [seen], as_float, inDataType=_TYPES[dtype], outDataType=schema.TensorType.FLOAT32)
    axes = graph.constant(np.arange(len(input_shape), dtype=np.int32))
    total = graph.operator("SUM", [seen, axes], graph.tensor([]), keepDims=False)
    nothing = graph.operator("MUL", [total, graph.constant(np.zeros((), np.float32))], graph.tensor([]))
    said = [
        graph.operator(
            "ADD",
            [graph.constant(np.ascontiguousarray(values)), nothing],
            graph.tensor(values.shape, name=names[i] if names else ""),
        )
        for i, values in enumerate(outputs)
    ]
    return graph.write(path, inputs=inputs, outputs=said)


def write_strided(path: Path, channels: Sequence[int], *, stride_px: int = 16, size_px: int = 257) -> Path:
    """Write a network of single convolutions of zeros, which can be resized as PoseNet can."""
    graph = _Graph()
    image = graph.tensor((1, size_px, size_px, 3), name="image")
    cells = (size_px - 1) // stride_px + 1
    said = [
        graph.operator(
            "CONV_2D",
            [image, graph.constant(np.zeros((n, 1, 1, 3), np.float32)), graph.constant(np.zeros(n, np.float32))],
            graph.tensor((1, cells, cells, n)),
            padding=schema.Padding.VALID,
            strideH=stride_px,
            strideW=stride_px,
            dilationHFactor=1,
            dilationWFactor=1,
        )
        for n in channels
    ]
    return graph.write(path, inputs=[image], outputs=said)


def as_multi_person(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Return PoseNet's four tensors as `multi_person_mobilenet_v1_075_float.tflite` has them."""
    heatmap, offset, forward, backward = tensors
    return [heatmap, offset, np.concatenate([forward, backward], axis=-1), np.zeros_like(heatmap[..., :1])]
