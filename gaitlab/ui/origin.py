"""Whether a request comes from a page of this server."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

__all__ = ["is_own_origin"]


def is_own_origin(headers: Headers) -> bool:
    """Return whether the Origin header names the host that was asked; browsers send it with every socket and POST."""
    origin = urlsplit(headers.get("origin", ""))
    return origin.scheme in ("http", "https") and bool(origin.netloc) and origin.netloc == headers.get("host")
