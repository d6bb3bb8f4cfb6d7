"""Analyse: drop a clip, choose person and activity, and follow the analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from gaitlab.errors import UsageError
from gaitlab.repetitions.activities import activities, activity_label
from gaitlab.sessions import AnalysisRequest, request_of
from gaitlab.settings import ScaleLine, WalkingTestSettings
from gaitlab.ui.analyse.example_result import show_example
from gaitlab.ui.analyse.filming_guide import show_findings, show_guide
from gaitlab.ui.analyse.first_look import Preview
from gaitlab.ui.analyse.keypoint_files import ask_keypoints, is_keypoints
from gaitlab.ui.analyse.picture_poses import is_picture, show_poses
from gaitlab.ui.analyse.queues import dismiss, jobs, opened, own_clip, own_jobs, submit_clip, waiting_clips
from gaitlab.ui.analyse.scaling import ask_scale
from gaitlab.ui.analyse.show_first_looks import look_at, look_of, poses_of, preview_of, wait_for_looks
from gaitlab.ui.analyse.subject_choice import ask_whom
from gaitlab.ui.analyse.upload_box import upload_box
from gaitlab.ui.analyse.waiting_clips import WaitingClip
from gaitlab.ui.analyse.walking_test import ask_walking_test
from gaitlab.ui.resources import store, upload_limit_bytes
from gaitlab.ui.server.jobs import UNEXPECTED, JobSnapshot
from gaitlab.ui.shared.help_texts import duration_words, markdown_text, stage_words
from gaitlab.ui.shared.small_pictures import session_figure
from gaitlab.ui.shared.warm_up import warm_up_charts
from gaitlab.ui.shared.widgets import choose_who, open_session, sample_offer

_POLL_S = 1.0
_HELD, _FOLLOWED = "held", "followed"
_BUTTON, _PRESSED, _NAMELESS = "analyse", "analyse-pressed", "analyse-nameless"
_WHAT, _WHAT_HELP = "what", "What the clip shows."
_ASKED_AND_SEEN = (2, 3)
_STILL_WIDTH = 72
_CHOICES_WIDTH = 640
_LOOKED_AT = (":material/hourglass_top:", "is being looked at.")
_READY = (":material/check_circle:", "is ready to be analysed.")
_SEEN = (":material/image:", "is a picture.")
_AMISS = (":material/error:", "has arrived, but a first look at it failed; remove it and choose another.")


def _readable(clips: Sequence[WaitingClip]) -> Sequence[WaitingClip]:
    """Return the clips that a first look could read, or may still; all of them if that is none; never a picture."""
    clips = [clip for clip in clips if not is_picture(clip.path)]
    looks = [(clip, look_of(clip)) for clip in clips]
    return [c for c, look in looks if not look or look.state != "failed" or look.message == UNEXPECTED] or clips


def _submit(requests: Mapping[str, AnalysisRequest], rest: Sequence[WaitingClip]) -> None:
    """Queue clips by id; the rest stays. The page follows a single clip by the address, which survives a reload."""
    for job in own_jobs():
        if job.state in {"failed", "cancelled"}:
            dismiss(job.id)  # they were on the page until now
    look_at(rest)
    taken = [(waiting_clips().take(clip_id), request) for clip_id, request in requests.items()]
    job_ids = [submit_clip(clip.path, request) for clip, request in taken if clip is not None]
    st.session_state["upload_round"] = _round() + 1  # empties the box
    _remember(rest)
    if len(job_ids) == 1:
        st.query_params["job"] = job_ids[0]
    st.rerun()


def _round() -> int:
    return int(st.session_state.get("upload_round", 0))


def _clips() -> list[WaitingClip]:
    """Take in clips that have arrived and return all clips that wait.

    Their ids stand in the address too, for a reload; but not only there: while several arrive, the browser may still
    tell of the address as it was before the last of them.
    """
    address = st.query_params.get(_HELD, "").split(",")
    known = [clip_id for clip_id in (*st.session_state.get(_HELD, ()), *address) if own_clip(clip_id)]
    arrived = upload_box(key=f"clips-{_round()}", limit_bytes=upload_limit_bytes(), held=known)
    ids = dict.fromkeys([*known, *arrived])
    clips = [clip for clip_id in ids if (clip := own_clip(clip_id)) is not None]
    _remember(clips)
    if clips and not known:
        st.rerun()  # the box is lower with clips: it shrinks at once, not later while the user clicks
    return clips


def _remember(clips: Sequence[WaitingClip]) -> None:
    st.session_state[_HELD] = [clip.id for clip in clips]
    held = ",".join(st.session_state[_HELD])
    if held != st.query_params.get(_HELD, ""):
        st.query_params[_HELD] = held
        if not held:
            del st.query_params[_HELD]


def _waiting(clips: Sequence[WaitingClip]) -> None:
    for clip in clips:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            look = look_of(clip)
            icon, words = _LOOKED_AT if look is None else _AMISS if look.state == "failed" else _READY
            if poses_of(clip):
                icon, words = _SEEN
            if (preview := preview_of(clip)) is not None:
                st.image(preview.jpeg, width=_STILL_WIDTH, alt=f"A moment of {clip.name}")
            st.markdown(f"{icon} **{markdown_text(clip.name)}** {words}")
            if st.button("Remove", key=f"remove-{clip.id}", icon=":material/close:"):
                waiting_clips().drop(clip.id)
                _remember([other for other in clips if other.id != clip.id])
                st.rerun()


def _first_looks(clips: Sequence[WaitingClip], *, chosen: bool) -> None:
    """Show the results of the first looks: unreadable clips, poses of pictures, and findings about the filming."""
    for clip in clips:
        look = look_of(clip)
        if look is not None and look.state == "failed":
            st.warning(markdown_text(look.message or ""), icon=":material/warning:")
    wait_for_looks()
    show_poses([(clip.name, seen) for clip in clips if (seen := poses_of(clip)) is not None])
    for clip in clips:
        name = clip.name if len(clips) > 1 else ""
        show_findings(preview_of(clip), name, activity=st.session_state.get(_WHAT, "auto"), chosen=chosen)


def _form() -> None:
    clips = _clips()
    look_at(clips)
    _waiting(clips)
    # Side by side: findings of a first look come a moment later and must not move the button under the finger.
    asked, seen = st.columns(_ASKED_AND_SEEN, gap="medium") if clips else (st.container(), st.container())
    # The person and the scale can only be asked for a single clip.
    moving = [clip for clip in clips if not is_picture(clip.path)]
    only = moving[0] if len(moving) == 1 else None
    film = only if only is not None and not is_keypoints(only) else None
    with seen:
        subject_at = ask_whom(film)
        _first_looks(clips, chosen=subject_at is not None)
        scale_line, tests, unfit = _scale_and_test(preview_of(film))
    with asked:
        who, what = st.container(width=_CHOICES_WIDTH).columns(2)
        with who:
            person = choose_who()
        activity = what.selectbox("What", activities(), format_func=activity_label, help=_WHAT_HELP, key=_WHAT)
        fit = _readable(clips)
        asked_of = _each(fit, person, activity)
        facts = ask_keypoints(clips)
        label = f"Analyse {len(fit)} clips" if len(fit) > 1 else "Analyse"
        icon, barred = ":material/play_arrow:", not fit or unfit
        st.button(label, type="primary", icon=icon, disabled=barred, key=_BUTTON, on_click=_press)
        show_guide(activity)
        pressed = st.session_state.pop(_PRESSED, False)
        nameless = any(name is None for name, _ in asked_of.values())
        st.session_state[_NAMELESS] = nameless and (pressed or st.session_state.get(_NAMELESS, False))
        if st.session_state[_NAMELESS]:
            st.error("Type the name of the new person first.")
    if pressed and not nameless and not barred:
        requests = {
            clip_id: facts.added_to(request_of(name, shown, subject_at, scale_line, tests))
            for clip_id, (name, shown) in asked_of.items()
            if name is not None
        }
        _submit(requests, [clip for clip in clips if clip.id not in requests])


def _each(clips: Sequence[WaitingClip], person: str | None, activity: str) -> dict[str, tuple[str | None, str]]:
    """Return person and activity of each clip, by id; of several clips they can be asked one by one."""
    if len(clips) < 2 or not st.checkbox("The clips show different people or activities"):
        return {clip.id: (person, activity) for clip in clips}
    asked: dict[str, tuple[str | None, str]] = {}
    for clip in clips:
        st.markdown(f"**{markdown_text(clip.name)}**")
        who, what = st.columns(2)
        with who:
            name = choose_who(key=f"who-{clip.id}")
        shown = what.selectbox("What", activities(), format_func=activity_label, key=f"what-{clip.id}")
        asked[clip.id] = (name, shown)
    return asked


def _press() -> None:
    """Note that the button was pressed; otherwise an interrupted run of the page would lose it."""
    st.session_state[_PRESSED] = True


def _scale_and_test(preview: Preview | None) -> tuple[ScaleLine | None, WalkingTestSettings, bool]:
    """Ask for a scale and a walking test; return them, and whether one is not valid (the page then shows an error)."""
    try:
        line = ask_scale(preview)
        return line, WalkingTestSettings() if preview is None else ask_walking_test(line), False
    except UsageError as error:
        st.error(markdown_text(f"{error}."), icon=":material/straighten:")
        return None, WalkingTestSettings(), True


def _active_card(job: JobSnapshot[int]) -> None:
    with st.container(border=True):
        st.markdown(f"**{markdown_text(job.title)}**")
        if job.state == "queued":
            st.caption("Waiting for the analysis before it.")
        else:
            words = "Stopping" if job.stopping else stage_words(job.stage)
            left = "" if job.stopping or job.seconds_left is None else f" · {duration_words(job.seconds_left)}"
            st.progress(min(job.fraction or 0.0, 1.0), text=f"{words}{left}")
        if st.button("Cancel", key=f"cancel-{job.id}", icon=":material/close:", disabled=job.stopping):
            jobs().cancel(job.id)
            st.rerun()


@st.fragment(run_every=_POLL_S)
def _watch(shown: frozenset[str]) -> None:
    """Show the progress of the analyses; when one ends or begins, the whole page runs again."""
    active = [job for job in own_jobs() if job.active]
    if {job.id for job in active} != shown:
        st.rerun()
    for job in active:
        _active_card(job)


def _finished_card(job: JobSnapshot[int]) -> None:
    title = markdown_text(job.title)
    with st.container(horizontal=True, vertical_alignment="center"):
        if job.result is not None:
            st.html(session_figure(job.result, f"Figure of {job.title}"), width="content")
        if job.state == "failed":
            st.error(markdown_text(job.message or ""), icon=":material/error:")
        elif job.state == "cancelled":
            st.info(f"{title}: cancelled; nothing was saved.", icon=":material/cancel:")
        else:
            st.success(f"{title} is ready.", icon=":material/check_circle:")
        if job.result is not None and st.button("Open the report", key=f"open-{job.id}", type="primary"):
            dismiss(job.id)
            open_session(job.result)
        if st.button("Dismiss", key=f"dismiss-{job.id}"):
            dismiss(job.id)
            st.rerun()


def _follow() -> None:
    """Open the report of the job this tab follows as soon as it is there, once a visit.

    The job is kept: a visit that a reload broke off may have opened the report for nobody.
    """
    asked = st.query_params.get("job", "")
    followed = next((job for job in own_jobs() if job.id == asked), None)
    shown = st.session_state.setdefault(_FOLLOWED, set())
    if followed and followed.result is not None and followed.id not in shown:
        shown.add(followed.id)
        opened().add(followed.id)
        open_session(followed.result)


def _render() -> None:
    _follow()
    st.title("Analyse a video")
    st.write(
        "Drop a clip of somebody walking or exercising; GaitLab finds the movement and measures it. "
        "Of a picture it shows the poses."
    )
    views = own_jobs()
    for job in views:
        if not job.active and job.id not in opened():
            _finished_card(job)
    active = frozenset(job.id for job in views if job.active)
    if active:
        _watch(active)
    _form()
    if not active and not store().sessions(limit=1):
        show_example()
        st.subheader("No clip at hand?")
        sample_offer()
    warm_up_charts()


_render()
