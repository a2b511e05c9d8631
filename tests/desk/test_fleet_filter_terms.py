"""What a person types to filter becomes terms and hints, never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.desk.fleet.filter_terms import (
    HELP,
    LinkTerm,
    NumberField,
    NumberTerm,
    TextField,
    TextTerm,
    VerdictTerm,
    parse_filter,
    verdict_asked,
    with_verdict,
)
from noc_console.fleet.link_state import LinkState
from noc_console.health.verdict import Verdict


def only(text):
    found = parse_filter(text)
    assert found.hints == ()
    (term,) = found.terms
    return term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("web", TextTerm(field=TextField.ANYWHERE, text="web")),
        ('"two words"', TextTerm(field=TextField.ANYWHERE, text="two words")),
        ("-Test", TextTerm(field=TextField.ANYWHERE, text="test", is_not=True)),
        ("group:web", TextTerm(field=TextField.GROUP, text="web")),
        ("group=web", TextTerm(field=TextField.GROUP, text="web", is_whole=True)),
        ('customer:"Miller AG"', TextTerm(field=TextField.CUSTOMER, text="miller ag")),
        ("site:Example.org", TextTerm(field=TextField.SITE, text="example.org")),
        ("https://example.org/", TextTerm(field=TextField.ANYWHERE, text="https://example.org/")),
        ("abcd::1", TextTerm(field=TextField.ANYWHERE, text="abcd::1")),
        ("load>4", NumberTerm(field=NumberField.LOAD, compared=">", number=4)),
        (
            "load>=1.5/core",
            NumberTerm(field=NumberField.LOAD, compared=">=", number=1.5, per_core=True),
        ),
        ("mem>90%", NumberTerm(field=NumberField.MEMORY, compared=">", number=90)),
        ("-disk<85", NumberTerm(field=NumberField.DISK, compared="<", number=85, is_not=True)),
        ("-ok", VerdictTerm(verdicts=frozenset({Verdict.OK}), is_not=True)),
        ("verdict:do", VerdictTerm(verdicts=frozenset({Verdict.DOWN}))),
        ("verdict:down,stale", VerdictTerm(verdicts=frozenset({Verdict.DOWN, Verdict.STALE}))),
        ("link:down", LinkTerm(links=frozenset({LinkState.DOWN}))),
    ],
)
def test_each_kind_of_term_is_understood(text, term):
    assert only(text) == term


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("lod>4", "Did you mean load>?"),
        ("load>", "load> needs a number after it, as in load>4."),
        ("load:4", "“load” is a number: write load>4."),
        ("cpu>much", "cpu> needs a number after it, as in cpu>80."),
        ("cpu>1/core", "Only load is counted per core"),
        ("verdict:red", "choose among down, cut-off, early"),
        ("verdict:", "choose among"),
        ("link:slow", "choose among up, down"),
        ("group>4", "write group:word"),
        ("zzzz:1", "There is nothing called “zzzz”"),
    ],
)
def test_a_term_that_means_nothing_gives_a_hint_and_the_rest_holds(text, hint):
    found = parse_filter(f"web {text}")
    assert found.terms == (TextTerm(field=TextField.ANYWHERE, text="web"),)
    assert hint in found.hints[0]


def test_a_term_half_typed_keeps_everything():
    assert parse_filter('group: - "').terms == ()


@given(st.text(max_size=60))
def test_any_text_gives_terms_and_hints(text):
    found = parse_filter(text)
    assert all(hint.endswith((".", "?")) for hint in found.hints)


@given(st.text(alphabet='abgroup:<>="- 0123.,', max_size=40))
def test_any_text_of_the_signs_of_terms_is_understood_or_hinted_at(text):
    parse_filter(text)


@given(st.sampled_from(Verdict), st.text(alphabet="abc -:", max_size=12))
def test_a_chosen_verdict_is_the_only_one_asked_for(verdict, text):
    chosen = with_verdict(with_verdict(text, Verdict.DOWN), verdict)
    assert verdict_asked(parse_filter(chosen)) is verdict
    assert verdict_asked(parse_filter(with_verdict(chosen, None))) is None


def test_a_chosen_verdict_leaves_the_other_terms_alone():
    assert with_verdict("group:web verdict:ok -stale", Verdict.DOWN) == (
        "group:web -stale verdict:down"
    )


def test_the_help_names_only_terms_that_are_understood():
    examples = [word.strip(".,") for word in HELP.split() if any(sign in word for sign in ":=><")]
    terms = [word for word in examples if not word.endswith(":")]
    assert len(terms) > 10
    assert parse_filter(" ".join(terms)).hints == ()
