"""Posts of a WordPress site over its REST interface, at once or for a time to come.

Source: https://developer.wordpress.org/rest-api/reference/posts/, .../reference/users/ and
.../using-the-rest-api/authentication/ (application passwords). A post's slug is the posting's
reference; it is asked for first, for WordPress makes a second post of a second POST. A post for
later comes out when the site's cron runs.
"""

import base64
import html
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
from noc_console.notices.channels.previewing import preview_of
from noc_console.notices.channels.web_call import WebCall, rows_at, words_at
from noc_console.notices.text import Text

_ALIVE = "publish,future,draft,pending,private"
_DOOR = "/index.php"
_NEEDED = ("edit_posts", "publish_posts")


class WordPress(Account):
    """One WordPress site."""

    def test(self, tell: Tell) -> str:
        """Prove the login, and that the user may publish posts and use the categories."""
        call = self._call()
        site = call.expect(call.send("GET", _DOOR, params={"rest_route": "/"}), dict)
        spaces = site.get("namespaces")
        if not isinstance(spaces, list) or "wp/v2" not in spaces:
            raise PostFailed(
                f"{call.who} has no REST interface for posts; a plugin may have closed it.",
                is_final=True,
            )
        name = inert(words_at(site, "name"), 80)
        tell(SendStep(name="site", ok=True, sentence=f"it is the site {name}"))
        me = call.expect(self._ask(call, "GET", "/users/me", {"context": "edit"}), dict)
        user = inert(words_at(me, "name"), 80)
        tell(SendStep(name="login", ok=True, sentence=f"the site knows us as {user}"))
        if missing := [one for one in _NEEDED if not web_call.at(me, "capabilities", one)]:
            raise PostFailed(
                f"{call.who} does not let {user} publish ({', '.join(missing)}); give the user "
                "the role Author or Editor.",
                is_final=True,
            )
        tell(SendStep(name="rights", ok=True, sentence=f"{user} may publish posts"))
        for kind in ("categories", "tags"):
            self._test_terms(call, kind, tell)
        return f"posts can be published on {name}"

    def find(self, reference: str) -> Posted | None:
        """Ask for the post whose slug is the reference; one whose time is over comes out now.

        WordPress misses the time of a post when nothing made its cron run.
        """
        wanted = {"slug": reference, "status": _ALIVE, "context": "edit"}
        call = self._call()
        listed = call.expect(self._ask(call, "GET", "/posts", wanted), list)
        rows = rows_at({"": listed}, "")
        if not rows:
            return None
        found: dict[str, Any] = rows[0]
        if found.get("status") == "future" and _is_over(found, self._now()):
            path = f"/posts/{words_at(found, 'id')}"
            answer = self._ask(call, "POST", path, {}, json={"status": "publish"})
            found = call.expect(answer, dict)
        return _posted(found)

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Publish, or have it published at its time; one that is there gets this text."""
        there = self.find(text.reference)
        path = "/posts" if there is None else f"/posts/{there.remote_id}"
        body = self._body(text) | {"slug": text.reference, "status": "publish"}
        if at is not None and at > self._now():
            body |= {"status": "future", "date_gmt": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"}
        call = self._call()
        answer = self._ask(call, "POST", path, {}, json=body, before=before_handing_over)
        return _posted(call.expect(answer, dict))

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Give the post another text."""
        call = self._call()
        path = f"/posts/{posted.remote_id}"
        return _posted(call.expect(self._ask(call, "POST", path, {}, json=self._body(text)), dict))

    def delete(self, posted: Posted) -> None:
        """Take the post away for good: one in the trash would keep its slug."""
        self._ask(
            self._call(),
            "POST",
            f"/posts/{posted.remote_id}",
            {"force": "true"},
            headers={"X-HTTP-Method-Override": "DELETE"},  # a firewall may know GET and POST only
            may_be_missing=True,
        )

    def preview(self, text: Text) -> Preview:
        """Give the post as it would be."""
        return preview_of(limits_of(self._channel), text.title, (text.html,))

    def _test_terms(self, call: WebCall, kind: str, tell: Tell) -> None:
        for number in _numbers(setting_of(self._channel, kind)):
            answer = self._ask(call, "GET", f"/{kind}/{number}", {}, may_be_missing=True)
            if not answer.is_good:
                raise PostFailed(
                    f"{call.who} has nothing with the number {number} among its {kind}; correct "
                    "them with `noc-console channel edit`.",
                    is_final=True,
                )
            title = inert(words_at(call.expect(answer, dict), "name"), 60)
            tell(SendStep(name=kind, ok=True, sentence=f"{number} is {title}"))

    def _body(self, text: Text) -> dict[str, Any]:
        """A shortcode of WordPress begins with a bracket: none is left in what we post."""
        content = text.html.replace("[", "&#91;")
        body: dict[str, Any] = {
            "title": html.escape(text.title, quote=False).replace("[", "&#91;"),
            "content": f"<!-- wp:html -->\n{content}\n<!-- /wp:html -->",
            "excerpt": html.escape(text.summary, quote=False).replace("[", "&#91;"),
        }
        for kind in ("categories", "tags"):
            if numbers := _numbers(setting_of(self._channel, kind)):
                body[kind] = numbers
        return body

    def _ask(
        self,
        call: WebCall,
        method: str,
        path: str,
        params: dict[str, str],
        *,
        json: Any = None,
        headers: dict[str, str] | None = None,
        before: BeforeHandingOver | None = None,
        may_be_missing: bool = False,
    ) -> Any:
        """Ask by `rest_route`, which works whatever form the site's addresses have."""
        return call.send(
            method,
            _DOOR,
            headers=headers,
            params={"rest_route": f"/wp/v2{path}", **params},
            json=json,
            before=before,
            may_be_missing=may_be_missing,
        )

    def _call(self) -> WebCall:
        secret = self._secret()
        login = f"{setting_of(self._channel, 'user')}:{secret[0]}"
        coded = base64.b64encode(login.encode()).decode("ascii")
        return WebCall(
            self._channel.name,
            setting_of(self._channel, "address"),
            headers={"Authorization": f"Basic {coded}"},
            secrets=(*secret, coded),
            now=self._now,
        )


def _numbers(words: str) -> list[int]:
    return [int(one) for one in words.replace(" ", "").split(",") if one.isdecimal()]


def _is_over(found: dict[str, Any], now: datetime) -> bool:
    try:
        time = datetime.fromisoformat(words_at(found, "date_gmt"))
    except ValueError:
        return False
    return time.replace(tzinfo=UTC) <= now


def _posted(found: dict[str, Any]) -> Posted:
    return Posted(remote_id=words_at(found, "id"), link=words_at(found, "link"))
