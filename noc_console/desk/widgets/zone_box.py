"""A box to choose or type a time zone: our own first, then UTC, then all. GUI thread only."""

from functools import cache
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter

from noc_console.desk.widgets.off_thread import OffThread
from noc_console.incidents.wall_time import UnknownZone, own_zone, zone_of

_ROOM = 14


@cache
def zone_names() -> tuple[str, ...]:
    """Give the names of all zones of this machine."""
    return tuple(sorted(available_timezones()))


class ZoneBox(QComboBox):
    """`zone` is always one there is; a name that is none is put back."""

    zone_changed = Signal(str)

    def __init__(self, background: OffThread) -> None:
        """Choose our own zone; the names of all are read in the background, a quarter second."""
        super().__init__()
        self.setAccessibleName("Time zone")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_ROOM)
        own = own_zone()
        self.addItems(list(dict.fromkeys((own, "UTC"))))
        completer = self.completer() or QCompleter(self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.zone = own
        self.activated.connect(lambda _: self._take())
        line = self.lineEdit()
        if line is not None:
            line.editingFinished.connect(self._take)

        background.call(zone_names, self._take_names, lambda _: None, self)

    def choose(self, name: str) -> None:
        """Choose a zone without telling anybody."""
        self.zone = name
        self.setCurrentText(name)

    def _take_names(self, names: tuple[str, ...]) -> None:
        known = {self.itemText(place) for place in range(self.count())}
        self.addItems([name for name in names if name not in known])

    def _take(self) -> None:
        words = self.currentText().strip()
        try:
            name = zone_of(words).key
        except UnknownZone:
            self.setCurrentText(self.zone)
            return
        if name != self.zone:
            self.zone = name
            self.zone_changed.emit(name)
