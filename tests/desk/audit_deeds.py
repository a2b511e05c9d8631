"""What an auditor does in an audit of a thousand servers, each looked at in slices."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from noc_console.audit.audit_records import list_audits
from noc_console.audit.decision import DecisionKind
from noc_console.desk.app import DeskProgram
from noc_console.fleet.records import list_servers
from tests.desk import window_deeds
from tests.desk.big_audit import fill_audits, fill_logs
from tests.desk.window_deeds import Longest, is_idle, running_program


@contextmanager
def running_with_audits(application: QApplication, folder: Path) -> Iterator[DeskProgram]:
    """Give the window on a thousand servers with two audits of them, warmed up."""
    fill = window_deeds._fill

    def fill_all(store, now):
        fill(store, now)
        servers = list_servers(store)
        fill_audits(store, servers, now)
        for one in list_audits(store):
            fill_logs(store, one.id, servers)

    with (
        patch.object(window_deeds, "_fill", fill_all),
        running_program(application, folder) as program,
    ):
        yield program


def go_through(program: DeskProgram, longest: Longest) -> dict[str, float]:
    """Go through the newest audit; gives the longest slice of each deed."""
    found = {}

    def tell(
        words: str,
        act: Callable[[], object],
        until: Callable[[], bool] = lambda: True,
    ) -> None:
        found[words] = longest(act, lambda: is_idle(program) and until())

    tell("open the page", lambda: program.window.open_page("audit"))
    page = program.window.current_page
    checklist, findings = page.checklist, page.checklist.findings
    assert len(checklist.model.rows) > 1000
    tell("only what is open", lambda: checklist.open_only.setChecked(True))
    tell("a name", lambda: checklist.filter.setText("web01"))
    tell("every name", lambda: checklist.filter.setText(""))
    checklist.matrix.step_to_open(1)
    tell("a cell", checklist.open_cell)
    tell("the same everywhere", findings.choose_same)
    tell("every item of the check", findings.choose_same)
    chosen = findings.chosen_lines
    assert len(chosen) > 100
    dialogs = []
    tell("decide about all of them", lambda: dialogs.append(findings.decide(DecisionKind.FIXED)))
    tell("decided", dialogs[0].button.click, lambda: not isValid(dialogs[0]))
    tell("all that is open", checklist.open_all)
    assert len(findings.model.rows) > 10_000
    tell("a decision", lambda: findings.decide(DecisionKind.FIXED))
    tell("read again", page.chosen.feed.read_now)
    tell("back", findings.go_back)
    tell("changes", lambda: page.show_tab("changes"))
    assert len(page.changes.model.rows) > 10_000
    tell("progress", lambda: page.show_tab("progress"))
    for title in ("logins", "senders"):
        tell(title, lambda title=title: page.show_tab(title))
        tab = page.tabs.currentWidget()
        assert len(tab.model.rows) >= 1000
        tell(f"the last of {title}", lambda tab=tab: tab.table.selectRow(len(tab.model.rows) - 1))
    tell("anew", page.read_anew)
    return found
