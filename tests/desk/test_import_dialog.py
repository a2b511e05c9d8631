"""The import wizard: a preview before anything is written, a way back until it is."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from noc_console.desk.background import Background
from noc_console.desk.importing.import_dialog import Found, ImportDialog
from noc_console.desk.importing.preview_panel import PreviewLines, ServerLine
from noc_console.errors import ConsoleError
from noc_console.fleet.importing.file_kind import FileKind
from tests.desk.qt_life import end, wait_until


class Bench:
    """A wizard that reads names, one a line; a gate holds its work back where a test says so."""

    def __init__(self) -> None:
        self.pool = Background(str)
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple[str, FileKind | None, Mapping[str, str] | None]] = []
        self.applied: list[object] = []
        self.said: list[str] = []
        self.problem: ConsoleError | None = None
        self.dialog = ImportDialog(
            self.read, self.apply, self.said.append, self.pool, {"name": "Name", "user": "User"}
        )

    def read(self, path: Path, kind: FileKind | None, mapping: Mapping[str, str] | None) -> Found:
        self.asked.append((path.name, kind, mapping))
        names = path.read_text(encoding="utf-8").split()
        self.gate.wait(10)
        if self.problem is not None:
            raise self.problem
        servers = tuple(
            ServerLine(action="add", name=name, place=name, groups="", notes="") for name in names
        )
        is_table = kind is FileKind.CSV
        return Found(
            kind=kind or FileKind.OPENSSH,
            lines=PreviewLines(servers=servers, strange=()),
            preview=names,
            columns=("Host", "Login") if is_table else (),
            mapping=mapping or {"name": "Host"} if is_table else {},
        )

    def apply(self, preview: object) -> str:
        self.gate.wait(10)
        if self.problem is not None:
            raise self.problem
        self.applied.append(preview)
        return "2 servers were added."

    def names(self) -> list[str]:
        return [row.name for row in self.dialog.preview.servers.rows]


@pytest.fixture
def bench(application: QApplication) -> Iterator[Bench]:
    bench = Bench()
    bench.dialog.open()
    yield bench
    bench.gate.set()
    bench.pool.close()
    end(bench.dialog)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.write_text("web1 web2", encoding="utf-8")
    return path


def test_a_chosen_file_is_previewed_and_nothing_is_written(bench: Bench, config: Path) -> None:
    assert not bench.dialog.import_button.isEnabled()
    bench.dialog.choose(str(config))
    wait_until(bench.dialog.import_button.isEnabled)

    assert bench.names() == ["web1", "web2"]
    assert bench.dialog.import_button.text() == "&Import 2 servers"
    assert bench.dialog.kind.currentText() == "Guess from the file: OpenSSH client config"
    assert bench.applied == []


def test_a_typed_path_is_read_when_enter_is_pressed(bench: Bench, config: Path) -> None:
    QTest.keyClicks(bench.dialog.path, str(config))
    QTest.keyClick(bench.dialog.path, Qt.Key.Key_Return)
    wait_until(lambda: bench.names() == ["web1", "web2"])

    assert bench.applied == []


def test_import_writes_says_what_was_done_and_closes(bench: Bench, config: Path) -> None:
    bench.dialog.choose(str(config))
    wait_until(bench.dialog.import_button.isEnabled)
    bench.dialog.import_button.click()
    wait_until(lambda: not bench.dialog.isVisible())

    assert bench.applied == [["web1", "web2"]]
    assert bench.said == ["2 servers were added."]


def test_enter_on_cancel_imports_nothing(bench: Bench, config: Path) -> None:
    bench.dialog.choose(str(config))
    wait_until(bench.dialog.import_button.isEnabled)
    bench.dialog.cancel_button.setFocus()

    QTest.keyClick(bench.dialog.cancel_button, Qt.Key.Key_Return)

    assert not bench.dialog.isVisible()
    assert bench.applied == []


def test_while_it_is_read_progress_is_shown_and_esc_drops_it(bench: Bench, config: Path) -> None:
    bench.gate.clear()
    bench.dialog.choose(str(config))
    assert bench.dialog.progress.isVisible()
    QTest.keyClick(bench.dialog, Qt.Key.Key_Escape)
    bench.gate.set()
    wait_until(lambda: len(bench.asked) == 1)

    assert not bench.dialog.isVisible()
    assert bench.names() == []


def test_an_answer_to_an_older_question_is_dropped(
    bench: Bench, config: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_text("mail1", encoding="utf-8")
    bench.gate.clear()
    bench.dialog.choose(str(config))
    bench.dialog.choose(str(other))
    bench.gate.set()
    wait_until(lambda: bool(bench.names()))

    assert bench.names() == ["mail1"]


def test_while_it_is_written_the_wizard_stays_open(bench: Bench, config: Path) -> None:
    bench.dialog.choose(str(config))
    wait_until(bench.dialog.import_button.isEnabled)
    bench.gate.clear()
    bench.dialog.import_button.click()
    QTest.keyClick(bench.dialog, Qt.Key.Key_Escape)
    bench.dialog.close()
    assert bench.dialog.isVisible()

    bench.gate.set()
    wait_until(lambda: not bench.dialog.isVisible())
    assert bench.said == ["2 servers were added."]


def test_a_failure_while_writing_is_told_and_can_be_tried_again(bench: Bench, config: Path) -> None:
    bench.dialog.choose(str(config))
    wait_until(bench.dialog.import_button.isEnabled)
    bench.problem = ConsoleError("The store is busy.")
    bench.dialog.import_button.click()
    wait_until(bench.dialog.trouble.isVisible)

    assert bench.dialog.trouble.text() == "✖  The store is busy."
    assert bench.dialog.import_button.isEnabled()


def test_a_file_that_cannot_be_read_is_told(bench: Bench, config: Path) -> None:
    bench.problem = ConsoleError("This is no inventory.")
    bench.dialog.choose(str(config))
    wait_until(bench.dialog.trouble.isVisible)

    assert "This is no inventory." in bench.dialog.trouble.text()
    assert not bench.dialog.preview.isVisible()
    assert not bench.dialog.import_button.isEnabled()


def test_a_table_offers_its_columns_and_another_choice_is_read_anew(
    bench: Bench, config: Path
) -> None:
    bench.dialog.kind.setCurrentIndex(bench.dialog.kind.findData(FileKind.CSV))
    bench.dialog.choose(str(config))
    wait_until(bench.dialog.import_button.isEnabled)
    assert bench.dialog.mapping.mapping() == {"name": "Host"}

    chooser = bench.dialog.mapping.choosers["user"]
    chooser.setCurrentIndex(2)
    chooser.activated.emit(2)
    wait_until(lambda: len(bench.asked) == 2 and bench.dialog.import_button.isEnabled())

    assert bench.asked[1] == ("config", FileKind.CSV, {"name": "Host", "user": "Login"})
    assert bench.dialog.mapping.mapping() == {"name": "Host", "user": "Login"}


def test_another_file_shows_its_servers_first(bench: Bench, config: Path) -> None:
    bench.dialog.choose(str(config))
    wait_until(bench.dialog.import_button.isEnabled)
    bench.dialog.preview.tabs.setCurrentIndex(1)

    bench.dialog.choose(str(config))

    assert bench.dialog.preview.tabs.currentIndex() == 0
