"""What a person trains: the list of exercises that the Live page offers, and the form for one of them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gaitlab.errors import UsageError
from gaitlab.limits import PROGRAMME_ITEMS_MAX, PROGRAMME_RANGE_PCT, REST_MAX_S, SET_REPETITIONS_MAX, SETS_MAX
from gaitlab.repetitions.activities import activity_label, counted_activities
from gaitlab.repetitions.least_range import least_range_pct
from gaitlab.storage import Person, Programme, ProgrammeItem
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import PROGRAMME_HELP, RANGE_HELP, TEMPO_HELP, markdown_text
from gaitlab.ui.shared.programme_words import item_words
from gaitlab.ui.shared.widgets import LIVE_PAGE

__all__ = ["programme_editor"]

_NEW: Final = ProgrammeItem(exercise="squat", sets=3, repetitions=10, rest_s=60)
_STYLE: Final = """<style>
[class*="st-key-programme-row-"] { border-bottom: 1px solid rgba(128, 128, 128, 0.25); padding: 0.15rem 0 }
</style>"""


def programme_editor(person: Person) -> None:
    """Show a person's programme in rows of one line, with the form for the one to change, or for another one."""
    items = store().programme(person.name)
    if items:
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            st.subheader("Programme", width="content", help=PROGRAMME_HELP)
            st.page_link(LIVE_PAGE, label="Train it", icon=":material/videocam:")
        st.html(_STYLE)
        with st.container(gap=None):
            for place in range(len(items)):
                _row(person, items, place)
    changed = st.session_state.get(_changed_key(person))
    if changed is not None and changed < len(items):
        with st.expander(f"Change exercise {changed + 1}", icon=":material/edit:", expanded=True):
            _form(person, items, changed)
    elif len(items) < PROGRAMME_ITEMS_MAX:
        title = "Add an exercise" if items else "Make a programme for Live"
        with st.expander(title, icon=":material/fitness_center:", expanded=False):
            _form(person, items, len(items))


def _changed_key(person: Person) -> str:
    """Return where the session state has the place of the item whose form is open."""
    return f"programme-changed-{person.id}"


def _row(person: Person, items: Programme, place: int) -> None:
    earlier = (*items[: place - 1], items[place], items[place - 1], *items[place + 1 :])
    without = (*items[:place], *items[place + 1 :])
    with st.container(horizontal=True, vertical_alignment="center", key=f"programme-row-{place}", gap="small"):
        st.markdown(f"{place + 1}. {markdown_text(item_words(items[place]))}", width="stretch")
        with st.container(horizontal=True, width="content", gap="small"):
            _button("Earlier", person, place, on_click=_set, args=(person, earlier), disabled=place == 0)
            _button("Change", person, place, on_click=_open, args=(person, place))
            _button("Remove", person, place, on_click=_set, args=(person, without))


def _button(label: str, person: Person, place: int, **given: object) -> None:
    st.button(label, key=f"programme-{label.lower()}-{person.id}-{place}", type="tertiary", width="content", **given)  # type: ignore[arg-type]


def _open(person: Person, place: int) -> None:
    st.session_state[_changed_key(person)] = place


def _set(person: Person, items: Programme) -> None:
    store().set_programme(person.name, items)
    st.session_state.pop(_changed_key(person), None)


def _form(person: Person, items: Programme, place: int) -> None:
    """Show the form for the item of that place; after the last one it is a new one."""
    is_new = place == len(items)
    item = _NEW if is_new else items[place]
    with st.form(f"programme-form-{person.id}-{place}", border=False):
        given = _fields(item)
        label = "Add to the programme" if is_new else "Save the exercise"
        if not st.form_submit_button(label, type="primary"):
            return
    try:
        _check_counted(given)
        _set(person, (*items[:place], given, *items[place + 1 :]))
    except UsageError as error:
        st.warning(markdown_text(str(error)))
        return
    st.rerun()


def _check_counted(item: ProgrammeItem) -> None:
    """Raise UsageError where repetitions of the range would not be counted."""
    least = least_range_pct(item.exercise)
    if any(pct is not None and pct < least for pct in (item.range_left_pct, item.range_right_pct)):
        raise UsageError(
            f"{activity_label(item.exercise)} of less than {least} % of a full repetition may not be counted; choose "
            f"{least} or more, or leave the range empty"
        )


def _fields(item: ProgrammeItem) -> ProgrammeItem:
    """Show the fields of an item and return it as they say."""
    known = counted_activities()
    least, most = PROGRAMME_RANGE_PCT
    with st.container(horizontal=True, vertical_alignment="bottom"):
        exercise = st.selectbox(
            "Exercise",
            known if item.exercise in known else (*known, item.exercise),
            index=known.index(item.exercise) if item.exercise in known else len(known),
            format_func=activity_label,
            width=240,
        )
        sets = st.number_input("Sets", 1, SETS_MAX, item.sets, width=120)
        repetitions = st.number_input("Repetitions", 1, SET_REPETITIONS_MAX, item.repetitions, width=120)
        rest_s = st.number_input("Rest (s)", 0, REST_MAX_S, item.rest_s, step=15, width=120)
        tempo = st.text_input("Tempo", item.tempo or "", placeholder="4-2-1-0", help=TEMPO_HELP, width=130)
        left, right = (
            st.number_input(
                f"Range {side} (%)", least, most, pct, step=5, placeholder="full", help=RANGE_HELP, width=140
            )
            for side, pct in (("left", item.range_left_pct), ("right", item.range_right_pct))
        )
    return ProgrammeItem(
        exercise=exercise,
        sets=sets,
        repetitions=repetitions,
        rest_s=rest_s,
        tempo=tempo.strip() or None,
        range_left_pct=left,
        range_right_pct=right,
    )
