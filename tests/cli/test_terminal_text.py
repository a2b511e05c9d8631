"""Text for a terminal does no harm and fits."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from noc_console.cli.terminal_text import Column, as_typed, cut, elide, inert, table, width_of

COLUMNS = [
    Column(title="VERDICT"),
    Column(title="NAME", shrinks_to=8),
    Column(title="LOAD", is_number=True, drop_at=2),
    Column(title="AGE", is_number=True, drop_at=1),
]


@given(st.text())
def test_no_text_keeps_a_character_that_acts_on_a_terminal(text):
    shown = inert(text)

    assert all(
        unicodedata.category(character) not in {"Cc", "Cf", "Zl", "Zp"} for character in shown
    )
    shown.encode("utf-8")


def test_an_escape_is_made_visible():
    assert inert("web1\x1b[2J\u202eevil") == "web1\\x1b[2J\\u202eevil"


def test_ordinary_text_of_any_script_stays_as_it_is():
    assert inert("żółw 東京 سيرفر") == "żółw 東京 سيرفر"


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_an_elided_text_never_takes_more_cells_than_it_may(text, width):
    assert width_of(elide(text, width)) <= width
    assert width_of(cut(text, width)) <= width


def test_a_name_is_elided_in_its_middle():
    assert elide("web-frontend-paris-17", 11) == "web-f…is-17"


def test_names_can_be_typed_again():
    assert as_typed(["web 1", "db"]) == "'web 1' db"
    assert as_typed(["-x"]) == "-- -x"


def test_wide_letters_keep_both_ends_too():
    assert elide("東京都千代田区サーバー", 11) == "東京都…バー"


def test_an_accent_is_not_parted_from_its_letter():
    assert not unicodedata.combining(elide("e\u0301" * 30, 10).partition("…")[2][0])


def test_a_sentence_is_cut_at_its_end():
    assert cut("Load, 1 min 42.2 on 2 cores", 12) == "Load, 1 min…"


@given(
    st.lists(st.tuples(*[st.text(max_size=30).map(inert)] * 4), max_size=6),
    st.integers(min_value=1, max_value=120),
)
def test_every_line_of_a_table_fits_the_terminal(rows, width):
    assert all(width_of(line) <= width for line in table(COLUMNS, rows, width))


def test_names_are_shortened_before_columns_are_dropped():
    rows = [("ok", "web-frontend-paris-17", "0.31", "4 s")]

    assert table(COLUMNS, rows, 34)[1] == "ok       web-fro…ris-17  0.31  4 s"
    assert table(COLUMNS, rows, 20)[0] == "VERDICT  NAME"


def test_numbers_stand_under_each_other():
    rows = [("ok", "a", "10.25", "4 s"), ("down", "b", "0.31", "12 min")]

    assert table(COLUMNS, rows, 80) == [
        "VERDICT  NAME   LOAD     AGE",
        "ok       a     10.25     4 s",
        "down     b      0.31  12 min",
    ]
