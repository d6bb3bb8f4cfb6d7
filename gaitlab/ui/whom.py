"""Who of several people is measured: a numbered still of the clip, to be clicked or chosen from by number."""

from __future__ import annotations

import functools
from typing import Final

import streamlit as st

from gaitlab.ui.analysing import SubjectAt
from gaitlab.ui.holding import HeldClip
from gaitlab.ui.jobs import JobView
from gaitlab.ui.previewing import Preview, look_at_clip
from gaitlab.ui.resources import engine_at_hand, previews
from gaitlab.words import NOBODY_HELP, WHOM_HELP, markdown_text

__all__ = ["AUTOMATIC", "ask_whom", "choose_person", "first_look_failed", "forget_preview", "preview_at_hand"]

AUTOMATIC: Final = "Automatic"
_POLL_S = 0.5
_STILL_MAX_WH = (576, 324)
_CONTROL_WIDTH = 340
_NUMBER_KEY, _FRAME_KEY, _BOX_KEY = "whom", "whom-still", "whom-box"
_QUESTION: Final = "Several people are in the clip. Who is measured?"
#: What the tab remembers: file id, job id, and the job once it is over.
_LOOK_KEY = "whom-look"
# The boxes are ordinary buttons laid over the picture: mouse, finger and keyboard all work. White or yellow with a dark
# line on both sides is seen on any picture.
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


def ask_whom(clip: HeldClip | None) -> SubjectAt | None:
    """Show who is in the clip just chosen and return who of them the user wants; None lets GaitLab choose.

    The clip is looked at once, by a worker; until it has done so, one line says so. Where one person is seen, nothing
    is shown.
    """
    if clip is None:
        forget_preview()
        return None
    look = _look_at(clip)
    if look is None:
        _wait(st.session_state[_LOOK_KEY]["job"])
        return None
    if look.state == "failed":
        st.warning(markdown_text(look.message or ""), icon=":material/warning:")
    elif look.result is not None and not look.result.people:
        st.info(NOBODY_HELP, icon=":material/person_search:")
    elif look.result is not None and len(look.result.people) > 1:
        return choose_person(look.result)
    return None


def preview_at_hand() -> Preview | None:
    """Return what was seen in the clip just chosen; None while it is looked at and where that failed."""
    look: JobView[Preview | None] | None = st.session_state.get(_LOOK_KEY, {}).get("look")
    return look.result if look else None


def first_look_failed(clip: HeldClip) -> bool:
    """Return whether this clip was looked at and that failed, mostly since it is damaged or no video."""
    known = st.session_state.get(_LOOK_KEY, {})
    look: JobView[Preview | None] | None = known.get("look")
    return known.get("file") == clip.id and look is not None and look.state == "failed"


def forget_preview() -> None:
    """Forget the clip looked at, and stop looking."""
    known = st.session_state.pop(_LOOK_KEY, None)
    if known is not None:
        previews().cancel(known["job"])
        st.session_state.pop(_NUMBER_KEY, None)


def _look_at(clip: HeldClip) -> JobView[Preview | None] | None:
    """Return the finished look at this clip, None while it goes on; the first time it is begun."""
    known = st.session_state.get(_LOOK_KEY)
    if known is None or known["file"] != clip.id:
        forget_preview()
        work = functools.partial(look_at_clip, clip.path, engine_at_hand=engine_at_hand)
        job_id = previews().submit(clip.name, lambda report: work(report=report))
        known = st.session_state[_LOOK_KEY] = {"file": clip.id, "job": job_id, "look": None}
    if known["look"] is None:
        # A look that is not known any more counts as one that found out nothing.
        look = previews().view(known["job"]) or JobView(id=known["job"], title=clip.name, state="cancelled")
        if not look.active:
            known["look"] = look
            previews().forget(known["job"])
    view: JobView[Preview | None] | None = known["look"]
    return view


@st.fragment(run_every=_POLL_S)
def _wait(job_id: str) -> None:
    view = previews().view(job_id)
    if view is None or not view.active:
        st.rerun()
    st.caption(":material/hourglass_top: Looking who is in the clip…")


def choose_person(preview: Preview) -> SubjectAt | None:
    """Show the still and the numbers, kept in step, and return who was chosen; None for "Automatic"."""
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
    """Return the style sheet that lays each button over its person, and makes that of the one chosen stand out."""
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
