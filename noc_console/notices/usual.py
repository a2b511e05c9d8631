"""What is the same in nearly every notice of a host: brand, language, zone, ways to support."""

from dataclasses import dataclass
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.incidents.wall_time import own_zone
from noc_console.notices.notice import Route, RouteKind
from noc_console.notices.notice_records import list_notices
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

USUAL = "notices.usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What a new notice begins with."""

    brand: str = ""
    language: str = "en"
    zone: str = "UTC"
    routes: tuple[Route, ...] = ()


def read_usual(store: Store) -> Usual:
    """Give what was set; where nothing was, what the newest notice that has ways to support has."""
    told = get_setting(store, USUAL, default=None)
    if isinstance(told, dict):
        try:
            return _read(told)
        except (KeyError, TypeError, ValueError, ConsoleError):
            pass  # a newer program wrote it; the newest notice serves
    for stored in list_notices(store, newest=50):
        one = stored.notice
        if one.routes:
            return Usual(brand=one.brand, language=one.language, zone=one.zone, routes=one.routes)
    return Usual(zone=own_zone())


def put_usual(store: Store, usual: Usual) -> None:
    """Set what new notices begin with."""
    routes = [
        {"kind": one.kind.value, "words": one.words, "host": one.host} for one in usual.routes
    ]
    told = {
        "brand": usual.brand,
        "language": usual.language,
        "zone": usual.zone,
        "routes": routes,
    }
    put_setting(store, USUAL, told)


def _read(told: dict[str, Any]) -> Usual:
    routes = tuple(
        Route(kind=RouteKind(one["kind"]), words=str(one["words"]), host=str(one["host"]))
        for one in told["routes"]
    )
    return Usual(
        brand=str(told["brand"]),
        language=str(told["language"]),
        zone=str(told["zone"]),
        routes=routes,
    )
