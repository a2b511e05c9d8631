"""What a person does with a posting; the store is written in the background. GUI thread only."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox

from noc_console.desk.outbox.decide_dialog import DecideDialog
from noc_console.desk.outbox.outbox_rows import OutboxRow, send_words
from noc_console.desk.panel_deeds import PanelDeeds
from noc_console.desk.widgets.question import ask
from noc_console.fleet.inert import inert
from noc_console.notices.channel_records import channel_by_id, edit_channel
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.channels.checking import setting_of
from noc_console.notices.deciding import note_it_went, send_again, send_now, stop
from noc_console.notices.posting import PostingState
from noc_console.notices.sending_settings import pause_sending, sending_is_paused
from noc_console.store.store import Store


class OutboxDeeds(PanelDeeds):
    """Does it under this person's name, says so, and has the panel read again."""

    def send_now(self, row: OutboxRow) -> QMessageBox | None:
        """Send what waits; a word ahead of its time only after a question."""
        if row.posting.due_at <= self._now():
            self._send_now(row)
            return None
        return self._ask(
            "Send now",
            f"Send {_what(row)} now?",
            "It goes before its time and says truly how long it is until the work begins. It"
            " cannot be taken back from mailboxes.",
            "Send it now",
            lambda: self._send_now(row),
        )

    def send_again(self, row: OutboxRow) -> QMessageBox | DecideDialog:
        """Send what failed again; of what is in doubt a person decides first."""
        if row.has_doubt:
            return self.decide(row)
        return self._ask(
            "Send again",
            f"Send {_what(row)} again?",
            f"It is {row.posting.state.value}: {inert(row.posting.words, 300)}",
            "Send it again",
            lambda: self._send_again(row),
        )

    def decide(self, row: OutboxRow) -> DecideDialog:
        """Ask what became of it, and note that."""
        dialog = DecideDialog(row, self._panel)
        store, by, one = self._context.store, self._context.asked_by, row.posting

        def do(work: Callable[[], object], said: str) -> None:
            def finish(_done: object) -> None:
                dialog.accept()
                self._say_done(said)

            self._context.background.call(
                work, finish, lambda failure: dialog.show_trouble(failure.sentence), dialog
            )

        dialog.went.connect(
            lambda link: do(
                lambda: note_it_went(store, one.id, link=link, by=by, now=self._now()),
                f"{_what(row)} is noted as sent.",
            )
        )
        dialog.again.connect(
            lambda: do(
                lambda: send_again(store, one.id, by=by, now=self._now()),
                f"{_what(row)} is sent again.",
            )
        )
        dialog.open()
        return dialog

    def stop(self, row: OutboxRow) -> QMessageBox:
        """Ask whether what has not gone shall not go; then stop it, or leave it as it is."""
        store, by = self._context.store, self._context.asked_by
        gone = row.counts.of(PostingState.SENT, PostingState.BOUNCED) if row.counts else 0
        went = f"{gone:,} mails went already and stay sent; the others do not go. " if gone else ""
        is_over = is_left(row)
        title = "Leave it as it is" if is_over else "Stop a posting"
        question = f"Leave {_what(row)} as it is?" if is_over else f"Stop {_what(row)}?"
        deed = "Leave it for &good" if is_over else "Stop it"
        done = "is left as it is" if is_over else "is stopped"
        more = "Customers do not hear of it this way. The ledger says that you decided so."
        return self._ask(
            title,
            question,
            went + more,
            deed,
            lambda: self._do(
                lambda: stop(store, row.posting.id, by=by, now=self._now()),
                f"{_what(row)} {done}.",
            ),
        )

    def pause_channel(self, row: OutboxRow) -> None:
        """Have nothing go on its channel for now, or go again."""
        store, by, now = self._context.store, self._context.asked_by, self._now()

        def work() -> str:
            before = channel_by_id(store, row.posting.channel_id)
            edit_channel(store, replace(before, is_paused=not before.is_paused), by, now)
            return paused_words(before.name, is_paused=not before.is_paused)

        self._call(work)

    def pause_all(self) -> None:
        """Have nothing go at all for now, or go again."""
        store = self._context.store
        self._call(lambda: _turn_pause(store))

    def copy(self, row: OutboxRow) -> None:
        """Copy the text, to be posted by hand."""
        one = row.posting
        if not one.body:
            self._context.navigator.say("It has no text yet: it is worded when it goes.")
            return
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(f"{one.title}\n\n{one.body}" if one.title else one.body)
        self._context.navigator.say("The text is copied.")

    def open_link(self, row: OutboxRow) -> None:
        """Open where it stands, or where a person is to post it."""
        one = row.posting
        if one.link or one.channel_kind != ChannelKind.CLIPBOARD.value:
            self._open(one.link)
            return
        store = self._context.store
        self._context.background.call(
            lambda: setting_of(channel_by_id(store, one.channel_id), "page"),
            self._open,
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    def _open(self, address: str) -> None:
        """Open a page of the web; nothing else is opened."""
        is_page = address.startswith(("https://", "http://")) and QUrl(address).isValid()
        if not is_page:
            self._context.navigator.say("There is no link to it.")
        else:
            QDesktopServices.openUrl(QUrl(address))

    def _send_now(self, row: OutboxRow) -> None:
        store, by = self._context.store, self._context.asked_by
        self._do(
            lambda: send_now(store, row.posting.id, by=by, now=self._now()),
            f"{_what(row)} goes now{self._who()}.",
        )

    def _send_again(self, row: OutboxRow) -> None:
        store, by = self._context.store, self._context.asked_by
        self._do(
            lambda: send_again(store, row.posting.id, by=by, now=self._now()),
            f"{_what(row)} is sent again{self._who()}.",
        )

    def _who(self) -> str:
        return "" if self._context.live.engine is not None else ", as soon as an engine runs"

    def _ask(
        self, title: str, question: str, more: str, deed: str, act: Callable[[], object]
    ) -> QMessageBox:
        return ask(self._panel, title, question, more, yes=deed, no="&Not now", act=act)

    def _do(self, work: Callable[[], object], said: str) -> None:
        def speak() -> str:
            work()
            return said

        self._call(speak)


def is_left(row: OutboxRow) -> bool:
    """Whether nothing waits that could be stopped: it failed, or its time is over."""
    return row.posting.state in {PostingState.FAILED, PostingState.MISSED}


def paused_words(name: str, *, is_paused: bool) -> str:
    """Say what a pause, or its end, means."""
    if is_paused:
        return f"{inert(name)} is paused: what is due there waits, and nothing is lost."
    return f"{inert(name)} posts again; what was due meanwhile goes now, where it is still true."


def _turn_pause(store: Store) -> str:
    is_paused = not sending_is_paused(store)
    pause_sending(store, is_paused=is_paused)
    if is_paused:
        return "All sending is paused. What is being handed over is finished."
    return "Sending goes on; what was due meanwhile goes now, where it is still true."


def _what(row: OutboxRow) -> str:
    return f"“{send_words(row)}” on {inert(row.posting.channel_name)}"
