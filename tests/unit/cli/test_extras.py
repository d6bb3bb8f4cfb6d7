"""A plain installation, without app, PDF and PostgreSQL: the core works, the rest says in one line what to install."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from gaitlab.cli.main import main
from gaitlab.errors import MissingExtraError
from gaitlab.extras import DISTRIBUTION, EXTRAS, missing_extra

CHECKOUT = Path(__file__).resolve().parents[3]
WALK = CHECKOUT / "gaitlab" / "data" / "samples" / "walk-right.csv.gz"
#: What extras bring, and what comes along with it.
ABSENT = (*(module for modules in EXTRAS.values() for module in modules), "uvicorn", "pyarrow")
#: Runs commands of GaitLab, one after the other, where no package of an extra can be imported.
PLAIN = f"""
import json, sys
absent = {ABSENT!r}
sys.modules.update(dict.fromkeys(absent))
from gaitlab.cli.main import main
for command in json.loads(sys.argv[1]):
    if code := main(command):
        sys.exit(f"{{command}} ended with {{code}}")
"""


@pytest.fixture
def without_extras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working folder, in which no package of an extra can be imported."""
    for module in ABSENT:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_keypoints_are_analysed_kept_and_reported_without_any_extra(tmp_path: Path) -> None:
    commands = (
        ("analyze", str(WALK), "--activity", "gait", "--person", "محمد", "--report", "a.html", "--csv", "a.csv"),
        ("export", "1", "--format", "html", "--out", "b.html"),
        ("export", "1", "--format", "json", "--out", "b.json"),
        ("list",),
    )
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, json.dumps(commands)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "GAITLAB_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "محمد" in done.stdout
    assert all((tmp_path / name).stat().st_size > 100 for name in ("a.csv", "b.json"))
    assert all("<svg" in (tmp_path / name).read_text(encoding="utf-8") for name in ("a.html", "b.html"))


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        (["app"], "app"),
        (["analyze", str(WALK), "--no-save", "--report", "a.pdf"], "pdf"),
        (["export", "1", "--format", "pdf"], "pdf"),
    ],
    ids=["app", "report", "export"],
)
def test_what_needs_an_extra_says_in_one_line_what_to_install(
    command: list[str], extra: str, without_extras: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == MissingExtraError.exit_code == 2
    told = capsys.readouterr().err
    assert not list(without_extras.iterdir())
    assert_names_what_to_install(told, extra)


@pytest.mark.usefixtures("without_extras")
def test_an_address_of_postgresql_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GAITLAB_DATABASE_URL", "postgresql://127.0.0.1:1/gaitlab")
    assert main(["list"]) == MissingExtraError.exit_code
    assert_names_what_to_install(capsys.readouterr().err, "postgresql")


def assert_names_what_to_install(told: str, extra: str) -> None:
    assert told.count("\n") == 1
    stated = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    remedy = told.partition("install them with: pip install ")[2]
    if remedy.startswith("-e"):  # a checkout that was never installed
        assert f'".[{extra}]"' in remedy
    else:
        assert set(re.findall(r'"([^"]+)"', remedy)) == set(stated["project"]["optional-dependencies"][extra])


def test_the_command_line_imports_no_package_of_an_extra() -> None:
    script = "import sys, gaitlab.cli.main; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert not set(ABSENT) & set(loaded.stdout.split())


def test_what_is_installed_is_not_missing() -> None:
    assert [missing_extra(name, "it") for name in EXTRAS] == [""] * len(EXTRAS)


def test_the_modules_of_an_extra_are_those_of_its_packages() -> None:
    stated = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert stated["name"] == DISTRIBUTION
    packages = packages_distributions()
    for name, modules in EXTRAS.items():
        wanted = {re.split(r"[\[>]", requirement)[0] for requirement in stated["optional-dependencies"][name]}
        assert {packages[module][0] for module in modules} == wanted


def test_nothing_tells_anybody_to_install_the_package_of_somebody_else() -> None:
    told = re.compile(r"(pip|pipx|uv|uvx)\b[^\n`]*\b(install|add|run)\b[^\n`]*[ \"']gaitlab(\[|[\s\"'`]|$)")
    files = [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("*/*.md"), CHECKOUT / "Makefile"]
    files += [path for path in (CHECKOUT / "gaitlab").rglob("*") if path.suffix in (".py", ".md", ".html", ".toml")]
    assert not [path.name for path in files if told.search(path.read_text(encoding="utf-8"))]
