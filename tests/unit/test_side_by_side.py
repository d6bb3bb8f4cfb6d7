"""How the tests are shared among processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.side_by_side import APART, FIRST, TOGETHER, place_of, share_of

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tests/unit/test_laws.py::test_a", "tests/unit/test_laws.py::TestIt::test_b[1]"),
        ("tests/regression/test_real_clips.py::test_a", "tests/regression/test_front_clips.py::test_b"),
        ("tests/browser/test_app_in_browser.py::test_a", "tests/browser/test_journeys.py::test_b"),
        ("tests/browser/test_phone.py::test_a", "tests/browser/test_live_troubles.py::test_b"),
        ("tests/contract/test_archive.py::test_a", "tests/migrations/test_migrations.py::test_b"),
    ],
)
def test_what_is_set_up_together_stays_together(one: str, other: str) -> None:
    assert share_of(one) == share_of(other)


def test_other_files_are_shares_of_their_own() -> None:
    assert share_of("tests/unit/test_laws.py::test_a") != share_of("tests/unit/test_settings.py::test_a")
    assert share_of("tests/regression/test_cli.py::test_a") != share_of("tests/regression/test_real_clips.py::test_b")


def test_chromium_is_at_work_in_two_processes() -> None:
    assert share_of("tests/browser/test_phone.py::test_a") != share_of("tests/browser/test_journeys.py::test_b")


def test_the_tests_of_a_long_file_that_sets_nothing_up_are_shares_of_their_own() -> None:
    assert share_of("tests/accuracy/test_variants.py::test_a[1]") != share_of(
        "tests/accuracy/test_variants.py::test_a[2]"
    )


def test_what_takes_longest_is_first() -> None:
    files = ["tests/unit/test_laws.py", "tests/app/test_pages.py", "tests/contract/test_wheel.py"]
    files += ["tests/regression/test_front_clips.py", "tests/browser/test_phone.py"]
    assert sorted(files, key=place_of) == files[::-1]


@pytest.mark.parametrize("beginning", sorted({*FIRST, *APART, *(one for group in TOGETHER for one in group)}))
def test_every_name_is_that_of_a_test(beginning: str) -> None:
    folder, name = (CHECKOUT / beginning).parent, Path(beginning).name
    found = (CHECKOUT / beginning).rglob("test_*.py") if beginning.endswith("/") else folder.glob(f"{name}*.py")
    assert list(found)
