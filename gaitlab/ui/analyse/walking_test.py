"""The named walking test that a clip shows, asked for on the page Analyse."""

from __future__ import annotations

from typing import Final, Literal, get_args

import streamlit as st

from gaitlab.errors import UsageError
from gaitlab.settings import MARKED_WALKS_M, ScaleLine, WalkingTestSettings

__all__ = ["ask_walking_test"]

_Test = Literal["none", "up_and_go", "marks"]
_LABELS: Final[dict[str, str]] = {
    "none": "No named test",
    "up_and_go": "Timed Up and Go",
    "marks": "4-metre or 10-metre walk",
}
_HELP: Final = (
    "A Timed Up and Go is found by itself; named here, the report says why where it is not measured. A walk is timed "
    "between two marks on the floor where the feet pass."
)
_MARKS: Final = (
    "Under Scale, set both marks and their distance: 4 m, 10 m, or 6 m where only the middle of the 10-metre walk is "
    "timed."
)
_SPPB: Final = (
    "Points of the Short Physical Performance Battery for what this clip does not show; with those for balance the "
    "report gives the total."
)
_PARTS: Final = (("balance", "Balance"), ("gait", "4-metre walk"), ("chair", "Chair stands"))


def ask_walking_test(line: ScaleLine | None) -> WalkingTestSettings:
    """Ask which walking test the clip shows and return it; marks are the two points of the scale.

    Raises
    ------
    UsageError
        When a walk between marks is asked for, and there are no marks or not at the distance of a test.
    """
    with st.expander("Walking test: Timed Up and Go, 4 m, 10 m, SPPB", icon=":material/timer:"):
        test = st.selectbox("Test", get_args(_Test), format_func=_LABELS.__getitem__, help=_HELP, key="walking-test")
        st.caption(_SPPB)
        with st.container(horizontal=True, gap="medium"):
            points = {
                part: st.selectbox(label, range(5), index=None, placeholder="–", key=f"sppb-{part}", width=140)
                for part, label in _PARTS
            }
        if test == "marks" and (line is None or line.length_m not in MARKED_WALKS_M):
            st.info(_MARKS)
            raise UsageError("the walk needs two marks that are 4, 6 or 10 m apart, set under Scale")
    return WalkingTestSettings(
        up_and_go=test == "up_and_go",
        marks=line if test == "marks" else None,
        **{f"sppb_{part}": value for part, value in points.items()},
    )
