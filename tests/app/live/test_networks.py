"""The files of the networks for browsers: where they come from, who gets them, and what comes with them."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np
import pytest

from gaitlab.pose.weights.check_picture import check_picture
from gaitlab.pose.weights.manifest import WebModel, load_web_models
from gaitlab.pose.weights.resolve import find_model
from gaitlab.pose.weights.web import find_web_model
from gaitlab.ui.live.networks import WORKER_URL, networks_for_browsers
from gaitlab.ui.server.tokens import signed
from tests.served_routes import served_routes

pytestmark = pytest.mark.usefixtures("web_networks")


@pytest.fixture(scope="module")
def here() -> Iterator[str]:
    with served_routes() as address:
        yield address


def networks() -> dict[str, Any]:
    found = networks_for_browsers()
    assert found is not None
    return found


def asked(address: str) -> HTTPResponse:
    answer: HTTPResponse = urlopen(address, timeout=30)
    return answer


def file_of(model: WebModel) -> Path:
    """Return the server's own file of a network; skip without it."""
    found = find_model(model.same_as)
    if found is None:
        pytest.skip(f"{model.same_as} is not on this machine; `gaitlab models fetch {model.same_as}` gets it")
    return found.path


def test_every_address_of_a_network_is_one_of_this_server_and_gives_its_file(here: str) -> None:
    for model, one in zip(load_web_models(), networks()["networks"], strict=True):
        files = find_web_model(model)
        assert files is not None
        for kind in ("graph", "weights"):
            assert len(asked(here + one[kind]).read()) == files[getattr(model, kind).file].stat().st_size
        assert len(asked(here + one["tflite"]).read()) == file_of(model).stat().st_size
        picture = np.frombuffer(asked(here + one["check"]).read(), dtype=np.uint8)
        assert np.array_equal(picture.reshape(model.size_px, model.size_px, 3), check_picture(model.size_px))
        assert len(one["expected"]) == 17 * 3


def test_the_library_comes_in_types_that_browsers_run(here: str) -> None:
    types = {name: asked(here + address).headers["Content-Type"] for name, address in networks()["runtime"].items()}
    assert all(kind == "application/wasm" for name, kind in types.items() if name.endswith(".wasm"))
    assert all(kind.startswith("text/javascript") for name, kind in types.items() if name.endswith(".js"))


def test_a_module_of_the_library_names_the_other_one_by_its_address(here: str) -> None:
    runtime = networks()["runtime"]
    module = asked(here + runtime["litert.js"]).read().decode()
    assert f'from "{runtime["litert-wasm-utils.js"]}"' in module
    assert 'from "@' not in module


def test_browsers_do_without_a_file_that_the_server_has_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gaitlab.ui.live.networks.find_model", lambda name: None)
    assert [one["tflite"] for one in networks()["networks"]] == [None, None]


def test_only_the_worker_may_run_webassembly(here: str) -> None:
    script, data = asked(here + networks()["worker"]), asked(here + networks()["networks"][0]["graph"])
    assert "'wasm-unsafe-eval'" in script.headers["Content-Security-Policy"]
    assert "wasm" not in data.headers["Content-Security-Policy"]
    assert "class Follower" in script.read().decode()


@pytest.mark.parametrize(
    "name", ["manifest.toml", "..%2Fmodels%2Fmanifest.toml", "movenet_multipose_lightning_float16.tflite"]
)
def test_no_other_file_is_given(here: str, name: str) -> None:
    with pytest.raises(HTTPError) as refusal:
        asked(here + signed(f"/gaitlab/network/{name}"))
    assert refusal.value.code in {403, 404}


def test_without_its_signature_no_address_answers(here: str) -> None:
    with pytest.raises(HTTPError) as refusal:
        asked(here + WORKER_URL)
    assert refusal.value.code == 403


def test_without_the_files_the_server_runs_the_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("GAITLAB_MODEL_DIR", str(tmp_path))
    assert networks_for_browsers() is None
