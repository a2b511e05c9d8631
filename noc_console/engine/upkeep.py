"""The store's housework, done by the engine in the background: seal, thin out, back up."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from noc_console.audit.ageing import let_age
from noc_console.audit.audit import EVIDENCE_DAYS as AUDIT_EVIDENCE_DAYS
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.health.alarm import ALARM_DAYS
from noc_console.health.alarm_change_records import prune_alarms
from noc_console.incidents.evidence.evidence_records import prune_evidence
from noc_console.incidents.evidence.recording_rules import EVIDENCE_DAYS
from noc_console.store.history import History
from noc_console.store.retention import Retention
from noc_console.store.settings import get_setting
from noc_console.store.store import Store
from noc_console.store.upkeep import daily

log = logging.getLogger(__name__)

SEAL_EVERY_S = 600.0
DAILY_EVERY_S = 3600.0
"""How often we ask whether today's backup is still to be made; `daily` makes one a day."""


class Upkeep:
    """Starts what is due on a worker, one thing at a time."""

    def __init__(self, store: Store, workers: Workers) -> None:
        """Everything is due at the start: what a killed engine left is sealed first."""
        self._store = store
        self._history = History(store)
        self._workers = workers
        self._next_seal_s = self._next_daily_s = 0.0
        self._is_busy = False

    def start_due(self, now_s: float) -> None:
        """Start sealing and the daily work when their time (monotonic) has come."""
        if self._is_busy:
            return
        due: list[Callable[[datetime], None]] = []
        if now_s >= self._next_seal_s:
            self._next_seal_s = now_s + SEAL_EVERY_S
            due.append(self._seal)
        if now_s >= self._next_daily_s:
            self._next_daily_s = now_s + DAILY_EVERY_S
            due.append(self._daily)
        if due:
            self._is_busy = True
            now = datetime.now(UTC)
            self._workers.submit(lambda: self._do(due, now))

    def _do(self, due: list[Callable[[datetime], None]], now: datetime) -> None:
        try:
            for work in due:
                work(now)
        except ConsoleError as error:
            log.warning("upkeep of the store: %s", error.sentence)
        finally:
            self._is_busy = False

    def _seal(self, now: datetime) -> None:
        self._history.seal(now)
        self._history.prune(now, retention(self._store))
        kept = int(get_setting(self._store, "retention.evidence_days", EVIDENCE_DAYS))
        prune_evidence(self._store, now - timedelta(days=kept))

    def _daily(self, now: datetime) -> None:
        daily(self._store, now)
        kept = int(get_setting(self._store, "retention.alarm_days", ALARM_DAYS))
        prune_alarms(self._store, now - timedelta(days=kept))
        kept = int(get_setting(self._store, "audit.evidence_days", AUDIT_EVIDENCE_DAYS))
        let_age(self._store, kept, now)


def retention(store: Store) -> Retention:
    """Give how long history is kept, as the store's settings say."""
    usual = Retention()
    return Retention(
        raw_days=int(get_setting(store, "retention.raw_days", usual.raw_days)),
        one_minute_days=int(get_setting(store, "retention.one_minute_days", usual.one_minute_days)),
        five_minute_days=int(
            get_setting(store, "retention.five_minute_days", usual.five_minute_days)
        ),
    )
