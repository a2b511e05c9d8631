"""What a person does to notices from the window: each act off the GUI thread, then told."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.notices.notice_dialogs import (
    DoneDialog,
    ExtendDialog,
    PostponeDialog,
    ReasonDialog,
    UpdateDialog,
)
from noc_console.desk.notices.notice_rows import NoticeRow
from noc_console.desk.widgets.form_dialog import FormDialog
from noc_console.desk.widgets.question import ask
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.notices.acts import Done, Update, cancel, extend, postpone, resolve, update
from noc_console.notices.approval import Approval, approve
from noc_console.notices.composing import again, new_notice
from noc_console.notices.first_word import tell_incident
from noc_console.notices.notice import Notice, NoticeKind
from noc_console.notices.notice_records import StoredNotice, add_notice, get_notice, remove_draft
from noc_console.notices.posting import NoticeState
from noc_console.notices.reading_through import missing_of
from noc_console.store.store import Store

Result = TypeVar("Result")


class NoticeDeeds(QObject):
    """Acts on the store in the name of the person at this desk."""

    def __init__(self, context: DeskContext, page: QWidget, now: Callable[[], datetime]) -> None:
        """Outcomes are told while the page lives."""
        super().__init__(page)
        self._context = context
        self._page = page
        self._now = now

    def begin(self, kind: NoticeKind, done: Callable[[StoredNotice], None]) -> None:
        """Begin an empty draft."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._call(lambda: add_notice(store, new_notice(store, kind), by=by, now=now), done)

    def begin_from(
        self, make: Callable[[Store], Notice], done: Callable[[StoredNotice], None]
    ) -> None:
        """Begin a draft that is made from something in the store."""
        store, by, now = self._context.store, self._context.asked_by, self._now()
        self._call(lambda: add_notice(store, make(store), by=by, now=now), done)

    def read(self, notice_id: int, done: Callable[[StoredNotice], None]) -> None:
        """Read a notice as it stands."""
        store = self._context.store
        self._call(lambda: get_notice(store, notice_id), done)

    def duplicate(self, row: NoticeRow, done: Callable[[StoredNotice], None]) -> None:
        """Begin a draft with the same texts, without the times."""
        self.begin_from(lambda _store: again(row.notice), done)

    def open_origin(self, row: NoticeRow) -> None:
        """Go back to the window or the incident that a notice is for."""
        notice, navigator = row.notice, self._context.navigator
        if notice.window_id:
            navigator.open_window(notice.window_id, notice.starts_at or self._now())
        elif notice.incident_id:
            navigator.open_incident(notice.incident_id)

    def ask_to_approve(self, stored: StoredNotice, edition: int) -> QMessageBox | None:
        """Approve, or freeze for a second person; of a changed one ask whether people are told.

        `edition` is that of the draft which was read here: no other one is approved.
        """
        notice_id = stored.id
        if stored.live_version is None:
            self.approve(notice_id, edition, tell=False, said="")
            return None
        box = QMessageBox(self._page)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Approve a change")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(
            f"Notice {notice_id} was changed after it was approved. Must those who were told"
            " before be told of it?"
        )
        box.setInformativeText(
            "A correction goes wherever the old text went. Without it, only what has not gone yet "
            "says the new text."
        )
        tell = box.addButton("&Tell them", QMessageBox.ButtonRole.AcceptRole)
        quiet = box.addButton("&Only what is to come", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(tell)
        tell.clicked.connect(lambda: self.approve(notice_id, edition, tell=True, said=""))
        quiet.clicked.connect(lambda: self.approve(notice_id, edition, tell=False, said=""))
        box.open()
        return box

    def approve(
        self,
        notice_id: int,
        edition: int,
        *,
        tell: bool,
        said: str,
        done: Callable[[Approval], None] | None = None,
    ) -> None:
        """Approve a notice as its draft stands."""
        store, by, now = self._context.store, self._context.asked_by, self._now()

        def work() -> Approval:
            return approve(
                store,
                notice_id,
                by=by,
                now=now,
                missing=missing_of(store, now),
                tell=tell,
                said=said,
                edition=edition,
            )

        def finish(found: Approval) -> None:
            self.say(approval_words(found))
            if done is not None:
                done(found)

        self._call(work, finish)

    def ask_to_end(self, row: NoticeRow) -> QWidget | None:
        """Ask before a draft is withdrawn or announced work is called off."""
        state = row.stored.state
        if state.is_over:
            self.say(f"Notice {row.id} is {state.value} already.")
            return None
        if state is NoticeState.DRAFT:
            return self._ask_to_withdraw(row)
        if not row.notice.is_scheduled:
            self.say("Downtime cannot be cancelled; give the all-clear (R).")
            return None
        about = (
            f"{inert(row.notice.title)}\nWhoever was told of it is told that it does not happen."
        )
        dialog = ReasonDialog("Cancel the work", about, "Cancel the &work", self._page)
        dialog.decided.connect(
            lambda: self._act_for(dialog, partial(cancel, self._store, row.id, dialog.why.text()))
        )
        dialog.show_fitting()
        return dialog

    def _ask_to_withdraw(self, row: NoticeRow) -> QMessageBox:
        named = inert(row.notice.title) or "without a title"
        store, by = self._context.store, self._context.asked_by
        return ask(
            self._page,
            "Withdraw a draft",
            f"Withdraw the draft of notice {row.id}, {named}?",
            "Nobody was told of it. It stays among those that are over.",
            yes="&Withdraw",
            no="&Keep it",
            act=lambda: self._call(
                lambda: remove_draft(store, row.id, by=by, now=self._now()),
                lambda _: self.say(f"The draft of notice {row.id} is withdrawn."),
            ),
        )

    def ask_update(self, stored: StoredNotice) -> UpdateDialog | None:
        """Ask what is new."""
        if not self._is_in_force(stored):
            return None
        dialog = UpdateDialog(stored, self._now(), self._page)
        dialog.decided.connect(lambda: self._update(stored, dialog))
        dialog.show_fitting()
        return dialog

    def _update(self, stored: StoredNotice, dialog: UpdateDialog) -> None:
        told, said = dialog.told(), dialog.words.toPlainText().strip()
        store, by = self._store, self._context.asked_by

        def work(*, by: str = by, now: datetime) -> Done:
            found = update(store, stored.id, told, by=by, now=now)
            self._tell_incident(stored.id, _said(told, said), found.next_update_at, now)
            return found

        self._act_for(dialog, work)

    def ask_done(self, stored: StoredNotice) -> DoneDialog | None:
        """Ask how it ended."""
        if not self._is_in_force(stored):
            return None
        dialog = DoneDialog(stored, self._now(), self._page)
        dialog.decided.connect(lambda: self._resolve(stored, dialog))
        dialog.show_fitting()
        return dialog

    def _resolve(self, stored: StoredNotice, dialog: DoneDialog) -> None:
        try:
            ended_at = dialog.ended_at(self._now())
        except ConsoleError as failure:
            dialog.show_trouble(failure.sentence)
            return
        words, cause = dialog.words.toPlainText(), dialog.cause.toPlainText()
        next_steps, store = dialog.next_steps.toPlainText(), self._store

        def work(*, by: str, now: datetime) -> Done:
            found = resolve(
                store,
                stored.id,
                by=by,
                now=now,
                words=words,
                cause=cause,
                next_steps=next_steps,
                ended_at=ended_at,
            )
            self._tell_incident(
                stored.id, words.strip() or f"All-clear. {cause}".strip(), None, now
            )
            return found

        self._act_for(dialog, work)

    def ask_extend(self, row: NoticeRow) -> ExtendDialog | None:
        """Ask by how much the work lasts longer."""
        if not self._is_in_force(row.stored):
            return None
        dialog = ExtendDialog(row.notice, self._page)
        dialog.decided.connect(
            lambda: self._act_for(
                dialog,
                partial(extend, self._store, row.id, dialog.minutes.value(), dialog.why.text()),
            )
        )
        dialog.show_fitting()
        return dialog

    def ask_postpone(self, row: NoticeRow) -> PostponeDialog | None:
        """Ask for another start."""
        if not self._is_in_force(row.stored):
            return None
        dialog = PostponeDialog(row.notice, row.told_start, self._now(), self._page)
        dialog.decided.connect(lambda: self._postpone(row, dialog))
        dialog.show_fitting()
        return dialog

    def _postpone(self, row: NoticeRow, dialog: PostponeDialog) -> None:
        try:
            starts_at = dialog.starts_at(self._now())
        except ConsoleError as failure:
            dialog.show_trouble(failure.sentence)
            return
        self._act_for(dialog, partial(postpone, self._store, row.id, starts_at, dialog.why.text()))

    def say(self, sentence: str) -> None:
        """Show a sentence in the window for some seconds."""
        self._context.navigator.say(sentence)

    @property
    def _store(self) -> Store:
        return self._context.store

    def _is_in_force(self, stored: StoredNotice) -> bool:
        if stored.live_version is None or stored.state.is_over:
            self.say(f"Notice {stored.id} is {stored.state.value}: nobody waits for word on it.")
            return False
        return True

    def _tell_incident(
        self, notice_id: int, words: str, next_at: datetime | None, now: datetime
    ) -> None:
        incident_id = get_notice(self._store, notice_id).notice.incident_id
        tell_incident(self._store, incident_id, words, next_at, by=self._context.asked_by, now=now)

    def _act_for(self, dialog: FormDialog, act: Callable[..., Done]) -> None:
        """Do what a dialog asks for; it stays open, with the sentence, when that cannot be."""
        by, now = self._context.asked_by, self._now()

        def finish(done: Done) -> None:
            dialog.accept()
            self.say(done_words(done))

        self._context.background.call(
            lambda: act(by=by, now=now),
            finish,
            lambda failure: dialog.show_trouble(failure.sentence),
            dialog,
        )

    def _call(self, work: Callable[[], Result], done: Callable[[Result], None]) -> None:
        self._context.background.call(work, done, lambda failure: self.say(failure.sentence), self)


def approval_words(found: Approval) -> str:
    """Say what came of asking for approval."""
    version = found.version
    named = f"Version {version.number} of notice {version.notice_id}"
    if not found.is_approved:
        return f"{named} is frozen and waits for a second person: you wrote it."
    told = f", {found.told} of them to tell of the change" if found.told else ""
    alone = " One person wrote and approved it; that is recorded." if version.is_one_person else ""
    return f"{named} is approved; {found.planned} postings are planned{told}.{alone}"


def done_words(done: Done) -> str:
    """Say what goes after an act."""
    if done.waits_for_second:
        return (
            f"Version {done.version} of notice {done.notice_id} has the new start and waits for a"
            " second person (A); until then nobody is told, and what tells the old one is held."
        )
    count = len(done.postings)
    if not count:
        return f"Notice {done.notice_id}: nobody had been told, so nothing goes."
    return f"Notice {done.notice_id}: goes to {count} channel{'s' if count != 1 else ''} now."


def _said(told: Update, words: str) -> str:
    return words or told.cause.strip() or (told.state.value if told.state is not None else "")
