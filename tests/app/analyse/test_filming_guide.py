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


def said(*findings: Finding) -> str:
    def script(findings):  # type: ignore[no-untyped-def]
        from gaitlab.ui.analyse.filming_guide import show_findings
        from gaitlab.ui.analyse.first_look import Preview

        show_findings(Preview(time_s=0.0, image_wh=(64, 48), jpeg=b"", people=(), findings=findings))

    app = AppTest.from_function(script, kwargs={"findings": findings}, default_timeout=10.0).run()
    assert not app.exception
    return text_of(app)


def test_a_finding_comes_with_its_remedy() -> None:
    assert "Switch a light on" in said(WHOLE, DARK)


def test_when_all_is_well_one_line_says_so() -> None:
    assert said(WHOLE).replace("\\", "") == "First look: all is well (whole body)."
