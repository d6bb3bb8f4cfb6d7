"""Plotly's script, run by the browser before its first chart, while the user still chooses a clip.

The script has 4.7 MB, and running it takes longer than loading it: the first chart came seconds after its page.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

__all__ = ["scripts_within_pages", "warm_up_charts"]

_SCRIPTS: Final = re.compile("<script>(.*?)</script>", re.DOTALL)

# The charts find the module there, since the address is the same; otherwise they load it as usual.
_SCRIPT: Final = """(() => {
    const main = document.querySelector("script[type=module][src*='static/js/']");
    const run = () => import(new URL("%s", main.src)).catch(() => {});
    if (main && window.requestIdleCallback) setTimeout(() => requestIdleCallback(run), 1500);
})();"""


@cache
def _chart_script() -> str | None:
    """Return the name of the script file, which differs between versions of Streamlit; None if it is missing."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    return next((path.name for path in sorted(folder.glob("PlotlyChart.*.js"))), None)


def scripts_within_pages() -> tuple[str, ...]:
    """Return the text of every script that stands within a page: Streamlit's own, and the one below."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    name = _chart_script()
    return (*_SCRIPTS.findall(page), *([_SCRIPT % name] if name else []))


def warm_up_charts() -> None:
    """Let the browser run the chart script while it is idle."""
    name = _chart_script()
    if name is not None:
        st.html(f"<script>{_SCRIPT % name}</script>", unsafe_allow_javascript=True)
