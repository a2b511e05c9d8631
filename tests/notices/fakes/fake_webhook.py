"""A receiver of webhooks of our own: it knows a second try by its Idempotency-Key, as
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ describes it.
"""

from tests.notices.fakes.fake_server import Asked, FakeServer, Reply

SECRET = "Bearer a-secret-value"


class FakeWebhook(FakeServer):
    """One receiver."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, dict] = {}

    def is_write(self, asked: Asked) -> bool:
        return asked.method == "POST"

    def reply(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != SECRET:
            return Reply(401, {"error": "who are you?"})
        if asked.method == "POST":
            key = asked.headers["Idempotency-Key"]
            self.kept.setdefault(key, {"id": f"p{len(self.asked)}", "sent": asked.json})
            return self._told(key)
        wanted = asked.path.rpartition("/")[2]
        key = next((k for k, one in self.kept.items() if wanted in {k, one["id"]}), "")
        if not key:
            return Reply(404 if wanted != "test" else 200)
        if asked.method == "DELETE":
            del self.kept[key]
            return Reply(204)
        if asked.method == "PUT":
            self.kept[key]["sent"] = asked.json
        return self._told(key)

    def _told(self, key: str) -> Reply:
        one = self.kept[key]
        link = f"https://hooks.example.com/{one['id']}"
        return Reply(200, {"data": {"id": one["id"], "url": link}})
