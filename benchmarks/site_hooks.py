"""Hooks of MkDocs: files of the project as pages, and no page that fetches something from another server.

A page that consists of the line ``{{ CHANGELOG.md }}`` is that file of the project; its links into ``docs/`` are made
fit. A page that would take a part of itself from another server when it is read is not built.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any, Final

__all__ = ["included", "on_page_markdown", "on_post_page", "on_post_template", "remote_parts"]

_ROOT: Final = Path(__file__).resolve().parents[1]
_INCLUDE: Final = re.compile(r"\{\{ ([\w./-]+) \}\}\s*")
_LINK: Final = re.compile(r"\]\(docs/([^)]+)\)")
_PART: Final = re.compile(
    r"<(?:script|img|iframe|video|audio|source|embed|link)\b[^>]*?\b(?:src|href|srcset|data)\s*=\s*[\"']?"
    r"((?:https?:)?//[^\"'\s>]+)"
    r"|@import\s+(?:url\()?[\"']?((?:https?:)?//[^\"')\s]+)",
    re.IGNORECASE,
)


def included(markdown: str, page: str, *, root: Path = _ROOT) -> str:
    """Return a page's text: its own, or that of the file it names.

    Parameters
    ----------
    markdown : str
    page : str
        Its path in ``docs/``, with slashes.
    root : Path
        Folder of the project.
    """
    found = _INCLUDE.fullmatch(markdown.lstrip())
    if found is None:
        return markdown
    text = (root / found[1]).read_text(encoding="utf-8")
    folder = posixpath.dirname(page) or "."
    return _LINK.sub(lambda link: f"]({posixpath.relpath(link[1], folder)})", text)


def remote_parts(html: str) -> tuple[str, ...]:
    """Return the addresses of other servers from which a page takes a part of itself; links to follow are none.

    >>> remote_parts('<a href="https://example.org">x</a> <img src="x.png"> <script src="//example.org/x.js">')
    ('//example.org/x.js',)
    """
    return tuple(part or imported for part, imported in _PART.findall(html))


def on_page_markdown(markdown: str, /, *, page: Any, **_: Any) -> str:
    """Put the named file in the place of a page; MkDocs calls this for every page."""
    return included(markdown, page.file.src_uri)


def on_post_page(output: str, /, *, page: Any, **_: Any) -> str:
    """Refuse a page with remote parts; MkDocs calls this for every page."""
    return _checked(output, page.file.src_uri)


def on_post_template(output: str, /, *, template_name: str, **_: Any) -> str:
    """Refuse a page made of a template alone, such as the one for addresses that do not exist."""
    return _checked(output, template_name)


def _checked(html: str, name: str) -> str:
    if parts := remote_parts(html):
        raise SystemExit(f"{name}: expected a page without parts of other servers, got {', '.join(parts)}; copy them")
    return html
