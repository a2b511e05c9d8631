"""One thing from elsewhere on the page that holds it, now or when it was read. GUI thread only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from noc_console.desk.page import ShowsFinding, ShowsIncident, ShowsNotice, ShowsWindow

if TYPE_CHECKING:
    from noc_console.audit.decision import Key


def show_incident(page: QWidget | None, incident_id: int) -> None:
    """Show an incident on its page."""
    if page is not None and isinstance(page, ShowsIncident):
        page.show_incident(incident_id)


def show_notice(page: QWidget | None, notice_id: int, *, composing: bool) -> None:
    """Show a notice on its page, or in the composer."""
    if page is not None and isinstance(page, ShowsNotice):
        page.show_notice(notice_id, composing=composing)


def show_window(page: QWidget | None, window_id: int, near: datetime) -> None:
    """Show a window on its page."""
    if page is not None and isinstance(page, ShowsWindow):
        page.show_window(window_id, near)


def show_finding(page: QWidget | None, audit_id: int, key: Key) -> None:
    """Show a finding of an audit on its page."""
    if page is not None and isinstance(page, ShowsFinding):
        page.show_finding_of(audit_id, key)
