"""Sends one posting by mail: to whom, in which words, each mail noted before it goes. Blocks."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from noc_console.errors import ConsoleError
from noc_console.fleet.records import list_servers
from noc_console.health.delivery.sending import SendFailed
from noc_console.notices.audience import audience
from noc_console.notices.channels.channel import Channel, Form
from noc_console.notices.channels.invitation import invitation_of
from noc_console.notices.channels.mail import Letter, MailIdentity, MailMaker
from noc_console.notices.channels.mail_session import send_mailings
from noc_console.notices.channels.mail_settings import (
    groups_of,
    identity_of,
    is_for_all,
    read_server_of,
)
from noc_console.notices.channels.mailing import MailResult, MailState, Outgoing
from noc_console.notices.channels.previewing import body_of
from noc_console.notices.contact import Chosen, Contact, choose, name_key
from noc_console.notices.contact_records import list_contacts
from noc_console.notices.mailing_records import (
    MailBook,
    close_mail_posting,
    has_mailings,
    put_mailings,
    told_contacts,
)
from noc_console.notices.notice import Send
from noc_console.notices.plan import CHANGES
from noc_console.notices.posting import Act, Mailing
from noc_console.notices.posting_records import Job, note_text
from noc_console.notices.posting_rows import mark_of
from noc_console.notices.rendering import Renderer
from noc_console.notices.returned_records import note_refused
from noc_console.notices.sending_settings import mails_per_minute
from noc_console.notices.text import Text
from noc_console.notices.wording import telling_of
from noc_console.store.store import Store

log = logging.getLogger(__name__)


class MailSender:
    """Sends postings by mail, one at a time. One thread owns it."""

    def __init__(
        self,
        store: Store,
        renderer: Renderer,
        who: str,
        wall: Callable[[], datetime],
        pause_s: Callable[[int], float],
        stop: threading.Event,
        is_urgent_waiting: Callable[[], bool] = lambda: False,
    ) -> None:
        """Send in the name of `who`; `stop`, or something more urgent, ends it after a mail."""
        self._store = store
        self._renderer = renderer
        self._who = who
        self._wall = wall
        self._pause_s = pause_s
        self._stop = stop
        self._is_urgent_waiting = is_urgent_waiting

    def send(self, job: Job, channel: Channel) -> None:
        """Send what is due of a posting, and note where it stands then.

        Raises:
            Lost: another sender has it, or a person stopped it.
            ConsoleError: nothing went: its text or its mail server cannot be had.
        """
        if not has_mailings(self._store, job.posting.id):
            self._put_mailings(job, channel)
        server, password = read_server_of(self._store, channel)
        letters = _Letters(job, channel, identity_of(channel, server), self._text, self._wall)
        text = letters.text("", "")
        note_text(self._store, job.posting.id, self._who, text.title, body_of(text, Form.PLAIN))
        book = MailBook(self._store, job.posting.id, self._who, self._wall, self._pause)
        trouble, not_before, every_s = "", None, self._every_s()
        refused: list[MailResult] = []

        def told(result: MailResult) -> None:
            book.told(result)
            if result.state is MailState.BOUNCED:
                refused.append(result)

        try:
            send_mailings(
                server,
                password,
                self._outgoing(book, letters, every_s),
                before_handing_over=book.before_handing_over,
                told=told,
                should_stop=self._should_stop,
                looks_ahead=not every_s,
            )
        except SendFailed as failure:
            pause = max(failure.pause_s, self._pause_s(job.posting.tries))
            trouble, not_before = failure.sentence, self._wall() + timedelta(seconds=pause)
        finally:
            book.finish()
            self._note_refused(refused)
        close_mail_posting(
            self._store,
            job.posting.id,
            self._who,
            self._wall(),
            trouble=trouble,
            not_before=not_before,
        )

    def _note_refused(self, refused: list[MailResult]) -> None:
        """An address that is dead again and again gets nothing more."""
        for one in refused:
            note_refused(self._store, one.mailing_id, one.status, one.words, self._wall())

    def _should_stop(self) -> bool:
        return self._stop.is_set() or self._is_urgent_waiting()

    def _pause(self, tries: int) -> timedelta:
        return timedelta(seconds=self._pause_s(tries))

    def _every_s(self) -> float:
        """Give how many seconds there are at least between two mails."""
        rate = mails_per_minute(self._store)
        return 60.0 / rate if rate else 0.0

    def _outgoing(self, book: MailBook, letters: "_Letters", every_s: float) -> Iterator[Outgoing]:
        while mails := book.begin():
            for one in mails:
                if every_s and self._stop.wait(every_s):
                    return
                yield letters.mail(one)

    def _put_mailings(self, job: Job, channel: Channel) -> None:
        chosen = self._chosen(job, channel)
        put_mailings(
            self._store,
            job.posting.id,
            self._who,
            chosen.contacts,
            chosen.left_out,
            self._wall(),
        )

    def _chosen(self, job: Job, channel: Channel) -> Chosen:
        """Whom it concerns; what takes something back goes to whoever was told, too."""
        contacts = list_contacts(self._store)
        groups = {name_key(one) for one in groups_of(channel)}
        if groups:
            contacts = tuple(
                one for one in contacts if groups & {name_key(group) for group in one.groups}
            )
        send = Send(job.posting.send)
        concerned = (
            Chosen(contacts=(), left_out=(), without_contact=())
            if send is Send.CANCELLED
            else self._concerned(job, channel, contacts)
        )
        if send not in CHANGES:
            return concerned
        told = self._told(job)
        again = choose(
            (one for one in contacts if one.id in told), job.notice.kind, is_for_all=True
        )
        known = {one.id for one in concerned.contacts}
        return Chosen(
            contacts=(
                *concerned.contacts,
                *(one for one in again.contacts if one.id not in known),
            ),
            left_out=concerned.left_out,
            without_contact=concerned.without_contact,
        )

    def _concerned(self, job: Job, channel: Channel, contacts: tuple[Contact, ...]) -> Chosen:
        for_whom = audience(job.notice, list_servers(self._store))
        groups = set(job.notice.groups)
        groups.update(group for server in for_whom.servers for group in server.groups)
        return choose(
            contacts,
            job.notice.kind,
            customers=for_whom.customers,
            groups=() if job.notice.customers else groups,
            is_for_all=is_for_all(channel),
        )

    def _told(self, job: Job) -> set[int]:
        before = [
            one.id
            for one in job.siblings
            if one.channel_id == job.posting.channel_id
            and one.id < job.posting.id
            and one.act is Act.POST
        ]
        return told_contacts(self._store, before)

    def _text(self, job: Job, channel: Channel, language: str, zone: str) -> Text:
        names = audience(job.notice, list_servers(self._store)).server_names
        telling = telling_of(job, channel, names, self._wall(), language=language, zone=zone)
        return self._renderer.render(job.notice, telling)


class _Letters:
    """The letters of one posting, one for each language and zone its readers have."""

    def __init__(
        self,
        job: Job,
        channel: Channel,
        identity: MailIdentity,
        word: Callable[[Job, Channel, str, str], Text],
        wall: Callable[[], datetime],
    ) -> None:
        self._job = job
        self._channel = channel
        self._identity = identity
        self._word = word
        self._at = wall()
        self._texts: dict[tuple[str, str], Text] = {}
        self._makers: dict[tuple[str, str], MailMaker] = {}

    def text(self, language: str, zone: str) -> Text:
        """Give the text for one language and zone; empty ones are the notice's own."""
        key = (language, zone)
        if key not in self._texts:
            try:
                self._texts[key] = self._word(self._job, self._channel, language, zone)
            except ConsoleError:
                if key == ("", ""):
                    raise
                log.info("a text for %s in %s cannot be made; the notice's own goes", *key)
                self._texts[key] = self.text("", "")
        return self._texts[key]

    def mail(self, one: Mailing) -> Outgoing:
        """Give the mail to one recipient."""
        key = (one.language, one.zone)
        if key not in self._makers:
            self._makers[key] = MailMaker(self._letter(*key))
        return self._makers[key].mail(one.id, one.mark, one.address, one.name)

    def _letter(self, language: str, zone: str) -> Letter:
        job, text = self._job, self.text(language, zone)
        mark = mark_of(job.stored.id, job.stored.token)
        told_in = language or self._channel.language or job.notice.language
        return Letter(
            text=text,
            kind=job.notice.kind,
            language=told_in,
            identity=self._identity,
            thread=mark,
            at=self._at,
            invitation=invitation_of(
                job.notice.in_language(told_in),
                Send(job.posting.send),
                text,
                token=mark,
                number=job.posting.version,
                sender=self._identity.sender,
                at=self._at,
            ),
        )
