"""Stand-ins for npm, pip and TensorFlow, and the models they make."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gaitlab.errors import ModelError
from gaitlab.pose.weights.convert import Machine
from gaitlab.pose.weights.manifest import ModelPackage, ModelSource, ModelSpec
from gaitlab.records import Progress

GRAPH, NUMBERS = b"a graph as JSON", b"many numbers"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def toy(name: str = "toy", *, url: str = "http://127.0.0.1:9/toy.tflite") -> ModelSpec:
    """Return a model that no folder and no server has, but an npm package."""
    package = ModelPackage(
        name="@somebody/models",
        version="1.2.3",
        graph=f"models/{name}.json",
        graph_sha256=sha256(GRAPH),
        weights=f"models/{name}.bin",
        weights_sha256=sha256(NUMBERS),
        size_px=8,
        dtype="uint8",
        float16=True,
        outputs={"Identity:0": "keypoints_with_scores"},
        expected=(),
    )
    official = ModelSource(location=url, sha256=sha256(b"the official file"))
    return ModelSpec(name=name, file=f"{name}.tflite", licence="Apache-2.0", sources=(official,), package=package)


@dataclass
class Programs:
    """Stands for npm, pip and TensorFlow: does what they leave on the disk, and remembers the commands."""

    content: bytes = NUMBERS
    fails: str = ""
    output: str = ""
    commands: list[str] = field(default_factory=list)
    folder: Path | None = None

    def __call__(self, command: Sequence[str], folder: Path, on_wait: Callable[[], None]) -> None:
        line = " ".join(command)
        self.commands.append(line)
        self.folder = folder
        on_wait()
        if self.fails and self.fails in line:
            raise subprocess.CalledProcessError(1, list(command), output=self.output)
        if "npm pack" in line:
            self._pack(folder / "models-1.2.3.tgz")
        elif "convert_script.py" in line:
            task = json.loads(Path(command[-1]).read_text())
            assert (Path(task["graph"]).read_bytes(), Path(task["weights"]).read_bytes()) == (GRAPH, NUMBERS)
            Path(task["target"]).write_bytes(b"converted " + Path(task["target"]).name.encode())

    def _pack(self, archive: Path) -> None:
        with tarfile.open(archive, "w:gz") as writer:
            for name in ("toy", "other"):
                for suffix, content in ((".json", GRAPH), (".bin", self.content)):
                    member = tarfile.TarInfo(f"package/models/{name}{suffix}")
                    member.size = len(content)
                    writer.addfile(member, io.BytesIO(content))


def accept(file: Path, package: ModelPackage) -> None:
    """Stand for a check that everything passes."""


def refuse(file: Path, package: ModelPackage) -> None:
    raise ModelError("the output of the check picture is not what it should be")


def machine(programs: Programs) -> Machine:
    """Return a computer that has npm, room, and a Python that fits."""
    return Machine(run=programs, which=lambda name: name, free_bytes=lambda: 10**12, check=accept, python=(3, 12))


def ignore(progress: Progress) -> None:
    """Take a report and do nothing."""


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"} if folder.is_dir() else set()
