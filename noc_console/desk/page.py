"""What a page of the window is: a widget made of a context, and how the rail names it.

A page that has keys of its own makes `QShortcut`s or `QAction`s on itself; a shortcut's `whatsThis`
says what it does, and so it stands in the key map; keys that a part of it takes without either are
told by `keys_told`. A page is live while it is shown (`showEvent`,
`hideEvent`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from noc_console.audit.decision import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKind:
    """A page of the rail that is always there. `make` is called when it is first shown."""

    key: str
    title: str
    keys: str
    """What to type to get there, such as `Ctrl+1`."""
    make: Callable[[DeskContext], QWidget]


@runtime_checkable
class ShowsIncident(Protocol):
    """A page on which an incident can be chosen from elsewhere."""

    def show_incident(self, incident_id: int) -> None:
        """Choose an incident, now or when it was read."""


@runtime_checkable
class ShowsNotice(Protocol):
    """A page on which a notice can be chosen from elsewhere."""

    def show_notice(self, notice_id: int, *, composing: bool = False) -> None:
        """Choose a notice, now or when it was read; or open it in the composer."""


@runtime_checkable
class ShowsWindow(Protocol):
    """A page on which a window can be chosen from elsewhere."""

    def show_window(self, window_id: int, near: datetime) -> None:
        """Choose the occurrence of a window that begins nearest to a moment."""


@runtime_checkable
class ShowsFinding(Protocol):
    """A page on which a finding of an audit can be chosen from elsewhere."""

    def show_finding_of(self, audit_id: int, key: Key) -> None:
        """Choose a finding of an audit, now or when it was read."""


@runtime_checkable
class TellsKeys(Protocol):
    """A page that takes keys which are no shortcuts, such as those of its graphs."""

    def keys_told(self) -> Sequence[tuple[str, str]]:
        """Give what each does: (words, keys)."""


@runtime_checkable
class OffersActions(Protocol):
    """A page whose deeds with servers stand in the window's menu too."""

    def actions_offered(self) -> Sequence[QAction]:
        """Give them, in their order."""


@runtime_checkable
class Settles(Protocol):
    """A page that is put together bit by bit, so that it never holds the window up."""

    @property
    def is_settled(self) -> bool:
        """Whether all of it is there."""
