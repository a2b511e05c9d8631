"""Prepared works and causes need only what a person alone can know."""

import re
from dataclasses import replace

import pytest

from noc_console.incidents.planning.proof_reader import Weight
from noc_console.notices.notice import Notice, NoticeKind, Translation
from noc_console.notices.prepared import all_prepared, begin_with, get_prepared
from noc_console.notices.proof_reader import proof_read
from noc_console.notices.reading_through import read_books, spelling_findings
from noc_console.notices.seven import lamps
from noc_console.notices.template_shelf import InvalidTemplate, UnknownTemplate, read_shelf
from tests.notices.composed import AROUND, scheduled, unscheduled

SHELF = read_shelf()
BOOKS = read_books(SHELF)
GAP = re.compile(r"⟨[^⟩]*⟩")
WORKS = all_prepared(SHELF, NoticeKind.SCHEDULED)
CAUSES = all_prepared(SHELF, NoticeKind.UNSCHEDULED)


def filled(notice):
    """Fill the gaps in as a person would."""
    texts = ("title", "disrupted", "not_disrupted", "reasons", "benefit", "alternatives")
    changes = {name: GAP.sub("8.4", getattr(notice, name)) for name in texts}
    others = tuple(
        replace(one, **{name: GAP.sub("8.4", getattr(one, name)) for name in texts})
        for one in notice.translations
    )
    return replace(notice, **changes, translations=others)


def test_the_usual_works_and_causes_are_prepared():
    assert {one.name for one in WORKS} >= {
        *("kernel-update", "hardware", "migration", "php-version", "database-version"),
        *("network", "control-panel", "power", "mail-server", "certificate"),
    }
    assert {one.name for one in CAUSES} >= {
        *("overload", "disk-full", "hardware-failure", "network-failure", "attack"),
        *("power-failure", "failed-update", "database-failure"),
    }


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("one", WORKS, ids=lambda one: one.name)
def test_a_prepared_work_lights_all_lamps_once_its_gaps_are_filled(one, language):
    empty = scheduled(
        language=language,
        minutes=0,
        title="",
        no_alternatives_because="",
        customers=("Anna Example",),
    )
    notice = begin_with(empty, one)
    whole = filled(notice)

    assert [lamp.number for lamp in lamps(whole, AROUND) if not lamp.is_lit] == []
    assert {trouble.language for trouble in notice.translations} == {"en", "de"} - {language}
    found = proof_read(whole, AROUND, BOOKS) + spelling_findings(whole, BOOKS, ["web-07"])
    assert [f.words for f in found if f.key not in {"window", "route"}] == []
    gaps = GAP.findall(notice.title + notice.disrupted + notice.reasons)
    refused = [f for f in proof_read(notice, AROUND, BOOKS) if f.weight is Weight.REFUSES]
    assert bool(refused) is bool(gaps)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("one", CAUSES, ids=lambda one: one.name)
def test_a_prepared_cause_fills_the_first_word_and_no_more(one, language):
    begun = unscheduled(language=language, title="", noticed="", customers=("Anna Example",))
    first = begin_with(begun, one)
    later = begin_with(begun, one, with_cause=True)

    assert [lamp.number for lamp in lamps(first, AROUND) if not lamp.is_lit] == []
    assert (first.cause, first.next_steps) == ("", "")
    assert later.cause
    assert later.next_steps
    found = proof_read(later, AROUND, BOOKS) + spelling_findings(later, BOOKS, ["web-07"])
    assert [f.words for f in found if f.key != "route"] == []


def test_what_was_written_in_a_third_language_stays():
    french = Translation(language="fr", title="Nouveau")
    notice = begin_with(scheduled(translations=(french,)), WORKS[0])

    assert french in notice.translations


def test_an_unknown_one_is_told_with_those_there_are():
    with pytest.raises(UnknownTemplate, match="kernel-update"):
        get_prepared(SHELF, NoticeKind.SCHEDULED, "kernel")


@pytest.mark.parametrize(
    "text",
    ["minutes = 5", "[en]\nsummary = 'x'", "minutes = -1\n[en]\ntitle='x'", "[en]\ntitle = 1", "x"],
)
def test_a_sites_own_that_is_not_written_so_is_refused(text):
    shelf = replace(SHELF, by_path={**SHELF.by_path, "works/own.toml": text})

    with pytest.raises(InvalidTemplate, match="own"):
        all_prepared(shelf, NoticeKind.SCHEDULED)


def test_a_sites_own_is_there_beside_the_others():
    own = "minutes = 5\n[en]\ntitle = 'Ours'\n"
    shelf = replace(SHELF, by_path={**SHELF.by_path, "works/own.toml": own})
    prepared = get_prepared(shelf, NoticeKind.SCHEDULED, "own")

    notice = begin_with(Notice(kind=NoticeKind.SCHEDULED), prepared)
    assert (notice.title, notice.minutes, notice.template) == ("Ours", 5, "own")
    assert prepared.title("de") == "Ours"
