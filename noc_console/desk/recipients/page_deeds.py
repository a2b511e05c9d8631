"""What a person does on the page of who is told; the store is written in the background.

GUI thread only.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.recipients.mail_server_dialog import MailServerDialog
from noc_console.desk.recipients.recipient_dialog import RecipientDialog
from noc_console.desk.trial_dialog import Trial, TrialDialog
from noc_console.desk.widgets.form_dialog import FormDialog
from noc_console.desk.widgets.question import ask
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.delivery.delivery import Delivery
from noc_console.health.delivery.delivery_records import leave, send_again
from noc_console.health.delivery.mail_server import MailServer, read_mail_server
from noc_console.health.delivery.recipient import Recipient
from noc_console.health.delivery.recipient_saving import (
    drop_recipient,
    save_mail_server,
    save_recipient,
)
from noc_console.incidents.wall_time import own_zone


class PageDeeds(QObject):
    """Does it, says so, and has the page read again."""

    def __init__(
        self,
        context: DeskContext,
        page: QWidget,
        read: Callable[[], object],
        now: Callable[[], datetime],
    ) -> None:
        """Have done nothing yet."""
        super().__init__(page)
        self._context = context
        self._page = page
        self._read = read
        self._now = now

    def add(self) -> RecipientDialog:
        """Ask for somebody new."""
        return self._open_recipient(None)

    def edit(self, one: Recipient | None) -> RecipientDialog | None:
        """Ask for changes of one."""
        return None if one is None else self._open_recipient(one)

    def set_mail_server(self) -> None:
        """Read which mail server is set, then ask for another."""
        store, say = self._context.store, self._context.navigator.say
        self._context.background.call(
            lambda: read_mail_server(store),
            self._open_mail_server,
            lambda failure: say(failure.sentence),
            self,
        )

    def _open_mail_server(self, before: MailServer | None) -> None:
        dialog = MailServerDialog(before, self._page)
        store = self._context.store

        def save() -> None:
            try:
                server, password = dialog.server(), dialog.password
            except ConsoleError as refused:
                dialog.show_trouble(refused.sentence)
                return
            work = partial(save_mail_server, store, server, password, self._now())
            self._save(dialog, work, "The mail server is set for everybody.")

        dialog.decided.connect(save)
        dialog.show_fitting()

    def test(self, one: Recipient | None) -> TrialDialog | None:
        """Have a test message sent."""
        if one is None:
            return None
        trial = Trial(name=one.name, request={"recipient_id": one.id})
        dialog = TrialDialog(self._context, trial, self._page)
        dialog.open()
        return dialog

    def ask_to_remove(self, one: Recipient | None) -> QMessageBox | None:
        """Ask whether somebody is to be told no more."""
        if one is None:
            return None
        return ask(
            self._page,
            "Remove",
            f"Tell {inert(one.name)} of no alarm any more?",
            "What waits for them is withdrawn and a kept chat address is forgotten; what was sent"
            " stays in the log. To silence them for a while, pause them instead.",
            yes="Remove",
            act=lambda: self.remove(one),
        )

    def remove(self, one: Recipient) -> None:
        """Tell somebody no more."""
        context, now = self._context, self._now()
        self._do(
            lambda: drop_recipient(context.store, one, context.asked_by, now),
            f"{inert(one.name)} is told no more.",
        )

    def send_again(self, one: Delivery | None) -> None:
        """Have a message in doubt or given up sent again."""
        self._decide(one, send_again, "It is sent again.")

    def leave(self, one: Delivery | None) -> None:
        """Leave a message in doubt or given up as it is."""
        self._decide(one, leave, "It is left as it is.")

    def _decide(self, one: Delivery | None, act: Callable[..., None], words: str) -> None:
        if one is not None:
            context, now = self._context, self._now()
            self._do(lambda: act(context.store, one.id, context.asked_by, now), words)

    def _open_recipient(self, before: Recipient | None) -> RecipientDialog:
        dialog = RecipientDialog(before, own_zone(), self._page)
        context = self._context

        def save() -> None:
            try:
                one, address = dialog.recipient(), dialog.typed_address
            except ConsoleError as refused:
                dialog.show_trouble(refused.sentence)
                return
            work = partial(
                save_recipient, context.store, one, address, context.asked_by, self._now()
            )
            self._save(dialog, work, f"{inert(one.name)} is saved; send a test (Ctrl+Shift+T).")

        dialog.decided.connect(save)
        dialog.show_fitting()
        return dialog

    def _save(self, dialog: FormDialog, work: Callable[[], object], words: str) -> None:
        def finish(_saved: object) -> None:
            dialog.accept()
            self._say_done(words)

        self._context.background.call(
            work, finish, lambda failure: dialog.show_trouble(failure.sentence), dialog
        )

    def _do(self, work: Callable[[], object], words: str) -> None:
        self._context.background.call(
            work,
            lambda _: self._say_done(words),
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    def _say_done(self, words: str) -> None:
        self._context.navigator.say(words)
        self._read()
