"""The facts that a report rests on, as chips below its title: each opens a small form that puts it right."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gaitlab.reports.sentences import moving_label
from gaitlab.settings import put_right_of
from gaitlab.storage import RecordedFrom, StoredSession
from gaitlab.ui.resources import preferences, store
from gaitlab.ui.session.fixing import CHIPS, FORMS, Part, moved_session, settings_of, undo_move
from gaitlab.ui.shared.amounts import belt_words, height_words
from gaitlab.ui.shared.help_texts import UNDO_HELP, markdown_text
from gaitlab.ui.shared.widgets import open_session, time_zone

__all__ = ["offer_chips"]

_ROW, _CHIP = f"[class*=st-key-{CHIPS}]", "[data-testid=stPopoverButton], .stButton button"
_STYLE: Final = f"""
{_ROW} {{ gap: 0.4rem; align-items: center }}
{_ROW} :is({_CHIP}) {{ min-height: 0; padding: 0.2rem 0.7rem; border-radius: 999px }}
{_ROW} :is({_CHIP}) p {{ font-size: 0.875rem }}
"""
_FROM: Final[dict[RecordedFrom, str]] = {
    "metadata": " · from the file",
    "file_time": " · date of the file",
    "now": " · day of the analysis",
}
#: Without a walk there are no lengths.
_OF_WALKS: Final = ("height", "belt", "scale")


def offer_chips(stored: StoredSession) -> None:
    """Show activity, person, height, belt speed, scale, slow motion and date; what was found automatically says so."""
    st.html(f"<style>{_STYLE}</style>")
    with st.container(horizontal=True, key=CHIPS):
        for part, label in _labels(stored).items():
            # The label is part of the key: what was put right closes by itself.
            with st.popover(label, key=f"chip-{part}-{stored.header.id}-{hash(label)}"):
                FORMS[part](stored, "chip")
        _undo(stored)


def _labels(stored: StoredSession) -> dict[Part, str]:
    analysis, header, wanted = stored.analysis, stored.header, settings_of(stored)
    units = preferences().units
    detected = " · detected" if analysis.activity.chosen_by == "auto" else ""
    name = moving_label(header.kind, header.gait_mode)
    height = "none" if wanted.height_m is None else height_words(wanted.height_m, units)
    belt = "none" if wanted.treadmill_mps is None else belt_words(wanted.treadmill_mps, units)
    day = header.recorded_at.astimezone(time_zone())
    labels: dict[Part, str] = {
        "activity": f"Activity: {markdown_text(name)}{detected}",
        "person": f"Person: {markdown_text(header.person)}",
        "height": f"Height: {height}",
        "belt": f"Belt speed: {belt}",
        "scale": f"Scale: {_scale(stored)}",
        "slow_motion": "Slow motion: " + ("none" if wanted.slow_motion == 1.0 else f"{wanted.slow_motion:g}×"),
        "date": f"Filmed: {day.day} {day:%b %Y}{_FROM.get(header.recorded_from, '')}",
    }
    if analysis.exercise is not None:
        return {part: label for part, label in labels.items() if part not in _OF_WALKS}
    return labels


def _scale(stored: StoredSession) -> str:
    wanted = settings_of(stored)
    if wanted.px_per_m is not None:
        return f"{wanted.px_per_m:.0f} px per m"
    if wanted.scale_line is not None:
        return f"{wanted.scale_line.px_per_m:.0f} px per m · two points"
    return "none"


def _undo(stored: StoredSession) -> None:
    """Offer to take back what was put right last, and a move just made."""
    number = stored.header.id
    if (moved := moved_session(number)) is not None:
        said = f"Moved from {moved.person.name} to {stored.header.person}. {UNDO_HELP}"
        st.caption(markdown_text(said), width="content")
        if st.button("Undo the move", icon=":material/undo:", type="tertiary", key=f"undo-move-{number}"):
            undo_move(moved)
    if put_right_of(stored.analysis.provenance.settings):
        older = [one.id for one in store().versions(number) if one.replaced_by == number and one.id < number]
        label = "Undo the last change"
        if older and st.button(label, icon=":material/undo:", type="tertiary", key=f"undo-fix-{number}"):
            store().use_version(max(older))
            open_session(max(older))
