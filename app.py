"""What `streamlit run app.py` serves: the pages, the routes beside them, and the guard around both."""

from pathlib import Path

import pandas  # noqa: F401 (see below)
import streamlit as st

import gaitlab.ui
from gaitlab.ui.routes import MIDDLEWARE, ROUTES, lifespan
from gaitlab.ui.shared.widgets import show_script_error

# Streamlit brings pandas and imports it with the first table. Plotly takes whatever is there of it by then, and a page
# that is left while its table appears leaves half of it for a moment: so it is imported before there are pages.

# Absolute, so that the copy of this file in the installed wheel finds it too.
MAIN_SCRIPT = Path(gaitlab.ui.__file__).parent / "main.py"

# Streamlit finds this by reading the source: it must stay a plain assignment of a literal st.App(...) call.
app = st.App(MAIN_SCRIPT, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan, on_script_error=show_script_error)
