"""A person who is shared with a colleague, or by one; only where people sign in."""

from __future__ import annotations

import streamlit as st

from gaitlab.storage import Person
from gaitlab.ui.resources import may, store
from gaitlab.ui.shared.help_texts import markdown_text

__all__ = ["offer_sharing", "show_hidden_shares"]


def offer_sharing(person: Person) -> None:
    """Show with whom a person is shared, and let it be withdrawn or given to somebody else."""
    with st.expander("Share with a colleague", icon=":material/group_add:", key=f"share-{person.id}"):
        st.write(
            markdown_text(
                f"A colleague sees all sessions of {person.name}, and adds, corrects and describes sessions as their "
                "role lets them. To change facts, erase, join and share stays with you."
            )
        )
        shared = store().shared_with(person.name)
        for one in shared:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f":material/group: {markdown_text(one.name)}")
                if may("therapist") and st.button("Withdraw", key=f"unshare-{person.id}-{one.owner}"):
                    store().unshare(person.name, one.owner)
                    st.rerun()
        others = {one.owner: one.name for one in store().colleagues() if one not in shared}
        if not others:
            st.caption("A colleague who has signed in once can be chosen here.")
            return
        owner = st.selectbox(
            "Colleague", list(others), index=None, format_func=others.__getitem__, key=f"colleague-for-{person.id}"
        )
        if st.button("Share", key=f"share-now-{person.id}", disabled=owner is None) and owner is not None:
            store().share(person.name, owner)
            st.toast(f"Shared with {markdown_text(others[owner])}.")
            st.rerun()


def show_hidden_shares() -> None:
    """Tell of people whom colleagues share under a name that one has given to somebody else."""
    for one in store().shared_with_owner():
        if one.is_hidden:
            st.info(
                markdown_text(
                    f"{one.by} shares somebody called {one.name} with you, but you see somebody of that name already: "
                    "rename yours to see both."
                ),
                icon=":material/group:",
            )
