"""GaitLab's mark, a stride with the angle of a knee, drawn for light and dark pages."""

from __future__ import annotations

from typing import Final

from gaitlab.records.skeleton import SIDE_COLORS

__all__ = ["logo_svg", "mark_svg"]

#: Head, trunk, the two legs in the colours of their sides, and the arc at the bent knee; in a square of 32.
_STRIDE: Final = (
    f'<g fill="none" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round">'
    f'<path d="M15.5 17 L9.5 22.5 L3.5 27.5" stroke="{SIDE_COLORS["right"]}"/>'
    f'<path d="M15.5 17 L22 20.5 L22 29" stroke="{SIDE_COLORS["left"]}"/>'
    f'<path d="M17.2 8.5 L15.5 17" stroke="INK"/>'
    f'<path d="M26.2 15.2 A7 7 0 0 1 27.4 25.2" stroke="{SIDE_COLORS["both"]}" stroke-width="2"/></g>'
    f'<circle cx="18.2" cy="4.2" r="3.2" fill="INK"/>'
)
_ON_LIGHT, _ON_DARK = "#0A0A0A", "#FAFAFA"


def mark_svg() -> str:
    """Return the mark alone, readable on light and dark: for the tab of a browser."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{_STRIDE.replace("INK", "#7A7A7A")}</svg>'


def logo_svg(*, is_dark: bool) -> str:
    """Return the mark with the name beside it."""
    ink = _ON_DARK if is_dark else _ON_LIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="122" height="32" viewBox="0 0 122 32">'
        f'{_STRIDE.replace("INK", ink)}<text x="37" y="23" font-family="system-ui, sans-serif" font-size="20" '
        f'font-weight="600" textLength="80" lengthAdjust="spacingAndGlyphs" fill="{ink}">GaitLab</text></svg>'
    )
