"""X, as https://docs.x.com/x-api/posts/create-post and its neighbours describe it.

It checks the OAuth 1.0a signature with a library of its own, counts weighted characters, refuses
duplicates (403), and writes links as t.co addresses with the real ones in `entities`.
"""

import re

from oauthlib.common import Request
from oauthlib.oauth1.rfc5849 import signature

from tests.notices.fakes.fake_server import Asked, FakeServer, Reply

KEYS = ("app-key", "app-key-secret", "user-token", "user-token-secret")
_URL = re.compile(r"https?://\S+")


class FakeX(FakeServer):
    """One account, @example."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict] = []
        self.access = "read-write"
        self.left = 1000

    def reply(self, asked: Asked) -> Reply:
        if not self._is_signed(asked):
            return Reply(401, {"title": "Unauthorized", "detail": "Unauthorized", "status": 401})
        if self.left <= 0:
            return Reply(429, {"title": "Too Many Requests"}, {"x-rate-limit-reset": "1795608600"})
        if asked.path == "/2/users/me":
            body = {"data": {"id": "7", "name": "Example", "username": "example"}}
            return Reply(200, body, {"x-access-level": self.access})
        if asked.path == "/2/users/7/tweets":
            newest = [self._shown(one) for one in reversed(self.posts)]
            return Reply(200, {"data": newest} if newest else {"meta": {"result_count": 0}})
        if asked.method == "POST" and asked.path == "/2/tweets":
            return self._create(asked.json)
        if asked.method == "DELETE":
            made = asked.path.rpartition("/")[2]
            self.posts = [one for one in self.posts if one["id"] != made]
            return Reply(200, {"data": {"deleted": True}})
        return Reply(404, {"title": "Not Found Error"})

    def _create(self, body: dict) -> Reply:
        words = body["text"]
        if _weight(words) > 280:
            return Reply(400, {"detail": "Your Tweet text is too long.", "title": "Invalid"})
        if any(one["text"] == words for one in self.posts):
            detail = "You are not allowed to create a Tweet with duplicate content."
            return Reply(403, {"detail": detail, "title": "Forbidden", "status": 403})
        answers = (body.get("reply") or {}).get("in_reply_to_tweet_id", "")
        if answers and all(one["id"] != answers for one in self.posts):
            return Reply(400, {"detail": "The Tweet you answer is not there."})
        made = str(1_000_000 + len(self.asked))
        self.posts.append({"id": made, "text": words, "answers": answers})
        return Reply(201, {"data": {"id": made, "text": words}})

    def _shown(self, one: dict) -> dict:
        links = _URL.findall(one["text"])
        shown = {"id": one["id"], "text": _URL.sub("https://t.co/abcdefghij", one["text"])}
        if links:
            shown["entities"] = {"urls": [{"expanded_url": link} for link in links]}
        if one["answers"]:
            shown["referenced_tweets"] = [{"type": "replied_to", "id": one["answers"]}]
        return shown

    def _is_signed(self, asked: Asked) -> bool:
        header = asked.headers.get("Authorization", "")
        given = dict(re.findall(r'(\w+)="([^"]*)"', header))
        if (given.get("oauth_consumer_key"), given.get("oauth_token")) != (KEYS[0], KEYS[2]):
            return False
        pairs = signature.collect_parameters(
            uri_query="&".join(f"{name}={value}" for name, value in asked.query.items()),
            headers={"Authorization": header},
            exclude_oauth_signature=True,
            with_realm=False,
        )
        request = Request(asked.url, asked.method)
        request.params = pairs
        request.signature = dict(
            signature.collect_parameters(
                headers={"Authorization": header}, exclude_oauth_signature=False
            )
        )["oauth_signature"]
        return bool(signature.verify_hmac_sha1(request, KEYS[1], KEYS[3]))


def _weight(words: str) -> int:
    rest = _URL.sub("", words)
    light = sum(1 for one in rest if ord(one) <= 4351 or 8192 <= ord(one) <= 8247)
    return 23 * len(_URL.findall(words)) + light + 2 * (len(rest) - light)
