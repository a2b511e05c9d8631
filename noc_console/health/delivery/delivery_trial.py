"""Testing a way to a recipient: a real message, told step by step. Blocks."""

from datetime import UTC, datetime

from noc_console.health.delivery.delivery_records import put_test
from noc_console.health.delivery.post import post
from noc_console.health.delivery.recipient import Recipient
from noc_console.health.delivery.sending import SendFailed, Tell
from noc_console.health.delivery.text import trial_message
from noc_console.store.store import Store

TEST_DELIVERY = "test delivery"
"""The kind of order by which a desk has an engine do this; it names the `recipient_id`."""


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
