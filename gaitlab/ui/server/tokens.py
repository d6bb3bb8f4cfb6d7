"""Short-lived signed tokens: the page gives one to its script, and the routes beside the pages require it.

They keep other sites and other programs on this machine, which never saw the page, from using those routes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from functools import cache
from typing import Final, Literal

__all__ = ["LIFETIME_S", "Purpose", "is_valid", "issue"]

Purpose = Literal["live", "upload"]

#: Lifetime of a token; a page that is open for longer requests a new one.
LIFETIME_S: Final = 120.0


@cache
def _secret() -> bytes:
    """Return the key of this process; it is nowhere else, so a restart makes every token invalid."""
    return secrets.token_bytes(32)


def _signature(purpose: str, expires: str, nonce: str) -> str:
    return hmac.new(_secret(), f"{purpose}.{expires}.{nonce}".encode(), hashlib.sha256).hexdigest()


def issue(purpose: Purpose, *, now_s: float | None = None) -> str:
    """Return a new token for one purpose."""
    expires = f"{(time.time() if now_s is None else now_s) + LIFETIME_S:.0f}"
    nonce = secrets.token_hex(8)
    return f"{expires}.{nonce}.{_signature(purpose, expires, nonce)}"


def is_valid(token: object, purpose: Purpose, *, now_s: float | None = None) -> bool:
    """Return whether a token was issued by this process for this purpose and has not expired."""
    if not isinstance(token, str) or not token.isascii() or token.count(".") != 2:
        return False
    expires, nonce, signature = token.split(".")
    if not hmac.compare_digest(signature, _signature(purpose, expires, nonce)):
        return False
    return (time.time() if now_s is None else now_s) <= float(expires)
