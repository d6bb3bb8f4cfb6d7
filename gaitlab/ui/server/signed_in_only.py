"""The door of the routes beside the pages: where people sign in, they answer only who did, and as the one they are."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from gaitlab.errors import SignInError
from gaitlab.ui.server.sign_in import ASKING, claims_of_cookies, people_sign_in, rules, visitor_of

__all__ = ["SignedInOnly"]


class SignedInOnly:
    """ASGI middleware: our routes see only requests of people who are signed in, and learn who it is.

    Parameters
    ----------
    app : ASGI application
    own : sequence of routes
        Routes that send or receive data. Pages ask by themselves, and Streamlit's own routes lead to the sign-in.
    """

    def __init__(self, app: ASGIApp, *, own: Sequence[BaseRoute]) -> None:
        self._app, self._own = app, own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its visitor, or refuse it."""
        is_own = scope["type"] in ("http", "websocket") and any(
            route.matches(scope)[0] is not Match.NONE for route in self._own
        )
        try:
            asking = None
            if is_own and people_sign_in():
                asking = visitor_of(claims_of_cookies(HTTPConnection(scope).cookies), rules())
        except SignInError as error:
            if scope["type"] == "http":
                await JSONResponse({"error": f"{error}."}, status_code=401)(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008, "reason": ""})  # not accepted yet: a 403
            return
        told = ASKING.set(asking)
        try:
            await self._app(scope, receive, send)
        finally:
            ASKING.reset(told)
