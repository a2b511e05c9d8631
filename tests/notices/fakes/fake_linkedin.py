"""LinkedIn's Posts interface, as https://learn.microsoft.com/linkedin/marketing/community-management/
shares/posts-api describes it.

It wants both version headers, and cuts a commentary at the first reserved sign that is not escaped,
without a word, as LinkedIn does.
"""

import re
from urllib.parse import unquote

from tests.notices.fakes.fake_server import Asked, FakeServer, Reply

TOKEN, ORGANISATION, VERSION = "token-of-a-member", "815", "202606"
AUTHOR = f"urn:li:organization:{ORGANISATION}"
_UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[|{}@\[\]()<>#*_~]")


class FakeLinkedIn(FakeServer):
    """One organisation's page."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, str] = {}
        self.role = "ADMINISTRATOR"

    def is_write(self, asked: Asked) -> bool:
        return asked.method == "POST" and asked.path == "/rest/posts"

    def reply(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Reply(401, {"code": "INVALID_ACCESS_TOKEN", "message": "Invalid access token"})
        if asked.headers.get("X-Restli-Protocol-Version") != "2.0.0":
            return Reply(400, {"message": "Invalid protocol version"})
        if asked.headers.get("LinkedIn-Version") != VERSION:
            said = "Requested version is not active"
            return Reply(426, {"code": "NONEXISTENT_VERSION", "message": said})
        if asked.path == "/rest/organizationAcls":
            one = {"organization": AUTHOR, "role": self.role, "state": "APPROVED"}
            return Reply(200, {"elements": [one]})
        if asked.method == "GET":
            assert asked.headers.get("X-RestLi-Method") == "FINDER"
            assert asked.query["author"] == AUTHOR
            found = [{"id": name, "commentary": words} for name, words in self.posts.items()]
            return Reply(200, {"elements": found[::-1]})
        if self.is_write(asked):
            return self._create(asked.json)
        return self._change(asked)

    def _create(self, body: dict) -> Reply:
        words = _UNESCAPED.split(body["commentary"])[0]
        if body["author"] != AUTHOR or body["lifecycleState"] != "PUBLISHED":
            return Reply(403, {"code": "ACCESS_DENIED", "message": "Not enough permissions"})
        if len(words.replace("\\", "")) > 3000:
            return Reply(400, {"code": "MISSING_FIELD", "message": "commentary is too long"})
        if words in self.posts.values():
            said = "Content is a duplicate of urn:li:share:1"
            return Reply(422, {"code": "DUPLICATE_POST", "message": said})
        made = f"urn:li:share:{len(self.asked)}"
        self.posts[made] = words
        return Reply(201, None, {"x-restli-id": made})

    def _change(self, asked: Asked) -> Reply:
        made = unquote(asked.path.rpartition("/")[2])
        if asked.method == "DELETE":
            self.posts.pop(made, None)
            return Reply(204)
        assert asked.headers.get("X-RestLi-Method") == "PARTIAL_UPDATE"
        if made not in self.posts:
            return Reply(404, {"message": "Not found"})
        self.posts[made] = _UNESCAPED.split(asked.json["patch"]["$set"]["commentary"])[0]
        return Reply(204)
