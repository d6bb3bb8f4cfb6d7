"""Hostile model files, as somebody gives them with ``--model FILE.tflite``: damaged ones, and made-up graphs.

The files are made here; none holds a trained network.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from benchmarks.attack_sockets import mutated
from gaitlab.pose.engine import find_poses, open_engine
from gaitlab.pose.networks.parameters import PictureSettings
from gaitlab.records import Picture
from gaitlab.settings import PoseSettings
from tests.builders_tflite import write_strided, write_tflite

__all__ = ["model_file"]

_SINGLE, _MULTI = (1, 1, 17, 3), (1, 6, 56)
_POSENET: Final = (17, 34, 32, 32)
_SIDES_PX: Final = (1, 17, 192, 257, 1024)
_VALUES: Final = (float("nan"), float("inf"), -float("inf"), 3e38, -3e38, 1e-38, -1.0, 0.0, 0.5, 2.0)
_NUMBERS: Final = (-(2**31), -2, -1, 0, 1, 2, 3, 17, 255, 2**15, 2**24, 2**31 - 1)
_N_TYPES, _N_OPERATORS = 20, 210  # of the schema, and a few more
_PICTURE_WH: Final = (96, 64)


def model_file(rng: random.Random, folder: Path) -> None:
    """Give a model file of which something is wrong, and let it look at a picture of noise."""
    path = folder / "model.tflite"
    people = _made(path, rng)
    way = rng.random()
    if way < 0.3:
        path.write_bytes(mutated(path.read_bytes(), rng))
    elif way < 0.8:
        model = schema.ModelT.InitFromPackedBuf(path.read_bytes())
        for _ in range(rng.choice((1, 1, 2, 6))):
            _spoil(model, rng)
        _write(path, model)
    noise = np.random.default_rng(rng.getrandbits(32)).integers(0, 256, (*_PICTURE_WH[::-1], 3), dtype=np.uint8)
    pictures = PictureSettings(people=people, flip_horizontal=rng.random() < 0.5)  # type: ignore[arg-type]
    with closing(open_engine(PoseSettings(model=str(path), workers=1), for_stills=True, pictures=pictures)) as engine:
        find_poses(Picture.of_rgb(noise), engine)


def _made(path: Path, rng: random.Random) -> str:
    """Write a pose model that says something hostile, and return for how many people it is."""
    if rng.random() < 0.4:
        write_strided(path, _POSENET, stride_px=rng.choice((1, 2, 16, 32)), size_px=rng.choice(_SIDES_PX))
        return rng.choice(("single", "several"))
    side_px = rng.choice(_SIDES_PX)
    kind = rng.choice(("one", "six", "grid"))
    cells = rng.choice((1, 9, 17, 40))
    posenet = [(1, cells, cells, n) for n in _POSENET]
    all_shapes: dict[str, list[tuple[int, ...]]] = {"one": [_SINGLE], "six": [_MULTI], "grid": [*posenet]}
    outputs = [_hostile(shape, rng) for shape in all_shapes[kind]]
    write_tflite(path, outputs, input_shape=(1, side_px, side_px, 3), dtype=rng.choice(("float32", "uint8", "int32")))
    return {"one": "single", "six": "several"}.get(kind) or rng.choice(("single", "several"))


def _hostile(shape: Sequence[int], rng: random.Random) -> Any:
    values = np.random.default_rng(rng.getrandbits(32)).choice(rng.sample(_VALUES, k=rng.randint(1, 3)), size=shape)
    return values.astype(np.float32)


def _spoil(model: Any, rng: random.Random) -> None:
    """Replace something in a graph: a shape, a type, a number that points to another part, an option, the weights."""
    graph = model.subgraphs[0]
    tensor, operator, code = rng.choice(graph.tensors), rng.choice(graph.operators), rng.choice(model.operatorCodes)

    def numbers(n_max: int) -> list[int]:
        return [rng.choice(_NUMBERS) for _ in range(rng.randint(0, n_max))]

    buffer, options = rng.choice(model.buffers), operator.builtinOptions
    option, was = rng.choice(list(vars(options).items()) or [("none", 0)])
    weights = buffer.data if buffer.data is not None else []
    part, name, value = rng.choice(
        (
            (tensor, "shape", numbers(6)),
            (tensor, "type", rng.randrange(_N_TYPES)),
            (tensor, "buffer", abs(rng.choice(_NUMBERS[1:]))),
            (operator, "inputs", numbers(4)),
            (operator, "outputs", numbers(2)),
            (code, "builtinCode", rng.randrange(_N_OPERATORS)),
            (graph, "inputs", numbers(3)),
            (graph, "outputs", numbers(3)),
            (options, option, not was if isinstance(was, bool) else rng.choice((-1, 0, 1, 100))),
            (buffer, "data", weights[: rng.randrange(100)]),
        )
    )
    setattr(part, name, value)
    if part is code:
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)


def _write(path: Path, model: Any) -> None:
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    path.write_bytes(builder.Output())
