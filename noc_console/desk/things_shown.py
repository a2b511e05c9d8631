"""Ways from anywhere to one thing on the page that holds it. GUI thread only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from noc_console.desk.page import ShowsFinding, ShowsIncident, ShowsNotice, ShowsWindow

if TYPE_CHECKING:
    from noc_console.audit.decision import Key


class ThingsShown:
    """A part of the window, which says how a page is opened and which one is shown."""

    @property
    def current_page(self) -> QWidget | None:
        """The page now shown."""
        raise NotImplementedError

    def open_page(self, key: str) -> None:
        """Show a page of the rail."""
        raise NotImplementedError

    def open_incident(self, incident_id: int) -> None:
        """Show an incident on the page of incidents."""
        self.open_page("incidents")
        page = self.current_page
        if page is not None and isinstance(page, ShowsIncident):
            page.show_incident(incident_id)

    def open_notice(self, notice_id: int, *, composing: bool = False) -> None:
        """Show a notice on the page of notices, or in the composer."""
        self.open_page("notices")
        page = self.current_page
        if page is not None and isinstance(page, ShowsNotice):
            page.show_notice(notice_id, composing=composing)

    def open_window(self, window_id: int, near: datetime) -> None:
        """Show a window on the page of windows."""
        self.open_page("windows")
        page = self.current_page
        if page is not None and isinstance(page, ShowsWindow):
            page.show_window(window_id, near)

    def open_finding(self, audit_id: int, key: Key) -> None:
        """Show a finding of an audit on the page of audits."""
        self.open_page("audit")
        page = self.current_page
        if page is not None and isinstance(page, ShowsFinding):
            page.show_finding_of(audit_id, key)
