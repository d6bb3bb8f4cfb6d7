"""A hook of MkDocs: a page that would fetch something from another server when it is read is not built."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["on_post_page", "on_post_template", "remote_parts"]

_PART: Final = re.compile(
    r"<(?:script|img|iframe|video|audio|source|embed|link)\b[^>]*?\b(?:src|href|srcset|data)\s*=\s*[\"']?"
    r"((?:https?:)?//[^\"'\s>]+)"
    r"|@import\s+(?:url\()?[\"']?((?:https?:)?//[^\"')\s]+)",
    re.IGNORECASE,
)


def remote_parts(html: str) -> tuple[str, ...]:
    """Return the addresses of other servers from which a page takes a part of itself; links to follow are none.

    >>> remote_parts('<a href="https://example.org">x</a> <img src="x.png"> <script src="//example.org/x.js">')
    ('//example.org/x.js',)
    """
    return tuple(part or imported for part, imported in _PART.findall(html))


def on_post_page(output: str, /, *, page: Any, config: Any) -> str:
    """Refuse a page with remote parts; MkDocs calls this for every page."""
    return _checked(output, page.file.src_uri)


def on_post_template(output: str, /, *, template_name: str, config: Any) -> str:
    """Refuse a page made of a template alone, such as the one for addresses that do not exist."""
    return _checked(output, template_name)


def _checked(html: str, name: str) -> str:
    if parts := remote_parts(html):
        raise SystemExit(f"{name}: expected a page without parts of other servers, got {', '.join(parts)}; copy them")
    return html
