"""Where there is little room: what is posted fits, is found again, and leaves nothing half said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.notices.channels.channel import Counting, Form, Limits
from noc_console.notices.channels.short import (
    cut,
    fits,
    holds_reference,
    long_post,
    short_posts,
)
from tests.notices.channel_contract import text

AT = "https://status.example.com/notices/{notice}.html"
X = Limits(form=Form.SHORT, most=280, counting=Counting.WEIGHTED)
BLUESKY = Limits(form=Form.SHORT, most=300, counting=Counting.GRAPHEMES)


def test_the_link_leads_to_the_notice_and_holds_the_postings_reference():
    (post,) = short_posts(text(), X, AT)

    assert post.endswith("\n\nhttps://status.example.com/notices/n42.html#n42-start-1")


def test_without_an_address_the_reference_stands_in_brackets():
    (post,) = short_posts(text(), X, "")

    assert post.endswith("\n\n[n42-start-1]")


def test_two_sends_of_the_same_words_are_not_the_same_post():
    first, second = (short_posts(text(one), X, AT) for one in ("n42-update-1", "n42-update-2"))

    assert first != second


@pytest.mark.parametrize(
    ("written", "is_held"),
    [
        ("see https://a.example/n#n42-start-1", True),
        ("[n42-start-1]", True),
        ("n42-start-10", False),
        ("xn42-start-1", False),
        ("n42-start", False),
    ],
)
def test_a_reference_is_not_mistaken_for_another(written, is_held):
    assert holds_reference(written, "n42-start-1") is is_held


def test_a_text_is_cut_after_a_sentence_or_else_after_a_word():
    words = "We restart web1. It takes ten minutes. Mail waits meanwhile and nothing is lost."

    assert cut(words, replace(X, most=45)) == "We restart web1. It takes ten minutes."
    assert (
        cut("averyverylongword " * 5, replace(X, most=40)) == "averyverylongword averyverylongword…"
    )


@given(
    st.text(alphabet="abc äß日😀\n. ", min_size=1, max_size=3000),
    st.sampled_from([X, BLUESKY]),
    st.sampled_from([1, 8]),
    st.sampled_from(["", AT]),
)
def test_every_post_fits_whatever_the_text(words, limits, posts, address):
    given_limits = replace(limits, most_posts=posts)
    made = short_posts(text(summary=words, plain=words), given_limits, address)

    assert 1 <= len(made) <= posts
    assert all(fits(one, given_limits) for one in made)
    assert holds_reference(made[0], "n42-start-1")


def test_a_thread_says_all_of_a_text_and_numbers_its_posts():
    words = " ".join(f"Sentence number {number} about web1." for number in range(40))
    made = short_posts(text(summary=words, plain=words), replace(X, most_posts=8), AT)

    assert [one.split("\n\n")[0].rsplit(" ", 1)[1] for one in made] == [
        f"{number}/{len(made)}" for number in range(1, len(made) + 1)
    ]
    said = " ".join(one.split("\n\n")[0].rsplit(" ", 1)[0] for one in made)
    assert said == words


@given(st.text(min_size=1, max_size=4000))
def test_a_long_post_fits_and_is_found(words):
    limits = Limits(form=Form.PLAIN, most=3000)
    made = long_post(text(plain=words), limits, AT)

    assert fits(made, limits)
    assert holds_reference(made, "n42-start-1")
