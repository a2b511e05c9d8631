"""Posts of an organisation's page at LinkedIn.

Source: https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api (the
id comes in the header x-restli-id; a change is a PARTIAL_UPDATE), .../shares/little-text-format
(reserved signs are escaped), .../organizations/organization-access-control-by-role and
https://learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling.
"""

import re
from datetime import datetime
from urllib.parse import quote

from noc_console.health.delivery.sending import SendStep, Tell
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
from noc_console.notices.channels.short import holds_reference, long_post
from noc_console.notices.channels.web_call import Answer, WebCall, rows_at, words_at
from noc_console.notices.text import Text

_RESERVED = re.compile(r"[|{}@\[\]()<>#\\*_~]")
_ESCAPED = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")
_MAY_POST = frozenset({"ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER", "CONTENT_ADMINISTRATOR"})


class LinkedIn(Account):
    """One organisation's page at LinkedIn."""

    def test(self, tell: Tell) -> str:
        """Prove the login, and that its member may post for the organisation."""
        call = self._call()
        wanted = {"q": "roleAssignee", "state": "APPROVED"}
        answer = call.send("GET", "/rest/organizationAcls", params=wanted)
        roles = rows_at(call.expect(answer, dict), "elements")
        tell(SendStep(name="login", ok=True, sentence="the token is accepted"))
        held = {words_at(one, "role") for one in roles if one.get("organization") == self._author}
        if not held & _MAY_POST:
            raise PostFailed(
                f"{call.who}'s token belongs to a member who may not post for the organisation; "
                "make that member a content admin of the page.",
                is_final=True,
            )
        tell(SendStep(name="rights", ok=True, sentence="its member may post for the organisation"))
        return "the organisation's page can be posted to"

    def find(self, reference: str) -> Posted | None:
        """Look through the page's newest posts."""
        call = self._call()
        wanted = {"q": "author", "author": self._author, "count": "50", "sortBy": "LAST_MODIFIED"}
        answer = call.send(
            "GET", "/rest/posts", params=wanted, headers={"X-RestLi-Method": "FINDER"}
        )
        for one in rows_at(call.expect(answer, dict), "elements"):
            words = _ESCAPED.sub(r"\1", words_at(one, "commentary"))
            if holds_reference(words, reference):
                return _posted(words_at(one, "id"))
        return None

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Post at once: LinkedIn keeps nothing for later."""
        refuse_early(self._channel, at, self._now())
        body = {
            "author": self._author,
            "commentary": self._commentary(text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        call = self._call()
        answer = call.send("POST", "/rest/posts", json=body, before=before_handing_over)
        made = answer.headers.get("x-restli-id", "")
        if not made:
            raise PostFailed(f"{call.who} took the post and told no id.", is_in_doubt=True)
        return _posted(made)

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Give the post another text."""
        self._call().send(
            "POST",
            _path(posted),
            json={"patch": {"$set": {"commentary": self._commentary(text)}}},
            headers={"X-RestLi-Method": "PARTIAL_UPDATE"},
        )
        return posted

    def delete(self, posted: Posted) -> None:
        """Take the post away."""
        self._call().send(
            "DELETE", _path(posted), headers={"X-RestLi-Method": "DELETE"}, may_be_missing=True
        )

    def preview(self, text: Text) -> Preview:
        """Give the post as it would be read."""
        return preview_of(limits_of(self._channel), "", (self._words(text),))

    @property
    def _author(self) -> str:
        return f"urn:li:organization:{setting_of(self._channel, 'organisation')}"

    def _words(self, text: Text) -> str:
        full_text_at = setting_of(self._channel, "full_text_at")
        return long_post(text, limits_of(self._channel), full_text_at)

    def _commentary(self, text: Text) -> str:
        """A text with a reserved sign that is not escaped is cut off there without a word."""
        return _RESERVED.sub(lambda found: f"\\{found[0]}", self._words(text))

    def _call(self) -> WebCall:
        secret = self._secret()
        return WebCall(
            self._channel.name,
            setting_of(self._channel, "address"),
            headers={
                "Authorization": f"Bearer {secret[0]}",
                "LinkedIn-Version": setting_of(self._channel, "version"),
                "X-Restli-Protocol-Version": "2.0.0",
            },
            secrets=secret,
            explain=self._explain,
            now=self._now,
        )

    def _explain(self, answer: Answer) -> PostFailed | None:
        found = answer.json()
        said = f"{words_at(found, 'code')} {words_at(found, 'message')}".lower()
        if answer.status in {400, 409, 422} and "duplicate" in said:
            return PostFailed(
                f"{self._channel.name} has a post that says the same already; it is looked for.",
                is_in_doubt=True,
            )
        if answer.status == 426 or "nonexistent_version" in said:
            return PostFailed(
                f"{self._channel.name} knows this version of its interface no more; set a newer "
                "one with `noc-console channel edit`.",
                is_final=True,
            )
        return None


def _path(posted: Posted) -> str:
    return f"/rest/posts/{quote(posted.remote_id, safe='')}"


def _posted(made: str) -> Posted:
    return Posted(remote_id=made, link=f"https://www.linkedin.com/feed/update/{made}/")
