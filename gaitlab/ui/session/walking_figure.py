"""The mean stride of a session as a figure that walks, over the pale one of healthy people."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Final

import streamlit as st

from gaitlab.gait.cycle_curves import CycleCurve
from gaitlab.gait.mean_walk import mean_walk, norm_walk
from gaitlab.gait.norms import GROUPS
from gaitlab.records import Analysis
from gaitlab.ui.shared.overlay import Take, overlay, overlay_data

__all__ = ["show_walking_figure"]

_HINT: Final = (
    "Thighs and shanks move as the curves of hip and knee say, and the trunk leans as measured. All legs are as long "
    "as each other, and without feet. The leg of the chosen side is thick; its heel strikes at 0 %."
)


def show_walking_figure(
    analysis: Analysis, curves: Sequence[CycleCurve], session_id: int, *, group: str | None
) -> None:
    """Show the mean stride as a figure; nothing where hip and knee of no leg are known.

    Parameters
    ----------
    analysis : Analysis
    curves : sequence of CycleCurve
        Of the analysis.
    session_id : int
    group : str or None
        Key of `gaitlab.gait.norms.GROUPS` whose figure walks behind in grey; None = nobody's.
    """
    walk = mean_walk(analysis.gait, curves) if analysis.gait else None
    if walk is None or analysis.gait is None:
        return
    own = Take(label="This person", walk=walk)
    norm = () if group is None else (Take(label=GROUPS[group].title, walk=norm_walk(group)),)
    takes = (*norm, own)
    st.subheader("The mean stride as a figure")
    data = overlay_data(
        takes,
        label=f"The mean stride as a figure that walks{f', over that of {takes[0].label.lower()}' if norm else ''}",
        version=f"{session_id}-{group}-{hash(analysis.edits)}",
        whole="gait cycle",
        is_cycle=True,
        lap_s=fmean(stride.end_s - stride.start_s for stride in analysis.gait.strides),
        kinds=("walk",),
        pair=tuple(range(len(takes))),
        mixes=False,
        hint=_HINT,
    )
    overlay(data, key=f"walking-{session_id}")
