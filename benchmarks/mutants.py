"""Do the tests notice? Small mistakes put into the code, one at a time, and the unit tests of its room run on each.

    python -m benchmarks.mutants [--number 300] [--seed 1] [--minutes 60] [--under gaitlab/gait ...]

A mutant that its room's tests do not notice survives: either no test looks at what it changes, or it changes nothing
that can be seen. The sample is drawn by the seed; the code is changed in copies of the tree only.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import Final, Literal

__all__ = ["Mutant", "mutants_of"]

_ROOT: Final = Path(__file__).resolve().parents[1]
_UNDER: Final = (
    "gaitlab/gait",
    "gaitlab/repetitions",
    "gaitlab/motion",
    "gaitlab/history",
    "gaitlab/storage/retention.py",
)
_AT_ONCE: Final = 2
_FACTOR: Final = 1.5
_COMPARED: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
_JOINED: Final = {"and": "or", "or": "and"}
_NOT_COPIED: Final = shutil.ignore_patterns(
    *(".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "node_modules", "build", "dist", "screenshots")
)
#: Fields of nodes with what does not run, or runs once and is no number of ours.
_UNSEEN: Final = ("annotation", "returns", "decorator_list")
#: Tests that take longer than this much of their usual time, and half a minute more, hang.
_PATIENCE: Final = 3.0

Fate = Literal["killed", "survived", "not tried"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A stretch of a file, in bytes, and what stands there instead."""

    file: str
    start: int
    stop: int
    new: str

    def applied(self, source: bytes) -> bytes:
        """Return the file with the mistake in it."""
        return source[: self.start] + self.new.encode() + source[self.stop :]

    def words(self, source: bytes) -> str:
        """Return where it is, and the lines before and after."""
        number = source[: self.start].count(b"\n")
        first, last = (text.split(b"\n")[number].strip().decode() for text in (source, self.applied(source)))
        return f"{self.file}:{number + 1}: {first}  ->  {last}"


class _Places:
    """Where the parts of a file are, in bytes."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        lengths = [len(line) for line in source.splitlines(keepends=True)]
        self._lines = [sum(lengths[:number]) for number in range(len(lengths) + 1)]

    def of(self, node: ast.expr | ast.keyword) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[node.end_lineno - 1] + node.end_col_offset

    def between(self, nodes: Sequence[ast.expr], swaps: dict[str, str]) -> Iterator[tuple[int, int, str]]:
        """Yield the operators between neighbours that have another one to be swapped for."""
        for one, other in pairwise(nodes):
            start, stop = self.of(one)[1], self.of(other)[0]
            text = self.source[start:stop].decode()
            found = text.strip(" \n()")
            if found in swaps:
                at = start + len(text[: text.index(found)].encode())
                yield at, at + len(found), swaps[found]


def _changes(node: ast.AST, places: _Places) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches of one node that are changed, and what to."""
    match node:
        case ast.Constant(value=bool()):
            return
        case ast.Constant(value=int() as number):
            for wrong in (number + 1, number - 1):
                yield (*places.of(node), repr(wrong) if wrong >= 0 else f"({wrong})")
        case ast.Constant(value=float() as share):
            for wrong_share in {share * _FACTOR, share / _FACTOR} - {share}:
                yield (*places.of(node), repr(float(f"{wrong_share:.6g}")))
        case ast.Compare():
            yield from places.between([node.left, *node.comparators], _COMPARED)
        case ast.BoolOp():
            yield from places.between(node.values, _JOINED)
        case ast.UnaryOp(op=ast.Not()):
            start = places.of(node)[0]
            yield start, start + len("not "), ""
        case ast.Call():
            yield from _dropped(node, places)


def _dropped(call: ast.Call, places: _Places) -> Iterator[tuple[int, int, str]]:
    """Yield each argument of a call with the comma before it; the first one with the comma after it."""
    spans = sorted([*map(places.of, call.args), *map(places.of, call.keywords)])
    for number, (start, stop) in enumerate(spans):
        if number:
            yield spans[number - 1][1], stop, ""
        else:
            yield start, spans[1][0] if len(spans) > 1 else stop, ""


