"""How to film, drawn; and what a first look found, said."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from streamlit.testing.v1 import AppTest

from gaitlab.repetitions.activities import activities, filming_of
from gaitlab.reports.drawing import to_svg
from gaitlab.ui.analyse.filming_guide import placement
from gaitlab.ui.analyse.preflight import Finding
from tests.app.visits import text_of

DARK = Finding(name="Light", state="bad", seen="The picture is dark.", remedy="Switch a light on.")
WHOLE = Finding(name="Whole body", state="good", seen="Head to feet are in the picture.")


@pytest.mark.parametrize("activity", activities())
def test_every_activity_has_a_drawing_with_words_for_those_who_cannot_see_it(activity: str) -> None:
    svg = ET.fromstring(to_svg(placement(activity)))
    assert "phone stands" in svg.attrib["aria-label"]


@pytest.mark.parametrize("activity", activities())
def test_the_drawing_shows_the_phone_where_the_words_say_it_stands(activity: str) -> None:
    words, title = filming_of(activity).words, placement(activity).title
    assert ("in front of the person" in title) == words.startswith("from the front")
    assert ("at the person's side" in title) == words.startswith("from the side")
    assert ("near the floor" in title) == ("near the floor" in words)
    assert ("near the floor" in to_svg(placement(activity))) == ("near the floor" in words)


def test_curls_are_filmed_from_where_both_arms_are_seen() -> None:
    assert "in front of the person" in placement("biceps-curl").title


def test_walking_needs_a_way_and_squats_do_not() -> None:
    assert "4 m or more" in to_svg(placement("gait"))
    assert "4 m or more" not in to_svg(placement("squat"))


def said(*findings: Finding, activity: str = "auto", chosen: bool = False) -> str:
    def script(findings, activity, chosen):  # type: ignore[no-untyped-def]
        from gaitlab.ui.analyse.filming_guide import show_findings
        from gaitlab.ui.analyse.first_look import Preview

        preview = Preview(time_s=0.0, image_wh=(64, 48), jpeg=b"", people=(), findings=findings)
        show_findings(preview, activity=activity, chosen=chosen)

    facts = {"findings": findings, "activity": activity, "chosen": chosen}
    app = AppTest.from_function(script, kwargs=facts, default_timeout=10.0).run()
    assert not app.exception
    return text_of(app)


def test_a_finding_comes_with_its_remedy() -> None:
    assert "Switch a light on" in said(WHOLE, DARK)


def test_when_all_is_well_one_line_says_so() -> None:
    assert said(WHOLE).replace("\\", "") == "First look: all is well (whole body)."


def test_too_few_frames_for_times_of_steps_are_no_matter_for_squats() -> None:
    slow = Finding(name="Frame rate", state="bad", seen="15 frames per second", remedy="Film at 60.", of_steps=True)
    assert "15 frames per second" in said(slow, activity="gait")
    assert "15 frames per second" not in said(slow, activity="squat")


def test_what_is_seen_of_one_person_is_not_said_of_another_who_was_chosen() -> None:
    cut = Finding(name="Whole body", state="mind", seen="The feet are cut off.", remedy="Step back.", of_body=True)
    assert "The feet are cut off" in said(cut, DARK).replace("\\", "")
    assert "The feet are cut off" not in said(cut, DARK, chosen=True)
    assert "Switch a light on" in said(cut, DARK, chosen=True)
