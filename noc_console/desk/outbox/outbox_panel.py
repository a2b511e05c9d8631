"""The outbox: every posting and its mails, worst first, and what a person decides about each.

GUI thread only; read in the background whenever something moves on, at most once a second.
"""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter

from noc_console.desk.context import DeskContext
from noc_console.desk.notice_ledger.opening import open_ledger
from noc_console.desk.outbox.outbox_deeds import OutboxDeeds, is_left
from noc_console.desk.outbox.outbox_detail import OutboxDetail, read_mailings
from noc_console.desk.outbox.outbox_rows import (
    Outbox,
    OutboxRow,
    outbox_columns,
    read_outbox,
    summary_words,
    warning_words,
)
from noc_console.desk.rows_panel import RowsPanel
from noc_console.desk.widgets.deed import Deed
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.health.verdict import Verdict
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.deciding import STOPPED_FROM
from noc_console.notices.posting import Mailing, PostingState

_EMPTY = (
    "Nothing was planned yet. Write a notice (Ctrl+8) and have it approved: what goes where and"
    " when stands here then, with what came of it."
)
_AGAIN = frozenset(
    {
        *(PostingState.IN_DOUBT, PostingState.FAILED, PostingState.SUPPRESSED),
        PostingState.MISSED,
    }
)
_TICKED = frozenset({PostingState.IN_DOUBT, PostingState.BY_HAND, PostingState.FAILED})
_PAUSE, _PAUSE_ALL = "Pause the channel", "Pause all"
_LOOK_AGAIN_MS = 1000
_AGES_EVERY_MS = 10_000


class OutboxPanel(RowsPanel[OutboxRow]):
    """One of the tabs of sending."""

    needs_told = Signal(int)
    """How many postings a person should look at."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show that it is being read."""
        columns = outbox_columns(lambda: context.theme().look, now)
        super().__init__(context, "Outbox", columns, widest=190)
        self._now = now
        self.detail = OutboxDetail(lambda: context.theme().look)
        self.summary, self.warning = plain_label(name="faint"), plain_label()
        self.acts = OutboxDeeds(context, self, self.read, now)
        self.deeds.add(*self._deeds())
        self._mails_asked = 0
        self._is_paused = False
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.stack)
        self.split.addWidget(self.detail)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([420, 220])
        self.box.addWidget(self.warning)
        self.box.addLayout(self.deeds.row())
        self.box.addWidget(self.split, 1)
        self.box.addWidget(self.summary)
        self.detail.hide()
        self.warning.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LOOK_AGAIN_MS)
        self._soon.timeout.connect(self.read)
        self._ages = QTimer(self)
        self._ages.setInterval(_AGES_EVERY_MS)
        self._ages.timeout.connect(self.read_if_shown)
        self._ages.start()
        self._follow()
        self.choice_changed()

    def _follow(self) -> None:
        live = self.context.live
        for signal in (live.postings_changed, live.notices_changed, live.channels_changed):
            signal.connect(self.read_soon)
        live.settings_changed.connect(self.read_soon)
        live.engine_changed.connect(lambda _: self.read_soon())
        self.context.themes.changed.connect(lambda _: self.read_if_shown())

    def _deeds(self) -> tuple[Deed, ...]:
        acts, of_chosen = self.acts, self._of_chosen
        enter = of_chosen(lambda row: open_ledger(self.context, row.posting.notice_id, self))
        return (
            Deed(key="decide", words="Decide…", keys="D", act=of_chosen(acts.decide)),
            Deed(key="now", words="Send now", keys="N", act=of_chosen(acts.send_now)),
            Deed(key="again", words="Send again…", keys="R", act=of_chosen(acts.send_again)),
            Deed(key="stop", words="Stop…", keys="Del", act=of_chosen(acts.stop)),
            Deed(key="pause", words=_PAUSE, keys="P", act=of_chosen(acts.pause_channel)),
            Deed(key="pause_all", words=_PAUSE_ALL, keys="Ctrl+Shift+P", act=acts.pause_all),
            Deed(key="open", words="Open", keys="O", act=of_chosen(acts.open_link)),
            Deed(key="copy", words="Copy the text", keys="C", act=of_chosen(acts.copy)),
            Deed(key="ledger", words="Ledger", keys="L Return", on_table=True, act=enter),
        )

    def _of_chosen(self, act: Callable[[OutboxRow], object]) -> Callable[[], object]:
        return lambda: act(self.chosen) if self.chosen is not None else None

    def read_soon(self) -> None:
        """Read within a second; a mailing of thousands moves on many times in that."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def reading(self) -> Callable[[], Outbox]:
        """Give the work that reads the outbox."""
        store, now = self.context.store, self._now()
        return lambda: read_outbox(store, now)

    def key_of(self, row: OutboxRow) -> Hashable:
        """Give the posting's number."""
        return row.posting.id

    def take(self, found: Outbox) -> None:
        """Show the outbox."""
        self._is_paused = found.is_paused
        look = self.context.theme().look
        words = warning_words(found)
        self.warning.setText(look.worded(Verdict.CUT_OFF, words))
        self.warning.setAccessibleName(words)
        colour = look.colours[Verdict.CUT_OFF].name()
        self.warning.setStyleSheet(f"color: {colour}; font-weight: 600;")
        self.warning.setVisible(bool(words))
        self.summary.setText(summary_words(found))
        self.show_rows(found.rows)
        self.table.viewport().update()
        self.detail.setVisible(bool(found.rows))
        if not found.rows:
            page = self.context.navigator.open_page
            self.show_state("Nothing to send", _EMPTY, {"Notices": lambda: page("notices")})
        self.needs_told.emit(sum(row.is_pressing for row in found.rows))

    def choice_changed(self) -> None:
        """Show all of the chosen one, and wake what can be done with it."""
        row = self.chosen
        self.detail.show_row(row)
        self._wake(row)
        if row is not None and row.counts is not None:
            self._read_mails(row)

    def _wake(self, row: OutboxRow | None) -> None:
        state = None if row is None else row.posting.state
        has_page = row is not None and (
            bool(row.posting.link) or row.posting.channel_kind == ChannelKind.CLIPBOARD.value
        )
        self.deeds.enable(
            decide=row is not None and (row.has_doubt or state in _TICKED),
            now=state in {PostingState.QUEUED, PostingState.DELAYED},
            again=state in _AGAIN or (row is not None and row.has_doubt),
            stop=state in STOPPED_FROM,
            pause=row is not None and row.posting.state.is_open,
            open=has_page,
            copy=row is not None and bool(row.posting.body),
            ledger=row is not None,
        )
        is_paused = row is not None and row.is_paused
        is_over = row is not None and is_left(row)
        self.deeds.reword("stop", "Leave it…" if is_over else "Stop…")
        self.deeds.reword("pause", "Resume the channel" if is_paused else _PAUSE)
        self.deeds.reword("pause_all", "Resume all" if self._is_paused else _PAUSE_ALL)

    def _read_mails(self, row: OutboxRow) -> None:
        self._mails_asked += 1
        asked, store = self._mails_asked, self.context.store

        def take(mails: tuple[Mailing, ...]) -> None:
            if asked == self._mails_asked:
                self.detail.show_mails(row, mails)

        self.context.background.call(
            partial(read_mailings, store, row.posting.id), take, lambda _failure: None, self
        )
