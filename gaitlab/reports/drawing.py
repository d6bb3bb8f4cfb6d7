"""Drawings as plain shapes, and as SVG: one description for a web page and for paper."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

__all__ = ["Anchor", "Drawing", "Line", "Photo", "Rect", "Shape", "Text", "to_svg"]

Anchor = Literal["start", "middle", "end"]
_ANCHORS: Final[Mapping[str, str]] = {"start": "start", "middle": "middle", "end": "end"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through points (x, y); `closed` makes it an area without an outline."""

    points: tuple[tuple[float, float], ...]
    color: str
    width: float = 1.5
    dashed: bool = False
    closed: bool = False
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    color: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A word or two; y is its base line."""

    x: float
    y: float
    text: str
    color: str
    size: float = 10.0
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture as a JPEG file."""

    x: float
    y: float
    width: float
    height: float
    jpeg: bytes


Shape = Line | Rect | Text | Photo


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Shapes in the order they are drawn, in points from the upper left corner, and what they show in words."""

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...]


def _place(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _line(shape: Line) -> str:
    if shape.closed:
        return f'<polygon points="{_place(shape.points)}" fill="{shape.color}" fill-opacity="{shape.opacity:g}"/>'
    dashes = ' stroke-dasharray="5 3"' if shape.dashed else ""
    return (
        f'<polyline points="{_place(shape.points)}" fill="none" stroke="{shape.color}" stroke-width="{shape.width:g}" '
        f'stroke-opacity="{shape.opacity:g}" stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
    )


def _rect(shape: Rect) -> str:
    return (
        f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}" '
        f'fill="{shape.color}" fill-opacity="{shape.opacity:g}"/>'
    )


def _text(shape: Text) -> str:
    return (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:g}" fill="{shape.color}" '
        f'text-anchor="{_ANCHORS[shape.anchor]}">{escape(shape.text)}</text>'
    )


def _photo(shape: Photo) -> str:
    return (
        f'<image x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}" '
        f'href="data:image/jpeg;base64,{b64encode(shape.jpeg).decode("ascii")}"/>'
    )


_WRITERS: Final[Mapping[type, Callable[..., str]]] = {Line: _line, Rect: _rect, Text: _text, Photo: _photo}


def to_svg(drawing: Drawing, *, font: str = "system-ui, sans-serif") -> str:
    """Return a drawing as an SVG element that grows with its place and has its title for screen readers."""
    title = escape(drawing.title)
    shapes = "".join(_WRITERS[type(shape)](shape) for shape in drawing.shapes)
    return (
        f'<svg viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" aria-label="{title}" '
        f'font-family="{font}" xmlns="http://www.w3.org/2000/svg"><title>{title}</title>{shapes}</svg>'
    )
