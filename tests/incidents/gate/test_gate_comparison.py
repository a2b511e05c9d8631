"""Before and after compared: what is lost is named, what is unknown is never called well."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.fleet.server import Server, Site
from noc_console.incidents.gate.gate import ActKind, Snapshot, affected_by, may_restart
from noc_console.incidents.gate.gate_comparison import (
    compare,
    lost_by_reboot,
    sentence_of,
    span_words,
    was_rebooted,
)

AT = datetime(2026, 11, 27, 2, 7, tzinfo=UTC)
BEFORE = Snapshot(
    at=AT,
    boot_id="first",
    booted_at_s=1000,
    uptime_s=90_000.0,
    kernel="6.1.0-1",
    load1=212.0,
    processes=4812,
    sessions=("anna", "root", "anna"),
    services={"nginx": "running", "exim4": "running", "once": "done", "old": "failed"},
    mounts=("/", "/home"),
    ports=("tcp:22", "tcp:80", "tcp:25"),
)
AFTER = replace(
    BEFORE,
    at=AT + timedelta(minutes=3),
    boot_id="second",
    booted_at_s=91_000,
    uptime_s=60.0,
    load1=0.4,
)


def said(after, kind=ActKind.REBOOT, service=""):
    comparison = compare(kind, BEFORE, after, service)
    return comparison, sentence_of("web1 is back", "2 min 3 s", after, comparison)


def test_all_as_before_is_well_in_one_sentence():
    comparison, sentence = said(AFTER)

    assert comparison.is_well is True
    assert sentence == (
        "web1 is back after 2 min 3 s and all is well: 2 services, 2 mounts, 3 ports as before;"
        " load 0.40."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"services": {"nginx": "running", "old": "failed"}}, "exim4 does not run"),
        ({"services": {"nginx": "failed", "exim4": "starting"}}, "exim4, nginx do not run"),
        ({"mounts": ("/",)}, "/home is not mounted"),
        ({"ports": ("tcp:22",)}, "ports tcp:25, tcp:80 are closed"),
        ({"boot_id": "first"}, "it was not rebooted"),
    ],
)
def test_what_is_missing_is_named_and_not_well(change, words):
    comparison, sentence = said(replace(AFTER, **change))

    assert comparison.is_well is False
    assert "not all is well" in sentence
    assert words in sentence


@pytest.mark.parametrize("lack", ["services", "mounts", "ports"])
def test_what_could_not_be_looked_at_is_not_called_well(lack):
    comparison, sentence = said(replace(AFTER, **{lack: None}))

    assert comparison.is_well is None
    assert "not known" in sentence


def test_a_service_that_was_down_before_and_after_is_no_news():
    comparison, _ = said(AFTER)

    assert not any("old" in trouble for trouble in comparison.troubles)


def test_a_server_that_rebooted_under_a_restart_is_told():
    comparison, _ = said(AFTER, ActKind.RESTART_SERVICE, "nginx")

    assert comparison.troubles == ("the server rebooted meanwhile",)


def test_another_kernel_is_said_and_is_no_trouble():
    comparison, _ = said(replace(AFTER, kernel="6.1.0-2"))

    kernel = next(one for one in comparison.findings if one.title == "Kernel")
    assert (kernel.before, kernel.after) == ("6.1.0-1", "6.1.0-2 (another)")
    assert comparison.is_well is True


@pytest.mark.parametrize(
    ("before", "after", "rebooted"),
    [
        (BEFORE, AFTER, True),
        (BEFORE, replace(AFTER, boot_id="first"), False),
        (replace(BEFORE, boot_id=""), AFTER, True),
        (replace(BEFORE, boot_id=""), replace(AFTER, booted_at_s=1003), False),
        (replace(BEFORE, boot_id="", booted_at_s=None), AFTER, True),
        (replace(BEFORE, boot_id="", booted_at_s=None), replace(AFTER, uptime_s=90_180.0), False),
        (Snapshot(at=AT), AFTER, None),
    ],
)
def test_a_reboot_is_known_by_boot_id_else_boot_time_else_uptime(before, after, rebooted):
    assert was_rebooted(before, after) is rebooted


def test_what_a_reboot_takes_away_is_counted():
    assert lost_by_reboot(BEFORE) == [
        "4812 running processes",
        "3 login sessions (anna, root)",
        "its memory of 25 h 00 min of running",
    ]


def test_who_is_affected_is_told_by_customer_site_and_jump():
    jump = Server(
        name="gate1",
        address="10.0.0.1",
        sites=(
            Site(domain="b.example", customer="Bert"),
            Site(domain="a.example", customer="Bert"),
        ),
        partner="gate2",
    )
    behind = Server(name="db1", address="10.0.0.2", jumps=("gate1",))

    affected = affected_by(jump, [jump, behind])

    assert affected.customers == ("Bert",)
    assert affected.sites == ("a.example", "b.example")
    assert affected.reached_through == ("db1",)
    assert affected.words == "1 customer, 2 sites, 1 server reached through it"


@pytest.mark.parametrize(
    ("service", "may"),
    [("nginx", True), ("nginx.service", True), ("exim4", True), ("sshd", False), ("-f", False)],
)
def test_only_expected_or_listed_services_may_be_restarted(service, may):
    server = Server(name="web1", address="10.0.0.1", expected_services=("nginx.service",))

    assert may_restart(service, server, ["exim4", "-f"]) is may


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "not known"),
        (42, "42 s"),
        (72, "1 min 12 s"),
        (3900, "1 h 05 min"),
        (9e5, "10 d 10 h"),
    ],
)
def test_spans_are_told_in_two_units(seconds, words):
    assert span_words(seconds) == words


def test_a_server_that_lets_nobody_look_is_not_told_to_be_as_before():
    gone = {"services": None, "mounts": None, "ports": None, "boot_id": ""}
    nothing = replace(AFTER, **gone, booted_at_s=None, uptime_s=None)

    comparison, sentence = said(nothing)

    assert comparison.is_well is None
    assert "nothing could be looked at since" in sentence
    assert "as before" not in sentence
