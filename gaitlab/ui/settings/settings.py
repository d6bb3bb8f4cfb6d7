"""Settings: units, retention, backup, models and versions."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from itertools import islice
from typing import Final

import streamlit as st

from gaitlab import __version__
from gaitlab.archive import bring_back
from gaitlab.metrics.units import Units
from gaitlab.paths import data_dir
from gaitlab.pose.weights.manifest import load_manifest
from gaitlab.pose.weights.resolve import find_model
from gaitlab.storage import SessionFilter, check_store
from gaitlab.storage.audit import audit_events
from gaitlab.storage.preferences import Keep, Preferences, write_preferences
from gaitlab.ui.people.archive_routes import backup_url
from gaitlab.ui.people.archive_upload import analyses_under_way, on_disk
from gaitlab.ui.resources import enforce_limits, may, preferences, store
from gaitlab.ui.server.sign_in import people_sign_in, visitor
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.ui.shared.small_pictures import forget_figures
from gaitlab.ui.shared.widgets import say_it_is_made

_UNITS: Final[Mapping[Units, str]] = {"metric": "Metres", "imperial": "Feet and miles"}
_KEEP: Final[Mapping[Keep, str]] = {
    "video": "The clip with the skeleton drawn on it, and the numbers",
    "coordinates": "Coordinates and numbers only, no picture of anybody",
}
_PACKAGES: Final = ("streamlit", "numpy", "scipy", "av", "opencv-python-headless", "ai-edge-litert", "sqlalchemy")
_DAYS_FIRST = 365
_EVENTS_SHOWN = 200


def _wanted(now: Preferences) -> Preferences:
    """Return the preferences chosen on the page, not yet saved."""
    units = st.radio(
        "Units of length and speed", list(_UNITS), index=list(_UNITS).index(now.units), format_func=_UNITS.__getitem__
    )
    st.caption("For numbers of reports and comparisons; trends, goals and files of data stay metric.")
    keep = st.radio(
        "What is kept of a clip", list(_KEEP), index=list(_KEEP).index(now.keep), format_func=_KEEP.__getitem__
    )
    feet = st.checkbox(
        "Look at heels and toes of people who walk or run",
        value=now.feet,
        help="A second network does, while somebody walks across the picture. It gives the angle at which a foot "
        "lands; an analysis of a walk takes a third more time.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ends = st.checkbox("Delete sessions after some time", value=now.delete_after_days is not None)
        days = st.number_input(
            "Days after they were saved",
            min_value=1,
            max_value=36500,
            value=now.delete_after_days or _DAYS_FIRST,
            disabled=not ends,
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        audit = st.checkbox(
            "Note who opens, exports, changes and erases which session",
            value=now.audit,
            help="Numbers of sessions and people, no names of theirs. "
            + (
                "Who did it is named by their account."
                if people_sign_in()
                else "All who open this page are one account."
            ),
        )
        audit_days = st.number_input(
            "Days this is kept", min_value=1, max_value=36500, value=now.audit_days, disabled=not audit
        )
    return replace(
        now,
        units=units,
        keep=keep,
        feet=feet,
        delete_after_days=int(days) if ends else None,
        audit=audit,
        audit_days=int(audit_days),
    )


def _losses(wanted: Preferences) -> list[str]:
    """Return the sessions and clips that saving these preferences would remove, in words."""
    losses = []
    if wanted.delete_after_days is not None:
        limit = datetime.now(UTC) - timedelta(days=wanted.delete_after_days)
        n = _count(SessionFilter(saved_before=limit, with_replaced=True, only_own=True))
        losses += [f"{n} session{'s' if n != 1 else ''} with everything in {'them' if n != 1 else 'it'}"] if n else []
    if wanted.keep == "coordinates":
        n = _count(SessionFilter(with_media=True, with_replaced=True, only_own=True))
        losses += [f"the clip{'s' if n != 1 else ''} of {n} session{'s' if n != 1 else ''}"] if n else []
    return losses


def _count(where: SessionFilter) -> int:
    """Return the number of sessions of everybody who has some here."""
    return sum(store().for_owner(owner).count_sessions(where=where) for owner in store().owners())


def _preferences() -> None:
    now = preferences()
    wanted = _wanted(now)
    losses = _losses(wanted)
    sure = True
    if losses:
        st.warning(f"Saving this deletes {' and '.join(losses)}, for good.", icon=":material/delete:")
        sure = st.checkbox("Yes, delete")
    if st.button("Save settings", type="primary", disabled=not sure or wanted == now):
        write_preferences(data_dir(), wanted)
        enforce_limits(store(), wanted)
        st.toast("Saved.")
        st.rerun()


def _backup() -> None:
    st.subheader("Backup")
    st.write("One file with everybody, all sessions and all clips. It can be made while GaitLab is at work.")
    st.link_button("Make a backup (zip)", backup_url(), icon=":material/download:", on_click=say_it_is_made)
    with st.expander("Bring back a backup", icon=":material/settings_backup_restore:"):
        st.write("It takes the place of everything that is here now; what is here now is kept in a file beside it.")
        upload = st.file_uploader("Backup", type=["zip"])
        busy = analyses_under_way()
        sure = st.checkbox("Yes, replace everything", disabled=upload is None)
        if st.button("Bring back", disabled=upload is None or not sure or busy) and upload is not None:
            with on_disk(upload) as path:
                aside = bring_back(path, by=visitor().subject)
                forget_figures()
                faults = check_store().faults
            st.success(
                markdown_text(f"Brought back. What was here before is kept as {aside}." if aside else "Brought back.")
            )
            for fault in faults:
                st.warning(markdown_text(fault), icon=":material/report:")


def _audit() -> None:
    """Show the newest lines of the audit trail, if there is one."""
    events = list(islice(audit_events(), _EVENTS_SHOWN))
    if not events and not preferences().audit:
        return
    st.subheader("Audit trail")
    if not events:
        st.caption("Nothing is noted yet.")
        return
    rows = [
        {
            "When (UTC)": f"{event.at:%Y-%m-%d %H:%M:%S}",
            "Account": event.subject or (None if event.account is None else str(event.account)),
            "What": event.did,
            "Session": event.session,
            "Person": event.person,
        }
        for event in events
    ]
    st.dataframe(rows, hide_index=True, placeholder="–")
    st.caption(f"The newest {_EVENTS_SHOWN} at most; all of them are in the folder audit of the data folder.")


def _models() -> None:
    st.subheader("Models and versions")
    rows = [
        {
            "Pose model": f"`{spec.name}`",
            "On this computer": "yes" if find_model(spec.name) else "no",
            "Licence": markdown_text(spec.licence),
        }
        for spec in load_manifest()
    ]
    st.table(rows, border="horizontal", alt="Pose models and whether they are on this computer")
    st.markdown("`gaitlab models fetch NAME` fetches one, `gaitlab models verify` checks those that are here.")
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    st.markdown(f"GaitLab {__version__} with Python {platform.python_version()}, {markdown_text(packages)}.")
    st.markdown(f"Data are kept in {markdown_text(str(data_dir()))}.")


def _render() -> None:
    st.title("Settings")
    if may("administrator"):
        _preferences()
        _backup()
        _audit()
    else:
        st.caption("Units, limits, backups and the audit trail are for everybody here: administrators see to them.")
    _models()


_render()
