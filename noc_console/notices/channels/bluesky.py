"""Posts of an account at Bluesky, or at another server that speaks AT Protocol.

Sources: https://docs.bsky.app/docs/api/com-atproto-server-create-session,
.../com-atproto-repo-create-record, .../com-atproto-repo-list-records,
.../com-atproto-repo-delete-record, https://docs.bsky.app/docs/advanced-guides/posts (replies) and
.../post-richtext (links are byte ranges). A post cannot be changed: a correction is a post.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from noc_console.fleet.inert import inert
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.notices.channels.channel import (
    BeforeHandingOver,
    Posted,
    PostFailed,
)
from noc_console.notices.channels.checking import setting_of
from noc_console.notices.channels.thread import Written
from noc_console.notices.channels.thread_account import ThreadAccount
from noc_console.notices.channels.web_call import LOGIN_PAUSE_S, Answer, WebCall, rows_at, words_at

_COLLECTION = "app.bsky.feed.post"
_LINK = re.compile(r"https?://[^\s<>\"\])]+")
_APART = " "
"""Between the two halves of what names a post here: its address and the hash of what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    call: WebCall
    did: str
    handle: str


class Bluesky(ThreadAccount):
    """One account at Bluesky."""

    place = "Bluesky"
    knows_second = False

    _opened: _Session | None = None

    def test(self, tell: Tell) -> str:
        """Prove the login; an app password may always post."""
        session = self._session()
        tell(SendStep(name="login", ok=True, sentence=f"it knows us as @{session.handle}"))
        self.newest()
        tell(SendStep(name="rights", ok=True, sentence="the account's posts can be listed"))
        return f"@{session.handle} can be posted to"

    def delete(self, posted: Posted) -> None:
        """Take every post of it away, the last first; one that is gone is no failure there."""
        session = self._session()
        for one in reversed(posted.parts or (posted.remote_id,)):
            key = one.partition(_APART)[0].rpartition("/")[2]
            record = {"repo": session.did, "collection": _COLLECTION, "rkey": key}
            session.call.send("POST", "/xrpc/com.atproto.repo.deleteRecord", json=record)

    def newest(self) -> Sequence[Written]:
        """Give our hundred newest posts, with their addresses."""
        session = self._session()
        wanted = {"repo": session.did, "collection": _COLLECTION, "limit": "100"}
        answer = session.call.get("/xrpc/com.atproto.repo.listRecords", wanted)
        found = rows_at(session.call.expect(answer, dict), "records")
        return [_written(one, session.handle) for one in found]

    def write(
        self, words: str, chain: Sequence[Written], before: BeforeHandingOver, key: str
    ) -> Written:
        """Write one post, its links as links."""
        del key  # there is no such thing here: a post is found by what it says
        session = self._session()
        record: dict[str, Any] = {
            "$type": _COLLECTION,
            "text": words,
            "createdAt": self._now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "facets": _facets(words),
        }
        if self._channel.language:
            record["langs"] = [self._channel.language]
        if chain:
            record["reply"] = {"root": _named(chain[0].id), "parent": _named(chain[-1].id)}
        answer = session.call.send(
            "POST",
            "/xrpc/com.atproto.repo.createRecord",
            json={"repo": session.did, "collection": _COLLECTION, "record": record},
            before=before,
        )
        made = session.call.expect(answer, dict)
        return _written({**made, "value": record}, session.handle)

    def _session(self) -> _Session:
        """Log in once: a session lasts for hours, and few may be opened in a day."""
        if self._opened is None:
            self._opened = self._log_in()
        return self._opened

    def _log_in(self) -> _Session:
        secret = self._secret()
        address = setting_of(self._channel, "address")
        opening = WebCall(
            self._channel.name, address, secrets=secret, explain=self._explain, now=self._now
        )
        answer = opening.send(
            "POST",
            "/xrpc/com.atproto.server.createSession",
            json={"identifier": setting_of(self._channel, "user"), "password": secret[0]},
        )
        found = opening.expect(answer, dict)
        token = words_at(found, "accessJwt")
        call = WebCall(
            self._channel.name,
            address,
            headers={"Authorization": f"Bearer {token}"},
            secrets=(*secret, token),
            explain=self._explain,
            now=self._now,
        )
        return _Session(
            call=call,
            did=words_at(found, "did"),
            handle=inert(words_at(found, "handle"), 80),
        )

    def _explain(self, answer: Answer) -> PostFailed | None:
        kind = words_at(answer.json(), "error")
        if kind in {"ExpiredToken", "InvalidToken"}:
            self._opened = None
            return PostFailed(f"{self._channel.name} wants us to log in again.", pause_s=1.0)
        if kind in {"AuthenticationRequired", "AccountTakedown", "AuthMissing"}:
            return PostFailed(
                f"{self._channel.name} refuses the login; make a new app password and give it "
                "with `noc-console channel edit`.",
                pause_s=LOGIN_PAUSE_S,
            )
        return None


def _facets(words: str) -> list[dict[str, Any]]:
    """Give where the links are, in bytes of UTF-8."""
    return [
        {
            "index": {
                "byteStart": len(words[: found.start()].encode()),
                "byteEnd": len(words[: found.end()].encode()),
            },
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": found[0]}],
        }
        for found in _LINK.finditer(words)
    ]


def _written(found: dict[str, Any], handle: str) -> Written:
    uri = words_at(found, "uri")
    parent = [words_at(found, "value", "reply", "parent", name) for name in ("uri", "cid")]
    answers = _APART.join(parent) if all(parent) else ""
    return Written(
        id=f"{uri}{_APART}{words_at(found, 'cid')}",
        words=words_at(found, "value", "text"),
        answers=answers,
        link=f"https://bsky.app/profile/{handle}/post/{uri.rpartition('/')[2]}",
    )


def _named(mark: str) -> dict[str, str]:
    uri, _, cid = mark.partition(_APART)
    return {"uri": uri, "cid": cid}
