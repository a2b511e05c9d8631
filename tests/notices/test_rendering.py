"""Each send says what it must, in the reader's language and zone, within the channel's limits."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noc_console.notices.channels.channel import Counting, Form, Limits
from noc_console.notices.channels.counting import count
from noc_console.notices.language import zone_label
from noc_console.notices.notice import (
    SENDS,
    Notice,
    NoticeKind,
    PlannedSend,
    Route,
    RouteKind,
    Send,
    Translation,
    UnscheduledState,
)
from noc_console.notices.rendering import Renderer, clean_html
from noc_console.notices.telling import Telling
from noc_console.notices.template_shelf import TemplateShelf, read_shelf
from tests.notices.any_notice import notices
from tests.notices.composed import NOW, START, scheduled, unscheduled

DAY = timedelta(days=1)
EVERY = [(kind, send) for kind in NoticeKind for send in SENDS[kind]]


@pytest.fixture(scope="module")
def renderer():
    with Renderer(read_shelf()) as one:
        yield one


def text_of(renderer, notice, send, **changes):
    usual = {"send": send, "at": START - DAY, "reference": "n1-x", "servers": ("web-07",)}
    return renderer.render(notice, Telling(**(usual | changes)))


def german(notice):
    texts = {
        "title": "Neue Hardware",
        "disrupted": "Websites auf diesem Server antworten nicht.",
        "not_disrupted": "E-Mail und Domains.",
        "reasons": "Ein Teil ist abgenutzt.",
        "benefit": "Der Server bleibt zuverlässig.",
        "no_alternatives_because": "Der Server muss aus sein.",
        "noticed": "Websites antworten nicht.",
    }
    return replace(notice, translations=(Translation(language="de", **texts),))


def test_the_first_send_tells_all_seven_things(renderer):
    text = text_of(renderer, scheduled(), Send.WEEK_BEFORE, at=START - 7 * DAY, is_first=True)

    for told in (
        "Saturday 5 December 2026, 02:00 to 02:30 CET (UTC+1)",
        "Saturday 5 December 2026, 01:00 to 01:30 UTC",
        "How long: 30 minutes",
        "Where: web-07",
        "Websites on this server do not answer.",
        "E-mail and domains.",
        "A part shows signs of wear.",
        "The server stays reliable.",
        "There is none. The server has to be switched off.",
        "- Phone: +49 30 1234567",
        "- Web: https://status.example.com/now",
        "Nordhost",
    ):
        assert told in text.plain
    assert "short notice" not in text.plain


def test_short_notice_is_admitted_by_the_send_that_tells_it_first(renderer):
    first = text_of(renderer, scheduled(), Send.DAY_BEFORE, is_first=True)
    reminder = text_of(renderer, scheduled(), Send.DAY_BEFORE, is_first=False)

    assert "This time it is 1 day; we are sorry for the short notice." in first.plain
    assert not first.title.startswith("Reminder")
    assert "short notice" not in reminder.plain
    assert reminder.title.startswith("Reminder")


@pytest.mark.parametrize(
    ("late", "asks_pardon"),
    [(timedelta(seconds=7), False), (timedelta(hours=3), False), (timedelta(hours=30), True)],
)
def test_a_week_s_notice_asks_no_pardon_for_the_moments_until_it_went(renderer, late, asks_pardon):
    at = START - timedelta(days=7) + late
    told = text_of(renderer, scheduled(), Send.WEEK_BEFORE, at=at, is_first=True)

    assert ("short notice" in told.plain) is asks_pardon


def test_days_are_bent_where_a_language_bends_them_after_in(renderer):
    at = START - timedelta(days=3, hours=2)
    told = text_of(
        renderer, german(scheduled()), Send.WEEK_BEFORE, at=at, is_first=True, language="de"
    )

    assert "schon in 3 Tagen 2 Stunden" in told.plain


def test_a_late_reminder_tells_the_time_that_is_left(renderer):
    late = text_of(
        renderer, scheduled(), Send.DAY_BEFORE, at=START - timedelta(hours=3, minutes=10)
    )

    assert "begins in 3 hours 10 minutes" in late.plain


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("America/New_York", "Friday 4 December 2026, 20:00 to 20:30 EST (UTC-5)"),
        ("Asia/Kathmandu", "Saturday 5 December 2026, 06:45 to 07:15 UTC+5:45"),
        ("Europe/Paris", ""),
        ("Mars/Olympus", ""),
        ("UTC", ""),
    ],
)
def test_a_reader_elsewhere_is_told_their_own_time(renderer, zone, told):
    plain = text_of(renderer, scheduled(), Send.WEEK_BEFORE, zone=zone).plain

    assert ("Your time: " in plain) is bool(told)
    assert told in plain


def test_a_window_over_a_clock_change_tells_both_offsets(renderer):
    notice = scheduled(typed_start="Sun 2027-10-31 01:30", minutes=120)
    plain = text_of(renderer, notice, Send.WEEK_BEFORE).plain

    assert "01:30 CEST (UTC+2) to Sunday 31 October 2027, 02:30 CET (UTC+1)" in plain
    assert "How long: 2 hours (120 minutes)" in plain


@pytest.mark.parametrize(("kind", "send"), EVERY)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_send_has_a_text_in_every_language(renderer, kind, send, language):
    notice = german(scheduled() if kind is NoticeKind.SCHEDULED else unscheduled())
    full = text_of(renderer, notice, send, language=language, before=notice, words="A word.")
    bare = text_of(renderer, Notice(kind=kind, language=language), send)

    assert "⟨" not in full.title + full.summary + full.plain + bare.plain
    assert full.title
    assert full.summary
    assert "{" not in full.markdown + bare.markdown
    assert "+49 30 1234567" in full.plain
    is_german = "So erreichen Sie uns" in full.plain
    assert is_german is (language == "de")


def test_the_sends_of_a_notice_all_say_something_else(renderer):
    """Channels refuse the same post twice."""
    for kind in NoticeKind:
        notice = scheduled() if kind is NoticeKind.SCHEDULED else unscheduled()
        texts = [text_of(renderer, notice, send, words="A word.") for send in SENDS[kind]]
        for one, other in itertools.combinations(texts, 2):
            assert one.summary != other.summary
            assert one.title != other.title


def test_without_a_translation_a_reader_gets_all_of_it_in_the_notices_own_language(renderer):
    plain = text_of(renderer, scheduled(), Send.WEEK_BEFORE, language="de").plain

    assert "What is disrupted" in plain
    assert "Was gestört ist" not in plain


def test_what_was_told_before_is_taken_back_by_its_own_words(renderer):
    before = scheduled(typed_start="Fri 2026-12-04 02:00")
    postponed = text_of(renderer, scheduled(), Send.POSTPONED, before=before)
    cancelled = text_of(renderer, scheduled(), Send.CANCELLED, before=before)
    extended = text_of(renderer, scheduled(minutes=60), Send.EXTENDED, before=scheduled())

    assert "No longer: Friday 4 December 2026, 02:00 to 02:30" in postponed.plain
    assert "When: Saturday 5 December 2026" in postponed.plain
    assert "Was planned for: Friday 4 December 2026" in cancelled.plain
    assert "Now until: Saturday 5 December 2026, 03:00" in extended.plain
    assert "Announced was: Saturday 5 December 2026, 02:30" in extended.plain


def test_the_end_tells_how_it_went(renderer):
    late = START + timedelta(minutes=37)
    early = START + timedelta(minutes=20)

    assert "7 minutes later" in text_of(renderer, scheduled(), Send.DONE, ended_at=late).plain
    assert "10 minutes earlier" in text_of(renderer, scheduled(), Send.DONE, ended_at=early).plain


def test_a_first_word_tells_when_customers_hear_again(renderer):
    text = text_of(renderer, unscheduled(), Send.FIRST_WORD, at=NOW)

    assert "Next update: by Tuesday 24 November 2026, 11:30 CET (UTC+1)" in text.plain
    assert "How it stands: we are looking for the cause." in text.plain
    assert "Next update by 11:30" in text.summary


def test_an_all_clear_tells_cause_length_and_what_comes_next(renderer):
    notice = unscheduled(
        state=UnscheduledState.RESOLVED,
        resolved_at=NOW,
        cause="A disk failed.",
        next_steps="We replace it.",
    )
    text = text_of(renderer, notice, Send.ALL_CLEAR, at=NOW, mark="n1-a")

    assert "How long: 12 minutes" in text.plain
    assert "A disk failed." in text.plain
    assert "We replace it." in text.plain
    assert "Next update" not in text.plain
    assert text.about is not None
    assert text.about.is_over


def test_customers_never_see_a_gap(renderer):
    """A first word that lacks what it may lack goes without it."""
    notice = unscheduled(routes=(), servers=())
    for send in SENDS[NoticeKind.UNSCHEDULED]:
        text = text_of(renderer, notice, send, servers=())
        assert "⟨" not in text.title + text.summary + text.plain
        assert "Where" not in text.plain
        assert "How to reach us" not in text.plain


def test_who_composes_a_draft_sees_its_gaps(renderer):
    draft = Notice(kind=NoticeKind.SCHEDULED)
    text = text_of(renderer, draft, Send.WEEK_BEFORE, shows_gaps=True)

    assert "⟨start is missing⟩" in text.plain
    assert "⟨reason is missing⟩" in text.plain
    assert "⟨title is missing⟩" in text.title


@pytest.mark.parametrize("most", [100, 160, 280, 300, 500])
@pytest.mark.parametrize("counting", Counting)
def test_a_summary_leaves_room_for_its_link(renderer, most, counting):
    limits = Limits(form=Form.SHORT, most=most, counting=counting)
    notice = scheduled(disrupted="Websites do not answer 🙁. " * 20)
    summary = text_of(renderer, notice, Send.WEEK_BEFORE, limits=limits).summary

    assert count(counting, summary) <= most - 26
    assert "5 Dec 2026" in summary


def test_a_title_fits_its_channel(renderer):
    limits = Limits(form=Form.HTML, has_title=True, title_most=40)
    title = text_of(renderer, scheduled(title="x" * 150), Send.WEEK_BEFORE, limits=limits).title

    assert len(title) == 40
    assert title.endswith("…")


def test_a_persons_own_words_take_the_place_of_the_template(renderer):
    planned = PlannedSend(
        send=Send.START, channel="X", title="Now: {{ title }}", text="We *begin*. {{ 7 * 7 }}"
    )
    text = text_of(renderer, scheduled(), Send.START, planned=planned)

    assert text.title == "Now: {{ title }}"
    assert text.plain == "We begin. {{ 7 * 7 }}\n"
    assert text.html == '<p dir="auto">We <em>begin</em>. {{ 7 * 7 }}</p>\n'


def test_what_people_type_is_neither_a_template_nor_html(renderer):
    trick = "{{ 7 * 7 }} {% if %} <script>x</script> ⟦\n---\nsubject: y"
    notice = scheduled(title=trick.replace("\n", " "), reasons=trick, brand="<b>B</b>")
    text = text_of(renderer, notice, Send.WEEK_BEFORE, servers=("web<i>07</i>",))

    assert "{{ 7 * 7 }} {% if %} <script>x</script>" in text.title
    assert "{{ 7 * 7 }} {% if %} <script>x</script>" in text.plain
    assert "<script" not in text.html
    assert "<i>" not in text.html
    assert "&lt;b&gt;B&lt;/b&gt;" in text.html
    assert "\n" not in text.title + text.summary


def test_a_javascript_link_leads_nowhere(renderer):
    routes = (
        Route(kind=RouteKind.PAGE, words="javascript:alert(1)"),
        Route(kind=RouteKind.CHAT, words='https://a.example/"><img src=x>'),
    )
    html = text_of(renderer, scheduled(routes=routes), Send.START).html

    assert "href" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<style>p{}</style>",
        '<a href="javascript:x">y</a>',
        '<p onclick="x" style="y">z</p>',
        "<iframe src=x></iframe>",
        "<form><input></form>",
        "<!-- x -->",
        '<img src="x">',
    ],
)
def test_html_is_cleaned_whatever_the_child_says(html):
    cleaned = clean_html(html)

    for part in (
        "<script",
        "<style",
        "javascript",
        "onclick",
        "style=",
        "<iframe",
        "<form",
        "<!--",
    ):
        assert part not in cleaned
    assert "<img" not in cleaned


@settings(max_examples=40)
@given(notice=notices, number=st.integers(0, 8))
def test_any_notice_has_a_text_for_each_send(renderer, notice, number):
    sends = SENDS[notice.kind]
    text = text_of(renderer, notice, sends[number % len(sends)], at=NOW)

    assert text.title or not notice.title.strip()
    assert text.reference == "n1-x"


def test_a_brands_and_a_sites_own_templates_go_before_those_shipped():
    shipped = read_shelf()
    own = {"en/_end.md": "Our own end.", "Nordhost/en/_end.md": "The end of {{ brand }}."}
    with Renderer(TemplateShelf({**shipped.by_path, **own})) as one:
        assert text_of(one, scheduled(), Send.START).plain.endswith("The end of Nordhost.\n")
        other = scheduled(brand="Südhost")
        assert text_of(one, other, Send.START).plain.endswith("Our own end.\n")


def test_a_new_language_is_a_folder():
    shipped = read_shelf()
    french = shipped.by_path["en/language.toml"].replace('"Saturday"', '"samedi"')
    own = {"fr/language.toml": french, "fr/start.md": "Bonjour, {{ start.text }}."}
    notice = scheduled(language="fr")
    with Renderer(TemplateShelf({**shipped.by_path, **own})) as one:
        assert text_of(one, notice, Send.START).plain.startswith("Bonjour, samedi 5 December")
        assert "How to reach us" in text_of(one, notice, Send.DONE).plain


def test_about_says_how_a_page_sorts_it(renderer):
    def standing(send, **changes):
        about = text_of(renderer, scheduled(), send, mark="n1-a", **changes).about
        return about.state, about.is_over

    assert standing(Send.WEEK_BEFORE) == ("planned", False)
    assert standing(Send.START, at=START) == ("under way", False)
    assert standing(Send.UPDATE, at=START + timedelta(minutes=5)) == ("under way", False)
    assert standing(Send.DONE) == ("done", True)
    assert standing(Send.CANCELLED) == ("cancelled", True)
    german_one = text_of(renderer, german(scheduled()), Send.DONE, language="de", mark="n1-a").about
    assert german_one.state == "fertig"
    assert text_of(renderer, scheduled(), Send.START).about is None
    draft = Notice(kind=NoticeKind.SCHEDULED)
    assert text_of(renderer, draft, Send.START, mark="n1-a").about is None


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("Europe/Berlin", "CET (UTC+1)"),
        ("America/St_Johns", "NST (UTC-3:30)"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("UTC", "UTC"),
        ("Europe/London", "GMT"),
    ],
)
def test_a_zone_is_named_so_that_nobody_guesses(zone, label):
    assert zone_label(datetime(2026, 12, 5, tzinfo=ZoneInfo(zone))) == label
