"""Do the tests notice? Small mistakes put into the code, one at a time, and the unit tests that reach it run on each.

    python -m benchmarks.mutants [--number 300] [--seed 1] [--slice 0 50] [--minutes 60] [--under gaitlab/gait ...]

A mutant that no test notices survives: either no test looks at what it changes, or it changes nothing that can be seen.
The sample is drawn by the seed. First every test runs once and is watched: it reaches the lines that it runs. A mistake
inside a function is shown to the tests that reach its statement, one outside of functions to every test of its room;
the quick ones come first, and the first that fails ends it. No file is changed: each mutant is imported in a process of
its own, forked from one that has the libraries loaded.

Not made are mistakes that cannot be seen: in texts, also where one is left out; in annotations and decorators; in the
message of an error; in `strict=` of `zip`, which only guards; in numbers below 1e-6, which keep a division from 0; and
whether a limit with decimals is itself still within it, because nothing that is measured equals it to the last bit.

The sample goes by the seed and the text of each line: a change of the code leaves it as it is, but for these lines.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import importlib.util
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final, Literal

import pytest
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings

__all__ = ["Mutant", "Statement", "mutants_of", "sample", "statement_at"]

_ROOT: Final = Path(__file__).resolve().parents[1]
_UNDER: Final = (
    "gaitlab/gait",
    "gaitlab/repetitions",
    "gaitlab/motion",
    "gaitlab/history",
    "gaitlab/storage/retention.py",
)
#: Tests of every room that is sampled; each line is a process that watches them.
_TESTS: Final = (
    ("tests/unit/repetitions", "tests/unit/storage"),
    (
        "tests/unit/gait",
        "tests/unit/motion",
        "tests/unit/history",
        "tests/unit/records/test_edits.py",
        "tests/unit/test_laws.py",
        "tests/unit/test_pipeline.py",
    ),
)
_LIBRARIES: Final = (
    *("pytest", "hypothesis", "numpy", "scipy.signal", "scipy.optimize", "scipy.stats", "scipy.interpolate"),
    *("sqlalchemy.orm", "alembic.command", "av", "psutil"),
)
_AT_ONCE: Final = 2
_FACTOR: Final = 1.5
#: Numbers below it keep a division from 0: any other as small does the same.
_NOTHING: Final = 1e-6
_EQUAL: Final = {"==": "!=", "!=": "=="}
_COMPARED: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", **_EQUAL}
_JOINED: Final = {"and": "or", "or": "and"}
#: Fields of nodes with what does not run, or runs once and is no number of ours.
_UNSEEN: Final = ("annotation", "returns", "decorator_list")
#: An argument that only guards: what it would stop never comes.
_GUARDS: Final = ("strict",)
#: A text for people has a space in it; a name has none.
_BETWEEN_WORDS: Final = " "
#: Tests that take longer than this much of their usual time, and half a minute more, hang.
_PATIENCE: Final = 3.0
#: What the project asks of its tests.
_LEAST_KILLED: Final = 0.9

Kind = Literal["number", "comparison", "and/or", "not", "argument"]
Fate = Literal["killed", "survived", "not tried"]
Line = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A stretch of a file, in bytes, and what stands there instead."""

    file: str
    kind: Kind
    start: int
    stop: int
    new: str

    def applied(self, source: bytes) -> bytes:
        """Return the file with the mistake in it."""
        return source[: self.start] + self.new.encode() + source[self.stop :]

    def line(self, source: bytes) -> int:
        """Return the number of the line it begins in, from 1."""
        return source[: self.start].count(b"\n") + 1

    def words(self, source: bytes) -> str:
        """Return where it is, and the lines before and after."""
        number = self.line(source)
        first, last = (text.split(b"\n")[number - 1].strip().decode() for text in (source, self.applied(source)))
        return f"{self.file}:{number}: {first}  ->  {last}"


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


def _changes(node: ast.AST, places: _Places, limits: frozenset[str]) -> Iterator[tuple[Kind, int, int, str]]:
    """Yield the stretches of one node that are changed, and what to."""
    match node:
        case ast.Constant(value=value):
            for wrong in _wrong_numbers(value):
                yield ("number", *places.of(node), wrong)
        case ast.Compare():
            for place in _swapped(node, places, limits):
                yield "comparison", *place
        case ast.BoolOp():
            for place in places.between(node.values, _JOINED):
                yield "and/or", *place
        case ast.UnaryOp(op=ast.Not()):
            start = places.of(node)[0]
            yield "not", start, start + len("not "), ""
        case ast.Call():
            for place in _dropped(node, places):
                yield "argument", *place


