"""The reference pages that the program itself knows best: the command line and the table of metrics.

    python -m benchmarks.reference_pages    # write them into docs/reference; `make docs` does

The text of `argparse` differs between Python versions and widths of the terminal, so the page of the command line is
built of its actions. A test compares the committed pages with what this program writes.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.example_findings import EXAMPLES
from gaitlab.cli.main import _parser
from gaitlab.errors import (
    AnalysisCancelled,
    GaitLabError,
    InputError,
    ModelError,
    NoPersonError,
    StoreError,
    UsageError,
)
from gaitlab.limits import TABLE
from gaitlab.metrics.table import METRICS, Aim, MetricRow
from gaitlab.records.findings import said, sentence_of

__all__ = ["PAGES", "command_line_page", "findings_page", "limits_page", "main", "metrics_page"]

_ROOT: Final = Path(__file__).resolve().parents[1]
_HEAD: Final = """# Command line

<!-- Written by `make docs`; do not edit. -->

Progress goes to stderr. Stdout carries only what was asked for; `-` instead of a file name means stdout. An error is
one line on stderr that says what to do; every command takes `--debug`, which adds the traceback. Nothing is saved on an
error.
[The JSON report](json.md) has a page of its own.

## Exit codes

| code | meaning |
|---|---|
| 0 | done; `analyze` also when nothing was recognised: a note says so |"""

_LIMITS_HEAD: Final = """# Limits

<!-- Written by `make docs`; do not edit. -->

What comes from outside is bounded, so that no file, archive or page can fill the memory or the disk, or keep others
out. The errors of keypoint files tell theirs.

| what | limit | beyond it |
|---|---|---|"""
_CODES: Final[Sequence[tuple[type[GaitLabError], str]]] = (
    (UsageError, "wrong usage"),
    (InputError, "the input cannot be read"),
    (ModelError, "the pose model is not available"),
    (NoPersonError, "no person was found"),
    (StoreError, "the store cannot be read or written, or there is no such session or person"),
    (AnalysisCancelled, "interrupted"),
)
_USAGE_WIDTH: Final = 76
_GLUE: Final = "\0"
#: Arguments without a help text that are numbers of sessions.
_IDS: Final = ("id", "ids")


def command_line_page() -> str:
    """Return the page in Markdown."""
    codes = (f"| {kind.exit_code} | {meaning} |" for kind, meaning in _CODES)
    return "\n".join([_HEAD, *codes, *_commands(_parser())]) + "\n"


def limits_page() -> str:
    """Return the page of limits in Markdown."""
    rows = (f"| {what} | {limit} | {beyond} |" for what, limit, beyond in TABLE)
    return "\n".join([_LIMITS_HEAD, *rows]) + "\n"


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    for command in _children(parser).values():
        yield from _section(command, "##")
        for action in _children(command).values():
            yield from _section(action, "###")


def _children(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the commands below a parser, by name."""
    groups = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(groups[0].choices) if groups else {}


