"""The engine tells people of alarms over real channels that fail, hang, return or see it die."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from noc_console.engine.delivery import DeliveryWork
from noc_console.engine.trials import try_for_order
from noc_console.health.alarm_acts import acknowledge
from noc_console.health.delivery import rules
from noc_console.health.delivery.delivery import DeliveryState
from noc_console.health.delivery.delivery_records import hurry, list_deliveries, troubles
from noc_console.health.delivery.delivery_trial import TEST_DELIVERY
from noc_console.health.delivery.mail_server import MailServer, Security, put_mail_server
from noc_console.health.delivery.recipient_records import UnknownRecipient, remove_recipient
from noc_console.health.verdict import Verdict
from noc_console.store.orders import claim, get, place
from noc_console.store.schema.delivery import delivery_item
from tests.engine.running import busy, wait_until
from tests.health.alarms import raise_alarm
from tests.health.telling import add, anna, change, do, phone
from tests.postfix import PASSWORD, USER, Postfix, skip_without_root
from tests.receiver import Receiver
from tests.sshd import free_port

URL = "NOC_TEST_CHAT_URL"


def now():
    return datetime.now(UTC)


@pytest.fixture
def receiver(monkeypatch):
    """Give a chat that keeps what it hears; the engine finds its address in a variable."""
    with closing(Receiver()) as listening:
        monkeypatch.setenv(URL, listening.url)
        yield listening


@pytest.fixture
def chat(store, receiver):
    """Give a recipient whose chat that is."""
    return add(store, phone(secret=f"env:{URL}"))


@pytest.fixture
def clock():
    """Give a clock that a test may set ahead."""

    class Clock:
        ahead = timedelta(0)

        def __call__(self):
            return now() + self.ahead

    return Clock()


@pytest.fixture
def work(store, clock):
    """Give the work of an engine, whose pauses are short."""
    working = DeliveryWork(store, wall=clock, pause_s=lambda _tries: 0.05)
    yield working
    working.close()


def until(work, condition, timeout_s=20.0):
    def look():
        work.look()
        return condition()

    wait_until(look, timeout_s)


def raised(store, key="load5", **fields):
    return raise_alarm(store, key, raised_at=now(), **fields)


def count_items(store):
    with store.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(delivery_item)).scalar()


def states(store):
    return [one.state for one in list_deliveries(store)]


def test_an_alarm_reaches_a_chat_and_so_does_its_end(store, work, receiver, chat):
    one = raised(store, words="gone", verdict=Verdict.DOWN)
    until(work, lambda: len(receiver.heard) == 1)
    until(work, lambda: states(store) == [DeliveryState.SENT])

    change(store, one, cleared_at=now())
    until(work, lambda: len(receiver.heard) == 2)
    assert [heard["title"] for heard in receiver.heard] == [
        "[noc-console] DOWN: gone",
        "[noc-console] CLEARED: gone",
    ]


def test_a_channel_that_is_down_is_tried_again_and_said_until_it_is_back(
    store, work, receiver, chat
):
    receiver.status = 503
    raised(store)
    until(work, lambda: any(one.tries > 2 for one in troubles(store, now())))
    assert "did not take the message" in troubles(store, now())[0].words

    receiver.status = 200
    until(work, lambda: states(store) == [DeliveryState.SENT])
    assert len(receiver.heard) == 1
    assert troubles(store, now()) == []


def test_what_falls_due_while_a_channel_is_down_is_told_in_one_message(store, receiver, chat):
    receiver.status = 503
    work = DeliveryWork(store, pause_s=lambda _tries: 600.0)
    try:
        raised(store)
        until(work, lambda: troubles(store, now()))
        until(work, lambda: states(store) == [DeliveryState.QUEUED])
        for number in range(20):
            raised(store, f"check:{number}")
        until(work, lambda: count_items(store) == 21)
        receiver.status = 200
        hurry(store, now())
        until(work, lambda: receiver.heard)
        until(work, lambda: states(store) == [DeliveryState.SENT])
    finally:
        work.close()

    (heard,) = receiver.heard
    assert heard["title"].startswith("[noc-console] 21 alarms")


def test_an_alarm_that_is_acknowledged_while_its_channel_is_down_is_never_told(
    store, work, receiver, chat
):
    receiver.status = 503
    one = raised(store)
    until(work, lambda: troubles(store, now()))
    do(store, one, partial(acknowledge, by="Ben", now=now(), reason="known"))

    until(work, lambda: states(store) == [DeliveryState.WITHDRAWN])
    assert receiver.heard == []


def test_escalation_goes_on_for_an_hour_of_an_injected_clock(store, work, receiver, chat, clock):
    add(store, replace(chat, name="Chief", after_minutes=45))
    raised(store)
    until(work, lambda: len(receiver.heard) == 1)
    clock.ahead = timedelta(minutes=44)
    work.look()
    until(work, lambda: states(store) == [DeliveryState.SENT])

    clock.ahead = timedelta(minutes=46)
    until(work, lambda: len(receiver.heard) == 2)
    assert "Nobody has taken this up for 45 min." in receiver.heard[1]["message"]


def test_a_mail_server_that_hangs_holds_up_no_chat(store, work, receiver, chat):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        put_mail_server(
            store,
            MailServer(
                host="127.0.0.1", port=port, security=Security.NONE, sender="noc@example.com"
            ),
        )
        for number in range(4):
            add(store, anna(name=f"Anna {number}"))
        raised(store)
        began_s = time.monotonic()
        work.look()

        wait_until(lambda: receiver.heard, 30)
        assert time.monotonic() - began_s < 5


def test_without_a_mail_server_it_is_said_what_to_do(store, work):
    add(store, anna())
    raised(store)

    until(work, lambda: troubles(store, now()))
    assert "No mail server is set" in troubles(store, now())[0].words


def test_a_secret_that_is_gone_is_said_and_the_message_waits(store, work, chat, monkeypatch):
    monkeypatch.delenv(URL)
    raised(store)

    until(work, lambda: troubles(store, now()))
    assert f"in ${URL}" in troubles(store, now())[0].words
    assert states(store)[0] is not DeliveryState.GIVEN_UP


def test_after_a_day_in_vain_a_message_is_given_up(store, work, receiver, chat, clock):
    receiver.status = 503
    raised(store)
    until(work, lambda: troubles(store, now()))
    clock.ahead = timedelta(hours=25)

    until(work, lambda: DeliveryState.GIVEN_UP in states(store))


def test_a_real_mail_server_that_was_down_gets_the_message_when_it_is_up(store, work, monkeypatch):
    skip_without_root()
    postfix = Postfix()
    monkeypatch.setenv("SSL_CERT_FILE", str(postfix.certificate))
    monkeypatch.setenv("NOC_TEST_MAIL_PASSWORD", PASSWORD)
    put_mail_server(
        store,
        MailServer(
            host=postfix.host,
            port=postfix.port,
            sender="noc@example.com",
            user=USER,
            secret="env:NOC_TEST_MAIL_PASSWORD",
        ),
    )
    add(store, anna())
    raised(store, words="gone", verdict=Verdict.DOWN)
    try:
        until(work, lambda: any(one.tries > 1 for one in troubles(store, now())))
        assert "cannot be reached" in troubles(store, now())[0].words
        postfix.start()
        until(work, postfix.mails)
        (mail,) = postfix.mails()
    finally:
        postfix.remove()

    assert mail["Subject"] == "[noc-console] DOWN: gone"
    assert states(store) == [DeliveryState.SENT]


_WORKER = """
import sys, time
from noc_console.engine.delivery import DeliveryWork
from noc_console.store.location import StoreLocation
from noc_console.store.store import open_store
work = DeliveryWork(open_store(StoreLocation.parse(sys.argv[1])))
while True:
    work.look()
    time.sleep(0.02)
