"""Whether a request comes from a page of this server, and the guard that lets no other site ask."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["guarded", "is_known_host", "is_own_origin", "is_own_site"]

# What browsers say of who asks: our own page, or the user (an address typed, a bookmark). Old ones say nothing.
_OWN_SITES: Final = (None, "same-origin", "none")


def is_own_origin(headers: Headers) -> bool:
    """Return whether the Origin header names the host that was asked; browsers send it with every socket and POST."""
    origin = urlsplit(headers.get("origin", ""))
    return origin.scheme in ("http", "https") and bool(origin.netloc) and origin.netloc == headers.get("host")


def is_known_host(host: str, allowed: Sequence[str] = ()) -> bool:
    """Return whether a Host header can be meant for this server.

    Another site can make its own name lead to this computer (DNS rebinding), never an address or ``localhost``.

    Parameters
    ----------
    host : str
        With or without a port.
    allowed : sequence of str
        Further names, as in Streamlit's ``server.allowedHosts``: ``*.name`` is every name below it, ``*`` any.

    >>> is_known_host("192.168.1.7:8501"), is_known_host("evil.example:8501")
    (True, False)
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return name == "localhost" or _is_address(name) or any(_fits(name, one.strip().lower()) for one in allowed)


def is_own_site(headers: Headers) -> bool:
    """Return whether the browser says that no other site caused the request, or says nothing of it."""
    return headers.get("sec-fetch-site") in _OWN_SITES


def guarded(route: Route | WebSocketRoute, allowed: Callable[[], Sequence[str]]) -> BaseRoute:
    """Let a route answer only what `is_known_host` and `is_own_site` accept; all else gets 403."""
    inner: ASGIApp = route.app

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if is_known_host(headers.get("host", ""), allowed()) and is_own_site(headers):
            await inner(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})  # before it is accepted: a 403
        else:
            refusal = "Open GaitLab at localhost or its IP address, or list its name in server.allowedHosts."
            await PlainTextResponse(refusal, status_code=403)(scope, receive, send)

    route.app = guard
    return route


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _fits(name: str, pattern: str) -> bool:
    if not name or pattern == "*":
        return bool(name)
    return name.endswith(pattern[1:]) if pattern.startswith("*.") else name == pattern
