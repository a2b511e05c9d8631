"""Ways of looking at the fleet that a person gave a name: filter, order, table or wall.

They are kept with the window's layout. No Qt widgets here.
"""

import json
from dataclasses import asdict, dataclass, replace

from noc_console.desk.context import Settings
from noc_console.desk.fleet.fleet_cells import Column

MAX_NAME_LENGTH = 60
_KEY = "fleet.views"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """One way of looking at the fleet."""

    name: str
    filter: str = ""
    sort: str = Column.VERDICT.value
    """A column's title."""
    descending: bool = False
    is_wall: bool = False

    @property
    def column(self) -> Column:
        """The column to sort by; that of verdicts where a later version named another."""
        return next((one for one in Column if one.value == self.sort), Column.VERDICT)


BUILT_IN = (
    SavedView(name="Everything, the worst first"),
    SavedView(name="What needs a person", filter="-ok -in-maintenance"),
)


class SavedViews:
    """The saved views, by name."""

    def __init__(self, settings: Settings) -> None:
        """Read and keep them there."""
        self._settings = settings

    def all(self) -> list[SavedView]:
        """Give the saved views by name; what cannot be understood is left out."""
        kept = self._settings.get_layout(_KEY, [])
        views = (_read(one) for one in kept)
        return sorted((view for view in views if view), key=lambda view: view.name.casefold())

    def save(self, view: SavedView) -> None:
        """Keep a view, in the place of one of that name."""
        self._put([*(one for one in self.all() if one.name != view.name), view])

    def rename(self, name: str, to: str) -> None:
        """Give a view another name; one of that name gives way."""
        kept = {view.name: view for view in self.all()}
        view = kept.pop(name, None)
        if view is not None:
            self._put([*(one for one in kept.values() if one.name != to), replace(view, name=to)])

    def delete(self, name: str) -> None:
        """Forget a view."""
        self._put([one for one in self.all() if one.name != name])

    def _put(self, views: list[SavedView]) -> None:
        self._settings.put_layout(_KEY, [json.dumps(asdict(view)) for view in views])


def _read(text: object) -> SavedView | None:
    try:
        read = json.loads(str(text))
        view = SavedView(**read)
    except (ValueError, TypeError):
        return None
    words = (view.name, view.filter, view.sort)
    if not all(isinstance(word, str) for word in words) or not view.name:
        return None
    return view
