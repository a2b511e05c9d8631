"""`timeline` as a person types it."""

import pytest


@pytest.fixture
def web(say):
    told = say("server", "add", "web-01", "--host", "192.0.2.1")
    assert told.code == 0, told.err
    told = say("incident", "open", "web-01 is slow", "--server", "web-01")
    assert told.code == 0, told.err
    return say


def test_what_happened_is_told_a_line_each_the_oldest_first(web):
    told = web("timeline", "web-01")

    assert told.code == 0
    lines = told.out.splitlines()
    assert lines == sorted(lines)
    assert any("Incident 1 opened: web-01 is slow" in line for line in lines)


def test_as_json_it_has_the_span_and_each_fact(web):
    told = web("timeline", "web-01", "--since", "2h", "--json").json

    assert (told["server"], told["left_out"]) == ("web-01", 0)
    assert told["since"] < told["until"]
    (opened,) = (one for one in told["timeline"] if one["source"] == "incident")
    assert opened["link"] == "incident:1"


def test_a_span_in_which_nothing_is_known_says_so_or_that_nobody_watched(web):
    told = web("timeline", "web-01", "--since", "2020-01-01T00:00", "--until", "2020-01-01T01:00")

    assert told.code == 0
    assert "No engine watched" in told.out or "Nothing is known to have happened" in told.out


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("web-99",), 1, "web-99"),
        (("web-01", "--since", "noon"), 1, "is no moment"),
        (("web-01", "--since", "1h", "--until", "2h"), 1, "--since must lie before --until."),
        ((), 2, "NAME"),
    ],
)
def test_what_cannot_be_told_is_one_sentence(web, words, code, sentence):
    told = web("timeline", *words)

    assert (told.code, told.out) == (code, "")
    assert sentence in told.err
    assert len(told.err.splitlines()) == 1
