"""The signals by which pages hear of what is new; `desk.context.Live` says what each gives."""

from PySide6.QtCore import QObject, Signal


class LiveSignals(QObject):
    """The same for the live fleet and for one of the past."""

    fleet_changed = Signal(object)
    states_changed = Signal(object)
    samples_arrived = Signal(object)
    alarms_changed = Signal(object)
    readings_changed = Signal()
    orders_changed = Signal()
    settings_changed = Signal()
    deliveries_changed = Signal()
    incidents_changed = Signal()
    windows_changed = Signal()
    lines_changed = Signal()
    notices_changed = Signal()
    postings_changed = Signal()
    channels_changed = Signal()
    contacts_changed = Signal()
    audits_changed = Signal()
    recordings_changed = Signal()
    engine_changed = Signal(object)
    trouble_changed = Signal(str)

    is_loaded: bool
    engine: object
    is_starting_to_watch = False

    @property
    def is_unwatched(self) -> bool:
        """Whether nobody watches and no engine of this window is about to."""
        return self.is_loaded and self.engine is None and not self.is_starting_to_watch

    def expect_engine(self, is_expected: bool) -> None:
        """Note that this window's own engine is about to watch, or that it is not (any more)."""
        if is_expected != self.is_starting_to_watch:
            self.is_starting_to_watch = is_expected
            self.engine_changed.emit(self.engine)
