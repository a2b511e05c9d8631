"""A test that the engine carries out and tells step by step: a real message, or a channel's."""

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.order_watch import OrderWatch
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.fleet.inert import inert
from noc_console.health.delivery.delivery_trial import TEST_DELIVERY
from noc_console.health.verdict import Verdict
from noc_console.store.orders import Order, OrderState

_WIDTH = 560


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tested: the order's kind and request, and the words for it."""

    name: str
    kind: str = TEST_DELIVERY
    request: dict[str, Any] = field(default_factory=dict)
    begins: str = "The engine sends a test message …"
    failed: str = "The test message did not go: {step} failed."


class TrialDialog(QDialog):
    """Places the order when it is made; closing it before the end withdraws the order."""

    def __init__(self, context: DeskContext, trial: Trial, parent: QWidget) -> None:
        """Begin the test."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Test: {inert(trial.name)}")
        self.setMinimumWidth(_WIDTH)
        self._look = context.theme().look
        self.words = plain_label(trial.begins)
        self.steps = QGridLayout()
        self.steps.setColumnStretch(2, 1)
        self.steps.setHorizontalSpacing(10)
        self._trial = trial
        self._count = 0
        self._failed_at = ("", "")
        """The step that failed, and its sentence."""
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(10)
        box.addLayout(self.steps)
        box.addWidget(self.words)
        box.addStretch(1)
        box.addWidget(buttons)
        self._watch = OrderWatch(context.store, context.background, context.asked_by, self)
        self._watch.step_arrived.connect(self._show_step)
        self._watch.closed.connect(self._end)
        self._watch.failed.connect(lambda sentence: self._say(sentence, is_good=False))
        self.finished.connect(lambda _: self._watch.cancel())
        self._watch.place(trial.kind, trial.request)

    @property
    def is_running(self) -> bool:
        """Whether the engine is still at it."""
        return self._watch.is_running

    def _show_step(self, step: dict[str, Any]) -> None:
        is_good = bool(step.get("ok"))
        shape, word = ("✔", "ok") if is_good else ("✖", "failed")
        mark, name = QLabel(shape), QLabel(inert(str(step.get("name", "")), 40).capitalize())
        mark.setAccessibleName(f"{name.text()}: {word}")
        if not is_good:
            self._failed_at = (name.text(), str(step.get("sentence", "")))
            mark.setStyleSheet(f"color: {self._look.colours[Verdict.DOWN].name()}")
        name.setStyleSheet("font-weight: 600;")
        sentence = plain_label(inert(str(step.get("sentence", ""))))
        top = Qt.AlignmentFlag.AlignTop
        self.steps.addWidget(mark, self._count, 0, top)
        self.steps.addWidget(name, self._count, 1, top)
        self.steps.addWidget(sentence, self._count, 2)
        self._count += 1
        self.adjustSize()

    def _end(self, order: Order) -> None:
        outcome = order.outcome or {}
        is_good = order.state is OrderState.DONE and bool(outcome.get("ok"))
        sentence = str(outcome.get("sentence") or "The test was withdrawn.")
        step, said = self._failed_at
        if said == sentence:  # it stands there already
            sentence = self._trial.failed.format(step=step.lower())
        self._say(sentence, is_good=is_good)

    def _say(self, sentence: str, *, is_good: bool) -> None:
        self.words.setText(f"{'✔' if is_good else '✖'}  {inert(sentence)}")
        self.words.setAccessibleName(inert(sentence))
        self.adjustSize()
