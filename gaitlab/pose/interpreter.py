"""The TensorFlow Lite interpreter behind one small function type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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
    input_shape : tuple of int
    input_dtype : numpy dtype
    run : callable
        Takes an array of `input_shape` and `input_dtype`, returns a copy of every output in the file's order.
    """

    input_shape: tuple[int, ...]
    input_dtype: np.dtype[np.generic]
    run: Callable[[NDArray[np.generic]], tuple[NDArray[np.generic], ...]]


def load_network(path: Path, *, threads: int) -> Network:
    """Load a .tflite file; ModelError when it is not one."""
    try:
        interpreter = Interpreter(model_path=str(path), num_threads=threads)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError, OSError) as error:
        raise ModelError(
            f"{path} is not a TensorFlow Lite model that can be loaded ({str(error).splitlines()[0]}); "
            "run `gaitlab models verify`, delete the file if it is damaged and fetch it again"
        ) from error
    (input_detail,) = interpreter.get_input_details()
    outputs = [detail["index"] for detail in interpreter.get_output_details()]

    def run(tensor: NDArray[np.generic]) -> tuple[NDArray[np.generic], ...]:
        interpreter.set_tensor(input_detail["index"], tensor)
        interpreter.invoke()
        return tuple(interpreter.get_tensor(index) for index in outputs)

    return Network(
        input_shape=tuple(int(n) for n in input_detail["shape"]),
        input_dtype=np.dtype(input_detail["dtype"]),
        run=run,
    )
