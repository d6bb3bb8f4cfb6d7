"""The choice of one of several people: a numbered still of the clip, to click on or to choose a number from."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gaitlab.sessions import SubjectAt
from gaitlab.ui.analyse.first_look import Preview
from gaitlab.ui.analyse.show_first_looks import preview_of
from gaitlab.ui.analyse.waiting_clips import WaitingClip
from gaitlab.ui.shared.help_texts import NOBODY_HELP, WHOM_HELP

__all__ = ["AUTOMATIC", "ask_whom", "choose_person"]

AUTOMATIC: Final = "Automatic"
_STILL_MAX_WH = (576, 324)
_CONTROL_WIDTH = 340
_NUMBER_KEY, _FRAME_KEY, _BOX_KEY = "whom", "whom-still", "whom-box"
_QUESTION: Final = "Several people are in the clip. Who is measured?"
# The boxes are ordinary buttons laid over the picture: mouse, finger and keyboard all work. White or yellow with a dark
# line on both sides can be seen on any picture.
_STYLE: Final = f"""
.st-key-{_FRAME_KEY} {{ position: relative }}
[class*="st-key-{_BOX_KEY}-"] {{ position: absolute }}
[class*="st-key-{_BOX_KEY}-"] .stButton {{ height: 100% }}
[class*="st-key-{_BOX_KEY}-"] button {{
    width: 100%; height: 100%; min-height: 0; padding: 0; border: 2px solid #fff; border-radius: 0; outline-offset: 2px;
    background: rgba(255, 255, 255, 0.05); box-shadow: 0 0 0 1px #000, inset 0 0 0 1px #000; position: relative }}
[class*="st-key-{_BOX_KEY}-"] button:hover {{ background: rgba(255, 255, 255, 0.25); border-color: #fff }}
[class*="st-key-{_BOX_KEY}-"] button * {{ position: static }}
[class*="st-key-{_BOX_KEY}-"] button p {{
    position: absolute; left: -3px; bottom: calc(100% + 2px); border: 1px solid #000; background: #fff; color: #000;
    font-weight: bold; line-height: 1; padding: 0.15rem 0.35rem }}
"""
_CHOSEN_STYLE: Final = """
.st-key-{key} button, .st-key-{key} button:hover {{ border: 4px solid #f0e442; background: rgba(240, 228, 66, 0.2) }}
.st-key-{key} button p {{ background: #f0e442 }}
"""


def ask_whom(clip: WaitingClip | None) -> SubjectAt | None:
    """Show the people in a clip and return the one that the user chooses; None lets GaitLab choose.

    Nothing is shown for a single person, and while the first look goes on.
    """
    preview = preview_of(clip)
    if preview is None:
        st.session_state.pop(_NUMBER_KEY, None)
        return None
    if not preview.people:
        st.info(NOBODY_HELP, icon=":material/person_search:")
    return choose_person(preview) if len(preview.people) > 1 else None


def choose_person(preview: Preview) -> SubjectAt | None:
    """Show the still and the list of numbers, kept in step; return the person chosen, None for "Automatic"."""
    numbers = [str(i + 1) for i in range(len(preview.people))]
    st.session_state.setdefault(_NUMBER_KEY, AUTOMATIC)
    with st.container(border=True):
        st.markdown(f"**{_QUESTION}**")
        with st.container(horizontal=True, gap="medium"):
            still = st.container(width=_still_width(preview), key=_FRAME_KEY, gap=None)
            with st.container(width=_CONTROL_WIDTH):
                choice = st.segmented_control(
                    _QUESTION,
                    [AUTOMATIC, *numbers],
                    required=True,
                    key=_NUMBER_KEY,
                    label_visibility="collapsed",
                )
                st.caption(WHOM_HELP)
        chosen = int(choice) if choice in numbers else None
        st.html(f"<style>{_STYLE}{_places(preview, chosen)}</style>")
        with still:
            st.image(preview.jpeg, width="stretch", alt=f"Picture of the clip with {len(numbers)} numbered people")
            for number in numbers:
                st.button(number, key=f"{_BOX_KEY}-{number}", on_click=_choose, args=(number,))
    return preview.subject_at(chosen) if chosen else None


def _choose(number: str) -> None:
    st.session_state[_NUMBER_KEY] = number


def _still_width(preview: Preview) -> int:
    """Return the width of the still on a wide page, in CSS pixels; on a narrow one it shrinks as a whole."""
    wide, high = preview.image_wh
    return round(wide * min(_STILL_MAX_WH[0] / wide, _STILL_MAX_WH[1] / high))


def _places(preview: Preview, chosen: int | None) -> str:
    """Return the style sheet that places each button over its person and highlights the chosen one."""
    wide, high = preview.image_wh
    rules = []
    for number, person in enumerate(preview.people, start=1):
        left, top, right, bottom = person.box_px
        rules.append(
            f".st-key-{_BOX_KEY}-{number} {{ left: {left / wide:.2%}; top: {top / high:.2%}; "
            f"width: {(right - left) / wide:.2%} !important; height: {(bottom - top) / high:.2%} !important }}"
        )
    if chosen:
        rules.append(_CHOSEN_STYLE.format(key=f"{_BOX_KEY}-{chosen}"))
    return "\n".join(rules)
