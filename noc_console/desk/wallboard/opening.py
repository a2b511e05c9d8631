"""Opens the wallboard over a window, on the whole screen, and takes both back when it is left."""

from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.wallboard.wallboard import Wallboard


def open_wallboard(
    context: DeskContext, window: QWidget, *, whole_screen: bool = True
) -> Wallboard:
    """Cover the window; a wallboard that is there already comes to the front."""
    there = window.findChild(Wallboard)
    if there is not None:
        there.raise_()
        return there
    was_whole = window.isFullScreen()
    had_focus = window.focusWidget()
    board = Wallboard(context, window)

    def leave() -> None:
        window.removeEventFilter(board)
        board.setParent(None)
        board.close()
        board.deleteLater()
        if whole_screen and not was_whole:
            window.showNormal()
        if had_focus is not None:
            had_focus.setFocus()

    board.left.connect(leave)
    if whole_screen and not was_whole:
        window.showFullScreen()
    board.show()
    board.raise_()
    board.setFocus()
    return board
