"""The guard around the whole app: it accepts only requests for this server from its own pages or the user.

::

    Host             a name of this server          else another site may have led its own name here (DNS rebinding)
    Origin           the host that was asked        else the page of another site or another port asks
    Sec-Fetch-Site   none or same-origin            else the same, where browsers send no Origin; a link may open a page
    key              the one of a signed address    else a program asks for data that never saw the page

Every answer tells the browser to load and run nothing but what this server sends, to tell no other server which page it
was on, to put it into no frame, where a click could be stolen, and to keep it apart from the windows of other sites.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gaitlab.ui.server.tokens import is_signed

__all__ = ["Guard", "ServedAs", "is_own_origin"]

_logger = logging.getLogger(__name__)

# Origin of a request as browsers report it: our own page, or the user (typed address, bookmark). Old ones do not.
_OWN_SITES: Final = (None, "same-origin", "none")
_READING: Final = ("GET", "HEAD")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_OTHER_NAME: Final = (
    "GaitLab is not served under this name; open it at localhost, or at its IP address if it serves the network,"
    " or start it with --server.allowedHosts NAME and open it under that name."
)
_OTHER_SITE: Final = "Another web page asked for this; open GaitLab in a tab of its own and go on from there."
_NO_KEY: Final = (
    "This address holds only as GaitLab's page gave it, until the server restarts; open the page and try again."
)
_HOST: Final = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
_FAULT: Final = "Something went wrong; the server wrote the details to its terminal."


# What a page may load, by kind. Streamlit runs the scripts of components from blobs and styles its parts with inline
# styles; Plotly draws its pictures to data and blob addresses. HOST and HASHES are filled in.
_SOURCES: Final = {
    "default-src": "'self'",
    "script-src": "'self' blob: HASHES",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "media-src": "'self' blob:",
    "connect-src": "'self' blob: ws://HOST wss://HOST",
    "worker-src": "'self' blob:",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

# Pages are kept apart from other sites (cross-origin isolated): they share no process with a window that opened them,
# load nothing of another site, and no other site loads anything of theirs. Only then may workers share memory, as the
# threads of WebAssembly on the Live page do. The script of a worker needs the header of its page, too.
_KEPT_APART: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedAs:
    """The names under which a server accepts requests.

    Attributes
    ----------
    address : str or None
        Address it listens on, Streamlit's ``server.address``; None = on every network.
    allowed : tuple of str
        Streamlit's ``server.allowedHosts``: ``*.name`` is every name below it, ``*`` any. If there is
        one, no other name is accepted, as Streamlit's own socket then accepts no other name either.
    """

    address: str | None = None
    allowed: tuple[str, ...] = ()

    def knows(self, host: str) -> bool:
        """Return whether a Host header is certainly a name of this server.

        Another site can make its own name point to this computer, but never ``localhost`` or an IP address.

        >>> served_as = ServedAs(address="0.0.0.0")
        >>> served_as.knows("192.168.1.7:8501"), served_as.knows("evil.example:8501")
        (True, False)
        """
        name, _ = _name_and_port(host)
        if not name or self.allowed:
            return any(_fits(name, one.strip().lower().rstrip(".")) for one in self.allowed)
        if _is_of_this_computer(name):
            return True
        address = (self.address or "").lower().rstrip(".")
        return name == address or (_is_address(name) and not _is_of_this_computer(address))


def is_own_origin(headers: Headers) -> bool:
    """Return whether the Origin header names the requested host; a proxy may have replaced HTTPS by HTTP."""
    scheme, _, netloc = headers.get("origin", "").partition("://")
    default = _DEFAULT_PORTS.get(scheme)
    name, port = _name_and_port(netloc)
    asked_name, asked_port = _name_and_port(headers.get("host", ""))
    return default is not None and bool(name) and (name, port or default) == (asked_name, asked_port or default)


class Guard:
    """ASGI middleware: the app behind it sees only requests for this server.

    Parameters
    ----------
    app : ASGI application
    own : sequence of routes
        Routes that send or receive data: a link on another site never opens them, a request that sends data
        needs an Origin, and one that asks for data a signed address.
    served_as : callable
        Returns the names of this server; called for each request.
    scripts : sequence of str
        The scripts that stand within pages; browsers run no others there.
    with_wasm : sequence of str
        Paths of scripts of workers that run WebAssembly; nothing else does.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        own: Sequence[BaseRoute],
        served_as: Callable[[], ServedAs],
        scripts: Sequence[str] = (),
        with_wasm: Sequence[str] = (),
    ) -> None:
        self._app, self._own, self._served_as, self._with_wasm = app, own, served_as, with_wasm
        policy = "; ".join(f"{kind} {sources}" for kind, sources in _SOURCES.items())
        self._policy = policy.replace("HASHES", " ".join(map(_hashed, scripts))).replace(" ;", ";")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on or refuse it, and add headers to the response."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["type"] == "http":
            app = self._app if refusal is None else PlainTextResponse(refusal, status_code=403)
            await self._marked(app, scope, receive, send)
        elif refusal is None:
            await self._conversed(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})  # not accepted yet: a 403

    def _refusal(self, scope: Scope) -> str | None:
        """Return the message for a refused request, None for an accepted one."""
        headers = Headers(scope=scope)
        if not self._served_as().knows(headers.get("host", "")):
            return _OTHER_NAME
        is_own = any(route.matches(scope)[0] is not Match.NONE for route in self._own)
        reads = scope.get("method") in _READING
        if "origin" in headers or (is_own and not reads):
            accepted = is_own_origin(headers) and _is_own_site(headers)
        else:
            accepted = _is_own_site(headers) or (not is_own and _opens_a_page(scope, headers))
        if not accepted:
            return _OTHER_SITE
        return None if not (is_own and reads) or _has_key(scope) else _NO_KEY

    async def _conversed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app for a socket; a message that it cannot take ends the socket, with one line in the log."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001  (Streamlit's socket raises for a text, and for a page that left)
            _logger.warning("a socket was ended by what came in: %s: %s", type(error).__name__, error)

    async def _marked(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; its responses, errors included, tell the browser what it may do with them."""
        started = False
        # The host is named since older browsers do not take 'self' for sockets.
        policy = self._policy.replace("HOST", _netloc(*_name_and_port(Headers(scope=scope).get("host", ""))))
        if scope["path"] in self._with_wasm:
            policy = policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")

        async def send_marked(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.append("Content-Security-Policy", policy)  # a report has a policy of its own, too
                for name, value in _KEPT_APART.items():
                    headers.setdefault(name, value)
                headers["Referrer-Policy"] = "same-origin"
                headers["X-Frame-Options"] = "DENY"
                headers["X-Content-Type-Options"] = "nosniff"
            await send(message)

        try:
            await app(scope, receive, send_marked)
        except Exception:
            if not started:  # Starlette's response to an error would not pass through the guard
                await PlainTextResponse(_FAULT, status_code=500)(scope, receive, send_marked)
            raise


def _hashed(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _is_own_site(headers: Headers) -> bool:
    """Return whether the browser reports that no other site caused the request, or reports nothing."""
    return headers.get("sec-fetch-site") in _OWN_SITES


def _has_key(scope: Scope) -> bool:
    return is_signed(scope["path"], scope["query_string"].decode("latin-1"))


def _opens_a_page(scope: Scope, headers: Headers) -> bool:
    """Return whether a link opens a page in its own tab, as from a mail; the other site sees nothing of it."""
    asked_as = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"))
    return scope.get("method") in _READING and asked_as == ("navigate", "document")


def _name_and_port(netloc: str) -> tuple[str, int | None]:
    """Return the host name in lower case without a final dot ("" if invalid), and the port if there is one."""
    try:
        parts = urlsplit(f"//{netloc}")
        name, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "", None
    return ("", None) if parts.netloc != netloc or "@" in netloc else (name, port)


def _netloc(name: str, port: int | None) -> str:
    """Return a host for a policy; "localhost" for none that could be written there."""
    written = f"[{name}]" if ":" in name else name
    plain = written if _HOST.fullmatch(written) else "localhost"
    return plain if port is None else f"{plain}:{port}"


def _is_of_this_computer(name: str) -> bool:
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)


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
