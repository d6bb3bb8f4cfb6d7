"""The numbers of the house, on a made package that can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest

from benchmarks.house import ENTRIES_MAX, House, faults, floors_of, house_table, main, measure_house

# The face imports two stages, one of them twice and by way of a folder; both stages import the records.
MADE = {
    "__init__.py": "",
    "__main__.py": "import made.face",
    "face.py": "import made.gait.steps, made.gait, made.video",
    "gait/__init__.py": "",
    "gait/steps.py": "import made.gait.legs, made.records",
    "gait/legs.py": "import json",
    "video.py": "import made.records",
    "records.py": "",
    "data/readme.txt": "no code",
}
FLOORS = tuple(frozenset(floor) for floor in ({"face"}, {"gait", "video"}, {"records"}))


def measured(folder: Path, monkeypatch: pytest.MonkeyPatch, **changed: str) -> House:
    for name, text in {**MADE, **{f"{module}.py": text for module, text in changed.items()}}.items():
        file = folder / "made" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    return measure_house(grimp.build_graph("made", cache_dir=None), "made")


def test_entries_arrows_and_floors_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = measured(tmp_path, monkeypatch)
    assert house.imports == {
        "face": {"gait", "video"},
        "gait": {"records"},
        "video": {"records"},
        "records": frozenset(),
    }
    assert (house.n_arrows, house.n_floors, house.circles, house.upward(FLOORS)) == (4, 3, (), ())
    assert house_table([house], {"made": FLOORS}).splitlines()[-1].split() == ["made", "4", "4", "3", "0", "0"]


def test_a_circle_by_way_of_others_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = measured(tmp_path, monkeypatch, records="import made.face")
    assert house.circles == (("face", "gait", "records", "video"),)
    assert house.n_floors is None
    assert list(faults(house, None)) == ["made: expected no circle of imports, got one of face, gait, records, video"]


def test_an_arrow_up_or_beside_is_found_without_a_circle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = measured(tmp_path, monkeypatch, video="import made.gait")
    assert house.circles == ()
    assert house.upward(FLOORS) == (("video", "gait"),)


def test_one_entry_too_many_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = measured(tmp_path, monkeypatch)
    assert not list(faults(house, 4))
    assert list(faults(house, 3)) == ["made: expected at most 3 entries side by side, got 4"]


def test_the_floors_are_those_of_the_import_contracts() -> None:
    assert floors_of("gaitlab")[-1] == {"errors"}
    assert "__main__" in floors_of("gaitlab")[0]
    assert floors_of("gaitlab.storage") == ()


def test_the_house_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(ENTRIES_MAX)
