"""Channels are set by the form of their kind; secrets stay in the keyring, a test posts nothing."""

from datetime import UTC, datetime

import keyring
import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QComboBox, QLineEdit, QMessageBox

from noc_console.desk.channels.channel_dialog import ChannelDialog
from noc_console.desk.channels.channel_preview import ChannelPreview, sample_of
from noc_console.desk.channels.channels_panel import ChannelsPanel
from noc_console.desk.trial_dialog import TrialDialog
from noc_console.engine.trials import try_for_order
from noc_console.health.delivery.credential import look_up
from noc_console.notices.channel_records import get_channel, list_channels, put_test
from noc_console.notices.channel_saving import save_channel, secret_of
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.channels.kinds import KINDS
from noc_console.notices.notice import Send
from noc_console.store.orders import OrderState, claim, close
from tests.desk.memory_keyring import MemoryKeyring
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench
from tests.notices.outbox import add


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def open_panel(bench):
    opened = []

    def make():
        panel = ChannelsPanel(bench.context)
        opened.append(panel)
        panel.resize(1100, 640)
        panel.show()
        wait_until(lambda: bench.pool.is_idle)
        return panel

    yield make
    end(*opened)


def now():
    return datetime.now(UTC)


def names(panel):
    return [row.channel.name for row in panel.model.rows]


def choose_kind(dialog, kind):
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))


def opened(panel, key):
    panel.deeds.actions[key].trigger()
    return panel.findChildren(ChannelDialog)[-1]


def test_an_empty_page_says_the_next_step(bench, open_panel):
    panel = open_panel()

    assert panel.panel.title.text() == "Notices are posted nowhere yet"
    panel.panel.focusProxy().click()
    assert panel.findChildren(ChannelDialog)


@pytest.mark.parametrize("kind", ChannelKind)
def test_each_kind_has_a_form_with_all_its_settings_and_secrets(bench, open_panel, kind):
    dialog = opened(open_panel(), "add")
    choose_kind(dialog, kind)
    facts = KINDS[kind]

    assert set(dialog.fields) == {one.name for one in facts.settings}
    assert len(dialog.secrets) == len(facts.secrets)
    for one in facts.settings:
        field = dialog.fields[one.name]
        assert field.accessibleName() == one.title
        assert field.accessibleDescription() == one.sentence
        assert isinstance(field, QComboBox) == bool(one.choices)
    assert all(one.echoMode() is QLineEdit.EchoMode.Password for one in dialog.secrets)
    assert dialog.about.text() == facts.sentence
    assert dialog.settings() == {}


def test_what_is_typed_for_all_kinds_survives_a_look_at_another_kind(bench, open_panel):
    dialog = opened(open_panel(), "add")
    dialog.name.setText("Status")
    dialog.brand.setText("Nordhost")
    choose_kind(dialog, ChannelKind.X)
    choose_kind(dialog, ChannelKind.CHAT)

    assert (dialog.name.text(), dialog.brand.text()) == ("Status", "Nordhost")
    assert dialog.brand.isVisibleTo(dialog)


def test_a_channel_is_added_and_each_part_of_its_secret_kept(bench, open_panel, ring):
    panel = open_panel()
    dialog = opened(panel, "add")
    choose_kind(dialog, ChannelKind.X)
    dialog.name.setText("X")
    for place, field in enumerate(dialog.secrets):
        field.setText(f"part{place}")
    dialog.button.click()
    wait_until(lambda: names(panel) == ["X"])

    one = get_channel(bench.store, "X")
    assert secret_of(one) == ("part0", "part1", "part2", "part3")
    assert "part0" not in repr(one)
    assert panel.model.index(0, 0).data() == "○  not tested"


def test_an_address_that_is_none_is_told_and_nothing_is_kept(bench, open_panel, ring):
    panel = open_panel()
    dialog = opened(panel, "add")
    choose_kind(dialog, ChannelKind.WORDPRESS)
    dialog.name.setText("News")
    dialog.fields["address"].setText("http://www.example.com")
    dialog.fields["user"].setText("noc")
    dialog.secrets[0].setText("abcd")
    dialog.button.click()
    wait_until(lambda: "give https://" in dialog.trouble.text())

    assert list_channels(bench.store) == ()
    assert ring.kept == {}


