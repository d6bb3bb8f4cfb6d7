"""How ``pytest -n`` shares the tests among its processes: whole files, and what must stay together, the longest first.

What a file sets up once is set up once, then, and its tests keep their order. Files that look at the same real clips
stay together: each clip goes through the network once a run. So do the files with Chromium, in two halves: they take
half of all the time and wait for much of it, and each half starts its servers and its browser once. And so does what
needs the one PostgreSQL server. Where a long file has nothing to set up, every test is shared out by itself.
"""

from __future__ import annotations

from typing import Any

import pytest

#: Beginnings of the addresses of what stays in one process; the first that fits counts.
TOGETHER = (
    ("tests/browser/test_app", "tests/browser/test_journeys", "tests/browser/test_history", "tests/browser/test_corr"),
    ("tests/browser/",),
    (
        "tests/regression/test_exercise_clips",
        "tests/regression/test_front_clips",
        "tests/regression/test_live_counts",
        "tests/regression/test_real_clips",
    ),
    ("tests/contract/", "tests/migrations/"),
)
#: Beginnings of the addresses of what may be run anywhere, test by test.
APART = ("tests/accuracy/test_models", "tests/accuracy/test_variants")
#: What is begun with; the rest follows.
FIRST = (
    "tests/accuracy/test_memory",
    *TOGETHER[0],
    "tests/browser/",
    *TOGETHER[2],
    "tests/contract/",
    "tests/regression/",
    "tests/app/",
    "tests/accuracy/",
    "tests/unit/test_fixtures",
    "tests/unit/live/",
    "tests/unit/repetitions/",
)


def share_of(nodeid: str) -> str:
    """Return the name of what a test must be run together with."""
    file = nodeid.partition("::")[0]
    if file.startswith(APART):
        return nodeid
    return next((group[0] for group in TOGETHER if file.startswith(group)), file)


def place_of(nodeid: str) -> int:
    """Return the number by which the tests are put in order."""
    return next((number for number, one in enumerate(FIRST) if nodeid.startswith(one)), len(FIRST))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first where other processes are at work beside this one: at the end they fill the gap."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out whole shares in the order of the tests."""
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = share_of
    return scheduler