def _swapped(node: ast.Compare, places: _Places, limits: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    for pair in pairwise([node.left, *node.comparators]):
        measured = any(_has_decimals(one, limits) for one in pair)
        yield from places.between(pair, _EQUAL if measured else _COMPARED)


def _has_decimals(tree: ast.AST, limits: frozenset[str]) -> bool:
    """Return whether a number with decimals is in an expression, or the name of a constant with one."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float(value)) if not value.is_integer():
                return True
            case ast.Name(id=name) if name in limits:
                return True
    return False


def _limits(tree: ast.Module) -> frozenset[str]:
    """Return the names of a module's constants that have decimals."""
    return frozenset(
        name
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        and statement.value is not None
        and _has_decimals(statement.value, frozenset())
        for name in _names_given(statement)
    )


def _wrong_numbers(value: object) -> Iterator[str]:
    match value:
        case bool():
            return
        case int():
            for wrong in (value + 1, value - 1):
                yield repr(wrong) if wrong >= 0 else f"({wrong})"
        case float() if value >= _NOTHING:
            for wrong_share in {value * _FACTOR, value / _FACTOR}:
                yield repr(float(f"{wrong_share:.6g}"))


def _dropped(call: ast.Call, places: _Places) -> Iterator[tuple[int, int, str]]:
    """Yield each argument of a call with the comma before it; the first one with the comma after it."""
    whole = places.of(call)
    spared = {places.of(word) for word in call.keywords if word.arg in _GUARDS or _is_text(word.value)}
    spared |= {places.of(one) for one in call.args if _is_text(one)}
    spans = sorted([*map(places.of, call.args), *map(places.of, call.keywords)])
    for number, (start, stop) in enumerate(spans):
        if (start, stop) in spared:
            continue
        first, last = (spans[number - 1][1], stop) if number else (start, spans[1][0] if len(spans) > 1 else stop)
        if _is_python(places.source[whole[0] : first] + places.source[last : whole[1]]):
            yield first, last, ""


def _is_text(node: ast.expr) -> bool:
    match node:
        case ast.JoinedStr():
            return True
        case ast.Constant(value=str(text)):
            return _BETWEEN_WORDS in text
    return False


def _seen(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run: neither f-strings, whose parts Python misplaces, nor annotations, nor errors raised."""
    yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr | ast.Raise) and name not in _UNSEEN:
                yield from _seen(child)


def mutants_of(file: str, source: bytes) -> list[Mutant]:
    """Return every simple mistake that can be made in a file and still be Python.

    Numbers half as large again, or two thirds as large, whole ones one more or less; `<` for `<=` and the like; `and`
    for `or`; a `not` or an argument left out.
    """
    places = _Places(source)
    tree = ast.parse(source)
    limits = _limits(tree)
    changes = {change for node in _seen(tree) for change in _changes(node, places, limits)}
    return [
        Mutant(file=file, kind=kind, start=start, stop=stop, new=new)
        for kind, start, stop, new in sorted(changes, key=lambda change: change[1:])
    ]


def _is_python(expression: bytes) -> bool:
    try:
        ast.parse(b"(" + expression + b")")
    except SyntaxError:
        return False
    return True


def sample(mutants: Iterable[Mutant], sources: Mapping[str, bytes], *, number: int, seed: int) -> list[Mutant]:
    """Draw mutants by what they are, not by where they stand."""

    def place(mutant: Mutant) -> bytes:
        source = sources[mutant.file]
        column = mutant.start - source.rfind(b"\n", 0, mutant.start)
        line = source.splitlines()[mutant.line(source) - 1]
        return hashlib.sha256(repr((seed, mutant.file, line, column, mutant.kind, mutant.new)).encode()).digest()

    return sorted(mutants, key=place)[:number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The innermost statement of a line, without the statements in it.

    Attributes
    ----------
    lines : range
    in_function : bool
        Whether it runs when a function is called, and not when the module is imported.
    names : frozenset of str
        What it gives a name to, where it is not in a function.
    """

    lines: range
    in_function: bool
    names: frozenset[str]


def statement_at(source: bytes, line: int) -> Statement:
    """Return the statement that a line belongs to."""
    block: Sequence[ast.stmt] = ast.parse(source).body
    in_function = False
    while True:
        found = next(one for one in block if _first_line(one) <= line <= (one.end_lineno or one.lineno))
        inner = [child for child in ast.walk(found) if isinstance(child, ast.stmt) and child is not found]
        header = range(_first_line(found), min(map(_first_line, inner), default=(found.end_lineno or 0) + 1))
        holds = [one for one in inner if _first_line(one) <= line <= (one.end_lineno or one.lineno)]
        if line in header or not holds:
            return Statement(
                lines=header, in_function=in_function, names=frozenset() if in_function else _names_given(found)
            )
        in_function = in_function or isinstance(found, ast.FunctionDef)
        block = holds


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(int(one.lineno) for one in decorators)])


def _names_given(statement: ast.stmt) -> frozenset[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
            return frozenset({name})
        case ast.Assign(targets=targets):
            return frozenset(one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))
    return frozenset()


