"""Pieces that several pages share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from gaitlab.errors import GaitLabError
from gaitlab.metrics.units import in_units
from gaitlab.metrics.words import metric_basis, metric_help, metric_label, metric_name, metric_value
from gaitlab.records import Metric
from gaitlab.repetitions.activities import activity_label
from gaitlab.samples import load_samples, samples
from gaitlab.storage import SessionHeader
from gaitlab.ui.resources import preferences, store
from gaitlab.ui.shared.help_texts import markdown_text

__all__ = [
    "ANALYSE_PAGE",
    "COMPARE_PAGE",
    "HISTORY_PAGE",
    "LIVE_PAGE",
    "PEOPLE_PAGE",
    "SESSION_PAGE",
    "SETTINGS_PAGE",
    "Beside",
    "choose_who",
    "headline",
    "headline_metric",
    "metric_cards",
    "nothing_yet",
    "open_session",
    "reason_list",
    "sample_offer",
    "show_script_error",
    "side_table",
    "time_zone",
    "withheld_list",
]

# Paths relative to main.py, as st.switch_page wants them.
ANALYSE_PAGE = "analyse/analyse.py"
SESSION_PAGE = "session/session.py"
HISTORY_PAGE = "history/history.py"
LIVE_PAGE = "live/live.py"
COMPARE_PAGE = "compare/compare.py"
PEOPLE_PAGE = "people/people.py"
SETTINGS_PAGE = "settings/settings.py"

_FIRST_NAME = "Me"
#: Not typed into the list itself: there a name that is not ended with Enter is lost, and with it whose clip it is.
_SOMEBODY_NEW = "Somebody new…"
_LOOKED_BACK = 20  # sessions

#: Number, as it was measured → what to hold it against, in words.
Beside = Callable[[Metric], Sequence[str]]

_logger = logging.getLogger(__name__)


def show_script_error(error: Exception) -> bool:
    """Show an error of a page as a sentence instead of a traceback; return True, which tells Streamlit it is done."""
    if isinstance(error, GaitLabError):
        words = str(error)
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
    """Return the number that sums a session up: cadence for walking, repetitions for an exercise."""
    return header.cadence if header.kind == "gait" else header.repetition_count


def headline(header: SessionHeader) -> str:
    """Return what a session is about in a few plain words, for example "Squats: 9 repetitions"."""
    label = activity_label(header.kind)
    metric = headline_metric(header)
    if metric is None or metric.value is None:
        return label
    if metric.name == "repetition_count":
        return f"{label}: {metric.value:.0f} repetition{'s' if metric.value != 1 else ''}"
    return f"{label}: {metric_value(metric)}"


def choose_who(*, key: str | None = None) -> str | None:
    """Ask whose session it is: somebody known (of the samples nobody), or a new name, None until it is typed."""
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
    """Return who of these people was measured last, as far as the newest sessions tell."""
    return next((header.person for header in store().sessions(limit=_LOOKED_BACK) if header.person in names), None)


def sample_offer() -> None:
    """Offer to fill the empty database with the sample sessions."""
    if st.button("Load the sample sessions", icon=":material/science:", key="load-samples"):
        with st.spinner("Analysing the sample recordings…"):
            added = load_samples(store())
        st.toast(f"{added} sample sessions loaded.")
        st.switch_page(HISTORY_PAGE)
    st.caption("Recorded movements as coordinates only: explore the reports without a camera or a clip of your own.")


def nothing_yet() -> None:
    """Say that there is no session, and offer the two ways to a first one."""
    st.info("There are no sessions yet. Analyse a first clip, or look around with the sample sessions.")
    if st.button("Analyse a video", type="primary", icon=":material/upload:"):
        st.switch_page(ANALYSE_PAGE)
    sample_offer()


def _card(metric: Metric, beside: Beside) -> None:
    shown = in_units(metric, preferences().units)
    number, _, unit = metric_value(shown).partition(" ")
    with st.container(border=True, gap="xsmall"):
        st.metric(metric_label(metric), f"{number} :small[{unit}]" if unit else number, help=metric_help(metric))
        if metric.value is None:
            with st.popover("Why is this missing?", type="tertiary"):
                st.markdown(markdown_text(metric.reason or ""))
            return
        st.caption(metric_basis(shown))
        for words in beside(metric):
            st.caption(markdown_text(words))


def metric_cards(metrics: Sequence[Metric], *, beside: Beside) -> None:
    """Show numbers as cards, as many a row as the screen has room for.

    Parameters
    ----------
    metrics : sequence of Metric
    beside : callable
        Returns what to hold a number against, in words: a typical range, a goal.
    """
    with st.container(horizontal=True, vertical_alignment="distribute"):
        for metric in metrics:
            _card(metric, beside)


def side_table(metrics: Sequence[Metric], *, beside: Beside) -> None:
    """Show measured numbers of one side each as a table, left beside right; a dash where a side has none.

    Parameters
    ----------
    metrics, beside
        As for `metric_cards`.
    """
    rows: dict[str, dict[str, str]] = {}
    units = preferences().units
    for metric in metrics:
        row = rows.setdefault(metric_name(metric), {"": metric_name(metric), "Left": "–", "Right": "–"})
        shown = in_units(metric, units)
        lines = (metric_basis(shown), *(markdown_text(words) for words in beside(metric)))
        small = "  \n".join(f":gray[:small[{line}]]" for line in lines)
        row[str(metric.side).capitalize()] = f"**{metric_value(shown)}**  \n{small}"
    if rows:
        st.table(list(rows.values()), border="horizontal", hide_header=False, alt="Numbers of the left and right side")


def withheld_list(metrics: Sequence[Metric]) -> None:
    """Say which numbers are missing and why, one line a reason."""
    reason_list([(metric_label(metric), metric.reason or "") for metric in metrics])


def reason_list(reasons: Iterable[tuple[str, str]]) -> None:
    """Show reasons, each once, below the names of what it holds for; takes pairs of name and reason."""
    by_reason: dict[str, list[str]] = {}
    for label, reason in reasons:
        by_reason.setdefault(reason, []).append(label)
    for reason, labels in by_reason.items():
        st.markdown(f"**{markdown_text(' · '.join(labels))}**  \n{markdown_text(reason)}")
