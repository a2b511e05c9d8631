"""Templates are changed with a preview beside; a broken one says its line and is not kept."""

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QInputDialog, QMessageBox

from noc_console.desk.notice_templates.templates_panel import TemplatesPanel
from noc_console.notices.template_keeping import Kept, read_templates
from noc_console.notices.template_shelf import own_templates, put_template, put_template_folder
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench

PATH = "en/week-before.md"
TEXT = "title: {{ title }}\nsummary: {{ title }}\n---\nWe mend {{ title }}.\n"


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def open_panel(bench):
    opened = []

    def make(path=PATH):
        panel = TemplatesPanel(bench.context)
        opened.append(panel)
        panel.resize(1100, 640)
        panel.show()
        wait_until(lambda: panel.model.rows)
        assert panel.choose(path)
        wait_until(lambda: panel.result.text().startswith(("✔", "■")))
        return panel

    yield make
    end(*opened)


def typed(panel, text):
    panel.editor.setPlainText(text)
    wait_until(lambda: not panel._typing.isActive())
    wait_until(lambda: panel.result.text().startswith(("✔", "■")))


def test_shipped_templates_are_shown_with_a_text_they_make(bench, open_panel):
    panel = open_panel()

    assert panel.heading.text() == f"{PATH}  (shipped)"
    assert "Replacement of hardware" in panel.preview.toPlainText()
    assert "week before" in panel.result.text()
    assert not panel.deeds.actions["save"].isEnabled()
    assert not panel.deeds.actions["away"].isEnabled()


def test_a_part_is_shown_in_a_text_that_includes_it(bench, open_panel):
    panel = open_panel("en/_seven.md")

    assert panel.tabs.isVisible()
    assert panel.preview.toPlainText()


def test_what_is_typed_is_shown_and_kept_for_everybody(bench, open_panel):
    panel = open_panel()
    typed(panel, TEXT)
    assert "We mend Replacement of hardware." in panel.preview.toPlainText()
    panel.deeds.actions["save"].trigger()
    wait_until(lambda: own_templates(bench.store) == {PATH: TEXT})
    wait_until(lambda: panel.model.rows[0].path == PATH)

    assert panel.heading.text() == f"{PATH}  (own)"
    assert panel.model.rows[0].kept is Kept.OWN
    assert not panel.is_changed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (TEXT + "More\n{{ nobody }}\n", 6),
        (TEXT + "{% if %}\n", 5),
        ("title: {{ title }}\nsummary: {{ nobody }}\n---\na\n", 2),
    ],
)
def test_a_broken_template_says_its_line_and_is_not_kept(bench, open_panel, text, line):
    panel = open_panel()
    good = panel.preview.toPlainText()
    typed(panel, text)
    assert f"(line {line})" in panel.result.text()
    assert panel.editor.marked == line
    assert panel.preview.toPlainText() == good
    panel.deeds.actions["save"].trigger()
    wait_until(lambda: bench.pool.is_idle)

    assert own_templates(bench.store) == {}
    assert panel.is_changed
    typed(panel, TEXT)
    assert panel.editor.marked is None


def test_what_was_typed_is_not_lost_by_a_look_at_another_one(bench, open_panel):
    panel = open_panel()
    typed(panel, TEXT)
    panel.choose("en/done.md")
    assert panel.editor.toPlainText() == TEXT
    assert panel.chosen.path == PATH
    assert "save them" in bench.navigator.said[-1]
    bench.live.settings_changed.emit()
    wait_until(lambda: bench.pool.is_idle)
    assert panel.editor.toPlainText() == TEXT

    panel.deeds.actions["back"].trigger()
    assert not panel.is_changed
    panel.choose("en/done.md")
    assert panel.heading.text() == "en/done.md  (shipped)"


def test_ones_own_template_is_taken_away_after_a_question(bench, open_panel):
    put_template(bench.store, PATH, TEXT)
    panel = open_panel()
    panel.deeds.actions["away"].trigger()
    (box,) = panel.findChildren(QMessageBox)
    assert box.defaultButton().text() == "Keep it"
    next(one for one in box.buttons() if one.text() == "Take it away").click()
    wait_until(lambda: own_templates(bench.store) == {})
    wait_until(lambda: all(one.kept is Kept.SHIPPED for one in panel.model.rows))


