"""A notice's mail says the same as text and HTML, and no name or title can change its headers."""

import email
import re
import time
from dataclasses import replace
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.notices.channels.mail import MailMaker, return_path
from noc_console.notices.channels.mail_headers import (
    address_header,
    ascii_address,
    one_line,
    text_header,
)
from noc_console.notices.channels.mailing import is_mark, new_mark
from noc_console.notices.notice import NoticeKind
from tests.notices.letters import IDENTITY, MARK, TEXT, invitation, letter


def read(made):
    return email.message_from_bytes(made.content, policy=default)


def shown_to(content):
    """Give name and address as mail programs read them: Python 3.11's newer reader puts spaces
    between encoded words in a name, against RFC 2047."""
    phrase, address = parseaddr(email.message_from_bytes(content)["To"])
    return str(make_header(decode_header(phrase))), address


def words_of(mail, form):
    return mail.get_body((form,)).get_content().replace("\r\n", "\n")


def mail_to(address="anna@example.com", name="Anna", **fields):
    return MailMaker(letter(**fields)).mail(7, MARK, address, name)


def test_a_mail_says_the_same_as_text_and_as_html():
    mail = read(mail_to())

    page = words_of(mail, "html")
    assert mail.get_content_type() == "multipart/alternative"
    assert TEXT.plain in words_of(mail, "plain")
    assert TEXT.html in page
    assert '<html lang="de">' in page
    assert mail["Subject"] == TEXT.title


def test_a_mail_is_known_by_its_mark_through_every_try():
    first, again = mail_to(), mail_to()

    assert first.content == again.content
    assert read(first)["Message-ID"] == f"<{MARK}.notice@example.com>"
    assert first.return_path == f"bounces+b{MARK}@example.com"
    assert read(first)["References"] == "<notice.token@example.com>"


def test_a_mail_is_answered_by_no_absence_note_and_offers_a_way_out():
    mail = read(mail_to())

    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    ways = re.findall("<(.*?)>", mail["List-Unsubscribe"])
    assert ways == [
        f"https://example.com/leave?mark={MARK}",
        f"mailto:bounces+u{MARK}@example.com?subject=unsubscribe",
    ]
    assert "Keine Mitteilungen über geplante Arbeiten mehr" in words_of(mail, "html")


def test_without_a_page_to_leave_only_the_way_by_mail_is_offered():
    mail = read(mail_to(identity=replace(IDENTITY, leave_at="", bounces="")))

    assert "List-Unsubscribe-Post" not in mail
    assert f"mailto:support@example.com?subject=unsubscribe%20{MARK}" in mail["List-Unsubscribe"]
    assert "mailto:support@example.com" in words_of(mail, "plain")


def test_without_a_mailbox_for_bounces_they_go_to_the_sender():
    assert return_path(replace(IDENTITY, bounces=""), MARK) == "noc@example.com"


def test_the_words_at_the_end_are_of_the_kind_of_notice_and_english_where_no_other_are_known():
    mail = read(mail_to(kind=NoticeKind.UNSCHEDULED, language="fr"))

    assert "No more notices of faults" in words_of(mail, "plain")


def test_a_mail_with_an_invitation_carries_it_as_a_form_and_as_a_file():
    mail = read(mail_to(invitation=invitation()))

    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    form = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert form["Content-Type"].params["method"] == "REQUEST"
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "event.ics"
    assert file.get_content().decode() == form.get_content()


@pytest.mark.parametrize(
    "name",
    [
        "Anna, Ben & Co.",
        'He said "hi"',
        "Müller, Söhne und sehr viele andere mit einem langen Namen GmbH & Co. KG aA, Köln",
        "איתן לוי",
        "日本語の名前" * 12,
        "😀 Emoji 👩‍👩‍👧",
        "=?utf-8?q?faked?=",
        "back\\slash",
        "Anna\r\nBcc: everybody@example.com",
        "x" * 150,
    ],
)
def test_a_name_arrives_as_it_was_written_and_changes_nothing_else(name):
    made = mail_to(name=name)

    assert shown_to(made.content) == (one_line(name, 200), "anna@example.com")
    assert "Bcc" not in read(made)


def test_a_title_with_line_ends_stays_one_header():
    mail = read(mail_to(text=replace(TEXT, title="Hello\r\nBcc: all@example.com\r\n\r\nbody")))

    assert mail["Subject"] == "Hello Bcc: all@example.com body"
    assert "Bcc" not in mail


def test_a_title_in_html_stays_text():
    mail = read(mail_to(text=replace(TEXT, title="<script>alert(1)</script>")))

    assert "<script>" not in words_of(mail, "html")


@given(st.text(max_size=200))
def test_any_name_is_one_address(name):
    header = address_header("To", "anna@example.com", name)
    mail = email.message_from_bytes(f"{header}\r\n\r\n".encode(), policy=default)

    (to,) = mail["To"].addresses
    assert to.addr_spec == "anna@example.com"
    assert mail.keys() == ["To"]
    assert all(len(line) <= 78 for line in header.split("\r\n"))


@given(st.text(max_size=300))
def test_any_title_is_one_subject(title):
    header = text_header("Subject", title)
    mail = email.message_from_bytes(f"{header}\r\n\r\n".encode(), policy=default)

    assert mail.keys() == ["Subject"]
    assert mail["Subject"] == one_line(title, 900)


@given(st.text(max_size=60), st.text(max_size=200), st.text(max_size=200))
def test_no_text_makes_a_line_a_mail_server_would_refuse(name, plain, title):
    text = replace(TEXT, plain=plain, html="<p>x</p>", title=title)
    made = MailMaker(letter(text=text, invitation=invitation(description=plain))).mail(
        1, MARK, "anna@example.com", name
    )

    assert all(len(line) <= 998 for line in made.content.split(b"\r\n"))
    assert b"\n" not in made.content.replace(b"\r\n", b"")
    assert b"\r" not in made.content.replace(b"\r\n", b"")
    assert made.content.isascii()


def test_a_domain_beyond_ascii_is_sent_as_name_servers_know_it():
    assert ascii_address("anna@müller.example") == "anna@xn--mller-kva.example"


def test_marks_differ_and_have_the_form_that_is_looked_for():
    marks = {new_mark() for _ in range(1000)}

    assert len(marks) == 1000
    assert all(is_mark(one) for one in marks)
    assert not is_mark("../../etc")


def test_a_thousand_mails_are_made_within_a_second_or_two():
    maker = MailMaker(letter(invitation=invitation()))
    began = time.process_time()
    for number in range(1000):
        maker.mail(number, MARK, f"anna{number}@example.com", "Änna, with a name")

    assert time.process_time() - began < 3
