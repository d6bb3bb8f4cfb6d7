"""Which mistakes the mutation run makes, on lines that can be read by eye."""

from __future__ import annotations

import pytest

from benchmarks.mutants import Statement, mutants_of, sample, statement_at


def made_of(line: str) -> list[str]:
    source = line.encode()
    return [mutant.applied(source).decode() for mutant in mutants_of("gaitlab/gait/made.py", source)]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("a = 3", ["a = 2", "a = 4"]),
        ("a = 0.5", ["a = 0.333333", "a = 0.75"]),
        ("a = 0.0", []),
        ("a = True", []),
        ("a = b < c <= d", ["a = b <= c <= d", "a = b < c < d"]),
        ("a = b == c", ["a = b != c"]),
        ("a = b == 0.25", ["a = b != 0.25", "a = b == 0.166667", "a = b == 0.375"]),
        ("a = b < 0.25", ["a = b < 0.166667", "a = b < 0.375"]),
        ("a = b < 2.0", ["a = b <= 2.0", "a = b < 1.33333", "a = b < 3.0"]),
        ("a = (b) or (c)", ["a = (b) and (c)"]),
        ("a = not b", ["a = b"]),
        ("f(b)", ["f()"]),
        ("f(b, c, d=e)", ["f(c, d=e)", "f(b, d=e)", "f(b, c)"]),
        ("a: Literal[1] = b", []),
        ("a = f'{b + 1}'", []),
        ("a = 2e-6", ["a = 1.33333e-06", "a = 3e-06"]),
        ("a = 1e-9", []),
        ("raise Wrong(a, 3)", []),
        ("f(b, strict=True)", ["f(strict=True)"]),
        ("f('b', 'in words', c=f'{d}')", ["f('in words', c=f'{d}')"]),
        ("f(\n    b,\n)", []),  # the comma would stay
        ("ä = 'ö' if b else 7", ["ä = 'ö' if b else 6", "ä = 'ö' if b else 8"]),
    ],
)
def test_each_simple_mistake_is_made_once(line: str, wrong: list[str]) -> None:
    assert made_of(line) == wrong


def test_a_mutant_says_where_it_is_and_what_it_changes() -> None:
    source = b"a = b\nif a > b:\n    pass\n"
    (mutant,) = mutants_of("gaitlab/gait/made.py", source)
    assert mutant.words(source) == "gaitlab/gait/made.py:2: if a > b:  ->  if a >= b:"


def test_a_limit_with_decimals_is_known_by_its_name() -> None:
    assert "A = 0.25\nb = c <= A" not in made_of("A = 0.25\nb = c < A")
    assert "A = 4\nb = c <= A" in made_of("A = 4\nb = c < A")


def test_a_change_of_the_code_leaves_the_rest_of_the_sample() -> None:
    lines = [f"a = {n}" for n in range(20)]
    sources = ["\n".join(lines).encode(), "\n".join([lines[3], "b = 1", *lines[:3], *lines[4:]]).encode()]
    drawn = []
    for source in sources:
        mutants = mutants_of("gaitlab/gait/made.py", source)
        some = sample(mutants, {"gaitlab/gait/made.py": source}, number=10, seed=1)
        drawn.append({mutant.words(source).partition(": ")[2] for mutant in some})
    assert len(drawn[0] & drawn[1]) >= 9


PLACES = b"""LIMIT = 3

class Row:
    wide: int = 4

def f(a,
      n=5):
    if a > (
        6
    ):
        return 7
    return n
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (1, Statement(lines=range(1, 2), in_function=False, names=frozenset({"LIMIT"}))),
        (4, Statement(lines=range(4, 5), in_function=False, names=frozenset({"wide"}))),
        (7, Statement(lines=range(6, 8), in_function=False, names=frozenset({"f"}))),  # a default is made once
        (9, Statement(lines=range(8, 11), in_function=True, names=frozenset())),
        (11, Statement(lines=range(11, 12), in_function=True, names=frozenset())),
    ],
)
def test_a_mistake_is_shown_to_the_tests_of_its_innermost_statement(line: int, expected: Statement) -> None:
    assert statement_at(PLACES, line) == expected
