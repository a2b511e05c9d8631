"""What stands in a scroll area that scrolls only where there is no room."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Inside(QWidget):
    """What scrolls. The layout's least height takes each wrapped line for as narrow as can be, and
    so for high: a scroll area would scroll where all can be seen.
    """

    def minimumSizeHint(self) -> QSize:
        """Give the least width; how high that is, the scroll area asks by `heightForWidth`."""
        least = super().minimumSizeHint()
        return QSize(least.width(), 0) if self.hasHeightForWidth() else least


def let_scroll(area: QScrollArea, inside: Inside) -> None:
    """Put it into a scroll area, without a frame, as wide as that is."""
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
