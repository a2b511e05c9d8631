"""Topics of a forum that runs Discourse.

Source: https://docs.discourse.org (createTopicPostPM with external_id, getTopicByExternalId, which
answers with a redirect, getTopic, updatePost, updateTopic, removeTopic; 429 with Retry-After).
"""

import re
from datetime import datetime
from typing import Any

from noc_console.fleet.inert import inert
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.notices.channels import web_call
from noc_console.notices.channels.account import Account
from noc_console.notices.channels.channel import (
    BeforeHandingOver,
    Posted,
    PostFailed,
    Preview,
)
from noc_console.notices.channels.checking import limits_of, setting_of
from noc_console.notices.channels.early import refuse_early
from noc_console.notices.channels.previewing import preview_of
from noc_console.notices.channels.web_call import Answer, WebCall, number_at, rows_at, words_at
from noc_console.notices.text import Text

_TOPIC = re.compile(r"/t/(?:[^/]+/)?(\d+)(?:[./?].*)?$")
_MAY_CREATE = 1
_TITLE_TAKEN = "title has already been used"


class _TitleTaken(PostFailed):
    """Another topic has this title, and the forum wants each to have its own."""


class Discourse(Account):
    """One category of one forum."""

    def test(self, tell: Tell) -> str:
        """Prove the login, and that the user may begin topics in the category."""
        call = self._call()
        me = call.expect(call.send("GET", "/session/current.json"), dict)
        name = inert(words_at(me, "current_user", "username"), 60)
        tell(SendStep(name="login", ok=True, sentence=f"the forum knows us as {name}"))
        number = setting_of(self._channel, "category")
        answer = call.get(f"/c/{number}/show.json")
        if not answer.is_good:
            raise PostFailed(f"{call.who} has no category {number}; correct it.", is_final=True)
        category = call.expect(answer, dict)
        title = inert(words_at(category, "category", "name"), 60)
        if number_at(category, "category", "permission") != _MAY_CREATE:
            raise PostFailed(
                f"{call.who} does not let {name} begin a topic in {title}; give them that right.",
                is_final=True,
            )
        tell(SendStep(name="rights", ok=True, sentence=f"{name} may begin topics in {title}"))
        return f"topics can be begun in {title}"

    def find(self, reference: str) -> Posted | None:
        """Ask for the topic by its external id; the forum answers with where it is."""
        call = self._call()
        answer = call.send(
            "GET", f"/t/external_id/{reference}.json", may_be_missing=True, may_lead=True
        )
        found = _TOPIC.search(answer.headers.get("location", ""))
        if found is not None:
            return self._posted(int(found[1]))
        if answer.is_good:
            return self._posted(number_at(call.expect(answer, dict), "id"))
        return None

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Begin a topic at once; a second one with the same reference is refused by the forum."""
        refuse_early(self._channel, at, self._now())
        try:
            return self._begin(text, text.title, before_handing_over)
        except _TitleTaken:
            return self._begin(text, f"{text.title} [{text.reference}]", lambda: None)

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Give the topic another title and its first post another text."""
        call = self._call()
        topic = call.expect(call.send("GET", f"/t/{posted.remote_id}.json"), dict)
        posts = rows_at(topic, "post_stream", "posts") or [{}]
        if topic.get("title") != text.title:
            call.send("PUT", f"/t/-/{posted.remote_id}.json", json={"title": text.title})
        body = {"post": {"raw": text.markdown}}
        call.send("PUT", f"/posts/{number_at(posts[0], 'id')}.json", json=body)
        return posted

    def delete(self, posted: Posted) -> None:
        """Take the topic away."""
        self._call().send("DELETE", f"/t/{posted.remote_id}.json", may_be_missing=True)

    def preview(self, text: Text) -> Preview:
        """Give the topic as it would be."""
        return preview_of(limits_of(self._channel), text.title, (text.markdown,))

    @property
    def _address(self) -> str:
        return setting_of(self._channel, "address").rstrip("/")

    def _begin(self, text: Text, title: str, before: BeforeHandingOver) -> Posted:
        body: dict[str, Any] = {
            "title": title,
            "raw": text.markdown,
            "category": int(setting_of(self._channel, "category")),
            "external_id": text.reference,
        }
        if tags := setting_of(self._channel, "tags"):
            body["tags"] = [one.strip() for one in tags.split(",") if one.strip()]
        call = self._call()
        answer = call.send("POST", "/posts.json", json=body, before=before)
        return self._posted(number_at(call.expect(answer, dict), "topic_id"))

    def _posted(self, topic: int) -> Posted:
        return Posted(remote_id=str(topic), link=f"{self._address}/t/{topic}")

    def _call(self) -> WebCall:
        secret = self._secret()
        return WebCall(
            self._channel.name,
            self._address,
            headers={"Api-Key": secret[0], "Api-Username": setting_of(self._channel, "user")},
            secrets=secret,
            explain=self._explain,
            now=self._now,
        )

    def _explain(self, answer: Answer) -> PostFailed | None:
        errors = web_call.at(answer.json(), "errors")
        said = " ".join(map(str, errors)).lower() if isinstance(errors, list) else ""
        who = self._channel.name
        if answer.status == 422 and "external" in said and "taken" in said:
            return PostFailed(f"{who} has this topic already; it is looked for.", is_in_doubt=True)
        if answer.status == 422 and _TITLE_TAKEN in said:
            return _TitleTaken(f"{who} has a topic with this title.", is_final=True)
        if answer.status == 403 and "api" in said:
            return PostFailed(
                f"{who} refuses the API key; give it again with `noc-console channel edit`.",
                pause_s=900.0,
            )
        return None
