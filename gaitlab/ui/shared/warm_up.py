"""Plotly's script, run by the browser before its first chart, while somebody still chooses a clip.

It is 4.7 MB, of which running takes longer than loading: the first chart of a window came seconds after its page.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

__all__ = ["warm_up_charts"]

# The charts find the module there, since the address is the same; without it they load it as ever.
_SCRIPT: Final = """<script>(() => {
    const main = document.querySelector("script[type=module][src*='static/js/']");
    const run = () => import(new URL("%s", main.src)).catch(() => {});
    if (main && window.requestIdleCallback) setTimeout(() => requestIdleCallback(run), 1500);
})();</script>"""


@cache
def _chart_script() -> str | None:
    """Return the name of the file; it differs between versions of Streamlit. None where there is no such file."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    return next((path.name for path in sorted(folder.glob("PlotlyChart.*.js"))), None)


def warm_up_charts() -> None:
    """Let the browser make charts ready as soon as it has nothing else to do."""
    name = _chart_script()
    if name is not None:
        st.html(_SCRIPT % name, unsafe_allow_javascript=True)
