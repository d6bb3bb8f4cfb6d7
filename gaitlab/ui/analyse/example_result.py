"""What comes out of a clip, on the start page while there is no session: the picture of a result, and two lines."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import streamlit as st

__all__ = ["show_example"]


@cache
def _picture() -> str:
    return files("gaitlab.ui.analyse").joinpath("example.svg").read_text(encoding="utf-8")


def show_example() -> None:
    """Show the example; `python -m benchmarks.example_picture` draws it."""
    st.subheader("What you get")
    with st.container(width=640):
        st.image(
            _picture(),
            width="stretch",
            alt="A walk: the figure at each heel strike, and how far both knees bend over time",
        )
        st.caption(
            "A walk of five steps, left in blue, right in orange: the body at each heel strike, and the bend of both "
            "knees. From it come cadence, times and angles, each with how sure it is."
        )
