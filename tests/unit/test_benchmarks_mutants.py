"""Which mistakes the mutation run makes, on lines that can be read by eye."""

from __future__ import annotations

import pytest

from benchmarks.mutants import mutants_of


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
        ("a = (b) or (c)", ["a = (b) and (c)"]),
        ("a = not b", ["a = b"]),
        ("f(b)", ["f()"]),
        ("f(b, c, d=e)", ["f(c, d=e)", "f(b, d=e)", "f(b, c)"]),
        ("a: Literal[1] = b", []),
        ("a = f'{b + 1}'", []),
        ("ä = 'ö' if b else 7", ["ä = 'ö' if b else 6", "ä = 'ö' if b else 8"]),
    ],
)
def test_each_simple_mistake_is_made_once(line: str, wrong: list[str]) -> None:
    assert made_of(line) == wrong


def test_a_mutant_says_where_it_is_and_what_it_changes() -> None:
    source = b"a = b\nif a > b:\n    pass\n"
    (mutant,) = mutants_of("gaitlab/gait/made.py", source)
    assert mutant.words(source) == "gaitlab/gait/made.py:2: if a > b:  ->  if a >= b:"
