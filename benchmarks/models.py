"""The seeds' table for every model on this machine: size, accuracy beside what was published, latency."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.pictures import PictureScore, mean_similarity
from benchmarks.results import markdown_table
from benchmarks.rounds import Contestant, measure_in_turn
from gaitlab.errors import ModelError
from gaitlab.pose.weights.manifest import pose_models
from gaitlab.pose.weights.resolve import ModelFile, resolve_model

__all__ = ["PUBLISHED_MAP", "latencies_ms", "models_here", "models_table"]

#: COCO keypoint mAP from the seed literature (DOMAIN.md, section 1); none is known for MultiPose.
PUBLISHED_MAP: Final[Mapping[str, float]] = {
    "movenet-thunder-fp16": 72.0,
    "movenet-thunder-int8": 68.9,
    "movenet-lightning-fp16": 63.0,
    "movenet-lightning-int8": 57.4,
    "posenet-mobilenet-075-fp32": 45.6,
}
_THREADS = (1, 2)
_LATENCY_FRAMES = "100"


def models_here() -> dict[str, ModelFile]:
    """Return the pose models of the manifest that are here or can be fetched; the others are named on stderr."""
    found = {}
    for model in pose_models():
        try:
            found[model.name] = resolve_model(model.name)
        except ModelError as error:
            print(f"left out: {error}", file=sys.stderr)
    return found


def latencies_ms(models: Mapping[str, ModelFile], n_rounds: int) -> dict[str, tuple[float, ...]]:
    """Return the median time of one picture through the bare interpreter, with one thread and with two."""
    programs = {
        (name, threads): Contestant(
            name=f"{name}, {threads} threads",
            module="run_bare",
            arguments=(str(file.path), "--threads", str(threads), "--frames", _LATENCY_FRAMES),
        )
        for name, file in models.items()
        for threads in _THREADS
    }
    rounds = measure_in_turn(tuple(programs.values()), n_rounds)
    return {
        name: tuple(
            statistics.median(1000 / taken[programs[name, threads]].fps for taken in rounds) for threads in _THREADS
        )
        for name in models
    }


def models_table(
    models: Mapping[str, ModelFile],
    latency_ms: Mapping[str, Sequence[float]],
    scores: Mapping[str, Sequence[PictureScore]],
) -> str:
    """Return a row per model; a dash where something was not measured or not published."""
    header = ("model", "size MB", "similarity", "published mAP", "1 thread ms", "2 threads ms")
    rows = [
        (
            name,
            f"{file.path.stat().st_size / 1e6:.1f}",
            f"{mean_similarity(scores[name]):.3f}" if name in scores else "-",
            f"{PUBLISHED_MAP[name]}" if name in PUBLISHED_MAP else "-",
            *(f"{value:.1f}" for value in latency_ms[name]),
        )
        for name, file in models.items()
    ]
    return markdown_table(header, rows)
