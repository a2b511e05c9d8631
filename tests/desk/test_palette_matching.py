"""The palette finds what a person means by a few letters, also among very many names."""

from hypothesis import given
from hypothesis import strategies as st

from noc_console.desk.command_palette.matching import best_matches

NAMES = ["mail-frankfurt", "web1", "web10", "old-web1", "Frankfurt test", "Add a server"]


def found(typed, names=NAMES, most=10):
    return best_matches(typed, names, str, most)


def test_nothing_typed_gives_the_first_as_they_come():
    assert found("  ", most=2) == ["mail-frankfurt", "web1"]


def test_the_start_of_a_name_comes_before_its_middle():
    assert found("web1")[:3] == ["web1", "web10", "old-web1"]


def test_words_may_come_in_any_order_and_case():
    assert found("SERVER add") == ["Add a server"]


def test_initials_find_a_name():
    assert found("ft")[0] == "Frankfurt test"


def test_letters_are_found_only_in_their_order():
    assert found("mfrt") == ["mail-frankfurt"]
    assert found("trfm") == []


def test_signs_of_a_pattern_are_only_signs():
    assert found(".*") == []


@given(st.text(), st.lists(st.text()), st.integers(0, 5))
def test_any_typing_gives_names_of_the_list_each_once(typed, names, most):
    places = best_matches(typed, range(len(names)), names.__getitem__, most)
    assert len(set(places)) == len(places) <= most
