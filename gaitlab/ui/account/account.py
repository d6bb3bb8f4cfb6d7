"""Account: who is signed in, as what, until when; sign out; for administrators also the people of colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from gaitlab.storage import LOCAL_OWNER, Role, forget_orders, older_copies
from gaitlab.ui.people.archive_upload import analyses_under_way
from gaitlab.ui.resources import may, store
from gaitlab.ui.server.sign_in import visitor
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.small_pictures import forget_figures
from gaitlab.ui.shared.widgets import time_zone

_MAY: Final[Mapping[Role, str]] = {
    "reader": "You look at the people whom colleagues share with you, and change nothing.",
    "therapist": "You work with your own people and with those whom colleagues share with you.",
    "administrator": "You do what a therapist does, and what concerns everybody: backups, limits, the audit trail.",
}

_BEFORE: Final = "Nobody: from before people signed in"


def _people_of_colleagues() -> None:
    """Let an administrator see whom colleagues have, share one with themselves, or erase one."""
    st.subheader("People of colleagues")
    colleagues = {one.owner: one.name for one in store().colleagues()}
    others = (owner for owner in store().owners() if owner not in (*colleagues, visitor().owner))
    colleagues |= {owner: _BEFORE if owner == LOCAL_OWNER else owner for owner in others}
    whose = st.selectbox("Colleague", list(colleagues), index=None, format_func=colleagues.__getitem__, width=320)
    if whose is None:
        return
    theirs = store().for_owner(whose)
    people = {one.name: one for one in theirs.people(only_own=True)}
    name = st.selectbox("Person", list(people), index=None, width=320, key=f"person-of-{whose}")
    if name is None:
        return
    st.caption("What you do here is yours in the audit trail.")
    if st.button("Share with me", icon=":material/group_add:"):
        theirs.share(name, visitor().owner)
        st.toast(f"{markdown_text(name)} is among your people now.")
    typed = st.text_input("To erase this person for good, type the name", key=f"erase-of-{people[name].id}")
    barred = analyses_under_way() or typed.strip() != name
    if st.button("Erase for good", disabled=barred) and not barred:
        theirs.erase_person(name)
        forget_figures()
        for path in (*forget_orders(name, owner=whose), *older_copies()):
            st.toast(f"{markdown_text(path.name)}: this copy may still hold the data.", duration="infinite")
        st.rerun()


def _render() -> None:
    who = visitor()
    st.title("Account")
    until = datetime.fromtimestamp(who.until_s, UTC).astimezone(time_zone())
    st.markdown(f"**{markdown_text(who.name)}**, {who.role}. {_MAY[who.role]}")
    st.caption(f"Signed in until {until:%H:%M}, {until.day} {until:%B}.")
    if st.button("Sign out", type="primary", icon=":material/logout:"):
        st.logout()
    if may("administrator"):
        st.divider()
        _people_of_colleagues()


_render()
