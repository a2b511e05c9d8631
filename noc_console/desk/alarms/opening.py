"""The way from elsewhere to alarms on their page. GUI thread only."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from noc_console.desk.alarms.alarms_page import AlarmsPage
from noc_console.desk.context import Navigator


def show_alarms(navigator: Navigator, window: QWidget, ids: Sequence[int]) -> None:
    """Show the page of alarms in a window, with some of them chosen where they are open."""
    navigator.open_page("alarms")
    page = window.findChild(AlarmsPage)
    if page is not None:
        page.show_alarms(ids)
