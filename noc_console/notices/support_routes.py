"""How support is reached, and when no work is to be planned: settings of the store, for each brand.

A new notice begins with its brand's routes, so that a first word needs nobody to look them up.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.notices.around import Blackout
from noc_console.notices.notice import MAX_ROUTES, Route, RouteKind
from noc_console.notices.route_hosts import is_readable
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

ROUTES = "notices.support_routes"
BLACKOUTS = "notices.blackouts"
_MOST_BLACKOUTS = 100


class InvalidRoute(ConsoleError):
    """A way to reach support that cannot be; the sentence says what to write instead."""


class InvalidBlackout(ConsoleError):
    """A time without work that cannot be; the sentence says what to write instead."""


def read_routes(store: Store, brand: str = "") -> tuple[Route, ...]:
    """Give how support of a brand is reached; where it has none of its own, that of all."""
    told = get_setting(store, ROUTES, {})
    if not isinstance(told, dict):
        return ()
    return _routes(told.get(brand)) or _routes(told.get(""))


def put_routes(store: Store, brand: str, routes: Sequence[Route]) -> None:
    """Set how support of a brand is reached; an empty brand stands for all without their own.

    Raises:
        InvalidRoute: one of them is not what its kind needs, or there are too many.
    """
    if len(routes) > MAX_ROUTES:
        raise InvalidRoute(f"Give at most {MAX_ROUTES} ways to reach support.")
    for route in routes:
        if not is_readable(route):
            raise InvalidRoute(
                f"{route.words!r} is no {route.kind.value}; write a number with its country, an"
                " address or a link."
            )
    told = get_setting(store, ROUTES, {})
    known: dict[str, Any] = dict(told) if isinstance(told, dict) else {}
    known[brand] = [[one.kind.value, one.words, one.host] for one in routes]
    if not routes:
        known.pop(brand)
    put_setting(store, ROUTES, known)


def parse_route(text: str) -> Route:
    """Read `phone:+49 30 1234567`, `page:https://status.example.org`, `email:help@example.org`.

    A host it depends on besides may follow in brackets: `chat:our chat [chat.example.org]`.

    Raises:
        InvalidRoute: it is not written so.
    """
    kind, colon, words = text.partition(":")
    kinds = {one.value: one for one in RouteKind}
    host = ""
    if words.rstrip().endswith("]") and "[" in words:
        words, _, host = words.rstrip().removesuffix("]").rpartition("[")
    if not colon or kind.strip() not in kinds or not words.strip():
        raise InvalidRoute(
            f"{text!r} is no way to reach support; write {', '.join(kinds)}, a colon and the"
            " number, address or link, such as phone:+49 30 1234567."
        )
    route = Route(kind=kinds[kind.strip()], words=words.strip(), host=host.strip())
    if not is_readable(route):
        raise InvalidRoute(f"{route.words!r} is no {route.kind.value}; look at it again.")
    return route


def route_text(route: Route) -> str:
    """Give a route as `parse_route` reads it."""
    host = f" [{route.host}]" if route.host else ""
    return f"{route.kind.value}:{route.words}{host}"


def read_blackouts(store: Store) -> tuple[Blackout, ...]:
    """Give the times in which no work is to be planned; what cannot be read is left out."""
    told = get_setting(store, BLACKOUTS, [])
    found = (_blackout(one) for one in (told if isinstance(told, list) else ()))
    return tuple(one for one in found if one is not None)


def put_blackouts(store: Store, blackouts: Sequence[Blackout]) -> None:
    """Set the times in which no work is to be planned.

    Raises:
        InvalidBlackout: one ends before it begins or has no reason, or there are too many.
    """
    if len(blackouts) > _MOST_BLACKOUTS:
        raise InvalidBlackout(f"Give at most {_MOST_BLACKOUTS} times without work.")
    for one in blackouts:
        if one.end <= one.start or not one.why.strip():
            raise InvalidBlackout("A time without work ends after it begins, and has a reason.")
    told = [
        {
            "start": one.start.astimezone(UTC).isoformat(),
            "end": one.end.astimezone(UTC).isoformat(),
            "why": one.why,
            "groups": list(one.groups),
        }
        for one in sorted(blackouts, key=lambda one: one.start)
    ]
    put_setting(store, BLACKOUTS, told)


def _routes(told: Any) -> tuple[Route, ...]:
    try:
        return tuple(
            Route(kind=RouteKind(kind), words=str(words), host=str(host))
            for kind, words, host in told or ()
        )
    except (TypeError, ValueError):  # another program wrote it
        return ()


def _blackout(told: Any) -> Blackout | None:
    try:
        return Blackout(
            start=datetime.fromisoformat(told["start"]).astimezone(UTC),
            end=datetime.fromisoformat(told["end"]).astimezone(UTC),
            why=str(told["why"]),
            groups=tuple(map(str, told["groups"])),
        )
    except (TypeError, ValueError, KeyError):
        return None
