"""Outside checks: asked at a pace of their own, whatever the link does."""

import pytest

from noc_console.engine.check_rounds import EVERY_S, EVERY_S_LOOKED_AT, CheckRound
from noc_console.engine.picture import Picture
from noc_console.fleet.server import CheckKind, OutsideCheck, Server, ServerKind
from tests.conftest import NOW

PORT = OutsideCheck(kind=CheckKind.TCP, target="25")


@pytest.fixture
def asked():
    return []


def a_round(asked, chance=lambda: 0.5, **fields):
    server = Server(**({"name": "web", "address": "192.0.2.1", "checks": (PORT,)} | fields))
    picture = Picture(server=server, link_since=NOW)
    return CheckRound(picture, lambda *words: asked.append(words), 5.0, chance)


def test_each_check_is_asked_at_the_servers_address(asked):
    checks = a_round(asked)

    assert checks.next_act_s == 5.0
    checks.act(5.0)

    assert asked == [(0, PORT, "192.0.2.1")]
    assert checks.next_act_s == 5.0 + EVERY_S


def test_this_machine_is_asked_at_its_loopback(asked):
    a_round(asked, kind=ServerKind.THIS_MACHINE, address="desk").act(5.0)

    assert asked == [(0, PORT, "127.0.0.1")]


def test_a_server_somebody_looks_at_is_asked_more_often(asked):
    checks = a_round(asked)
    checks.looked_at = True

    checks.act(5.0)

    assert checks.next_act_s == 5.0 + EVERY_S_LOOKED_AT


def test_rounds_that_began_together_do_not_stay_together(asked):
    early, late = a_round(asked, lambda: 0.0), a_round(asked, lambda: 0.999)

    early.act(0.0)
    late.act(0.0)

    assert late.next_act_s - early.next_act_s > EVERY_S / 6


def test_a_server_without_checks_is_never_asked(asked):
    checks = a_round(asked, checks=())

    checks.ask_soon(1.0)

    assert checks.next_act_s == float("inf")
