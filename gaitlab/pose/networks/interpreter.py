"""The TensorFlow Lite interpreter behind one small function type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from gaitlab.errors import ModelError

__all__ = ["Network", "load_network"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """A loaded model file with one input.

    Attributes
    ----------
    path : Path
    input_shape : tuple of int
    input_dtype : numpy dtype
    output_names : tuple of str
        The signature's name of each output, empty where the file has none.
    output_shapes : tuple of tuple of int
    run : callable
        Takes an array of `input_shape` and `input_dtype`, returns a copy of every output in the file's order.
    """

    path: Path
    input_shape: tuple[int, ...]
    input_dtype: np.dtype[np.generic]
    output_names: tuple[str, ...]
    output_shapes: tuple[tuple[int, ...], ...]
    run: Callable[[NDArray[np.generic]], tuple[NDArray[np.generic], ...]]

    @property
    def square_side_px(self) -> int:
        """Side of the square RGB picture that goes in; ModelError for a model that takes something else."""
        shape = self.input_shape
        if len(shape) != 4 or shape[1] != shape[2] or shape[3] != 3:
            raise ModelError(f"{self.path}: expected a model with a square RGB input, got input shape {shape}")
        return shape[1]

    def output(self, names: Sequence[str], *, position: int) -> int:
        """Return the index of the output with one of these signature names, else `position`, its official place."""
        for name in names:
            if name in self.output_names:
                return self.output_names.index(name)
        if position >= len(self.output_shapes):
            raise ModelError(
                f"{self.path}: expected an output named {' or '.join(names)}, or at least {position + 1} outputs, "
                f"got {len(self.output_shapes)}"
            )
        return position


def load_network(path: Path, *, threads: int, input_shape: tuple[int, ...] | None = None) -> Network:
    """Load a .tflite file.

    Parameters
    ----------
    path : Path
    threads : int
        The result does not depend on them.
    input_shape : tuple of int, optional
        Another size than the file states, where its network allows that.

    Raises
    ------
    ModelError
        When it is not a model, or cannot take that input shape.
    """
    try:
        interpreter = Interpreter(model_path=str(path), num_threads=threads)
        if input_shape is not None:
            interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], input_shape)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError, OSError) as error:
        raise ModelError(
            f"{path} is not a TensorFlow Lite model that can be loaded ({str(error).splitlines()[0]}); "
            "run `gaitlab models verify`, delete the file if it is damaged and fetch it again"
        ) from error
    (input_detail,) = interpreter.get_input_details()
    outputs = interpreter.get_output_details()

    def run(tensor: NDArray[np.generic]) -> tuple[NDArray[np.generic], ...]:
        interpreter.set_tensor(input_detail["index"], tensor)
        interpreter.invoke()
        return tuple(interpreter.get_tensor(detail["index"]) for detail in outputs)

    return Network(
        path=path,
        input_shape=tuple(int(n) for n in input_detail["shape"]),
        input_dtype=np.dtype(input_detail["dtype"]),
        output_names=_signature_names(interpreter, outputs),
        output_shapes=tuple(tuple(int(n) for n in detail["shape"]) for detail in outputs),
        run=run,
    )


def _signature_names(interpreter: Any, outputs: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Return the signature's name of each output, in the file's order; empty names where there is no signature."""
    signatures = interpreter.get_signature_list()
    if not signatures:
        return ("",) * len(outputs)
    runner = interpreter.get_signature_runner(next(iter(signatures)))
    by_tensor = {detail["name"]: name for name, detail in runner.get_output_details().items()}
    return tuple(by_tensor.get(detail["name"], "") for detail in outputs)
