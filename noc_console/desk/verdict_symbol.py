"""A verdict as a symbol for places where no text goes: the tray, the window's icon."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

SIZES = (16, 22, 32, 48, 64)
_EDGE = 0.12
_HOLLOW = "▽○□"
_POLYGONS: Mapping[str, tuple[tuple[float, float], ...]] = {
    "■": ((0, 0), (1, 0), (1, 1), (0, 1)),
    "□": ((0, 0), (1, 0), (1, 1), (0, 1)),
    "◆": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
    "▲": ((0.5, 0.05), (1, 0.95), (0, 0.95)),
    "▽": ((0, 0.05), (1, 0.05), (0.5, 0.95)),
}
"""Corners within a unit square; a shape that is not here is round."""


def symbol(shape: str, colour: QColor) -> QIcon:
    """Give one of the theme's shapes as an icon in every size a tray may ask for."""
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(_draw(shape, colour, size))
    return icon


def _draw(shape: str, colour: QColor, size: int) -> QPixmap:
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = size * _EDGE
    painter.setPen(QPen(colour, width, j=Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush if shape in _HOLLOW else colour)
    room = QRectF(width, width, size - 2 * width, size - 2 * width)
    corners = _POLYGONS.get(shape)
    if corners is None:
        painter.drawEllipse(room)
    else:
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(room.x() + x * room.width(), room.y() + y * room.height())
                    for x, y in corners
                ]
            )
        )
    painter.end()
    return picture