def test_a_template_for_a_brand_is_begun_from_another_one(bench, open_panel):
    panel = open_panel()
    panel.deeds.actions["new"].trigger()
    assert panel.findChildren(QInputDialog)[0].textValue() == PATH
    panel.begin_new("nonsense")
    assert "is no place for a template" in bench.navigator.said[-1]
    panel.begin_new("Nordhost/en/week-before.md")
    assert panel.heading.text().endswith("(new, not saved)")
    panel.deeds.actions["save"].trigger()
    wait_until(lambda: "Nordhost/en/week-before.md" in own_templates(bench.store))


def test_a_template_of_the_sites_folder_is_changed_there(bench, open_panel, tmp_path):
    folder = tmp_path / "templates"
    (folder / "en").mkdir(parents=True)
    (folder / PATH).write_text(TEXT, encoding="utf-8")
    put_template_folder(bench.store, str(folder))
    panel = open_panel()
    assert panel.chosen.kept is Kept.FOLDER
    assert str(folder) in panel.about.text()
    typed(panel, TEXT + "And more.\n")
    panel.deeds.actions["save"].trigger()
    wait_until(lambda: "And more." in (folder / PATH).read_text(encoding="utf-8"))
    assert own_templates(bench.store) == {}

    wait_until(lambda: not panel.is_changed)
    panel.deeds.actions["away"].trigger()
    box = panel.findChildren(QMessageBox)[0]
    next(one for one in box.buttons() if one.text() == "Take it away").click()
    wait_until(lambda: not (folder / PATH).exists())


def test_a_folder_that_cannot_be_read_is_told_with_a_way_on(bench, tmp_path):
    folder = tmp_path / "templates"
    (folder / "en").mkdir(parents=True)
    put_template_folder(bench.store, str(folder))
    (folder / PATH).write_bytes(b"\xff\xfe")
    panel = TemplatesPanel(bench.context)
    panel.show()
    wait_until(lambda: panel.panel is not None and "cannot be read" in panel.panel.title.text())

    assert str(folder) in panel.panel.sentence.text()
    end(panel)


def test_the_model_keeps_its_promises(bench, open_panel):
    panel = open_panel()
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(panel.model, fatal)
    put_template(bench.store, "de/week-before.md", TEXT)
    panel.read()
    wait_until(lambda: panel.model.rows[0].path == "de/week-before.md")
    assert tester.model() is panel.model


def test_texts_come_before_what_they_include_and_before_prepared_works(bench):
    paths = [one.path for one in read_templates(bench.store).templates]

    assert paths.index("en/week-before.md") < paths.index("en/_seven.md")
    assert paths.index("en/_seven.md") < paths.index("causes/overload.toml")


def test_the_line_of_a_part_is_marked_where_it_is_changed(bench, open_panel):
    panel = open_panel("en/_seven.md")
    typed(panel, "one\n\n{{ nobody }}\n")

    assert "(line 3 of _seven.md)" in panel.result.text()
    assert panel.editor.marked == 3


def test_a_prepared_work_is_shown_as_the_notice_that_begins_with_it_in_each_language(
    bench, open_panel
):
    panel = open_panel("works/kernel-update.toml")
    shown = panel.preview.toPlainText()

    assert "── Deutsch: week before ──" in shown
    assert "── English: week before ──" in shown
    assert "Security updates with a restart of the server" in shown
    assert "Neustart" in shown
    assert "in 2 languages" in panel.result.text()


def test_a_prepared_cause_is_shown_as_first_word_and_all_clear_as_it_is_typed(bench, open_panel):
    panel = open_panel("causes/disk-full.toml")
    assert panel.preview.toPlainText().count("all-clear ──") == 2

    typed(panel, '[en]\ntitle = "Full"\nnoticed = "Nothing is kept."\ncause = "A full disk"\n')
    shown = panel.preview.toPlainText()
    assert "Nothing is kept." in shown
    assert "A full disk" in shown
    assert "in one language" in panel.result.text()

    typed(panel, '[en]\nwrong = "x"\n')
    assert panel.result.text().startswith("■")
    assert panel.preview.toPlainText() == shown


def test_the_words_of_a_language_are_shown_in_two_notices(bench, open_panel):
    panel = open_panel("de/language.toml")

    assert "Dezember 2026" in panel.preview.toPlainText()
    assert "── first word ──" in panel.preview.toPlainText()
