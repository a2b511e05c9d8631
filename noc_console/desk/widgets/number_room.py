"""Room before what is typed into a box with arrows: a style sheet's padding does not reach it."""

from typing import TypeVar

from PySide6.QtWidgets import QAbstractSpinBox

_ROOM = 6

Box = TypeVar("Box", bound=QAbstractSpinBox)


def with_room(box: Box) -> Box:
    """Give the box, its text as far from the edge as in a line."""
    box.lineEdit().setTextMargins(_ROOM, 0, 0, 0)
    return box
