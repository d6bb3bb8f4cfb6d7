"""Signed tokens and addresses: a page gives them out, and the routes beside the pages require them.

They keep other sites and other programs on this machine, which never saw the page, from using those routes. A token is
short-lived and for one purpose; a signed address is for what it names, as long as this server runs.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from functools import cache
from typing import Final, Literal

from itsdangerous import BadSignature, Signer, TimestampSigner

__all__ = ["LIFETIME_S", "Purpose", "is_signed", "is_valid", "issue", "signed"]

Purpose = Literal["live", "upload"]

#: Lifetime of a token; a page that is open for longer requests a new one.
LIFETIME_S: Final = 120.0
_KEY: Final = "key="


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


def signed(address: str) -> str:
    """Return the address of a route, path and query, with a key that fits no other; always the same in one process."""
    return f"{address}{'&' if '?' in address else '?'}{_KEY}{_addresses().get_signature(address).decode()}"


def is_signed(path: str, query: str) -> bool:
    """Return whether the last part of the query is the key that this process gave to the rest of the address."""
    rest, found, key = query.rpartition(_KEY)
    if not found or (rest and not rest.endswith("&")) or not query.isascii():
        return False
    address = f"{path}?{rest[:-1]}" if rest else path
    return _addresses().verify_signature(address, key)


def _addresses() -> Signer:
    return Signer(_secret(), salt="gaitlab address", key_derivation="hmac", digest_method=hashlib.sha256)
