"""A template that was typed and not saved is there again after the window died."""

import pytest

from noc_console.desk.notice_templates.templates_panel import TemplatesPanel
from noc_console.notices.template_draft import get_draft
from noc_console.notices.template_shelf import own_templates, put_template
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

    def make():
        panel = TemplatesPanel(bench.context)
        opened.append(panel)
        panel.resize(1100, 640)
        panel.show()
        wait_until(lambda: bool(panel.model.rows) and bench.pool.is_idle)
        return panel

    yield make
    end(*opened)


def kept(bench):
    return get_draft(bench.store, bench.context.asked_by)


def typed_and_killed(bench, panel, text, path=PATH):
    """Type into a template, wait until it is kept, and forget the panel without closing it."""
    panel.choose(path)
    panel.editor.setPlainText(text)
    wait_until(lambda: panel.typed.is_kept)


def test_what_was_typed_is_there_again_and_used_by_nobody(bench, open_panel):
    typed_and_killed(bench, open_panel(), TEXT)
    assert own_templates(bench.store) == {}

    panel = open_panel()
    assert panel.chosen.path == PATH
    assert panel.editor.toPlainText() == TEXT
    assert panel.is_changed
    assert panel.deeds.actions["save"].isEnabled()
    assert "did not save" in bench.navigator.said[-1]
    assert "was changed since" not in bench.navigator.said[-1]
    wait_until(lambda: "We mend" in panel.preview.toPlainText())


def test_steady_typing_is_kept_while_it_goes_on(bench, open_panel):
    panel = open_panel()
    panel.choose(PATH)
    count = 0

    def type_on():
        nonlocal count
        count += 1
        panel.editor.setPlainText(f"{TEXT}{count}\n")
        return kept(bench) is not None and kept(bench).text != f"{TEXT}1\n"

    wait_until(type_on, 60)
    assert kept(bench).path == PATH


def test_a_template_that_was_saved_or_discarded_leaves_no_draft(bench, open_panel):
    panel = open_panel()
    typed_and_killed(bench, panel, TEXT)
    panel.deeds.actions["save"].trigger()
    wait_until(lambda: own_templates(bench.store) == {PATH: TEXT})
    wait_until(lambda: kept(bench) is None)

    wait_until(lambda: not panel.is_changed and bench.pool.is_idle)
    typed_and_killed(bench, panel, TEXT + "More.\n")
    assert kept(bench) is not None
    panel.deeds.actions["back"].trigger()
    wait_until(lambda: kept(bench) is None)
    panel.hide()
    panel.show()
    wait_until(lambda: bench.pool.is_idle)
    assert not panel.is_changed


def test_a_template_that_somebody_changed_since_is_not_overwritten_unseen(bench, open_panel):
    typed_and_killed(bench, open_panel(), TEXT)
    put_template(bench.store, PATH, TEXT + "Theirs.\n")

    panel = open_panel()
    assert panel.editor.toPlainText() == TEXT
    assert "was changed since" in bench.navigator.said[-1]


def test_a_new_template_that_was_never_saved_is_taken_up_again(bench, open_panel):
    panel = open_panel()
    panel.choose(PATH)
    panel.begin_new("Nordhost/en/week-before.md")
    panel.editor.setPlainText(TEXT)
    wait_until(lambda: panel.typed.is_kept)
    said = len(bench.navigator.said)
    bench.live.settings_changed.emit()
    wait_until(lambda: bench.pool.is_idle)
    assert len(bench.navigator.said) == said

    panel = open_panel()
    assert panel.heading.text() == "Nordhost/en/week-before.md  (new, not saved)"
    assert panel.editor.toPlainText() == TEXT


def test_each_person_has_a_draft_of_their_own_and_a_broken_one_is_none(bench):
    from noc_console.notices.template_draft import TemplateDraft, keep_draft
    from noc_console.store.settings import put_setting
    from tests.desk.page_bench import NOW

    draft = TemplateDraft(path=PATH, text="x\ud800", began_from="", typed_at=NOW)
    keep_draft(bench.store, "ben", draft)
    assert get_draft(bench.store, "ann") is None
    assert get_draft(bench.store, "ben").text == "x?"
    for broken in (
        "text",
        {"path": 1},
        {"path": "a", "text": "", "began_from": "", "typed_at": 9e99},
    ):
        put_setting(bench.store, "notices.template_draft.ben", broken)
        assert get_draft(bench.store, "ben") is None
