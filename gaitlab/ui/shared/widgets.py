"""Pieces that several pages share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from gaitlab.archive.samples import load_samples, samples
from gaitlab.errors import GaitLabError
from gaitlab.records import Metric
from gaitlab.reports.sentences import headline_words
from gaitlab.storage import SessionFilter, SessionHeader
from gaitlab.ui.resources import store
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.tour import begin_tour

__all__ = [
    "ACCOUNT_PAGE",
    "ANALYSE_PAGE",
    "COMPARE_PAGE",
    "HISTORY_PAGE",
    "LIVE_PAGE",
    "PEOPLE_PAGE",
    "SESSION_PAGE",
    "SETTINGS_PAGE",
    "choose_who",
    "headline",
    "headline_metric",
    "nothing_yet",
    "open_session",
    "reason_list",
    "sample_offer",
    "say_it_is_made",
    "show_script_error",
    "time_zone",
]

# Paths relative to main.py, as st.switch_page wants them.
ANALYSE_PAGE = "analyse/analyse.py"
SESSION_PAGE = "session/session.py"
HISTORY_PAGE = "history/history.py"
LIVE_PAGE = "live/live.py"
COMPARE_PAGE = "compare/compare.py"
PEOPLE_PAGE = "people/people.py"
SETTINGS_PAGE = "settings/settings.py"
ACCOUNT_PAGE = "account/account.py"

_FIRST_NAME = "Me"
#: A new name is not typed into the list itself: there it is lost without Enter, and the clip goes to another person.
_SOMEBODY_NEW = "Somebody new…"
_LOOKED_BACK = 20  # sessions

_logger = logging.getLogger(__name__)


def show_script_error(error: Exception) -> bool:
    """Show an error of a page as a sentence; return True, so that Streamlit shows no traceback."""
    if isinstance(error, GaitLabError):
        words = error.on_page
        st.error(markdown_text(f"{words[:1].upper()}{words[1:].rstrip('.')}."))
    else:
        _logger.error("a page failed", exc_info=error)
        st.error("Something went wrong on this page. Reload it; the server wrote the details to its terminal.")
    return True


def time_zone() -> tzinfo | None:
    """Return the time zone of the browser; None (this machine's) when it is not known."""
    try:
        return ZoneInfo(st.context.timezone) if st.context.timezone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def open_session(session_id: int) -> None:
    """Go to the report of a session."""
    st.switch_page(SESSION_PAGE, query_params={"session": str(session_id)})


def headline_metric(header: SessionHeader) -> Metric | None:
    """Return the main metric of a session: cadence for walking, repetitions for an exercise."""
    return header.cadence if header.kind == "gait" else header.repetition_count


def headline(header: SessionHeader) -> str:
    """Return the activity of a session and its main number, for example "Squats: 9 repetitions"."""
    return headline_words(header.kind, headline_metric(header), shallow=header.shallow, mode=header.gait_mode)


def choose_who(*, key: str | None = None) -> str | None:
    """Ask for the person: a known one (not those of the samples) or a new name; None until a name is typed."""
    strangers = {sample.person for sample in samples()}
    names = [person.name for person in store().people() if person.name not in strangers] or [_FIRST_NAME]
    last = st.session_state.get("person")
    if last not in names:
        last = _last_measured(names)
    chosen = st.selectbox(
        "Who",
        [*names, _SOMEBODY_NEW],
        index=names.index(last) if last in names else 0,
        help=f"Whose session it becomes. *{_SOMEBODY_NEW}* asks for a name.",
        key=key,
    )
    if chosen != _SOMEBODY_NEW:
        return chosen
    return st.text_input("Name", placeholder="Name of the new person", key=f"{key or 'who'}-name").strip() or None


def _last_measured(names: Sequence[str]) -> str | None:
    """Return the person of the newest session among these people; None if only older sessions have them."""
    return next((header.person for header in store().sessions(limit=_LOOKED_BACK) if header.person in names), None)


def sample_offer() -> None:
    """Offer to fill the empty database with the sample sessions; the report of the newest walk then opens."""
    if st.button("Load the sample sessions", icon=":material/science:", key="load-samples"):
        with st.spinner("Analysing the sample recordings…"):
            added = load_samples(store())
        st.toast(f"{added} sample sessions loaded; all of them stand under History.")
        begin_tour()
        open_session(store().sessions(where=SessionFilter(kind="gait"), limit=1)[0].id)
    st.caption("Recorded movements as coordinates only: explore the reports without a camera or a clip of your own.")


def say_it_is_made() -> None:
    """Tell that a file which takes a while is on its way; for the click on its link."""
    st.toast("The file is being made; the download begins by itself.", icon=":material/hourglass_top:")


def nothing_yet() -> None:
    """Show that there is no session, and offer the two ways to a first one."""
    st.info("There are no sessions yet. Analyse a first clip, or look around with the sample sessions.")
    if st.button("Analyse a video", type="primary", icon=":material/upload:"):
        st.switch_page(ANALYSE_PAGE)
    sample_offer()


def reason_list(
    reasons: Iterable[tuple[str, str]], *, below: Callable[[str, int], None] = lambda _reason, _at: None
) -> None:
    """Show each reason once, below the names that share it.

    Parameters
    ----------
    reasons : iterable of (str, str)
        Name and reason.
    below : callable
        Called with each reason and its place in the list, to show more below it.
    """
    by_reason: dict[str, list[str]] = {}
    for label, reason in reasons:
        by_reason.setdefault(reason, []).append(label)
    for at, (reason, labels) in enumerate(by_reason.items()):
        st.markdown(f"**{markdown_text(' · '.join(labels))}**  \n{markdown_text(reason)}")
        below(reason, at)
