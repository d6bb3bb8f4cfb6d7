"""A component's script is one module, made of several."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

import pytest

from gaitlab.ui.shared.component_script import component_script

SCRIPTS = (
    *("session/player.js", "live/live.js", "analyse/upload.js", "analyse/two_points.js", "shared/overlay.js"),
    "history/trend_chart.js",
)
TOP_NAME = re.compile(r"^(?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("name", SCRIPTS)
def test_one_default_export_is_left_and_no_import(name: str) -> None:
    lines = component_script(name).splitlines()
    assert [line for line in lines if line.startswith("import ")] == []
    assert [line[:15] for line in lines if line.startswith("export ")] == ["export default "]


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_two_modules_define_the_same_name(name: str) -> None:
    names = Counter(TOP_NAME.findall(component_script(name)))
    assert [one for one, times in names.items() if times > 1] == []


def test_a_module_that_several_import_is_there_once_and_whole() -> None:
    script = component_script("session/player.js")
    assert script.count("class Seeker {") == 1
    assert script.count("function between(from, to, value) {") == 1


def test_the_first_module_stands_first() -> None:
    own = files("gaitlab.ui").joinpath("session/player.js").read_text(encoding="utf-8")
    assert component_script("session/player.js").startswith(own.partition("\nimport ")[0])
