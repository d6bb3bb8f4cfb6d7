"""What a report advises to give or to name: each piece of it is a button that does it, or opens the form for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import streamlit as st

from gaitlab.records.findings import Said
from gaitlab.reports import Document
from gaitlab.storage import StoredSession
from gaitlab.ui.resources import preferences, store
from gaitlab.ui.session.fixing import CHIPS, FORMS, Part, put_right, settings_of
from gaitlab.ui.shared.amounts import height_words

__all__ = ["advised", "offer_advice", "offer_parts"]

#: Code of a finding -> what it advises to put right.
_ADVICE: Final[Mapping[str, tuple[Part, ...]]] = {
    **dict.fromkeys(("nothing", "nothing_few_frames", "nothing_feet_cut", "nothing_ankles_hidden"), ("activity",)),
    **dict.fromkeys(("no_angle", "another_movement"), ("activity",)),
    **dict.fromkeys(("slowed", "too_fast", "implausible", "swing", "other_pace"), ("slow_motion",)),
    "no_scale": ("height", "belt", "scale"),
    "implausible_speed": ("height", "scale"),
    "ground_moves": ("belt",),
    "not_three_metres": ("scale",),
}
_LABELS: Final[Mapping[Part, str]] = {
    "activity": "Name the activity",
    "slow_motion": "Set the slow-motion factor",
    "height": "Give the body height",
    "belt": "Give the belt speed",
    "scale": "Give the scale",
}


def advised(findings: Iterable[Said | None]) -> dict[Part, float | None]:
    """Return what findings advise to put right, with the slow-motion factor where they name one."""
    found: dict[Part, float | None] = {}
    for finding in filter(None, findings):
        for part in _ADVICE.get(finding.code, ()):
            found[part] = finding.values.get("factor", found.get(part))
    return found


def offer_advice(stored: StoredSession, document: Document) -> None:
    """Show a button for each piece of advice in the notes and in the reasons for missing numbers."""
    reasons = (number.metric.why for number in document.missing)
    offer_parts(stored, advised((*stored.analysis.findings, *reasons)), "advice")


def offer_parts(stored: StoredSession, parts: Mapping[Part, float | None], place: str) -> None:
    """Show a button for each part; one that is known does it at once, the others open a form."""
    if not parts:
        return
    with st.container(horizontal=True, gap="small", key=f"{CHIPS}-{place}-{stored.header.id}"):
        for part, value in parts.items():
            _button(stored, part, value, place)


def _button(stored: StoredSession, part: Part, value: float | None, place: str) -> None:
    key = f"do-{part}-{place}-{stored.header.id}"
    if part == "slow_motion" and value is not None:
        if st.button(f"Set the slow-motion factor to {value:g}", key=key, icon=":material/slow_motion_video:"):
            put_right(stored, slow_motion=value)
        return
    known_m = store().person(stored.header.person).height_m if part == "height" else None
    if known_m is not None and known_m != settings_of(stored).height_m:
        label = f"Use the height under People, {height_words(known_m, preferences().units)}"
        if st.button(label, key=key):
            put_right(stored, height_m=known_m)
        return
    with st.popover(_LABELS[part], key=key):
        FORMS[part](stored, place)
