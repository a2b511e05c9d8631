"""A support desk asks: which server is this site on?"""

import pytest

from noc_console.desk.fleet.filter_terms import parse_filter
from noc_console.desk.fleet.site_answer import site_answer
from noc_console.fleet.server import Site
from tests.desk.fleet_bench import server

SERVERS = [
    server(1, sites=(Site(domain="Shop.example.org", customer="Miller AG"),)),
    server(2, sites=tuple(Site(domain=f"a{n}.example.net") for n in range(4))),
    server(3),
]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("https://www.shop.example.org/x", "Shop.example.org of Miller AG is on web1."),
        ("site:shop", "Shop.example.org of Miller AG is on web1."),
        ("a2.example.net load>4", "a2.example.net is on web2."),
        ("example.net", ""),
        ("-shop.example.org", ""),
        ("web1", ""),
        ("", ""),
    ],
)
def test_a_site_named_in_the_filter_is_answered_in_a_sentence(text, answer):
    assert site_answer(parse_filter(text), SERVERS) == answer
