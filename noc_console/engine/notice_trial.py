"""A notice mailed to oneself, for an order: by the engine that will send it, told step by step."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.health.delivery.sending import SendStep
from noc_console.notices.channel_records import channel_by_id
from noc_console.notices.mail_trial import try_notice
from noc_console.notices.notice import Send
from noc_console.store.orders import Order, report
from noc_console.store.store import Store


def try_for_order(store: Store, order: Order) -> dict[str, Any]:
    """Mail the notice in the order to the address in it; gives the order's outcome.

    Raises:
        UnknownChannel, UnknownNotice: it was removed meanwhile.
    """
    request = order.request
    channel = channel_by_id(store, int(request["channel_id"]))

    def tell(step: SendStep) -> None:
        if not report(store, order.id, asdict(step)):
            raise _Withdrawn

    ok, sentence = try_notice(
        store,
        int(request["notice_id"]),
        Send(request["send"]),
        channel,
        str(request["address"]),
        by=order.asked_by,
        now=datetime.now(UTC),
        tell=tell,
        language=str(request.get("language", "")),
    )
    return {"ok": ok, "sentence": sentence}


class _Withdrawn(ConsoleError):
    """The person who asked for the trial cancelled it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The trial was cancelled; the mail may have gone.")
