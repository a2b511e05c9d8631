"""The mailbox of bounces is read from a maildir and from a real Dovecot; what people should read
stays unread."""

import shutil
from dataclasses import replace

import pytest

from noc_console.health.delivery.mail_server import MailServer, Security
from noc_console.notices.bounces import ReturnKind, read_report
from noc_console.notices.channels.mail import MailMaker
from noc_console.notices.channels.mail_session import send_mailings
from noc_console.notices.channels.mailing import MailState, new_mark
from noc_console.notices.mailbox import (
    InvalidMailbox,
    Mailbox,
    MailboxFailed,
    MailboxKind,
    look_into,
    put_mailbox_setting,
    read_mailbox_setting,
    try_mailbox,
)
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.engine.running import wait_until
from tests.notices import returned_mail as sent
from tests.notices.letters import letter
from tests.postfix import PASSWORD as SMTP_PASSWORD
from tests.postfix import USER as SMTP_USER
from tests.postfix import Postfix, skip_without_root
from tests.scripted_mail import ScriptedMail


def new_maildir(folder):
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return folder


def put(folder, name, content):
    (folder / "new" / name).write_bytes(content)


@pytest.fixture
def maildir(tmp_path):
    return new_maildir(tmp_path / "box")


def of_maildir(folder):
    return Mailbox(kind=MailboxKind.MAILDIR, path=str(folder))


def test_a_maildir_gives_each_message_once_and_keeps_it(maildir):
    put(maildir, "1.x", sent.dsn())
    put(maildir, "2.x", sent.written("Hello", "A question"))
    heard = []

    def take(raw):
        heard.append(read_report(raw).kind)
        return heard[-1] is not ReturnKind.OTHER

    assert look_into(of_maildir(maildir), "", take) == 2
    assert look_into(of_maildir(maildir), "", take) == 0
    assert heard == [ReturnKind.BOUNCED, ReturnKind.OTHER]
    assert sorted(one.name for one in (maildir / "cur").iterdir()) == ["1.x:2,S", "2.x:2,"]


def test_a_message_that_could_not_be_taken_in_comes_again(maildir):
    put(maildir, "1.x", sent.dsn())

    def fails(_raw):
        raise MailboxFailed("the store is away")

    with pytest.raises(MailboxFailed):
        look_into(of_maildir(maildir), "", fails)
    assert look_into(of_maildir(maildir), "", lambda _: True) == 1


def test_a_folder_that_is_no_maildir_is_named(tmp_path):
    with pytest.raises(MailboxFailed, match="is no maildir"):
        try_mailbox(of_maildir(tmp_path), "")


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": MailboxKind.MAILDIR, "path": "relative"},
        {"kind": MailboxKind.IMAP},
        {"kind": MailboxKind.IMAP, "host": "a b", "user": "x", "secret": "env:X"},
        {"kind": MailboxKind.IMAP, "host": "mail.example.com", "user": "x"},
        {
            "kind": MailboxKind.IMAP,
            "host": "mail.example.com",
            "user": "x",
            "secret": "env:X",
            "security": Security.NONE,
        },
        {
            "kind": MailboxKind.IMAP,
            "host": "h",
            "user": "x",
            "secret": "env:X",
            "folder": 'x" y',
        },
    ],
)
def test_a_mailbox_that_cannot_be_is_refused(fields):
    with pytest.raises(InvalidMailbox):
        Mailbox(**fields)


def test_the_mailbox_is_a_setting_of_the_store(any_store, maildir):
    assert read_mailbox_setting(any_store) is None
    box = Mailbox(kind=MailboxKind.IMAP, host="h", user="u", secret="env:X", folder="Bounces")
    put_mailbox_setting(any_store, box)
    assert read_mailbox_setting(any_store) == box
    put_mailbox_setting(any_store, None)
    assert read_mailbox_setting(any_store) is None


@pytest.fixture(scope="module")
def mail():
    skip_without_root()
    postfix = Postfix()
    dovecot = None
    try:
        postfix.start()
        new_maildir(postfix.maildir())
        for folder in (postfix.maildir(), *postfix.maildir().iterdir()):
            shutil.chown(folder, "nobody")
        dovecot = Dovecot(postfix.maildir()).start()
        yield postfix, dovecot
    finally:
        if dovecot is not None:
            dovecot.remove()
        postfix.remove()


