"""A question before something that is not lightly taken back: Enter and Esc leave all as it is."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask(
    parent: QWidget,
    title: str,
    question: str,
    consequence: str,
    *,
    yes: str,
    no: str = "Cancel",
    act: Callable[[], object],
) -> QMessageBox:
    """Open the question; `act` is called when a person answers with the words of `yes`.

    Texts are shown as they are. Never waits: the box is there when this returns.
    """
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(consequence)
    does = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    leaves = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(leaves)
    box.setEscapeButton(leaves)
    does.clicked.connect(lambda _=False: act())
    box.open()
    return box
