"""The Graph interface of a Facebook page, as https://developers.facebook.com/docs/pages-api/posts
and .../docs/graph-api/guides/error-handling describe it.
"""

from datetime import UTC, datetime, timedelta

from tests.notices.fakes.fake_server import Asked, FakeServer, Reply

TOKEN, PAGE = "EAAB-token-of-the-page", "4711"


def _error(status: int, code: int, message: str, subcode: int = 0) -> Reply:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    return Reply(status, {"error": error | ({"error_subcode": subcode} if subcode else {})})


class FakeFacebook(FakeServer):
    """One page."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, dict] = {}
        self.me = PAGE
        self.now = datetime.now(UTC)

    def is_write(self, asked: Asked) -> bool:
        return asked.method == "POST" and asked.path.endswith("/feed")

    def reply(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _error(400, 190, "Error validating access token: Session has expired")
        if asked.path == "/me":
            return Reply(200, {"id": self.me, "name": "Example Hosting"})
        if self.is_write(asked):
            return self._create(asked.json)
        if asked.path.endswith(("/feed", "/scheduled_posts")):
            is_later = asked.path.endswith("/scheduled_posts")
            found = [one for one in self.posts.values() if ("at" in one) == is_later]
            return Reply(200, {"data": [one["shown"] for one in reversed(found)]})
        return self._change(asked)

    def _create(self, body: dict) -> Reply:
        if len(body["message"]) > 63206:
            return _error(400, 100, "Message too long")
        if any(one["shown"]["message"] == body["message"] for one in self.posts.values()):
            return _error(400, 506, "Duplicate status message")
        made = f"{PAGE}_{len(self.asked)}"
        shown = {"id": made, "message": body["message"]}
        one: dict = {"shown": shown, "link": body.get("link", "")}
        if body.get("published") is False:
            at = datetime.fromtimestamp(body["scheduled_publish_time"], UTC)
            ahead = at - self.now
            if not timedelta(minutes=10) <= ahead <= timedelta(days=30):
                return _error(400, 100, "The specified scheduled publish time is invalid", 1609008)
            one["at"] = at
            shown["scheduled_publish_time"] = body["scheduled_publish_time"]
        else:
            shown["permalink_url"] = f"https://www.facebook.com/{PAGE}/posts/{made}"
        self.posts[made] = one
        return Reply(200, {"id": made})

    def _change(self, asked: Asked) -> Reply:
        made = asked.path.removeprefix("/")
        if made not in self.posts:
            said = f"Unsupported request. Object with ID '{made}' does not exist"
            return _error(400, 100, said, 33)
        if asked.method == "DELETE":
            del self.posts[made]
        else:
            self.posts[made]["shown"]["message"] = asked.json["message"]
        return Reply(200, {"success": True})
