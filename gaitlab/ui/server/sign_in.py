"""Who asks, where people sign in (OpenID Connect): read from what Streamlit's `st.login` leaves with the browser.

::

    secrets.toml [auth]      there: people sign in; not there: one user, who may do everything
    Streamlit and Authlib    take the provider's token: signature, issuer, nonce, time
    this module              with every request: whose token it was, for whom it was made, whether it is over

Streamlit keeps a signed cookie for 30 days and does not look at the time that the token ends; Authlib lets a token for
another audience pass that names this program as its authorized party. Both are refused here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks, get_origin_from_redirect_uri, get_secrets_auth_section
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from gaitlab.errors import SignInError
from gaitlab.extras import missing_extra
from gaitlab.storage import LOCAL_OWNER, Role

__all__ = [
    "ASKING",
    "EVERYBODY",
    "Rules",
    "Visitor",
    "claims_of_cookies",
    "people_sign_in",
    "providers",
    "rules",
    "visitor",
    "visitor_of",
]

_NOT_SIGNED_IN: Final = "this server asks who you are: sign in"
_OVER: Final = "your sign-in is over; sign in again"
_NOBODYS_ROLE: Final = "none"
#: Names of the settings of Streamlit's section `auth` that are no providers.
_SHARED: Final = ("redirect_uri", "cookie_secret", "expose_tokens", "client_kwargs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks.

    Attributes
    ----------
    owner : str
        Whose data they see: issuer and subject of their token, with a blank between, since two issuers may use one
        subject. `LOCAL_OWNER` where nobody signs in.
    role : {"reader", "therapist", "administrator"}
    name : str
        What they are called.
    until_s : float
        When their sign-in is over, in seconds since 1970; infinity where nobody signs in.
    """

    owner: str
    role: Role
    name: str
    until_s: float

    @property
    def subject(self) -> str | None:
        """Who is named in the audit trail; None where nobody signs in."""
        return None if self.owner == LOCAL_OWNER else self.owner


#: The one user of a computer.
EVERYBODY: Final = Visitor(owner=LOCAL_OWNER, role="administrator", name="", until_s=float("inf"))

