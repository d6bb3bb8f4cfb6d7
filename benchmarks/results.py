"""Tables, the machine they were made on, and the file that keeps them."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

__all__ = [
    "PROJECT",
    "RESULTS",
    "SHARED_DATA",
    "command_line",
    "machine_lines",
    "markdown_table",
    "missed_words",
    "replace_section",
    "write_section",
]

PROJECT = Path(__file__).resolve().parents[1]
SHARED_DATA = PROJECT.parent / "shared" / "data"
RESULTS = PROJECT / "benchmarks" / "results.md"

_TITLE = "# Measured\n\nEach section is written by the command it names; see `benchmarks/`.\n"
_PACKAGES = ("gaitlab-video", "ai-edge-litert", "numpy", "opencv-python-headless", "av")


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table that reads well as text too: the first column to the left, numbers to the right."""
    widths = [max(3, *(len(row[column]) for row in (header, *rows))) for column in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def line(cells: Sequence[str]) -> str:
        first, *others = cells
        padded = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        return f"| {' | '.join(padded)} |"

    return "\n".join([line(header), line(rule), *(line(row) for row in rows)])


def missed_words(slow: Sequence[str], *, missed: str = "missed by", kept: str = "kept by all") -> str:
    """Return what missed a limit, or that it was kept."""
    return f"{missed} {', '.join(slow)}" if slow else kept


def machine_lines(command: str, *, more_versions: Sequence[str] = ()) -> str:
    """Return the time, command, machine and versions of a measurement as a list.

    Parameters
    ----------
    command : str
    more_versions : sequence of str
        Of the peers' packages, each as "name version".
    """
    versions = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in _PACKAGES)]
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    return "\n".join(
        (
            f"- {datetime.now(tz=UTC):%Y-%m-%d %H:%M} UTC, `{command}`, commit {_commit()}",
            f"- {os.cpu_count()} cores, {_cpu_model()}, {platform.system()} {platform.machine()}; "
            f"load average before the run (1, 5, 15 min): {load}",
            f"- {', '.join((*versions, *more_versions))}",
        )
    )


def command_line(target: str, module: str, arguments: Sequence[str]) -> str:
    """Return the command as the results name it: the make target, else module and arguments, files without folder."""
    if not arguments:
        return target
    return " ".join(("python -m", module, *(Path(one).name if Path(one).is_file() else one for one in arguments)))


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _commit() -> str:
    try:
        done = subprocess.run(
            ("git", "describe", "--always", "--dirty=+changes"), cwd=PROJECT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def replace_section(document: str, heading: str, text: str) -> str:
    """Return a document with the section of this second-level heading put in place of the old one, or at the end."""
    sections = document.split("\n## ")
    section = f"{heading}\n\n{text.strip()}\n"
    for at, old in enumerate(sections[1:], start=1):
        if old.partition("\n")[0] == heading:
            sections[at] = section
            break
    else:
        sections.append(section)
    return "\n\n## ".join(part.strip("\n") for part in sections) + "\n"


def write_section(heading: str, text: str, path: Path = RESULTS) -> None:
    """Keep the section in the results file and print it."""
    document = path.read_text(encoding="utf-8") if path.is_file() else _TITLE
    path.write_text(replace_section(document, heading, text), encoding="utf-8")
    print(text)
