"""The columns of accounts, networks and logins on the tab of logins. GUI thread only."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtGui import QColor

from noc_console.audit.logins.panel import AccountShown, LoginShown, NetworkShown, Standing
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict

_BAD = {
    Standing.SUSPECT: Verdict.CUT_OFF,
    Standing.UNUSUAL: Verdict.EARLY,
    Standing.FIRST_SEEN: Verdict.UNKNOWN,
}


def account_columns(look: Callable[[], Look]) -> Sequence[Column[AccountShown]]:
    """Give the columns of accounts."""
    return (
        Column(
            title="Stands",
            text=lambda row: _standing(look(), row.standing),
            colour=lambda row: _colour(look(), row.standing),
        ),
        Column(title="Server", text=lambda row: inert(row.server_name, 80)),
        Column(title="Account", text=lambda row: inert(row.user, 80)),
        Column(title="May", text=lambda row: row.kind.value),
        Column(title="Logins", text=lambda row: f"{row.count:,}", numeric=True),
        Column(title="Networks", text=lambda row: f"{row.network_count:,}", numeric=True),
        Column(title="What was seen", text=lambda row: inert(row.sentence, 400), stretch=True),
    )


def network_columns(look: Callable[[], Look]) -> Sequence[Column[NetworkShown]]:
    """Give the columns of networks."""
    return (
        Column(
            title="Network",
            text=lambda row: f"{_shape(look(), row.standing)} {inert(row.network, 80)}",
            tip=lambda row: row.standing.value,
            colour=lambda row: _colour(look(), row.standing),
        ),
        Column(title="Now", text=lambda row: f"{row.logins:,}", numeric=True),
        Column(title="Before", text=lambda row: f"{row.logins_before:,}", numeric=True),
        Column(title="First", text=lambda row: f"{row.first_at:%Y-%m-%d}"),
        Column(title="Last", text=lambda row: f"{row.last_at:%Y-%m-%d}"),
    )


def login_columns(
    look: Callable[[], Look], of: Callable[[], AccountShown | None]
) -> Sequence[Column[LoginShown]]:
    """Give the columns of logins; times are of their server's clock: the legend names it."""

    def clock(at: datetime) -> str:
        account = of()
        zone = zone_or_none(account.zone) if account is not None else None
        return f"{at.astimezone(zone or UTC):%a %Y-%m-%d %H:%M}"

    return (
        Column(
            title="Stands",
            text=lambda row: f"{_shape(look(), row.standing)} {_told(row)}",
            colour=lambda row: _colour(look(), row.standing),
        ),
        Column(title="When", text=lambda row: clock(row.at)),
        Column(title="By", text=lambda row: inert(row.method, 40)),
        Column(title="Times", text=lambda row: f"{row.count:,}", numeric=True),
        Column(title="Refused", text=lambda row: f"{row.failures:,}", numeric=True),
        Column(title="From", text=lambda row: inert(row.address, 60), stretch=True),
    )


def _told(row: LoginShown) -> str:
    return ", ".join(one.value for one in row.rules) or row.standing.value


def zone_or_none(words: str) -> tzinfo | None:
    """Give a server's zone as its clock told it, such as Europe/Berlin or +01:00."""
    if words[:1] in {"+", "-"}:
        try:
            return datetime.strptime(words, "%z").tzinfo
        except ValueError:
            return None
    try:
        return ZoneInfo(words) if words else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _shape(look: Look, standing: Standing) -> str:
    return look.shapes[_BAD[standing]] if standing in _BAD else "●"


def _standing(look: Look, standing: Standing) -> str:
    return f"{_shape(look, standing)} {standing.value}"


def _colour(look: Look, standing: Standing) -> QColor | None:
    return look.colours[_BAD[standing]] if standing in _BAD else look.faint
