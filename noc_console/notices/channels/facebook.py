"""Posts of a Facebook page, at once or for a time to come.

Sources: https://developers.facebook.com/docs/pages-api/posts,
https://developers.facebook.com/docs/graph-api/reference/page/feed/ (scheduled_publish_time between
10 minutes and 30 days ahead), .../reference/page/scheduled_posts/ and
https://developers.facebook.com/docs/graph-api/guides/error-handling/.
"""

from datetime import UTC, datetime
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
from noc_console.notices.channels.early import still_waits
from noc_console.notices.channels.previewing import preview_of
from noc_console.notices.channels.short import address_of, holds_reference, long_post
from noc_console.notices.channels.web_call import (
    LOGIN_PAUSE_S,
    Answer,
    WebCall,
    number_at,
    rows_at,
    words_at,
)
from noc_console.notices.text import Text

_FIELDS = "id,message,permalink_url,scheduled_publish_time"
_RATE_PAUSE_S = 1800.0
_TOKEN = frozenset({102, 190, 463, 467})
_TOO_MANY = frozenset({4, 17, 32, 341, 613, 80001})
_PASSING = frozenset({1, 2})
_DUPLICATE = 506
_FAR_S = 32_503_680_000
"""The year 3000: what is later is nonsense."""
_GONE_SUBCODE = 33


class Facebook(Account):
    """One page at Facebook."""

    def test(self, tell: Tell) -> str:
        """Prove that the token is the page's own and reads its posts."""
        call = self._call()
        me = call.expect(call.send("GET", "/me", params={"fields": "id,name"}), dict)
        name = inert(words_at(me, "name"), 80)
        if words_at(me, "id") != self._page:
            raise PostFailed(
                f"{call.who}'s token is that of {name}, not of the page {self._page}; make a page "
                "access token and give it with `noc-console channel edit`.",
                is_final=True,
            )
        tell(SendStep(name="login", ok=True, sentence=f"the token is that of the page {name}"))
        self._waiting("-")
        tell(SendStep(name="rights", ok=True, sentence="the page's planned posts can be listed"))
        return f"the page {name} can be posted to"

    def find(self, reference: str) -> Posted | None:
        """Look through the page's newest posts, then through those that wait."""
        return self._listed("feed", reference) or self._waiting(reference)

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Post now, or hand it over for its time."""
        call = self._call()
        body = self._body(text)
        if at is not None and at > self._now():
            body |= {"published": False, "scheduled_publish_time": int(at.timestamp())}
        answer = call.send("POST", f"/{self._page}/feed", json=body, before=before_handing_over)
        made = words_at(call.expect(answer, dict), "id")
        return Posted(remote_id=made, link=_link_of(made))

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Give the post another text."""
        call = self._call()
        call.send("POST", f"/{posted.remote_id}", json={"message": self._body(text)["message"]})
        return posted

    def delete(self, posted: Posted) -> None:
        """Take the post away."""
        self._call().send("DELETE", f"/{posted.remote_id}", may_be_missing=True)

    def preview(self, text: Text) -> Preview:
        """Give the post as it would be."""
        return preview_of(limits_of(self._channel), "", (str(self._body(text)["message"]),))

    @property
    def _page(self) -> str:
        return setting_of(self._channel, "page")

    def _body(self, text: Text) -> dict[str, Any]:
        full_text_at = setting_of(self._channel, "full_text_at")
        body: dict[str, Any] = {"message": long_post(text, limits_of(self._channel), full_text_at)}
        if address := address_of(full_text_at, text):
            body["link"] = address
        return body

    def _waiting(self, reference: str) -> Posted | None:
        return self._listed("scheduled_posts", reference)

    def _listed(self, edge: str, reference: str) -> Posted | None:
        call = self._call()
        wanted = {"fields": _FIELDS, "limit": "50"}
        answer = call.send("GET", f"/{self._page}/{edge}", params=wanted)
        for one in rows_at(call.expect(answer, dict), "data"):
            is_it = holds_reference(words_at(one, "message"), reference)
            if is_it and (edge == "feed" or self._waits(one)):
                made = words_at(one, "id")
                link = words_at(one, "permalink_url") or _link_of(made)
                return Posted(remote_id=made, link=link)
        return None

    def _waits(self, found: dict[str, Any]) -> bool:
        seconds = min(number_at(found, "scheduled_publish_time"), _FAR_S)
        return still_waits(self._channel, datetime.fromtimestamp(seconds, UTC), self._now())

    def _call(self) -> WebCall:
        secret = self._secret()
        return WebCall(
            self._channel.name,
            setting_of(self._channel, "address"),
            headers={"Authorization": f"Bearer {secret[0]}"},
            secrets=secret,
            explain=self._explain,
            is_missing=_is_gone,
            now=self._now,
        )

    def _explain(self, answer: Answer) -> PostFailed | None:
        code, who = number_at(_error_of(answer), "code"), self._channel.name
        if code in _TOKEN:
            return PostFailed(
                f"{who} refuses the token, which may have expired; make a new page access token "
                "and give it with `noc-console channel edit`.",
                pause_s=LOGIN_PAUSE_S,
            )
        if code in _TOO_MANY:
            return PostFailed(f"{who} takes no more for now.", pause_s=_RATE_PAUSE_S)
        if code == _DUPLICATE:
            return PostFailed(
                f"{who} has a post that says the same already; it is looked for.", is_in_doubt=True
            )
        if code in _PASSING:
            return PostFailed(f"{who} has an error of its own for now.", is_in_doubt=True)
        return None


def _link_of(made: str) -> str:
    return f"https://www.facebook.com/{made}"


def _error_of(answer: Answer) -> dict[str, Any]:
    error = web_call.at(answer.json(), "error")
    return error if isinstance(error, dict) else {}


def _is_gone(answer: Answer) -> bool:
    """A post that does not exist is told as a wrong request, with a subcode of its own."""
    return answer.status == 404 or _error_of(answer).get("error_subcode") == _GONE_SUBCODE