@pytest.fixture
def imap(mail, monkeypatch):
    _, dovecot = mail
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    return Mailbox(
        kind=MailboxKind.IMAP,
        host=dovecot.host,
        port=dovecot.port,
        security=Security.STARTTLS,
        user=USER,
        secret="env:X",
    )


def test_over_imap_what_people_should_read_stays_unread(mail, imap):
    postfix, dovecot = mail
    put(postfix.maildir(), "1.x", sent.written("Hello", "A question"))
    put(postfix.maildir(), "2.x", sent.dsn())
    heard = []

    def take(raw):
        report = read_report(raw)
        heard.append(report.kind)
        return report.kind is not ReturnKind.OTHER

    tls = replace(imap, port=dovecot.tls_port, security=Security.TLS)
    assert "2 new messages" in try_mailbox(imap, PASSWORD)
    assert look_into(tls, PASSWORD, take) == 2
    assert look_into(imap, PASSWORD, take) == 0
    assert sorted(kind.value for kind in heard) == ["bounced", "other"]
    flags = {one.name.partition(",")[2] for one in (postfix.maildir() / "cur").iterdir()}
    assert sum("S" in one for one in flags) == 1
    for one in (postfix.maildir() / "cur").iterdir():
        one.unlink()


def test_what_postfix_reports_comes_back_to_the_mail_it_is_about(mail, imap, monkeypatch):
    postfix, _ = mail
    monkeypatch.setenv("SSL_CERT_FILE", str(postfix.certificate))
    marks = {f"gone{n}@example.com": new_mark() for n in range(3)}
    maker = MailMaker(letter())
    results = []
    send_mailings(
        MailServer(
            host=postfix.host,
            port=postfix.port,
            sender="noc@example.com",
            user=SMTP_USER,
            secret="env:X",
        ),
        SMTP_PASSWORD,
        [maker.mail(n, mark, address) for n, (address, mark) in enumerate(marks.items())],
        before_handing_over=lambda _: None,
        told=results.append,
    )
    assert {one.state for one in results} == {MailState.SENT}

    wait_until(lambda: len(list(postfix.maildir().glob("*/[0-9]*"))) == 3, timeout_s=60)
    monkeypatch.setenv("SSL_CERT_FILE", str(mail[1].certificate))
    reports = []
    assert look_into(imap, PASSWORD, lambda raw: bool(reports.append(read_report(raw)) or 1)) == 3
    assert {one.address: one.mark for one in reports} == marks
    assert {one.kind for one in reports} == {ReturnKind.BOUNCED}
    assert {one.status for one in reports} == {"5.1.1"}


def test_a_wrong_password_is_told_and_none_is_sent_to_a_stranger(imap, monkeypatch):
    with pytest.raises(MailboxFailed, match="refuses the login"):
        try_mailbox(imap, "wrong")
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailboxFailed, match="the password was not sent"):
        try_mailbox(imap, PASSWORD)


def test_a_folder_that_is_not_there_is_named(imap):
    with pytest.raises(MailboxFailed, match="has no folder Nowhere"):
        try_mailbox(replace(imap, folder="Nowhere"), PASSWORD)


def test_a_server_without_starttls_hears_no_password(tmp_path, mail):
    stripped = Dovecot(new_maildir(tmp_path / "plain"), "root", has_tls=False)
    try:
        stripped.start()
        box = Mailbox(
            kind=MailboxKind.IMAP,
            host="127.0.0.1",
            port=stripped.port,
            security=Security.STARTTLS,
            user=USER,
            secret="env:X",
        )
        with pytest.raises(MailboxFailed, match="TLS not supported"):
            try_mailbox(box, PASSWORD)
        assert "Login" not in stripped.log
    finally:
        stripped.remove()


def test_a_server_that_speaks_something_else_is_named():
    server = ScriptedMail()
    try:
        box = Mailbox(
            kind=MailboxKind.IMAP,
            host="127.0.0.1",
            port=server.port,
            security=Security.NONE,
            user=USER,
            secret="env:X",
        )
        with pytest.raises(MailboxFailed, match="did not go on"):
            try_mailbox(box, PASSWORD)
    finally:
        server.close()
