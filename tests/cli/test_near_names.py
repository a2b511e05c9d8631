"""A name that is not there is answered with those that are near."""

import pytest

from noc_console.cli.near_names import UnknownName, known_or_near


def answer(name, known):
    with pytest.raises(UnknownName) as caught:
        known_or_near(name, known, "There is no group called")
    return caught.value.sentence


def test_a_known_name_is_given_back():
    assert known_or_near("web", {"web", "db"}, "There is no group called") == "web"


def test_near_names_are_offered():
    assert answer("wep", {"web", "db"}) == "There is no group called wep; did you mean web?"


def test_where_none_is_near_some_are_named():
    assert answer("x", {"web", "db"}) == "There is no group called x; there is db, web."
    assert answer("x", {f"g{n}" for n in range(9)}).endswith("there is g0, g1, g2 and others.")


def test_where_there_is_none_that_is_said():
    assert answer("x", set()) == "There is no group called x; there is none at all."
