"""What a person does with channels; store and keyring in the background. GUI thread only."""

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QMessageBox

from noc_console.desk.channels.channel_dialog import ChannelDialog
from noc_console.desk.channels.channel_preview import ChannelPreview
from noc_console.desk.outbox.outbox_deeds import paused_words
from noc_console.desk.panel_deeds import PanelDeeds
from noc_console.desk.trial_dialog import Trial, TrialDialog
from noc_console.desk.widgets.question import ask
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.notices.channel_records import channel_by_id, edit_channel
from noc_console.notices.channel_saving import drop_channel, save_channel
from noc_console.notices.channel_trial import TEST_CHANNEL
from noc_console.notices.channels.channel import Channel


class ChannelDeeds(PanelDeeds):
    """Does it under this person's name, says so, and has the panel read again."""

    def add(self) -> ChannelDialog:
        """Ask for a new channel."""
        return self._open(None)

    def edit(self, one: Channel) -> ChannelDialog:
        """Ask for changes of one."""
        return self._open(one)

    def test(self, one: Channel) -> TrialDialog:
        """Have the engine prove login and rights, step by step; nothing is posted."""
        trial = Trial(
            name=one.name,
            kind=TEST_CHANNEL,
            request={"channel_id": one.id},
            begins="The engine proves login and rights; nothing is posted …",
            failed="It cannot be posted there: {step} failed.",
        )
        dialog = TrialDialog(self._context, trial, self._panel)
        dialog.finished.connect(lambda _: self._read())
        dialog.open()
        return dialog

    def preview(self, one: Channel) -> ChannelPreview:
        """Show a sample text as this channel would show it."""
        dialog = ChannelPreview(self._context, one, self._panel, self._now)
        dialog.show()
        return dialog

    def pause(self, one: Channel) -> None:
        """Have nothing go there for now, or go again."""
        store, by, now = self._context.store, self._context.asked_by, self._now()

        def work() -> str:
            before = channel_by_id(store, one.id)
            edit_channel(store, replace(before, is_paused=not one.is_paused), by, now)
            return paused_words(before.name, is_paused=not one.is_paused)

        self._call(work)

    def ask_to_remove(self, one: Channel, waiting: int) -> QMessageBox:
        """Ask whether nothing is to be posted there any more."""
        waits = f"{waiting} postings that wait for it do not go. " if waiting else ""
        return ask(
            self._panel,
            "Remove a channel",
            f"Post nothing on {inert(one.name)} any more?",
            f"{waits}Its secret is forgotten; what was posted stays there and in the ledger. To"
            " hold it back for a while, pause it instead.",
            yes="Remove",
            act=lambda: self.remove(one),
        )

    def remove(self, one: Channel) -> None:
        """Post there no more."""
        store, by, now = self._context.store, self._context.asked_by, self._now()

        def work() -> str:
            drop_channel(store, one, by, now)
            return f"{inert(one.name)} is removed."

        self._call(work)

    def _open(self, before: Channel | None) -> ChannelDialog:
        dialog = ChannelDialog(before, self._panel)
        context = self._context

        def save() -> None:
            try:
                one = dialog.channel()
            except ConsoleError as refused:
                dialog.show_trouble(refused.sentence)
                return
            work = partial(
                save_channel, context.store, one, dialog.secret(), context.asked_by, self._now()
            )
            context.background.call(
                work, finish, lambda failure: dialog.show_trouble(failure.sentence), dialog
            )

        def finish(one: Channel) -> None:
            dialog.accept()
            self._say_done(f"{inert(one.name)} is saved; see whether it works: Ctrl+Shift+T.")

        dialog.decided.connect(save)
        dialog.show_fitting()
        return dialog
