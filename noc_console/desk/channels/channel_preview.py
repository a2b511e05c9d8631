"""A sample notice as one channel would show it, counted as it counts. Nothing is sent."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert, inert_lines
from noc_console.health.verdict import Verdict
from noc_console.notices.channels.channel import Channel
from noc_console.notices.channels.checking import limits_of
from noc_console.notices.notice import SENDS, Send
from noc_console.notices.previewing import Shown, show
from noc_console.notices.rendering import Renderer
from noc_console.notices.template_shelf import read_shelf
from noc_console.notices.template_trial import examples
from noc_console.store.store import Store

_SIZE = QSize(720, 560)
_USUAL = "en"
_WORDING = "Being worded …"


class ChannelPreview(QDialog):
    """The occasions of both kinds of notice, with a made-up text each."""

    def __init__(
        self, context: DeskContext, channel: Channel, parent: QWidget, now: Callable[[], datetime]
    ) -> None:
        """Show the first occasion."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Preview: {inert(channel.name)}")
        self._context = context
        self._channel = channel
        self._now = now
        self._asked = 0
        self.send = QComboBox()
        self.send.setAccessibleName("Occasion")
        for place, notice in enumerate(examples(_USUAL)[:2]):
            for send in SENDS[notice.kind]:
                words = f"{notice.kind.value}: {send.value}"
                self.send.addItem(words, (place, send))
        self.counts, self.warning = plain_label(), plain_label()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("What the channel would show")
        form = QFormLayout()
        form.addRow("&Occasion", self.send)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 12)
        box.setSpacing(8)
        box.addLayout(form)
        box.addWidget(self.text, 1)
        box.addWidget(self.counts)
        box.addWidget(self.warning)
        box.addWidget(buttons)
        self.resize(_SIZE)
        self.send.currentIndexChanged.connect(lambda _: self.read())
        self.read()

    def read(self) -> None:
        """Word the sample in the background, in the child that is bound."""
        self._asked += 1
        asked, store, channel, now = self._asked, self._context.store, self._channel, self._now()
        place, send = self.send.currentData()
        self.counts.setText(_WORDING)
        self._context.background.call(
            lambda: sample_of(store, channel, place, send, now),
            lambda shown: self._show(shown) if asked == self._asked else None,
            lambda failure: self._refuse(failure) if asked == self._asked else None,
            self,
        )

    def _show(self, shown: Shown) -> None:
        preview = shown.preview
        parts = [f"{inert(preview.title)}\n"] if preview.title else []
        for number, post in enumerate(preview.posts, start=1):
            is_thread = len(preview.posts) > 1
            parts.append(f"[{number} of {len(preview.posts)}]" if is_thread else "")
            parts += inert_lines(post)
        self.text.setPlainText("\n".join(parts).strip())
        self.counts.setText(count_words(shown, self._channel))
        self._warn("  ".join(preview.warnings))

    def _refuse(self, failure: ConsoleError) -> None:
        self.counts.setText("")
        self._warn(failure.sentence)

    def _warn(self, words: str) -> None:
        colour = self._context.theme().look.colours[Verdict.EARLY].name()
        self.warning.setStyleSheet(f"color: {colour}; font-weight: 600;")
        self.warning.setText(f"▲  {inert(words, 400)}" if words else "")
        self.warning.setVisible(bool(words))


def sample_of(store: Store, channel: Channel, place: int, send: Send, now: datetime) -> Shown:
    """Give what a channel would show of a made-up notice. Blocks.

    Raises:
        ConsoleError: a template or a setting cannot be used; the sentence says which and why.
    """
    shelf = read_shelf(store)
    language = channel.language if channel.language in shelf.languages else _USUAL
    with Renderer(shelf) as renderer:
        return show(store, renderer, examples(language, channel.brand)[place], channel, send, now)


def count_words(shown: Shown, channel: Channel) -> str:
    """Give how long the posts are against what the channel takes."""
    limits, counts = limits_of(channel), shown.preview.counts
    longest = max(counts, default=0)
    what = limits.counting.value
    posts = f"{len(counts)} posts, the longest " if len(counts) > 1 else ""
    if not limits.most:
        return f"{posts}{longest:,} {what}; it sets no bound. Form: {shown.preview.form.value}."
    return f"{posts}{longest:,} of {limits.most:,} {what}. Form: {shown.preview.form.value}."
