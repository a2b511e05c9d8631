"""Everything a person can do on the page of incidents, as actions with keys and buttons."""

from PySide6.QtWidgets import QHBoxLayout, QToolButton

from noc_console.desk.widgets.page_actions import PageActions
from noc_console.incidents.incident.incident import Incident

_BUTTONS = ("tell", "update", "lead", "edit", "resolve", "close", "export")
_OF_ONE = ("tell", "update", "lead", "edit", "resolve", "close", "note", "evidence", "export")


class IncidentActions(PageActions):
    """Awake where the chosen incident takes them; words say which way an act goes."""

    def show_incident(self, one: Incident | None, person: str) -> None:
        """Wake what can be done with this one."""
        for key in _OF_ONE:
            self.by_key[key].setEnabled(one is not None)
        is_mine = one is not None and one.lead == person
        self.by_key["lead"].setText("Give the &lead back" if is_mine else "Take the &lead")
        is_over = one is not None and not one.is_open
        self.by_key["resolve"].setText("Open a&gain" if is_over else "&Resolve…")
        if one is not None and one.is_closed:
            self.by_key["close"].setEnabled(False)

    def buttons(self) -> QHBoxLayout:
        """Give a row of buttons for what is done most."""
        row = QHBoxLayout()
        row.setSpacing(6)
        for key in _BUTTONS:
            button = QToolButton()
            button.setObjectName("plain")
            button.setDefaultAction(self.by_key[key])
            row.addWidget(button)
        row.addStretch(1)
        return row
