"""Mails are counted by who handed them over, in lines that real exim and Postfix wrote.

The logs beside this file are of exim 4.96 and Postfix 3.7.11 of Debian 12, which were given mail by
login, by sendmail, by SMTP from the machine itself, and from outside. `exim_arguments.log` is with
`log_selector = +arguments +subject +received_recipients`, as cPanel sets it.
"""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.spam import senders
from noc_console.audit.spam.senders import count_log, count_scripts

DAY = date(2026, 11, 28)
FOLDER = Path(__file__).parent


def log(name):
    """Give the lines of a log beside this file."""
    return (FOLDER / f"{name}.log").read_text("utf-8").splitlines()


def told(mails):
    """Give the mails of each sender on all days."""
    return {sender.item: sum(by_day.values()) for sender, by_day in mails.counts.items()}


@pytest.mark.parametrize("name", ["exim_default", "exim_arguments"])
def test_exim_counts_logins_users_and_local_programs_and_nothing_from_outside(name):
    mails = count_log(log(name), today=DAY)

    assert mails.days == {DAY}
    assert told(mails) == {
        "account info@shop.example": 3,
        "account news@shop.example": 5,  # one mail to five people
        "local domain forum.example": 1,
        "user shop": 5,
        "user alice": 1,
    }


def test_postfix_counts_logins_users_and_local_programs_and_no_mail_that_a_filter_gave_back():
    mails = count_log(log("postfix"), today=DAY, users={"0": "root"})

    assert told(mails) == {
        "account noc@example.com": 6,
        "local domain forum.example": 1,
        "user root": 1,
    }


def test_a_subject_that_looks_like_a_login_names_nobody():
    line = (
        "2026-11-28 11:03:49 1xX-0-2Q <= s@far.example H=x [203.0.113.5] P=esmtp S=2 "
        'T="A=login:boss U=root P=local"'
    )

    assert told(count_log([line], today=DAY)) == {}


def test_scripts_are_known_by_exims_folder_postfixs_header_and_phps_own_log():
    lines = [
        *log("exim_arguments"),
        *log("postfix"),
        "[27-Nov-2026 10:00:00 UTC] mail() on [/var/www/x.php:12]: To: a@b.example -- Headers: ",
        "[27-Nov-2026 10:00:01 Europe/Rome] mail() on [/var/www/x.php(3) : eval()'d code:1]: To:",
    ]

    mails = count_scripts(lines, today=DAY)

    assert told(mails) == {
        "folder /home/shop/public_html/wp-content/uploads": 5,
        "folder /home/alice": 1,
        "script late.php": 1,
        "script /var/www/x.php": 1,
        "script /var/www/x.php(3) : eval()'d code": 1,
    }
    assert mails.days == {DAY, date(2026, 11, 27)}


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("Nov 28 02:00:00", date(2026, 11, 28)),
        ("Dec  1 02:00:00", date(2025, 12, 1)),
        ("2026-11-27T23:59:59.123456+01:00", date(2026, 11, 27)),
    ],
)
def test_a_stamp_without_a_year_is_of_the_newest_year_it_can_be_of(stamp, day):
    assert count_log([f"{stamp} mx postfix/qmgr[7]: x"], today=DAY).days == {day}


def test_exims_stamps_with_zone_milliseconds_and_process_number_are_read():
    lines = [
        "2026-11-28 11:03:49.123 +0100 [991] 1xX-0-2Q <= a@b.example U=shop P=local S=1",
        "2026-11-28 11:03:50.123 +0100 [991] 1xX-0-2Q => c@d.example R=r T=t",
        "2026-11-28 11:03:50.124 +0100 [991] 1xX-0-2Q => e@d.example R=r T=t",
    ]

    assert told(count_log(lines, today=DAY)) == {"user shop": 2}


def test_a_thousand_days_of_strangers_stay_bounded(monkeypatch):
    monkeypatch.setattr(senders, "MAX_SENDERS", 3)
    monkeypatch.setattr(senders, "MAX_OPEN", 2)
    line = "2026-11-28 11:03:49 1xX-{0}-2Q <= a@b.example U=u{0} P=local S=1"

    mails = count_log([line.format(number) for number in range(10)], today=DAY)

    assert (len(mails.counts), mails.left_out) == (3, 7)


def test_the_first_and_the_newest_line_of_a_day_are_kept():
    lines = [f"2026-11-28 1{n}:00:00 1xX-{n}-Q <= a@b.example U=u P=local S=1" for n in range(5)]

    (kept,) = count_log(lines, today=DAY).lines.values()

    assert kept == {DAY: [lines[0], lines[4]]}


@given(st.lists(st.text(max_size=80) | st.sampled_from(log("exim_arguments") + log("postfix"))))
def test_any_lines_give_counts(lines):
    mails = [count_log(lines, today=DAY), count_scripts(lines, today=DAY)]

    assert all(
        count > 0 for one in mails for days in one.counts.values() for count in days.values()
    )
