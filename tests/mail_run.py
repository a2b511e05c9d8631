"""A notice to many contacts by mail: the store it is in, and how its mails stand and arrived."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from noc_console.health.delivery.mail_server import MailServer, Security, put_mail_server
from noc_console.notices.channel_records import add_channel
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.contact import Contact
from noc_console.notices.contact_records import add_and_edit
from noc_console.notices.first_word import FirstWord, draft_first_word, send_first_word
from noc_console.notices.notice import Route, RouteKind
from noc_console.store.schema.notices import mailing
from noc_console.store.store import Store
from tests.postfix import Postfix

OPEN_RELAY = {
    "smtpd_tls_security_level": "none",
    "smtpd_sasl_auth_enable": "no",
    "smtpd_relay_restrictions": "permit_mynetworks,reject",
    "smtpd_recipient_restrictions": "permit_mynetworks,reject",
    "in_flow_delay": "0s",
}
"""A Postfix that takes mail from this machine without TLS or login, as `smtp-source` sends it."""


def put_notice(store: Store, port: int, count: int) -> None:
    """Have a notice go to so many contacts by mail, now."""
    now = datetime.now(UTC)
    put_mail_server(
        store,
        MailServer(host="127.0.0.1", port=port, security=Security.NONE, sender="noc@example.com"),
    )
    contacts = [
        Contact(address=f"to{number}@example.com", name=f"Customer {number}, Ltd.")
        for number in range(count)
    ]
    add_and_edit(store, contacts, [], "bench", now)
    settings = {"for_all": "yes", "bounces": "bounces@example.com"}
    channel = Channel(name="mail", kind=ChannelKind.EMAIL, settings=settings)
    add_channel(store, channel, "bench", now)
    told = FirstWord(
        noticed="Web sites on web-01 answer slowly or not at all.",
        routes=(
            Route(kind=RouteKind.PHONE, words="+49 30 1234567"),
            Route(kind=RouteKind.PAGE, words="https://help.example.net"),
        ),
    )
    send_first_word(store, draft_first_word(store, told, None, now), None, by="bench", now=now)


@dataclass(frozen=True)
class Outcome:
    """What came of a notice whose senders were killed."""

    twice: int
    lost: int
    in_doubt: int
    in_doubt_arrived: int
    sent: int


def kill_senders(
    where: str, store: Store, postfix: Postfix, kills: int, chance: random.Random
) -> Outcome:
    """Send the notice by senders that are killed at moments nobody chose, then by one that is not.

    The moments lie anywhere in the mails that go, and anywhere within one mail.
    """
    count = len(standing(store)) or None
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        for part in range(kills):
            _kill_one(where, store, log, (part + chance.random()) / kills, chance)
        with _sender(where, log) as last:
            assert last.wait(1200) == 0, log.read_text()
    states = standing(store)
    assert count is None or len(states) == count
    sent = {mark for mark, state in states.items() if state == "sent"}
    doubtful = {mark for mark, state in states.items() if state == "in doubt"}
    deadline_s = time.monotonic() + 300
    while len(sent & set(found := arrived(postfix))) < len(sent):
        if time.monotonic() > deadline_s:
            break
        time.sleep(0.2)
    return Outcome(
        twice=sum(1 for times in found.values() if times > 1),
        lost=len(states) - len(doubtful) - len(sent & set(found)),
        in_doubt=len(doubtful),
        in_doubt_arrived=len(doubtful & set(found)),
        sent=len(sent),
    )


def _kill_one(where: str, store: Store, log: Path, share: float, chance: random.Random) -> None:
    """Kill a sender when that share of the mails is over."""
    with _sender(where, log) as one:
        deadline_s = time.monotonic() + 300
        while one.poll() is None and time.monotonic() < deadline_s:
            states = standing(store)
            over = sum(state in {"sent", "in doubt"} for state in states.values())
            if states and over >= share * len(states):
                break
            time.sleep(0.01)
        time.sleep(chance.random() * 0.05)
        one.kill()
        one.wait(30)


@contextmanager
def _sender(where: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.notices_sender", where],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def standing(store: Store) -> dict[str, str]:
    """Give the state of each mailing, by its mark."""
    with store.read() as connection:
        rows = connection.execute(sa.select(mailing.c.mark, mailing.c.state)).all()
    return {row.mark: row.state for row in rows}


def arrived(postfix: Postfix) -> Counter[str]:
    """Give how often the mail with each mark is in the receiving mailbox."""
    return arrived_in(postfix.maildir("box"))


def arrived_in(maildir: Path) -> Counter[str]:
    """Give how often the mail with each mark is in a maildir."""
    found: Counter[str] = Counter()
    for file in (maildir / "new").iterdir():
        with file.open("rb") as opened:
            head = opened.read(4000)
        found[head.partition(b"\nMessage-ID: <")[2].partition(b".")[0].decode()] += 1
    return found