def _uses(sources: Mapping[str, bytes]) -> dict[str, set[Line]]:
    """Return where each name is used."""
    uses: dict[str, set[Line]] = {}
    for file, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    uses.setdefault(name, set()).add((file, node.lineno))
    return uses


@dataclass(frozen=True, slots=True, kw_only=True)
class _Test:
    """A test as it was watched on the code as it is."""

    nodeid: str
    time_s: float
    lines: frozenset[Line]


class _Reach:
    """Which tests may notice a mistake."""

    def __init__(self, sources: Mapping[str, bytes], tests: Sequence[_Test]) -> None:
        self._sources, self._tests, self._uses = sources, tests, _uses(sources)

    def of(self, mutant: Mutant) -> list[_Test]:
        """Return the tests for a mutant in the order they are tried: the likely ones first, then the quick ones."""
        statement = statement_at(self._sources[mutant.file], mutant.line(self._sources[mutant.file]))
        if statement.in_function:
            lines = {(mutant.file, number) for number in statement.lines}
            return sorted((one for one in self._tests if lines & one.lines), key=lambda one: one.time_s)
        room = f"tests/unit/{Path(mutant.file).parts[1]}/"
        named = {line for name in statement.names for line in self._uses.get(name, ())}
        reached = {one.nodeid for one in self._tests if named & one.lines}
        tests = [one for one in self._tests if one.nodeid in reached or one.nodeid.startswith(room)]
        return sorted(tests, key=lambda one: (one.nodeid not in reached, one.time_s))


class _Watch:
    """A plugin of pytest that notes which lines each test runs, in files that are watched."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = {str(_ROOT / file): file for file in files}
        self._lines: set[Line] = set()
        self._of_fixture: dict[str, set[Line]] = {}
        self.tests: list[tuple[str, float, list[Line]]] = []

    def _enter(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._line if frame.f_code.co_filename in self._files else None

    def _line(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            self._lines.add((self._files[frame.f_code.co_filename], frame.f_lineno))
        return self._line

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        _forget()
        self._lines = set()
        start_s = time.monotonic()
        sys.settrace(self._enter)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            shared = [self._of_fixture.get(name, set()) for name in getattr(item, "fixturenames", ())]
            self.tests.append((item.nodeid, time.monotonic() - start_s, sorted(self._lines.union(*shared))))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """What several tests share was run for each of them."""
        if fixturedef.scope == "function":
            return (yield)
        before, self._lines = self._lines, set()
        try:
            return (yield)
        finally:
            self._of_fixture.setdefault(fixturedef.argname, set()).update(self._lines)
            self._lines |= before


def _forget() -> None:
    """Empty every cache: what one test computed is computed for the next one, too."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in {"gaitlab", "tests"}:
            for value in list(vars(module).values()):
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


class _Chosen:
    """A plugin of pytest that keeps some tests, in their order."""

    def __init__(self, nodeids: Sequence[str]) -> None:
        self._places = {nodeid: number for number, nodeid in enumerate(nodeids)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (one for one in items if one.nodeid in self._places), key=lambda one: self._places[one.nodeid]
        )


class _NoShrinking:
    """A plugin of pytest: a law that fails has failed, whichever is its smallest example."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        hypothesis_settings.register_profile(
            "mutants", hypothesis_settings.get_profile("few"), phases=[Phase.explicit, Phase.generate], database=None
        )
        hypothesis_settings.load_profile("mutants")


class _Mistaken(SourceFileLoader):
    """Loads a module from another text than its file's, and leaves what is compiled on the disk alone."""

    def __init__(self, name: str, path: str, source: bytes) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    """Finds the one module with the mistake."""

    def __init__(self, file: str, source: bytes) -> None:
        path = Path(file)
        self._package = path.name == "__init__.py"
        self._name = ".".join((path.parent if self._package else path.with_suffix("")).parts)
        self._loader = _Mistaken(self._name, str(_ROOT / file), source)

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        places = [str(Path(self._loader.path).parent)] if self._package else None
        return importlib.util.spec_from_file_location(
            fullname, self._loader.path, loader=self._loader, submodule_search_locations=places
        )


def _pytest(paths: Sequence[str], *plugins: object) -> int:
    """Run tests in this process, silently."""
    os.setsid()  # what they start ends with them
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os.chdir(_ROOT)
    options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-m", "not accuracy", "--hypothesis-seed=0"]
    return int(pytest.main([*options, *paths], plugins=[_NoShrinking(), *plugins]))


def _watched(paths: Sequence[str], files: Sequence[str], result: Path) -> None:
    """Run tests on the code as it is and write what each of them reaches; a process of its own."""
    watch = _Watch(files)
    status = _pytest(paths, watch)
    result.write_text(json.dumps(watch.tests))
    os._exit(status)


