"""The bulk edit dialog: what it will do is said before it is done."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from noc_console.desk.fleet_edit.bulk_change import BulkChange
from noc_console.desk.fleet_edit.bulk_dialog import BulkEditDialog
from noc_console.fleet.server import Authentication, Server
from tests.desk.qt_life import end

SERVERS = (
    Server(id=1, name="web1", address="10.0.0.1", groups=("web",)),
    Server(id=2, name="web2", address="10.0.0.2", groups=("web", "eu")),
)


@pytest.fixture
def dialog(application: QApplication) -> Iterator[BulkEditDialog]:
    opened = BulkEditDialog(SERVERS, ["web1", "web2", "gate"])
    yield opened
    end(opened)


def wanted_by(dialog: BulkEditDialog) -> list[BulkChange]:
    wanted: list[BulkChange] = []
    dialog.change_wanted.connect(wanted.append)
    dialog.change_button.click()
    return wanted


def test_with_nothing_ticked_nothing_can_be_changed(dialog: BulkEditDialog) -> None:
    assert not dialog.change_button.isEnabled()
    assert wanted_by(dialog) == []


def test_what_is_typed_but_not_ticked_does_not_count(dialog: BulkEditDialog) -> None:
    dialog.form.user.setText("root")

    assert dialog.form.read() == BulkChange()


def test_the_dialog_says_how_many_servers_will_differ(dialog: BulkEditDialog) -> None:
    dialog.form.ticks[dialog.form.add_groups].setChecked(True)
    dialog.form.add_groups.setText("eu")

    assert dialog.outcome.text() == "1 of 2 servers will be different."
    assert wanted_by(dialog) == [BulkChange(add_groups=("eu",))]


def test_every_ticked_field_is_in_the_change(dialog: BulkEditDialog) -> None:
    form = dialog.form
    for tick in form.ticks.values():
        tick.setChecked(True)
    for line, text in (
        (form.add_groups, "a, b"),
        (form.remove_groups, "eu"),
        (form.add_services, "nginx"),
        (form.remove_services, "cron"),
        (form.user, "ops"),
        (form.key_file, "~/.ssh/k"),
        (form.jumps, "gate"),
        (form.brand, "B"),
        (form.notes_line, "Moved."),
    ):
        line.setText(text)
    form.port.setValue(2222)
    form.tick_s.setValue(30)
    form.authentication.setCurrentIndex(form.authentication.findData(Authentication.KEY_FILE))

    assert wanted_by(dialog) == [
        BulkChange(
            add_groups=("a", "b"),
            remove_groups=("eu",),
            add_services=("nginx",),
            remove_services=("cron",),
            user="ops",
            port=2222,
            authentication=Authentication.KEY_FILE,
            key_file="~/.ssh/k",
            jumps=("gate",),
            tick_s=30,
            brand="B",
            notes_line="Moved.",
        )
    ]


def test_a_jump_that_is_no_server_is_refused_with_its_name(dialog: BulkEditDialog) -> None:
    dialog.form.ticks[dialog.form.jumps].setChecked(True)
    dialog.form.jumps.setText("gaet")

    assert "gaet" in dialog.outcome.text()
    assert not dialog.change_button.isEnabled()


def test_a_service_that_is_none_is_refused_before_anything_is_written(
    dialog: BulkEditDialog,
) -> None:
    dialog.form.ticks[dialog.form.add_services].setChecked(True)
    dialog.form.add_services.setText("two words")

    assert "web1: 'two words'" in dialog.outcome.text()
    assert not dialog.change_button.isEnabled()


def test_after_a_failure_the_change_can_be_tried_again(dialog: BulkEditDialog) -> None:
    dialog.form.ticks[dialog.form.tick_s].setChecked(True)
    dialog.form.tick_s.setValue(60)
    wanted_by(dialog)
    dialog.show_trouble("The store is busy.")

    assert dialog.outcome.text() == "✖  The store is busy."
    assert dialog.change_button.isEnabled()
