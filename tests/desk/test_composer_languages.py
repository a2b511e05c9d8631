"""A notice is written in the languages its readers have, side by side with its own."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from noc_console.desk.composer.field_names import field_of_finding
from noc_console.desk.composer.languages_panel import language_name, texts_words
from noc_console.fleet.records import edit_server
from noc_console.fleet.server import Site
from noc_console.incidents.planning.proof_reader import Finding, Weight
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_contact
from noc_console.notices.languages_read import LanguageRead
from noc_console.notices.notice import Notice, NoticeKind, Translation
from tests.desk.composer_bench import NOW
from tests.desk.qt_life import wait_until

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def with_readers(bench, *languages):
    """Let a contact of each language have a site on the server."""
    sites = tuple(Site(domain=f"s{n}.example.org", customer=f"C{n}") for n in range(len(languages)))
    bench.live.servers = [edit_server(bench.store, replace(bench.server, sites=sites), NOW)]
    for place, code in enumerate(languages):
        contact = Contact(address=f"c{place}@example.org", customers=(f"C{place}",), language=code)
        add_contact(bench.store, contact, "ann", NOW)


def rows(composer):
    model = composer.languages.model
    return [
        tuple(model.index(row, column).data() for column in (0, 1, 3))
        for row in range(model.rowCount())
    ]


def test_the_languages_of_readers_are_shown_with_what_each_lacks(composing):
    with_readers(composing, "de", "de", "fr", "")
    german = Translation(language="de", title="Neuer Kern")
    composer = composing.complete(translations=(german,))

    assert rows(composer) == [
        ("Deutsch (de)", "2", "◐  5 of 6 missing"),
        ("fr", "1", "○  nothing written; no templates, the rest is in English"),
    ]
    assert any("1 contact has the language fr" in one.words for one in composer.findings.points)


def test_german_is_written_by_keys_beside_the_english_and_kept(composing):
    with_readers(composing, "de")
    composer = composing.complete()
    panel = composer.languages
    composer.activateWindow()

    QTest.keyClick(composer.fields.title, Qt.Key.Key_L, CONTROL | SHIFT)
    wait_until(panel.texts["title"].hasFocus)
    assert composer.tabs.currentWidget() is panel
    assert panel.own["title"].toPlainText() == "Kernel update"
    assert panel.own["title"].isReadOnly()
    QTest.keyClicks(panel.texts["title"], "Neuer Kern")
    QTest.keyClick(panel.texts["title"], Qt.Key.Key_Tab)
    wait_until(panel.texts["disrupted"].hasFocus)
    QTest.keyClicks(panel.texts["disrupted"], "Die Websites")
    composing.settle()

    (german,) = composing.stored().notice.translations
    assert (german.language, german.title, german.disrupted) == (
        *("de", "Neuer Kern", "Die Websites"),
    )
    assert composing.stored().notice.title == "Kernel update"
    assert rows(composer) == [("Deutsch (de)", "1", "◐  4 of 6 missing")]
    assert panel.texts["alternatives"].isHidden()


def test_the_preview_is_shown_in_the_language_of_a_reader(composing):
    german = Translation(language="de", title="Neuer Kern", disrupted="Die Websites")
    composer = composing.complete(translations=(german,))
    assert "Kernel update" in composer.preview.reader.toPlainText()

    for _ in range(2):
        composer.preview.step_language(1)
    composing.settle()

    shown = composer.preview.reader.toPlainText()
    assert "Neuer Kern" in shown
    assert "Die Websites" in shown


def test_prepared_texts_are_put_in_where_nothing_is_written(composing):
    composer = composing.open()
    names = [one.name for one in composer._prepared]
    composer._begin_with(names.index("kernel-update") + 1)
    composing.settle()
    whole = composing.stored().notice.in_language("de")
    (german,) = composing.stored().notice.translations
    mine = replace(german, title="Mein Titel", reasons="", benefit="")
    composer.change(replace(composer.notice, translations=(mine,)))
    composing.settle()
    panel = composer.languages
    panel.choose("de")
    assert panel.fill.isEnabled()

    QTest.keyClick(composer.fields.title, Qt.Key.Key_B, CONTROL | SHIFT)
    composing.settle()

    (found,) = composing.stored().notice.translations
    assert found.title == "Mein Titel"
    assert (found.reasons, found.benefit) == (whole.reasons, whole.benefit)
    assert not panel.fill.isEnabled()


def test_a_language_nobody_is_known_to_read_is_chosen_and_taken_out_again(composing):
    composer = composing.complete()
    panel = composer.languages
    assert not panel.nothing.isHidden()

    panel._add_language(panel.add.findData("de"))
    panel.texts["title"].setPlainText("Neuer\nKern")
    composing.settle()
    assert composing.stored().notice.in_language("de").title == "Neuer Kern"

    panel.remove.click()
    composing.settle()
    assert composing.stored().notice.translations == ()


def test_the_next_thing_to_mend_leads_into_the_language_that_lacks_a_text(composing):
    french, german = (Translation(language=code, title="x") for code in ("fr", "de"))
    composer = composing.complete(translations=(german, french))
    composer.activateWindow()
    found = [one.field for one in composer.findings.points]
    assert {"languages.de", "languages.fr"} <= set(found)

    composer.go_to("languages.fr")
    wait_until(composer.languages.texts["disrupted"].hasFocus)
    assert composer.languages.code == "fr"


def test_each_finding_about_a_language_names_it():
    notice = Notice(kind=NoticeKind.SCHEDULED)
    for words, code in (
        ("In de the reason is missing.", "de"),
        ("There are no templates in 'pt-BR': headings, dates", "pt-BR"),
        ("2 contacts have the language fr, in which nothing is written", "fr"),
    ):
        finding = Finding("language", Weight.WARNS, words)
        assert field_of_finding(notice, finding) == f"languages.{code}"


def test_a_language_is_called_as_it_calls_itself():
    assert language_name("de", {"de": "Deutsch"}) == "Deutsch (de)"
    assert language_name("xx\x1b", {}) == language_name("xx\x1b", {}).replace("\x1b", "")
    assert texts_words(LanguageRead(code="de", written=3)) == "●  all written"
