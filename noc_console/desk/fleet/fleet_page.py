"""The fleet page: every server, the worst first, live. GUI thread only.

It joins the parts: counts, filter, table and wall over one model and one selection, actions.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import Colours, DeskContext
from noc_console.desk.evidence.recording_deeds import RecordingDeeds
from noc_console.desk.fleet.chosen_deeds import ChosenDeeds
from noc_console.desk.fleet.filter_bar import FilterBar
from noc_console.desk.fleet.filter_match import FleetMatch
from noc_console.desk.fleet.filter_terms import Filter, verdict_asked, with_verdict
from noc_console.desk.fleet.first_steps import FirstSteps
from noc_console.desk.fleet.fleet_actions import FleetActions, FleetDeed
from noc_console.desk.fleet.fleet_columns import UNKNOWN, VERDICTS, FleetColumns
from noc_console.desk.fleet.fleet_deeds import FleetDeeds
from noc_console.desk.fleet.fleet_feed import FleetFeed
from noc_console.desk.fleet.fleet_model import FleetModel
from noc_console.desk.fleet.fleet_table import FleetTable
from noc_console.desk.fleet.load_curve import CUT_OFF
from noc_console.desk.fleet.reason_line import ReasonLine
from noc_console.desk.fleet.saved_views import SavedView, SavedViews
from noc_console.desk.fleet.site_answer import MOST_ANSWERS, site_answer
from noc_console.desk.fleet.summary_bar import SummaryBar
from noc_console.desk.fleet.view_menu import ViewMenu, ask_name
from noc_console.desk.fleet.wall import Wall
from noc_console.desk.importing.export_file import export_servers
from noc_console.desk.notice_band import NoticeBand
from noc_console.fleet.server import Server, ServerKind

_WALL_KEY = "fleet.wall"
_NO_LIMIT = 16_777_215
"""Qt's own largest height (QWIDGETSIZE_MAX)."""
_NO_ENGINE = "No engine is watching: verdicts and figures are from when one last did."
_LEGEND = (
    "Each curve is ten minutes of load per core, all on one square-root scale; the dotted line is"
    f" the cut-off at {CUT_OFF:g}."
)
_MENU = (
    ("open", "edit", "duplicate"),
    ("read", "record", "evidence", "incident", "login", "test", "reboot"),
    ("delete", "undo"),
    ("add", "import", "export"),
    ("wall",),
)


