"""Filming guide: a drawing of the place of the phone, and the findings of a first look at the clip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import streamlit as st

from gaitlab.repetitions.activities import activity_label, filming_of
from gaitlab.repetitions.exercise_row import Filming
from gaitlab.reports.drawing import Drawing, Line, Rect, Shape, Text, to_svg
from gaitlab.ui.analyse.first_look import Preview
from gaitlab.ui.shared.help_texts import markdown_text

__all__ = ["placement", "show_findings", "show_guide"]

_INKS: Final = {"dark": "#FAFAFA", "light": "#0A0A0A"}
_WITH_STEPS: Final = ("auto", "gait")
_ICONS: Final = {"good": ":material/check_circle:", "mind": ":material/info:", "bad": ":material/warning:"}


def placement(activity: str, *, ink: str = _INKS["light"]) -> Drawing:
    """Return a drawing, seen from above, of the place of the phone for an activity: at the side or in front."""
    filming = filming_of(activity)
    where = "in front of the person" if filming.view == "front" else "at the person's side"
    stands = f"the phone stands {where}, {_height(filming)}, three to four metres away, still"
    title = f"{activity_label(activity)}, seen from above: {stands}"
    return Drawing(width=340, height=190, title=title, shapes=tuple(_shapes(filming, ink=ink)))


def _height(filming: Filming) -> str:
    return "near the floor" if filming.near_floor else "at hip height"


def _shapes(filming: Filming, *, ink: str) -> Iterator[Shape]:
    x, y = 170.0, 48.0
    front = filming.view == "front"
    yield Line(points=((x, 160), (x - 105, 20), (x + 105, 20)), color="#0072B2", closed=True, opacity=0.15)
    if filming.walks:
        yield Line(points=((60, y), (280, y)), color="#D55E00", width=2.5, dashed=True)
        yield Line(points=((268, y - 8), (282, y), (268, y + 8)), color="#D55E00", width=2.5)
        yield Text(x=282, y=y + 24, text="4 m or more", color=ink, size=11, anchor="end")
    # Shoulders, head and nose: the nose shows the direction of view.
    shoulders = ((x - 20, y), (x + 20, y)) if front else ((x, y - 20), (x, y + 20))
    nose = ((x, y), (x, y + 15)) if front else ((x, y), (x + 15, y))
    yield Line(points=shoulders, color=ink, width=11)
    yield Line(points=nose, color=ink, width=5)
    yield Line(points=((x, y), (x, y)), color=ink, width=17)
    yield Line(points=((x, y + 32), (x, 150)), color=ink, width=1, dashed=True)
    yield Text(x=x + 7, y=112, text="3 to 4 m", color=ink, size=11)
    yield Rect(x=x - 13, y=158, width=26, height=7, color=ink)
    yield Text(x=x, y=182, text=f"phone {_height(filming)}, held still", color=ink, size=11, anchor="middle")


def show_guide(activity: str) -> None:
    """Show how to film an activity."""
    with st.expander("How to film it", icon=":material/photo_camera:"), st.container(horizontal=True, gap="medium"):
        with st.container(width=340):
            # An image, since st.html drops SVG; so the colour of its lines has to be chosen here.
            drawing = placement(activity, ink=_INKS.get(st.context.theme.type or "light", _INKS["light"]))
            st.image(to_svg(drawing), alt=drawing.title, width="stretch")
        with st.container(width="stretch"):
            st.write(markdown_text(f"Film {filming_of(activity).words}."))
            st.markdown(
                "- Lean the phone against something or use a stand; a moving camera is not corrected.\n"
                "- The whole body with a hand's breadth of room, nobody else in the picture.\n"
                "- Light on the person, not behind; 60 frames per second if the phone offers it.\n"
                "- Clothes that show elbows, knees and ankles."
            )


def show_findings(preview: Preview | None, name: str = "", *, activity: str, chosen: bool) -> None:
    """Show the findings about the filming of the clip `name`, in one line when all is well.

    Those about the person who stands out are left out when somebody was `chosen`, those about steps for an exercise.
    """
    no_steps = activity not in _WITH_STEPS
    found = () if preview is None else preview.findings
    findings = [one for one in found if not (one.of_body and chosen) and not (one.of_steps and no_steps)]
    if not findings:
        return
    whose = f" of {markdown_text(name)}" if name else ""
    amiss = [finding for finding in findings if finding.state != "good"]
    if not amiss:
        seen = "; ".join(finding.name.lower() for finding in findings)
        st.caption(f"First look{whose}: all is well ({markdown_text(seen)}).")
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**First look at the filming{whose}.** The clip can be analysed all the same.")
        for finding in findings:
            words = f"{_ICONS[finding.state]} **{finding.name}:** {markdown_text(finding.seen)}"
            st.markdown(f"{words} {markdown_text(finding.remedy)}" if finding.remedy else words)
