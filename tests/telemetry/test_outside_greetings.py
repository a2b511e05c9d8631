"""Services that greet, spoken to byte by byte."""

import pytest

from noc_console.fleet.server import CheckKind
from noc_console.telemetry.service import Outside
from tests.telemetry.greeter import Greeter

MYSQL = b"\x0a8.0.36\0" + bytes(40)
MYSQL_DENIED = b"\xff\x15\x04#28000Access denied for user 'noc_console_check'"


def packet(number: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "little") + bytes([number]) + body


RIGHT = {
    "smtp": (CheckKind.SMTP, Greeter(b"220-mail\r\n220 ESMTP\r\n", [b"250-a\r\n250 b\r\n"])),
    "imap": (CheckKind.IMAP, Greeter(b"* OK IMAP4rev1 ready\r\n")),
    "pop3": (CheckKind.POP3, Greeter(b"+OK Dovecot ready.\r\n")),
    "ftp": (CheckKind.FTP, Greeter(b"220-Welcome\r\n rules\r\n220 done\r\n")),
    "ssh": (CheckKind.SSH, Greeter(b"Keep out\r\nSSH-2.0-OpenSSH_9.2\r\n")),
    "mysql": (
        CheckKind.MYSQL,
        Greeter(packet(0, MYSQL), [packet(2, b"\xfesha\0"), packet(4, MYSQL_DENIED)]),
    ),
    "postgresql": (
        CheckKind.POSTGRESQL,
        Greeter(b"", [b"R\0\0\0\x08\0\0\0\x05"]),
    ),
    "tcp": (CheckKind.TCP, Greeter(b"")),
}

WRONG = {
    "smtp 554": (CheckKind.SMTP, Greeter(b"554 no\r\n"), "554 no"),
    "smtp EHLO": (CheckKind.SMTP, Greeter(b"220 hi\r\n", [b"421 busy\r\n"]), "421 busy"),
    "smtp on a page": (CheckKind.SMTP, Greeter(b"HTTP/1.1 400 Bad\r\n"), "HTTP/1.1 400"),
    "imap BYE": (CheckKind.IMAP, Greeter(b"* BYE overloaded\r\n"), "BYE overloaded"),
    "pop3 ERR": (CheckKind.POP3, Greeter(b"-ERR busy\r\n"), "ERR busy"),
    "ftp 421": (CheckKind.FTP, Greeter(b"421 Too many users\r\n"), "Too many users"),
    "ssh 1": (CheckKind.SSH, Greeter(b"SSH-1.5-old\r\n"), "SSH-1.5-old"),
    "ssh banner": (CheckKind.SSH, Greeter(b"hello\r\n" * 500), "names no SSH version"),
    "line": (CheckKind.POP3, Greeter(b"+" * 100_000), "without an end"),
    "reply": (CheckKind.SMTP, Greeter(b"220-more\r\n" * 500), "without an end"),
    "mysql blocked": (
        CheckKind.MYSQL,
        Greeter(packet(0, b"\xff\x69\x04Host 'x' is blocked")),
        "“Host 'x' is blocked”",
    ),
    "mysql on mail": (CheckKind.MYSQL, Greeter(b"220 mail ESMTP\r\n"), "no MySQL greeting"),
    "postgresql starting": (
        CheckKind.POSTGRESQL,
        Greeter(b"", [b"E\0\0\0\x26SFATAL\0C57P03\0Mit is starting up\0\0"]),
        "it is starting up",
    ),
    "postgresql on mail": (CheckKind.POSTGRESQL, Greeter(b"220 mail\r\n"), "no PostgreSQL"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_greeting_answers_and_has_a_latency(name: str) -> None:
    kind, greeter = RIGHT[name]
    result = greeter.asked(kind)
    assert result.outside is Outside.ANSWERS, result.detail
    assert result.latency_ms is not None
    assert 0 < result.latency_ms < 5000


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_greeting_is_told_with_what_it_said(name: str) -> None:
    kind, greeter, words = WRONG[name]
    result = greeter.asked(kind)
    assert result.outside is Outside.WRONG_ANSWER, result.detail
    assert words in result.detail
    assert result.latency_ms is None


@pytest.mark.parametrize(
    "kind", [kind for kind in CheckKind if kind not in {CheckKind.TCP, CheckKind.DNS}]
)
def test_a_port_that_closes_without_a_word_gives_no_answer(kind: CheckKind) -> None:
    result = Greeter(b"").asked(kind)
    assert result.outside is Outside.NO_ANSWER, result.detail


def test_a_port_that_stays_silent_gives_no_answer_in_time() -> None:
    result = Greeter(b"", then_closes=False).asked(CheckKind.SMTP, timeout_s=0.3)
    assert result.outside is Outside.NO_ANSWER
    assert result.detail == "It did not answer within 0.3 seconds."


def test_we_take_our_leave_so_that_no_service_logs_a_lost_connection() -> None:
    mail = Greeter(b"220 hi\r\n", [b"250 ok\r\n"])
    mail.asked(CheckKind.SMTP)
    assert mail.heard == [b"EHLO [127.0.0.1]\r\n", b"QUIT\r\n"]


def test_a_mysql_log_in_is_carried_to_its_refusal() -> None:
    """Greetings left without reply make MySQL lock the asking host out."""
    server = Greeter(packet(0, MYSQL), [packet(2, b"\xfesha\0"), packet(4, MYSQL_DENIED)])
    result = server.asked(CheckKind.MYSQL)
    assert b"noc_console_check" in server.heard[0]
    assert server.heard[1] == packet(3, b"")
    assert "8.0.36" in result.detail


def test_hostile_words_come_out_inert() -> None:
    result = Greeter(b"+OK \x1b[31mred\x07\r\n").asked(CheckKind.POP3)
    assert result.detail == "It answered “+OK \ufffd[31mred\ufffd”."


def test_an_expected_text_is_looked_for_in_any_greeting() -> None:
    for kind in (CheckKind.TCP, CheckKind.POP3):
        greeter = Greeter(b"+OK Dovecot\r\n")
        assert greeter.asked(kind, expect_text="Dovecot").outside is Outside.ANSWERS
        assert greeter.asked(kind, expect_text="Courier").outside is Outside.WRONG_ANSWER
