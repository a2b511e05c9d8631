"""Everything a person can do on the fleet page, awake where it can be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from noc_console.desk.widgets.page_actions import Deed, PageActions


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetDeed(Deed):
    """One thing that may need chosen servers."""

    needs: str = "nothing"
    """`nothing`, `one` or `some` chosen servers."""


class FleetActions(PageActions):
    """The actions, awake where enough servers are chosen for them."""

    def __init__(self, page: QWidget, servers: QWidget, deeds: Sequence[FleetDeed]) -> None:
        """Put them on the page, and on the servers."""
        super().__init__(page, servers, deeds)
        self._needs = {deed.key: deed.needs for deed in deeds}

    def show_chosen(self, count: int) -> None:
        """Wake what can be done with so many chosen servers."""
        fits = {"nothing": True, "one": count == 1, "some": count > 0}
        for key, needed in self._needs.items():
            self.by_key[key].setEnabled(fits[needed])
        many = f" {count} servers" if count > 1 else ""
        self.by_key["edit"].setText(f"&Edit{many}…")
        self.by_key["delete"].setText(f"&Delete{many}…")
