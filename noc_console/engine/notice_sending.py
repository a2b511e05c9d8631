"""Sends one posting on its channel, and asks channels for what is in doubt. Blocks.

Whatever happens, what came of it is written: sent, tried again later, failed, or in doubt. A
channel is asked by reference before anything is repeated.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from noc_console.engine.notice_mail import MailSender
from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.notices.asking_records import note_found, note_not_found, put_off
from noc_console.notices.audience import audience
from noc_console.notices.channel_records import UnknownChannel, channel_by_id
from noc_console.notices.channels.channel import (
    CannotAsk,
    Channel,
    ChannelKind,
    Posted,
    PostFailed,
    Way,
)
from noc_console.notices.channels.kinds import facts_of
from noc_console.notices.notice import Send
from noc_console.notices.plan import TIMED
from noc_console.notices.posting import Act, Posting
from noc_console.notices.posting_records import (
    Job,
    Lost,
    begin,
    note_by_hand,
    note_failed,
    note_handing_over,
    note_in_doubt,
    note_sent,
)
from noc_console.notices.rendering import Renderer
from noc_console.notices.text import Text
from noc_console.notices.wording import telling_of
from noc_console.store.store import Store

log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(hours=24)
BUG_PAUSE = timedelta(minutes=1)
_BUG = "The sender met a bug; its log has the details."
_GONE = "The channel was removed, so nothing went there."


class PostingSender:
    """Sends the postings of one channel, one at a time. One thread owns it."""

    def __init__(
        self,
        store: Store,
        who: str,
        renderer: Renderer,
        way_of: Callable[[Channel], Way],
        mail: MailSender,
        pause_s: Callable[[int], float],
        note: Callable[[Callable[[], None]], None],
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        plan_time: Callable[[], datetime] | None = None,
    ) -> None:
        """Send in the name of `who`. `note` writes what came of it, later if the store is away."""
        self._store = store
        self._who = who
        self._renderer = renderer
        self._way_of = way_of
        self._mail = mail
        self._pause_s = pause_s
        self._note = note
        self._wall = wall
        self._plan_time = plan_time or wall

    def send(self, posting_id: int, *, is_timed: bool) -> None:
        """Take a posting up and send it; nothing when it is not to go, or somebody has it."""
        now = self._plan_time() if is_timed else self._wall()
        job = begin(self._store, posting_id, self._who, now)
        if job is None:
            return
        handed_over = False

        def before() -> None:
            nonlocal handed_over
            title, body = self._shown
            note_handing_over(self._store, posting_id, self._who, title, body)
            handed_over = True

        try:
            self._do(job, before)
        except Lost as lost:
            log.info("posting %s: %s", posting_id, lost.sentence)
        except PostFailed as failure:
            self._failed(job, failure, handed_over=handed_over)
        except ConsoleError as error:
            self._failed(job, PostFailed(error.sentence), handed_over=handed_over)
        except Exception:  # a bug with one posting must not end the worker, nor come all the time
            log.exception("posting %s on %s met a bug", posting_id, job.posting.channel_name)
            bug = PostFailed(_BUG, pause_s=BUG_PAUSE.total_seconds(), is_in_doubt=True)
            self._failed(job, bug, handed_over=handed_over)

    def ask(self, one: Posting) -> None:
        """Ask a channel whether it has a posting, and note that."""
        try:
            channel = channel_by_id(self._store, one.channel_id)
            found = self._way_of(channel).find(one.reference)
            if found is None:
                note_not_found(self._store, one.id, self._wall())
            else:
                note_found(self._store, one.id, found, self._wall())
        except UnknownChannel:
            put_off(self._store, one.id, _GONE, None)
        except CannotAsk as error:
            put_off(self._store, one.id, error.sentence, None)
        except ConsoleError as error:
            pause = timedelta(seconds=max(60.0, getattr(error, "pause_s", 0.0)))
            put_off(self._store, one.id, error.sentence, self._wall() + pause)

    _shown: tuple[str, str] = ("", "")

    def _do(self, job: Job, before: Callable[[], None]) -> None:
        try:
            channel = channel_by_id(self._store, job.posting.channel_id)
        except UnknownChannel:
            raise PostFailed(_GONE, is_final=True) from None
        if channel.kind is ChannelKind.EMAIL:
            self._mail.send(job, channel)
        elif job.posting.act is Act.DELETE:
            self._delete(job, channel, before)
        else:
            text = self._word(job, channel)
            way = self._way_of(channel)
            self._shown = (text.title, "\n\n".join(way.preview(text).posts))
            if facts_of(channel.kind).needs_person:
                note_by_hand(self._store, job.posting.id, *self._shown)
            elif job.posting.act is Act.EDIT:
                self._edit(job, way, text, before)
            else:
                self._post(job, way, text, before)

    def _post(self, job: Job, way: Way, text: Text, before: Callable[[], None]) -> None:
        can_find = facts_of(ChannelKind(job.posting.channel_kind)).can_find
        found = None
        if job.posting.tries > 1 and can_find:
            with contextlib.suppress(CannotAsk):  # what is in doubt is not sent: this never went
                found = way.find(job.posting.reference)
            if found is not None:
                self._went(job, found, "It was there already.")
                return
        posted = way.post(text, job.publish_at, before)
        words = "It is posted."
        if job.publish_at is not None:
            words = "The channel has it and publishes it at its time."
        self._went(job, posted, f"{words} {job.late}".rstrip())

    def _edit(self, job: Job, way: Way, text: Text, before: Callable[[], None]) -> None:
        posted = _target(job)
        if posted is None:
            raise PostFailed("What was to be changed is not there any more.", is_final=True)
        before()
        # It goes on being found by the reference it was posted with.
        target = next(one for one in job.siblings if one.id == job.posting.target_id)
        text = replace(text, reference=target.reference)
        self._went(job, way.edit(posted, text), "It is changed where it stands.")

    def _delete(self, job: Job, channel: Channel, before: Callable[[], None]) -> None:
        posted = _target(job)
        self._shown = ("", "")
        before()
        if posted is not None:
            self._way_of(channel).delete(posted)
        self._went(job, posted or Posted(remote_id=""), "It is taken back.")

    def _word(self, job: Job, channel: Channel) -> Text:
        names = audience(job.notice, list_servers(self._store)).server_names
        telling = telling_of(job, channel, names, self._wall())
        return self._renderer.render(job.notice, telling)

    def _went(self, job: Job, posted: Posted, words: str) -> None:
        now = self._wall()
        self._note(lambda: note_sent(self._store, job.posting.id, posted, words, now))

    def _failed(self, job: Job, failure: PostFailed, *, handed_over: bool) -> None:
        """Note a failure. To change or take back a posting twice does no harm: it is repeated."""
        now = self._wall()
        posting = job.posting
        pause = timedelta(seconds=max(failure.pause_s, self._pause_s(posting.tries)))
        if failure.is_in_doubt and handed_over and posting.act is Act.POST:
            can_find = facts_of(ChannelKind(posting.channel_kind)).can_find
            asks_at = now + pause if can_find else None
            self._note(
                lambda: note_in_doubt(
                    self._store, posting.id, failure.sentence, now, asks_at=asks_at
                )
            )
            return
        is_timed = Send(posting.send) in TIMED
        is_too_old = not is_timed and now - posting.due_at >= GIVE_UP_AFTER
        again = None if failure.is_final or is_too_old else now + pause
        self._note(
            lambda: note_failed(self._store, posting.id, failure.sentence, now, again_at=again)
        )


def _target(job: Job) -> Posted | None:
    target = next((one for one in job.siblings if one.id == job.posting.target_id), None)
    if target is None or not target.remote_id:
        return None
    return Posted(remote_id=target.remote_id, link=target.link, parts=target.parts)
