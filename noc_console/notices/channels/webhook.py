"""Anything that takes an HTTP request: what is sent is a person's own JSON with places to fill.

A text fills a string of that JSON and can never leave it, whatever stands in it. Each request
carries the posting's reference as `Idempotency-Key`.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.notices.channels.account import Account
from noc_console.notices.channels.channel import (
    BeforeHandingOver,
    CannotAsk,
    Channel,
    InvalidChannel,
    Posted,
    PostFailed,
    Preview,
)
from noc_console.notices.channels.checking import limits_of, setting_of
from noc_console.notices.channels.early import refuse_early
from noc_console.notices.channels.previewing import preview_of
from noc_console.notices.channels.web_call import Answer, WebCall
from noc_console.notices.text import Text

_PLACE = re.compile(r"(\{[a-z]+\})")
_EXAMPLE = Text(
    title="A title",
    summary="A summary.",
    markdown="A *text*.",
    html="<p>A <em>text</em>.</p>",
    plain="A text.",
    reference="test",
)


class Webhook(Account):
    """One address that takes postings."""

    def test(self, tell: Tell) -> str:
        """Prove the secret where the other side has an address for that."""
        self._filled(_EXAMPLE)
        tell(SendStep(name="body", ok=True, sentence="the body is JSON"))
        address = setting_of(self._channel, "test_at") or setting_of(self._channel, "find_at")
        if not address:
            words = "not tried: set test_at or find_at to an address that answers GET"
            tell(SendStep(name="login", ok=True, sentence=words))
            return "it was not asked, for it has no address to test"
        self._call().get(address.replace("{reference}", "test"))
        tell(SendStep(name="login", ok=True, sentence="it answers and takes the secret"))
        return "it answers"

    def find(self, reference: str) -> Posted | None:
        """Ask where the other side can be asked.

        Raises:
            CannotAsk: it cannot be asked, so what is in doubt stays in doubt.
        """
        address = setting_of(self._channel, "find_at")
        if not address:
            raise CannotAsk(
                f"{self._channel.name} cannot be asked whether it has a posting; look there."
            )
        call = self._call()
        answer = call.get(address.replace("{reference}", quote(reference, safe="")))
        return self._posted(answer, reference) if answer.is_good else None

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Send it."""
        refuse_early(self._channel, at, self._now())
        answer = self._send(
            setting_of(self._channel, "method"),
            setting_of(self._channel, "address"),
            text,
            before_handing_over,
        )
        return self._posted(answer, text.reference)

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Send the other text to where changes go."""
        answer = self._send("PUT", self._change_at(posted), text, None)
        changed = self._posted(answer, posted.remote_id)
        return Posted(remote_id=posted.remote_id, link=changed.link or posted.link)

    def delete(self, posted: Posted) -> None:
        """Have it taken away."""
        self._call().send("DELETE", self._change_at(posted), may_be_missing=True)

    def preview(self, text: Text) -> Preview:
        """Give what would be sent."""
        body = json.dumps(self._filled(text), ensure_ascii=False, indent=2)
        return preview_of(limits_of(self._channel), text.title, (body,))

    def _send(
        self, method: str, address: str, text: Text, before: BeforeHandingOver | None
    ) -> Answer:
        body = self._filled(text)
        is_form = setting_of(self._channel, "sent_as") == "form"
        return self._call().send(
            method,
            address,
            json=None if is_form else body,
            form={name: _as_field(value) for name, value in body.items()} if is_form else None,
            headers={"Idempotency-Key": text.reference},
            before=before,
        )

    def _filled(self, text: Text) -> dict[str, Any]:
        try:
            body = json.loads(setting_of(self._channel, "body"))
        except ValueError as error:
            raise _no_body(self._channel) from error
        if not isinstance(body, dict):
            raise _no_body(self._channel)
        places = {
            "{title}": text.title,
            "{summary}": text.summary,
            "{plain}": text.plain,
            "{markdown}": text.markdown,
            "{html}": text.html,
            "{reference}": text.reference,
            "{at}": self._now().astimezone(UTC).isoformat(timespec="seconds"),
        }
        filled: dict[str, Any] = _fill(body, places)
        return filled

    def _change_at(self, posted: Posted) -> str:
        address = setting_of(self._channel, "change_at")
        if not address:
            raise PostFailed(
                f"{self._channel.name} has no address for changes; set change_at, or change it "
                "there by hand.",
                is_final=True,
            )
        return address.replace("{id}", quote(posted.remote_id, safe=""))

    def _posted(self, answer: Answer, otherwise: str) -> Posted:
        found = answer.json()
        made = _at(found, setting_of(self._channel, "id_in"))
        return Posted(
            remote_id=made or otherwise, link=_at(found, setting_of(self._channel, "link_in"))
        )

    def _call(self) -> WebCall:
        secret = self._secret() if self._channel.secret else ()
        header = setting_of(self._channel, "header")
        return WebCall(
            self._channel.name,
            "",
            headers={header: secret[0]} if secret else {},
            secrets=secret,
            now=self._now,
        )


def _fill(found: Any, places: dict[str, str]) -> Any:
    if isinstance(found, dict):
        return {name: _fill(value, places) for name, value in found.items()}
    if isinstance(found, list):
        return [_fill(one, places) for one in found]
    if not isinstance(found, str):
        return found
    parts = _PLACE.split(found)
    return "".join(places.get(part, part) for part in parts)


def _at(found: Any, path: str) -> str:
    """Give what stands at a dotted path, such as `data.id`; empty where nothing does."""
    for name in path.split("."):
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, dict):
            found = found.get(name)
        else:
            return ""
    return str(found) if isinstance(found, str | int) else ""


def _as_field(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _no_body(channel: Channel) -> InvalidChannel:
    return InvalidChannel(
        f"The body of {channel.name} is no JSON object; write one such as "
        '{"title": "{title}", "text": "{plain}"}.'
    )
