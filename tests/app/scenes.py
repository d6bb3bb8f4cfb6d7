"""Clips with block people in them, and an engine that finds those."""

from __future__ import annotations

from pathlib import Path

from gaitlab.pipeline import PoseEngine
from tests.builders_scene import GREEN, RED, WH, Box, draw, pool
from tests.clips import every, write_clip

LEFT: Box = (100, 90, 90, 200)
RIGHT: Box = (420, 100, 90, 190)


def people_clip(path: Path, n_people: int, *, n: int = 12) -> Path:
    """Write n frames in which 0, 1 or 2 block people stand side by side."""
    picture = draw([(RED, LEFT), (GREEN, RIGHT)][:n_people])
    return write_clip(path, times_ms=every(40, n), wh=WH, pictures=[picture] * n, pixels="yuv444p")


def block_engine() -> PoseEngine:
    """Return an engine that finds block people."""
    return PoseEngine(pool=pool(), name="blocks", sha256="0" * 64)
