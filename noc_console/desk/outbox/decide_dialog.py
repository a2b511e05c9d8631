"""Asks a person what became of a posting that nobody knows of, or that they made by hand.

The buttons say what will happen; nothing is preset, so that Enter decides nothing.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.outbox.outbox_rows import OutboxRow, send_words
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.fleet.inert import inert
from noc_console.notices.posting import PostingState

_WIDTH = 560
_LINK_HINT = "https://… where it stands, as proof"


class DecideDialog(QDialog):
    """`went` gives the link that was typed, `again` says that it is to be sent again."""

    went = Signal(str)
    again = Signal()

    def __init__(self, row: OutboxRow, parent: QWidget) -> None:
        """Ask about one posting."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one, is_mail = row.posting, row.counts is not None
        is_by_hand = one.state is PostingState.BY_HAND
        self.setWindowTitle("Tick off" if is_by_hand else "Did it go out?")
        self.setMinimumWidth(_WIDTH)
        self.about = plain_label(_question(row))
        self.link = QLineEdit(one.link)
        self.link.setPlaceholderText(_LINK_HINT)
        self.link.setAccessibleName("Link")
        self.trouble = plain_label()
        self.trouble.hide()
        self.went_button = QPushButton(_went_words(row))
        self.again_button = QPushButton(
            "They did &not arrive: send again" if is_mail else "It is &not there: send again"
        )
        self.went_button.clicked.connect(self._tell_went)
        self.again_button.clicked.connect(self._tell_again)
        buttons = QDialogButtonBox()
        buttons.addButton(self.went_button, QDialogButtonBox.ButtonRole.ActionRole)
        if not is_by_hand:
            buttons.addButton(self.again_button, QDialogButtonBox.ButtonRole.ActionRole)
        leave = buttons.addButton("&Leave it", QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self.went_button, self.again_button, leave):
            button.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(10)
        box.addWidget(self.about)
        if not is_mail:
            form = QFormLayout()
            form.addRow("Lin&k", self.link)
            box.addLayout(form)
            self.link.setFocus()
        box.addWidget(self.trouble)
        box.addWidget(buttons)

    def show_trouble(self, sentence: str) -> None:
        """Say why it was not noted; a person may mend it and try again."""
        self.trouble.setText(f"✖  {inert(sentence)}")
        self.trouble.setAccessibleName(sentence)
        self.trouble.show()
        self.went_button.setEnabled(True)
        self.again_button.setEnabled(True)

    def _tell_went(self) -> None:
        link = self.link.text().strip()
        if link and not link.startswith(("https://", "http://")):
            self.show_trouble("A link begins with https:// or http://; copy the page's address.")
            return
        self._wait()
        self.went.emit(link)

    def _tell_again(self) -> None:
        self._wait()
        self.again.emit()

    def _wait(self) -> None:
        self.trouble.hide()
        self.went_button.setEnabled(False)
        self.again_button.setEnabled(False)


def _question(row: OutboxRow) -> str:
    one = row.posting
    what = f"“{send_words(row)}” of notice {one.notice_id}, {inert(row.title)}"
    if one.state is PostingState.BY_HAND:
        return (
            f"{what}, is to be posted by hand on {inert(one.channel_name)}. When it stands there,"
            " give its link: it is the proof in the ledger."
        )
    if row.counts is not None:
        doubt = row.counts.of(PostingState.IN_DOUBT)
        return (
            f"{what}: nobody knows whether {_mails(doubt)} arrived, because the connection ended as"
            " they were handed over. The mail server's log says it, or the recipient. Sent again,"
            " somebody may get it twice."
        )
    why = inert(one.words, 300)
    title = f"“{inert(one.title)}” or " if one.title.strip() else ""
    return (
        f"{what}, on {inert(one.channel_name)}: {why}\nLook there for {title}"
        f"{inert(one.reference)} before you decide. Sent again while it stands there, customers"
        " see it twice."
    )


def _went_words(row: OutboxRow) -> str:
    if row.posting.state is PostingState.BY_HAND:
        return "It is &posted: tick it off"
    if row.counts is not None:
        return "They &arrived: note them as sent"
    return "It &stands there: note it as sent"


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count:,} mails"
