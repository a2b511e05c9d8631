from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.inert import inert


def test_terminal_escapes_lose_their_escape():
    assert inert("\x1b]0;owned\x07web\x1b[2J") == "�]0;owned�web�[2J"


def test_direction_overrides_and_zero_width_letters_are_shown_as_such():
    assert inert("a\u202eb\u200bc") == "a�b�c"


def test_lines_become_one():
    assert inert("one\r\ntwo\tthree\u2028four") == "one two three four"


def test_long_text_is_cut_with_a_sign():
    assert inert("x" * 1000, 10) == "x" * 9 + "…"


@given(st.text() | st.binary(), st.integers(2, 50))
def test_whatever_comes_the_result_is_short_and_printable(text, length):
    shown = inert(text, length)

    assert len(shown) <= length
    assert shown.isprintable()
