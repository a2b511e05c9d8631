"""The ledger shows and exports what went where; promises and first words are told by the month."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog

from noc_console.desk.app import page_kinds
from noc_console.desk.key_map import keys_of
from noc_console.desk.notice_ledger.ledger_forms import forms_of_ledger, forms_of_month
from noc_console.desk.notice_ledger.ledger_rows import head_words
from noc_console.desk.notice_ledger.ledger_window import LedgerWindow
from noc_console.desk.outbox.outbox_rows import came_words, read_outbox
from noc_console.desk.promises.promises_panel import (
    PromisesPanel,
    first_word_words,
    kept_words,
)
from noc_console.desk.report_forms import write_forms
from noc_console.desk.sending.sending_page import SendingPage
from noc_console.incidents.report_range import month_of
from noc_console.incidents.times import local_text
from noc_console.notices.acts import postpone
from noc_console.notices.approval import let_one_person_approve
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.ledger import PromiseMonth, read_ledger, read_promises
from noc_console.notices.notice_records import add_notice
from noc_console.notices.promises import FirstWordTime, Outcome
from noc_console.notices.starting import begin_at
from noc_console.store.schema.notices import mailing, notice_event, posting
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench
from tests.notices.outbox import add, approved, scheduled

START = datetime.now(UTC).replace(microsecond=0, second=0) - timedelta(hours=3)


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def notice(bench):
    """A notice whose work was announced for three hours ago."""
    add(bench.store, ChannelKind.WORDPRESS, "News")
    add(bench.store, ChannelKind.EMAIL, "Mail")
    number = approved(
        bench.store, begin_at(scheduled(title="Kernel <b>update"), START), START - timedelta(days=9)
    )
    with bench.store.write() as connection:
        connection.execute(
            sa.update(posting).values(state="sent", ended_at=START - timedelta(days=7))
        )
        first = (
            connection.execute(sa.select(posting.c.id).where(posting.c.channel_name == "Mail"))
            .scalars()
            .first()
        )
        for mark, state in (("a", "sent"), ("b", "bounced")):
            connection.execute(
                sa.insert(mailing).values(
                    posting_id=first,
                    contact_id=1,
                    address=f"{mark}@example.com",
                    name="=1+1",
                    language="",
                    zone="",
                    state=state,
                    next_at=START,
                    tries=1,
                    mark=mark,
                    code=0,
                    words="",
                )
            )
    return number


@pytest.fixture
def window(bench, notice):
    parent = bench.window()
    parent.show()
    window = LedgerWindow(bench.context, notice, parent)
    window.show()
    wait_until(lambda: window.ledger is not None)
    yield window
    end(window)


def test_a_ledger_says_the_start_that_was_told_while_another_waits_for_approval(bench):
    add(bench.store, ChannelKind.WORDPRESS, "News")
    soon, later = (START + timedelta(days=one) for one in (10, 12))
    number = approved(bench.store, begin_at(scheduled(), soon), START)
    let_one_person_approve(bench.store, is_enough=False)
    postpone(bench.store, number, later, "Late parts", by="bo", now=START)

    words = head_words(read_ledger(bench.store, number, START))
    assert f"Announced for {local_text(soon)}" in words
    assert local_text(later) not in words


def test_it_tells_versions_postings_recipients_promises_and_events(window):
    assert window.title.text() == "Notice 1: Kernel <b>update"
    assert "approved by anna alone" in window.head.text()
    assert window.whole.text().startswith("✔")
    assert [row.mailing.address for row in window.recipients.rows] == [
        "b@example.com",
        "a@example.com",
    ]
    assert window.postings.rowCount() == 6
    assert window.versions.rowCount() == 1
    assert window.events.rowCount() >= 3
    assert {one.kind.value for one in window.promises.rows} == {"start", "end"}


def test_a_ledger_in_which_nothing_is_yet_says_why_on_each_tab(bench):
    draft = add_notice(bench.store, scheduled(), by="anna", now=START)
    parent = bench.window()
    parent.show()
    window = LedgerWindow(bench.context, draft.id, parent)
    window.show()
    wait_until(lambda: window.ledger is not None)
    tabs = [window.tabs.widget(place) for place in range(window.tabs.count())]

    assert all(tab.currentWidget() is tab.panel for tab in tabs[:4])
    assert "It is a draft" in tabs[0].panel.sentence.text()
    assert tabs[4].currentWidget() is tabs[4].view
    end(window)


def test_what_is_told_of_mails_is_told_once(bench, notice):
    found = read_outbox(bench.store, START)
    mail = next(row for row in found.rows if row.counts is not None)
    counts = mail.counts.words
    once = replace(mail, posting=replace(mail.posting, words=f"{counts}."))

    assert came_words(once, START).count(counts) == 1


def test_a_ledger_that_was_changed_says_so(bench, notice, window):
    with bench.store.write() as connection:
        connection.execute(
            sa.update(notice_event).where(notice_event.c.number == 2).values(words="nothing")
        )
    window.read()
    wait_until(lambda: window.whole.text().startswith("■"))

    assert "event 2 was changed" in window.whole.text()
    assert notice


def test_it_is_read_anew_when_a_posting_moves_on(bench, window):
    before = window.ledger.made_at
    bench.live.postings_changed.emit()
    wait_until(lambda: window.ledger.made_at > before)


@pytest.mark.parametrize("ending", [".html", ".csv", ".pdf"])
def test_it_is_exported_as_the_files_name_says(bench, notice, tmp_path, ending):
    forms = forms_of_ledger(read_ledger(bench.store, notice, datetime.now(UTC)))
    path = tmp_path / f"ledger{ending}"
    said = write_forms(forms, path)
    written = path.read_bytes()

    assert str(path) in said
    assert {".html": b"Kernel &lt;b&gt;update", ".csv": b"a@example.com", ".pdf": b"%PDF"}[
        ending
    ] in written


def test_the_export_asks_for_a_file(window):
    window.deeds.actions["export"].trigger()
    (dialog,) = window.findChildren(QFileDialog)

    assert dialog.selectedFiles()[0].endswith("Ledger of notice 1.pdf")


def test_a_ledger_of_no_notice_is_refused_in_a_sentence(bench):
    parent = bench.window()
    window = LedgerWindow(bench.context, 77, parent)
    window.show()
    wait_until(lambda: "cannot be read" in window._state.title.text())

    assert "77" in window._state.sentence.text()
    end(window)


def test_the_models_keep_their_promises(window):
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    models = (window.postings, window.recipients, window.versions, window.promises, window.events)
    testers = [QAbstractItemModelTester(model, fatal) for model in models]
    window.read()
    assert len(testers) == 5


def test_a_months_promises_are_shown_broken_ones_first(bench, notice):
    panel = PromisesPanel(bench.context)
    panel.resize(1000, 600)
    panel.show()
    panel.range.unit.setCurrentText("Year")
    wait_until(lambda: panel.model.rows)

    assert panel.model.rows[0].outcome is Outcome.BROKEN
    assert "0.0 % of the promises kept" in panel.kept.text()
    assert panel.first_word.text().startswith("First word: no downtime was told of")
    assert panel.model.index(0, 0).data() == "■  broken"
    panel.range.earlier.click()
    wait_until(lambda: panel.panel is not None)
    assert panel.panel.title.text().startswith("Nothing was promised")
    assert notice
    end(panel)


def test_a_months_promises_are_exported(bench, notice, tmp_path):
    now = datetime.now(UTC)
    month = read_promises(bench.store, month_of(START, "UTC"), now)
    write_forms(forms_of_month(month), tmp_path / "month.csv")

    assert "Kernel" in (tmp_path / "month.csv").read_text(encoding="utf-8-sig")
    assert notice


def test_a_first_word_later_than_its_target_is_marked():
    now = START
    spans = [timedelta(minutes=2)] * 18 + [timedelta(minutes=40)] * 2
    words = tuple(
        FirstWordTime(notice_id=1, title="", detected_at=now - span, spoken_at=now)
        for span in spans
    )
    month = PromiseMonth(
        range=month_of(now, "UTC"),
        promises=(),
        first_words=words,
        target=timedelta(minutes=10),
        made_at=now,
    )

    assert first_word_words(month) == (
        "▲  First word: half of 20 within 2 min, 95 of 100 within 40 min of detection;"
        " target 10 min."
    )
    assert "no promise can be judged" in kept_words(month)


@pytest.mark.parametrize(
    ("spoken", "told"),
    [(True, "✔  First word: told 8 min"), (False, "▲  First word: not told yet, 3 h")],
)
def test_one_first_word_is_told_as_one_and_one_that_is_missing_as_missing(spoken, told):
    word = FirstWordTime(
        notice_id=1,
        title="",
        detected_at=START,
        spoken_at=START + timedelta(minutes=8) if spoken else None,
    )
    made_at = START + timedelta(hours=3)
    month = PromiseMonth(
        range=month_of(START, "UTC"),
        promises=(),
        first_words=(word,),
        target=timedelta(minutes=10),
        made_at=made_at,
    )

    assert first_word_words(month).startswith(told)


def test_the_page_has_a_key_and_a_tab_for_each_part(bench):
    (kind,) = [one for one in page_kinds() if one.key == "sending"]
    page = kind.make(bench.context)
    page.resize(1100, 640)
    page.show()
    wait_until(lambda: bench.pool.is_idle and page.is_settled)
    assert isinstance(page, SendingPage)
    tabs = [page.tabs.tabText(place) for place in range(page.tabs.count())]

    assert kind.keys == "Ctrl+9"
    assert tabs == ["Outbox", "Contacts", "Channels", "Templates", "Promises"]
    told = dict(keys_of(page))
    assert told["Go to the next tab"] == "Ctrl+PgDown"
    page.show_tab("channels")
    assert page.tabs.currentWidget() is page.channels
    for panel in (page.outbox, page.contacts, page.channels, page.templates, page.promises):
        assert all(action.shortcuts() for action in panel.deeds.actions.values())
    end(page)
