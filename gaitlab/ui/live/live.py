"""Live: the camera picture with the skeleton on it, a count or a cadence, and the recording as a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import streamlit as st

from gaitlab.errors import UsageError
from gaitlab.limits import REST_MAX_S, SET_REPETITIONS_MAX, SETS_MAX
from gaitlab.repetitions.activities import activities, activity_label, filming_of
from gaitlab.storage import ProgrammeItem
from gaitlab.ui.live.desk import live_models
from gaitlab.ui.live.live_camera import CAMERA, live_camera, live_camera_data
from gaitlab.ui.live.networks import networks_for_browsers
from gaitlab.ui.live.programme import choose_item, last_time_words, plan_of_item, programme_of, take_item
from gaitlab.ui.live.tempo import tempo_parts
from gaitlab.ui.resources import store, upload_limit_bytes
from gaitlab.ui.shared.help_texts import (
    LIVE_HELP,
    SETS_HELP,
    TEMPO_HELP,
    live_model_label,
    live_place_label,
    live_unit,
    markdown_text,
)
from gaitlab.ui.shared.widgets import ANALYSE_PAGE, choose_who, time_zone

#: What stands in the widgets at first; a programme fills them, so that their values are in the session state alone.
_FIRST: Final = {"live-activity": "squat", "live-sets": 3, "live-repetitions": 10, "live-rest": 60}
_MEASURED: Final = "computer"
_SERVER: Final = "server"


def _filming_words(activity: str) -> str:
    words = filming_of(activity).words
    then = " For another exercise stop and start again." if activity == "auto" else ""
    return f"{words[:1].upper()}{words[1:]}.{then}"


def _choose_model(models: Sequence[str]) -> str:
    """Offer the models if there are several; a disabled box would be too pale to read."""
    if len(models) > 1:
        return st.selectbox("Pose model", models, format_func=live_model_label, key="live-model", width=320)
    st.caption(f"Pose model: {live_model_label(models[0])}")
    return models[0]


def _choose_where() -> dict[str, Any] | None:
    """Offer the browser for the network, where its files are on this machine; None: the server runs it."""
    here = networks_for_browsers()
    if here is None:
        return None
    names = {one["name"]: one for one in here["networks"]}
    chosen = st.selectbox(
        "Where the pose model runs",
        [_MEASURED, *reversed(names), _SERVER],
        format_func=live_place_label,
        key="live-where",
        width=320,
    )
    if chosen == _SERVER:
        return None
    return here if chosen == _MEASURED else {**here, "networks": [names[chosen]]}


def _choose_sets(activity: str) -> dict[str, Any] | None:
    """Offer sets with rests between them, for what is counted; None: it is only counted."""
    if activity == "gait":
        return None
    with st.expander("Sets and rests", icon=":material/timer:", expanded=False):
        wanted = st.toggle("Train in sets", key="live-in-sets", help=SETS_HELP)
        with st.container(horizontal=True):
            sets = st.number_input("Sets", 1, SETS_MAX, key="live-sets", width=130)
            repetitions = st.number_input("Repetitions", 1, SET_REPETITIONS_MAX, key="live-repetitions", width=130)
            rest_s = st.number_input("Rest (s)", 0, REST_MAX_S, step=15, key="live-rest", width=130)
            code = st.text_input("Tempo", key="live-tempo", placeholder="4-2-1-0", help=TEMPO_HELP, width=130)
        tempo = _tempo(code, activity)
    return {"sets": sets, "repetitions": repetitions, "rest_s": rest_s, "tempo": tempo} if wanted else None


def _tempo(code: str, activity: str) -> list[dict[str, Any]] | None:
    """Return the parts of the tempo; None without one."""
    if not code.strip():
        return None
    try:
        return tempo_parts(code, activity)
    except UsageError as error:
        st.warning(markdown_text(str(error)))
        return None


def _go_on(chosen: str, items: Sequence[ProgrammeItem]) -> None:
    """Fill the widgets from the item that the camera goes on to."""
    if (asked := st.session_state[CAMERA].next) is not None:
        take_item(chosen, items, int(asked["item"]))


def _render() -> None:
    st.title("Live")
    st.write("Stand before the camera: GaitLab draws the skeleton, counts repetitions or tells the cadence.")
    for key, value in _FIRST.items():
        st.session_state.setdefault(key, value)
    with st.container(horizontal=True):  # side by side on a phone too: the camera should be in sight at once
        activity = st.selectbox(
            "What",
            activities(),
            format_func=activity_label,
            key="live-activity",
        )
        person = choose_who(key="live-person")
    items, chosen = programme_of(person), f"live-programme-{person}"
    place = choose_item(chosen, items, activity)
    camera_here = st.container()
    sets = _choose_sets(activity)
    last = None if sets is None else last_time_words(store(), person, activity, now=datetime.now(time_zone()))
    networks = _choose_where()
    # With the network in the browser the server's is what it falls back on: there is nothing to choose.
    model = _choose_model(live_models()) if networks is None else live_models()[0]
    with camera_here:
        st.caption(_filming_words(activity))
        camera = live_camera(
            live_camera_data(
                activity=activity,
                unit=live_unit(activity),
                person=person or "",
                model=model,
                networks=networks,
                sets=None if sets is None else {**sets, **plan_of_item(items, place)},
                last=last,
                limit_bytes=upload_limit_bytes(),
            ),
            on_next=partial(_go_on, chosen, items),
        )
    st.caption(LIVE_HELP)
    if camera.next is not None and camera.next["job"]:
        st.toast(
            "The recording is being analysed, see *Analyse*; its report will stand under *History*.",
            icon=":material/check:",
        )
    if camera.job is not None:
        st.switch_page(ANALYSE_PAGE, query_params={"job": camera.job})


_render()
