"""Posts of an account of a Mastodon server, at once or for a time to come.

Sources: https://docs.joinmastodon.org/methods/statuses/ (Idempotency-Key, scheduled_at at least
five minutes ahead), .../methods/scheduled_statuses/, .../methods/accounts/ and
.../methods/instance/.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from noc_console.fleet.inert import inert
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.notices.channels.account import Account
from noc_console.notices.channels.channel import (
    BeforeHandingOver,
    Posted,
    PostFailed,
    Preview,
)
from noc_console.notices.channels.checking import limits_of, setting_of
from noc_console.notices.channels.early import still_waits
from noc_console.notices.channels.previewing import preview_of
from noc_console.notices.channels.short import holds_reference, short_posts
from noc_console.notices.channels.thread import Written, find_thread, whole, write_thread
from noc_console.notices.channels.web_call import WebCall, number_at, rows_at, words_at
from noc_console.notices.text import Text

_TAG = re.compile(r"<(?!/?a\b)[^>]*>")
_MAY_POST = ("write", "write:statuses")
_LATER = "scheduled:"
"""Before the id of a post that is not out yet; once it is, it has another: `find` tells it."""


class Mastodon(Account):
    """One account of a Mastodon server."""

    def test(self, tell: Tell) -> str:
        """Prove the login and what the token may do; tells how long posts may be."""
        call = self._call()
        me = call.expect(call.send("GET", "/api/v1/accounts/verify_credentials"), dict)
        name = inert(words_at(me, "acct"), 80)
        tell(SendStep(name="login", ok=True, sentence=f"it knows us as @{name}"))
        scopes = call.expect(call.send("GET", "/api/v1/apps/verify_credentials"), dict).get(
            "scopes"
        )
        if isinstance(scopes, list) and not any(one in scopes for one in _MAY_POST):
            raise PostFailed(
                f"{call.who}'s token may not post; make one with the right write:statuses and "
                "give it with `noc-console channel edit`.",
                is_final=True,
            )
        words = "the token may post" if scopes else "it does not say whether the token may post"
        tell(SendStep(name="rights", ok=True, sentence=words))
        self._tell_longest(call, tell)
        return f"@{name} can be posted to"

    def find(self, reference: str) -> Posted | None:
        """Look through our newest posts, then through those that wait."""
        found = whole(find_thread(self.newest(), reference))
        return found or self._waiting(reference)

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Post now, or hand it over for later: then as one post, for an answer needs its post."""
        if at is not None and at > self._now():
            words = self._posts(text, is_one=True)[0]
            body = {"status": words, "scheduled_at": at.astimezone(UTC).isoformat()}
            made = self._send(body, before_handing_over, f"{text.reference}-1")
            return Posted(remote_id=f"{_LATER}{words_at(made, 'id')}")
        return write_thread(
            self,
            self._posts(text),
            text.reference,
            before_handing_over,
            knows_second=True,
        )

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Change what is out, post by post."""
        call = self._call()
        ids = posted.parts or (posted.remote_id,)
        posts = self._posts(text, is_one=len(ids) == 1)
        if posted.remote_id.startswith(_LATER) or len(posts) != len(ids):
            raise PostFailed(
                f"{call.who}: this post cannot be changed in place; take it away and post anew.",
                is_final=True,
            )
        for one, words in zip(ids, posts, strict=True):
            call.send("PUT", f"/api/v1/statuses/{one}", json={"status": words})
        return posted

    def delete(self, posted: Posted) -> None:
        """Take every post of it away, the last first."""
        call = self._call()
        for one in reversed(posted.parts or (posted.remote_id,)):
            kind = "scheduled_statuses" if one.startswith(_LATER) else "statuses"
            path = f"/api/v1/{kind}/{one.removeprefix(_LATER)}"
            call.send("DELETE", path, may_be_missing=True)

    def preview(self, text: Text) -> Preview:
        """Give the posts as they would be."""
        return preview_of(limits_of(self._channel), "", self._posts(text))

    def newest(self) -> Sequence[Written]:
        """Give our forty newest posts, which is as many as a server gives."""
        call = self._call()
        me = call.expect(call.send("GET", "/api/v1/accounts/verify_credentials"), dict)
        answer = call.send(
            "GET",
            f"/api/v1/accounts/{words_at(me, 'id')}/statuses",
            params={"limit": "40", "exclude_reblogs": "true"},
        )
        return [_written(one) for one in rows_at({"": call.expect(answer, list)}, "")]

    def write(
        self, words: str, chain: Sequence[Written], before: BeforeHandingOver, key: str
    ) -> Written:
        """Write one post; for an hour the server itself knows a second try by its key."""
        body: dict[str, Any] = {"status": words}
        if chain:
            body["in_reply_to_id"] = chain[-1].id
        return _written(self._send(body, before, key))

    def _send(self, body: dict[str, Any], before: BeforeHandingOver, key: str) -> dict[str, Any]:
        call = self._call()
        body |= {"visibility": setting_of(self._channel, "visibility")}
        if self._channel.language:
            body["language"] = self._channel.language
        answer = call.send(
            "POST", "/api/v1/statuses", json=body, headers={"Idempotency-Key": key}, before=before
        )
        found: dict[str, Any] = call.expect(answer, dict)
        return found

    def _waiting(self, reference: str) -> Posted | None:
        call = self._call()
        answer = call.send("GET", "/api/v1/scheduled_statuses", params={"limit": "40"})
        for one in rows_at({"": call.expect(answer, list)}, ""):
            at = _instant_at(one, "scheduled_at")
            if at is None or not holds_reference(words_at(one, "params", "text"), reference):
                continue
            if still_waits(self._channel, at, self._now()):
                return Posted(remote_id=f"{_LATER}{words_at(one, 'id')}")
        return None

    def _tell_longest(self, call: WebCall, tell: Tell) -> None:
        found = call.expect(call.send("GET", "/api/v2/instance"), dict)
        most = number_at(found, "configuration", "statuses", "max_characters")
        ours = limits_of(self._channel).most
        if most and most != ours:
            words = f"the server takes {most} characters; set most={most} to use them"
            if most < ours:
                raise PostFailed(f"{call.who} takes {most} characters only; set most={most}.")
            tell(SendStep(name="limit", ok=True, sentence=words))

    def _posts(self, text: Text, *, is_one: bool = False) -> tuple[str, ...]:
        limits = limits_of(self._channel)
        limits = replace(limits, most_posts=1) if is_one else limits
        return short_posts(text, limits, setting_of(self._channel, "full_text_at"))

    def _call(self) -> WebCall:
        secret = self._secret()
        return WebCall(
            self._channel.name,
            setting_of(self._channel, "address"),
            headers={"Authorization": f"Bearer {secret[0]}"},
            secrets=secret,
            now=self._now,
        )


def _instant_at(found: dict[str, Any], name: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(words_at(found, name))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _written(found: dict[str, Any]) -> Written:
    """A post comes back as HTML: the whole address is in the link, the words beside it."""
    words = html.unescape(_TAG.sub(" ", words_at(found, "content")))
    return Written(
        id=words_at(found, "id"),
        words=words,
        answers=words_at(found, "in_reply_to_id"),
        link=words_at(found, "url"),
    )
