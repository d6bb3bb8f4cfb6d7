"""The manifest of pose models: what each is called, where its file comes from, and which checksums are accepted."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Final

from gaitlab.errors import UsageError
from gaitlab.paths import bundled_path

__all__ = [
    "FEET_NETWORK",
    "ExpectedValues",
    "ModelPackage",
    "ModelSource",
    "ModelSpec",
    "PackedFile",
    "WebModel",
    "load_manifest",
    "load_web_models",
    "pose_models",
    "spec",
]

#: Looks at the heels and toes of somebody who was found; it is no pose model and finds nobody.
FEET_NETWORK: Final = "feet"

_MANIFEST = "models/manifest.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """A source of a model file.

    Attributes
    ----------
    location : str
        A URL.
    sha256 : str or None
        Of the file there; None = not known, then nothing is downloaded.
    size_bytes : int or None
    """

    location: str
    sha256: str | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedValues:
    """The values that a converted model must give for the check picture.

    Attributes
    ----------
    output : str
        Name in the signature.
    start : int
        Where in the flattened output the values begin.
    values : tuple of float
    """

    output: str
    start: int
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPackage:
    """An npm package with the same weights as a TensorFlow.js graph model: the last source, converted on this machine.

    Attributes
    ----------
    name, version : str
        Of the package.
    graph, weights : str
        Files in the package: the graph as JSON, and the numbers.
    graph_sha256, weights_sha256 : str
    size_px : int
        Side of the square input to convert for.
    dtype : str
        Of the input: ``uint8`` is cast inside the network.
    float16 : bool
        Whether the converted weights are 16-bit.
    outputs : mapping of str to str
        Tensor of the graph → output name of the converted file.
    expected : tuple of ExpectedValues
    """

    name: str
    version: str
    graph: str
    graph_sha256: str
    weights: str
    weights_sha256: str
    size_px: int
    dtype: str
    float16: bool
    outputs: Mapping[str, str]
    expected: tuple[ExpectedValues, ...]

    @property
    def label(self) -> str:
        """The package as npm is asked for it."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """A file of an npm package that is taken as it is: a model, or what a browser needs to run one.

    Attributes
    ----------
    name, version : str
        Of the package.
    path : str
        The file in the package.
    sha256 : str
    saved_as : str
        Name of the copy; by default that of the file.
    """

    name: str
    version: str
    path: str
    sha256: str
    saved_as: str = ""

    @property
    def label(self) -> str:
        """The package as npm is asked for it."""
        return f"{self.name}@{self.version}"

    @property
    def file(self) -> str:
        """Name of the copy, without folders."""
        return self.saved_as or PurePosixPath(self.path).name


@dataclass(frozen=True, slots=True, kw_only=True)
class WebModel:
    """A pose network for browsers, as a TensorFlow.js graph model; LiteRT runs the file of `same_as` instead.

    Attributes
    ----------
    name, licence : str
    same_as : str
        The model with the same weights; what its package must say of the check picture, this one must say, too.
    size_px : int
        Side of the square input.
    graph, weights : PackedFile
        The graph as JSON, and the numbers.
    runtime : tuple of PackedFile
        The libraries that run it, the same for all.
    """

    name: str
    licence: str
    same_as: str
    size_px: int
    graph: PackedFile
    weights: PackedFile
    runtime: tuple[PackedFile, ...]

    @property
    def files(self) -> tuple[PackedFile, ...]:
        """All files that a browser needs."""
        return (*self.runtime, self.graph, self.weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """One model of the manifest; `sources` in the order they are tried, then `package` or `packed`.

    `also_sha256` are checksums of files with the same weights that no source gives: somebody has such a file already.
    """

    name: str
    file: str
    licence: str
    sources: tuple[ModelSource, ...]
    package: ModelPackage | None = None
    packed: PackedFile | None = None
    also_sha256: tuple[str, ...] = ()

    @property
    def sha256s(self) -> tuple[str, ...]:
        """The accepted checksums, without repeats."""
        of_sources = (source.sha256 for source in self.sources if source.sha256)
        of_package = (self.packed.sha256,) if self.packed else ()
        return tuple(dict.fromkeys((*self.also_sha256, *of_sources, *of_package)))

    @property
    def npm_label(self) -> str | None:
        """The npm package that has the file, or what it is converted from; None without one."""
        source = self.packed or self.package
        return source.label if source else None

    @property
    def can_be_checked(self) -> bool:
        """Whether a checksum is known, or a package whose conversion has one; else a file is told by its name alone."""
        return bool(self.sha256s) or self.package is not None

    def accepts(self, sha256: str) -> bool:
        """Whether a file with this checksum is this model."""
        return sha256 in self.sha256s


def _content() -> dict[str, Any]:
    with bundled_path(_MANIFEST).open("rb") as handle:
        return tomllib.load(handle)


@cache
def load_manifest() -> tuple[ModelSpec, ...]:
    """Return the models of the manifest that travels with the program, read once: a page asks at every run."""
    return tuple(
        ModelSpec(
            name=entry["name"],
            file=entry["file"],
            licence=entry["licence"],
            sources=tuple(ModelSource(**source) for source in entry.get("source", ())),
            package=_package(entry["package"]) if "package" in entry else None,
            packed=PackedFile(**entry["packed"]) if "packed" in entry else None,
            also_sha256=tuple(entry.get("also_sha256", ())),
        )
        for entry in _content()["model"]
    )


def pose_models() -> tuple[ModelSpec, ...]:
    """Return the models of the program's manifest that find and measure people: all but `FEET_NETWORK`."""
    return tuple(model for model in load_manifest() if model.name != FEET_NETWORK)


@cache
def load_web_models() -> tuple[WebModel, ...]:
    """Return the networks for browsers of the manifest that travels with the program, read once."""
    content = _content()
    runtime = tuple(PackedFile(**file) for file in content["runtime"])
    return tuple(
        WebModel(
            **{**entry, "graph": PackedFile(**entry["graph"]), "weights": PackedFile(**entry["weights"])},
            runtime=runtime,
        )
        for entry in content["web"]
    )


def spec(name: str, *, manifest: Sequence[ModelSpec] | None = None) -> ModelSpec:
    """Return the manifest's entry for a name; UsageError that lists the names when there is none."""
    models = load_manifest() if manifest is None else manifest
    for model in models:
        if model.name == name:
            return model
    known = ", ".join(model.name for model in models)
    raise UsageError(f"no model is called {name!r}; expected one of {known}, or a .tflite file")


def _package(entry: Mapping[str, Any]) -> ModelPackage:
    expected = tuple(
        ExpectedValues(output=one["output"], start=one["start"], values=tuple(one["values"]))
        for one in entry["expected"]
    )
    return ModelPackage(**{**entry, "expected": expected})
