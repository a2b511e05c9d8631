"""What was typed here while somebody else changed the draft: kept as one of its own, or let go.

GUI thread only; the store is read and written in the background.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from noc_console.desk.composer.composer import Composer
from noc_console.desk.context import DeskContext
from noc_console.notices.notice_records import StoredNotice, add_notice, get_notice

Found = tuple[StoredNotice, StoredNotice | None]
"""What the store has of the notice, and the draft that was made of what was typed here."""


def ask_about_moved(
    context: DeskContext, composer: Composer, sentence: str, now: datetime
) -> QMessageBox:
    """Ask what becomes of what was typed here; Enter and Esc keep it."""
    box = QMessageBox(composer)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Changed elsewhere")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence)
    box.setInformativeText(
        "What you typed since is not in it. It can be a draft of its own, from which you take what"
        " is to be kept."
    )
    keep = box.addButton("&Keep mine as a new draft", QMessageBox.ButtonRole.AcceptRole)
    drop = box.addButton("&Let mine go", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    store, mine, by = context.store, replace(composer.notice, id=0), context.asked_by
    number = composer.keeper.stored.id

    def kept() -> Found:
        return get_notice(store, number), add_notice(store, mine, by=by, now=now)

    def answer(work: Callable[[], Found]) -> None:
        context.background.call(work, show, lambda failure: say(failure.sentence), composer)

    def show(found: Found) -> None:
        theirs, own = found
        composer.take_theirs(theirs)
        if own is not None:
            say(f"What you typed is notice {own.id} now, a draft; here is what the other one says.")

    say = context.navigator.say
    keep.clicked.connect(lambda: answer(kept))
    drop.clicked.connect(lambda: answer(lambda: (get_notice(store, number), None)))
    box.open()
    return box
