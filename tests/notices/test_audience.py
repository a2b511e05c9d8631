"""Whom a notice is for follows from the fleet."""

from noc_console.notices.audience import audience
from tests.notices.composed import FLEET, scheduled


def test_a_servers_sites_and_customers_are_the_audience():
    found = audience(scheduled(), FLEET)

    assert found.server_names == ("web-07",)
    assert [one.domain for one in found.sites] == [
        *("shop.example.org", "blog.example.net", "parked.example.info"),
    ]
    assert found.customers == ("Anna Example", "Bo & Söhne")
    assert found.sites_of_nobody == 1


def test_a_customer_on_several_servers_is_told_once():
    assert audience(scheduled(servers=(), groups=("web",)), FLEET).customers == (
        *("Anna Example", "Bo & Söhne"),
    )


def test_customers_alone_name_the_servers_their_sites_are_on():
    found = audience(scheduled(servers=(), customers=("ANNA EXAMPLE",)), FLEET)

    assert found.server_names == ("web-07", "web-08")
    assert {one.domain for one in found.sites} == {"shop.example.org", "second.example.org"}
    assert found.sites_of_nobody == 0


def test_customers_narrow_what_servers_and_groups_name():
    found = audience(scheduled(customers=("Bo & Söhne", "New One")), FLEET)

    assert found.server_names == ("web-07",)
    assert [one.domain for one in found.sites] == ["blog.example.net"]
    assert found.customers == ("Bo & Söhne", "New One")


def test_a_notice_that_names_nothing_is_for_nobody():
    found = audience(scheduled(servers=()), FLEET)

    assert (found.servers, found.sites, found.customers) == ((), (), ())
