"""Commands on saved sessions: ``gaitlab list``, ``show``, ``delete``, ``baseline``, ``compare``, ``trend``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, get_args

from gaitlab.cli.output import write_json
from gaitlab.errors import NotFoundError
from gaitlab.history.goals import goal_for
from gaitlab.history.sessions import Comparison, compare_sessions, trend_of
from gaitlab.history.trends import GoalState, Trend, goal_state
from gaitlab.history.verdict import Change
from gaitlab.records import Metric, Side
from gaitlab.reports import document_of, text_report
from gaitlab.reports.report_json import to_json
from gaitlab.sessions import about_session
from gaitlab.storage import SessionFilter, SessionHeader, open_store

__all__ = ["add_history_commands"]

#: Of `list`, `compare` and `trend`. From 2 on a number of repetitions is that of all, shallow ones too.
_SCHEMA: Final = 2
_Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def add_history_commands(add: _Add) -> None:
    """Add these commands to the program's parser with its `add`."""
    sessions = add("list", _cmd_list, "list saved sessions, newest first")
    sessions.add_argument("--person", help="only this person's")
    show = add("show", _cmd_show, "show the report of a saved session")
    show.add_argument("id", type=int)
    add("delete", _cmd_delete, "delete a saved session and its video").add_argument("id", type=int)
    baseline = add("baseline", _cmd_baseline, "mark sessions as those that later ones are compared with")
    baseline.add_argument("ids", type=int, nargs="+", metavar="ID")
    baseline.add_argument("--off", action="store_true", help="take the mark away")
    compare = add("compare", _cmd_compare, "compare two saved sessions of one person: what really changed?")
    compare.add_argument("ids", type=int, nargs=2, metavar="ID")
    course = add("trend", _cmd_trend, "show one number of a person over time, with a verdict on the newest session")
    course.add_argument("--person", required=True, metavar="NAME")
    course.add_argument("--metric", required=True, metavar="METRIC", help="for example cadence")
    course.add_argument("--side", choices=get_args(Side), help="default: both together, else the first there is")
    for command in (sessions, show, compare, course):
        command.add_argument("--json", metavar="FILE|-", help="write JSON to a file or to stdout")


_NONE_YET: Final = "no sessions yet; `gaitlab analyze CLIP` adds one"


def _here(when: datetime) -> datetime:
    """Return a moment by the clock of this computer, which is what people read; JSON keeps UTC."""
    return when.astimezone()


def _header_json(header: SessionHeader) -> dict[str, Any]:
    headline = header.cadence or header.repetition_count
    return {
        "id": header.id,
        "person": header.person,
        "kind": header.kind,
        "recorded_at": header.recorded_at.isoformat(),
        "created_at": header.created_at.isoformat(),
        "recorded_from": header.recorded_from,
        "file": header.file,
        "gaitlab": header.version,
        "tags": list(header.tags),
        "baseline": header.is_baseline,
        "replaced_by": header.replaced_by,
        "headline": {"name": headline.name, "value": headline.value, "unit": headline.unit} if headline else None,
        "shallow": header.shallow,
    }


