"""Interlaced frames: two fields, taken one after the other, in which moving limbs look like combs until merged."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import av.error
import av.filter

__all__ = ["deinterlaced"]


def deinterlaced(frames: Iterator[Any], time_base: Any) -> Generator[Any]:
    """Yield one progressive frame for each decoded frame.

    Parameters
    ----------
    frames : iterator of av.VideoFrame
    time_base : Fraction
        Of the frames' timestamps.

    Notes
    -----
    FFmpeg's ``yadif``, from the first frame that says it is interlaced; frames that are not pass through it unchanged.
    Frames before that, and all frames of a clip without any, never see a filter. A frame of another size or format ends
    the filter: those after it are yielded as they are.
    """
    for frame in frames:
        if frame.interlaced_frame and frame.format.name.startswith("yuv"):
            yield from _filtered(frame, frames, time_base)
        else:
            yield frame


def _filtered(first: Any, rest: Iterator[Any], time_base: Any) -> Iterator[Any]:
    graph, shape = av.filter.Graph(), _shape(first)
    graph.threads = 1  # the processor belongs to the networks
    source = graph.add_buffer(width=first.width, height=first.height, format=first.format, time_base=time_base)
    yadif = graph.add("yadif", "mode=send_frame:parity=auto:deint=interlaced")
    graph.link_nodes(source, yadif, graph.add("buffersink")).configure()
    frame = first
    while frame is not None and _shape(frame) == shape:
        graph.push(frame)
        yield from _ready(graph)
        frame = next(rest, None)
    graph.push(None)
    yield from _ready(graph)
    if frame is not None:
        yield frame


def _shape(frame: Any) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name


def _ready(graph: Any) -> Iterator[Any]:
    """Yield the frames that the filter has finished; it holds one back, since it needs the next."""
    while True:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
