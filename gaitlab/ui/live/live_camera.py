"""The camera of the Live page as a Streamlit component; its HTML, CSS and JavaScript lie beside this file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import streamlit as st

from gaitlab.limits import LIVE_POINTS_KEPT_MAX
from gaitlab.live import joints_needed
from gaitlab.motion.body_figure import FIGURE_PLAN
from gaitlab.records.skeleton import SIDE_COLORS
from gaitlab.repetitions.activities import filming_of
from gaitlab.ui.analyse.upload_route import TOKEN_HEADER, UPLOAD_URL
from gaitlab.ui.live.socket import LIVE_URL
from gaitlab.ui.server import tokens
from gaitlab.ui.shared.component_script import component_script, no_callback

__all__ = ["CAMERA", "CameraResult", "live_camera", "live_camera_data"]

#: Key of the component in the session state.
CAMERA: Final = "live-camera"

_HERE = files("gaitlab.ui.live")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraResult:
    """Result of the camera for the page.

    Attributes
    ----------
    job : str or None
        The analysis of a recording that has just arrived.
    next : dict or None
        The page goes on to another "item" of the programme; "job" is the analysis of what was recorded before, None
        where that was not kept.
    """

    job: str | None
    next: dict[str, Any] | None


def _read(name: str) -> str:
    return _HERE.joinpath(name).read_text(encoding="utf-8")


def live_camera_data(
    *,
    activity: str,
    unit: str,
    person: str,
    model: str,
    networks: dict[str, Any] | None,
    sets: dict[str, Any] | None,
    last: str | None,
    limit_bytes: int,
) -> dict[str, Any]:
    """Return the data for the script of the camera.

    Parameters
    ----------
    activity, model : str
        The activity that is counted and the pose model of the server.
    networks : dict or None
        The networks that the browser may choose from (`networks_for_browsers`); None: the server looks at the frames.
    unit : str
        Text beside the number: the thing counted.
    person : str
        Person of the session that a saved recording becomes.
    sets : dict or None
        How many "sets" of how many "repetitions", with rests of "rest_s" seconds, the parts of the "tempo" or None, and
        what `plan_of_item` tells; None: it is only counted.
    last : str or None
        What was done the last time, as a sentence.
    limit_bytes : int
        Largest size of a recording.
    """
    return {
        "activity": activity,
        "unit": unit,
        "person": person,
        "model": model,
        "networks": networks,
        "sets": sets,
        "last": last,
        "needed": [list(pair) for pair in joints_needed(filming_of(activity).needs)],
        "plan": FIGURE_PLAN,
        "colors": dict(SIDE_COLORS),
        "socket_url": LIVE_URL,
        "upload_url": UPLOAD_URL,
        "token_header": TOKEN_HEADER,
        "live_token": tokens.issue("live"),
        "upload_token": tokens.issue("upload"),
        "token_ms": 1000 * tokens.LIFETIME_S,
        "limit_bytes": limit_bytes,
        "kept_frames": LIVE_POINTS_KEPT_MAX,
    }


def live_camera(data: dict[str, Any], *, on_next: Callable[[], None]) -> CameraResult:
    """Show the camera with its buttons.

    Parameters
    ----------
    data : dict
        Of `live_camera_data`.
    on_next : callable
        Called before the page is drawn again when the programme goes on; the session state then has what is asked.
    """
    # Registered on every run, as Streamlit does not keep it over a restart of its runtime; the same again is no change.
    camera = st.components.v2.component(
        "gaitlab.live_camera",
        html=_read("live.html"),
        css=_read("live.css"),
        js=component_script("live/live.js"),
    )
    result = camera(
        key=CAMERA,
        data=data,
        on_job_change=no_callback,
        on_next_change=on_next,
        on_renew_change=no_callback,  # nothing to do: the page runs again and passes new tokens
    )
    return CameraResult(job=result.job, next=result.next)
