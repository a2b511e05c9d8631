"""A server of AT Protocol, as https://docs.bsky.app/docs/api and the lexicon of posts describe it.

It wants a session, counts bytes and letters, checks that facets point at the links they name, and
that answers name a post and its hash.
"""

import hashlib
import json
import unicodedata

from tests.notices.fakes.fake_server import Asked, FakeServer, Reply

HANDLE, PASSWORD = "status.example.com", "abcd-efgh-ijkl-mnop"
_DID = "did:plc:example"
_TOKEN = "access-token-of-a-session"


class FakeBluesky(FakeServer):
    """One account."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, dict] = {}
        self.sessions = 0

    def is_write(self, asked: Asked) -> bool:
        return asked.path.endswith("createRecord")

    def reply(self, asked: Asked) -> Reply:
        act = asked.path.rpartition(".")[2]
        if act == "createSession":
            if (asked.json["identifier"], asked.json["password"]) != (HANDLE, PASSWORD):
                body = {"error": "AuthenticationRequired", "message": "Invalid identifier"}
                return Reply(401, body)
            self.sessions += 1
            return Reply(200, {"did": _DID, "handle": HANDLE, "accessJwt": _TOKEN})
        if asked.headers.get("Authorization") != f"Bearer {_TOKEN}":
            return Reply(401, {"error": "AuthMissing", "message": "Authentication Required"})
        if act == "listRecords":
            if int(asked.query["limit"]) > 100:
                return Reply(400, {"error": "InvalidRequest", "message": "limit is at most 100"})
            newest = sorted(self.records.values(), key=lambda one: one["uri"], reverse=True)
            return Reply(200, {"records": newest})
        if act == "deleteRecord":
            self.records.pop(asked.json["rkey"], None)
            return Reply(200, {})
        return self._create(asked.json["record"])

    def _create(self, record: dict) -> Reply:
        words = record["text"]
        if refusal := self._refusal(record, words):
            return Reply(400, {"error": "InvalidRequest", "message": refusal})
        key = f"3l{len(self.asked):010}"
        cid = hashlib.sha256(json.dumps(record).encode()).hexdigest()
        uri = f"at://{_DID}/app.bsky.feed.post/{key}"
        self.records[key] = {"uri": uri, "cid": cid, "value": record}
        return Reply(200, {"uri": uri, "cid": cid})

    def _refusal(self, record: dict, words: str) -> str:
        letters = sum(1 for one in words if unicodedata.category(one) not in {"Mn", "Me"})
        if letters > 300 or len(words.encode()) > 3000:
            return "Record/text must not be longer than 300 graphemes"
        if not record["createdAt"].endswith("Z") or record["$type"] != "app.bsky.feed.post":
            return "Record/createdAt must be a valid datetime"
        for facet in record.get("facets", []):
            index = facet["index"]
            part = words.encode()[index["byteStart"] : index["byteEnd"]].decode()
            if part != facet["features"][0]["uri"]:
                return "a facet points elsewhere"
        for place in (record.get("reply") or {}).values():
            if all(place != {"uri": o["uri"], "cid": o["cid"]} for o in self.records.values()):
                return "an answer to what is not there"
        return ""
