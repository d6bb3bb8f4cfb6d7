from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.errors import ModelError
from gaitlab.pose.weights.convert import convert_models
from gaitlab.pose.weights.manifest import ModelSpec
from gaitlab.pose.weights.resolve import ModelPlaces, fetch_model, fetch_models, find_model, resolve_model, verify
from gaitlab.pose.weights.sidecar import sidecar_path
from gaitlab.records import Progress
from tests.builders_convert import Programs, machine, sha256, toy


@pytest.fixture
def places(tmp_path: Path) -> ModelPlaces:
    return ModelPlaces(folders=(tmp_path / "chosen",), cache=tmp_path / "cache")


def converted(places: ModelPlaces, *models: ModelSpec) -> Programs:
    """Fetch models with stand-ins for the programs, and return those."""
    programs = Programs()

    def convert(wanted: Sequence[ModelSpec], cache: Path, report: Callable[[Progress], None]) -> None:
        convert_models(wanted, cache, on_progress=report, machine=machine(programs))

    fetch_models([model.name for model in models], convert=convert, manifest=models, places=places)
    return programs


def test_fetching_converts_after_every_other_source_failed(places: ModelPlaces) -> None:
    converted(places, toy())
    found = find_model("toy", manifest=[toy()], places=places)
    assert found is not None
    assert found.is_accepted
    assert found.conversion is not None


def test_several_models_are_converted_in_one_go(places: ModelPlaces) -> None:
    programs = converted(places, toy(), toy("other"))
    assert sum("npm pack" in line for line in programs.commands) == 1


def test_a_converted_model_is_not_converted_again(places: ModelPlaces) -> None:
    converted(places, toy())
    assert converted(places, toy()).commands == []


def test_finding_a_model_never_converts_it(places: ModelPlaces) -> None:
    with pytest.raises(ModelError, match=r"@somebody/models@1\.2\.3: only `gaitlab models fetch toy`"):
        resolve_model("toy", manifest=[toy()], places=places)


def test_when_conversion_fails_too_the_message_has_every_reason(places: ModelPlaces) -> None:
    def fail(wanted: Sequence[ModelSpec], cache: Path, report: Callable[[Progress], None]) -> None:
        raise ModelError("converting needs the program npm")

    with pytest.raises(ModelError) as refusal:
        fetch_model("toy", convert=fail, manifest=[toy()], places=places)
    message = str(refusal.value)
    assert all(part in message for part in ("http://127.0.0.1:9", "needs the program npm", str(places.cache)))
    assert "\n" not in message


def test_one_model_fails_and_the_other_is_there_all_the_same(places: ModelPlaces) -> None:
    def convert(wanted: Sequence[ModelSpec], cache: Path, report: Callable[[Progress], None]) -> None:
        convert_models(wanted[:1], cache, on_progress=report, machine=machine(Programs()))
        raise ModelError("out of order")

    manifest = [toy(), toy("other")]
    with pytest.raises(ModelError, match="model other is not on this machine"):
        fetch_models(["toy", "other"], convert=convert, manifest=manifest, places=places)
    assert find_model("toy", manifest=manifest, places=places) is not None


def test_verify_knows_a_converted_file(places: ModelPlaces) -> None:
    converted(places, toy())
    (file,) = verify(manifest=[toy()], places=places)
    assert file.is_accepted


def test_a_converted_file_that_was_changed_is_refused(places: ModelPlaces) -> None:
    converted(places, toy())
    made = places.cache / "toy.tflite"
    good = sha256(made.read_bytes())
    made.write_bytes(b"changed")
    with pytest.raises(ModelError, match=f"or {good}, got {sha256(b'changed')}"):
        find_model("toy", manifest=[toy()], places=places)
    assert not verify(manifest=[toy()], places=places)[0].is_accepted


def test_a_file_without_its_sidecar_is_refused(places: ModelPlaces) -> None:
    converted(places, toy())
    sidecar_path(places.cache / "toy.tflite").unlink()
    with pytest.raises(ModelError, match="expected the model toy"):
        find_model("toy", manifest=[toy()], places=places)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"sha256": 1}', "no JSON"])
def test_a_sidecar_that_cannot_be_understood_vouches_for_nothing(content: str, places: ModelPlaces) -> None:
    converted(places, toy())
    sidecar_path(places.cache / "toy.tflite").write_text(content)
    with pytest.raises(ModelError, match="expected the model toy"):
        find_model("toy", manifest=[toy()], places=places)


def test_a_converted_file_counts_wherever_the_user_put_it_with_its_sidecar(places: ModelPlaces) -> None:
    converted(places, toy())
    places.cache.rename(places.folders[0])
    found = find_model("toy", manifest=[toy()], places=places)
    assert found is not None
    assert (found.path.parent, found.is_accepted) == (places.folders[0], True)
    assert [file.is_accepted for file in verify(manifest=[toy()], places=places)] == [True]
    assert converted(places, toy()).commands == []  # nothing is fetched a second time


@pytest.mark.parametrize("with_sidecar", [True, False])
def test_a_converted_file_named_by_the_caller_is_known_by_its_sidecar(
    with_sidecar: bool, places: ModelPlaces, tmp_path: Path
) -> None:
    converted(places, toy())
    own = tmp_path / "mine.tflite"
    (places.cache / "toy.tflite").rename(own)
    if with_sidecar:
        sidecar_path(places.cache / "toy.tflite").rename(sidecar_path(own))
    found = find_model("toy", explicit=own, manifest=[toy()], places=places)
    assert found is not None
    assert found.is_accepted is with_sidecar


def test_a_converted_file_put_elsewhere_without_its_sidecar_is_refused_and_the_sidecar_named(
    places: ModelPlaces,
) -> None:
    converted(places, toy())
    sidecar_path(places.cache / "toy.tflite").unlink()
    places.cache.rename(places.folders[0])
    with pytest.raises(ModelError, match=r"put the toy\.tflite\.converted\.json of @somebody/models@1\.2\.3 beside"):
        find_model("toy", manifest=[toy()], places=places)


def test_a_sidecar_vouches_for_no_other_file(places: ModelPlaces) -> None:
    converted(places, toy(), toy("other"))
    places.cache.rename(places.folders[0])
    (places.folders[0] / "other.tflite").replace(places.folders[0] / "toy.tflite")
    with pytest.raises(ModelError, match="expected the model toy"):
        find_model("toy", manifest=[toy()], places=places)


def test_a_conversion_from_weights_that_are_pinned_no_more_is_refused(places: ModelPlaces) -> None:
    converted(places, toy())
    today = toy()
    assert today.package is not None
    moved = replace(today, package=replace(today.package, weights_sha256=sha256(b"newer numbers")))
    with pytest.raises(ModelError, match="expected the model toy"):
        find_model("toy", manifest=[moved], places=places)


def test_fetching_converts_a_changed_file_anew(places: ModelPlaces) -> None:
    converted(places, toy())
    (places.cache / "toy.tflite").write_bytes(b"changed")
    assert converted(places, toy()).commands
    assert verify(manifest=[toy()], places=places)[0].is_accepted
