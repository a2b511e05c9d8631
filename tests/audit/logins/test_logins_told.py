"""What LOG-01 makes of an answer: rows, sums, the past, and evidence that was masked."""

import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.agreed import propose
from noc_console.audit.logins.panel import AccountKind
from noc_console.audit.logins.told import MAX_LINES, read_told
from noc_console.audit.parsing.logins import read_logins
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Past, Table
from noc_console.incidents.evidence.masking import mask
from tests.audit.judged import judged, shipped
from tests.audit.logins.written import HEAD, HOTEL, NOW, OTHER_KEY, accepted, at, line, refused

USUAL = "\n".join(accepted(at(day)) for day in (2, 3, 4, 5))


def rules(output, *earlier):
    """Give the rule of each row that is not usual."""
    past = Past(today=date(2026, 11, 28), earlier=tuple(one.encode() for one in earlier))
    table = read_logins(output.encode(), {}, past)
    return [one.fields["rule"] for one in table.rows if one.fields["rule"] != "usual"]


def test_a_network_and_key_of_an_earlier_month_are_not_new():
    abroad = HEAD + accepted(at(6), address=HOTEL, key=OTHER_KEY)
    october = HEAD.replace("2026-11-28", "2026-10-28") + "\n".join(
        accepted(at(day, month=10), address=HOTEL, key=OTHER_KEY) for day in (2, 3, 4)
    )

    assert rules(HEAD + USUAL + "\n" + accepted(at(6), address=HOTEL, key=OTHER_KEY)) == [
        "new key",
        "new network",
    ]
    assert rules(abroad, october) == []


def test_an_earlier_month_that_cannot_be_read_any_more_is_left_out():
    assert rules(HEAD + USUAL, "\0") == []


def test_sums_tell_how_much_was_seen():
    output = HEAD + USUAL + "\n" + refused(at(6), "shop", HOTEL, 9)

    sums = read_logins(output.encode(), {}).sums

    assert sums == {
        "logins": 4,
        "accounts": 1,
        "refused": 9,
        "days": 30,
        "more": 0,
        "is_own_older": False,
    }


def test_who_can_become_root_and_the_clock_are_told_before_the_lines():
    told = read_told(
        HEAD.replace("Etc/UTC", "Europe/Berlin").replace("+0000", "+0100").encode(), NOW
    )

    assert [told.kind_of(one) for one in ("root", "ann", "shop")] == [
        AccountKind.ROOT,
        AccountKind.ADMIN,
        AccountKind.ACCOUNT,
    ]
    assert (told.zone_name, told.asked_at) == (
        "Europe/Berlin",
        datetime(2026, 11, 28, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("clock", "zone"),
    [
        ("2026-11-28T02:00:00+0100\tEurope/Berlin", "Europe/Berlin"),
        ("2026-11-28T02:00:00+0100\tAmerica/New_York", "+0100"),
        ("2026-11-28T02:00:00+0100\t../../etc/passwd", "+0100"),
        ("2026-11-28T02:00:00+0100\t", "+0100"),
        ("nonsense\tEurope/Berlin", "UTC"),
        ("0001-01-01T00:00:00+1400\tEurope/Berlin", "UTC"),
        ("2026-11-28T02:00:00", "UTC"),
    ],
)
def test_a_zone_that_does_not_agree_with_the_clock_is_not_believed(clock, zone):
    assert read_told(f"CLOCK\t{clock}\n{accepted(at(2))}".encode(), NOW).zone_name == zone


def test_what_is_kept_as_evidence_reads_as_what_was_told():
    lines = [
        accepted(at(2)),
        accepted(at(2), "session", by="password"),
        refused(at(3), "invalid user token", times=4),
        line(at(4), "pam_unix(sshd:session): session closed for user ann"),
        line(
            at(4), "Partial publickey for ann from 203.0.113.7 port 40 ssh2: RSA SHA256:" + "c" * 43
        ),
        accepted(at(4), by="keyboard-interactive/pam"),
    ]
    output = (HEAD + "\n".join(lines)).encode()

    assert read_told(mask(output), NOW) == read_told(output, NOW)


def test_a_password_that_somebody_typed_as_a_name_is_not_kept():
    lines = [
        refused(at(6), "invalid user hunter2 from here"),
        accepted(at(6, 10), "shop", by="password"),
    ]
    result = judged("LOG-01", HEAD + "\n".join(lines) + "\n")

    assert b"hunter2" not in result.evidence
    kept = read_told(result.evidence, NOW)
    assert [(one.user, one.address) for one in kept.failures] == [("***", "203.0.113.7")]
    assert result.evidence.count(b"\n") == HEAD.count("\n") + 2


@pytest.mark.parametrize(
    ("age_s", "result"), [("25", "not measured"), ("9999999", "pass"), ("x", "not measured")]
)
def test_a_log_without_any_login_is_well_only_if_we_came_before_it_began(age_s, result):
    assert judged("LOG-01", f"{HEAD}OWN\t{age_s}\n").result.value == result


def test_a_login_without_any_proof_is_told_as_one_by_password():
    assert rules(HEAD + accepted(at(6), "root", by="none")) == ["root by password"]


def test_networks_that_people_come_from_can_be_agreed_as_an_audit_found_them():
    lines = "POWER\tann\tadmin\nann      pts/0        203.0.113.7      Sat Nov 28 00:58:01 2026 -\n"
    findings = [(1, one) for one in judged("LOG-03", lines).findings]

    found = propose({"LOG-03": shipped("LOG-03")}, findings, [], {})

    assert [(one.kind, one.value) for one in found] == [("network", "203.0.113.0/24")]


def test_far_too_many_lines_are_refused():
    with pytest.raises(OutputNotUnderstood, match="more than"):
        read_told(b"\n" * (MAX_LINES + 1), NOW)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
def test_any_bytes_give_a_table_or_are_not_understood(output):
    with contextlib.suppress(OutputNotUnderstood):
        assert isinstance(read_logins(output, {}, Past(earlier=(output,))), Table)
