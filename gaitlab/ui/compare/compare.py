"""Compare: two sessions of one person side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from gaitlab.errors import UsageError
from gaitlab.history.sessions import ComparedMetric, Comparison, changes_of_session, compare_sessions
from gaitlab.history.verdict import many_verdicts_note
from gaitlab.metrics.units import in_units
from gaitlab.metrics.words import angle_label, date_words, metric_label, metric_value, rate_words, rounded, view_words
from gaitlab.records import FloatArray, Metric
from gaitlab.reports.charts import SPAN_MIN_DEG
from gaitlab.settings import real_rate
from gaitlab.storage import SessionHeader, StoredSession
from gaitlab.ui.resources import preferences, store
from gaitlab.ui.shared.figures import angle_figure, angle_joints
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.verdicts import VERDICT_HELP, show_reasons, verdict_badge
from gaitlab.ui.shared.widgets import HISTORY_PAGE, SESSION_PAGE, headline, nothing_yet, time_zone

_OFFERED = 100  # most sessions in a list to choose from
_NUMBER_DIGITS_MAX = 18


def _numbers_of(asked: str) -> list[int]:
    parts = asked.split("-")
    return [int(p) for p in parts if p.isascii() and p.isdigit() and len(p) <= _NUMBER_DIGITS_MAX] if asked else []


def _asked() -> tuple[int, int] | None:
    """Return the two sessions of the address, as in ``?sessions=3-12``."""
    asked = st.query_params.get("sessions")
    if not asked:
        return None
    numbers = _numbers_of(asked)
    if len(numbers) != 2 or asked.count("-") != 1:
        raise UsageError(
            f"sessions: expected two numbers in the address, as in 3-12, got {asked[:40]!r}; choose two under History"
        )
    return numbers[0], numbers[1]


def _words(header: SessionHeader) -> str:
    return f"{date_words(header.recorded_at, time_zone())} · {headline(header)} · session {header.id}"


def _two_alike(headers: Sequence[SessionHeader]) -> tuple[int, int]:
    """Return an earlier and a later session: the newest two of one activity, else the two newest of all."""
    for number, later in enumerate(headers):
        for earlier in headers[number + 1 :]:
            if earlier.kind == later.kind:
                return earlier.id, later.id
    return headers[1].id, headers[0].id


def _choose(person: str, asked: tuple[int, int] | None) -> tuple[int, int] | None:
    """Let the user choose two sessions of a person; default: the two newest of one activity."""
    headers = {header.id: header for header in store().sessions(person=person, limit=_OFFERED)}
    for number in asked or ():  # an older one that a link leads to
        headers.setdefault(number, store().get(number).header)
    numbers = list(headers)
    if len(numbers) < 2:
        return None
    first, second = asked or _two_alike(list(headers.values()))
    left, right = st.columns(2)
    one = left.selectbox("One session", numbers, index=numbers.index(first), format_func=lambda n: _words(headers[n]))
    other = right.selectbox(
        "Another session", numbers, index=numbers.index(second), format_func=lambda n: _words(headers[n])
    )
    if {one, other} != {first, second}:
        st.query_params["sessions"] = f"{one}-{other}"
    return one, other


def _circumstances(stored: StoredSession) -> str:
    source, subject = stored.analysis.source, stored.analysis.subject
    rate = rate_words(real_rate(source.fps_mean, stored.analysis.provenance.settings))
    model = stored.analysis.provenance.model or "keypoint file"
    baseline = " · baseline" if stored.header.is_baseline else ""
    return f"{stored.header.file} · seen {view_words(subject.view)} · {rate} · {model}{baseline}"


def _head(stored: StoredSession, title: str) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{title}: {markdown_text(date_words(stored.header.recorded_at, time_zone()))}**")
        st.caption(markdown_text(_circumstances(stored)))
        link = {"session": str(stored.header.id)}
        st.page_link(SESSION_PAGE, label="Open report", icon=":material/monitoring:", query_params=link)


def _value(metric: Metric | None) -> str:
    return "–" if metric is None else metric_value(in_units(metric, preferences().units))


def _difference(row: ComparedMetric) -> str:
    if row.first is None or row.second is None or row.first.value is None or row.second.value is None:
        return "–"
    first, second = (rounded(in_units(metric, preferences().units)) for metric in (row.first, row.second))
    size = (second.value or 0.0) - (first.value or 0.0)
    return f"{'+' if size > 0 else '−' if size < 0 else '±'}{metric_value(replace(second, value=abs(size)))}"


def _label(row: ComparedMetric) -> str:
    return metric_label(row.second or row.first or Metric(name=row.name, value=0.0, unit="", side=row.side))


def _numbers(rows: Sequence[ComparedMetric]) -> None:
    table = [
        {
            "": f"**{_label(row)}**",
            "Earlier": _value(row.first),
            "Later": _value(row.second),
            "Difference": _difference(row),
            "Verdict": verdict_badge(row.change),
        }
        for row in rows
    ]
    st.table(table, border="horizontal", alt="Numbers of the two sessions and what changed")
    show_reasons([(_label(row), row.change) for row in rows])


def _common_range(curves: Sequence[FloatArray]) -> tuple[float, float]:
    """Return axis limits that fit all curves, so that the two charts can be compared by eye."""
    known = np.concatenate([curve[np.isfinite(curve)] for curve in curves])
    low, high = float(known.min()), float(known.max())
    pad = max(0.05 * (high - low), (SPAN_MIN_DEG - (high - low)) / 2)
    return low - pad, high + pad


def _curves(comparison: Comparison) -> None:
    pair = (comparison.first, comparison.second)
    joints = [angle_joints(stored.analysis.angles) for stored in pair]
    common = [joint for joint in joints[0] if joint in joints[1]]
    if not common:
        return
    st.subheader("Curves")
    default = next((joint for joint in common if "knee" in joint), common[0])
    joint = st.segmented_control("Angle", common, format_func=angle_label, default=default, required=True)
    figures = [
        angle_figure(stored.analysis.angles, found[joint], exercise=stored.analysis.exercise, gait=stored.analysis.gait)
        for stored, found in zip(pair, joints, strict=True)
    ]
    span = _common_range(
        [stored.analysis.angles.angle(n) for stored, f in zip(pair, joints, strict=True) for n in f[joint]]
    )
    for column, figure, when in zip(st.columns(2), figures, ("earlier", "later"), strict=True):
        figure.update_yaxes(range=span)
        with column:
            st.caption(when.capitalize())
            st.plotly_chart(
                figure,
                key=f"angle-{when}",
                config={"displayModeBar": False},
                alt=f"{angle_label(joint)} over time in the {when} session",
            )


def _against_baseline(number: int) -> None:
    """Show every number of one session beside the mean of the baseline sessions."""
    st.title("Compare with the baseline")
    stored = store().get(number)
    st.caption(markdown_text(stored.header.person))
    _head(stored, "Session")
    changes = changes_of_session(store(), stored)
    units = preferences().units
    table, compared = [], []
    for metric in stored.analysis.metrics:
        change = changes.get((metric.name, metric.side))
        if change is None:
            continue
        before = None if change.reference is None else in_units(replace(metric, value=change.reference), units)
        table.append(
            {
                "": f"**{metric_label(metric)}**",
                "Before": "–" if before is None else metric_value(before),
                "Session": _value(metric),
                "Verdict": verdict_badge(change),
            }
        )
        compared.append((metric_label(metric), change))
    if not table:
        st.info("This session has no number that could be compared.")
        return
    st.table(table, border="horizontal", alt="Numbers of the session beside those before it")
    show_reasons(compared)
    judged = sum(1 for change in changes.values() if change.limit is not None)
    st.caption(" ".join([VERDICT_HELP, markdown_text(many_verdicts_note(judged))]))


def _render() -> None:
    asked_one = st.query_params.get("session", "")
    if asked_one and not st.query_params.get("sessions"):
        numbers = _numbers_of(asked_one)
        if len(numbers) != 1 or not asked_one.isdigit():
            raise UsageError(
                f"session: expected a number in the address, got {asked_one[:40]!r}; choose one in History"
            )
        _against_baseline(numbers[0])
        return
    st.title("Compare two sessions")
    asked = _asked()
    newest = store().sessions(limit=1)
    person = store().get(asked[0]).header.person if asked else st.session_state.get("person")
    person = person or (newest[0].person if newest else None)
    chosen = _choose(person, asked) if person else None
    if not newest:
        nothing_yet()
        return
    if chosen is None:
        st.info("This needs two sessions of one person. Analyse another clip, or choose another person under History.")
        if st.button("History", type="primary", icon=":material/history:"):
            st.switch_page(HISTORY_PAGE)
        return
    comparison = compare_sessions(store(), *chosen)
    st.caption(markdown_text(comparison.first.header.person))
    for column, stored, title in zip(
        st.columns(2), (comparison.first, comparison.second), ("Earlier", "Later"), strict=True
    ):
        with column:
            _head(stored, title)
    if comparison.rows:
        _numbers(comparison.rows)
        st.caption(" ".join([VERDICT_HELP, markdown_text(comparison.note)]))
    else:
        st.info("Neither session has a number that could be compared.")
    _curves(comparison)


_render()
