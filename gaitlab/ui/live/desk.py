"""The resources shared by the live sessions of a process: models, engines and the desk that assigns places."""

from __future__ import annotations

import streamlit as st

from gaitlab.errors import UsageError
from gaitlab.live import Follower, LiveSession
from gaitlab.pipeline import PoseEngine, open_engine
from gaitlab.pose.weights.resolve import find_model
from gaitlab.settings import DEFAULT_MODEL, PoseSettings
from gaitlab.ui.live.places import LiveDesk, Place

__all__ = ["live_desk", "live_models"]

# The exact one first; the other is quicker and a little less exact.
_LIVE_MODELS = (DEFAULT_MODEL, "movenet-thunder-int8")


def live_models() -> tuple[str, ...]:
    """Return the models for the Live page: the default one, and those of the others that are on this machine."""
    return (DEFAULT_MODEL, *(name for name in _LIVE_MODELS[1:] if find_model(name) is not None))


@st.cache_resource(show_spinner=False)
def _live_engine(model: str) -> PoseEngine:
    """Return a separate engine for live use, with one thread, so that an analysis does not block it."""
    return open_engine(PoseSettings(model=model, workers=1, feet=False))


def _open_live(activity: str, model: str, at: Place | None) -> LiveSession:
    if model not in _LIVE_MODELS:
        raise UsageError(f"model {model[:40]!r} is not offered for live use; choose one of {', '.join(_LIVE_MODELS)}")
    return LiveSession(Follower(_live_engine(model).pool, at=at).follow, activity)


@st.cache_resource(show_spinner=False)
def live_desk() -> LiveDesk:
    """Return the desk that the live sessions of this process share."""
    return LiveDesk(_open_live)
