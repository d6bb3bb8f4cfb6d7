"""Plotly's script, run by the browser before its first chart, while the user still chooses a clip.

The script has 4.7 MB, and running it takes longer than loading it: the first chart came seconds after its page.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

__all__ = ["warm_up_charts"]

# The charts find the module there, since the address is the same; otherwise they load it as usual.
_SCRIPT: Final = """<script>(() => {
    const main = document.querySelector("script[type=module][src*='static/js/']");
    const run = () => import(new URL("%s", main.src)).catch(() => {});
    if (main && window.requestIdleCallback) setTimeout(() => requestIdleCallback(run), 1500);
})();</script>"""


@cache
def _chart_script() -> str | None:
    """Return the name of the script file, which differs between versions of Streamlit; None if it is missing."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    return next((path.name for path in sorted(folder.glob("PlotlyChart.*.js"))), None)


def warm_up_charts() -> None:
    """Let the browser run the chart script while it is idle."""
    name = _chart_script()
    if name is not None:
        st.html(_SCRIPT % name, unsafe_allow_javascript=True)
