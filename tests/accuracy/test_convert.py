"""The real conversion: npm, pip and TensorFlow, on a machine that can reach nothing but package registries."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gaitlab.paths import user_model_dir
from gaitlab.pose.crop import CropSquare
from gaitlab.pose.network_pool import cut_box
from gaitlab.pose.networks.interpreter import load_network
from gaitlab.pose.weights.convert import convert_models
from gaitlab.pose.weights.resolve import ModelFile, ModelPlaces, fetch_model, find_model, spec
from gaitlab.records import FloatArray, Picture
from gaitlab.settings import DEFAULT_MODEL
from gaitlab.video import read_picture

PICTURES = ("images/coral__squat.bmp", "images/mpii__052475643.jpg")
WARM_CACHE = user_model_dir()  # asked for here, before the tests are moved away from the user's folders
NOBODY_LISTENS = "http://127.0.0.1:9/model.tflite"


def warm(places: ModelPlaces) -> ModelFile | None:
    """Return a model that was converted on this machine before."""
    if not (places.cache / spec(DEFAULT_MODEL).file).is_file():
        return None
    found = find_model(DEFAULT_MODEL, places=places)
    return found if found and found.conversion else None


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> ModelFile:
    """Return Thunder as it comes out of the npm package, converted now unless the user's cache has it."""
    folder = tmp_path_factory.mktemp("convert")
    places = ModelPlaces(folders=(), cache=WARM_CACHE)
    if (found := warm(places)) is not None:
        return found
    if shutil.which("npm") is None:
        pytest.skip("npm is not on this machine; install Node.js to run the conversion")
    wanted = spec(DEFAULT_MODEL)
    unreachable = tuple(replace(source, location=NOBODY_LISTENS) for source in wanted.sources)
    return fetch_model(
        DEFAULT_MODEL,
        convert=lambda models, cache, report: convert_models(models, cache, on_progress=report),
        manifest=[replace(wanted, sources=unreachable)],
        places=replace(places, cache=folder / "cache"),
    )


def output(model: Path, picture: Path) -> FloatArray:
    """Return what a MoveNet file says about the middle of a picture."""
    network = load_network(model, threads=1)
    whole = Picture.of_rgb(read_picture(picture))
    side_px = min(whole.wh)
    middle = CropSquare(left_px=(whole.wh[0] - side_px) / 2, top_px=(whole.wh[1] - side_px) / 2, side_px=side_px)
    assert network.input_wh is not None
    (keypoints,) = network.run(cut_box(whole, middle.box(network.input_wh), wh=network.input_wh)[np.newaxis])
    return np.asarray(keypoints, dtype=np.float64)


@pytest.mark.accuracy
@pytest.mark.parametrize("picture", PICTURES)
def test_the_converted_thunder_agrees_with_the_shared_one(
    picture: str, converted: ModelFile, shared_data: Path
) -> None:
    shared = shared_data.parent / "models" / converted.spec.file
    np.testing.assert_allclose(
        output(converted.path, shared_data / picture), output(shared, shared_data / picture), rtol=0.0, atol=1e-3
    )


@pytest.mark.accuracy
def test_the_converted_thunder_is_held_to_its_sidecar(converted: ModelFile) -> None:
    assert converted.conversion is not None
    assert converted.conversion.sha256 == converted.sha256
    assert not converted.spec.accepts(converted.sha256)
