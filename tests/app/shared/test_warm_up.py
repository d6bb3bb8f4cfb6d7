"""The charts' script is made ready while somebody is on the start page."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from gaitlab.storage import SessionStore
from tests.app.visits import page


def test_the_start_page_names_the_script_of_the_charts_as_streamlit_serves_it(sessions: SessionStore) -> None:
    bodies = [node.proto.body for node in page("analyse").get("html")]
    (name,) = {found for body in bodies for found in re.findall(r"PlotlyChart\.[\w-]+\.js", body)}
    assert (Path(st.__file__).parent / "static" / "static" / "js" / name).is_file()
