"""Texts are counted as channels count: held to Unicode's rules in Perl, and to X's own examples."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.notices.channels.channel import Counting
from noc_console.notices.channels.counting import count, graphemes, weighted

_PERL = r"""
use utf8; binmode(STDIN, ':utf8'); binmode(STDOUT, ':utf8'); $/ = "\x{10FFFD}";
while (my $t = <STDIN>) { chomp $t; my @c = $t =~ /(\X)/gs; print scalar(@c), "\n"; }
"""
_SIGNS = (
    "a",
    "é",
    "e\u0301",
    "\U0001f469\u200d\U0001f4bb",
    "\U0001f44d\U0001f3fd",
    "\U0001f1e9\U0001f1ea",
    "\U0001f1e9",
    "한국",
    "\u1112\u1161\u11ab",
    "नमस्ते",
    "שָׁלוֹם",
    "\r\n",
    "\n",
    " ",
    "ไทย",
    "\u0e33",
    "❤️",
    "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    "\u0600",
    "\u200b",
    "日本",
)


def perl_counts(texts: list[str]) -> list[int]:
    """Give how many extended grapheme clusters Perl sees in each."""
    said = subprocess.run(
        ["perl", "-e", _PERL],
        input="".join(f"{one}\U0010fffd" for one in texts).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    return [int(line) for line in said.stdout.split()]


def test_graphemes_are_those_of_unicode_for_every_pair_and_triple_of_telling_signs():
    texts = [a + b for a in _SIGNS for b in _SIGNS]
    texts += [a + b + c for a in _SIGNS[::2] for b in _SIGNS for c in _SIGNS[::3]]

    assert [len(list(graphemes(one))) for one in texts] == perl_counts(texts)


@given(st.text(max_size=60))
def test_graphemes_put_together_are_the_text(text):
    assert "".join(graphemes(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("abc", 3),
        ("äöü", 3),
        ("e\u0301", 1),  # normalised to NFC first
        ("日本語", 6),
        ("\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", 2),
        ("\U0001f44d\U0001f3fd", 2),
        ("\U0001f1e9\U0001f1ea", 2),
        ("“quoted” — so", 13),
        ("https://status.example.com/notices/n42.html#n42-start-1", 23),
        ("see https://e.io now", 31),
        ("a" * 280, 280),
    ],
)
def test_x_counts_weighted_characters(text, expected):
    assert weighted(text) == expected


def test_a_bare_address_counts_at_least_what_x_may_make_of_it():
    assert weighted("web1.example.com") == 23
    assert weighted("a-name-that-is-quite-long.example.com") == 37
    assert weighted("at 03:00.Then it goes on") == 24 + 23 - len("00.Then")


@given(st.text(max_size=80), st.text(max_size=5))
def test_a_longer_text_never_counts_less(text, more):
    for counting in (Counting.CHARACTERS, Counting.GRAPHEMES):
        assert count(counting, text) <= count(counting, text + more)
