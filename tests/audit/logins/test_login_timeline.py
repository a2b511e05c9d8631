"""What the window is told of logins: by account, network and hour, as the findings have it."""

import pytest

from noc_console.audit.audit_records import UnknownAudit, open_audit, put_collected
from noc_console.audit.check import Family
from noc_console.audit.comparing import Around
from noc_console.audit.logins.kept import read_panel
from noc_console.audit.logins.panel import AccountKind, LoginRule, Standing
from noc_console.fleet.server import Server
from tests.audit.judged import agreed_to, around, judged
from tests.audit.logins.written import HEAD, HOME, HOTEL, accepted, at, refused
from tests.conftest import NOW

WEB1 = Server(id=1, name="web1", address="192.0.2.1")
WEB2 = Server(id=2, name="web2", address="192.0.2.2")
MONDAY_9 = 9
USUAL = [accepted(at(day)) for day in (2, 3, 4, 5)]  # Monday to Thursday
ATTACK = [refused(at(6, 3), "shop", HOTEL, 9), accepted(at(6, 4), "shop", HOTEL, by="password")]


def put(store, month, answers, surroundings: Around | None = None):
    """Give an audit of a month that has collected an answer of LOG-01 from each server."""
    begun = open_audit(store, month, [WEB1, WEB2], catalogue="c" * 64, by="ann", now=NOW)
    for server, how in answers.items():
        output = how.pop("output", "")
        put_collected(
            store,
            begun.id,
            server.id,
            [judged("LOG-01", output, surroundings=surroundings, **how)],
            family=Family.DEBIAN,
            system="Debian 12",
            cpu_ms=1,
            now=NOW,
        )
    return begun


def of(*lines):
    """Give an answer of LOG-01."""
    return {"output": HEAD + "\n".join(lines) + "\n"}


def test_the_worst_account_comes_first_with_its_raw_line(store):
    audit = put(store, "2026-11", {WEB1: of(*USUAL, *ATTACK)})

    panel = read_panel(store, audit.id, WEB1.id)

    assert [(one.user, one.kind, one.standing) for one in panel.accounts] == [
        ("shop", AccountKind.ACCOUNT, Standing.SUSPECT),
        ("ann", AccountKind.ADMIN, Standing.USUAL),
    ]
    [login] = panel.accounts[0].logins
    assert (login.rules, login.failures, login.line) == ((LoginRule.GUESSED,), 9, ATTACK[1])
    assert login.items == ("guessed password shop 198.51.100.0/24",)
    assert "guessed" in login.sentence
    assert HEAD.count("\n") + len(USUAL) + 2 == login.line_number


def test_the_hours_of_a_week_stand_beside_those_of_the_months_before(store):
    october = [accepted(at(day, month=10)) for day in (5, 6, 12)]
    put(store, "2026-10", {WEB1: {"output": (HEAD + "\n".join(october)).replace("11-28", "10-28")}})
    audit = put(store, "2026-11", {WEB1: of(*october[-1:], *USUAL, *ATTACK)})

    panel = read_panel(store, audit.id, WEB1.id)
    ann = panel.accounts[1]

    assert (ann.grid.logins[MONDAY_9], ann.grid.habit[MONDAY_9]) == (2, 1)  # each login once
    assert sum(ann.grid.logins) == ann.count == 5
    assert [(one.network, one.logins, one.logins_before) for one in ann.networks] == [
        ("203.0.113.0/24", 5, 2)
    ]
    assert panel.accounts[0].grid.told[4 * 24 + 4] == 1


def test_what_is_agreed_is_as_usual(store):
    lines = [*USUAL, accepted(at(6), address=HOTEL)]
    agreed = around(agreed=agreed_to(network={"198.51.100.0/24"}))
    new = put(store, "2026-10", {WEB1: of(*lines)})
    known = put(store, "2026-11", {WEB1: of(*lines)}, agreed)

    assert read_panel(store, new.id).accounts[0].standing is Standing.UNUSUAL
    assert read_panel(store, known.id).accounts[0].standing is Standing.USUAL


def test_typing_errors_are_as_usual_and_one_guessed_login_does_not_blame_the_others(store):
    mistyped = [refused(at(9), times=7), accepted(at(9, 9, 1), by="password")]
    early = [refused(at(6, 1), "shop", HOTEL), accepted(at(6, 2), "shop", HOTEL, by="password")]
    audit = put(store, "2026-11", {WEB1: of(*USUAL, *mistyped, *early, *ATTACK)})

    shop, ann = read_panel(store, audit.id, WEB1.id).accounts

    assert (ann.user, ann.standing) == ("ann", Standing.USUAL)
    assert [(one.at.hour, one.rules) for one in shop.logins] == [(4, (LoginRule.GUESSED,)), (2, ())]


def test_the_first_logins_of_all_are_not_called_usual(store):
    audit = put(store, "2026-11", {WEB1: of(USUAL[0])})

    assert read_panel(store, audit.id).accounts[0].standing is Standing.FIRST_SEEN


def test_servers_that_told_nothing_are_named_with_why(store):
    audit = put(store, "2026-11", {WEB1: {"output": "", "why": "sudo asks for a password."}})

    panel = read_panel(store, audit.id)

    assert panel.accounts == ()
    assert [(one.server_name, one.why) for one in panel.not_told] == [
        ("web1", "sudo asks for a password."),
        ("web2", "Its logins were not asked for yet; run the audit."),
    ]


def test_an_answer_that_was_cut_shows_what_came_and_says_so(store):
    audit = put(store, "2026-11", {WEB1: of(*USUAL, *ATTACK) | {"is_whole": False}})

    panel = read_panel(store, audit.id, WEB1.id)

    assert len(panel.accounts) == 2
    assert panel.not_told == ()  # what is bad in it decides; the rest is said by the check


def test_of_a_whole_fleet_accounts_are_in_short(store):
    many = [accepted(at(6, hour, minute)) for hour in range(8, 20) for minute in (0, 30)]
    audit = put(store, "2026-11", {WEB1: of(*many)})

    everywhere = read_panel(store, audit.id).accounts[0]
    here = read_panel(store, audit.id, WEB1.id).accounts[0]

    assert (everywhere.logins, everywhere.is_short, everywhere.count) == ((), True, 24)
    assert (everywhere.network_count, here.network_count, here.is_short) == (1, 1, False)
    assert len(here.logins) == 24
    assert here.logins[0].at > here.logins[-1].at
    assert {one.address for one in here.logins} == {HOME}


def test_an_audit_that_is_not_there_is_said(store):
    with pytest.raises(UnknownAudit):
        read_panel(store, 99)
