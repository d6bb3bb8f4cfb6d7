"""The TensorFlow Lite interpreter behind one small function type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from gaitlab.errors import ModelError
from gaitlab.limits import MODEL_MAX_BYTES

__all__ = ["Network", "load_network"]

_MAGIC, _MAGIC_AT = b"TFL3", 4
_OPEN_SIDE_PX = 256  # the manifest's MultiPose has it, too
_DAMAGED = "give another file, or run `gaitlab models verify` if it was fetched"


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
    output_dtypes : tuple of numpy dtype
    run : callable
        Takes an array of `input_shape` and `input_dtype`, returns a copy of every output in the file's order;
        ModelError when the network fails, or says something that is no number.
    """

    path: Path
    input_shape: tuple[int, ...]
    input_dtype: np.dtype[np.generic]
    output_names: tuple[str, ...]
    output_shapes: tuple[tuple[int, ...], ...]
    output_dtypes: tuple[np.dtype[np.generic], ...]
    run: Callable[[NDArray[np.generic]], tuple[NDArray[np.generic], ...]]

    @property
    def input_wh(self) -> tuple[int, int] | None:
        """Width and height of the RGB picture that goes in; None for a model that takes something else."""
        shape = self.input_shape
        return (shape[2], shape[1]) if len(shape) == 4 and (shape[0], shape[3]) == (1, 3) else None

    @property
    def output_bytes(self) -> int:
        """Room that all outputs for one picture take."""
        outputs = zip(self.output_dtypes, self.output_shapes, strict=True)
        return sum(dtype.itemsize * prod(shape) for dtype, shape in outputs)

    @property
    def description(self) -> str:
        """Types and shapes of input and outputs, for messages."""
        outputs = (_tensor_words(*one) for one in zip(self.output_dtypes, self.output_shapes, strict=True))
        return f"input {_tensor_words(self.input_dtype, self.input_shape)}, outputs {', '.join(outputs) or 'none'}"


def load_network(path: Path, *, threads: int, input_shape: tuple[int, ...] | None = None) -> Network:
    """Load a .tflite file.

    Parameters
    ----------
    path : Path
    threads : int
        The result does not depend on them.
    input_shape : tuple of int, optional
        Another size than the file states, where its network allows that. A file that leaves width and height open, as
        the published MoveNet MultiPose does, is loaded for 256 x 256.

    Raises
    ------
    ModelError
        When it is not a model, has not exactly one input, is too large, or cannot take that input shape.
    """
    _require_file(path)
    try:
        interpreter = Interpreter(model_path=str(path), num_threads=threads)
        inputs = interpreter.get_input_details()
        if len(inputs) != 1:
            raise ModelError(f"{path}: expected a model with one input, a picture; got {len(inputs)} inputs")
        wanted = input_shape or _open_shape(inputs[0])
        if wanted is not None:
            interpreter.resize_tensor_input(inputs[0]["index"], wanted)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError, OSError, MemoryError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(f"{path} is not a TensorFlow Lite model that can be loaded ({reason}); {_DAMAGED}") from error
    (input_detail,) = interpreter.get_input_details()
    outputs = interpreter.get_output_details()

    def run(tensor: NDArray[np.generic]) -> tuple[NDArray[np.generic], ...]:
        interpreter.set_tensor(input_detail["index"], tensor)
        try:
            interpreter.invoke()
            said = tuple(interpreter.get_tensor(detail["index"]) for detail in outputs)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{path}: the network fails at a picture ({error}); {_DAMAGED}") from error
        if not all(np.isfinite(one).all() for one in said):
            raise ModelError(f"{path}: the network says something that is no number; {_DAMAGED}")
        return said

    return Network(
        path=path,
        input_shape=tuple(int(n) for n in input_detail["shape"]),
        input_dtype=np.dtype(input_detail["dtype"]),
        output_names=_signature_names(interpreter, outputs),
        output_shapes=tuple(tuple(int(n) for n in detail["shape"]) for detail in outputs),
        output_dtypes=tuple(np.dtype(detail["dtype"]) for detail in outputs),
        run=run,
    )


def _require_file(path: Path) -> None:
    """Raise ModelError for what shows without the interpreter: no file, too large, the beginning of another format."""
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as handle:
            start = handle.read(_MAGIC_AT + len(_MAGIC))
    except OSError as error:
        raise ModelError(f"{path}: expected a readable model file, got: {error.strerror}") from error
    if size_bytes > MODEL_MAX_BYTES:
        raise ModelError(
            f"{path}: expected a model file of at most {MODEL_MAX_BYTES >> 20} MB, got {size_bytes >> 20} MB"
        )
    if start[_MAGIC_AT:] != _MAGIC:
        raise ModelError(f"{path} is not a TensorFlow Lite model: its mark {_MAGIC.decode()} is missing; {_DAMAGED}")


def _open_shape(detail: dict[str, Any]) -> tuple[int, ...] | None:
    """Return the shape to load an input for whose width and height the file leaves open; None for any other."""
    signature = tuple(int(n) for n in detail["shape_signature"])
    is_open = len(signature) == 4 and signature[3] == 3 and -1 in signature[1:3]
    return (1, _OPEN_SIDE_PX, _OPEN_SIDE_PX, 3) if is_open else None


def _tensor_words(dtype: np.dtype[np.generic], shape: tuple[int, ...]) -> str:
    return f"{dtype.name} [{', '.join(str(n) for n in shape)}]"


def _signature_names(interpreter: Any, outputs: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Return the signature's name of each output, in the file's order; empty names where there is no signature."""
    signatures = interpreter.get_signature_list()
    if not signatures:
        return ("",) * len(outputs)
    runner = interpreter.get_signature_runner(next(iter(signatures)))
    by_tensor = {detail["name"]: name for name, detail in runner.get_output_details().items()}
    return tuple(by_tensor.get(detail["name"], "") for detail in outputs)