class FleetPage(QWidget):
    """All servers, as a table or as a wall."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Show the live fleet as it was looked at last."""
        super().__init__()
        self.setAccessibleName("Fleet")
        self._context = context
        self._led_to: int | None = None
        look = context.theme().look
        self.columns = FleetColumns()
        self.model = FleetModel(self.columns, look, now, self)
        self.table = FleetTable(self.model, context.settings)
        self.chosen = self.table.selectionModel()
        self.wall = Wall(self.model, self.chosen)
        self.reasons = ReasonLine(self.model, self.chosen)
        self.summary = SummaryBar(look)
        self.filter_bar = FilterBar()
        self.views = SavedViews(context.settings)
        self.notice = NoticeBand()
        self.deeds = FleetDeeds(context, self.notice, self, now)
        recording = RecordingDeeds(context, self.notice.say, self, now)
        self._of_chosen = ChosenDeeds(context, self.chosen_servers, self.deeds, recording, self)
        self.servers = QStackedWidget()
        self.actions_of_page = FleetActions(self, self.servers, self._deeds())
        self.view_menu = ViewMenu(self.views, self.table, self.actions_of_page, self.show_view)
        self.first_steps = FirstSteps(
            context.navigator.add_server, context.navigator.import_servers, self._open_this_machine
        )
        self.add_button = QPushButton("&Add a server…")
        self.wall_button = QPushButton("Wall")
        self.wall_button.setToolTip("A tile for each server, or the table (W)")
        self.state, self.no_engine, self.nothing, self.legend = (QLabel() for _ in range(4))
        self._lay_out()
        self._join()
        self.feed = FleetFeed(context, self.model, now, self)
        self.feed.changed.connect(self.refresh)
        self.feed.changed.connect(self._lead_on)
        self.show_wall(bool(context.settings.get_layout(_WALL_KEY, False)))

    def _lay_out(self) -> None:
        self.servers.addWidget(self.table)
        self.servers.addWidget(self.wall)
        self.no_engine.setObjectName("notice")
        self.no_engine.setText(f"▲  {_NO_ENGINE}")
        self.state.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.state.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.nothing.setText("No server fits the filter. Esc in the filter line shows all again.")
        for label in (self.nothing, self.legend):
            label.setObjectName("faint")
        self.legend.setText(_LEGEND)
        for label in (self.state, self.no_engine, self.nothing, self.legend):
            label.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        top.addStretch()
        top.addWidget(self.add_button)
        self.filter_bar.row.addWidget(self.wall_button)
        self.filter_bar.row.addWidget(self.view_menu)
        inside = QVBoxLayout()
        inside.setContentsMargins(12, 10, 12, 8)
        inside.setSpacing(8)
        inside.addWidget(self.no_engine)
        inside.addWidget(self.state)
        inside.addLayout(top)
        inside.addWidget(self.filter_bar)
        inside.addWidget(self.nothing)
        inside.addWidget(self.legend)
        inside.addWidget(self.servers, 1)
        inside.addWidget(self.reasons)
        inside.addWidget(self.first_steps)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(inside, 1)
        box.addWidget(self.notice)

    def _join(self) -> None:
        self.summary.verdict_chosen.connect(
            lambda verdict: self.filter_bar.show_filter(
                with_verdict(self.filter_bar.line.text(), verdict)
            )
        )
        self.filter_bar.filter_changed.connect(self._filter)
        self.filter_bar.line.left.connect(self.focus_servers)
        self.add_button.clicked.connect(self._context.navigator.add_server)
        self.wall_button.clicked.connect(self._toggle_wall)
        self._context.themes.changed.connect(self._paint)
        self._context.live.trouble_changed.connect(lambda _: self.refresh())
        self.chosen.selectionChanged.connect(self._count_chosen)
        self.table.activated.connect(self._open)
        self.wall.activated.connect(self._open)
        for part in (self.table, self.wall):
            part.customContextMenuRequested.connect(self._open_menu)
        self._count_chosen()

    def _deeds(self) -> list[FleetDeed]:
        deeds, navigator = self.deeds, self._context.navigator
        return [
            FleetDeed(
                key="open", words="&Open", keys="Return Enter", act=self._open_current, needs="some"
            ),
            *self._of_chosen.of_page(),
            FleetDeed(
                key="undo",
                words="U&ndo",
                keys="Ctrl+Z",
                act=deeds.undo,
                is_of_page=True,
            ),
            FleetDeed(key="add", words="&Add a server…", keys="Ins", act=navigator.add_server),
            FleetDeed(
                key="import", words="&Import servers…", keys="", act=navigator.import_servers
            ),
            FleetDeed(
                key="export",
                words="E&xport servers…",
                keys="Ctrl+E",
                act=lambda: export_servers(self._context, self),
                is_of_page=True,
            ),
            FleetDeed(key="all", words="Choose all", keys="Ctrl+A", act=self.table.selectAll),
            FleetDeed(
                key="find",
                words="&Filter",
                keys="Ctrl+F /",
                act=self.filter_bar.line.setFocus,
                is_of_page=True,
            ),
            FleetDeed(key="wall", words="&Wall or table", keys="W", act=self._toggle_wall),
            FleetDeed(
                key="save view",
                words="&Save this view…",
                keys="Ctrl+S",
                act=lambda: ask_name(self, self.save_view),
                is_of_page=True,
            ),
            FleetDeed(
                key="part",
                words="Go to the next part of the page",
                keys="F6",
                act=self._focus_next_part,
                is_of_page=True,
            ),
        ]

    def actions_offered(self) -> list[QAction]:
        """Give what can be done with the chosen servers, for the window's menu."""
        return [self.actions_of_page.by_key[key] for group in _MENU[:3] for key in group]

    @property
    def is_settled(self) -> bool:
        """Whether every server is listed: of thousands that takes some slices."""
        return self.feed.is_settled

    def refresh(self) -> None:
        """Show what holds now: counts, notices, what there is to say instead of servers."""
        live = self._context.live
        there = self.columns.there()
        counted = np.bincount(self.columns.verdicts()[there], minlength=len(VERDICTS)).tolist()
        self.summary.show_counts(dict(zip(VERDICTS, counted, strict=True)), len(there))
        self.filter_bar.show_count(self.model.rowCount(), len(there))
        is_waiting = not live.is_loaded or (bool(live.servers) and not len(there))
        had_focus = self._has_focus()
        self.state.setText(live.trouble or "Reading the fleet …")
        self.state.setVisible(is_waiting)
        self.no_engine.setVisible(bool(len(there)) and live.is_unwatched)
        is_first = not is_waiting and self.columns.holds_no_server_of_ours
        self.filter_bar.setVisible(not is_waiting and not is_first)
        self.summary.setVisible(not is_waiting and bool(len(there)))
        self.servers.setVisible(not is_waiting and bool(len(there)))
        self.reasons.setVisible(not is_waiting and not is_first and bool(len(there)))
        self.reasons.refresh()
        self.nothing.setVisible(bool(len(there)) and not self.model.rowCount())
        self.first_steps.setVisible(is_first)
        self.add_button.setHidden(is_first)  # it is the first of the steps
        self.first_steps.show_words(
            has_this_machine=bool(len(there)), is_watched=live.engine is not None
        )
        self.legend.setVisible(self.is_wall and not is_first and not is_waiting)
        is_one_row = is_first and not self.is_wall
        self.servers.setMaximumHeight(self._height_of_one() if is_one_row else _NO_LIMIT)
        self._lead_focus(
            self.state if is_waiting else self.first_steps if is_first else None, had_focus
        )

    def _has_focus(self) -> bool:
        """Whether the window's focus is in what is shown now, in front or behind a dialog."""
        held = self.window().focusWidget()
        proxy = self.focusProxy()
        return (
            proxy is not None and held is not None and (proxy is held or proxy.isAncestorOf(held))
        )

    def _lead_focus(self, instead: QWidget | None, had_focus: bool) -> None:
        """Let the focus of the page go where something is: a hidden part would lose it."""
        wanted = instead or self.shown_part
        if wanted is self.focusProxy():
            return
        self.setFocusProxy(wanted)
        if had_focus and instead is None:
            self.focus_servers()
        elif had_focus:
            wanted.setFocus()

    def chosen_servers(self) -> list[Server]:
        """Give the chosen servers, in the order shown."""
        places = sorted(index.row() for index in self.chosen.selectedRows())
        servers = (self.columns.servers[int(self.model.shown[place])] for place in places)
        return [server for server in servers if server is not None]

    def show_view(self, view: SavedView) -> None:
        """Look at the fleet in a saved way."""
        self.filter_bar.show_filter(view.filter)
        self.table.sort_by(view.column, descending=view.descending)
        self.show_wall(view.is_wall)

    def save_view(self, name: str) -> None:
        """Keep how the fleet is looked at now."""
        column, order = self.model.sorted_by
        self.views.save(
            SavedView(
                name=name,
                filter=self.filter_bar.line.text().strip(),
                sort=column.value,
                descending=order is Qt.SortOrder.DescendingOrder,
                is_wall=self.is_wall,
            )
        )
        self.notice.say(f"The view {name} is in the View menu now.")

    @property
    def is_wall(self) -> bool:
        """Whether the wall is shown."""
        return self.servers.currentWidget() is self.wall

    @property
    def shown_part(self) -> QWidget:
        """The wall or the table, whichever is shown."""
        return self.wall if self.is_wall else self.table

    def show_wall(self, is_wall: bool) -> None:
        """Show the wall, or the table."""
        had_focus = self.servers.isAncestorOf(self.focusWidget() or self)
        self.servers.setCurrentWidget(self.wall if is_wall else self.table)
        self.wall_button.setText("Table" if is_wall else "Wall")
        self._context.settings.put_layout(_WALL_KEY, is_wall)
        self.refresh()
        if had_focus:
            self.focus_servers()

    def focus_servers(self) -> None:
        """Go to the servers; the first is chosen where none was."""
        if not self.chosen.hasSelection() and self.model.rowCount():
            self.table.selectRow(0)
            self._led_to = self._current_id() if self._is_unjudged() else None
        self.shown_part.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _is_unjudged(self) -> bool:
        return bool((self.columns.verdicts()[self.columns.there()] == UNKNOWN).all())

    def _current_id(self) -> int | None:
        index = self.chosen.currentIndex()
        rows = self.model.shown[index.row() : index.row() + 1] if index.isValid() else ()
        return next(iter(self.columns.ids_of(rows)), None)

    def _lead_on(self) -> None:
        """Go to the worst once there are verdicts, if the cursor is where the start put it."""
        if self._led_to is None or self._is_unjudged():
            return
        is_untouched = self._led_to == self._current_id() and len(self.chosen.selectedRows()) == 1
        self._led_to = None
        if is_untouched:
            self.table.selectRow(0)

    def _toggle_wall(self) -> None:
        self.show_wall(not self.is_wall)

    def _filter(self, wanted: Filter) -> None:
        self.model.keep(FleetMatch(wanted) if wanted.terms else None)
        found = (self.columns.servers[row] for row in self.model.shown[: MOST_ANSWERS + 1])
        self.filter_bar.show_answer(site_answer(wanted, [one for one in found if one]))
        self.summary.show_asked(verdict_asked(wanted))
        self.refresh()

    def _count_chosen(self) -> None:
        count = sum(part.height() for part in self.chosen.selection().toList())
        self.actions_of_page.show_chosen(count)

    def _open(self, index: QModelIndex) -> None:
        (server_id,) = self.columns.ids_of([int(self.model.shown[index.row()])])
        self._context.navigator.open_server(server_id)

    def _open_current(self) -> None:
        current = self.chosen.currentIndex()
        if current.isValid():
            self._open(current)

    def _open_this_machine(self) -> None:
        for server in self.columns.servers:
            if server is not None and server.kind is ServerKind.THIS_MACHINE:
                self._context.navigator.open_server(server.id)

    def _open_menu(self, at: QPoint) -> None:
        """No row moves while the menu is open."""
        part = self.table.viewport() if not self.is_wall else self.wall
        menu = self.actions_of_page.menu(self, _MENU)
        self.model.hold()
        self.table.let_go()
        self.wall.let_go()
        menu.aboutToHide.connect(self.model.release)
        menu.popup(part.mapToGlobal(at))

    def _focus_next_part(self) -> None:
        parts = (self.shown_part, self.filter_bar.line, self.summary.all_button)
        held = [part.hasFocus() for part in parts]
        place = held.index(True) + 1 if True in held else 0
        parts[place % len(parts)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _paint(self, theme: Colours) -> None:
        self.model.look = theme.look
        self.summary.set_look(theme.look)
        self.table.viewport().update()
        self.wall.viewport().update()

    def _height_of_one(self) -> int:
        header = self.table.horizontalHeader().sizeHint().height()
        bar = self.table.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() else 0
        return header + self.table.verticalHeader().defaultSectionSize() + below + 6
