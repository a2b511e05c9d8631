"""Testing a way to a recipient, for an order: a real message, told step by step."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.health.delivery.delivery_records import put_test
from noc_console.health.delivery.post import post
from noc_console.health.delivery.recipient import Recipient
from noc_console.health.delivery.recipient_records import UnknownRecipient, list_recipients
from noc_console.health.delivery.sending import SendFailed, SendStep, Tell
from noc_console.health.delivery.text import trial_message
from noc_console.store.orders import Order, report
from noc_console.store.store import Store

TEST_DELIVERY = "test delivery"


def try_for_order(store: Store, order: Order) -> dict[str, Any]:
    """Send a test to the recipient in the order; gives the order's outcome.

    Raises:
        UnknownRecipient: they were removed meanwhile.
    """
    wanted = int(order.request["recipient_id"])
    found = [one for one in list_recipients(store) if one.id == wanted]
    if not found:
        raise UnknownRecipient("This recipient was removed meanwhile; nothing was sent.")

    def tell(step: SendStep) -> None:
        if not report(store, order.id, asdict(step)):
            raise _Withdrawn

    ok, sentence = send_test(store, found[0], order.asked_by, tell)
    return {"ok": ok, "sentence": sentence}


def send_test(store: Store, recipient: Recipient, asked_by: str, tell: Tell) -> tuple[bool, str]:
    """Send a test message and note it in the log; gives whether it went, and a sentence."""
    at = datetime.now(UTC)
    message = trial_message(recipient, asked_by, at)
    try:
        words = post(
            store,
            recipient,
            message,
            mark=f"test.{recipient.id}.{int(at.timestamp() * 1000)}",
            at=at,
            tell=tell,
            before_handing_over=lambda: None,
        )
    except SendFailed as failure:
        ok, sentence = False, failure.sentence
    else:
        ok = True
        sentence = f"{words}. Ask {recipient.name} whether it arrived."
    put_test(
        store, recipient.id, message.subject, is_sent=ok, words=sentence, now=datetime.now(UTC)
    )
    return ok, sentence


class _Withdrawn(ConsoleError):
    """The person who asked for the test cancelled it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The test was cancelled; the message may have gone.")
