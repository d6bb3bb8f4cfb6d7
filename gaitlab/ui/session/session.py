"""Session: the report of one clip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from textwrap import shorten
from typing import Any

import streamlit as st

from gaitlab.errors import GaitLabError, NotFoundError
from gaitlab.gait.cycle_curves import cycle_curves
from gaitlab.metrics.table import HEADLINES
from gaitlab.metrics.words import confidence_words, date_words, metric_help, metric_name
from gaitlab.records import Analysis, Metric, Repetition
from gaitlab.reports import EXPORTS
from gaitlab.reports.sentences import note_words
from gaitlab.storage import StoredSession
from gaitlab.ui.resources import store
from gaitlab.ui.session.clip_route import clip_url
from gaitlab.ui.session.curves import show_cycles
from gaitlab.ui.session.editing import offer_edits, remember_moment
from gaitlab.ui.session.export_route import VIDEO, export_url
from gaitlab.ui.session.numbers import clinical_reading, origin_sentence, plain_reading, reading_by_side, usual_of
from gaitlab.ui.session.player import player_data, session_player
from gaitlab.ui.session.session_details import offer_description, offer_versions
from gaitlab.ui.shared.help_texts import SHARE_HELP, markdown_text
from gaitlab.ui.shared.widgets import HISTORY_PAGE, headline, nothing_yet, time_zone, withheld_list

_READINGS = ("In plain words", "For clinicians")
_PAPER = "pdf"  # the export that stands at the head
_REMARK_MAX = 300  # characters above the numbers; all of it stands where it is edited
_OPTIONAL = ("Out (s)", "Hold (s)", "Back (s)", "Depth (%)", "Left - right (°)")


def _chosen() -> StoredSession | None:
    """Return the session of the address; without one the last that was open, else the newest; None without any."""
    asked = st.query_params.get("session")
    if asked is not None:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise NotFoundError(
                f"session: expected a number in the address, got {asked[:40]!r}; choose one under History"
            )
        return store().get(int(asked))
    if "session" in st.session_state:
        with suppress(NotFoundError):  # it may have been deleted
            return store().get(st.session_state["session"])
    newest = store().sessions(limit=1)
    return store().get(newest[0].id) if newest else None


def _heading(stored: StoredSession) -> None:
    header = stored.header
    st.title(markdown_text(headline(header)))
    done = "analysed" if header.recorded_from == "now" else "filmed"
    when = f"{done} {date_words(header.recorded_at, time_zone())}"
    st.caption(markdown_text(f"{header.person} · {when} · {header.file}"))
    if stored.remark:
        st.caption(markdown_text(shorten(stored.remark, _REMARK_MAX, placeholder=" …")))


def _notes(analysis: Analysis) -> None:
    """Say what else the analysis found, in one box."""
    notes = list(note_words(analysis))
    if analysis.exercise and analysis.exercise.partial:
        notes.append(f"Shallow repetitions, not among those counted: {analysis.exercise.partial}.")
    if notes:
        say = st.info if analysis.gait or analysis.exercise else st.warning
        say("  \n".join(markdown_text(note) for note in notes), icon=":material/info:")


def _ordered(metrics: Sequence[Metric]) -> list[Metric]:
    """Put the headline number first; it has a card even when it was withheld."""
    return sorted(metrics, key=lambda metric: metric.name not in HEADLINES)


def _informative(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out columns that say nothing in any row; the range stays, a dash there tells how to film."""
    idle = {name for name in rows[0] if all(row[name] in ("", "both") for row in rows)} if rows else set()
    idle |= {name for name in _OPTIONAL if all(row[name] is None for row in rows)} if rows else set()
    idle |= {"Set"} if all(row["Set"] == 1 for row in rows) else set()
    return [{name: value for name, value in row.items() if name not in idle} for row in rows]


def _table_key(session_id: int) -> str:
    return f"events-{session_id}"


def _phases(rep: Repetition) -> dict[str, float | None]:
    return {"Out (s)": rep.outward_s, "Hold (s)": rep.hold_s, "Back (s)": rep.return_s}


