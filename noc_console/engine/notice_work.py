"""Notices are sent: what is due is taken up, each channel by a worker of its own.

Guarantee: nothing here holds up the conductor, and a channel that is down, slow or hangs holds up
no other. What a dead sender left is taken up, what is in doubt is asked for, what was missed is
told to people.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial

from noc_console.engine.notice_mail import MailSender
from noc_console.engine.notice_sending import PostingSender
from noc_console.engine.page_keeper import PageKeeper
from noc_console.engine.planner import Planner
from noc_console.engine.steady_clock import SteadyClock
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.links.back_off import BackOff
from noc_console.notices.asking_records import to_ask
from noc_console.notices.channels.channel import Channel, Way
from noc_console.notices.channels.ways import way_of as usual_way_of
from noc_console.notices.notice import Send
from noc_console.notices.plan import TIMED
from noc_console.notices.posting import Posting
from noc_console.notices.posting_records import Ready, next_time, ready
from noc_console.notices.recovery_records import recover
from noc_console.notices.rendering import Renderer
from noc_console.notices.sender_name import is_gone, own_name
from noc_console.notices.sending_settings import paused_channels, sending_is_paused
from noc_console.notices.settling import settle
from noc_console.notices.telling_people import tell_people
from noc_console.notices.template_shelf import read_shelf
from noc_console.store.store import Store

log = logging.getLogger(__name__)

STOP_WITHIN_S = 0.8
LOOK_AT_LEAST_EVERY = timedelta(seconds=15)
PEOPLE_EVERY_S = 15.0
_NOUNS = frozenset({"notice", "posting", "channel"})


class NoticeWork:
    """Plans on one worker, sends on one for each channel. `look` may be called by any thread."""

    def __init__(
        self,
        store: Store,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        plan_time: Callable[[], datetime] | None = None,
        way_of: Callable[[Channel], Way] | None = None,
        renderer: Renderer | None = None,
        pause_s: Callable[[int], float] | None = None,
    ) -> None:
        """Prepare. `plan_time` is what plans go by (usually the wall clock, unless it was set)."""
        self._store = store
        self._wall = wall
        self._plan_time = plan_time or SteadyClock(wall)
        self._way_of = way_of or (lambda channel: usual_way_of(store, channel, wall))
        self._renderer = renderer
        self._owns_renderer = renderer is None
        self._pause_s = pause_s or BackOff().delay_s
        self._who = own_name()
        self._planner = Planner(
            "notices", "sending notices", self._do_what_is_due, failed=self._look_later
        )
        self._channels: dict[int, _ChannelLane] = {}
        self._teller = Workers("notice-people", 1)
        self._pages = PageKeeper(store, wall)
        self._lock = threading.Lock()
        self._is_telling = False
        self._stop = threading.Event()
        self._under_way: set[int] = set()
        self._next_look = datetime.min.replace(tzinfo=UTC)
        self._people_next_s = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being planned or sent right now."""
        with self._lock:
            return not (self._planner.is_planning or self._under_way or self._is_telling)

    def heed(self, nouns: Collection[str]) -> None:
        """Take that some nouns changed in the store."""
        self._pages.heed(nouns)
        if "setting" in nouns:
            self._planner.submit(self._use_settings)
        elif not _NOUNS.isdisjoint(nouns):
            self.look()

    def turn(self) -> None:
        """Look if anything is due by now; cheap, to be called each second."""
        self._pages.turn()
        if self._plan_time() >= self._next_look or self._wall() >= self._next_look:
            self.look()

    def look(self) -> None:
        """See soon whether anything is due."""
        self._planner.look()

    def close(self) -> None:
        """Begin no more, and wait shortly for what is being handed over."""
        self._stop.set()
        self._planner.close()
        self._teller.stop()
        self._pages.close()
        for lane in list(self._channels.values()):
            lane.workers.stop()
        ends_s = time.monotonic() + STOP_WITHIN_S
        while self._under_way and time.monotonic() < ends_s:
            time.sleep(0.01)
        if self._owns_renderer and self._renderer is not None and not self._under_way:
            self._renderer.close()

    def _look_later(self) -> None:
        self._next_look = self._wall() + LOOK_AT_LEAST_EVERY

    def _use_settings(self) -> None:
        """Read the site's own templates again, and see whether sending is paused."""
        with self._lock:
            renderer = self._renderer
        try:
            if renderer is not None and self._owns_renderer:
                renderer.use(read_shelf(self._store))
        except ConsoleError as error:
            log.warning("The templates of notices stay as they were: %s", error.sentence)
        self.look()

    def _do_what_is_due(self) -> None:
        now, plan_now = self._wall(), self._plan_time()
        doubtful = recover(self._store, now, is_gone)
        if doubtful:
            log.warning("Of %s postings or mails nobody knows whether they went.", doubtful)
        settle(self._store, plan_now)
        if not sending_is_paused(self._store):
            paused = paused_channels(self._store)
            for one in ready(self._store, max(now, plan_now)):
                if one.channel_id not in paused:
                    self._start(one, plan_now)
            for asked in to_ask(self._store, now):
                lane = self._lane(asked.channel_id)
                work = partial(self._ask, asked, lane)
                self._on_lane(asked.id, asked.channel_id, work)
        self._tell_people()
        self._next_look = self._when_next(now)

    def _when_next(self, now: datetime) -> datetime:
        latest = now + LOOK_AT_LEAST_EVERY
        upcoming = next_time(self._store)
        if upcoming is None:
            return latest
        return min(latest, max(upcoming, now + timedelta(seconds=1)))

    def _start(self, one: Ready, plan_now: datetime) -> None:
        is_timed = Send(one.send) in TIMED
        if is_timed and one.next_at > plan_now:
            return  # the wall clock says it is time, but was set just now
        lane = self._lane(one.channel_id)
        if not is_timed:
            lane.urgent.add(one.posting_id)
        work = partial(self._send, one.posting_id, lane, is_timed=is_timed)
        self._on_lane(one.posting_id, one.channel_id, work)

    def _on_lane(self, posting_id: int, channel_id: int, work: Callable[[], None]) -> None:
        with self._lock:
            if posting_id in self._under_way:
                return
            self._under_way.add(posting_id)
        self._lane(channel_id).workers.submit(lambda: self._guarded(posting_id, work))

    def _guarded(self, posting_id: int, work: Callable[[], None]) -> None:
        """Runs on a channel's worker."""
        try:
            if not self._stop.is_set():
                work()
        except ConsoleError as error:
            log.info("posting %s: %s", posting_id, error.sentence)
        finally:
            with self._lock:
                self._under_way.discard(posting_id)
            self.look()

    def _send(self, posting_id: int, lane: "_ChannelLane", *, is_timed: bool) -> None:
        lane.urgent.discard(posting_id)
        self._sender(lane).send(posting_id, is_timed=is_timed)

    def _ask(self, one: Posting, lane: "_ChannelLane") -> None:
        self._sender(lane).ask(one)

    def _sender(self, lane: "_ChannelLane") -> PostingSender:
        if lane.sender is None:
            renderer = self._the_renderer()
            mail = MailSender(
                self._store,
                renderer,
                self._who,
                self._wall,
                self._pause_s,
                self._stop,
                lambda: bool(lane.urgent),
            )
            lane.sender = PostingSender(
                self._store,
                self._who,
                renderer,
                self._way_of,
                mail,
                self._pause_s,
                self._planner.note,
                self._wall,
                self._plan_time,
            )
        return lane.sender

    def _lane(self, channel_id: int) -> "_ChannelLane":
        with self._lock:
            if channel_id not in self._channels:
                self._channels[channel_id] = _ChannelLane(channel_id)
            return self._channels[channel_id]

    def _the_renderer(self) -> Renderer:
        with self._lock:
            if self._renderer is None:
                self._renderer = Renderer(read_shelf(self._store))
            return self._renderer

    def _tell_people(self) -> None:
        now_s = time.monotonic()
        if self._is_telling or now_s < self._people_next_s:
            return
        self._people_next_s = now_s + PEOPLE_EVERY_S
        self._is_telling = True
        self._teller.submit(self._tell)

    def _tell(self) -> None:
        """Runs on a worker of its own: a mail server that hangs holds nothing up."""
        try:
            trouble = tell_people(self._store, self._wall())
            if trouble:
                log.warning("People could not be told of notices that did not go: %s", trouble)
        except ConsoleError as error:
            log.info("telling people of notices: %s", error.sentence)
        finally:
            self._is_telling = False


class _ChannelLane:
    """One channel's worker, its sender, and what urgent waits for it."""

    def __init__(self, channel_id: int) -> None:
        self.workers = Workers(f"notice-{channel_id}", 1)
        self.sender: PostingSender | None = None
        self.urgent: set[int] = set()
