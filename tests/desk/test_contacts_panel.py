"""Contacts are found, added, changed, removed and brought back, and imported from a table."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMessageBox

from noc_console.desk.contacts.contact_dialog import ContactDialog
from noc_console.desk.contacts.contact_rows import read_contacts_shown
from noc_console.desk.contacts.contacts_panel import ContactsPanel
from noc_console.desk.contacts.import_dialog import ContactImportDialog
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_contact, get_contact, list_contacts, stop
from noc_console.notices.notice import NoticeKind
from noc_console.store.schema.contacts import returned_mail
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench

TABLE = (
    "Email,Company,Language,Shoe size\n"
    'anna@example.com,"Example, Inc.",German,39\n'
    "no address,Other GmbH,en,40\n"
    "bo@example.com,Other GmbH,klingonisch!,41\n"
)


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def open_panel(bench):
    opened = []

    def make():
        panel = ContactsPanel(bench.context)
        opened.append(panel)
        panel.resize(1100, 640)
        panel.show()
        wait_until(lambda: bench.pool.is_idle)
        return panel

    yield make
    end(*opened)


def now():
    return datetime.now(UTC)


def add(bench, address, **fields):
    return add_contact(bench.store, Contact(address=address, **fields), "anna", now())


def shown(panel):
    return [row.contact.address for row in panel.model.rows]


def stopped(bench, contact, words):
    with bench.store.write() as connection:
        stop(connection, contact.id, words, "the mailbox", now())


def returned(bench, contact, words):
    values = {
        "message_key": f"k{contact.id}",
        "kind": "bounced",
        "contact_id": contact.id,
        "address": contact.address,
        "address_key": contact.key,
        "status": "5.2.2",
        "words": words,
        "at": now(),
    }
    known = {column.name for column in returned_mail.c}
    with bench.store.write() as connection:
        connection.execute(
            sa.insert(returned_mail).values({k: v for k, v in values.items() if k in known})
        )


def test_an_empty_page_says_the_next_step(bench, open_panel):
    panel = open_panel()

    assert panel.panel.title.text() == "Nobody gets notices by mail yet"
    panel.panel.focusProxy().click()
    assert panel.findChildren(ContactImportDialog)


def test_a_contact_is_added_with_all_that_was_typed(bench, open_panel):
    panel = open_panel()
    panel.deeds.actions["add"].trigger()
    (dialog,) = panel.findChildren(ContactDialog)
    dialog.button.click()
    assert "Give an e-mail address" in dialog.trouble.text()
    dialog.address.setText("anna@example.com")
    dialog.name.setText("Anna")
    dialog.customers.setText("Example, Inc.; Other GmbH")
    dialog.groups.setText("resellers")
    dialog.zone.setText("Europe/Berlin")
    dialog.language.setCurrentText("de")
    dialog.kinds[NoticeKind.SCHEDULED].setChecked(False)
    dialog.button.click()
    wait_until(lambda: shown(panel) == ["anna@example.com"])

    one = get_contact(bench.store, "anna@example.com")
    assert one.customers == ("Example, Inc.", "Other GmbH")
    assert (one.groups, one.zone, one.language) == (("resellers",), "Europe/Berlin", "de")
    assert one.opt_outs == {NoticeKind.SCHEDULED}
    assert panel.model.index(0, 0).data() == "◐  only downtime"


def test_what_cannot_be_is_said_and_nothing_is_changed(bench, open_panel):
    add(bench, "anna@example.com")
    panel = open_panel()
    panel.deeds.actions["edit"].trigger()
    (dialog,) = panel.findChildren(ContactDialog)
    dialog.zone.setText("Middle/Earth")
    dialog.button.click()
    wait_until(lambda: "Middle/Earth" in dialog.trouble.text())

    assert get_contact(bench.store, "anna@example.com").zone == ""


def test_an_address_that_came_back_comes_first_and_is_sent_to_again(bench, open_panel):
    add(bench, "aaa@example.com")
    stopped(bench, add(bench, "zoe@example.com"), "550 no such user")
    panel = open_panel()
    assert shown(panel) == ["zoe@example.com", "aaa@example.com"]
    assert panel.model.index(0, 0).data() == "■  nothing"
    assert "nothing goes to 1" in panel.summary.text()

    panel.deeds.actions["edit"].trigger()
    (dialog,) = panel.findChildren(ContactDialog)
    dialog.again.setChecked(True)
    dialog.button.click()
    wait_until(lambda: not get_contact(bench.store, "zoe@example.com").stopped_because)


def test_bounces_are_counted_and_told(bench, open_panel):
    add(bench, "aaa@example.com")
    returned(bench, add(bench, "bo@example.com"), "552 mailbox full")
    panel = open_panel()

    assert shown(panel)[0] == "bo@example.com"
    assert "1:  bounced" in panel.model.index(0, 7).data()
    assert "552 mailbox full" in panel.model.index(0, 7).data()


def test_the_filter_finds_customers_groups_and_those_that_bounced(bench, open_panel):
    add(bench, "anna@example.com", customers=("Söhne GmbH",))
    returned(bench, add(bench, "bo@example.com", groups=("resellers",)), "full")
    panel = open_panel()
    for words, found in (
        ("söhne", ["anna@example.com"]),
        ("RESELLERS bo@", ["bo@example.com"]),
        ("bounced", ["bo@example.com"]),
    ):
        panel.filter.setText(words)
        wait_until(lambda found=found: shown(panel) == found)
    panel.filter.setText("nobody at all")
    wait_until(lambda: panel.panel is not None)
    assert panel.panel.title.text() == "No contact fits the filter"
    panel.filter.clear()
    wait_until(lambda: len(shown(panel)) == 2 and panel.panel is None)


def test_removing_asks_first_and_is_undone(bench, open_panel):
    add(bench, "anna@example.com", customers=("Example",), notes="by phone only")
    panel = open_panel()
    assert not panel.deeds.actions["undo"].isEnabled()
    panel.deeds.actions["remove"].trigger()
    (box,) = panel.findChildren(QMessageBox)
    assert shown(panel) == ["anna@example.com"]
    next(one for one in box.buttons() if one.text() == "Remove").click()
    wait_until(lambda: not list_contacts(bench.store))
    wait_until(lambda: panel.panel is not None)
    panel.deeds.actions["undo"].trigger()
    wait_until(lambda: shown(panel) == ["anna@example.com"])

    assert get_contact(bench.store, "anna@example.com").notes == "by phone only"
    assert not panel.deeds.actions["undo"].isEnabled(), "there is nothing to undo any more"


def test_a_table_is_shown_before_it_is_taken_in_with_a_line_for_what_is_strange(
    bench, open_panel, tmp_path
):
    file = tmp_path / "contacts.csv"
    file.write_text(TABLE, encoding="utf-8")
    panel = open_panel()
    panel.deeds.actions["import"].trigger()
    (dialog,) = panel.findChildren(ContactImportDialog)
    dialog.groups.setText("imported")
    dialog.choose(str(file))
    wait_until(lambda: dialog.rows.rows)
    why = [line.why for line in dialog.strange.rows]
    assert any("Shoe size" in line.text for line in dialog.strange.rows)
    assert any("no e-mail address" in words for words in why)
    assert any("no language" in words for words in why)
    assert dialog.import_button.text() == "&Import 2 contacts"
    assert list_contacts(bench.store) == ()

    dialog.import_button.click()
    wait_until(lambda: len(shown(panel)) == 2)
    one = get_contact(bench.store, "anna@example.com")
    assert (one.customers, one.language, one.groups) == (("Example, Inc.",), "de", ("imported",))


def test_the_same_table_again_changes_nothing(bench, open_panel, tmp_path):
    file = tmp_path / "contacts.csv"
    file.write_text("Email\nanna@example.com\n", encoding="utf-8")
    add(bench, "anna@example.com")
    panel = open_panel()
    panel.deeds.actions["import"].trigger()
    (dialog,) = panel.findChildren(ContactImportDialog)
    dialog.choose(str(file))
    wait_until(lambda: dialog.rows.rows)

    assert not dialog.import_button.isEnabled()
    assert "1 already as in the file" in dialog.summary.text()


def test_another_column_is_chosen_for_a_field(bench, open_panel, tmp_path):
    file = tmp_path / "contacts.csv"
    file.write_text("Email,Firm I Wrote\nanna@example.com,Example\n", encoding="utf-8")
    panel = open_panel()
    panel.deeds.actions["import"].trigger()
    (dialog,) = panel.findChildren(ContactImportDialog)
    dialog.choose(str(file))
    wait_until(lambda: dialog.rows.rows)
    chooser = dialog.mapping.choosers["customers"]
    chooser.setCurrentIndex(chooser.findData("Firm I Wrote"))
    dialog.mapping.changed.emit()
    wait_until(lambda: dialog.rows.rows and dialog.rows.rows[0].contact.customers == ("Example",))


def test_a_file_that_is_no_table_is_refused_in_a_sentence(bench, open_panel, tmp_path):
    panel = open_panel()
    panel.deeds.actions["import"].trigger()
    (dialog,) = panel.findChildren(ContactImportDialog)
    dialog.choose(str(tmp_path / "nothing.csv"))
    wait_until(dialog.trouble.text)

    assert "nothing.csv" in dialog.trouble.text()
    assert not dialog.import_button.isEnabled()


def test_the_models_keep_their_promises(bench, open_panel):
    add(bench, "anna@example.com")
    panel = open_panel()
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(panel.model, fatal)
    add(bench, "bo@example.com")
    panel.read()
    wait_until(lambda: len(shown(panel)) == 2)
    assert tester.model() is panel.model


def test_names_with_controls_are_shown_inert(bench, open_panel):
    add(bench, "anna@example.com", name="A\x1b[31mnna <b>")
    panel = open_panel()

    assert "\x1b" not in panel.model.index(0, 1).data()


def test_ten_thousand_contacts_are_bounded_and_told(bench, monkeypatch):
    monkeypatch.setattr("noc_console.desk.contacts.contact_rows.MOST_SHOWN", 2)
    for number in range(3):
        add(bench, f"anna{number}@example.com")
    found = read_contacts_shown(bench.store, "", now())

    assert (len(found.rows), found.found, found.total) == (2, 3, 3)
