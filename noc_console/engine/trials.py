"""Trials for orders, where the secrets are: a way to a recipient, a channel, a notice to oneself.

Each blocks, reports its steps to the order, and ends when the person who asked withdraws it.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.health.delivery.delivery_trial import TEST_DELIVERY, send_test
from noc_console.health.delivery.recipient_records import UnknownRecipient, list_recipients
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.notices.channel_records import channel_by_id
from noc_console.notices.channel_trial import TEST_CHANNEL, try_channel
from noc_console.notices.mail_trial import TRY_NOTICE, try_notice
from noc_console.notices.notice import Send
from noc_console.store.orders import Order, report
from noc_console.store.store import Store


class _Withdrawn(ConsoleError):
    """The person who asked for the trial cancelled it."""


def try_for_order(store: Store, order: Order) -> dict[str, Any]:
    """Carry out an order of one of `TRIALS`; gives its outcome.

    Raises:
        UnknownRecipient, UnknownChannel, UnknownNotice: it was removed meanwhile.
    """
    ok, sentence = TRIALS[order.kind](store, order)
    return {"ok": ok, "sentence": sentence}


def _test_delivery(store: Store, order: Order) -> tuple[bool, str]:
    wanted = int(order.request["recipient_id"])
    found = [one for one in list_recipients(store) if one.id == wanted]
    if not found:
        raise UnknownRecipient("This recipient was removed meanwhile; nothing was sent.")
    tell = _teller(store, order, "The test was cancelled; the message may have gone.")
    return send_test(store, found[0], order.asked_by, tell)


def _test_channel(store: Store, order: Order) -> tuple[bool, str]:
    channel = channel_by_id(store, int(order.request["channel_id"]))
    return try_channel(store, channel, _teller(store, order, "The test was cancelled."))


def _try_notice(store: Store, order: Order) -> tuple[bool, str]:
    request = order.request
    return try_notice(
        store,
        int(request["notice_id"]),
        Send(request["send"]),
        channel_by_id(store, int(request["channel_id"])),
        str(request["address"]),
        by=order.asked_by,
        now=datetime.now(UTC),
        tell=_teller(store, order, "The trial was cancelled; the mail may have gone."),
        language=str(request.get("language", "")),
    )


def _teller(store: Store, order: Order, when_withdrawn: str) -> Tell:
    def tell(step: SendStep) -> None:
        if not report(store, order.id, asdict(step)):
            raise _Withdrawn(when_withdrawn)

    return tell


TRIALS: Mapping[str, Callable[[Store, Order], tuple[bool, str]]] = {
    TEST_DELIVERY: _test_delivery,
    TEST_CHANNEL: _test_channel,
    TRY_NOTICE: _try_notice,
}
