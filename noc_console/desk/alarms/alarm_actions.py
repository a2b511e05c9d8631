"""Everything a person can do with chosen alarms, as actions with keys, buttons and a menu."""

from collections.abc import Sequence

from PySide6.QtWidgets import QToolButton

from noc_console.desk.widgets.flow_row import FlowRow
from noc_console.desk.widgets.page_actions import PageActions
from noc_console.health.alarm import Alarm

MENU = (
    ("open",),
    ("acknowledge", "claim", "shelve", "unshelve", "latch"),
    ("incident", "tell"),
    ("copy", "all"),
)
BUTTONS = ("acknowledge", "claim", "shelve", "latch", "incident", "tell", "open")
_OF_OPEN = ("acknowledge", "claim", "shelve", "latch", "incident", "tell")


class AlarmActions(PageActions):
    """Awake where the chosen alarms take them; words say which way an act goes."""

    def show_alarms(self, chosen: Sequence[Alarm], person: str) -> None:
        """Wake what can be done with these."""
        for key in _OF_OPEN:
            self.by_key[key].setEnabled(bool(chosen))
        self.by_key["open"].setEnabled(len(chosen) == 1 and chosen[0].server_id is not None)
        self.by_key["unshelve"].setEnabled(any(one.shelved is not None for one in chosen))
        is_mine = bool(chosen) and all(
            one.claimed is not None and one.claimed.by == person for one in chosen
        )
        self.by_key["claim"].setText("Give ba&ck" if is_mine else "&Claim")
        is_latched = bool(chosen) and all(one.is_latched for one in chosen)
        self.by_key["latch"].setText("Un&latch" if is_latched else "&Latch")

    def buttons(self, keys: Sequence[str] = BUTTONS) -> FlowRow:
        """Give a row of buttons for what is done most."""
        row = FlowRow()
        for key in keys:
            button = QToolButton()
            button.setObjectName("plain")
            button.setDefaultAction(self.by_key[key])
            row.addWidget(button)
        return row
