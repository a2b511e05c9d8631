"""Tests a channel: its login and rights are proven, step by step, and nothing is posted. Blocks."""

import smtplib
from datetime import UTC, datetime

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.health.delivery.smtp_link import logged_in
from noc_console.notices.channel_records import put_test
from noc_console.notices.channels.channel import Channel, ChannelKind, PostFailed
from noc_console.notices.channels.mail_settings import identity_of, read_server_of
from noc_console.notices.channels.ways import way_of
from noc_console.store.store import Store

TEST_CHANNEL = "test channel"
"""The kind of order by which a desk has an engine do this; it names the `channel_id`."""


def try_channel(store: Store, channel: Channel, tell: Tell) -> tuple[bool, str]:
    """Test a channel and note how it went; gives whether it can be posted to, and a sentence."""
    failed: list[SendStep] = []

    def note(step: SendStep) -> None:
        if not step.ok:
            failed.append(step)
        tell(step)

    try:
        said = _try(store, channel, note)
        ok, sentence = True, f"{channel.name}: {said}; nothing was posted."
    except ConsoleError as error:
        ok, sentence = False, error.sentence
        if not failed:
            tell(SendStep(name="channel", ok=False, sentence=error.sentence))
    put_test(store, channel.id, is_well=ok, sentence=sentence, now=datetime.now(UTC))
    return ok, sentence


def _try(store: Store, channel: Channel, tell: Tell) -> str:
    if channel.kind is not ChannelKind.EMAIL:
        return way_of(store, channel).test(tell)
    server, password = read_server_of(store, channel)
    sender = identity_of(channel, server).bounces or identity_of(channel, server).sender
    with logged_in(server, password, tell) as session:
        try:
            code, reply = session.mail(sender)
            session.rset()
        except (smtplib.SMTPException, OSError) as error:
            raise PostFailed(f"{server.host} ended the connection; try again.") from error
    if code != 250:
        raise PostFailed(
            f"{server.host} takes no mail from {inert(sender, 80)}: {inert(reply, 120)}; set "
            "another sender.",
            is_final=True,
        )
    words = f"{server.host} takes mail from {inert(sender, 80)}"
    tell(SendStep(name="sender", ok=True, sentence=words))
    return "mail can be handed in"
