"""The engine reads what comes back by itself, and says once when it cannot."""

import logging
from contextlib import closing

import pytest

from noc_console.engine.mailbox_work import MailboxWork
from noc_console.notices.bounces import ReturnKind
from noc_console.notices.mailbox import Mailbox, MailboxKind, put_mailbox_setting
from noc_console.notices.mailbox_reading import last_trouble
from noc_console.notices.returned_records import list_returned
from tests.conftest import NOW
from tests.engine.running import wait_until
from tests.notices.returned_mail import dsn


@pytest.fixture
def work(store):
    with closing(MailboxWork(store, wall=lambda: NOW)) as running:
        yield running


def test_what_comes_back_is_read_without_being_asked_twice(store, work, tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    put_mailbox_setting(store, Mailbox(kind=MailboxKind.MAILDIR, path=str(tmp_path / "box")))
    (tmp_path / "box" / "new" / "1.x").write_bytes(dsn())

    work.look()
    work.look()

    wait_until(lambda: list_returned(store, since=NOW))
    (one,) = list_returned(store, since=NOW)
    assert one.kind is ReturnKind.BOUNCED
    wait_until(lambda: not list((tmp_path / "box" / "new").iterdir()))


def test_a_mailbox_that_fails_is_said_once_and_when_it_works_again(store, work, tmp_path, caplog):
    caplog.set_level(logging.WARNING)
    box = tmp_path / "box"
    put_mailbox_setting(store, Mailbox(kind=MailboxKind.MAILDIR, path=str(box)))

    def look(until):
        def looked():
            work.look()
            return until()

        wait_until(looked)

    look(lambda: last_trouble(store))
    look(lambda: caplog.messages)
    work.look()
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    look(lambda: not last_trouble(store))
    look(lambda: len(caplog.messages) == 2)

    assert "cannot be read" in caplog.messages[0]
    assert "can be read again" in caplog.messages[1]


def test_without_a_mailbox_nothing_is_done(store, work, caplog):
    work.look()
    wait_until(lambda: work._is_looking.acquire(blocking=False))

    assert caplog.messages == []
    assert last_trouble(store) == ""
