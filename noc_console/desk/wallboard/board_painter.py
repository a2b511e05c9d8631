"""Paints the wallboard: every size is a share of the height, so that it is read across a room.

GUI thread only. Nothing blinks; severity is shape, word and colour.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen

from noc_console.desk.fleet.load_curve import (
    CUT_OFF,
    Line,
    height_of,
    paint_line,
    stretches,
)
from noc_console.desk.look import Look
from noc_console.desk.wallboard.board import Board, BoardTile
from noc_console.health.verdict import Verdict

_SIDE = 0.27
"""The share of the width for curves, alarms and incidents."""

_SHAPE_DIGITS, _LETTER_DIGITS = 2.6, 0.32
"""How wide a count's shape and a letter of the word below it are, in digits of the count."""
_LONGEST_GAP = 8
_BIGGEST = 1.35
"""How much larger a tile's letters are when few tiles share the room."""

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
_LONG_WORD = re.compile(r"\S{22}(?=\S)")
"""A fingerprint, an address: what has no place to break a line."""
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The last hour of load per core of one server, oldest first, and its words."""

    name: str
    load: str
    per_core: Line


def tiles_a_page(size: QRectF) -> tuple[int, int]:
    """Give how many tiles stand beside and below each other at most."""
    return (2 if size.width() / max(size.height(), 1.0) < 1.5 else 3), 4


def shares(counts: Mapping[Verdict, int], room: float, digit: float) -> list[float]:
    """Give the width of each count: by its digits, or by its word where that is longer. Pure.

    A digit takes at most so much.
    """
    needs = [
        max(_SHAPE_DIGITS + len(str(count)), len(verdict.value) * _LETTER_DIGITS)
        for verdict, count in counts.items()
    ]
    each = min(digit, room / max(sum(needs), 1.0))
    return [need * each for need in needs]


class BoardPainter:
    """Paints one board into one room."""

    def __init__(self, painter: QPainter, room: QRectF, palette: QPalette, look: Look) -> None:
        """Take the painter; `room` is the whole board."""
        self._painter = painter
        self._room = room
        self._palette = palette
        self._look = look
        self._unit = room.height() / 100.0
        self._ink = palette.color(QPalette.ColorRole.WindowText)

    def paint(
        self, board: Board, page: int, pages: int, curves: Mapping[int, Curve], question: str = ""
    ) -> None:
        """Paint everything; `question` is said at the foot, such as how to leave."""
        painter, unit = self._painter, self._unit
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self._room, self._palette.color(QPalette.ColorRole.Window))
        inside = self._room.adjusted(2 * unit, 1.5 * unit, -2 * unit, -1 * unit)
        top = QRectF(inside.left(), inside.top(), inside.width(), 11 * unit)
        self._paint_head(top, board)
        y = top.bottom() + unit
        if board.warning:
            band = QRectF(inside.left(), y, inside.width(), 7 * unit)
            self._paint_warning(band, board.warning)
            y = band.bottom() + unit
        foot = QRectF(inside.left(), inside.bottom() - 4 * unit, inside.width(), 4 * unit)
        body = QRectF(inside.left(), y, inside.width(), foot.top() - y - unit)
        side = QRectF(body)
        side.setLeft(body.right() - body.width() * _SIDE)
        main = QRectF(body)
        main.setRight(side.left() - 1.5 * unit)
        self._paint_tiles(main, board, page)
        self._paint_side(side, board, curves)
        self._paint_foot(foot, board, page, pages, question)

    def _paint_head(self, room: QRectF, board: Board) -> None:
        unit = self._unit
        clock = QRectF(room.right() - 40 * unit, room.top(), 40 * unit, 7.5 * unit)
        self._text(clock, board.clock, 7.0, _RIGHT, weight=QFont.Weight.Bold)
        day = QRectF(clock.left(), clock.bottom(), clock.width(), 3.5 * unit)
        self._text(day, board.day, 2.6, _RIGHT, ink=self._look.faint)
        x = room.left()
        for (verdict, count), wide in zip(
            board.counts.items(),
            shares(board.counts, room.width() - 37 * unit, 6 * unit),
            strict=True,
        ):
            chip = QRectF(x, room.top(), wide - unit, room.height())
            self._paint_count(chip, verdict, count)
            x += wide
        if not board.counts:
            self._text(room, "No server in the fleet yet", 5.0, _LEFT)

    def _paint_count(self, room: QRectF, verdict: Verdict, count: int) -> None:
        colour = self._look.colour(verdict) or self._look.colours[Verdict.OK]
        number = QRectF(room.left(), room.top(), room.width(), 7.5 * self._unit)
        shape = self._look.shapes[verdict]
        words, bold = f"{shape} {count}", QFont.Weight.Bold
        self._text(number, words, 6.5, _LEFT, ink=colour, weight=bold, shrinks=True)
        word = QRectF(room.left(), number.bottom(), room.width(), 3.5 * self._unit)
        self._text(word, verdict.value, 2.8, _LEFT, ink=colour, shrinks=True)

    def _paint_warning(self, room: QRectF, words: str) -> None:
        colour = self._look.colours[Verdict.DOWN]
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRoundedRect(room, self._unit, self._unit)
        inside = room.adjusted(2 * self._unit, 0, -2 * self._unit, 0)
        ink = QColor("#ffffff") if colour.lightnessF() < 0.5 else QColor("#000000")
        self._text(inside, f"▲  {words}", 3.4, _LEFT, ink=ink, weight=QFont.Weight.Bold)

    def _paint_tiles(self, room: QRectF, board: Board, page: int) -> None:
        across, down = tiles_a_page(self._room)
        some = board.tiles[page * across * down : (page + 1) * across * down]
        if not some:
            self._paint_calm(room, board)
            return
        lines = max(-(-len(some) // across), 2)
        gap = 1.2 * self._unit
        wide = (room.width() - (across - 1) * gap) / across
        high = (room.height() - (lines - 1) * gap) / lines
        for place, tile in enumerate(some):
            line, column = divmod(place, across)
            x, y = room.left() + column * (wide + gap), room.top() + line * (high + gap)
            self._paint_tile(QRectF(x, y, wide, high), tile)

    def _paint_calm(self, room: QRectF, board: Board) -> None:
        if not board.total:
            words = "Add servers in the window: Ctrl+N, or Ctrl+I for a file."
            self._text(room, words, 4.0, _MIDDLE, ink=self._look.faint)
            return
        noun = "server is" if board.total == 1 else "servers are"
        ok = self._look.colours[Verdict.OK]
        words = f"{self._look.shapes[Verdict.OK]}  All {board.total} {noun} well"
        self._text(room, words, 6.0, _MIDDLE, ink=ok, weight=QFont.Weight.Bold)

    def _paint_tile(self, room: QRectF, tile: BoardTile) -> None:
        """Few tiles are larger, and so are their letters."""
        size = min(_BIGGEST, room.height() / (19.5 * self._unit))
        unit, painter = self._unit * size, self._painter
        colour = self._look.colours[tile.verdict]
        painter.setPen(self._palette.color(QPalette.ColorRole.Mid))
        painter.setBrush(self._palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(room, 0.8 * unit, 0.8 * unit)
        painter.fillRect(QRectF(room.left(), room.top(), 1.1 * unit, room.height()), colour)
        inside = room.adjusted(2.4 * unit, 1.0 * unit, -1.4 * unit, -0.8 * unit)
        name = QRectF(inside.left(), inside.top(), inside.width(), 4.6 * unit)
        self._text(name, tile.name, 3.8 * size, _LEFT, weight=QFont.Weight.Bold, shrinks=True)
        bad = QRectF(inside.left(), name.bottom(), inside.width(), 3.4 * unit)
        shape = self._look.shapes[tile.verdict]
        since = f" for {tile.since}" if tile.since else ""
        words = f"{shape} {tile.verdict.value}{since}"
        self._text(
            bad, words, 2.7 * size, _LEFT, ink=colour, weight=QFont.Weight.DemiBold, shrinks=True
        )
        foot = (6.4 if room.height() > 24 * unit else 3.2) * unit
        last = QRectF(inside.left(), inside.bottom() - foot, inside.width(), foot)
        self._paint_last(last, tile, size)
        what = QRectF(inside.left(), bad.bottom(), inside.width(), last.top() - bad.bottom())
        self._text(what, tile.what, 2.3 * size, _WRAPPED)

    def _paint_last(self, room: QRectF, tile: BoardTile, size: float) -> None:
        """Who has it, and when it will fall, or the load: on two lines where there is room."""
        right = tile.falls or tile.load
        weight, has_two = QFont.Weight.DemiBold, room.height() > 5 * self._unit * size
        left, rest = QRectF(room), QRectF(room)
        if has_two:
            left.setHeight(room.height() / 2)
            rest.setTop(left.bottom())
        elif right:
            left.setWidth(room.width() * 0.52)
            rest.setLeft(left.right() + self._unit)
        ink = self._look.faint if tile.is_taken else self._look.colours[Verdict.EARLY]
        self._text(left, tile.who, 2.3 * size, _LEFT, ink=ink, weight=weight, shrinks=True)
        ink = self._look.colours[Verdict.CUT_OFF] if tile.falls else self._look.faint
        flags = _LEFT if has_two else _RIGHT
        self._text(rest, right, 2.3 * size, flags, ink=ink, weight=weight, shrinks=True)

    def _paint_side(self, room: QRectF, board: Board, curves: Mapping[int, Curve]) -> None:
        unit = self._unit
        y = room.top()
        ink = self._look.faint if board.is_calm else self._look.colours[Verdict.EARLY]
        alarms = QRectF(room.left(), y, room.width(), 6.6 * unit)
        self._text(alarms, board.alarms, 2.7, _WRAPPED, ink=ink, weight=QFont.Weight.DemiBold)
        y = alarms.bottom()
        for words in board.incidents:
            line = QRectF(room.left(), y, room.width(), 6.4 * unit)
            self._text(line, f"Incident, {words}", 2.4, _WRAPPED)
            y = line.bottom()
        drawn = [curves[one] for one in board.curves if one in curves]
        if drawn:
            rest = QRectF(room.left(), y + unit, room.width(), room.bottom() - y - unit)
            self._paint_curves(rest, drawn)

    def _paint_curves(self, room: QRectF, curves: Sequence[Curve]) -> None:
        unit = self._unit
        title = QRectF(room.left(), room.top(), room.width(), 3.4 * unit)
        self._text(title, "Load per core, last hour", 2.2, _LEFT, ink=self._look.faint)
        gap = unit
        high = min(14 * unit, (room.bottom() - title.bottom()) / len(curves) - gap)
        y = title.bottom()
        for curve in curves:
            head = QRectF(room.left(), y, room.width(), 3.2 * unit)
            self._text(head, curve.name, 2.4, _LEFT, weight=QFont.Weight.DemiBold)
            self._text(head, curve.load, 2.4, _RIGHT, ink=self._look.faint)
            space = QRectF(room.left(), head.bottom(), room.width(), high - 3.2 * unit)
            self._painter.fillRect(space, self._palette.color(QPalette.ColorRole.Base))
            self._paint_curve(space.adjusted(2, 2, -2, -2), curve.per_core)
            y += high + gap

    def _paint_curve(self, room: QRectF, per_core: Line) -> None:
        """Paint a line thick enough to be seen from afar; gaps stay gaps."""
        paint_line(self._painter, room, CUT_OFF, self._look.colours[Verdict.CUT_OFF])
        pen = QPen(self._ink)
        pen.setWidthF(max(1.5, 0.3 * self._unit))
        self._painter.setPen(pen)
        step = room.width() / max(len(per_core) - 1, 1)
        for places in stretches(per_core, _LONGEST_GAP):
            self._painter.drawPolyline(
                [
                    QPointF(
                        room.left() + place * step,
                        room.bottom() - height_of(float(per_core[place])) * room.height(),
                    )
                    for place in places.tolist()
                ]
            )

    def _paint_foot(self, room: QRectF, board: Board, page: int, pages: int, question: str) -> None:
        faint = self._look.faint
        self._text(room, board.age[:1].upper() + board.age[1:], 2.3, _LEFT, ink=faint)
        shown = f"Page {page + 1} of {pages}" if pages > 1 else ""
        more = f"{board.untold} more are not shown" if board.untold else ""
        words = "   ·   ".join(part for part in (shown, more, question) if part)
        self._text(room, words, 2.3, _RIGHT, ink=faint)

    def _text(
        self,
        room: QRectF,
        words: str,
        size: float,
        flags: int,
        *,
        ink: QColor | None = None,
        weight: QFont.Weight = QFont.Weight.Normal,
        shrinks: bool = False,
    ) -> None:
        """Write words within a room; what does not fit is written smaller, or cut with `…`."""
        painter = self._painter
        painter.setFont(self._font(size, weight))
        wraps = bool(flags & int(Qt.TextFlag.TextWordWrap))
        needed = painter.fontMetrics().horizontalAdvance(words)
        if shrinks and needed > room.width():
            painter.setFont(self._font(size * max(0.62, room.width() / needed * 0.98), weight))
        if wraps:
            words = words.replace("cut-off", "cut\N{NON-BREAKING HYPHEN}off")
            words = _LONG_WORD.sub("\\g<0>\N{ZERO WIDTH SPACE}", words)
            if self._overflows(room, flags, words):
                painter.setFont(self._font(size * 0.78, weight))
            whole, kept = words, len(words)
            while kept > 1 and self._overflows(room, flags, words):
                kept = kept * 9 // 10
                words = f"{whole[:kept]}…"
        painter.setPen(ink or self._ink)
        if not wraps:
            words = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideMiddle, int(room.width()) + 1
            )
        painter.save()
        painter.setClipRect(room.adjusted(-1, -1, 1, 1))
        painter.drawText(room, flags, words)
        painter.restore()

    def _overflows(self, room: QRectF, flags: int, words: str) -> bool:
        return self._painter.boundingRect(room, flags, words).height() > room.height()

    def _font(self, size: float, weight: QFont.Weight) -> QFont:
        font = QFont(self._painter.font())
        font.setPixelSize(max(9, round(size * self._unit)))
        font.setWeight(weight)
        return font
