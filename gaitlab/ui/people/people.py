"""People: the persons of the sessions, facts about them, and export and erasure of their data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from gaitlab.archive import import_people
from gaitlab.limits import NAME_MAX_CHARS
from gaitlab.storage import Person, Sex, forget_orders, older_copies
from gaitlab.ui.people.archive_routes import person_url
from gaitlab.ui.people.archive_upload import analyses_under_way, on_disk
from gaitlab.ui.people.colleagues import offer_sharing, show_hidden_shares
from gaitlab.ui.people.joining import offer_joining, offer_undo_of_joining
from gaitlab.ui.people.old_sessions import offer_height
from gaitlab.ui.resources import may, preferences, store
from gaitlab.ui.server.sign_in import people_sign_in, visitor
from gaitlab.ui.shared.amounts import height_input
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.small_pictures import forget_figures
from gaitlab.ui.shared.widgets import HISTORY_PAGE, say_it_is_made

_SEXES: Final[Mapping[Sex, str]] = {"female": "Female", "male": "Male"}
_BORN_FIRST = 1900
_FORM_WIDTH = 720


def _facts(person: Person) -> None:
    """Let the user change the facts about a person."""
    with st.form(f"person-{person.id}", width=_FORM_WIDTH):
        key = f"person-{person.id}"  # so that what is typed can be kept when a sign-in ends
        name = st.text_input("Name", value=person.name, max_chars=NAME_MAX_CHARS, key=f"{key}-name")
        with st.container(horizontal=True):
            height_m = height_input(person.height_m, preferences().units, key=f"{key}-height")
            sexes = list(_SEXES)
            sex = st.selectbox(
                "Sex",
                sexes,
                index=sexes.index(person.sex) if person.sex else None,
                format_func=lambda key: _SEXES[key],
                placeholder="not given",
                key=f"{key}-sex",
            )
            born = st.number_input(
                "Year of birth",
                value=person.birth_year,
                min_value=_BORN_FIRST,
                max_value=datetime.now(UTC).year,
                step=1,
                placeholder="not given",
                key=f"{key}-born",
            )
        st.caption(
            "Height gives step length and speed a scale. The year of birth chooses whether curves of children or of "
            "adults stand beside the gait curves; with the sex it says which walking speed is usual."
        )
        remark = st.text_area("Remark", value=person.remark, max_chars=2000, key=f"{key}-remark")
        if st.form_submit_button("Save", type="primary"):
            changed = replace(person, name=name, height_m=height_m, sex=sex, birth_year=born, remark=remark)
            saved = store().update_person(changed)
            st.session_state["person"] = saved.name
            st.toast("Saved.")
            st.rerun()


def _data(person: Person) -> None:
    """Offer to show a person's sessions and to export their data as a file."""
    st.subheader("Data")
    n = store().count_sessions(person=person.name)
    st.markdown(f"{n} session{'s' if n != 1 else ''}.")
    with st.container(horizontal=True):
        if st.button("Show the sessions", icon=":material/history:"):
            st.switch_page(HISTORY_PAGE, query_params={"person": str(person.id)})
        if may("therapist"):
            # Numbers only, nothing a user wrote: safe as markup.
            st.link_button(
                "Download everything (zip)", person_url(person.id), icon=":material/download:", on_click=say_it_is_made
            )


def _erase(person: Person) -> None:
    with st.expander("Erase this person", icon=":material/delete:", key=f"erase-{person.id}", width=_FORM_WIDTH):
        st.write(
            "All sessions, numbers, coordinates and clips are removed from this computer so that nothing of them can "
            "be found in the database file. Backups and exported files are not touched. This cannot be undone."
        )
        typed = st.text_input("Type the name to confirm", key=f"erase-name-{person.id}")
        # An analysis that ends afterwards would create the person again.
        barred = analyses_under_way() or typed.strip() != person.name
        if st.button("Erase for good", type="primary", disabled=barred) and not barred:
            store().erase_person(person.name)
            forget_figures()
            st.session_state.pop("person", None)
            st.toast(f"{markdown_text(person.name)} is erased.", icon=":material/check_circle:")
            for path in (*forget_orders(person.name, owner=visitor().owner), *older_copies()):
                st.toast(
                    f"{markdown_text(path.name)}: this copy may still hold the data; delete it, or wait for the "
                    "program that writes it.",
                    duration="infinite",
                )
            st.rerun()


def _add() -> None:
    with st.expander("Add a person", icon=":material/person_add:"), st.form("add", clear_on_submit=True, border=False):
        name = st.text_input("Name", max_chars=NAME_MAX_CHARS)
        if st.form_submit_button("Add"):
            st.session_state["person"] = store().add_person(name).name
            st.rerun()


def _take_in() -> None:
    with st.expander("Bring in a person from a zip file", icon=":material/upload:"):
        upload = st.file_uploader("What GaitLab exported elsewhere", type=["zip"])
        as_name = st.text_input("Under another name (optional)", max_chars=NAME_MAX_CHARS)
        busy = analyses_under_way()
        if st.button("Bring in", disabled=upload is None or busy) and upload is not None and not busy:
            with on_disk(upload) as archive:
                names = import_people(store(), archive, as_name=as_name.strip() or None)
            st.session_state["person"] = names[0] if names else None
            st.toast(f"{', '.join(names)}: brought in.")
            st.rerun()


def _render() -> None:
    st.title("People")
    offer_undo_of_joining()
    if people_sign_in():
        show_hidden_shares()
    people = {person.name: person for person in store().people()}
    if people:
        names = list(people)
        last = st.session_state.get("person")
        chosen = st.selectbox("Person", names, index=names.index(last) if last in names else 0, width=320)
        st.session_state["person"] = chosen
        st.subheader(markdown_text(chosen))
        _one(people[chosen])
        st.divider()
    else:
        st.info("Nobody is here yet: a name given with a first clip appears here, or add somebody now.")
    if may("therapist"):
        _add()
        _take_in()


def _one(person: Person) -> None:
    """Show a person, with what who looks may do."""
    mine = [one.name for one in store().people(only_own=True)]
    changes = may("therapist") and person.name in mine
    if changes:
        _facts(person)
        offer_height(person)
        if len(mine) > 1:
            offer_joining(person, [name for name in mine if name != person.name])
    elif person.name not in mine:
        by = next(one.by for one in store().shared_with_owner() if one.name == person.name and not one.is_hidden)
        st.markdown(f":material/group: Shared with you by {markdown_text(by)}.")
    if people_sign_in() and changes:
        offer_sharing(person)
    _data(person)
    if changes:
        _erase(person)


_render()
