"""A verdict as a symbol for places where no text goes: the tray, the window's icon."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

SIZES = (16, 22, 32, 48, 64)
_EDGE = 0.12
_HOLLOW = "▽○□"
_BADGE = 0.62
_MOST_COUNTED = 99
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


def badged(shape: str, colour: QColor, count: int, ink: QColor) -> QIcon:
    """Give the symbol with a number in its corner; above 99 a plus, and of 0 nothing."""
    icon = QIcon()
    for size in SIZES:
        picture = _draw(shape, colour, size)
        if count > 0:
            _draw_badge(picture, str(count) if count <= _MOST_COUNTED else "+", ink)
        icon.addPixmap(picture)
    return icon


def _draw_badge(picture: QPixmap, words: str, ink: QColor) -> None:
    size = picture.width()
    side = round(size * _BADGE)
    room = QRectF(size - side, size - side, side, side)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("white"), max(1.0, size / 32)))
    painter.setBrush(ink)
    painter.drawEllipse(room.adjusted(0.5, 0.5, -0.5, -0.5))
    font = painter.font()
    font.setBold(True)
    font.setPixelSize(max(6, round(side * (0.72 if len(words) == 1 else 0.56))))
    painter.setFont(font)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()


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