def _events(analysis: Analysis) -> list[dict[str, Any]]:
    """Return repetitions, or heel strikes, as table rows; the column after the number is where the clip jumps to."""
    if analysis.exercise:
        repetitions = [
            {
                "#": rep.index,
                "Start (s)": rep.start_s,
                "Turn (s)": rep.turn_s,
                "End (s)": rep.end_s,
                **_phases(rep),
                "Range (°)": rep.range_deg,
                "Depth (%)": None if rep.depth is None else 100.0 * rep.depth,
                "Left - right (°)": rep.left_right_difference_deg,
                "Side": rep.side,
                "Set": rep.set_index,
                "Confidence": confidence_words(rep.confidence).split()[0],
                "Notes": ", ".join(rep.notes),
            }
            for rep in analysis.exercise.repetitions
        ]
        return _informative(repetitions)
    contacts = analysis.gait.contacts if analysis.gait else ()
    strikes = [contact for contact in contacts if contact.kind == "heel_strike"]
    return [
        {"#": i, "Time (s)": contact.time_s, "Foot": contact.side, "Frame": contact.frame}
        for i, contact in enumerate(strikes, start=1)
    ]


def _selected(session_id: int, events: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    table = st.session_state.get(_table_key(session_id))
    rows = table.selection.rows if table else []
    return events[rows[0]] if rows and rows[0] < len(events) else None


def _selected_start_s(session_id: int, events: Sequence[Mapping[str, Any]]) -> float | None:
    """Return when the event begins that is selected in the table below; None when none is."""
    event = _selected(session_id, events)
    if event is None:
        return None
    return float(event["Start (s)"] if "Start (s)" in event else event["Time (s)"])


def _player(stored: StoredSession, events: Sequence[Mapping[str, Any]]) -> None:
    """Show clip and curves as one; without a clip, the stick figure moves."""
    session_id, analysis = stored.header.id, stored.analysis
    path = stored.media.get("overlay")
    has_clip = path is not None and path.is_file()
    if not has_clip:
        st.caption("There is no video with this session, only the coordinates.")
    if not len(analysis.track):
        return
    data = player_data(
        analysis,
        src=clip_url(session_id) if has_clip else None,
        version=f"{session_id}-{has_clip}-{hash(analysis.edits)}",
    )
    seek_s = _selected_start_s(session_id, events)
    remember_moment(session_id, session_player(data, key=f"player-{session_id}", seek_s=seek_s))
    if not data["curves"]:
        st.info("No joint was seen well enough to draw its angle.")


def _cycles(analysis: Analysis, session_id: int, age: int | None) -> None:
    curves = cycle_curves(analysis)
    if curves:
        st.subheader("Over the gait cycle")
        show_cycles(analysis, curves, session_id, age=age)


def _table(analysis: Analysis, events: list[dict[str, Any]], session_id: int) -> None:
    if not events:
        return
    st.subheader("Repetitions" if analysis.exercise else "Heel strikes")
    hints = ["Select a row to go to that moment."]
    if any(event.get("Range (°)", 0.0) is None for event in events):
        hints.append("A dash: the joints were not seen well enough from the side to measure the range.")
    st.caption(" ".join(hints))
    seconds = {name: st.column_config.NumberColumn(format="%.2f") for name in events[0] if name.endswith("(s)")}
    whole = st.column_config.NumberColumn(format="%.0f")
    rounded = dict.fromkeys(("Range (°)", "Depth (%)", "Left - right (°)"), whole)
    st.dataframe(
        events,
        hide_index=True,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key=_table_key(session_id),
        column_config={**seconds, **rounded},
    )


def _provenance(analysis: Analysis) -> None:
    source, subject, provenance = analysis.source, analysis.subject, analysis.provenance
    with st.expander("How these numbers were made", icon=":material/info:"):
        st.markdown(markdown_text(origin_sentence(analysis)))
        meanings = {metric_name(metric): metric_help(metric) for metric in analysis.metrics}
        st.markdown("\n".join(f"- **{name}**: {meaning}" for name, meaning in meanings.items() if meaning))
        st.json(
            {
                "clip": {
                    "frames": source.frames,
                    "duration_s": source.duration_s,
                    "frames_per_second": source.fps_mean,
                    "size_px": [source.width_px, source.height_px],
                    "sha256": source.sha256,
                },
                "person": {
                    "people_seen": subject.people_seen,
                    "frames_tracked": subject.frames_tracked,
                    "view": subject.view,
                    "facing": subject.facing,
                },
                "activity": {
                    "kind": analysis.activity.kind,
                    "chosen_by": analysis.activity.chosen_by,
                    "confidence": analysis.activity.confidence,
                },
                "gaitlab": provenance.gaitlab,
                "model": provenance.model,
                "model_sha256": provenance.model_sha256,
                "settings": dict(provenance.settings),
            },
            expanded=1,
        )


def _delete_offer(session_id: int) -> None:
    # No popover: it is laid over the page and, opened while charts still load, ends up out of sight.
    with st.expander("Delete this session", icon=":material/delete:"):
        st.write("The report and its clip are removed from this computer. This cannot be undone.")
        if st.button("Delete for good", type="primary", key=f"delete-{session_id}"):
            store().delete(session_id)
            st.switch_page(HISTORY_PAGE)


def _share(stored: StoredSession) -> None:
    session_id = stored.header.id
    with st.expander("Share and export", icon=":material/share:"):
        st.caption(SHARE_HELP)
        if "overlay" in stored.media:
            hide = st.toggle("Hide the face in the video", value=True, key=f"hide-{session_id}")
            st.link_button(
                "Video with the skeleton", export_url(session_id, VIDEO, hide_faces=hide), icon=":material/movie:"
            )
        with st.container(horizontal=True):
            for name, export in EXPORTS.items():
                if name == _PAPER:
                    continue
                st.link_button(export.label, export_url(session_id, name), icon=":material/download:")


def _report(stored: StoredSession) -> None:
    analysis, session_id = stored.analysis, stored.header.id
    _heading(stored)
    recognised = bool(analysis.gait or analysis.exercise)
    if not recognised:
        _notes(analysis)
    metrics = _ordered(analysis.metrics)
    shown = [metric for metric in metrics if metric.value is not None or metric.name in HEADLINES]
    missing = [metric for metric in metrics if metric not in shown]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        reading = st.segmented_control(
            "Reading", _READINGS, default=_READINGS[0], required=True, key="reading", label_visibility="collapsed"
        )
        pdf = EXPORTS[_PAPER]
        st.link_button(pdf.label, export_url(session_id, _PAPER), icon=":material/picture_as_pdf:", width="content")
    goals, person = store().goals(stored.header.person), store().person(stored.header.person)
    age = person.age_at(stored.header.recorded_at)
    if reading == _READINGS[0]:
        plain_reading(analysis, shown, goals, usual_of(analysis, person.sex, age))
    else:
        clinical_reading(analysis, shown, goals)
    events = _events(analysis)
    _player(stored, events)
    _cycles(analysis, session_id, age)
    if reading == _READINGS[0]:
        reading_by_side(analysis, shown, goals)
    _table(analysis, events, session_id)
    if recognised:
        _notes(analysis)
    if missing:
        with st.expander(f"Why are numbers missing? ({len(missing)})", icon=":material/help:"):
            withheld_list(missing)
    _share(stored)
    offer_edits(stored, _selected(session_id, events))
    offer_description(stored)
    offer_versions(stored)
    _provenance(analysis)
    _delete_offer(session_id)


def _render() -> None:
    try:
        stored = _chosen()
    except GaitLabError:
        st.title("Session")
        raise
    if stored is None:
        st.title("Session")
        nothing_yet()
        return
    # What the other pages come up with next.
    st.session_state["person"], st.session_state["session"] = stored.header.person, stored.header.id
    _report(stored)


_render()
