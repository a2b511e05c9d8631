"""A Mastodon server, as https://docs.joinmastodon.org/methods/statuses/ describes it.

It knows a second try by its Idempotency-Key, gives posts back as HTML with shortened link texts,
and keeps posts for later that are at least five minutes ahead.
"""

import html
import re
from datetime import UTC, datetime, timedelta

from tests.notices.fakes.fake_server import Asked, FakeServer, Reply

TOKEN = "token-of-the-account"
_URL = re.compile(r"https?://\S+")


class FakeMastodon(FakeServer):
    """One account, @status."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict] = []
        self.later: list[dict] = []
        self.keys: dict[str, dict] = {}
        self.scopes = ["read", "write:statuses"]
        self.now = datetime.now(UTC)
        self.most = 500

    def is_write(self, asked: Asked) -> bool:
        return asked.method == "POST" and asked.path == "/api/v1/statuses"

    def reply(self, asked: Asked) -> Reply:
        if asked.path == "/api/v2/instance":
            statuses = {"max_characters": self.most}
            return Reply(200, {"configuration": {"statuses": statuses}})
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Reply(401, {"error": "The access token is invalid"})
        if asked.path == "/api/v1/accounts/verify_credentials":
            return Reply(200, {"id": "5", "acct": "status"})
        if asked.path == "/api/v1/apps/verify_credentials":
            return Reply(200, {"name": "noc", "scopes": self.scopes})
        if asked.path == "/api/v1/accounts/5/statuses":
            return Reply(200, [self._shown(one) for one in reversed(self.posts)][:40])
        if asked.path == "/api/v1/scheduled_statuses":
            return Reply(200, self.later)
        if self.is_write(asked):
            return self._create(asked.json, asked.headers.get("Idempotency-Key", ""))
        return self._change(asked)

    def _create(self, body: dict, key: str) -> Reply:
        if key and key in self.keys:
            return Reply(200, self.keys[key])
        words = body["status"]
        if len(_URL.sub("x" * 23, words)) > self.most:
            return Reply(422, {"error": "Validation failed: Text character limit exceeded"})
        if "scheduled_at" in body:
            at = datetime.fromisoformat(body["scheduled_at"])
            if at < self.now + timedelta(minutes=5):
                said = "Validation failed: Scheduled at The scheduled date must be in the future"
                return Reply(422, {"error": said})
            one = {"id": str(len(self.asked)), "scheduled_at": body["scheduled_at"]}
            one["params"] = {"text": words}
            self.later.append(one)
            return Reply(200, one)
        answers = body.get("in_reply_to_id")
        if answers and all(one["id"] != answers for one in self.posts):
            return Reply(404, {"error": "Record not found"})
        one = {"id": str(10_000 + len(self.asked)), "words": words, "answers": answers}
        self.posts.append(one)
        self.keys[key] = self._shown(one)
        return Reply(200, self._shown(one))

    def _change(self, asked: Asked) -> Reply:
        made = asked.path.rpartition("/")[2]
        kept = self.later if "scheduled" in asked.path else self.posts
        there = next((one for one in kept if one["id"] == made), None)
        if there is None:
            return Reply(404, {"error": "Record not found"})
        if asked.method == "DELETE":
            kept.remove(there)
            return Reply(200, {})
        there["words"] = asked.json["status"]
        return Reply(200, self._shown(there))

    def _shown(self, one: dict) -> dict:
        def link(found: re.Match) -> str:
            address = html.escape(found[0])
            return (
                f'<a href="{address}" rel="nofollow"><span class="invisible">https://</span>'
                f'<span class="ellipsis">{address[8:30]}</span>'
                f'<span class="invisible">{address[30:]}</span></a>'
            )

        parts = [html.escape(part, quote=False) for part in _URL.split(one["words"])]
        links = [link(found) for found in _URL.finditer(one["words"])]
        content = "".join(
            part + (links[i] if i < len(links) else "") for i, part in enumerate(parts)
        )
        return {
            "id": one["id"],
            "content": f"<p>{content}</p>".replace("\n\n", "</p><p>"),
            "in_reply_to_id": one["answers"],
            "url": f"{self.url}/@status/{one['id']}",
        }
