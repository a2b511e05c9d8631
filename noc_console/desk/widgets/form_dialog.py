"""A small form with one question: fields, a sentence on what is wrong, one button that does it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from noc_console.desk.widgets.dialog_frame import answer_buttons, roomy_column
from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.desk.widgets.plain_label import plain_label

_WIDTH = 560
_TEXT_LINES = 5


class FormDialog(QDialog):
    """The one who opened it does what `decided` asks for, then closes it or shows the trouble."""

    decided = Signal()

    def __init__(self, title: str, about: str, deed: str, parent: QWidget | None) -> None:
        """Ask; `deed` is what the button says."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.about = plain_label(about)
        self.about.setVisible(bool(about))
        self.trouble = plain_label()
        self.trouble.hide()
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setVerticalSpacing(10)
        self.button = QPushButton(deed)
        buttons = answer_buttons(self, self.button, self._decide)
        box = roomy_column(self)
        box.addWidget(self.about)
        box.addLayout(self.form)
        box.addWidget(self.trouble)
        box.addStretch(1)
        box.addWidget(buttons)
        self.setMinimumWidth(_WIDTH)

    def add_field(self, label: str, widget: QWidget, hint: str = "") -> None:
        """Add a field; `&` marks its key, `hint` is a line of help under it."""
        name = QLabel(label)
        name.setBuddy(widget)
        if not widget.accessibleName():
            widget.setAccessibleName(label.replace("&", ""))
        self.form.addRow(name, widget)
        if hint:
            line = plain_label(hint)
            line.setObjectName("faint")
            self.form.addRow("", line)

    def show_fitting(self) -> None:
        """Show it at the size its fields need; the first field has the focus."""
        fit_to_screen(self)
        self.open()
        item = self.form.itemAt(0, QFormLayout.ItemRole.FieldRole)
        first = item.widget() if item is not None else None
        if first is not None:
            first.setFocus()

    def show_trouble(self, sentence: str) -> None:
        """Say why it was not done; a person may mend it and try again."""
        self.trouble.setText(f"✖  {sentence}")
        self.trouble.setAccessibleName(sentence)
        self.trouble.show()
        self.button.setEnabled(True)

    def _decide(self) -> None:
        self.trouble.hide()
        self.button.setEnabled(False)
        self.decided.emit()


class TextBox(QPlainTextEdit):
    """A few lines of text; Tab leads on to the next field."""

    def __init__(self, text: str = "", placeholder: str = "") -> None:
        """Show a text."""
        super().__init__(text)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        height = self.fontMetrics().lineSpacing() * _TEXT_LINES + 16
        self.setFixedHeight(height)
