"""A Discourse forum, as https://docs.discourse.org describes it.

Titles are unique and not too short, external ids are unique, and a topic asked for by its external
id is answered with a redirect.
"""

import re

from tests.notices.fakes.fake_server import Asked, FakeServer, Reply

KEY, CATEGORY = "a-long-api-key", "12"


class FakeDiscourse(FakeServer):
    """A forum with one category."""

    def __init__(self) -> None:
        super().__init__()
        self.topics: dict[int, dict] = {}
        self.permission = 1

    def is_write(self, asked: Asked) -> bool:
        return asked.path == "/posts.json"

    def reply(self, asked: Asked) -> Reply:
        if (asked.headers.get("Api-Key"), asked.headers.get("Api-Username")) != (KEY, "system"):
            said = "You are not permitted to view the requested resource. The API username or key"
            return Reply(403, {"errors": [f"{said} is invalid."], "error_type": "invalid_access"})
        fixed = {
            "/session/current.json": {"current_user": {"id": -1, "username": "system"}},
            f"/c/{CATEGORY}/show.json": {
                "category": {"id": 12, "name": "Status", "permission": self.permission}
            },
        }
        if asked.path in fixed:
            return Reply(200, fixed[asked.path])
        if asked.path.startswith("/t/external_id/"):
            wanted = asked.path.removeprefix("/t/external_id/").removesuffix(".json")
            return self._lead_to(wanted)
        if self.is_write(asked):
            return self._create(asked.json)
        return self._change(asked)

    def _lead_to(self, wanted: str) -> Reply:
        for made, topic in self.topics.items():
            if topic["external_id"] == wanted:
                return Reply(301, None, {"Location": f"{self.url}/t/a-slug/{made}.json"})
        return Reply(404, {"errors": ["The requested URL could not be found."]})

    def _create(self, body: dict) -> Reply:
        taken = [one["title"] for one in self.topics.values()]
        known = [one["external_id"] for one in self.topics.values()]
        errors = []
        if len(body["title"]) < 15:
            errors.append("Title is too short (minimum is 15 characters)")
        if not re.fullmatch(r"[\w-]{1,50}", body["external_id"]):
            errors.append("External ID is invalid")
        if body["external_id"] in known:
            errors.append("External ID has already been taken")
        if body["title"] in taken:
            errors.append("Title has already been used")
        if errors:
            return Reply(422, {"action": "create_post", "errors": errors})
        made = 100 + len(self.asked)
        self.topics[made] = dict(body)
        return Reply(200, {"id": made * 10, "topic_id": made, "topic_slug": "a-slug"})

    def _change(self, asked: Asked) -> Reply:
        found = re.search(r"(\d+)\.json$", asked.path)
        if found is None:
            return Reply(404, {"errors": ["The requested URL could not be found."]})
        number = int(found[1])
        is_post = asked.path.startswith("/posts/")
        made = number // 10 if is_post else number
        if made not in self.topics:
            return Reply(404, {"errors": ["The requested URL could not be found."]})
        topic = self.topics[made]
        if asked.method == "DELETE":
            del self.topics[made]
        elif asked.method == "GET":
            posts = [{"id": made * 10, "post_number": 1}]
            body = {"id": made, "title": topic["title"], "post_stream": {"posts": posts}}
            return Reply(200, body)
        elif is_post:
            topic["raw"] = asked.json["post"]["raw"]
        else:
            topic["title"] = asked.json["title"]
        return Reply(200, {})
