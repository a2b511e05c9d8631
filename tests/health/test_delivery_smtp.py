"""A message is handed to a real Postfix over STARTTLS with a login, or the failed step is named."""

import socket
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from noc_console.health.delivery import smtp_link
from noc_console.health.delivery.mail_server import InvalidMailServer, MailServer, Security
from noc_console.health.delivery.sending import SendFailed
from noc_console.health.delivery.smtp import mail_of, send_mail
from noc_console.health.delivery.text import Message
from tests.engine.running import wait_until
from tests.postfix import PASSWORD
from tests.sshd import free_port

TEXT = Message(subject="[noc-console] DOWN web1: ünwell", body="DOWN web1\n", is_urgent=True)


def send(server, *, to="anna@example.com", password=PASSWORD, mark="1", before=lambda: None):
    steps = []
    mail = mail_of(
        TEXT,
        sender="noc@example.com",
        recipient=to,
        name="Anna Ä",
        mark=mark,
        at=datetime.now(UTC),
    )
    try:
        said = send_mail(mail, server, password, steps.append, before)
    except SendFailed as failure:
        return failure, steps
    return said, steps


def last(steps):
    return steps[-1].name, steps[-1].ok


def test_a_message_arrives_as_it_was_written(postfix, mail_server):
    said, steps = send(mail_server, mark="arrives")

    assert "queued as" in said
    assert [step.name for step in steps] == [
        *("connect", "encryption", "login", "sender", "recipient", "message")
    ]
    wait_until(lambda: any("arrives" in one["Message-ID"] for one in postfix.mails()))
    (mail,) = [one for one in postfix.mails() if "arrives" in one["Message-ID"]]
    assert mail["Subject"] == TEXT.subject
    assert mail["Importance"] == "high"
    assert mail.get_content() == "DOWN web1\n"
    assert "TLS" in str(mail["Received"]) or "ESMTPSA" in str(mail["Received"])


def test_a_wrong_password_is_told_and_tried_again_later(mail_server):
    failure, steps = send(mail_server, password="wrong")

    assert last(steps) == ("login", False)
    assert "refuses the login: 535" in failure.sentence
    assert "wrong" not in failure.sentence
    assert failure.pause_s == 900
    assert not failure.is_final


def test_an_address_nobody_has_is_given_up_at_once(mail_server):
    failure, steps = send(mail_server, to="nobody@example.com")

    assert last(steps) == ("recipient", False)
    assert failure.is_final


def test_a_certificate_nobody_vouches_for_stops_everything(mail_server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    handed_over = []
    failure, steps = send(mail_server, before=lambda: handed_over.append(1))

    assert last(steps) == ("encryption", False)
    assert "certificate that is not valid" in failure.sentence
    assert not handed_over


def test_the_moment_before_the_message_itself_is_told(mail_server):
    at = []
    _, steps = send(mail_server, mark="moment", before=lambda: at.append(1))

    assert at == [1]
    assert last(steps) == ("message", True)


def test_a_port_nobody_listens_on_is_named(mail_server):
    closed = replace(mail_server, port=free_port())
    failure, steps = send(closed)

    assert last(steps) == ("connect", False)
    assert f"port {closed.port} cannot be reached" in failure.sentence


def test_a_server_that_never_greets_costs_no_more_than_the_time_out(monkeypatch):
    monkeypatch.setattr(smtp_link, "TIMEOUT_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        failure, _ = send(MailServer(host="127.0.0.1", port=port, sender="noc@example.com"))

    assert "did not answer" in failure.sentence


def test_a_server_without_starttls_gets_nothing(mail_server):
    import threading

    said: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def serve() -> None:
            talk, _ = plain.accept()
            with talk:
                talk.sendall(b"220 plain\r\n")
                while line := talk.recv(1000):
                    said.append(line)
                    talk.sendall(b"250 plain\r\n" if line.startswith(b"ehlo") else b"221 bye\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        failure, _ = send(
            MailServer(host="127.0.0.1", port=plain.getsockname()[1], sender="noc@example.com")
        )
        thread.join(5)

    assert "offers no STARTTLS" in failure.sentence
    assert not any(line.lower().startswith((b"mail", b"auth")) for line in said)


@pytest.mark.parametrize(
    "fields",
    [
        {"host": ""},
        {"host": "a b"},
        {"port": 0},
        {"sender": "nobody"},
        {"user": "noc"},
        {"host": "mail.example.com", "user": "noc", "secret": "env:X", "security": Security.NONE},
    ],
)
def test_a_mail_server_that_cannot_be_is_refused(fields):
    usual = {"host": "localhost", "sender": "noc@example.com"}
    with pytest.raises(InvalidMailServer):
        MailServer(**(usual | fields))
