"""People are told of alarms: what is due is written down, then sent by workers of its own.

Guarantee: nothing here ever holds up the conductor; a channel that hangs holds up at most the
workers of its own kind. What was under way when an engine died is taken up at the next start.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from noc_console.engine.planner import Planner
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.health.delivery import delivery_records, text
from noc_console.health.delivery.chat import warm_up
from noc_console.health.delivery.delivery_records import Job, Ready
from noc_console.health.delivery.ledger_records import put_due, read_situation
from noc_console.health.delivery.post import post
from noc_console.health.delivery.recipient import Recipient, Way
from noc_console.health.delivery.recipient_records import list_recipients
from noc_console.health.delivery.rules import due
from noc_console.health.delivery.sending import SendFailed, tell_nobody
from noc_console.links.back_off import BackOff
from noc_console.store.store import Store

log = logging.getLogger(__name__)

AT_ONCE = {Way.MAIL: 2, Way.CHAT: 4}
STOP_WITHIN_S = 0.8
FORGET_EVERY_S = 24 * 3600.0
BUG_PAUSE = timedelta(minutes=1)
_BUG = "The engine met a bug while it sent this; its log has the details."


class DeliveryWork:
    """Plans on one worker, sends on others. `look` may be called from any thread."""

    def __init__(
        self,
        store: Store,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause_s: Callable[[int], float] | None = None,
    ) -> None:
        """Prepare; the first look takes up what a dead engine left.

        `pause_s` gives the seconds after a number of tries in vain (usually 2, 4, 8 ... 120).
        """
        self._store = store
        self._wall = wall
        self._planner = Planner("delivery", "telling people of alarms", self._do_what_is_due)
        self._senders = {way: Workers(way.value, count) for way, count in AT_ONCE.items()}
        self._pause_s = pause_s or BackOff().delay_s
        self._has_recovered = False
        self._is_warm = False
        self._forgets_next_s = 0.0
        self._under_way: set[int] = set()
        """Messages that a sender has, or will have soon."""
        self._begun: set[int] = set()
        self._failing: set[int] = set()

    def look(self) -> None:
        """See soon whether anything is due."""
        self._planner.look()

    def close(self) -> None:
        """Begin no more, and wait shortly for messages that are being handed over."""
        self._planner.close()
        for senders in self._senders.values():
            senders.stop()
        ends_s = time.monotonic() + STOP_WITHIN_S
        while self._begun and time.monotonic() < ends_s:
            time.sleep(0.01)

    def _do_what_is_due(self) -> None:
        if not self._has_recovered:
            doubtful = delivery_records.recover(self._store, self._wall())
            self._has_recovered = True
            if doubtful:
                log.warning("Of %s messages nobody knows whether they arrived.", doubtful)
        self._forget_old()
        self._write_due()
        for one in delivery_records.ready(self._store, self._wall()):
            self._start(one)

    def _forget_old(self) -> None:
        now_s = time.monotonic()
        if now_s >= self._forgets_next_s:
            self._forgets_next_s = now_s + FORGET_EVERY_S
            delivery_records.forget_old(self._store, self._wall())

    def _write_due(self) -> None:
        recipients = list_recipients(self._store)
        if not recipients:
            return
        self._warm_up(recipients)
        now = self._wall()
        situation = read_situation(self._store, now)
        dues = due(situation.alarms, situation.called, recipients, situation.ledger, now)
        if dues:
            put_due(self._store, dues, now)

    def _warm_up(self, recipients: tuple[Recipient, ...]) -> None:
        """What a first message by chat needs is loaded before there is one."""
        if not self._is_warm and any(one.way is Way.CHAT for one in recipients):
            self._is_warm = True
            self._senders[Way.CHAT].submit(warm_up)

    def _start(self, one: Ready) -> None:
        if one.delivery_id not in self._under_way:
            self._under_way.add(one.delivery_id)
            self._senders[one.way].submit(lambda: self._send(one.delivery_id))

    def _send(self, delivery_id: int) -> None:
        """Runs on a sender: whatever happens, what came of it is written."""
        self._begun.add(delivery_id)
        try:
            job = delivery_records.begin(self._store, delivery_id, self._wall())
            if job is not None:
                self._try(job)
        except ConsoleError as error:
            log.info("message %s: %s", delivery_id, error.sentence)
        finally:
            self._begun.discard(delivery_id)
            self._under_way.discard(delivery_id)
            self.look()

    def _try(self, job: Job) -> None:
        now = self._wall()
        message = text.message(job.recipient, job.items, job.alarms, job.names, now)

        def before_handing_over() -> None:
            if not delivery_records.note_subject(self._store, job.delivery_id, message.subject):
                raise _TakenOver

        try:
            words = post(
                self._store,
                job.recipient,
                message,
                mark=f"{job.delivery_id}.{int(job.made_at.timestamp() * 1000)}",
                at=now,
                tell=tell_nobody,
                before_handing_over=before_handing_over,
            )
        except _TakenOver:
            return
        except SendFailed as failure:
            self._note_failed(job, failure)
        except ConsoleError as error:  # the store's: nothing went, it is tried again
            self._note_failed(job, SendFailed(error.sentence))
        except Exception:  # a bug with one message must not end the worker, nor come all the time
            log.exception("message %s to %s met a bug", job.delivery_id, job.recipient.name)
            again = self._wall() + BUG_PAUSE
            self._planner.note(lambda: self._write_failed(job, _BUG, again))
        else:
            self._note_sent(job, words)

    def _note_sent(self, job: Job, words: str) -> None:
        now = self._wall()
        if job.recipient.id in self._failing:
            self._failing.discard(job.recipient.id)
            log.warning("Messages to %s go again.", job.recipient.name)
        self._planner.note(
            lambda: delivery_records.note_sent(self._store, job.delivery_id, words, now)
        )

    def _note_failed(self, job: Job, failure: SendFailed) -> None:
        now = self._wall()
        is_over = failure.is_final or delivery_records.is_too_old(job, now)
        pause = timedelta(seconds=max(failure.pause_s, self._pause_s(job.tries)))
        again = None if is_over else now + pause
        if job.recipient.id not in self._failing:  # said once, not at each try
            self._failing.add(job.recipient.id)
            log.warning("Messages to %s do not go: %s", job.recipient.name, failure.sentence)
        self._planner.note(lambda: self._write_failed(job, failure.sentence, again))

    def _write_failed(self, job: Job, words: str, again: datetime | None) -> None:
        delivery_records.note_failed(
            self._store, job.delivery_id, words, self._wall(), again_at=again
        )


class _TakenOver(ConsoleError):
    """Another engine took this message up."""
