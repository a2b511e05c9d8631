"""Messages as mail servers and people send them back, each for a mail with the same mark."""

from email.message import EmailMessage

from tests.notices.letters import MARK

TO = f"bounces+b{MARK}@example.com"


def dsn(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <anna@example.org>: no such user",
    to: str = TO,
    envelope: str = "",
    original: str = f"Message-ID: <{MARK}.notice@example.com>\n",
) -> bytes:
    """Give a report as Postfix writes it (RFC 3464)."""
    whole = f"Original-Envelope-Id: {envelope}\n" if envelope else ""
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mail.example.com (Mail Delivery System)\n"
        f"Subject: Undelivered Mail Returned to Sender\nTo: {to}\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n'
        "--x\nContent-Type: text/plain; charset=us-ascii\n\nI'm sorry to have to inform you.\n"
        "--x\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mail.example.com\n{whole}\n"
        f"Final-Recipient: rfc822; anna@example.org\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: {said}\n\n"
        f"--x\nContent-Type: text/rfc822-headers\n\nSubject: Maintenance\n{original}\n--x--\n"
    ).encode()


def qmail() -> bytes:
    """Give a report in qmail's own words."""
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: {TO}\n"
        "Subject: failure notice\n\n"
        "Hi. This is the qmail-send program at mx.example.org.\n\n<anna@example.org>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy\n"
    ).encode()


def exim(*, code: str = "550 5.2.2 mailbox is full") -> bytes:
    """Give a report in exim's own words, with its header."""
    return (
        f"Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.org>\nTo: {TO}\n"
        "X-Failed-Recipients: anna@example.org\nAuto-Submitted: auto-replied\n"
        "Subject: Mail delivery failed: returning message to sender\n\n"
        "This message was created automatically by mail delivery software.\n\n"
        f"  anna@example.org\n    SMTP error from remote mail server: {code}\n"
    ).encode()


def absence(*, subject: str = "Out of office: Maintenance", **headers: str) -> bytes:
    """Give an absence note."""
    return written(subject, "I am back on Monday.", **headers)


def leaving(*, tag: str = "u", subject: str = "unsubscribe", **headers: str) -> bytes:
    """Give the mail that a mail program's button to leave sends."""
    to = f"bounces+{tag}{MARK}@example.com" if tag else "support@example.com"
    return written(subject, "", to=to, **headers)


def complaint() -> bytes:
    """Give a report of spam (RFC 5965)."""
    return (
        f"From: feedback@mx.example.org\nTo: {TO}\nSubject: FW: Maintenance\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="x"\n\n'
        "--x\nContent-Type: text/plain\n\nThis is an email abuse report.\n"
        "--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n"
        "--x\nContent-Type: message/rfc822\n\nSubject: Maintenance\n\nHello\n--x--\n"
    ).encode()


def written(subject: str, text: str, *, to: str = TO, **headers: str) -> bytes:
    """Give a mail of a person's mail program."""
    mail = EmailMessage()
    mail["From"] = "Anna <anna@example.org>"
    mail["To"] = to
    mail["Subject"] = subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()
