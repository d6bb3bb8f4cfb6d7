"""The gait curves on the session page: joint angles over the gait cycle, beside those of healthy people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.norms import GROUPS, NormBand, group_of_age, has_norm, norm_band
from gaitlab.metrics.words import angle_label
from gaitlab.records import Analysis
from gaitlab.reports.sentences import cycle_words
from gaitlab.ui.session.walking_figure import show_walking_figure
from gaitlab.ui.shared.figures import cycle_figure
from gaitlab.ui.shared.help_texts import markdown_text

__all__ = ["show_cycles"]

_NOBODY: Final = "nobody"


def _chosen_band(angle: str, session_id: int, age: int | None) -> NormBand | None:
    """Ask for the norm curves to draw behind; some angles have none."""
    if norm_band(angle) is None:
        return None
    titles = {**{name: group.title for name, group in GROUPS.items()}, _NOBODY: "Nobody"}
    group = st.segmented_control(
        "Compare with",
        list(titles),
        format_func=titles.__getitem__,
        default=group_of_age(age),
        required=True,
        key=f"norm-{session_id}",
    )
    return None if group == _NOBODY else norm_band(angle, group)


def show_cycles(analysis: Analysis, curves: Sequence[CycleCurve], session_id: int, *, age: int | None) -> None:
    """Show one angle over the gait cycle, left and right, with a caption; below, the mean stride as a figure.

    `age`, in years, selects the norm curves shown at first.
    """
    angles = list(dict.fromkeys(curve.name for curve in curves))
    angle = st.segmented_control(
        "Angle", angles, format_func=angle_label, default=angles[0], required=True, key=f"cycle-{session_id}"
    )
    own = [curve for curve in curves if curve.name == angle]
    band = _chosen_band(angle, session_id, age) if has_norm(analysis) else None
    words = cycle_words(own, band.group if band else None)
    alt = f"{angle_label(angle)} over the gait cycle. {words}"
    st.plotly_chart(cycle_figure(own, band=band), key=f"cycles-{session_id}", config={"displayModeBar": False}, alt=alt)
    st.caption(markdown_text(words))
    if has_norm(analysis) and norm_band(angle) is None:  # the figure is of hip and knee all the same
        group: str | None = group_of_age(age)
    else:
        group = band.group.name if band else None
    show_walking_figure(analysis, curves, session_id, group=group)