"""


class SlowMailServer:
    """Speaks SMTP and then waits for ever: `at` is the word of the dialogue where it does."""

    def __init__(self, at):
        self.at, self.seen, self.taken = at, threading.Event(), 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                talk, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(talk,), daemon=True).start()

    def _talk(self, talk):
        with talk, talk.makefile("rb") as lines:
            talk.sendall(b"220 slow\r\n")
            is_body = False
            for line in lines:
                is_end = is_body and line == b".\r\n"
                word = b"end" if is_end else line.split()[0].lower() if line.split() else b""
                if (not is_body or is_end) and word == self.at:
                    self.seen.set()
                    continue
                if is_end:
                    self.taken += 1
                    is_body = False
                if not is_body:
                    talk.sendall(b"354 go\r\n" if word == b"data" else b"250 ok\r\n")
                    is_body = word == b"data"

    def close(self):
        self._listening.close()


@pytest.mark.parametrize(
    ("at", "expected"), [(b"rcpt", DeliveryState.SENT), (b"end", DeliveryState.IN_DOUBT)]
)
def test_a_kill_never_doubles_a_message_and_what_is_in_doubt_is_said(store, at, expected):
    slow = SlowMailServer(at)
    server = MailServer(
        host="127.0.0.1", port=slow.port, security=Security.NONE, sender="noc@example.com"
    )
    put_mail_server(store, server)
    add(store, anna())
    raised(store)
    process = subprocess.Popen([sys.executable, "-c", _WORKER, store.location.text])
    try:
        assert slow.seen.wait(20)
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.wait(10)
    slow.at = b"never"
    after = DeliveryWork(store, pause_s=lambda _tries: 0.05)
    try:
        until(after, lambda: states(store) == [expected])
        after.look()
    finally:
        after.close()
        slow.close()

    assert slow.taken == (1 if expected is DeliveryState.SENT else 0)
    told = troubles(store, now())
    assert bool(told) is (expected is DeliveryState.IN_DOUBT)


def order_test(store, recipient_id):
    asked = place(
        store,
        TEST_DELIVERY,
        request={"recipient_id": recipient_id},
        asked_by="ben",
        now=now(),
    )
    order = claim(store, 1, now())
    return asked, order


def test_a_test_is_sent_told_step_by_step_and_noted(store, receiver, chat):
    asked, order = order_test(store, chat.id)
    outcome = try_for_order(store, order)

    assert outcome == {
        "ok": True,
        "sentence": "JSON took the message. Ask Phone whether it arrived.",
    }
    assert [step["name"] for step in get(store, asked).progress] == ["secret", "address", "message"]
    assert receiver.heard[0]["title"] == "[noc-console] Test: this way works"
    assert "ben tests whether" in receiver.heard[0]["message"]
    assert states(store) == [DeliveryState.SENT]


def test_a_test_that_fails_says_at_which_step(store):
    put_mail_server(
        store,
        MailServer(
            host="127.0.0.1", port=free_port(), security=Security.NONE, sender="noc@example.com"
        ),
    )
    asked, order = order_test(store, add(store, anna()).id)
    outcome = try_for_order(store, order)

    assert outcome["ok"] is False
    assert get(store, asked).progress[-1]["name"] == "connect"
    assert get(store, asked).progress[-1]["ok"] is False


def test_a_test_for_somebody_who_was_removed_sends_nothing(store, receiver, chat):
    _, order = order_test(store, chat.id)
    remove_recipient(store, chat.id, "ben", now())

    with pytest.raises(UnknownRecipient):
        try_for_order(store, order)
    assert receiver.heard == []


def test_a_running_engine_tells_of_an_alarm_and_stops_in_time(store, receiver, chat, start_engine):
    engine = start_engine(store).wait_until_watching()
    raised(store, words="gone", verdict=Verdict.DOWN)
    wait_until(lambda: receiver.heard)
    wait_until(lambda: states(store) == [DeliveryState.SENT])

    assert receiver.heard[0]["title"] == "[noc-console] DOWN: gone"
    assert engine.stop() < 2.0 * busy()
    assert "sesame" not in engine.log


@pytest.mark.slow
def test_kills_at_random_moments_tell_nothing_twice(store, receiver, chat, monkeypatch):
    chance, number = random.Random(7), 0  # noqa: S311 - no secret
    monkeypatch.setattr(rules, "FLOOD_MESSAGES", 10**6)
    unbounded = "from noc_console.health.delivery import rules; rules.FLOOD_MESSAGES = 10**6"
    for _ in range(6):
        process = subprocess.Popen([sys.executable, "-c", unbounded + _WORKER, store.location.text])
        ends_s = time.monotonic() + 0.5 + chance.uniform(0.3, 1.5)
        while time.monotonic() < ends_s:
            raised(store, f"check:{number}", words=f"alarm-{number}-")
            number += 1
            time.sleep(chance.uniform(0.01, 0.1))
        process.kill()
        process.wait(10)
    after = DeliveryWork(store)
    try:
        until(after, lambda: count_items(store) == number)
        until(after, lambda: not any(one.state.is_open for one in list_deliveries(store)))
    finally:
        after.close()

    lines = [line for heard in receiver.heard for line in heard["message"].splitlines()]
    told = Counter(words for line in lines for words in re.findall(r"alarm-\d+-", line))
    assert told
    assert [words for words, count in told.items() if count > 1] == []
