"""Weekdays, dates and times are found in texts as people write them, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.notices.dates_told import (
    clocks_without_zone,
    dates_named,
    dates_without_year,
    weekdays_named,
)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("am Samstag und sonntags", {5, 6}),
        ("Sonnabend", {5}),
        ("in der Montagnacht, Dienstagabend", {0, 1}),
        ("der Sonntagsbraten", set()),
        ("Mittwochs", {2}),
    ],
)
def test_german_weekdays_are_known(text, days):
    assert weekdays_named(text, "de") == days


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("am 5. Dezember 2026", {(12, 5)}),
        ("05.12.2026 und 6.12.", {(12, 5), (12, 6)}),
        ("am 3. März", {(3, 3)}),
        ("am 3. Okt. 2026", {(10, 3)}),
        ("2026-12-05", {(12, 5)}),
        ("Version 8.3 und 10.11.6", set()),
        ("am 31.02.", set()),
    ],
)
def test_german_dates_are_known(text, dates):
    assert dates_named(text, "de") == dates


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("on 5 December", "en", ["5 December"]),
        ("on December 5th, 2026", "en", []),
        ("on 5 Dec 2026", "en", []),
        ("May 3rd", "en", ["May 3rd"]),
        ("you may 2 times", "en", []),
        ("5.12. und 5.12.2026", "de", ["5.12."]),
        ("am 5. Dezember, am 6. Dezember 2026", "de", ["5. Dezember"]),
    ],
)
def test_a_date_without_a_year_is_found(text, language, found):
    assert dates_without_year(text, language) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from 02:00 to 02:30 CET", []),
        ("from 02:00 to 02:30", ["02:00", "02:30"]),
        ("at 2 pm", ["2 pm"]),
        ("at 2 pm UTC", []),
        ("um 14 Uhr", ["14 Uhr"]),
        ("um 14 Uhr MEZ", []),
        ("02:00 (Europe/Berlin)", []),
        ("a ratio of 1:2, port 10.0.0.1:8080, 25:00", []),
    ],
)
def test_a_time_without_a_zone_is_found(text, found):
    assert clocks_without_zone(text) == found


@given(st.text(max_size=100), st.sampled_from(["en", "de", "fr"]))
def test_any_text_is_read(text, language):
    weekdays_named(text, language)
    dates_named(text, language)
    dates_without_year(text, language)
    clocks_without_zone(text)
