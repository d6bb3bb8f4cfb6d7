"""Who of several people is measured: a numbered still of the clip, to be clicked or chosen from by number."""

from __future__ import annotations

import base64
import functools
import io
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from gaitlab.ui.analysing import SubjectAt
from gaitlab.ui.jobs import JobView
from gaitlab.ui.previewing import Preview, look_at_upload
from gaitlab.ui.resources import engine_at_hand, previews, upload_dir
from gaitlab.ui.words import NOBODY_HELP, WHOM_HELP, markdown_text

__all__ = ["AUTOMATIC", "ask_whom", "choose_person", "forget_preview", "still_figure"]

AUTOMATIC: Final = "Automatic"
_POLL_S = 0.5
_STILL_MAX_WH = (576, 324)
_CONTROL_WIDTH = 340
_NUMBER_KEY, _STILL_KEY, _FRAME_KEY = "whom", "whom-still", "whom-frame"
_QUESTION: Final = "Several people are in the clip. Who is measured?"
#: What the tab remembers: file id, job id, and the job once it is over.
_LOOK_KEY = "whom-look"
_PLAIN_AXIS: Final = {"visible": False, "fixedrange": True, "constrain": "domain"}
# Seen on any picture: white or yellow on a dark line.
_CHOSEN, _OTHER, _EDGE = "#F0E442", "#FFFFFF", "#000000"
_CHOSEN_VEIL, _OTHER_VEIL = "rgba(240,228,66,0.2)", "rgba(255,255,255,0.05)"
# Of the picture's height: room for a number above a box, even on a phone.
_ABOVE_MIN = 0.17
# A click makes the page draw the picture anew; until then nothing changes.
_NEVER_FADED: Final = {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}


def ask_whom(upload: UploadedFile | None) -> SubjectAt | None:
    """Show who is in the clip just chosen and return who of them the user wants; None lets GaitLab choose.

    The clip is looked at once, by a worker; until it has done so, one line says so. Where one person is seen, nothing
    is shown.
    """
    if upload is None:
        forget_preview()
        return None
    look = _look_at(upload)
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


def forget_preview() -> None:
    """Forget the clip looked at, and stop looking."""
    known = st.session_state.pop(_LOOK_KEY, None)
    if known is not None:
        previews().cancel(known["job"])
        st.session_state.pop(_NUMBER_KEY, None)


def _look_at(upload: UploadedFile) -> JobView[Preview | None] | None:
    """Return the finished look at this upload, None while it goes on; the first time it is begun."""
    known = st.session_state.get(_LOOK_KEY)
    if known is None or known["file"] != upload.file_id:
        forget_preview()
        # The same bytes, not copied: the worker reads them while the page may read them too.
        stream = io.BytesIO(upload.getvalue())
        work = functools.partial(
            look_at_upload, stream, upload.name, folder=upload_dir(), engine_at_hand=engine_at_hand
        )
        job_id = previews().submit(upload.name, lambda report: work(report=report))
        known = st.session_state[_LOOK_KEY] = {"file": upload.file_id, "job": job_id, "look": None}
    if known["look"] is None:
        # A look that is not known any more counts as one that found out nothing.
        look = previews().view(known["job"]) or JobView(id=known["job"], title=upload.name, state="cancelled")
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
            still = st.container(width=_still_wh(preview)[0], key=_FRAME_KEY)
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
        with still:
            _show_still(preview, chosen)
    return preview.subject_at(chosen) if chosen else None


def _show_still(preview: Preview, chosen: int | None) -> None:
    wide, high = preview.image_wh
    # A chart's height is fixed. Where the page (less its margins) is too narrow for the picture, this cuts off what is
    # left empty below it.
    st.html(
        f"<style>.st-key-{_FRAME_KEY} {{ max-height: calc((100vw - 4rem) * {high / wide:.4f}); overflow: hidden }}"
        "</style>"
    )
    st.plotly_chart(
        still_figure(preview, chosen),
        width="stretch",
        theme=None,
        key=_STILL_KEY,
        on_select=_take_click,
        selection_mode="points",
        config={"displayModeBar": False, "scrollZoom": False, "doubleClick": False},
        alt=f"Picture of the clip with {len(preview.people)} numbered people",
    )


def _take_click() -> None:
    """Make a click on a box the choice; the redrawn picture starts without a selection of its own."""
    points = st.session_state[_STILL_KEY].selection.points
    if points:
        st.session_state[_NUMBER_KEY] = str(points[0]["point_index"] + 1)


def _still_wh(preview: Preview) -> tuple[int, int]:
    """Return the size of the still on a wide page, in CSS pixels."""
    scale = min(largest / own for largest, own in zip(_STILL_MAX_WH, preview.image_wh, strict=True))
    return round(preview.image_wh[0] * scale), round(preview.image_wh[1] * scale)


def still_figure(preview: Preview, chosen: int | None) -> Any:
    """Return the still with a numbered box around each person; each box is a bar, since those can be clicked anywhere.

    Parameters
    ----------
    preview : Preview
    chosen : int or None
        Number of the person whose box stands out, from 1.
    """
    wide, high = preview.image_wh
    figure = go.Figure()
    figure.add_layout_image(
        source=f"data:image/jpeg;base64,{base64.b64encode(preview.jpeg).decode()}",
        xref="x", yref="y", x=0, y=0, sizex=wide, sizey=high, sizing="stretch", layer="below",
    )  # fmt: skip
    _add_boxes(figure, preview, chosen)
    figure.update_layout(
        height=_still_wh(preview)[1],
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        barmode="overlay",
        dragmode=False,
        showlegend=False,
        plot_bgcolor="rgba(0,0,0,0)",
        xaxis={"range": [0, wide], **_PLAIN_AXIS, "constraintoward": "left"},
        yaxis={"range": [high, 0], **_PLAIN_AXIS, "constraintoward": "top", "scaleanchor": "x"},
    )
    return figure


def _add_boxes(figure: Any, preview: Preview, chosen: int | None) -> None:
    boxes = [person.box_px for person in preview.people]
    is_chosen = [i + 1 == chosen for i in range(len(boxes))]
    colors = [_CHOSEN if one else _OTHER for one in is_chosen]
    place = {
        "x": [(left + right) / 2 for left, _, right, _ in boxes],
        "base": [top for _, top, _, _ in boxes],
        "y": [bottom - top for _, top, _, bottom in boxes],
        "width": [right - left for left, _, right, _ in boxes],
    }
    widths = [4 if one else 2 for one in is_chosen]
    edge = {"color": _EDGE, "width": [width + 2 for width in widths]}
    figure.add_bar(**place, marker={"color": "rgba(0,0,0,0)", "line": edge}, hoverinfo="skip", **_NEVER_FADED)
    figure.add_bar(
        **place,
        marker={
            "color": [_CHOSEN_VEIL if one else _OTHER_VEIL for one in is_chosen],
            "line": {"color": colors, "width": widths},
        },
        hovertext=[f"Measure person {i + 1}" for i in range(len(boxes))],
        hoverinfo="text",
        **_NEVER_FADED,
    )
    room_px = _ABOVE_MIN * preview.image_wh[1]
    for i, ((left, top, _, _), color) in enumerate(zip(boxes, colors, strict=True)):
        figure.add_annotation(
            x=left, y=top, xanchor="left", yanchor="bottom" if top > room_px else "top",
            text=f"<b>{i + 1}</b>", showarrow=False,
            font={"size": 18, "color": _EDGE}, bgcolor=color, bordercolor=_EDGE, borderpad=4,
        )  # fmt: skip
