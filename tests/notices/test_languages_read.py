"""Which languages a notice's readers have, and what is written in each."""

from dataclasses import replace

from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_contact
from noc_console.notices.languages_read import finding_of, languages_read
from noc_console.notices.notice import Translation
from noc_console.notices.reading_through import ReadBefore, look_nothing_up, read_through
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
from tests.notices.outbox import START, scheduled

GERMAN = Translation(language="de", title="Neuer Kern", disrupted="Die Websites")


def read(notice, readers, *channels):
    return languages_read(notice, readers, channels, ("de", "en"))


def test_who_has_no_language_reads_the_notice_in_its_own():
    own, german = read(scheduled(), {"": 7, "en": 2, "de": 3})

    assert (own.code, own.contacts, own.is_own, own.is_whole) == ("en", 9, True, True)
    assert (german.code, german.contacts, german.written) == ("de", 3, 0)


def test_what_a_language_lacks_is_only_what_the_notice_says():
    _, german = read(scheduled(translations=(GERMAN,)), {"de": 3})

    assert german.written == 2
    assert "title" not in german.missing
    assert {"not_disrupted", "reasons", "benefit", "no_alternatives_because"} == set(german.missing)
    assert "alternatives" not in german.missing


def test_a_channel_posts_in_its_language_and_mail_in_that_of_each_contact():
    site = Channel(name="Neues", kind=ChannelKind.WORDPRESS, language="de")
    mail = Channel(name="Mail", kind=ChannelKind.EMAIL, language="de")
    _, german = read(scheduled(), {}, site, mail)

    assert german.channels == ("Neues",)
    assert german.contacts == 0


def test_languages_stand_by_how_many_read_them_and_those_without_templates_say_so():
    found = read(scheduled(translations=(GERMAN,)), {"fr": 9, "it": 2})

    assert [one.code for one in found] == ["en", "fr", "it", "de"]
    assert [one.has_templates for one in found] == [True, False, False, True]
    assert not found[-1].is_read


def test_readers_in_whose_language_nothing_is_written_are_told_of_once():
    site = Channel(name="Nouvelles", kind=ChannelKind.WORDPRESS, language="fr")
    found = read(scheduled(translations=(GERMAN,)), {"fr": 1, "de": 4, "": 2}, site)

    (finding,) = finding_of(found)
    assert finding.words.startswith("1 contact and the channel Nouvelles have the language fr, in")


def test_a_notice_is_read_through_against_its_readers_and_what_was_read_before_is_kept(tmp_path):
    with_store = open_store(StoreLocation.parse(str(tmp_path / "store")))
    contact = Contact(address="k@example.org", customers=("Kunde",), language="de")
    add_contact(with_store, contact, "ann", START)
    notice = scheduled(customers=("Kunde",))

    found = read_through(with_store, notice, START, look_nothing_up)
    assert any("has the language de" in one.words for one in found.findings)
    assert found.languages[1].contacts == 1

    before = ReadBefore()
    before.contacts = (replace(contact, language="fr"),)
    first = read_through(with_store, notice, START, look_nothing_up, before)
    again = read_through(with_store, notice, START, look_nothing_up, before)
    assert first.languages[1].code == "fr"
    assert again.readers is first.readers
    with_store.close()
