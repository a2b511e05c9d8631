"""A form whose fields can carry a sentence on what is wrong, directly under them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.fleet_edit.server_form import Field
from noc_console.desk.widgets.scrolled import Inside, let_scroll


class FieldRows(QScrollArea):
    """One section of a form. It scrolls where the window is too low for it."""

    def __init__(self, title: str) -> None:
        """Make the empty section."""
        super().__init__()
        self.title = title
        self._fields: dict[Field, QWidget] = {}
        self._problems: dict[Field, QLabel] = {}
        inside = Inside()
        self._form = QFormLayout(inside)
        self._form.setContentsMargins(16, 16, 16, 16)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(10)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        let_scroll(self, inside)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def add_field(
        self,
        label: str,
        widget: QWidget,
        *,
        field: Field | None = None,
        hint: str = "",
        is_wide: bool = False,
    ) -> None:
        """Add a field; `&` in the label marks its key, `hint` is a line of help under it.

        One that is wide stands below its label.
        """
        box = QWidget()
        lines = QVBoxLayout(box)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(3)
        lines.addWidget(widget)
        if hint:
            lines.addWidget(_small(hint, "hint"))
        if field is not None:
            problem = _small("", "problem")
            problem.setVisible(False)
            lines.addWidget(problem)
            self._fields[field] = widget
            self._problems[field] = problem
        name = QLabel(label)
        name.setBuddy(widget.focusProxy() or widget)  # a label's key passes by what takes no focus
        if not widget.accessibleName():
            widget.setAccessibleName(label.replace("&", ""))
        if is_wide:
            self._form.addRow(name)
            self._form.addRow(box)
        else:
            self._form.addRow(name, box)

    def add_wide(self, widget: QWidget, *, hint: str) -> None:
        """Add something over the whole width, and a line of help under it."""
        self._form.addRow(widget)
        self._form.addRow(_small(hint, "hint"))

    def set_row_visible(self, widget: QWidget, *, visible: bool) -> None:
        """Show or hide the whole row in which a field stands."""
        row = self._row_of(widget)
        if row is not None:
            self._form.setRowVisible(row, visible)

    def rename_row(self, widget: QWidget, label: str) -> None:
        """Give the row in which a field stands another label."""
        row = self._row_of(widget)
        name = None if row is None else self._form.labelForField(row)
        if isinstance(name, QLabel):
            name.setText(label)

    def _row_of(self, widget: QWidget) -> QWidget | None:
        inside = self.widget()
        row: QWidget | None = widget
        while row is not None and row.parentWidget() is not inside:
            row = row.parentWidget()
        return row

    def has(self, field: Field) -> bool:
        """Say whether that field is in this section."""
        return field in self._problems

    def show_problem(self, field: Field, sentence: str) -> None:
        """Put a sentence under a field, go to the field, and let a screen reader say it."""
        problem = self._problems[field]
        problem.setText(f"✖  {sentence}")
        problem.setVisible(True)
        widget = self._fields[field]
        widget.setAccessibleDescription(sentence)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(problem)

    def clear_problems(self) -> None:
        """Take all sentences away."""
        for field, problem in self._problems.items():
            problem.setVisible(False)
            self._fields[field].setAccessibleDescription("")

    def problem_of(self, field: Field) -> str:
        """Give the sentence now shown under a field, or nothing."""
        problem = self._problems[field]
        return "" if problem.isHidden() else problem.text()


def side_by_side(*widgets: QWidget) -> QWidget:
    """Give widgets in one row, the first of which takes the room; focus goes to the first."""
    row = QWidget()
    box = QHBoxLayout(row)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(8)
    for place, widget in enumerate(widgets):
        box.addWidget(widget, 1 if place == 0 else 0)
    row.setFocusProxy(widgets[0])
    return row


def plain_button(words: str, accessible_name: str = "") -> QPushButton:
    """Give a button that Enter presses where the focus is on it, and nowhere else in a dialog that
    has a default button.
    """
    button = QPushButton(words)
    button.setAutoDefault(True)
    if accessible_name:
        button.setAccessibleName(accessible_name)
    return button


def _small(words: str, name: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label