def _seen(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run: neither f-strings, whose parts Python misplaces, nor annotations."""
    yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr) and name not in _UNSEEN:
                yield from _seen(child)


def mutants_of(file: str, source: bytes) -> list[Mutant]:
    """Return every simple mistake that can be made in a file and still be Python.

    Numbers half as large again, or two thirds as large, whole ones one more or less; `<` for `<=` and the like; `and`
    for `or`; a `not` or an argument left out.
    """
    places = _Places(source)
    changes = {change for node in _seen(ast.parse(source)) for change in _changes(node, places)}
    mutants = [Mutant(file=file, start=start, stop=stop, new=new) for start, stop, new in sorted(changes)]
    return [one for one in mutants if _is_python(one.applied(source))]


def _is_python(source: bytes) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _files(under: Sequence[str]) -> list[Path]:
    paths = [_ROOT / one for one in under]
    return [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]


def _tests_of(file: str) -> str:
    return f"tests/unit/{Path(file).parts[1]}"


def _run(tree: Path, tests: str, *, timeout_s: float) -> bool | None:
    """Return whether these tests pass in a tree; None when they hang."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not accuracy", tests]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.returncode == 0


def _fate(mutant: Mutant, trees: SimpleQueue[Path], usual_s: dict[str, float], *, end_s: float) -> Fate:
    """Return what becomes of a mutant; after the end nothing is tried any more."""
    if time.monotonic() > end_s:
        return "not tried"
    tree = trees.get()
    file = tree / mutant.file
    source = file.read_bytes()
    try:
        file.write_bytes(mutant.applied(source))
        tests = _tests_of(mutant.file)
        passed = _run(tree, tests, timeout_s=min(_PATIENCE * usual_s[tests] + 30.0, max(1.0, end_s - time.monotonic())))
        if passed is None and time.monotonic() > end_s:
            return "not tried"
    finally:
        file.write_bytes(source)
        trees.put(tree)
    return "survived" if passed else "killed"


def _usual_s(tree: Path, mutants: Sequence[Mutant]) -> dict[str, float]:
    """Return how long the tests of each room take on the code as it is."""
    usual = {}
    for tests in sorted({_tests_of(one.file) for one in mutants}):
        start_s = time.monotonic()
        if not _run(tree, tests, timeout_s=1200.0):
            raise SystemExit(f"{tests}: they fail on the code as it is; mend that first")
        usual[tests] = time.monotonic() - start_s
        print(f"{tests}: {usual[tests]:.0f} s", flush=True)
    return usual


def main(arguments: Sequence[str] | None = None) -> int:
    """Try a sample and print the survivors."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants")
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--under", nargs="+", default=_UNDER, help="files or folders of gaitlab/")
    asked = parser.parse_args(arguments)
    end_s = time.monotonic() + 60.0 * asked.minutes
    sources = {file.relative_to(_ROOT).as_posix(): file.read_bytes() for file in _files(asked.under)}
    every = [mutant for file, source in sources.items() for mutant in mutants_of(file, source)]
    sample = random.Random(asked.seed).sample(every, min(asked.number, len(every)))
    with tempfile.TemporaryDirectory() as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(_AT_ONCE):
            trees.put(Path(shutil.copytree(_ROOT, Path(folder) / f"tree-{number}", ignore=_NOT_COPIED)))
        usual_s = _usual_s(Path(folder) / "tree-0", sample)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            fates = []
            for mutant, fate in zip(
                sample, pool.map(lambda one: _fate(one, trees, usual_s, end_s=end_s), sample), strict=True
            ):
                fates.append(fate)
                if fate == "survived":
                    print(mutant.words(sources[mutant.file]), flush=True)
    n_killed, n_survived = fates.count("killed"), fates.count("survived")
    print(f"Of {len(every)} mutants {n_killed + n_survived} were tried: {n_killed} killed, {n_survived} survived.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
