"""Ways to reach support, a line each: `phone: +49 30 1234567`. GUI thread only."""

from PySide6.QtWidgets import QPlainTextEdit

from noc_console.errors import ConsoleError
from noc_console.notices.notice import Route, RouteKind
from noc_console.notices.support_routes import parse_route, route_text

_LINES = 3


class RoutesEdit(QPlainTextEdit):
    """`routes` gives the lines as they were understood; one that was not is kept as it is."""

    def __init__(self) -> None:
        """Begin without a line."""
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText("phone:+49 30 1234567\npage:https://status.example.com")
        self.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 16)

    def show_routes(self, routes: tuple[Route, ...]) -> None:
        """Show some."""
        self.setPlainText("\n".join(route_text(one) for one in routes))

    @property
    def routes(self) -> tuple[Route, ...]:
        """What was typed."""
        lines = [line.strip() for line in self.toPlainText().splitlines()]
        return tuple(_read(line) for line in lines if line)


def _read(line: str) -> Route:
    try:
        return parse_route(line)
    except ConsoleError:
        return Route(kind=_guess(line), words=line)


def _guess(line: str) -> RouteKind:
    if "://" in line:
        return RouteKind.PAGE
    return RouteKind.EMAIL if "@" in line else RouteKind.PHONE
