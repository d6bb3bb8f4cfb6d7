"""Names of files: safe on any system, bounded, and still to be read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gaitlab.paths import name_of_parts


@given(st.lists(st.text(max_size=300), max_size=4))
def test_a_name_of_parts_has_no_character_that_means_something_and_fits_a_file_system(parts: list[str]) -> None:
    name = name_of_parts(*parts)
    assert all(one.isalnum() or one in "-_" for one in name)
    assert len(name.encode()) <= 4 * 60 + 3
    assert not name.startswith(("-", "_"))


def test_letters_of_any_script_stay() -> None:
    assert name_of_parts("Żaneta Ελένη", "../x") == "Żaneta-Ελένη_x"
