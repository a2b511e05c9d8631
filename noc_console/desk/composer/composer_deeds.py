"""What a person does with the notice in the composer: approve, try, switch, begin with a template.

GUI thread only; the store is written in the background.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox

from noc_console.desk.composer.composer import Composer
from noc_console.desk.composer.composer_dialogs import CellDialog, TrialForm
from noc_console.desk.composer.field_names import LANGUAGES
from noc_console.desk.composer.moved_draft import ask_about_moved
from noc_console.desk.composer.plan_model import with_cell
from noc_console.desk.composer.window_choice import Choice, WindowChoice
from noc_console.desk.composer.window_line import CHOOSE_KEYS
from noc_console.desk.context import DeskContext
from noc_console.desk.notices.notice_deeds import NoticeDeeds
from noc_console.desk.trial_dialog import Trial, TrialDialog
from noc_console.errors import ConsoleError
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.composing import at_window
from noc_console.notices.mail_trial import TRY_NOTICE
from noc_console.notices.notice import TRANSLATED
from noc_console.notices.notice_records import StoredNotice
from noc_console.notices.plan import Cell
from noc_console.notices.prepared import Prepared, begin_with

_ADDRESS = "notices.trial_address"


class ComposerDeeds(QObject):
    """Acts on the draft of one composer."""

    def __init__(
        self, context: DeskContext, composer: Composer, now: Callable[[], datetime]
    ) -> None:
        """Act in the name of the person at this desk."""
        super().__init__(composer)
        self._context = context
        self._composer = composer
        self._now = now
        self._deeds = NoticeDeeds(context, composer, now)
        self._join()

    def _join(self) -> None:
        """Do what the composer's own buttons, cells and lines ask for."""
        composer = self._composer
        composer.fields.window_line.choose_wanted.connect(self.ask_window)
        composer.fields.window_line.open_wanted.connect(self.open_window)
        composer.keeper.moved.connect(self._ask_about_moved)
        if composer.course is not None:
            composer.course.update_wanted.connect(self.ask_update)
            composer.course.clear_wanted.connect(self.ask_clear)
        composer.plan.switched.connect(self.switch)
        composer.plan_view.activated.connect(lambda _: self.ask_cell())
        composer.approve_button.clicked.connect(self.approve)
        composer.trial_button.clicked.connect(self.ask_trial)
        composer.template_chosen.connect(self.begin_with)

    def _ask_about_moved(self, sentence: str) -> None:
        ask_about_moved(self._context, self._composer, sentence, self._now())

    def approve(self) -> None:
        """Save what was typed, then approve it, or freeze it for a second person."""
        composer = self._composer
        if not composer.approve_button.isEnabled():
            self.go_to_next()
            return
        keeper = composer.keeper
        keeper.when_saved(lambda: self._deeds.ask_to_approve(keeper.stored, keeper.edition))

    def go_to_next(self) -> None:
        """Go to the next field that wants something, other than the one the cursor is in."""
        fields = self._composer.fields

        def is_here(name: str) -> bool:
            return not name.startswith(LANGUAGES) and fields.field(name).hasFocus()

        self._composer.findings.go_to_next(is_here)

    def ask_trial(self) -> TrialForm | None:
        """Ask where the shown send is mailed as a trial."""
        composer = self._composer
        reading = composer.reading
        channels = [one for one in reading.channels if one.id] if reading is not None else []
        channels = [one for one in channels if one.kind is ChannelKind.EMAIL]
        if not channels:
            self._context.navigator.say("There is no channel of e-mail yet; add one first.")
            return None
        form = TrialForm(
            composer.notice,
            composer.preview.chosen_send.value,
            channels,
            str(self._context.settings.get_layout(_ADDRESS, "")),
            composer.preview.chosen_language,
            composer,
        )
        form.decided.connect(lambda: self._try(form))
        form.show_fitting()
        return form

    def _try(self, form: TrialForm) -> None:
        number = self._composer.keeper.stored.id
        try:
            request = form.request(number)
        except ConsoleError as failure:
            form.show_trouble(failure.sentence)
            return
        self._context.settings.put_layout(_ADDRESS, request["address"])
        form.accept()
        trial = Trial(
            name=f"notice {number}",
            kind=TRY_NOTICE,
            request=request,
            begins="The engine words and mails it …",
            failed="The trial did not go: {step} failed.",
        )
        self._composer.keeper.when_saved(
            lambda: TrialDialog(self._context, trial, self._composer).open()
        )

    def switch(self, cell: Cell, is_on: bool) -> None:
        """Switch one send on a channel on or off."""
        composer = self._composer
        composer.change(with_cell(composer.notice, cell, is_on=is_on))

    def ask_cell(self) -> CellDialog | None:
        """Ask for the own time and text of the chosen send on a channel."""
        composer = self._composer
        cell = composer.plan.cell(composer.plan_view.currentIndex())
        if cell is None:
            composer.tabs.setCurrentIndex(1)
            composer.plan_view.setFocus()
            return None
        dialog = CellDialog(composer.notice, cell, composer)
        dialog.decided.connect(lambda: self._keep_cell(dialog, cell))
        dialog.show_fitting()
        return dialog

    def _keep_cell(self, dialog: CellDialog, cell: Cell) -> None:
        composer = self._composer
        try:
            composer.change(with_cell(composer.notice, cell, **dialog.changes(self._now())))
        except ConsoleError as failure:
            dialog.show_trouble(failure.sentence)
            return
        composer.preview.choose_send(cell.send)
        dialog.accept()

    def ask_window(self) -> WindowChoice:
        """Ask which window the notice is for."""
        composer = self._composer
        dialog = WindowChoice(
            self._context,
            self._now,
            composer.keeper.stored.id,
            is_linked=bool(composer.notice.window_id),
            parent=composer,
        )
        dialog.chosen.connect(self._link)
        dialog.show_fitting()
        return dialog

    def _link(self, choice: Choice | None) -> None:
        """Take when and where over from the window; without one they stay."""
        composer = self._composer
        if choice is None:
            composer.change(replace(composer.notice, window_id=0))
        else:
            composer.change(at_window(composer.notice, choice.window, choice.at))

    def open_window(self) -> None:
        """Show the linked window when all is saved."""
        composer, navigator = self._composer, self._context.navigator
        notice = composer.notice
        if not notice.window_id:
            navigator.say(f"No window is linked; {CHOOSE_KEYS} chooses one.")
            return
        near = notice.starts_at or self._now()
        composer.keeper.when_saved(lambda: navigator.open_window(notice.window_id, near))

    def ask_update(self) -> None:
        """Save what was typed, then ask what is new."""
        keeper = self._composer.keeper
        keeper.when_saved(lambda: self._deeds.ask_update(self._as_typed()))

    def ask_clear(self) -> None:
        """Save what was typed, then ask how it ended."""
        keeper = self._composer.keeper
        keeper.when_saved(lambda: self._deeds.ask_done(self._as_typed()))

    def _as_typed(self) -> StoredNotice:
        keeper = self._composer.keeper
        return replace(keeper.stored, notice=keeper.notice)

    def open_incident(self) -> None:
        """Show the incident it is told of when all is saved."""
        composer, navigator = self._composer, self._context.navigator
        number = composer.notice.incident_id
        if not number:
            navigator.say("No incident is linked: it was told without one.")
            return
        composer.keeper.when_saved(lambda: navigator.open_incident(number))

    def begin_with(self, prepared: Prepared) -> QMessageBox | None:
        """Put prepared texts in; where a person wrote something already, ask."""
        composer = self._composer
        if not any(getattr(composer.notice, name) for name in TRANSLATED):
            self._put(prepared)
            return None
        box = QMessageBox(composer)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Prepared texts")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText("Put the prepared texts in the place of those that are written?")
        box.setInformativeText("Times, servers and ways to reach support stay.")
        put = box.addButton("&Put them in", QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton("&Keep mine", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        put.clicked.connect(lambda: self._put(prepared))
        box.open()
        return box

    def _put(self, prepared: Prepared) -> None:
        composer = self._composer
        notice = begin_with(composer.notice, prepared)
        composer.change(replace(notice, minutes=notice.minutes or prepared.minutes))