#: Who sent the request that is answered; set by `SignedInOnly`. Pages have Streamlit's `st.user`.
ASKING: ContextVar[Visitor | None] = ContextVar("asking", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the section `gaitlab` of the secrets says.

    Attributes
    ----------
    audiences : mapping of str to str
        Client id, by name of the provider.
    role_claim : str or None
        Claim with somebody's groups; a dot leads into a claim within a claim.
    roles : mapping of str to tuple of str
        The groups of each role.
    default_role : {"reader", "therapist", "administrator", "none"}
        Of everybody in none of these groups; with "none" they are refused.
    session_hours : float or None
        How long a sign-in lasts; None: until the token's own end.
    """

    audiences: Mapping[str, str]
    role_claim: str | None = None
    roles: Mapping[str, tuple[str, ...]]
    default_role: str = "therapist"
    session_hours: float | None = None

    def __post_init__(self) -> None:
        known = get_args(Role)
        if strange := sorted({*self.roles} - {*known}):
            raise SignInError(f"secrets.toml, gaitlab.roles: expected {', '.join(known)}, got {', '.join(strange)}")
        if self.default_role not in (*known, _NOBODYS_ROLE):
            raise SignInError(
                f"secrets.toml, gaitlab.default_role: expected {', '.join(known)} or none, got {self.default_role!r}"
            )
        hours = self.session_hours
        if hours is not None and (isinstance(hours, bool) or not isinstance(hours, int | float) or not hours > 0):
            raise SignInError(f"secrets.toml, gaitlab.session_hours: expected hours above 0, got {hours!r}")
        if self.roles and not self.role_claim:
            raise SignInError("secrets.toml, gaitlab.roles: expected role_claim, too: the claim that holds the groups")

    def role_of(self, claims: Mapping[str, Any]) -> Role:
        """Return the role of somebody, the highest of their groups; SignInError for who has none."""
        value: Any = claims
        for part in self.role_claim.split(".") if self.role_claim else ():
            value = value.get(part) if isinstance(value, Mapping) else None
        groups = {value} if isinstance(value, str) else set(value) if isinstance(value, list | tuple) else set()
        for role in reversed(get_args(Role)):
            if groups & set(self.roles.get(role, ())):
                return role  # type: ignore[no-any-return]
        if self.default_role == _NOBODYS_ROLE:
            raise SignInError("you are signed in, but have no role here; ask an administrator to add you to a group")
        return self.default_role  # type: ignore[return-value]

    def until_s(self, claims: Mapping[str, Any]) -> float:
        """Return when a sign-in is over, in seconds since 1970."""
        told = [claims.get(name) for name in ("iat", "exp")]
        moments = [float(one) for one in told if isinstance(one, int | float) and not isinstance(one, bool)]
        if len(moments) != len(told):
            raise SignInError(_NOT_SIGNED_IN)
        since, until = moments
        return until if self.session_hours is None else since + 3600 * self.session_hours


def people_sign_in() -> bool:
    """Return whether this server asks people to sign in: whether the secrets have a section `auth`.

    Raises
    ------
    SignInError
        If there is a file of secrets that cannot be read: a slip in it must not open the server to everybody.
    """
    if not secrets_singleton.load_if_toml_exists():
        there = [path for path in st.get_option("secrets.files") if Path(path).exists()]
        if there:
            raise SignInError(f"{there[0]}: it cannot be read as TOML; mend it, or remove it for a server of one user")
        return False
    return "auth" in st.secrets


def providers() -> tuple[str, ...]:
    """Return the names of the providers; "default" for the one without a name."""
    section = get_secrets_auth_section()
    named = tuple(name for name, value in section.items() if isinstance(value, Mapping) and name not in _SHARED)
    return (*(("default",) if section.get("client_id") else ()), *named)


def rules() -> Rules:
    """Return the rules of this server; SignInError, with what to do, where they make no sense."""
    if problem := missing_extra("server", "signing in"):
        raise SignInError(problem)
    auth, ours = get_secrets_auth_section(), st.secrets.get("gaitlab", {})
    if not isinstance(auth, Mapping) or not isinstance(ours, Mapping):
        raise SignInError("secrets.toml: expected sections [auth] and [gaitlab]")
    names = ("role_claim", "default_role", "session_hours")
    if strange := sorted({*ours} - {*names, "roles"}):
        raise SignInError(f"secrets.toml, gaitlab: expected {', '.join(names)} and roles, got {', '.join(strange)}")
    audiences = {
        name: str((auth if name == "default" and name not in auth else auth[name]).get("client_id", ""))
        for name in providers()
    }
    roles = {role: (groups,) if isinstance(groups, str) else tuple(groups) for role, groups in _roles(ours).items()}
    return Rules(audiences=audiences, roles=roles, **{name: ours[name] for name in names if name in ours})


def _roles(ours: Mapping[str, Any]) -> Mapping[str, Any]:
    roles = ours.get("roles", {})
    if not isinstance(roles, Mapping):
        raise SignInError("secrets.toml, gaitlab.roles: expected a section with the groups of each role")
    return roles


def visitor_of(claims: Mapping[str, Any], rules: Rules, *, now_s: float | None = None) -> Visitor:
    """Return who somebody is by the claims of their token.

    Raises
    ------
    SignInError
        If nobody is signed in, the token was made for another program or by nobody known, the sign-in is over, or they
        have no role.
    """
    issuer, subject, audience = (claims.get(name) for name in ("iss", "sub", "aud"))
    client = rules.audiences.get(str(claims.get("provider")))
    meant_for = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    is_known = all(isinstance(one, str) and one and one.isprintable() for one in (issuer, subject))
    if claims.get("is_logged_in") is not True or not is_known or " " in str(issuer) or client not in meant_for:
        raise SignInError(_NOT_SIGNED_IN)
    until_s = rules.until_s(claims)
    if (time.time() if now_s is None else now_s) >= until_s:
        raise SignInError(_OVER)
    called = (claims.get(name) for name in ("name", "preferred_username", "email", "sub"))
    name = next(str(one) for one in called if one)
    return Visitor(owner=f"{issuer} {subject}", role=rules.role_of(claims), name=name, until_s=until_s)


def claims_of_cookies(cookies: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the claims in the cookie that Streamlit set after a sign-in; none for a cookie that it did not sign."""

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        return None if value is None else decode_signed_value(get_cookie_secret(), name, value.encode("latin-1"))

    try:
        claims = json.loads(get_cookie_with_chunks(signed, USER_COOKIE_NAME) or b"{}")
    except ValueError:
        return {}
    # As Streamlit's own socket asks: a cookie of another app with the same secret is none of this server.
    is_ours = isinstance(claims, dict) and claims.get("origin") == get_origin_from_redirect_uri()
    return claims if is_ours else {}


def visitor() -> Visitor:
    """Return who sent the request that is answered, or who looks at the page that is drawn.

    Raises
    ------
    SignInError
        If people sign in here and they did not, or not any more.
    """
    if not people_sign_in():
        return EVERYBODY
    asking = ASKING.get()
    if asking is None:
        return visitor_of(st.user.to_dict(), rules())
    if time.time() >= asking.until_s:
        raise SignInError(_OVER)
    return asking