def _cmd_list(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        headers = store.sessions(person=args.person, where=SessionFilter(with_replaced=True))
    if args.json:
        write_json({"schema": _SCHEMA, "sessions": [_header_json(header) for header in headers]}, args.json)
        return
    for header in headers:
        newer = f"  (replaced by {header.replaced_by})" if header.replaced_by else ""
        when = f"{_here(header.recorded_at):%Y-%m-%d %H:%M}"
        print(f"{header.id:5}  {when}  {header.kind:14} {header.person}  {header.file}{newer}")
    if not headers:
        none = f"no session of {args.person}; `gaitlab person list` shows all" if args.person else _NONE_YET
        print(none, file=sys.stderr)


def _cmd_show(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        stored = store.get(args.id)
        if args.json:
            write_json(to_json(stored.analysis, session_id=stored.header.id), args.json)
            return
        about = about_session(store, stored)
    print(f"session {args.id}: {text_report(document_of(stored.analysis, about, with_drawings=False))}")


def _cmd_delete(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        store.delete(args.id)
    print(f"session {args.id} deleted", file=sys.stderr)


def _cmd_baseline(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        for header in [store.get(number).header for number in args.ids]:  # all of them exist, or none is marked
            store.update_session(header.id, is_baseline=not args.off)
            if header.replaced_by and not args.off:
                print(
                    f"session {header.id} is replaced by {header.replaced_by}, so later ones are not compared with it; "
                    f"`gaitlab baseline {header.replaced_by}` marks that one",
                    file=sys.stderr,
                )


def _cmd_compare(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        comparison = compare_sessions(store, *args.ids)
    if args.json:
        write_json(_comparison_json(comparison), args.json)
        return
    first, second = comparison.first.header, comparison.second.header
    print(f"{first.person}: {_here(first.recorded_at):%Y-%m-%d %H:%M} (session {first.id}) and ", end="")
    print(f"{_here(second.recorded_at):%Y-%m-%d %H:%M} (session {second.id})")
    for row in comparison.rows:
        label = row.name.replace("_", " ") + (f" ({row.side})" if row.side else "")
        print(f"  {label:32} {_value(row.first):>10} {_value(row.second):>10}  {row.change.verdict}")
        print(f"  {'':32} {' '.join(row.change.why)}")
    if comparison.note:
        print(f"  note: {comparison.note}")


def _value(metric: Metric | None) -> str:
    return "-" if metric is None or metric.value is None else f"{metric.value:.4g}"


def _comparison_json(comparison: Comparison) -> dict[str, Any]:
    rows = [
        {
            "name": row.name,
            "side": row.side,
            "unit": (row.second or row.first or Metric(name=row.name, value=0.0, unit="")).unit,
            "first": row.first.value if row.first else None,
            "second": row.second.value if row.second else None,
            **_change_json(row.change),
        }
        for row in comparison.rows
    ]
    return {
        "schema": _SCHEMA,
        "first": _header_json(comparison.first.header),
        "second": _header_json(comparison.second.header),
        "metrics": rows,
        "note": comparison.note,
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "verdict": change.verdict,
        "reference": change.reference,
        "difference": change.difference,
        "limit": change.limit,
        "basis": change.basis,
        "compared_with": list(change.reference_ids),
        "why": list(change.why),
    }


def _cmd_trend(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        shown = trend_of(store, store.person(args.person).name, args.metric, side=args.side)
        goal = goal_for(store.goals(args.person), args.metric, shown.side)
    if not shown.points:
        raise NotFoundError(
            f"{args.metric}: no session of {args.person} has this number; `gaitlab show ID --json -` lists names"
        )
    state = goal_state(goal, shown, today=datetime.now().astimezone().date()) if goal else None
    if args.json:
        write_json(_trend_json(shown, args.person, state), args.json)
    else:
        print("\n".join(_trend_lines(shown, state)))


def _trend_lines(shown: Trend, state: GoalState | None) -> list[str]:
    side = f" ({shown.side})" if shown.side else ""
    lines = [f"{shown.name.replace('_', ' ')}{side}, {shown.unit}"]
    for point in shown.points:
        reading = point.measurement
        spread = f"  {point.low:.4g} to {point.high:.4g}" if point.low is not None else ""
        marks = " baseline" * reading.is_baseline + " (measured differently)" * (not point.comparable)
        lines.append(
            f"  {_here(reading.recorded_at):%Y-%m-%d}  session {reading.session_id:<5} {reading.value:.4g}"
            f"{spread}{marks}"
        )
    if shown.band:
        lines.append(f"  without a change, a session lies between {shown.band[1]:.4g} and {shown.band[2]:.4g}")
    if shown.line:
        low, high = (30 * slope for slope in (shown.line.slope_low, shown.line.slope_high))
        lines.append(f"  over {shown.line.n} sessions: {shown.line.course} ({low:.3g} to {high:.3g} in 30 days, 95 %)")
    if shown.change:
        lines.append(f"  newest session: {shown.change.verdict}. {' '.join(shown.change.why)}")
    if state:
        lines.append(f"  goal: {state.state}. {state.words}")
    return lines


def _trend_json(shown: Trend, person: str, state: GoalState | None) -> dict[str, Any]:
    points = [
        {
            "session": point.measurement.session_id,
            "recorded_at": point.measurement.recorded_at.isoformat(),
            "value": point.measurement.value,
            "low": point.low,
            "high": point.high,
            "confidence": point.measurement.confidence,
            "baseline": point.measurement.is_baseline,
            "comparable": point.comparable,
        }
        for point in shown.points
    ]
    line = shown.line
    return {
        "schema": _SCHEMA,
        "person": person,
        "name": shown.name,
        "side": shown.side,
        "unit": shown.unit,
        "points": points,
        "band": dict(zip(("mean", "low", "high"), shown.band, strict=True)) if shown.band else None,
        "line": {
            "course": line.course,
            "slope_per_day": line.slope_per_day,
            "slope_low": line.slope_low,
            "slope_high": line.slope_high,
            "n": line.n,
        }
        if line
        else None,
        "newest": _change_json(shown.change) if shown.change else None,
        "goal": asdict(state) if state else None,
    }
