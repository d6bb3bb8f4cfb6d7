"""Findings: codes with values, and the sentences that the table makes of them."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gaitlab
from benchmarks.example_findings import EXAMPLES
from gaitlab.metrics.table import METRICS
from gaitlab.records.findings import LANGUAGES, Said, as_written, fields_of, recalled, said, sentence_of
from gaitlab.records.findings.earlier import EARLIER
from gaitlab.records.findings.english import SENTENCES

ROOT = Path(gaitlab.__file__).parent


def words_in_the_program() -> set[str]:
    """Return every text that stands in the program outside of the tables of sentences."""
    files = (path for path in ROOT.rglob("*.py") if path.parent.name != "findings")
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in files)
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def codes_made_in_the_program() -> dict[str, str]:
    """Return each code that stands as a text in a call of `said` or `withheld`, with its file."""
    made = {}
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("said", "withheld"):
                at = 0 if node.func.id == "said" else 1  # type: ignore[attr-defined]
                for one in ast.walk(node.args[at]) if len(node.args) > at else ():
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        made[one.value] = path.name
    return made


def test_every_code_that_a_stage_makes_has_a_sentence() -> None:
    made = codes_made_in_the_program()
    assert len(made) > 70
    assert {code: file for code, file in made.items() if code not in SENTENCES} == {}


def test_every_code_of_the_table_is_made_somewhere() -> None:
    assert set(SENTENCES) - words_in_the_program() == {"as_written"}


def test_every_number_that_is_never_measured_says_why() -> None:
    assert {row.never for row in METRICS.values() if row.never is not None} <= set(SENTENCES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_every_code_with_the_same_values(language: str) -> None:
    table = LANGUAGES[language]
    assert {code: fields_of(words) for code, words in table.items()} == {
        code: fields_of(words) for code, words in SENTENCES.items()
    }


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_sentence_is_whole(code: str) -> None:
    sentence = sentence_of(EXAMPLES[code])
    assert sentence[0].isupper() or sentence[0].isdigit()
    assert sentence.endswith(".")
    assert not set(sentence) & set("{}")
    assert "  " not in sentence
    assert " nan" not in sentence


@pytest.mark.parametrize("code", EXAMPLES)
def test_a_finding_that_was_kept_as_json_says_the_same(code: str) -> None:
    kept = json.loads(json.dumps({"code": code, "values": EXAMPLES[code].values}))
    assert Said(**kept) == EXAMPLES[code]
    assert sentence_of(Said(**kept)) == str(EXAMPLES[code])


def test_findings_can_be_members_of_a_set() -> None:
    assert len({said("clip_short", seen_s=1.0), said("clip_short", seen_s=1.0), said("clip_short", seen_s=2.0)}) == 2


def test_numbers_of_numpy_become_plain_ones() -> None:
    found = said("legs_swapped", ranges_s=[(np.float64(0.5), np.float32(1.0))])
    assert json.dumps(found.values) == '{"ranges_s": [[0.5, 1.0]]}'


@pytest.mark.parametrize(
    ("code", "values", "told"),
    [
        ("no_such_code", {}, "expected a code of the table"),
        ("clip_short", {}, "expected seen_s, got no values"),
        ("few_steps", {"n": 3}, "expected no values, got n"),
        ("clip_short", {"seen_s": "long"}, "its values make no sentence"),
        ("scales_differ", {**EXAMPLES["scales_differ"].values, "first": "ruler"}, "its values make no sentence"),
        ("corrected", {"edits": [{"kind": "move_contact"}]}, "its values make no sentence"),
        ("longer_steps", {"side": 5, "percent": 12.0}, "its values make no sentence"),
    ],
)
def test_a_finding_that_cannot_be_said_is_refused(code: str, values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Said(code, values)


@pytest.mark.parametrize(
    ("ranges_s", "moments"),
    [
        ([[2.0, 2.5]], "2.0-2.5 s"),
        ([[2.0, 2.04]], "2.0 s"),
        ([[1, 2], [3, 4], [5, 6]], "1.0-2.0 s, 3.0-4.0 s, 5.0-6.0 s"),
        ([[1, 2], [3, 4], [5, 6], [7, 8], [9, 9]], "1.0-2.0 s, 3.0-4.0 s, 5.0-6.0 s and 2 more times"),
    ],
)
def test_a_long_list_is_cut_after_three(ranges_s: list[list[float]], moments: str) -> None:
    assert f" at {moments}; " in str(said("legs_swapped", ranges_s=ranges_s))


# Sentences of older sessions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [code for code, one in EXAMPLES.items() if not one.values])
def test_a_sentence_without_values_is_recognised(code: str) -> None:
    assert recalled(sentence_of(EXAMPLES[code])) == said(code)


def test_the_numbers_of_a_sentence_are_recognised() -> None:
    assert recalled("5 of 40 frames are missing in the file; they were taken as gaps in time.") == said(
        "frames_missing", n=5, n_frames=40
    )
    short = recalled("The test takes 30 s from the first rise, the clip shows 14 s of it: film on.")
    assert short == said("clip_short", seen_s=14)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was dark.",
        "",
        "This needs at least two repetitions. And a chair.",
        "The test takes 30 s from the first rise, the clip shows 14.25 s of it: film on.",  # never written so
        "many of 40 frames are missing in the file; they were taken as gaps in time.",
    ],
)
def test_any_other_sentence_stays_as_it_was_written(sentence: str) -> None:
    assert recalled(sentence) == as_written(sentence)
    assert str(recalled(sentence)) == sentence


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in EARLIER.items() for text in texts])
def test_an_earlier_wording_has_the_values_of_today(code: str, text: str) -> None:
    assert fields_of(text) == fields_of(SENTENCES[code])
    assert text != SENTENCES[code]
    values = EXAMPLES[code].values
    assert recalled(text.format(**values)).code == code
