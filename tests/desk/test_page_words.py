"""What the server page says of a server, in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.desk.server.page_words import (
    connection_facts,
    head_facts,
    place_text,
    reasons_text,
    sample_age_text,
)
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkFacts, LinkState
from noc_console.fleet.server import Server, ServerKind, Site
from noc_console.health.verdict import Danger, Judgement, Reason, Verdict
from noc_console.telemetry.host import Facts
from tests.promised import assert_said

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
WEB = Server(id=1, name="web1", address="10.0.0.1", user="ops", port=2222, jumps=("gate", "inner"))


def told(server: Server = WEB, failure: Failure | None = None, **facts: object) -> dict[str, str]:
    rows = connection_facts(
        server,
        LinkState.UP,
        NOW - timedelta(minutes=3),
        failure,
        Facts(**facts),
        {"link_latency_ms": 12.34},
        NOW,
    )
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def test_the_age_of_a_sample_is_its_real_age() -> None:
    assert sample_age_text(NOW - timedelta(seconds=42), NOW) == "sample 42 s old"
    assert sample_age_text(None, NOW) == "no sample yet"


@pytest.mark.parametrize(
    ("server", "text"),
    [
        (WEB, "ops@10.0.0.1:2222"),
        (replace(WEB, user="", port=22), "10.0.0.1"),
        (replace(WEB, address="fe80::1", user=""), "[fe80::1]:2222"),
    ],
)
def test_a_place_leaves_out_what_goes_without_saying(server: Server, text: str) -> None:
    assert place_text(server) == text


def test_the_head_takes_cores_and_memory_from_the_newest_sample() -> None:
    values = {"cores": 4.0, "mem_total_bytes": 2.0**33, "uptime_s": 90_000.0}

    assert head_facts(WEB, Facts(cores=2, system="Debian 12"), values, "sample 1 s old")[2:6] == (
        "Debian 12",
        "4 cores",
        "8.0 GiB memory",
        "up 25 h 00 min",
    )


def test_what_is_unknown_in_the_head_is_empty_and_not_zero() -> None:
    assert head_facts(WEB, None, {}, "no sample yet")[2:] == ("", "", "", "", "")


def test_the_way_to_a_server_is_told_with_its_jumps_in_order() -> None:
    rows = told()

    assert rows["Through"] == "gate → inner"
    assert rows["Round trip"] == "12.3 ms"
    assert rows["Link"].startswith("up, since ")


def test_what_a_server_tells_is_made_inert() -> None:
    assert "\x1b" not in told(system="Debian\x1b[31m")["System"]


def test_a_changed_key_shows_both_fingerprints() -> None:
    failure = Failure(
        kind=FailureKind.HOST_KEY_CHANGED,
        sentence="The key changed.",
        fingerprint="SHA256:new",
        known_fingerprint="SHA256:old",
    )
    rows = told(failure=failure)

    assert (rows["Host key offered"], rows["Host key accepted"]) == ("SHA256:new", "SHA256:old")


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (0.4, "agrees with this computer’s"),
        (-90.0, "90 s behind this computer’s"),
        (400 * 86400.0, "400 d 0 h ahead of this computer’s"),
    ],
)
def test_a_clock_that_is_off_says_which_way(offset: float, words: str) -> None:
    assert told(server_clock_offset_s=offset)["Clock"] == words


def test_customers_to_tell_stand_with_their_sites() -> None:
    server = replace(
        WEB, sites=(Site(domain="a.example", customer="Ann"), Site(domain="b.example"))
    )

    assert told(server)["Sites"] == "a.example (Ann), b.example"


def test_this_machine_has_no_authentication() -> None:
    here = Server(id=2, name="here", kind=ServerKind.THIS_MACHINE)

    assert "Authentication" not in told(here)


def test_what_both_sides_agreed_on_is_told_while_the_link_is_up() -> None:
    agreed = LinkFacts(
        cipher="aes256-ctr",
        kex="curve25519-sha256",
        mac="hmac-sha2-256",
        host_key_algorithm="ssh-ed25519",
        fingerprint="SHA256:abc",
        software="SSH-2.0-OpenSSH_9.2\x1b[2J",
        authenticated_with="agent",
        connected_at=NOW,
        is_weak=True,
    )

    def rows(link: LinkState) -> dict[str, str]:
        return dict(connection_facts(WEB, link, NOW, None, None, {}, NOW, agreed))

    up = rows(LinkState.UP)
    assert up["Host key"] == "ssh-ed25519 SHA256:abc"
    assert up["Cipher"] == "aes256-ctr with hmac-sha2-256"
    assert "\x1b" not in up["Server’s software"]
    assert up["Weakness"].startswith("▲ an outdated algorithm")
    assert not up["Not read"]
    assert "Cipher" not in rows(LinkState.DOWN)
    agreed = replace(agreed, gives_one_session=True)
    assert_said(f"figures go on; on its page: {rows(LinkState.UP)['Not read']}")


def test_the_reasons_end_with_the_time_to_danger_until_the_cut_off_is_reached() -> None:
    reason = Reason("load5", Verdict.EARLY, "Load, 5 min 3.1 on 4 cores\x07, early line 2.8")
    danger = Danger("load5", 240, 480, NOW)
    early = Judgement(verdict=Verdict.EARLY, since=NOW, reasons=(reason,), danger=danger)

    told = reasons_text(early, NOW)

    assert "\x07" not in told[0]
    assert told[1] == "Load, 5 min: cut-off in 4-8 min, if it goes on so"
    assert len(reasons_text(replace(early, verdict=Verdict.CUT_OFF), NOW)) == 1
    assert reasons_text(None, NOW) == ("No engine has told yet.",)
