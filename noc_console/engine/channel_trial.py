"""Testing a channel for an order, where the secrets are: told step by step."""

from dataclasses import asdict
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.health.delivery.sending import SendStep
from noc_console.notices.channel_records import channel_by_id
from noc_console.notices.channel_trial import try_channel
from noc_console.store.orders import Order, report
from noc_console.store.store import Store


def try_for_order(store: Store, order: Order) -> dict[str, Any]:
    """Test the channel in the order; gives the order's outcome.

    Raises:
        UnknownChannel: it was removed meanwhile.
    """
    channel = channel_by_id(store, int(order.request["channel_id"]))

    def tell(step: SendStep) -> None:
        if not report(store, order.id, asdict(step)):
            raise _Withdrawn

    ok, sentence = try_channel(store, channel, tell)
    return {"ok": ok, "sentence": sentence}


class _Withdrawn(ConsoleError):
    """The person who asked for the test cancelled it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The test was cancelled.")
