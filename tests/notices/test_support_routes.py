"""How support is reached, and when no work is planned, hold for everybody on the store."""

from datetime import UTC, datetime

import pytest

from noc_console.notices.around import Blackout
from noc_console.notices.notice import Route, RouteKind
from noc_console.notices.support_routes import (
    BLACKOUTS,
    ROUTES,
    InvalidBlackout,
    InvalidRoute,
    parse_route,
    put_blackouts,
    put_routes,
    read_blackouts,
    read_routes,
    route_text,
)
from noc_console.store.settings import put_setting
from tests.notices.composed import PAGE, PHONE

FEAST = Blackout(
    start=datetime(2026, 12, 20, tzinfo=UTC),
    end=datetime(2027, 1, 2, tzinfo=UTC),
    why="Christmas",
    groups=("shops",),
)


def test_a_brand_without_routes_of_its_own_has_those_of_all(store):
    put_routes(store, "", [PHONE])
    put_routes(store, "Nordhost", [PAGE])

    assert read_routes(store, "Nordhost") == (PAGE,)
    assert read_routes(store, "Südhost") == (PHONE,)
    put_routes(store, "Nordhost", [])
    assert read_routes(store, "Nordhost") == (PHONE,)


def test_a_route_that_cannot_be_is_not_kept(store):
    with pytest.raises(InvalidRoute, match="is no phone"):
        put_routes(store, "", [Route(kind=RouteKind.PHONE, words="ring")])
    assert read_routes(store) == ()


@pytest.mark.parametrize(
    "text",
    ["phone:+49 30 1", "email:a@b.example", "chat:our room [chat.example.org]", "other:come by"],
)
def test_a_route_is_read_as_it_is_told(text):
    if "+49 30 1" in text:
        text += "234567"
    assert route_text(parse_route(text)) == text


@pytest.mark.parametrize("text", ["+49 30 1", "pigeon:x", "phone:", "email:nobody", "phone"])
def test_a_slip_in_a_route_is_told(text):
    with pytest.raises(InvalidRoute):
        parse_route(text)


def test_times_without_work_are_kept_in_order(store):
    early = Blackout(
        start=datetime(2026, 11, 27, tzinfo=UTC), end=datetime(2026, 12, 1, tzinfo=UTC), why="Sale"
    )
    put_blackouts(store, [FEAST, early])

    assert read_blackouts(store) == (early, FEAST)


@pytest.mark.parametrize("changes", [{"end": FEAST.start}, {"why": " "}])
def test_a_time_without_work_ends_after_it_begins_and_has_a_reason(store, changes):
    fields = {"start": FEAST.start, "end": FEAST.end, "why": FEAST.why} | changes

    with pytest.raises(InvalidBlackout):
        put_blackouts(store, [Blackout(**fields)])


@pytest.mark.parametrize("told", [7, [1], {"": [["phone"]]}, [{"start": "x"}], {"": 5}])
def test_what_another_program_wrote_there_is_left_out(store, told):
    put_setting(store, ROUTES, told)
    put_setting(store, BLACKOUTS, told)

    assert read_routes(store) == ()
    assert read_blackouts(store) == ()
