"""Announcements of WHMCS, which customers see in their client area.

Sources: https://developers.whmcs.com/api/authentication/ and .../api-reference/addannouncement/,
getannouncements/, updateannouncement/, deleteannouncement/. WHMCS keeps no id of ours: the
reference stands in the announcement as an HTML comment.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from noc_console.health.delivery.sending import SendStep, Tell
from noc_console.incidents.wall_time import zone_of
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
from noc_console.notices.channels.web_call import (
    LOGIN_PAUSE_S,
    Answer,
    WebCall,
    number_at,
    rows_at,
    words_at,
)
from noc_console.notices.text import Text

_AT_ONCE = 100
_MOST_LOOKED_AT = 1000
_REFUSED = ("authentication failed", "invalid ip", "invalid credentials", "invalid permissions")


class Whmcs(Account):
    """The announcements of one WHMCS."""

    def test(self, tell: Tell) -> str:
        """Prove the login and the rights; to change what cannot be there shows them."""
        found = self._ask("GetAnnouncements", {"limitnum": "1"})
        words = f"it has {number_at(found, 'totalresults')} announcements"
        tell(SendStep(name="login", ok=True, sentence=words))
        self._ask("UpdateAnnouncement", {"announcementid": "0"}, may_be_missing=True)
        words = "the credentials may list and change announcements"
        tell(SendStep(name="rights", ok=True, sentence=words))
        return "announcements can be made"

    def find(self, reference: str) -> Posted | None:
        """Look through the announcements for the one that holds the reference."""
        mark = _mark(reference)
        for one in self._all():
            if mark in words_at(one, "announcement"):
                return self._posted(words_at(one, "id"))
        return None

    def post(
        self, text: Text, at: datetime | None, before_handing_over: BeforeHandingOver
    ) -> Posted:
        """Announce at once, unless it is there: WHMCS would announce it twice."""
        now = self._now()
        refuse_early(self._channel, at, now)
        if (there := self.find(text.reference)) is not None:
            return there
        wall = now.astimezone(zone_of(setting_of(self._channel, "zone")))
        fields = self._fields(text) | {"date": f"{wall:%Y-%m-%d %H:%M:%S}", "published": "1"}
        found = self._ask("AddAnnouncement", fields, before=before_handing_over)
        return self._posted(words_at(found, "announcementid"))

    def edit(self, posted: Posted, text: Text) -> Posted:
        """Give the announcement another text."""
        self._ask("UpdateAnnouncement", self._fields(text) | {"announcementid": posted.remote_id})
        return posted

    def delete(self, posted: Posted) -> None:
        """Take the announcement away."""
        wanted = {"announcementid": posted.remote_id}
        self._ask("DeleteAnnouncement", wanted, may_be_missing=True)

    def preview(self, text: Text) -> Preview:
        """Give the announcement as it would be."""
        return preview_of(limits_of(self._channel), text.title, (text.html,))

    @property
    def _address(self) -> str:
        return setting_of(self._channel, "address").rstrip("/")

    def _all(self) -> Iterator[dict[str, Any]]:
        start = 0
        while start < _MOST_LOOKED_AT:
            wanted = {"limitstart": str(start), "limitnum": str(_AT_ONCE)}
            found = self._ask("GetAnnouncements", wanted)
            some = rows_at(found, "announcements", "announcement")
            yield from some
            start += len(some)
            if not some or start >= number_at(found, "totalresults"):
                return

    def _ask(
        self,
        action: str,
        fields: dict[str, str],
        *,
        before: BeforeHandingOver | None = None,
        may_be_missing: bool = False,
    ) -> dict[str, Any]:
        secret = self._secret()
        call = WebCall(
            self._channel.name,
            self._address,
            secrets=secret,
            explain=self._explain,
            now=self._now,
        )
        form = fields | {
            "action": action,
            "identifier": setting_of(self._channel, "identifier"),
            "secret": secret[0],
            "responsetype": "json",
        }
        answer = call.send("POST", "/includes/api.php", form=form, before=before)
        found: dict[str, Any] = call.expect(answer, dict)
        if found.get("result") == "success":
            return found
        if may_be_missing and "not found" in words_at(found, "message").lower():
            return found
        raise self._explain(answer) or PostFailed(
            f"{call.who} refuses that ({call.said(answer)}).", is_final=True
        )

    def _explain(self, answer: Answer) -> PostFailed | None:
        said = words_at(answer.json(), "message").lower()
        if any(one in said for one in _REFUSED):
            return PostFailed(
                f"{self._channel.name} refuses the API credentials; check that their role has the "
                "four calls of announcements and that our address may use them.",
                pause_s=LOGIN_PAUSE_S,
            )
        return None

    def _fields(self, text: Text) -> dict[str, str]:
        return {
            "title": text.title,
            "announcement": f"{text.html}\n{_mark(text.reference)}",
        }

    def _posted(self, made: str) -> Posted:
        link = f"{self._address}/index.php?rp=/announcements/{made}"
        return Posted(remote_id=made, link=link)


def _mark(reference: str) -> str:
    return f"<!-- {reference} -->"
