"""Chooses when customers hear again: in so many minutes, or not at all."""

from datetime import datetime, timedelta

from PySide6.QtWidgets import QComboBox

from noc_console.incidents.times import span_text

_SPANS = (10, 15, 20, 30, 45, 60, 90, 120, 240, 480, 1440)


class PromiseBox(QComboBox):
    """Spans from now on; `chosen` gives the moment."""

    def __init__(self, usual: timedelta, *, may_be_none: bool, before: str = "in") -> None:
        """Offer the usual spans, the incident's own chosen; `before` stands before each."""
        super().__init__()
        self.setAccessibleName("Next update")
        own = max(1, round(usual.total_seconds() / 60))
        spans = [timedelta(minutes=one) for one in sorted({*_SPANS, own})]
        self._spans: list[timedelta | None] = [*spans]
        self.addItems([f"{before} {span_text(one)}" for one in spans])
        if may_be_none:
            self._spans.append(None)
            self.addItem("nothing more is promised")
        self.setCurrentIndex(spans.index(timedelta(minutes=own)))

    def choose_none(self) -> None:
        """Choose to promise nothing more."""
        self.setCurrentIndex(self._spans.index(None))

    def span(self) -> timedelta | None:
        """Give the chosen span; None for no promise."""
        return self._spans[self.currentIndex()]

    def chosen(self, now: datetime) -> datetime | None:
        """Give the promised moment; None for no promise."""
        span = self.span()
        return None if span is None else now + span
