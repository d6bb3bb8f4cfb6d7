"""Live: the camera picture with the skeleton on it, a count or a cadence, and the recording as a session."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from gaitlab.metrics.words import activity_label
from gaitlab.pipeline import ACTIVITIES
from gaitlab.repetitions.exercises import ANY_MOVEMENT, EXERCISES, REPEATED
from gaitlab.ui.live.desk import live_models
from gaitlab.ui.live.live_camera import live_camera
from gaitlab.ui.resources import upload_limit_bytes
from gaitlab.ui.shared.help_texts import LIVE_HELP, live_model_label, live_unit
from gaitlab.ui.shared.widgets import ANALYSE_PAGE, choose_who

_DEFAULT_ACTIVITY = "squat"
_FILMING = {
    "gait": "From the side, or walking towards the camera; whole body in the picture, six steps or more.",
    "auto": "From the side, whole body in the picture. For another exercise stop and start again.",
    **{name: one.filming for name, one in (*EXERCISES.items(), (REPEATED, ANY_MOVEMENT))},
}


def _choose_model(models: Sequence[str]) -> str:
    """Offer a choice where there is one; a box that cannot be used is too pale to read."""
    if len(models) > 1:
        return st.selectbox("Pose model", models, format_func=live_model_label, key="live-model", width=320)
    st.caption(f"Pose model: {live_model_label(models[0])}")
    return models[0]


def _render() -> None:
    st.title("Live")
    st.write("Stand before the camera: GaitLab draws the skeleton, counts repetitions or tells the cadence.")
    with st.container(horizontal=True):  # side by side on a phone too: the camera should be in sight at once
        activity = st.selectbox(
            "What",
            ACTIVITIES,
            index=ACTIVITIES.index(_DEFAULT_ACTIVITY),
            format_func=activity_label,
            key="live-activity",
        )
        person = choose_who(key="live-person")
    camera_here = st.container()
    model = _choose_model(live_models())
    filming = _FILMING[activity]
    with camera_here:
        st.caption(f"{filming[:1].upper()}{filming[1:].rstrip('.')}.")
        camera = live_camera(
            activity=activity,
            unit=live_unit(activity),
            person=person or "",
            model=model,
            limit_bytes=upload_limit_bytes(),
        )
    st.caption(LIVE_HELP)
    if camera.job is not None:
        st.switch_page(ANALYSE_PAGE, query_params={"job": camera.job})


_render()
