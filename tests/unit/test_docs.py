"""The documentation says what the program is: written pages, the architecture's tables, the front page."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from benchmarks.house import floors_of
from benchmarks.reference_pages import PAGES
from benchmarks.site_hooks import included, remote_parts

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = (ROOT / "docs/extend/architecture.md").read_text(encoding="utf-8")
#: Folders of the package that hold no code of ours.
NO_ROOMS = {"data", "_bundled", "__pycache__"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_program_writes(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs` and commit the page"


def table_after(mark: str) -> list[list[str]]:
    """Return the rows of the first table behind a comment of the architecture page, without its head."""
    table = ARCHITECTURE.partition(f"<!-- {mark} -->\n")[2].lstrip().partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


@pytest.mark.parametrize("package", ["gaitlab", "gaitlab.ui", "gaitlab.pose"])
def test_the_architecture_has_the_floors_of_the_import_contract(package: str) -> None:
    told: dict[int, set[str]] = {}
    for floor, room, _ in table_after(f"rooms: {package}"):
        told.setdefault(int(floor), set()).add(room.strip("`"))
    contract = floors_of(package)[::-1]
    lowest = min(told)
    assert [told[floor] for floor in sorted(told)] == [set(rooms) for rooms in contract]
    assert sorted(told) == list(range(lowest, lowest + len(contract)))


@pytest.mark.parametrize("package", ["gaitlab", "gaitlab.ui", "gaitlab.pose"])
def test_the_architecture_has_the_rooms_of_the_tree(package: str) -> None:
    folder = ROOT.joinpath(*package.split("."))
    rooms = {
        entry.stem
        for entry in folder.iterdir()
        if (entry.is_dir() and entry.name not in NO_ROOMS) or (entry.suffix == ".py" and entry.stem != "__init__")
    }
    assert {row[1].strip("`") for row in table_after(f"rooms: {package}")} == rooms


def test_the_architecture_says_where_a_library_is_known() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    held = {
        (frozenset(one["protected_modules"]), frozenset(one["allowed_importers"]))
        for one in contracts
        if one["type"] == "protected" and one["allowed_importers"]
    }
    told = {tuple(frozenset(re.findall(r"`([^`]+)`", cell)) for cell in row) for row in table_after("libraries")}
    assert told == held


def test_what_the_architecture_names_exists() -> None:
    files = re.findall(r"`((?:gaitlab/|ui/|video/|pose/|storage/|archive/)[\w/]+\.py)`", ARCHITECTURE)
    assert len(files) > 10
    missing = [name for name in files if not (ROOT / name).is_file() and not (ROOT / "gaitlab" / name).is_file()]
    assert missing == []


def test_the_front_page_is_short_and_warns_of_the_name() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 120
    for text in (readme, *(page.read_text(encoding="utf-8") for page in (ROOT / "docs").rglob("*.md"))):
        assert not re.search(r"pip install (-\S+ )*[\"']?gaitlab\b(?!-)", text), "that is another project's package"


def test_the_citation_has_the_version_of_the_program() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_a_link_of_a_file_at_the_top_leads_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [one for one in targets if not (ROOT / one).exists()] == []
    assert targets


def test_a_page_that_takes_a_part_from_another_server_is_found() -> None:
    link = '<a href="https://example.org/x">x</a><link rel="icon" href="assets/x.png"><img src="../report.png">'
    assert remote_parts(link) == ()
    remote = '<script async src=//example.org/x.js></script><link href="https://example.org/f.css" rel="stylesheet">'
    assert remote_parts(remote) == ("//example.org/x.js", "https://example.org/f.css")


def test_a_page_can_be_a_file_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "NOTES.md").write_text("See [a](docs/extend/a.md#b), [c](docs/use/c.md) and [d](https://d.example).\n")
    text = included("{{ NOTES.md }}\n", "extend/notes.md", root=tmp_path)
    assert text == "See [a](a.md#b), [c](../use/c.md) and [d](https://d.example).\n"
    assert included("own {{ NOTES.md }}\n", "extend/notes.md", root=tmp_path) == "own {{ NOTES.md }}\n"