def _help_of(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Return the one-line help of the commands below a parser, by name."""
    groups = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return {one.dest: one.help or "" for group in groups for one in group._choices_actions}


def _section(parser: argparse.ArgumentParser, mark: str) -> Iterator[str]:
    yield from ("", f"{mark} {parser.prog}")
    if text := parser.description or _told_above(parser.prog):
        yield from ("", f"{_cell(text[:1].upper() + text[1:])}{'' if text.endswith('?') else '.'}")
    if not _children(parser):
        yield from ("", "```", *_wrapped([parser.prog, *_usage(parser)]), "```")
    if parser.epilog:
        yield from ("", f"Example: `{parser.epilog.removeprefix('example: ')}`")
    rows = [f"| {_name(one)} | {_meaning(one)} |" for one in _told(parser) if one.option_strings or _meaning(one)]
    if rows:
        yield from ("", "| argument | meaning |", "|---|---|", *rows)


def _wrapped(parts: Sequence[str]) -> list[str]:
    """Return parts in lines that fit the page; no part is broken."""
    whole = " ".join(part.replace(" ", _GLUE) for part in parts)
    lines = textwrap.wrap(whole, _USAGE_WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return [line.replace(_GLUE, " ") for line in lines]


def _told_above(prog: str) -> str:
    """Return the help that the command above gives of an action, which has no description of its own."""
    parser = _parser()
    *above, last = prog.split()[1:]
    for name in above:
        parser = _children(parser)[name]
    return _help_of(parser).get(last, "")


def _told(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the arguments that are not on every command alike, as `--help` and `--debug` are."""
    left_out = (argparse._HelpAction, argparse._SubParsersAction)
    return [one for one in parser._actions if not isinstance(one, left_out) and one.dest != "debug"]


def _usage(parser: argparse.ArgumentParser) -> Iterator[str]:
    positional = [one for one in _told(parser) if not one.option_strings]
    yield from (_value(one) for one in positional)
    for one in _told(parser):
        if one.option_strings:
            used = " ".join([one.option_strings[-1], *([_value(one)] if one.nargs != 0 else [])])
            yield used if one.required else f"[{used}]"


def _value(action: argparse.Action) -> str:
    """Return the placeholder of an argument's value."""
    if isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    few = action.choices is not None and len(list(action.choices)) <= 4
    choices = "|".join(map(str, action.choices or ())) if few else ""
    word = action.metavar or choices or (action.dest.upper() if action.option_strings else action.dest)
    if isinstance(action.nargs, int):
        return " ".join([word] * action.nargs)
    return {"+": f"{word} [{word} …]", "*": f"[{word} …]", "?": f"[{word}]"}.get(str(action.nargs), word)


def _name(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{_cell(_value(action))}`"
    value = f" {_value(action)}" if action.nargs != 0 else ""
    return ", ".join(f"`{_cell(option + value)}`" for option in action.option_strings)


def _meaning(action: argparse.Action) -> str:
    parts = ["" if action.help == f"default: {action.default}" else _cell(action.help or "")]
    if action.choices is not None and len(list(action.choices)) > 4:
        parts.append("one of " + ", ".join(f"`{one}`" for one in action.choices))
    is_told = "default: " in (action.help or "") and parts[0] != ""
    if action.option_strings and action.default not in (None, False) and not is_told:
        parts.append(f"default: `{action.default}`")
    if action.required and action.option_strings:
        parts.append("required")
    return "; ".join(part for part in parts if part) or ("number of the session" if action.dest in _IDS else "")


def _cell(text: str) -> str:
    """Return text for a cell of a table, in which a bar would end the cell."""
    return " ".join(text.split()).replace("%%", "%").replace("|", "\\|")


_METRICS_HEAD: Final = """# Metrics

<!-- Written by `make docs`; do not edit. -->

The names as they stand in the JSON report, in CSV files and in the store.
[Walking and running](../numbers/walking.md) and [Exercises](../numbers/exercises.md) say how they are measured.

"Better" is what a verdict calls better without a goal; where it is empty, the verdict says higher or lower. "Limit" is
the published limit of a change between two sessions; three baseline sessions of the person's own take its place
([Did I really change?](../use/change.md)).

| name | unit | what | better | limit | typical |
|---|---|---|---|---|---|"""


def metrics_page() -> str:
    """Return the page of the table of metrics in Markdown."""
    refused = (
        f"| `{row.name}` | {_cell(sentence_of(said(row.never)))} |" for row in METRICS.values() if row.never is not None
    )
    return (
        "\n".join(
            [
                _METRICS_HEAD,
                *(_metric_line(row) for row in METRICS.values() if row.never is None),
                "\n## Always withheld\n\n| name | why |\n|---|---|",
                *refused,
            ]
        )
        + "\n"
    )


def _metric_line(row: MetricRow) -> str:
    units = ", ".join((row.unit, *row.other_units))
    limit = f"{row.bound.limit:.3g}" if row.bound else ""
    typical = f"{row.typical.low:g}–{row.typical.high:g}" if row.typical else ""
    what = f"**{row.label}.** {_cell(row.help or '')}"
    return f"| `{row.name}` | {units} | {what} | {_better(row.better)} | {limit} | {typical} |"


def _better(aim: Aim | None) -> str:
    if aim is None or isinstance(aim, str):
        return aim or ""
    low, high = aim
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


#: File → what it holds.
_FINDINGS_HEAD: Final = """# Findings

<!-- Written by `make docs`; do not edit. -->

Why a number is missing (`reason_code` in the JSON report) and what a reader must know (`note_codes`): each code with an
example of its sentence. [The JSON report](json.md) says what holds of codes,
[Architecture](../extend/architecture.md#findings-and-their-sentences) where the sentences stand.

| code | values | for example |
|---|---|---|"""


def findings_page() -> str:
    """Return the page of the codes of reasons and notes in Markdown."""
    lines = (
        f"| `{code}` | {', '.join(f'`{name}`' for name in one.values)} | {_cell(sentence_of(one))} |"
        for code, one in EXAMPLES.items()
    )
    return "\n".join([_FINDINGS_HEAD, *lines]) + "\n"


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/reference/limits.md": limits_page,
    "docs/reference/command-line.md": command_line_page,
    "docs/reference/metrics.md": metrics_page,
    "docs/reference/findings.md": findings_page,
}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (_ROOT / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
