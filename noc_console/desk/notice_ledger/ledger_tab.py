"""A table of the ledger, or a sentence where it has no rows. GUI thread; the words are pure."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget

from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.rows_table import RowsView
from noc_console.notices.ledger import Ledger
from noc_console.notices.notice import Notice
from noc_console.notices.posting import NoticeState


class LedgerTab(QStackedWidget):
    """Shows the table of one tab, or why it is empty."""

    def __init__(self, view: RowsView, title: str, sentence: str) -> None:
        """Say the sentence until there are rows."""
        super().__init__()
        self.view = view
        self.panel = StatePanel(title, sentence)
        self.panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # it holds the keys for the table
        self.addWidget(view)
        self.addWidget(self.panel)
        self.tell(sentence, has_rows=False)

    def tell(self, sentence: str, *, has_rows: bool) -> None:
        """Show the rows there are, or the sentence."""
        self.panel.sentence.setText(sentence)
        self.panel.setAccessibleName(f"{self.panel.title.text()}. {sentence}")
        shown = self.view if has_rows else self.panel
        holds_focus = self.view.hasFocus() or self.panel.hasFocus()
        self.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        if holds_focus:
            shown.setFocus()


def nothing_went(ledger: Ledger | None) -> str:
    """Say why nothing went anywhere."""
    if ledger is None:
        return ""
    if ledger.stored.state is NoticeState.DRAFT and ledger.versions:
        return "It waits for a second person. When it is approved, each posting of it stands here."
    if ledger.stored.state is NoticeState.DRAFT:
        return "It is a draft. When it is approved, each posting of it stands here."
    return "No channel was there for it, or all were switched off in its plan."


def nobody_got_it(ledger: Ledger | None) -> str:
    """Say why no recipient is known."""
    if ledger is not None and ledger.stored.state.is_over:
        return "No mail was sent of it."
    return "To whom a mail goes is decided when it goes; each recipient stands here then."


def nothing_is_frozen(_ledger: Ledger | None) -> str:
    """Say how a version comes to be."""
    return "Approving a notice freezes it as a version, with its hash; each stands here."


def nothing_is_promised(ledger: Ledger | None) -> str:
    """Say what will count as promised."""
    if ledger is not None and ledger.stored.state.is_over:
        return "No start, end or next update was told to anybody."
    notice: Notice | None = ledger.stored.notice if ledger is not None else None
    if notice is not None and not notice.is_scheduled:
        return "The next update that customers were told of is a promise; each stands here."
    return "Start and end that customers were told of are promises; each stands here."


def nothing_befell(_ledger: Ledger | None) -> str:
    """Say what counts as befalling it."""
    return "What is done with it from its approval on stands here, in a chain of hashes."


EMPTY = (
    ("Nothing went anywhere yet", nothing_went),
    ("Nobody got a mail of it", nobody_got_it),
    ("No version is frozen yet", nothing_is_frozen),
    ("Nothing was promised yet", nothing_is_promised),
    ("Nothing befell it yet", nothing_befell),
)
"""The title of each tab that is empty, and what says why, in the order of the tabs."""
