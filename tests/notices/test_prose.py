"""What people type arrives as it was written, and can do no more than it should."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from noc_console.notices.markdown_forms import forms_of
from noc_console.notices.prose import address, as_written, clean, one_line, prose, sentence

TAG = re.compile(r"<(\w+)")
NAMES = [
    'O\'Brien, "Søn" & Co. <b>Ltd</b>',
    "1. FC *Köln* _e.V._ [x](y) `z` ~a~ | b",
    "# Kopf & ! ![p](q) \\ $ @all",
    "محمد شركة",
    "👩‍👩‍👧 Ünïcödé 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "http://example.org/a_b_c www.example.org",
    "+49 & -5 = 3. x",
    "&lt;b&gt; &amp; &#60;",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_arrives_as_it_was_written(name):
    html, plain = forms_of(as_written(name))

    assert plain.strip() == name
    assert set(TAG.findall(html)) == {"p"}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_written_out_is_only_text(text):
    html, plain = forms_of("Name: " + as_written(text))

    assert set(TAG.findall(html)) == {"p"}
    assert plain.strip() == f"Name: {one_line(text)}".strip()


def test_controls_and_turned_directions_go_and_joiners_stay():
    assert clean("a\x1b[31m\u202eb\u2066c\u200bd\x00e\ufeff") == "a[31mbcde"
    assert clean("\u200fשלום\u200d") == "\u200fשלום\u200d"
    assert clean("a\r\nb\u2028c\x85d\te") == "a\nb\nc\nd e"


def test_prose_has_paragraphs_lists_emphasis_and_links():
    html, plain = forms_of(prose("One **two**.\nThree\n\n- a\n- b <https://example.org/x_y>\n"))

    assert html == (
        '<p dir="auto">One <strong>two</strong>.<br />\nThree</p>\n<ul>\n<li dir="auto">a</li>\n'
        '<li dir="auto">b <a href="https://example.org/x_y">https://example.org/x_y</a></li>\n'
        "</ul>\n"
    )
    assert plain == "One two.\nThree\n\n- a\n- b https://example.org/x_y\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![p](x y z)",
        "# Heading",
        "Heading\n=====",
        "Heading\n---",
        "---",
        "* * *",
        "```\nfenced",
        "~~~\nfenced",
        "    indented code",
        "a | b\n--|--\n1 | 2",
        "[x]: http://example.org\n\n[x]",
        "&lt;script&gt; &#x3c;b&#x3e;",
        "[x](javascript:alert(1))",
        "<javascript:alert(1)>",
    ],
)
def test_prose_cannot_leave_its_section(text):
    html, plain = forms_of(f"### Before\n\n{prose(text)}\n\n### After\n")

    assert html.startswith('<h3 dir="auto">Before</h3>')
    assert html.endswith('<h3 dir="auto">After</h3>\n')
    assert set(TAG.findall(html)) <= {"h3", "p", "br", "ul", "li"}
    assert "After" in plain


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_any_prose_stays_in_its_section_also_for_another_markdown_reader(text):
    document = f"### Before\n\n{prose(text)}\n\n### After\n"
    other = MarkdownIt("commonmark", {"html": True})
    other.enable("table")

    for html in (forms_of(document)[0], other.render(document)):
        tags = set(TAG.findall(html))
        assert html.rstrip().endswith("After</h3>")
        assert tags <= {
            "h3",
            "p",
            "br",
            "ul",
            "ol",
            "li",
            "em",
            "strong",
            "code",
            "a",
            "blockquote",
        }


def test_an_address_becomes_a_link_and_nothing_else_does():
    assert address("https://example.org/a?b=c&d") == "<https://example.org/a?b=c&d>"
    assert address("help@example.org") == "<help@example.org>"
    assert address("javascript:alert(1)") == "javascript:alert(1)"
    assert forms_of(address("+49 30 1234567"))[1] == "+49 30 1234567\n"


def test_a_list_is_read_aloud_as_a_sentence():
    assert sentence("Not reachable:\n- e-mail\n- shop\n\nSorry.") == (
        "Not reachable: e-mail; shop Sorry."
    )
    assert sentence("- one\n- two") == "one; two"
    assert sentence("plain") == "plain"


def test_plain_text_keeps_lists_quotes_tables_and_the_address_of_a_link():
    markdown = (
        "1. a\n2. b\n   - c\n\n> said\n\n[here](https://example.org)\n\n| x | y |\n|---|---|\n"
        "| 1 | 2 |\n\n***\n\nend"
    )

    assert forms_of(markdown)[1] == (
        "1. a\n2. b\n   - c\n\n> said\n\nhere (https://example.org)\n\nx | y\n1 | 2\n\n"
        "--------------------\n\nend\n"
    )
