"""On what a way to reach support depends, and when that is disrupted."""

import pytest

from noc_console.notices.notice import Route, RouteKind
from noc_console.notices.route_hosts import dependence, fleet_hosts, hosts_of_route, is_readable
from tests.notices.composed import FLEET, PHONE

FLEETS = fleet_hosts(FLEET)
DISRUPTED = {7}


def route(kind, words, host=""):
    return Route(kind=RouteKind(kind), words=words, host=host)


@pytest.mark.parametrize(
    ("one", "hosts"),
    [
        (PHONE, ()),
        (route("phone", "+49 30 1234567", "pbx.example.com"), ("pbx.example.com",)),
        (route("email", "help@Example.COM"), ("@example.com",)),
        (route("email", "mailto:help@example.com"), ("@example.com",)),
        (route("page", "https://user@help.example.com:8443/a?b#c"), ("help.example.com",)),
        (route("page", "https://[2001:db8::7]/help"), ("2001:db8::7",)),
        (route("page", "help.example.com"), ("help.example.com",)),
        (route("chat", "our room, ask for it"), ()),
        (route("chat", "chat.example.com/room"), ("chat.example.com",)),
        (route("page", "https://xn--bcher-kva.example/"), ("bücher.example",)),
    ],
)
def test_the_hosts_of_a_way_are_read_from_its_words(one, hosts):
    assert hosts_of_route(one) == hosts


@pytest.mark.parametrize(
    ("one", "is_good"),
    [
        (PHONE, True),
        (route("phone", "call us"), False),
        (route("phone", "12"), False),
        (route("email", "help@example"), False),
        (route("email", "a@b.example, c@d.example"), False),
        (route("page", "our page"), False),
        (route("other", "come by"), True),
        (route("other", " "), False),
    ],
)
def test_a_way_is_what_its_kind_needs(one, is_good):
    assert is_readable(one) is is_good


@pytest.mark.parametrize(
    ("one", "led_to", "on"),
    [
        (route("page", "https://www.shop.example.org/"), {}, "web-07"),
        (route("page", "https://192.0.2.7/"), {}, "web-07"),
        (route("page", "https://web-07/"), {}, "web-07"),
        (route("page", "https://status.example.com/"), {}, ""),
        (
            route("page", "https://status.example.com/"),
            {"status.example.com": frozenset({"192.0.2.7"})},
            "web-07",
        ),
        (route("email", "help@shop.example.org"), {}, "web-07"),
        (
            route("email", "help@shop.example.org"),
            {"@shop.example.org": frozenset({"mx.example.com", "203.0.113.5"})},
            "",
        ),
        (
            route("email", "help@example.com"),
            {"@example.com": frozenset({"mx.example.com", "192.0.2.7"})},
            "web-07",
        ),
        (route("chat", "our room", "web-07"), {}, "web-07"),
        (PHONE, {}, ""),
    ],
)
def test_what_leads_to_a_disrupted_server_depends_on_it(one, led_to, on):
    assert dependence(one, FLEETS, DISRUPTED, led_to).on == on


def test_a_host_that_was_not_asked_is_told_as_such():
    page = route("page", "https://status.example.com/")

    assert not dependence(page, FLEETS, DISRUPTED, {}).is_looked_up
    asked = {"status.example.com": frozenset({"203.0.113.5"})}
    assert dependence(page, FLEETS, DISRUPTED, asked).is_looked_up
    assert dependence(PHONE, FLEETS, DISRUPTED, {}).is_looked_up
