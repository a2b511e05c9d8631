"""The tab of the checklist: the matrix, and the findings of the cell that was opened.

GUI thread only.
"""

from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.audit.checklist_reading import ReadChecklist
from noc_console.desk.audit.matrix import MatrixModel, MatrixView
from noc_console.desk.context import DeskContext
from noc_console.desk.sending.deed import plain_label

_LEGEND = (
    "■ critical  ◆ fail  ▲ warn  ? asks you  ○ not measured  · not asked yet  "
    "✓ decided  ● passed  – does not apply"
)


class ChecklistPanel(QWidget):
    """Arrows go through the cells, Enter opens one, Esc leads back."""

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        """Show no row yet."""
        super().__init__(parent)
        self._context = context
        self.setAccessibleName("Checklist")
        self.model = MatrixModel(lambda: context.theme().look, self)
        self.matrix = MatrixView(self.model)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Server or group (Ctrl+F)")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Show only servers and groups with this in their name")
        self.filter.setMaximumWidth(260)
        self.open_only = QCheckBox("&Only what is open")
        self.stack = QStackedWidget()
        self._lay_out()
        self.filter.textChanged.connect(lambda _: self._filter())
        self.open_only.toggled.connect(lambda _: self._filter())

    def _lay_out(self) -> None:
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(6)
        line = QHBoxLayout()
        line.addWidget(self.filter)
        line.addWidget(self.open_only)
        line.addStretch(1)
        line.addWidget(plain_label(_LEGEND, name="faint", wraps=False))
        box.addLayout(line)
        box.addWidget(self.matrix, 1)
        self.stack.addWidget(whole)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)
        self.setFocusProxy(self.matrix)

    def show_checklist(self, read: ReadChecklist) -> None:
        """Show a checklist."""
        self.matrix.show_rows(read.rows)

    def repaint_all(self) -> None:
        """Paint in the colours of the theme now shown."""
        self.matrix.viewport().update()

    def _filter(self) -> None:
        self.matrix.keep_choice(
            lambda: self.model.filter(self.filter.text(), is_open_only=self.open_only.isChecked())
        )
