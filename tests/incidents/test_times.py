"""Spans of time as people read them."""

from datetime import timedelta

import pytest

from noc_console.incidents.times import age_text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "0 s"), (59, "59 s"), (600, "10 min"), (11_100, "3 h 05 min"), (705_600, "8 d 4 h")],
)
def test_an_age_is_told_in_the_units_people_use(seconds: float, words: str) -> None:
    assert age_text(timedelta(seconds=seconds)) == words
