"""Posts of an account at X, over version 2 of its interface.

Sources: https://docs.x.com/x-api/posts/create-post, .../posts/delete-post,
.../users/get-posts, .../users/get-my-user, https://docs.x.com/fundamentals/rate-limits and
https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature.
X does not let an account change a post over this interface: a correction is a post of its own.
"""

from collections.abc import Sequence
from typing import Any

from noc_console.fleet.inert import inert
from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.notices.channels.channel import (
    BeforeHandingOver,
    Posted,
    PostFailed,
)
from noc_console.notices.channels.checking import setting_of
from noc_console.notices.channels.oauth import OAuthKeys, authorization
from noc_console.notices.channels.thread import Written
from noc_console.notices.channels.thread_account import ThreadAccount
from noc_console.notices.channels.web_call import Answer, WebCall, rows_at, words_at

_FIELDS = {
    "max_results": "100",
    "tweet.fields": "entities,referenced_tweets",
    "exclude": "retweets",
}


class X(ThreadAccount):
    """One account at X."""

    place = "X"
    knows_second = True

    def test(self, tell: Tell) -> str:
        """Prove the login, and that the keys may write."""
        call = self._call()
        answer = self._ask(call, "GET", "/2/users/me")
        name = inert(words_at(call.expect(answer, dict), "data", "username"), 40)
        tell(SendStep(name="login", ok=True, sentence=f"X knows us as @{name}"))
        level = answer.headers.get("x-access-level", "")
        if level and "write" not in level:
            raise PostFailed(
                f"{call.who} lets these keys only read; set the app to read and write, make the "
                "access token anew and give it again with `noc-console channel edit`.",
                is_final=True,
            )
        words = "the keys may post" if level else "X does not say whether the keys may post"
        tell(SendStep(name="rights", ok=True, sentence=words))
        return f"@{name} can be posted to"

    def delete(self, posted: Posted) -> None:
        """Take every post of it away, the last first."""
        call = self._call()
        for one in reversed(posted.parts or (posted.remote_id,)):
            self._ask(call, "DELETE", f"/2/tweets/{one}", may_be_missing=True)

    def newest(self) -> Sequence[Written]:
        """Give our hundred newest posts, with their addresses written out."""
        call = self._call()
        me = call.expect(self._ask(call, "GET", "/2/users/me"), dict)
        user, name = words_at(me, "data", "id"), words_at(me, "data", "username")
        answer = self._ask(call, "GET", f"/2/users/{user}/tweets", params=_FIELDS)
        return [_written(one, name) for one in rows_at(call.expect(answer, dict), "data")]

    def write(
        self, words: str, chain: Sequence[Written], before: BeforeHandingOver, key: str
    ) -> Written:
        """Write one post."""
        del key  # X knows no such thing: it refuses a post that says the same as another
        body: dict[str, Any] = {"text": words}
        if chain:
            body["reply"] = {"in_reply_to_tweet_id": chain[-1].id}
        call = self._call()
        answer = self._ask(call, "POST", "/2/tweets", json=body, before=before)
        made = words_at(call.expect(answer, dict), "data", "id")
        link = f"https://x.com/i/status/{made}"
        return Written(id=made, words=words, answers=chain[-1].id if chain else "", link=link)

    @property
    def _address(self) -> str:
        return setting_of(self._channel, "address").rstrip("/")

    def _call(self) -> WebCall:
        return WebCall(
            self._channel.name,
            self._address,
            secrets=self._secret(),
            explain=self._explain,
            now=self._now,
        )

    def _ask(
        self,
        call: WebCall,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: Any = None,
        before: BeforeHandingOver | None = None,
        may_be_missing: bool = False,
    ) -> Answer:
        keys = OAuthKeys(*self._secret())
        header = authorization(
            method, self._address + path, params or {}, keys, int(self._now().timestamp())
        )
        return call.send(
            method,
            path,
            params=params,
            json=json,
            before=before,
            headers={"Authorization": header},
            may_be_missing=may_be_missing,
        )

    def _explain(self, answer: Answer) -> PostFailed | None:
        said = words_at(answer.json(), "detail")
        if answer.status == 403 and "duplicate" in said.lower():
            return PostFailed(
                f"{self._channel.name} has a post that says the same already; it is looked for.",
                is_in_doubt=True,
            )
        return None


def _written(found: dict[str, Any], user: str) -> Written:
    words = words_at(found, "text")
    for one in rows_at(found, "entities", "urls"):
        words += f" {words_at(one, 'expanded_url')}"
    before = [
        words_at(one, "id")
        for one in rows_at(found, "referenced_tweets")
        if one.get("type") == "replied_to"
    ]
    made = words_at(found, "id")
    return Written(
        id=made,
        words=words,
        answers=before[0] if before else "",
        link=f"https://x.com/{user}/status/{made}",
    )
