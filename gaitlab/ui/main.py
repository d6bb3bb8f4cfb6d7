"""The page list; Streamlit runs this script for every visit."""

from __future__ import annotations

import streamlit as st

from gaitlab.errors import GaitLabError, NotFoundError, SignInError
from gaitlab.ui.server.sign_in import EVERYBODY
from gaitlab.ui.shared.mark import logo_svg, mark_svg
from gaitlab.ui.shared.sign_in_page import ask_to_sign_in, asked_for, forget_asked_for, greet, take_back
from gaitlab.ui.shared.tour import follow_tour, show_hint
from gaitlab.ui.shared.widgets import (
    ACCOUNT_PAGE,
    ANALYSE_PAGE,
    COMPARE_PAGE,
    HISTORY_PAGE,
    LIVE_PAGE,
    PEOPLE_PAGE,
    SESSION_PAGE,
    SETTINGS_PAGE,
    show_script_error,
)

_VISITED = "visited"  # in the session state: whether this tab has shown a page
_SHOWN = "page-shown"  # and which one

st.set_page_config(page_title="GaitLab", page_icon=mark_svg(), layout="wide")
_is_dark = st.context.theme.type == "dark"
st.logo(logo_svg(is_dark=_is_dark), size="large")

# Streamlit leaves a hand's breadth free above and below every page; what matters should be in sight at once.
# A line of text is easy to read up to some 75 letters. On a phone titles take three lines, and tables of five columns
# are wider than the screen.
st.html(
    "<style>.stMainBlockContainer { padding-top: 4rem; padding-bottom: 2rem }"
    ".stMainBlockContainer .stMarkdown [data-testid=stMarkdownContainer] > p { max-width: 75ch }"
    "@media (max-width: 640px) { .stMainBlockContainer .stHeading h1 { font-size: 1.9rem }"
    ".stTable :is(th, td) { padding: 0.25rem 0.2rem !important } .stTable :is(th, td) * { font-size: 0.8rem } }"
    # Titles of cards are cut off otherwise.
    "[data-testid=stMetricLabel] :is(div, p) { white-space: normal; overflow: visible }</style>"
)
# The choice that is on is written in the theme's blue, 3.9:1 on its own tint while the mouse is over it.
st.html("<style>button[data-variant=segmented_control][data-selected=true] { color: inherit !important }</style>")
# Streamlit writes white on the light blue of the dark theme, 2.2:1; black gives 8.4:1 (WCAG 2.2 asks for 4.5:1).
if _is_dark:
    st.html(
        "<style>:is([data-testid^=stBaseButton-primary], [data-testid=stBaseLinkButton-primary]):not(:disabled) *, "
        "[data-testid=stMultiSelect] [data-tag] * { color: #0E1117 }</style>"
    )

try:
    _who = greet()
except GaitLabError as error:
    if isinstance(error, SignInError):
        ask_to_sign_in(error, st.session_state.get(_SHOWN, ANALYSE_PAGE))
    else:
        show_script_error(error)
    st.stop()

_analyse = st.Page(ANALYSE_PAGE, title="Analyse", icon=":material/upload:", default=True)
_live = st.Page(LIVE_PAGE, title="Live", icon=":material/videocam:")
_session = st.Page(SESSION_PAGE, title="Session", icon=":material/monitoring:")
_history = st.Page(HISTORY_PAGE, title="History", icon=":material/history:")
_compare = st.Page(COMPARE_PAGE, title="Compare", icon=":material/compare_arrows:")
_people = st.Page(PEOPLE_PAGE, title="People", icon=":material/group:")
_settings = st.Page(SETTINGS_PAGE, title="Settings", icon=":material/settings:")
_pages = [_analyse, _live, _session, _history, _compare, _people, _settings]
if _who != EVERYBODY:
    _pages.append(st.Page(ACCOUNT_PAGE, title="Account", icon=":material/account_circle:"))
_page = st.navigation(_pages, position="top")

st.set_page_config(page_title=f"{_page.title} · GaitLab")
# On a phone the names of the pages are behind a button: the header says which page this is.
st.html(
    "<style>@media (max-width: 640px) { [data-testid=stToolbar]::before { position: absolute; left: 12rem; "
    f"content: '{_page.title}'; font-weight: 600 }} }}</style>"
)

# A link to the start page with ?session=ID opens that session too. The start page has such an address also on the way
# back from a report that opened by itself; then it stays.
_is_first = not st.session_state.get(_VISITED, False)
st.session_state[_VISITED] = True
if _is_first and _page == _analyse and "session" in st.query_params:
    st.switch_page(_session, query_params={"session": st.query_params["session"]})
if _is_first and (_left := take_back(_who)) is not None:
    st.switch_page(_left[0], query_params=_left[1])
if _is_first and _page == _analyse and _who != EVERYBODY and (_asked := asked_for()) is not None:
    _there = [page for page in _pages if page.url_path == _asked[0]]
    if _there:
        st.switch_page(_there[0], query_params=_asked[1])

_files = (ANALYSE_PAGE, LIVE_PAGE, SESSION_PAGE, HISTORY_PAGE, COMPARE_PAGE, PEOPLE_PAGE, SETTINGS_PAGE, ACCOUNT_PAGE)
st.session_state[_SHOWN] = _files[_pages.index(_page)]

try:
    follow_tour(_pages)
    show_hint(_page.title)
    if _who.role == "reader" and _page in (_analyse, _live):
        st.title(_page.title)
        st.info("Your role is reader: you look at sessions that are there already.", icon=":material/visibility:")
        st.page_link(_history, label="All sessions", icon=":material/history:")
    else:
        _page.run()
except GaitLabError as error:
    show_script_error(error)
    if isinstance(error, NotFoundError):
        st.page_link(_history, label="All sessions", icon=":material/history:")

st.divider()
_here = "computer" if _who == EVERYBODY else "server"
st.caption(f"GaitLab is not a medical device. Clips and numbers stay on this {_here}.")
if _who != EVERYBODY:
    forget_asked_for()
