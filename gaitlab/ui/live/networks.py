"""The networks that a browser runs itself on the Live page, and the route that serves their files.

Everything comes from this server: the worker's script, the library, the networks, and for each a picture with what the
network must say of it, by which the worker finds out whether the browser computes it rightly.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from gaitlab.errors import ModelError
from gaitlab.pose.weights.check_picture import check_picture
from gaitlab.pose.weights.manifest import WebModel, load_web_models, spec
from gaitlab.pose.weights.resolve import find_model
from gaitlab.pose.weights.web import find_web_model
from gaitlab.ui.server.tokens import signed
from gaitlab.ui.shared.component_script import component_script
from gaitlab.ui.shared.help_texts import live_model_label

__all__ = ["WORKER_URL", "network_route", "networks_for_browsers"]

_PREFIX: Final = "/gaitlab/network"
_WORKER: Final = "worker.js"
WORKER_URL: Final = f"{_PREFIX}/{_WORKER}"
_TYPES: Final[Mapping[str, str]] = {
    ".js": "text/javascript",
    ".json": "application/json",
    ".wasm": "application/wasm",  # browsers compile nothing else while it is loaded
}
_OTHER_TYPE: Final = "application/octet-stream"
# A worker has no other way to say where a module lies that is imported by the name of its package.
_MODULE, _IMPORTED, _IMPORTED_FILE = "litert.js", "@litertjs/wasm-utils", "litert-wasm-utils.js"
# An address holds until the server restarts, and its files do not change meanwhile.
_HEADERS: Final = {"Cache-Control": "private, max-age=86400"}


def networks_for_browsers() -> dict[str, Any] | None:
    """Return the data for the worker, addresses signed; None where a file of them is not on this machine."""
    models = load_web_models()
    if any(find_web_model(model) is None for model in models):
        return None
    return {
        "worker": signed(WORKER_URL),
        "runtime": {packed.file: _address(packed.file) for packed in models[0].runtime},
        "networks": [_network(model) for model in models],
    }


def _network(model: WebModel) -> dict[str, Any]:
    package = spec(model.same_as).package
    assert package is not None
    return {
        "name": model.name,
        "label": live_model_label(model.name),
        "size": model.size_px,
        "tflite": _address(path.name) if (path := _tflite(model)) else None,
        "graph": _address(model.graph.file),
        "weights": _address(model.weights.file),
        "check": _address(_check_name(model)),
        "expected": list(package.expected[0].values),
    }


def _tflite(model: WebModel) -> Path | None:
    """Return the server's own file of a network; None where it is not here, or damaged: browsers do without it."""
    try:
        found = find_model(model.same_as)
    except ModelError:
        return None
    return found.path if found else None


def _address(name: str) -> str:
    return signed(f"{_PREFIX}/{name}")


def _check_name(model: WebModel) -> str:
    return f"{model.name}-check.rgb"


def network_route() -> Route:
    """Return the route that serves the files, and no other of the folders that they lie in."""

    def network(request: Request) -> Response:
        name = request.path_params["name"]
        if name == _WORKER:
            return Response(component_script("live/network_worker.js"), media_type=_TYPES[".js"], headers=_HEADERS)
        for model in load_web_models():
            if name == _check_name(model):
                return Response(check_picture(model.size_px).tobytes(), media_type=_OTHER_TYPE, headers=_HEADERS)
            tflite = _tflite(model)
            if tflite is not None and name == tflite.name:
                return FileResponse(tflite, media_type=_OTHER_TYPE, headers=_HEADERS)
            path = (find_web_model(model) or {}).get(name)
            if path is not None and name == _MODULE:
                text = path.read_text(encoding="utf-8").replace(_IMPORTED, _address(_IMPORTED_FILE))
                return Response(text, media_type=_TYPES[".js"], headers=_HEADERS)
            if path is not None:
                return FileResponse(path, media_type=_TYPES.get(Path(name).suffix, _OTHER_TYPE), headers=_HEADERS)
        return PlainTextResponse("There is no such file.", status_code=404)

    return Route(f"{_PREFIX}/{{name:str}}", network, methods=["GET"])
