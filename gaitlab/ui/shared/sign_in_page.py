"""What a page shows before somebody has signed in; then the page they asked for, and what they typed, are back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from datetime import time as time_of_day
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import streamlit as st

from gaitlab.errors import SignInError
from gaitlab.ui.resources import store
from gaitlab.ui.server.sign_in import EVERYBODY, Visitor, providers, visitor
from gaitlab.ui.shared.component_script import component_script
from gaitlab.ui.shared.help_texts import markdown_text

__all__ = ["ask_to_sign_in", "asked_for", "forget_asked_for", "greet", "kept", "place_of", "take_back"]

_GREETED: Final = "greeted"  # in the session state: who was here in this tab
_KEPT_S: Final = 3600.0  # (ours)
_KEPT_MAX: Final = 200  # people (ours)
_ASKED_COOKIE: Final = "gaitlab-asked-for"
_ASKED_S: Final = 600  # so long signing in may take (ours)
_PLACE_MAX: Final = 300  # letters of an address (ours)
_PLAIN: Final = (str, int, float, date, time_of_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What was on a page when a sign-in came to its end."""

    page: str
    query: Mapping[str, str]
    values: Mapping[str, Any]
    since_s: float = field(default_factory=time.monotonic)


@st.cache_resource(show_spinner=False)
def kept() -> dict[str, _Kept]:
    """Return what is kept, by owner: in memory only, for an hour, and for nobody else."""
    return {}


def ask_to_sign_in(error: SignInError, page: str) -> None:
    """Show why nothing is shown, with a button for each provider; keep what was typed on the page."""
    if (owner := st.session_state.get(_GREETED)) is not None:
        _keep(owner, page)
    st.title("GaitLab")
    st.info(markdown_text(f"{str(error)[:1].upper()}{str(error)[1:]}."), icon=":material/lock:")
    if owner is not None:
        st.write("What you typed is kept for an hour: sign in again, and it is on the page once more.")
    for name in providers():
        label = "Sign in" if name == "default" else f"Sign in with {name}"
        if st.button(label, type="primary", icon=":material/login:", key=f"sign-in-{name}"):
            st.login(None if name == "default" else name)
    if st.user.get("is_logged_in"):  # known, but not admitted, or not any more
        st.button("Sign out", icon=":material/logout:", key="sign-out", on_click=st.logout)
    _remember(_ASKED_S)


def greet() -> Visitor:
    """Return who looks at the page, and tell the store once a visit that they are here.

    Raises
    ------
    SignInError
        If people sign in here and they did not, or not any more.
    """
    who = visitor()
    if who != EVERYBODY and st.session_state.get(_GREETED) != who.owner:
        store().sign_in(who.name)
        st.session_state[_GREETED] = who.owner
    return who


def _remember(lasts_s: int) -> None:
    """Let the browser remember the address of this page for so long; with 0 it forgets the one that it remembers."""
    component = st.components.v2.component("gaitlab.return_to", js=component_script("shared/return_to.js"))
    component(key="return-to", data={"name": _ASKED_COOKIE, "lasts_s": lasts_s})


def asked_for() -> tuple[str, Mapping[str, str]] | None:
    """Return page and query that were asked for before the sign-in; None where there was no such page."""
    cookie = st.context.cookies.get(_ASKED_COOKIE)
    return None if cookie is None else place_of(cookie)


def forget_asked_for() -> None:
    """Let the browser forget the page that was asked for, so that no later visit begins there."""
    if _ASKED_COOKIE in st.context.cookies:
        _remember(0)


def place_of(cookie: str) -> tuple[str, Mapping[str, str]] | None:
    """Return the page, as its address names it, and the query of a remembered address; None for the first page."""
    place = urlsplit(unquote(cookie)[:_PLACE_MAX])
    name = place.path.rstrip("/").rpartition("/")[2]
    return (name, dict(parse_qsl(place.query))) if name else None


def _keep(owner: str, page: str) -> None:
    """Keep what is on the page; buttons and what is no plain value are left out."""
    values = {str(key): value for key, value in st.session_state.items() if key != _GREETED and _is_plain(value)}
    forms = kept()
    forms.pop(owner, None)
    forms[owner] = _Kept(page=page, query=st.query_params.to_dict(), values=values)
    while len(forms) > _KEPT_MAX:
        forms.pop(next(iter(forms)), None)


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return isinstance(value, _PLAIN) and not isinstance(value, bool)


def take_back(who: Visitor) -> tuple[str, Mapping[str, str]] | None:
    """Put back what this person had typed when their sign-in ended; return page and query where that was."""
    found = kept().pop(who.owner, None)
    if found is None or time.monotonic() - found.since_s > _KEPT_S:
        return None
    for key, value in found.values.items():
        st.session_state[key] = value
    return found.page, found.query