def test_changing_keeps_the_secret_that_is_not_typed_anew(bench, open_panel, ring):
    channel = Channel(
        name="News",
        kind=ChannelKind.WORDPRESS,
        settings={"address": "https://www.example.com", "user": "noc"},
    )
    before = save_channel(bench.store, channel, "sesame", "anna", now())
    panel = open_panel()
    dialog = opened(panel, "edit")
    assert not dialog.kind.isEnabled()
    assert dialog.secrets[0].text() == ""
    dialog.fields["tags"].setText("7")
    dialog.button.click()
    wait_until(lambda: get_channel(bench.store, "News").settings.get("tags") == "7")

    assert get_channel(bench.store, "News").secret == before.secret
    assert look_up(before.secret, what="password") == "sesame"


def test_where_a_secret_lies_is_kept_as_told(bench, open_panel, ring):
    panel = open_panel()
    dialog = opened(panel, "add")
    choose_kind(dialog, ChannelKind.CHAT)
    dialog.name.setText("Staff")
    dialog.secrets[0].setText("env:NOC_CHAT")
    dialog.button.click()
    wait_until(lambda: names(panel) == ["Staff"])

    assert get_channel(bench.store, "Staff").secret == "env:NOC_CHAT"
    assert ring.kept == {}


def test_a_test_is_told_step_by_step_by_the_engine(bench, open_panel):
    add(bench.store, ChannelKind.CLIPBOARD, "Forum")
    panel = open_panel()
    panel.deeds.actions["test"].trigger()
    (dialog,) = panel.findChildren(TrialDialog)
    assert "nothing is posted" in dialog.words.text()
    orders = []

    def taken():
        order = claim(bench.store, bench.engine.id, now())
        orders.extend([order] if order is not None else [])
        return bool(orders)

    wait_until(taken)
    (order,) = orders
    outcome = try_for_order(bench.store, order)
    close(bench.store, order.id, OrderState.DONE, outcome, now())
    wait_until(lambda: not dialog.is_running)

    assert "✔" in dialog.words.text()
    assert dialog._count == 1
    bench.live.channels_changed.emit()
    wait_until(lambda: panel.model.rows[0].test is not None)


def test_a_channel_that_fails_comes_first_and_says_why(bench, open_panel):
    add(bench.store, ChannelKind.CLIPBOARD, "A forum")
    broken = add(bench.store, ChannelKind.STATIC_SITE, "Status")
    put_test(bench.store, broken.id, is_well=False, sentence="The folder is not there.", now=now())
    panel = open_panel()

    assert names(panel) == ["Status", "A forum"]
    assert panel.model.index(0, 0).data() == "■  failing"
    assert panel.said.text() == "■  The folder is not there."


def test_a_channel_without_its_secret_says_so(bench, open_panel):
    add(bench.store, ChannelKind.MASTODON, "Mastodon")
    assert open_panel().model.index(0, 0).data() == "◆  no secret"


def test_pausing_is_told_and_taken_back(bench, open_panel):
    add(bench.store, ChannelKind.CLIPBOARD, "Forum")
    panel = open_panel()
    panel.deeds.actions["pause"].trigger()
    wait_until(lambda: get_channel(bench.store, "Forum").is_paused)
    wait_until(lambda: panel.model.index(0, 0).data() == "‖  paused")
    assert panel.deeds.buttons["pause"].text() == "Resume"
    panel.deeds.actions["pause"].trigger()
    wait_until(lambda: not get_channel(bench.store, "Forum").is_paused)


def test_removing_asks_first(bench, open_panel):
    add(bench.store, ChannelKind.CLIPBOARD, "Forum")
    panel = open_panel()
    panel.deeds.actions["remove"].trigger()
    (box,) = panel.findChildren(QMessageBox)
    assert names(panel) == ["Forum"]
    next(one for one in box.buttons() if one.text() == "Remove").click()
    wait_until(lambda: list_channels(bench.store) == ())


def test_the_preview_counts_as_the_channel_does(bench, open_panel):
    channel = add(bench.store, ChannelKind.BLUESKY, "Bluesky")
    panel = open_panel()
    panel.deeds.actions["preview"].trigger()
    (dialog,) = panel.findChildren(ChannelPreview)
    wait_until(lambda: "graphemes" in dialog.counts.text())

    assert "of 300 graphemes" in dialog.counts.text()
    assert "hardware" in dialog.text.toPlainText()
    shown = sample_of(bench.store, channel, 1, Send.FIRST_WORD, now())
    assert shown.send is Send.FIRST_WORD


def test_the_model_keeps_its_promises(bench, open_panel):
    add(bench.store, ChannelKind.CLIPBOARD, "Forum")
    panel = open_panel()
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(panel.model, fatal)
    add(bench.store, ChannelKind.MASTODON, "Mastodon")
    bench.live.channels_changed.emit()
    wait_until(lambda: len(names(panel)) == 2)
    assert tester.model() is panel.model
