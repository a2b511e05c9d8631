"""The menu of ways to look at the fleet: saved views, order, columns, table or wall."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton, QWidget

from noc_console.desk.fleet.fleet_table import FleetTable
from noc_console.desk.fleet.saved_views import BUILT_IN, MAX_NAME_LENGTH, SavedView, SavedViews
from noc_console.desk.widgets.page_actions import PageActions


class ViewMenu(QToolButton):
    """A button with that menu; it is made anew each time it opens."""

    def __init__(
        self,
        views: SavedViews,
        table: FleetTable,
        actions: PageActions,
        show: Callable[[SavedView], None],
    ) -> None:
        """Offer the views that are kept."""
        super().__init__()
        self._views = views
        self._table = table
        self._actions = actions
        self._show = show
        self.setText("View")
        self.setObjectName("plain")
        self.setAccessibleName("View: saved views, order, columns")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def _fill(self) -> None:
        menu, kept = self.menu(), self._views.all()
        menu.clear()
        for view in (*BUILT_IN, *kept):
            menu.addAction(view.name.replace("&", "&&"), partial(self._show, view))
        menu.addSeparator()
        menu.addAction(self._actions.by_key["save view"])
        if kept:
            rename, delete = menu.addMenu("&Rename a view"), menu.addMenu("&Delete a view")
            for view in kept:
                words = view.name.replace("&", "&&")
                rename.addAction(words, partial(self._rename, view.name))
                delete.addAction(words, partial(self._views.delete, view.name))
        menu.addSeparator()
        menu.addAction(self._actions.by_key["wall"])
        self._table.fill_sort_menu(menu.addMenu("&Sort by"))
        self._table.fill_column_menu(menu.addMenu("&Columns"))

    def _rename(self, name: str) -> None:
        ask_name(self, partial(self._views.rename, name), title="Rename the view", name=name)


def ask_name(
    parent: QWidget,
    keep: Callable[[str], None],
    *,
    title: str = "Save this view",
    name: str = "",
) -> QInputDialog:
    """Ask under what name a view is to be kept; `name` is what it has."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText("Name of this filter and order:")
    dialog.setTextValue(name)
    dialog.textValueSelected.connect(
        lambda name: keep(name.strip()[:MAX_NAME_LENGTH]) if name.strip() else None
    )
    dialog.open()
    return dialog
