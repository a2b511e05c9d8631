"""The composer: the seven things at the left, what each channel would show at the right.

GUI thread only. Everything that is typed is saved and read through in the background.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.composer.composer_reading import (
    HostMemory,
    Reading,
    Templates,
    read_draft,
    read_templates,
)
from noc_console.desk.composer.composer_words import audience_text, missing_text, standing_text
from noc_console.desk.composer.course_panel import CoursePanel
from noc_console.desk.composer.draft_keeper import DraftKeeper
from noc_console.desk.composer.field_names import LANGUAGES
from noc_console.desk.composer.findings_list import FindingsList, points_of
from noc_console.desk.composer.languages_panel import LanguagesPanel
from noc_console.desk.composer.own_language import written_in
from noc_console.desk.composer.plan_model import PlanModel
from noc_console.desk.composer.preview_panel import PreviewPanel
from noc_console.desk.composer.seven_fields import SevenFields
from noc_console.desk.context import DeskContext
from noc_console.desk.one_at_a_time import OneAtATime
from noc_console.desk.widgets.eliding_label import ElidingLabel
from noc_console.desk.widgets.flow_row import FlowRow
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.notices.notice import Notice, NoticeKind, Send
from noc_console.notices.notice_records import StoredNotice, get_notice
from noc_console.notices.prepared import Prepared
from noc_console.notices.reading_through import ReadBefore

_READ_AFTER_MS = 200
_SHARES = (520, 640)
_FINDINGS_SHARES = (440, 150)
_PLANNED = {
    NoticeKind.SCHEDULED: (
        *(Send.WEEK_BEFORE, Send.DAY_BEFORE, Send.START, Send.UPDATE, Send.DONE),
    ),
    NoticeKind.UNSCHEDULED: (Send.FIRST_WORD, Send.UPDATE, Send.ALL_CLEAR),
}
_TEMPLATE_ROOM = 21
_NARROW, _LEAST_HEIGHT = 760, 260
_BEGIN_WITH = "Begin with prepared texts …"


class Composer(QWidget):
    """One notice: its draft shown, typed and saved; `composer_deeds` has what else is done here."""

    left = Signal()
    """A person wants back to the list, and all is saved."""
    template_chosen = Signal(object)
    """Prepared texts that a person wants to begin with."""

    def __init__(
        self, context: DeskContext, stored: StoredNotice, now: Callable[[], datetime]
    ) -> None:
        """Show a notice's draft."""
        super().__init__()
        self._context = context
        self._now = now
        self.setAccessibleName("Composer")
        self.keeper = DraftKeeper(context, stored, now, self)
        self._memory, self._before = HostMemory(), ReadBefore()
        self._prepared: tuple[Prepared, ...] = ()
        self.reading: Reading | None = None
        self._is_asking = False
        kind, is_scheduled = stored.notice.kind, stored.notice.is_scheduled
        self._sends: Sequence[Send] = _PLANNED[kind]
        self.fields = SevenFields(is_scheduled, context.live.servers, context.background, now)
        self.preview = PreviewPanel(context, stored.notice, now)
        self.findings = FindingsList(context.theme)
        self.plan = PlanModel(now, self)
        self.languages = LanguagesPanel(stored.notice, context.theme)
        self.course = None if is_scheduled else CoursePanel(context, stored, now)
        self.plan_view = QTableView()
        self.heading, self.standing = ElidingLabel(), ElidingLabel()
        self.missing, self.trouble = plain_label(), plain_label()
        self.template = QComboBox()
        self.approve_button, self.back_button = QPushButton("&Approve"), QPushButton("Back (Esc)")
        self.trial_button = QPushButton("Test send…")
        self.tabs = QTabWidget()
        self._drafts = OneAtATime(context.background, self._read_soon, self)
        self._read_timer = QTimer(self)
        self._read_timer.setSingleShot(True)
        self._read_timer.setInterval(_READ_AFTER_MS)
        self._lay_out()
        self._join()
        self._show_draft()
        self._read_templates()

    @property
    def notice(self) -> Notice:
        """The draft as it was typed last."""
        return self.keeper.notice

    @property
    def is_settled(self) -> bool:
        """Whether everything that follows from the draft is shown."""
        is_quiet = not self._drafts.is_reading and not self._read_timer.isActive()
        return is_quiet and self.keeper.is_saved and self.preview.is_settled

    def _lay_out(self) -> None:
        self.heading.setObjectName("sectionTitle")
        self.standing.setObjectName("faint")
        for label in (self.trouble, self.missing):
            label.hide()
        self.template.setAccessibleName("Prepared texts")
        self.template.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.template.setMinimumContentsLength(_TEMPLATE_ROOM)
        top = QHBoxLayout()
        top.addWidget(self.back_button)
        top.addWidget(self.heading)
        top.addWidget(self.standing, 1)
        top.addLayout(FlowRow((self.template, self.trial_button, self.approve_button)))
        scroll = QScrollArea()
        scroll.setWidget(self.fields)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fields_room = scroll
        self.plan_view.setModel(self.plan)
        self.plan_view.setAccessibleName("The plan: channels down, sends across")
        self.plan_view.setTabKeyNavigation(False)
        self.tabs.addTab(self.preview, "Previe&w")
        self.tabs.addTab(self.plan_view, "Plan")
        self.tabs.addTab(self.languages, "Languages")
        if self.course is not None:
            self.tabs.addTab(self.course, "Course")
            if self.keeper.stored.live_version is not None:
                self.tabs.setCurrentWidget(self.course)
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self.tabs)
        right.addWidget(self.findings)
        right.setChildrenCollapsible(False)
        right.setSizes(list(_FINDINGS_SHARES))
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(scroll)
        whole.addWidget(right)
        whole.setChildrenCollapsible(False)
        whole.setSizes(list(_SHARES))
        self.whole = whole
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 8)
        box.setSpacing(6)
        box.addLayout(top)
        box.addWidget(self.trouble)
        box.addWidget(self.missing)
        box.addWidget(whole, 1)
        self.setFocusProxy(self.fields)

    def _join(self) -> None:
        self.fields.changed.connect(self._take_fields)
        self.fields.language.textActivated.connect(
            lambda code: self.change(written_in(self.notice, code))
        )
        self.keeper.saved.connect(self._show_standing)
        self.keeper.troubled.connect(self._show_trouble)
        self.keeper.moved.connect(self._show_moved)
        self.languages.typed.connect(self._take_translation)
        self.languages.changed.connect(self.change)
        self.languages.troubled.connect(self._show_trouble)
        self.findings.wanted.connect(self.go_to)
        self.back_button.clicked.connect(self.leave)
        self.template.activated.connect(self._begin_with)
        self._read_timer.timeout.connect(self._read)
        live = self._context.live
        for signal in (live.channels_changed, live.windows_changed):
            signal.connect(self._read_soon)
        live.contacts_changed.connect(self._read_contacts)
        live.fleet_changed.connect(lambda _: self._read_soon())
        live.settings_changed.connect(self._read_soon)
        live.notices_changed.connect(self._look_at_store)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the preview below the fields where both have no room beside one another."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        self.whole.setOrientation(
            Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        )
        for part in (self.fields_room, self.tabs):
            part.setMinimumHeight(_LEAST_HEIGHT if is_narrow else 0)

    def hideEvent(self, event: QHideEvent) -> None:
        """Save at once what was typed last."""
        super().hideEvent(event)
        self.keeper.when_saved(lambda: None)

    def changeEvent(self, event: QEvent) -> None:
        """Save at once when the window is left."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self.keeper.when_saved(lambda: None)

    def leave(self) -> None:
        """Go back to the list when all is saved."""
        self.keeper.when_saved(self._leave)

    def _leave(self) -> None:
        self.preview.close_renderer()
        self.left.emit()

    def change(self, notice: Notice) -> None:
        """Put another draft in the place of this one, in the fields too."""
        self.keeper.take(notice)
        self._show_draft()

    def go_to(self, name: str) -> None:
        """Put the cursor into a field, or into the first text that a language lacks."""
        if name.startswith(LANGUAGES):
            self.languages.choose(name.removeprefix(LANGUAGES))
            self.open_languages()
            return
        self.fields.go_to(name)
        self.fields_room.ensureWidgetVisible(self.fields.field(name))

    def _take_fields(self) -> None:
        try:
            notice = self.fields.notice(self.keeper.notice)
        except ConsoleError as failure:
            self._show_trouble(failure.sentence)
            return
        self._say(self.trouble, "")
        self.keeper.take(notice)
        self.fields.show_clocks(notice, self._reader_zones())
        self._follow(notice)

    def _take_translation(self, notice: Notice) -> None:
        self._say(self.trouble, "")
        self.keeper.take(notice)
        self._follow(notice)

    def _show_draft(self) -> None:
        self.fields.show_notice(self.notice)
        self._follow(self.notice)

    def _follow(self, notice: Notice) -> None:
        number = self.keeper.stored.id
        self.heading.setText(f"{number}: {inert(notice.title, 60) or '(no title yet)'}")
        self._show_standing()
        self.preview.show_notice(notice)
        self.languages.show_notice(notice)
        self._read_soon()

    def _read_soon(self) -> None:
        if not self._read_timer.isActive():
            self._read_timer.start()

    def _read_contacts(self) -> None:
        self._before = ReadBefore()
        self._read_soon()

    def _read(self) -> None:
        store, notice, now = self._context.store, self.notice, self._now()
        before, live = self._before, self._context.live
        servers = live.servers if live.is_loaded else None

        def work() -> Reading:
            before.servers = servers
            return read_draft(store, notice, self._sends, self._memory, before, now)

        self._drafts.call(
            work, self._show_reading, lambda failure: self._show_trouble(failure.sentence)
        )

    def _show_reading(self, reading: Reading) -> None:
        if reading.notice != self.notice:
            self._read_soon()
        self.reading = reading
        colours = self._context.theme().look.colours
        dark = f"color: {colours[Verdict.EARLY].name()}; font-weight: 600;"
        self.fields.show_lamps(reading.through.lamps, dark)
        self.fields.window_line.show_window(reading.notice, reading.through.window)
        self.fields.audience.setText(inert(audience_text(reading), 600))
        self.fields.show_clocks(self.notice, self._reader_zones())
        self.findings.show_points(
            points_of(reading.notice, reading.through, self.fields.unknown_names())
        )
        self.plan.show_cells(self._sends, reading.cells, reading.standings)
        self.plan_view.resizeColumnsToContents()
        self.preview.show_channels(reading.channels)
        self.languages.show_languages(reading.through.languages)
        self._show_missing(reading)
        self._ask_for_hosts()

    def _ask_for_hosts(self) -> None:
        """The name service may take seconds: typing never waits for it."""
        if self._is_asking or not self._memory.has_unasked:
            return
        self._is_asking = True

        def finish(_: None) -> None:
            self._is_asking = False
            self._read_soon()

        def fail(_: ConsoleError) -> None:
            self._is_asking = False

        self._context.background.call(self._memory.ask, finish, fail, self)

    def _show_missing(self, reading: Reading) -> None:
        words = missing_text(reading, self.keeper.stored, self._context.asked_by)
        self._say(self.missing, words)
        colours = self._context.theme().look.colours
        verdict = Verdict.DOWN if words.startswith("■") else Verdict.EARLY
        self.missing.setStyleSheet(f"color: {colours[verdict].name()}; font-weight: 600;")
        is_over = self.keeper.stored.state.is_over
        can_be = reading.through.is_complete and not self.fields.unknown_names() and not is_over
        self.approve_button.setEnabled(can_be and reading.has_channels and reading.is_changed)

    def _show_standing(self) -> None:
        stored = self.keeper.stored
        self.standing.setText(standing_text(stored, is_saved=self.keeper.is_saved))
        self.fields.show_standing(stored)

    def _show_trouble(self, sentence: str) -> None:
        self._say(self.trouble, f"■  {sentence}" if sentence else "")
        colour = self._context.theme().look.colours[Verdict.DOWN].name()
        self.trouble.setStyleSheet(f"color: {colour}; font-weight: 600;")

    def _show_moved(self, sentence: str) -> None:
        self._show_trouble(f"{sentence} What you typed here is not saved any more.")
        self.fields.setEnabled(False)

    def take_theirs(self, stored: StoredNotice) -> None:
        """Show what the store has in the place of what was typed here."""
        self.keeper.read_anew(stored)
        self.fields.setEnabled(True)
        self._say(self.trouble, "")
        self._show_draft()

    def _look_at_store(self) -> None:
        """Another desk, or an act, may have changed it: take that over where nothing is unsaved."""
        if not self.isVisible() or not self.keeper.is_saved:
            return
        store, number = self._context.store, self.keeper.stored.id
        self._context.background.call(
            lambda: get_notice(store, number), self._take_stored, lambda _: None, self
        )

    def _take_stored(self, stored: StoredNotice) -> None:
        if not self.keeper.is_saved or stored.edition < self.keeper.edition:
            return
        is_other = stored.notice != self.notice
        self.keeper.read_anew(stored)
        if self.course is not None:
            self.course.show_stored(stored)
        if is_other:
            self._show_draft()
        else:
            self._show_standing()
            self._read_soon()

    def _read_templates(self) -> None:
        store, notice = self._context.store, self.notice
        self._context.background.call(
            lambda: read_templates(store, notice),
            self._show_templates,
            lambda failure: self._show_trouble(failure.sentence),
            self,
        )

    def _show_templates(self, found: Templates) -> None:
        self._prepared = found.prepared
        self.template.clear()
        self.template.addItem(_BEGIN_WITH)
        for one in found.prepared:
            self.template.addItem(inert(one.title(self.notice.language), 60))
        self.fields.show_languages(found.languages, self.notice.language)
        self.languages.show_templates(found)

    def open_templates(self) -> None:
        """Offer the prepared texts."""
        self.template.setFocus()
        self.template.showPopup()

    def _begin_with(self, place: int) -> None:
        if 0 < place <= len(self._prepared):
            self.template_chosen.emit(self._prepared[place - 1])
        self.template.setCurrentIndex(0)

    def open_languages(self) -> None:
        """Go to the first text that the chosen language lacks."""
        self.tabs.setCurrentWidget(self.languages)
        self.languages.go_to_next_missing()

    def turn_tab(self) -> None:
        """Show the next of preview, plan, languages and course."""
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % self.tabs.count())
        shown = self.tabs.currentWidget()
        (self.preview.tabs if shown is self.preview else shown).setFocus()

    def _reader_zones(self) -> tuple[str, ...]:
        return self.reading.reader_zones if self.reading is not None else ()

    def _say(self, label: QLabel, words: str) -> None:
        label.setText(words)
        label.setAccessibleName(words)
        label.setVisible(bool(words))
