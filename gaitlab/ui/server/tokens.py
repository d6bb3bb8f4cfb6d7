"""Short-lived signed tokens: the page gives one to its script, and the routes beside the pages require it.

They keep other sites and other programs on this machine, which never saw the page, from using those routes.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from functools import cache
from typing import Final, Literal

from itsdangerous import BadSignature, TimestampSigner

__all__ = ["LIFETIME_S", "Purpose", "is_valid", "issue"]

Purpose = Literal["live", "upload"]

#: Lifetime of a token; a page that is open for longer requests a new one.
LIFETIME_S: Final = 120.0


@cache
def _secret() -> bytes:
    """Return the key of this process; it is nowhere else, so a restart makes every token invalid."""
    return secrets.token_bytes(32)


class _Signer(TimestampSigner):
    """A signer for one purpose, whose clock can be set."""

    def __init__(self, purpose: Purpose, now_s: float | None) -> None:
        super().__init__(_secret(), salt=f"gaitlab {purpose}", key_derivation="hmac", digest_method=hashlib.sha256)
        self._now_s = time.time() if now_s is None else now_s

    def get_timestamp(self) -> int:
        return int(self._now_s)


def issue(purpose: Purpose, *, now_s: float | None = None) -> str:
    """Return a new token for one purpose."""
    return _Signer(purpose, now_s).sign(secrets.token_hex(8)).decode()


def is_valid(token: object, purpose: Purpose, *, now_s: float | None = None) -> bool:
    """Return whether a token was issued by this process for this purpose and has not expired."""
    if not isinstance(token, str) or not token.isascii():
        return False
    try:
        _Signer(purpose, now_s).unsign(token, max_age=int(LIFETIME_S))
    except BadSignature:
        return False
    return True
