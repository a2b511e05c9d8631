"""The composer: what is typed is kept, read through and worded; a notice goes out of it by keys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from noc_console.desk.composer.composer_dialogs import CellDialog
from noc_console.desk.composer.draft_keeper import DraftKeeper
from noc_console.desk.composer.start_words import clocks_text
from noc_console.errors import ConsoleError
from noc_console.fleet.records import edit_server
from noc_console.fleet.server import Site
from noc_console.notices.approval import let_one_person_approve
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.notice import Send, Translation
from noc_console.notices.notice_records import add_notice, get_notice, list_notices, save_draft
from noc_console.notices.posting import NoticeState
from tests.desk.composer_bench import NOW
from tests.desk.qt_life import wait_until
from tests.notices.outbox import add, approved, scheduled


@pytest.fixture
def bench(composing):
    return composing


def test_every_keystroke_is_soon_in_the_store(bench):
    composer = bench.open()

    QTest.keyClicks(composer.fields.title, "Kernel")
    composer.fields.texts["benefit"].setPlainText("Holes are closed.")
    bench.settle()

    assert bench.stored().notice.title == "Kernel"
    assert bench.stored().notice.benefit == "Holes are closed."
    assert bench.stored().changed_by == "ann"
    assert "saved" in composer.standing.text()


def test_lamps_light_as_things_are_told_and_the_dark_ones_are_named(bench):
    composer = bench.complete(benefit="")
    assert composer.fields.lamps[5].text() == "○ 5"
    assert "5 benefit" in composer.missing.text()
    assert not composer.approve_button.isEnabled()

    composer.fields.texts["benefit"].setPlainText("Known holes are closed.")
    bench.settle()

    assert composer.fields.lamps[5].text() == "● 5"
    assert "5 benefit" not in composer.missing.text()


def test_a_key_jumps_to_the_field_that_lacks_something(bench):
    composer = bench.complete(benefit="", reasons="")
    composer.activateWindow()

    composer.findings.go_to_next()
    wait_until(composer.fields.texts["reasons"].hasFocus, 30)
    composer.findings.go_to_next()
    wait_until(composer.fields.texts["benefit"].hasFocus, 30)


def test_the_key_leaves_a_field_though_what_was_typed_into_it_was_not_read_yet(bench):
    composer = bench.complete(benefit="", reasons="")
    composer.activateWindow()
    bench.deeds.go_to_next()
    wait_until(composer.fields.texts["reasons"].hasFocus, 30)
    composer.findings._next = 0  # as after a list that changed

    bench.deeds.go_to_next()

    wait_until(composer.fields.texts["benefit"].hasFocus, 30)


def test_the_audience_is_computed_from_the_fleet(bench):
    site = Site(domain="shop.example.org", customer="Anna")
    bench.live.servers = [edit_server(bench.store, replace(bench.server, sites=(site,)), NOW)]
    composer = bench.complete()

    assert "1 server (web1), 1 site of 1 customer" in composer.fields.audience.text()
    assert "No address is known of 1 customer" in composer.fields.audience.text()


def test_the_start_is_shown_on_our_clocks_in_utc_and_on_those_of_readers():
    notice = scheduled()
    told = clocks_text(notice, "Europe/Berlin", ("America/New_York",)).splitlines()

    assert told[0] == "Sat 2026-12-12 02:00 to Sat 03:00 CET (Europe/Berlin)"
    assert told[1].endswith("UTC (UTC)")
    assert told[2] == "Fri 2026-12-11 20:00 to Fri 21:00 EST (America/New_York)"


def test_a_wall_time_that_comes_twice_asks_which_is_meant(bench):
    composer = bench.complete()
    assert composer.fields.choice.isHidden()

    composer.fields.start.setText("Sun 2027-10-31 02:30")
    bench.settle()
    assert not composer.fields.choice.isHidden()
    assert "comes twice" in composer.fields.choice_why.text()
    assert bench.stored().notice.starts_at is None

    composer.fields.choice.setCurrentIndex(2)
    bench.settle()
    assert bench.stored().notice.starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_the_preview_words_what_is_typed_for_the_channel_and_send(bench):
    add(bench.store, ChannelKind.WORDPRESS, "News")
    composer = bench.complete()
    composer.fields.texts["reasons"].setPlainText("The fans are worn <b>out</b>.")
    composer.preview.choose_send(Send.DAY_BEFORE)
    bench.settle()

    shown = composer.preview.reader.toPlainText()
    assert "The fans are worn" in shown
    assert "Kernel update" in shown
    assert "characters" in composer.preview.counts.text()


def test_where_the_wording_fails_the_last_good_text_stays_and_it_is_said(bench, monkeypatch):
    composer = bench.complete()
    before = composer.preview.reader.toPlainText()

    def fail(*_args, **_more):
        raise ConsoleError("The template cannot be used.")

    monkeypatch.setattr("noc_console.desk.composer.preview_panel.show", fail)
    composer.fields.title.setText("Another")
    bench.settle()

    assert composer.preview.reader.toPlainText() == before
    assert "cannot be used" in composer.preview.counts.text()


def test_a_cell_of_the_plan_is_switched_and_back(bench):
    add(bench.store, ChannelKind.WORDPRESS, "News")
    composer = bench.complete()
    index = composer.plan.index(0, 1)
    assert composer.plan.columnCount() == 5

    composer.plan.setData(index, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    bench.settle()
    (planned,) = bench.stored().notice.plan
    assert (planned.send, planned.channel, planned.is_on) == (Send.DAY_BEFORE, "News", False)

    composer.plan.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    bench.settle()
    assert bench.stored().notice.plan == ()


def test_one_send_gets_a_time_and_a_text_of_its_own(bench):
    add(bench.store, ChannelKind.WORDPRESS, "News")
    composer = bench.complete()
    composer.plan_view.setCurrentIndex(composer.plan.index(0, 0))
    dialog = bench.deeds.ask_cell()
    assert isinstance(dialog, CellDialog)

    dialog.due.setText("2026-12-01 09:00")
    dialog.text.setPlainText("Only for the blog.")
    dialog.button.click()
    bench.settle()

    (planned,) = bench.stored().notice.plan
    assert planned.due_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert "Only for the blog." in composer.preview.reader.toPlainText()


def test_a_complete_notice_is_frozen_and_approved_by_a_second_person(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    composer = bench.complete()
    assert "second person" in composer.missing.text()

    composer.fields.title.setText("Kernel update on web1")
    bench.deeds.approve()  # what was typed last is saved first
    bench.settle()
    bench.settle()

    assert not composer.approve_button.isEnabled() or bench.navigator.said
    wait_until(lambda: bench.pool.is_idle and bool(bench.navigator.said), 60)
    assert bench.stored().notice.title == "Kernel update on web1"
    assert "waits for a second person" in bench.navigator.said[-1]
    bench.live.notices_changed.emit()
    bench.settle()
    assert composer.missing.text() == "▲  Version 1 waits for a second person: you wrote it."


def test_what_a_notice_in_force_lacks_is_no_refusal_of_what_is_approved_already(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    stored = get_notice(bench.store, approved(bench.store, scheduled(routes=()), NOW))
    bench.show(stored)
    bench.settle()

    said = bench.composer.missing.text()
    assert said.startswith("▲  In force, but customers are not told: 3 what is disrupted")
    assert "6 how to reach support" in said


def test_an_edit_after_approval_asks_whether_people_must_be_told(bench):
    add(bench.store, ChannelKind.WORDPRESS)
    let_one_person_approve(bench.store, is_enough=True)
    composer = bench.complete()
    bench.deeds.approve()
    wait_until(lambda: bench.stored().state is NoticeState.APPROVED, 60)
    bench.live.notices_changed.emit()
    bench.settle()
    assert not composer.approve_button.isEnabled()

    composer.fields.texts["benefit"].setPlainText("All known holes are closed.")
    bench.settle()
    bench.deeds.approve()
    wait_until(lambda: bool(composer.findChildren(QMessageBox)), 60)
    box = composer.findChildren(QMessageBox)[-1]
    assert "told" in box.text()
    next(one for one in box.buttons() if one.text() == "&Tell them").click()
    wait_until(lambda: bench.stored().live_version == 2, 60)


def test_prepared_texts_fill_an_empty_notice(bench):
    composer = bench.open()
    names = [one.name for one in composer._prepared]
    assert len(names) >= 5

    composer._begin_with(1)
    bench.settle()

    assert bench.stored().notice.template == names[0]
    assert bench.stored().notice.title
    assert composer.fields.texts["reasons"].toPlainText() == bench.stored().notice.reasons


def test_what_another_desk_saved_is_never_overwritten(bench):
    composer = bench.complete()
    other = replace(bench.stored().notice, title="Theirs")
    save_draft(bench.store, other, edition=composer.keeper.edition, by="ben", now=NOW)

    composer.fields.title.setText("Mine")
    wait_until(lambda: not composer.fields.isEnabled(), 60)

    assert bench.stored().notice.title == "Theirs"
    assert "ben changed this draft" in composer.trouble.text()
    (box,) = composer.findChildren(QMessageBox)
    box.defaultButton().click()
    bench.settle()
    assert composer.fields.title.text() == "Theirs"
    assert composer.fields.isEnabled()
    mine = {one.notice.title for one in list_notices(bench.store)}
    assert mine == {"Theirs", "Mine"}, "what was typed is kept as a draft of its own"


def test_a_draft_that_was_changed_elsewhere_keeps_nobody_in_the_composer(bench):
    composer = bench.complete()
    other = replace(bench.stored().notice, title="Theirs")
    save_draft(bench.store, other, edition=composer.keeper.edition, by="ben", now=NOW)
    composer.fields.title.setText("Mine")
    wait_until(lambda: bool(composer.findChildren(QMessageBox)), 60)
    (box,) = composer.findChildren(QMessageBox)
    next(one for one in box.buttons() if "Let mine go" in one.text()).click()
    bench.settle()

    composer.fields.title.setText("Theirs, and mine")
    bench.settle()
    left = []
    composer.left.connect(lambda: left.append(True))
    composer.leave()
    wait_until(lambda: left == [True], 60)
    assert bench.stored().notice.title == "Theirs, and mine"


def test_steady_typing_is_saved_while_it_goes_on(bench):
    stored = add_notice(bench.store, scheduled(), by="ann", now=NOW)
    keeper = DraftKeeper(bench.context, stored, lambda: NOW, bench.live)
    deadline = datetime.now(UTC) + timedelta(seconds=60)
    count = 0
    while get_notice(bench.store, stored.id).edition < 3:
        count += 1
        keeper.take(replace(stored.notice, title=f"Title {count}"))
        QCoreApplication.processEvents()
        assert datetime.now(UTC) < deadline
    keeper.when_saved(lambda: None)
    wait_until(lambda: keeper.is_saved and bench.pool.is_idle, 60)

    assert get_notice(bench.store, stored.id).notice.title == f"Title {count}"


def test_another_language_changes_places_with_the_first_and_loses_no_text(bench):
    german = Translation(language="de", title="Neuer Kern", benefit="Lücken sind zu.")
    composer = bench.complete(translations=(german,))

    composer.fields.language.textActivated.emit("de")
    bench.settle()
    told = bench.stored().notice
    assert (told.language, told.title, composer.fields.title.text()) == ("de", *["Neuer Kern"] * 2)
    assert told.in_language("en").title == "Kernel update"

    composer.fields.language.textActivated.emit("en")
    bench.settle()
    assert bench.stored().notice.in_language("de").benefit == "Lücken sind zu."


def test_hostile_text_stays_text_in_the_preview(bench):
    composer = bench.complete(title="<img src='http://192.0.2.1/x'>", reasons="</p><script>x")

    assert "<img" in composer.preview.reader.toPlainText()
    assert not composer.preview.reader.openLinks()