def _tried(file: str, source: bytes, nodeids: Sequence[str]) -> None:
    """Run tests with one file changed; a process of its own."""
    sys.meta_path.insert(0, _Finder(file, source))
    paths = sorted({nodeid.partition("::")[0] for nodeid in nodeids})
    os._exit(_pytest(paths, _Chosen(nodeids)))


class _Laboratory:
    """Where mutants are tried, each in a process of its own."""

    def __init__(self, sources: Mapping[str, bytes], *, folder: Path, end_s: float) -> None:
        self._sources, self._folder, self._end_s = sources, folder, end_s
        os.environ |= {"OPENBLAS_NUM_THREADS": "1", "TMPDIR": str(folder)}
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(list(_LIBRARIES))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            self.reach = _Reach(sources, [test for tests in pool.map(self._watch, _TESTS) for test in tests])

    def _run(self, target: Any, *arguments: object, timeout_s: float) -> int | None:
        """Return how a process ended; None where it had to be stopped."""
        process = self._processes.Process(target=target, args=arguments)
        process.start()
        process.join(timeout_s)
        if process.exitcode is None:
            assert process.pid is not None
            os.killpg(process.pid, signal.SIGKILL)
            process.join()
            return None
        return process.exitcode

    def _watch(self, paths: tuple[str, ...]) -> list[_Test]:
        """Return the tests under some paths; the code as it is passes them."""
        result = self._folder / f"{abs(hash(paths))}.json"
        if self._run(_watched, paths, list(self._sources), result, timeout_s=1800.0) != 0:
            raise SystemExit(f"{' '.join(paths)}: they fail on the code as it is; mend that first")
        return [
            _Test(nodeid=nodeid, time_s=time_s, lines=frozenset((file, line) for file, line in lines))
            for nodeid, time_s, lines in json.loads(result.read_text())
        ]

    def fate(self, mutant: Mutant) -> Fate:
        """Return what becomes of a mutant; after the end nothing is tried any more."""
        tests = self.reach.of(mutant)
        left_s = self._end_s - time.monotonic()
        if left_s <= 0.0:
            return "not tried"
        if not tests:
            return "survived"
        source = mutant.applied(self._sources[mutant.file])
        usual_s = sum(one.time_s for one in tests)
        nodeids = [one.nodeid for one in tests]
        status = self._run(_tried, mutant.file, source, nodeids, timeout_s=min(_PATIENCE * usual_s + 30.0, left_s))
        if status is None and time.monotonic() > self._end_s:
            return "not tried"
        if status == pytest.ExitCode.NO_TESTS_COLLECTED:
            raise RuntimeError(f"{mutant.words(self._sources[mutant.file])}: its tests were not found")
        return "survived" if status == 0 else "killed"


def _files(under: Sequence[str]) -> list[Path]:
    paths = [_ROOT / one for one in under]
    return [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try a sample and print the survivors; return 1 where more than one in ten survives."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants")
    parser.add_argument("--number", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--slice", type=int, nargs=2, default=(0, None), metavar=("FROM", "TO"), help="part of the sample"
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--under", nargs="+", default=_UNDER, help="files or folders of gaitlab/")
    asked = parser.parse_args(arguments)
    end_s = time.monotonic() + 60.0 * asked.minutes
    sources = {file.relative_to(_ROOT).as_posix(): file.read_bytes() for file in _files(asked.under)}
    every = [mutant for file, source in sources.items() for mutant in mutants_of(file, source)]
    drawn = sample(every, sources, number=asked.number, seed=asked.seed)[slice(*asked.slice)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(_AT_ONCE) as pool:
        laboratory = _Laboratory(sources, folder=Path(folder), end_s=end_s)
        fates = Counter[tuple[Kind, Fate]]()
        for mutant, fate in zip(drawn, pool.map(laboratory.fate, drawn), strict=True):
            fates[mutant.kind, fate] += 1
            if fate == "survived":
                n_tests = len(laboratory.reach.of(mutant))
                print(f"{mutant.words(sources[mutant.file])}  ({n_tests} tests)", flush=True)
    return _told(fates, n_every=len(every))


def _told(fates: Counter[tuple[Kind, Fate]], *, n_every: int) -> int:
    for kind in sorted({kind for kind, _ in fates}):
        print(f"{kind}: {fates[kind, 'killed']} killed, {fates[kind, 'survived']} survived")
    n = {fate: sum(count for (_, one), count in fates.items() if one == fate) for fate in ("killed", "survived")}
    n_tried = sum(n.values())
    share = n["killed"] / n_tried if n_tried else 0.0
    print(f"Of {n_every} mutants {n_tried} were tried: {n['killed']} killed ({share:.1%}), {n['survived']} survived.")
    return int(share < _LEAST_KILLED)


if __name__ == "__main__":
    sys.exit(main())
