"""A fleet and notices that are complete; each test takes one thing away."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from noc_console.fleet.server import Server, Site
from noc_console.notices.around import Around
from noc_console.notices.notice import Notice, NoticeKind, Route, RouteKind
from noc_console.notices.starting import with_start

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
START = datetime(2026, 12, 5, 1, 0, tzinfo=UTC)  # Saturday, 02:00 in Berlin
WEB7 = Server(
    id=7,
    name="web-07",
    address="192.0.2.7",
    groups=("web",),
    sites=(
        Site(domain="shop.example.org", customer="Anna Example"),
        Site(domain="blog.example.net", customer="Bo & Söhne"),
        Site(domain="parked.example.info"),
    ),
)
WEB8 = Server(
    id=8,
    name="web-08",
    address="192.0.2.8",
    groups=("web", "new"),
    sites=(Site(domain="second.example.org", customer="anna example"),),
)
HELP = Server(id=9, name="help", address="192.0.2.9", sites=(Site(domain="help.example.com"),))
FLEET = (WEB7, WEB8, HELP)
PHONE = Route(kind=RouteKind.PHONE, words="+49 30 1234567")
PAGE = Route(kind=RouteKind.PAGE, words="https://status.example.com/now")
AROUND = Around(now=NOW, servers=FLEET)


def scheduled(**changes):
    """Give a notice of planned work that tells all seven things."""
    notice = Notice(
        kind=NoticeKind.SCHEDULED,
        title="New hardware",
        brand="Nordhost",
        servers=(7,),
        typed_start="Sat 2026-12-05 02:00",
        minutes=30,
        zone="Europe/Berlin",
        disrupted="Websites on this server do not answer.",
        not_disrupted="E-mail and domains.",
        reasons="A part shows signs of wear.",
        benefit="The server stays reliable.",
        routes=(PHONE, PAGE),
        no_alternatives_because="The server has to be switched off.",
    )
    return with_start(replace(notice, **changes), NOW)


def unscheduled(**changes):
    """Give a first word that tells all it must."""
    notice = Notice(
        kind=NoticeKind.UNSCHEDULED,
        title="Websites do not answer",
        servers=(7,),
        zone="Europe/Berlin",
        noticed="Websites on this server do not answer.",
        since=NOW - timedelta(minutes=12),
        next_update_minutes=30,
        routes=(PHONE, PAGE),
    )
    return replace(notice, **changes)
