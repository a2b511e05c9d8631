"""Paints a server's load as a small curve. GUI thread only.

Every curve has the same scale, so that a high one is high: load per core up to `TOP`, drawn by its
square root, so that a quiet server is still seen to live. The lines are those
of the profile of every server.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from noc_console.health.profiles import usual_lines

_LINES = usual_lines("load1", 1.0)
CUT_OFF = _LINES.cut_off if _LINES and _LINES.cut_off else 2.0
EARLY = _LINES.early if _LINES and _LINES.early else 0.7
TOP = 1.2 * CUT_OFF

Line = NDArray[np.float32]


def height_of(per_core: float) -> float:
    """Give how high a load per core stands, 0 to 1."""
    return float(np.sqrt(min(max(per_core, 0.0), TOP) / TOP))


def thinned(line: Line, most: int) -> Line:
    """Give at most so many figures, each the highest of those it stands for."""
    size = -(-len(line) // max(most, 1))
    if size <= 1:
        return line
    spare = -len(line) % size
    padded = np.concatenate((np.full(spare, np.nan, dtype=line.dtype), line))
    thin: Line = np.fmax.reduce(padded.reshape(-1, size), axis=1)
    return thin


def stretches(line: Line, longest_gap: int) -> Iterator[NDArray[np.intp]]:
    """Give the places of figures that are joined: those no further apart than the longest gap."""
    places = np.flatnonzero(~np.isnan(line))
    if len(places):
        yield from np.split(places, np.flatnonzero(np.diff(places) > longest_gap) + 1)


def paint_curve(
    painter: QPainter, room: QRectF, line: Line, ink: QColor, longest_gap: int = 2
) -> None:
    """Paint load per core, oldest first, over the room's whole width; gaps stay gaps."""
    thin = thinned(line, int(room.width()))
    step = room.width() / max(len(thin) - 1, 1)
    with np.errstate(invalid="ignore"):
        heights = np.sqrt(np.clip(thin, 0.0, TOP) / TOP)
    xs = (room.left() + np.arange(len(thin)) * step).tolist()
    ys = (room.bottom() - heights * room.height()).tolist()
    pen = QPen(ink)
    pen.setWidthF(1.0)
    painter.setPen(pen)
    for places in stretches(thin, longest_gap):
        points = [QPointF(xs[place], ys[place]) for place in places.tolist()]
        if len(points) == 1:
            painter.drawLine(points[0] - QPointF(1, 0), points[0] + QPointF(1, 0))
        else:
            painter.drawPolyline(points)


def paint_line(painter: QPainter, room: QRectF, per_core: float, ink: QColor) -> None:
    """Paint a level across the room."""
    pen = QPen(ink)
    pen.setStyle(Qt.PenStyle.DotLine)
    pen.setWidthF(1.0)
    painter.setPen(pen)
    at = room.bottom() - height_of(per_core) * room.height()
    painter.drawLine(QPointF(room.left(), at), QPointF(room.right(), at))
