"""`noc-console notice trial`: one send of a notice mailed to oneself, as it would go now."""

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime

from noc_console.cli.asked_of_engine import have_done
from noc_console.cli.notice_outcome import add_notice_number
from noc_console.cli.terminal_text import inert
from noc_console.cli.who import own_name
from noc_console.health.delivery.sending import SendStep
from noc_console.notices.channel_records import UnknownChannel, get_channel, list_channels
from noc_console.notices.channels.channel import Channel, ChannelKind
from noc_console.notices.mail_trial import TRY_NOTICE, try_notice
from noc_console.notices.notice_records import get_notice
from noc_console.notices.previewing import read_send, usual_send
from noc_console.store.heartbeat import living_engine
from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store

EXIT_NOT_SENT = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which notice, which send, and to whom."""
    add_notice_number(parser)
    parser.add_argument("--to", required=True, metavar="ADDRESS", help="your own e-mail address")
    parser.add_argument("--send", metavar="SEND", help="such as day-before (default: the first)")
    parser.add_argument(
        "--channel", metavar="NAME", help="which channel of e-mail (default: the only)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Mail it, by the engine that lives on the store or else here; exit 1 when it did not go.

    Raises:
        ConsoleError: there is no such notice or channel, or it has no text.
    """
    with closing(open_store(StoreLocation.parse(arguments.store))) as store:
        notice = get_notice(store, arguments.notice).notice
        send = read_send(notice, arguments.send) if arguments.send else usual_send(notice)
        channel = _channel(store, arguments.channel)
        steps: list[SendStep] = []
        now = datetime.now(UTC)
        if living_engine(store, now) is not None:
            request = {
                "notice_id": notice.id,
                "send": send.value,
                "channel_id": channel.id,
                "address": arguments.to,
            }
            ok, sentence = have_done(store, TRY_NOTICE, request, steps.append)
        else:
            ok, sentence = try_notice(
                store,
                notice.id,
                send,
                channel,
                arguments.to,
                by=own_name(),
                now=now,
                tell=steps.append,
            )
    told = {"notice": notice.id, "send": send.value, "ok": ok, "sentence": sentence}
    print(json.dumps(told) if arguments.json else inert(sentence))
    return 0 if ok else EXIT_NOT_SENT


def _channel(store: Store, name: str | None) -> Channel:
    if name is not None:
        return get_channel(store, name)
    found = [one for one in list_channels(store) if one.kind is ChannelKind.EMAIL]
    if len(found) != 1:
        raise UnknownChannel(
            "Say by which channel of e-mail with --channel; "
            f"{'there is none yet' if not found else f'there are {len(found)}'}."
        )
    return found[0]
