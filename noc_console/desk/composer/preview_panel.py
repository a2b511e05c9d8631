"""What each channel would show of a notice, live; the last good one stays while it is worded anew.

GUI thread only; texts are worded in a child process that the background asks.
"""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QTabBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.verdict import Verdict
from noc_console.notices.channels.channel import Channel, ChannelKind, Form
from noc_console.notices.notice import SENDS, Notice, Send
from noc_console.notices.previewing import Shown, show
from noc_console.notices.rendering import Renderer
from noc_console.notices.template_shelf import read_shelf

WORD_AFTER_MS = 150
_LANGUAGE_ROOM = 5
_BEING_WORDED = "being worded …"


class Reader(QTextBrowser):
    """Shows text as a reader sees it; fetches nothing and follows no link."""

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__()
        self.setOpenLinks(False)
        self.setAccessibleName("Preview")

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Fetch nothing, whatever a text names."""
        del kind, name
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    notice: Notice
    channel: Channel
    send: Send
    language: str


class PreviewPanel(QWidget):
    """One channel and one send at a time; the newest wish is worded, one after the other."""

    def __init__(self, context: DeskContext, notice: Notice, now: Callable[[], datetime]) -> None:
        """Show nothing until a notice is shown."""
        super().__init__()
        self._context = context
        self._now = now
        self._notice = notice
        self._channels: tuple[Channel, ...] = ()
        self._renderer: Renderer | None = None
        self._is_wording = False
        self._is_closed = False
        self._worded: _Wanted | None = None
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Channels")
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.send = QComboBox()
        self.send.setAccessibleName("Send")
        for one in SENDS[notice.kind]:
            self.send.addItem(one.value, one.value)
        self.language = QComboBox()
        self.language.setAccessibleName("Language of the preview")
        self.language.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.language.setMinimumContentsLength(_LANGUAGE_ROOM)
        self.reader = Reader()
        self.counts, self.state = QLabel(), QLabel()
        self.counts.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.counts, self.state):
            label.setWordWrap(True)
        self.state.setObjectName("faint")
        top = QHBoxLayout()
        top.addWidget(self.tabs, 1)
        top.addWidget(self.language)
        top.addWidget(self.send)
        foot = QHBoxLayout()
        foot.addWidget(self.counts, 1)
        foot.addWidget(self.state)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(top)
        box.addWidget(self.reader, 1)
        box.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WORD_AFTER_MS)
        self._timer.timeout.connect(self._word)
        self.tabs.currentChanged.connect(lambda _: self._wish())
        self.send.currentIndexChanged.connect(lambda _: self._wish())
        self.language.currentIndexChanged.connect(lambda _: self._wish())
        self._show_languages()

    def show_channels(self, channels: Sequence[Channel]) -> None:
        """Offer these channels, the chosen one stays."""
        if tuple(channels) == self._channels:
            return
        chosen = self.channel.name if self.channel is not None else ""
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        self._channels = tuple(channels)
        for one in channels:
            self.tabs.addTab(inert(one.name, 24).replace("&", "&&"))
        names = [one.name for one in channels]
        self.tabs.setCurrentIndex(names.index(chosen) if chosen in names else 0)
        self.tabs.blockSignals(False)
        self._wish()

    @property
    def channel(self) -> Channel | None:
        """The channel whose preview is wanted."""
        place = self.tabs.currentIndex()
        return self._channels[place] if 0 <= place < len(self._channels) else None

    @property
    def chosen_send(self) -> Send:
        """The send that is shown."""
        return Send(self.send.currentData())

    @property
    def chosen_language(self) -> str:
        """The language it is shown in; empty for the channel's own."""
        return str(self.language.currentData() or "")

    @property
    def is_settled(self) -> bool:
        """Whether what is wanted is shown."""
        return not self._is_wording and not self._timer.isActive()

    def step_channel(self, by: int) -> None:
        """Show the channel after or before."""
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % max(1, self.tabs.count()))

    def step_send(self, by: int) -> None:
        """Show the send after or before."""
        self.send.setCurrentIndex((self.send.currentIndex() + by) % max(1, self.send.count()))

    def step_language(self, by: int) -> None:
        """Show it in the language after or before."""
        box = self.language
        box.setCurrentIndex((box.currentIndex() + by) % max(1, box.count()))

    def _show_languages(self) -> None:
        """Offer the channel's own language, and those the notice is written in."""
        notice = self._notice
        codes = ["", notice.language, *(one.language for one in notice.translations)]
        box = self.language
        if [box.itemData(place) for place in range(box.count())] == codes:
            return
        chosen = box.currentData()
        box.blockSignals(True)
        box.clear()
        for code in codes:
            box.addItem(inert(code, 12) or "usual", code)
        box.setCurrentIndex(max(0, codes.index(chosen) if chosen in codes else 0))
        box.blockSignals(False)
        box.setVisible(bool(notice.translations))

    def choose_send(self, send: Send) -> None:
        """Show another send."""
        self.send.setCurrentIndex(self.send.findData(send.value))

    def show_notice(self, notice: Notice) -> None:
        """Word this notice soon; what is typed meanwhile is worded with it."""
        self._notice = notice
        self._show_languages()
        self._wish()

    def close_renderer(self) -> None:
        """End the child; nothing more is worded."""
        self._is_closed = True
        self._timer.stop()
        renderer, self._renderer = self._renderer, None
        if renderer is not None:
            self._context.background.call(renderer.close, lambda _: None, lambda _: None, self)

    def _wish(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _word(self) -> None:
        wanted = self._wanted
        if wanted is None or self._is_closed or self._is_wording or wanted == self._worded:
            return
        self._is_wording = True
        self.state.setText(_BEING_WORDED)
        now, live = self._now(), self._context.live
        servers = live.servers if live.is_loaded else None
        self._context.background.call(
            lambda: self._make(wanted, servers, now),
            lambda shown: self._show(wanted, shown),
            lambda failure: self._fail(wanted, failure),
            self,
        )

    def _make(self, wanted: _Wanted, servers: Sequence[Server] | None, now: datetime) -> Shown:
        """On a thread of the background, one at a time."""
        store = self._context.store
        shelf = read_shelf(store)
        renderer = self._renderer
        if renderer is None:
            renderer = Renderer(shelf)
            if self._is_closed:
                renderer.close()
            else:
                self._renderer = renderer
        else:
            renderer.use(shelf)
        return show(
            *(store, renderer, wanted.notice, wanted.channel, wanted.send, now),
            language=wanted.language,
            servers=servers,
        )

    def _show(self, wanted: _Wanted, shown: Shown) -> None:
        self._worded = wanted
        self.state.setText("")
        place = self.reader.verticalScrollBar().value()
        self.reader.setHtml(page_of(shown))
        self.reader.verticalScrollBar().setValue(place)
        self.counts.setText(counts_of(shown))
        is_bad = bool(shown.preview.warnings)
        self.counts.setStyleSheet(self._ink(Verdict.DOWN) if is_bad else "")
        self._end()

    def _fail(self, wanted: _Wanted, failure: ConsoleError) -> None:
        self._worded = wanted
        self.state.setText("")
        self.counts.setText(
            f"■  {failure.sentence} What is shown is the last that could be worded."
        )
        self.counts.setStyleSheet(self._ink(Verdict.DOWN))
        self._end()

    def _end(self) -> None:
        self._is_wording = False
        wanted = self._wanted
        if wanted is not None and wanted != self._worded:
            self._timer.start()

    @property
    def _wanted(self) -> _Wanted | None:
        channel = self.channel
        if channel is None:
            return None
        return _Wanted(
            notice=self._notice,
            channel=channel,
            send=self.chosen_send,
            language=self.chosen_language,
        )

    def _ink(self, verdict: Verdict) -> str:
        return f"color: {self._context.theme().look.colours[verdict].name()}; font-weight: 600;"


def page_of(shown: Shown) -> str:
    """Give what a channel would show as a page: HTML where readers see it so, else as it stands."""
    preview, text = shown.preview, shown.text
    if shown.channel.kind is ChannelKind.EMAIL:
        head = f"<p><b>Subject:</b> {html.escape(inert(text.title, 400))}</p><hr>"
        return f"{head}{text.html}"
    title = f"<h3>{html.escape(inert(preview.title, 400))}</h3>" if preview.title else ""
    if preview.form is Form.HTML:
        return title + text.html
    posts = [f"<p style='white-space: pre-wrap'>{html.escape(post)}</p>" for post in preview.posts]
    return title + "<hr>".join(posts)


def counts_of(shown: Shown) -> str:
    """Give the lengths against what is allowed, and what is wrong."""
    preview = shown.preview
    if preview.warnings:
        return "■  " + " ".join(inert(one, 300) for one in preview.warnings)
    if not preview.most:
        count = sum(preview.counts)
        return f"{count:,} characters; there is no limit."
    many = len(preview.posts)
    told = ", ".join(f"{one:,} of {preview.most:,}" for one in preview.counts)
    return f"{told}{f' in {many} posts' if many > 1 else ''}."
