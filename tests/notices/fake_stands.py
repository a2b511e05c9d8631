"""Ways that post to fakes, each with its secret and a wrong one."""

from collections.abc import Callable
from datetime import UTC, datetime

from noc_console.notices.channels.bluesky import Bluesky
from noc_console.notices.channels.channel import Channel, ChannelKind, Way
from noc_console.notices.channels.discourse import Discourse
from noc_console.notices.channels.facebook import Facebook
from noc_console.notices.channels.linkedin import LinkedIn
from noc_console.notices.channels.mastodon import Mastodon
from noc_console.notices.channels.webhook import Webhook
from noc_console.notices.channels.whmcs import Whmcs
from noc_console.notices.channels.x import X
from tests.notices.channel_contract import Stand
from tests.notices.fakes import (
    fake_bluesky,
    fake_discourse,
    fake_facebook,
    fake_linkedin,
    fake_mastodon,
    fake_webhook,
    fake_whmcs,
    fake_x,
)

FULL_TEXT_AT = "https://status.example.com/notices/{notice}.html"
WRONG = "a-secret-that-is-wrong"

Make = Callable[..., Way]


def channel(kind: ChannelKind, **settings: str) -> Channel:
    """Give a channel that was set."""
    return Channel(id=1, name=kind.value.title(), kind=kind, settings=settings, secret="env:X")


def ways(make: Make, one: Channel, secret: tuple[str, ...]) -> tuple[Way, Way]:
    """Give a way with its secret and one with a wrong one."""
    wrong = (*secret[:-1], WRONG)

    def now() -> datetime:
        return datetime.now(UTC)

    return make(one, lambda: secret, now), make(one, lambda: wrong, now)


def x(**more: str) -> Stand:
    """Give an account at X."""
    server = fake_x.FakeX()
    one = channel(ChannelKind.X, address=server.url, full_text_at=FULL_TEXT_AT, **more)
    way, wrong = ways(X, one, fake_x.KEYS)
    return Stand(
        way=way,
        wrong=wrong,
        server=server,
        count=lambda: len(server.posts),
        shown=lambda: "\n".join(one["text"] for one in server.posts),
        secret=fake_x.KEYS[3],
        can_edit=False,
        knows_second=False,
    )


def bluesky(**more: str) -> Stand:
    """Give an account at Bluesky, which takes the same post twice: a thread shows that best."""
    server = fake_bluesky.FakeBluesky()
    settings = {"address": server.url, "user": fake_bluesky.HANDLE, "full_text_at": FULL_TEXT_AT}
    one = channel(ChannelKind.BLUESKY, **(settings | more))
    way, wrong = ways(Bluesky, one, (fake_bluesky.PASSWORD,))
    return Stand(
        way=way,
        wrong=wrong,
        server=server,
        count=lambda: len(server.records),
        shown=lambda: "\n".join(one["value"]["text"] for one in server.records.values()),
        secret=fake_bluesky.PASSWORD,
        can_edit=False,
    )


def mastodon(**more: str) -> Stand:
    """Give an account of a Mastodon server."""
    server = fake_mastodon.FakeMastodon()
    settings = {"address": server.url, "full_text_at": FULL_TEXT_AT}
    one = channel(ChannelKind.MASTODON, **(settings | more))
    way, wrong = ways(Mastodon, one, (fake_mastodon.TOKEN,))
    return Stand(
        way=way,
        wrong=wrong,
        server=server,
        count=lambda: len(server.posts),
        shown=lambda: "\n".join(one["words"] for one in server.posts),
        secret=fake_mastodon.TOKEN,
    )


def facebook(**more: str) -> Stand:
    """Give a page at Facebook."""
    server = fake_facebook.FakeFacebook()
    settings = {"address": server.url, "page": fake_facebook.PAGE, "full_text_at": FULL_TEXT_AT}
    one = channel(ChannelKind.FACEBOOK, **(settings | more))
    way, wrong = ways(Facebook, one, (fake_facebook.TOKEN,))
    return Stand(
        way=way,
        wrong=wrong,
        server=server,
        count=lambda: len(server.posts),
        shown=lambda: "\n".join(one["shown"]["message"] for one in server.posts.values()),
        secret=fake_facebook.TOKEN,
        knows_second=False,
    )


def linkedin(**more: str) -> Stand:
    """Give an organisation's page at LinkedIn."""
    server = fake_linkedin.FakeLinkedIn()
    settings = {"address": server.url, "organisation": fake_linkedin.ORGANISATION}
    settings |= {"version": fake_linkedin.VERSION, "full_text_at": FULL_TEXT_AT}
    one = channel(ChannelKind.LINKEDIN, **(settings | more))
    way, wrong = ways(LinkedIn, one, (fake_linkedin.TOKEN,))
    return Stand(
        way=way,
        wrong=wrong,
        server=server,
        count=lambda: len(server.posts),
        shown=lambda: "\n".join(server.posts.values()).replace("\\", ""),
        secret=fake_linkedin.TOKEN,
        knows_second=False,
    )


def discourse(**more: str) -> Stand:
    """Give a forum."""
    server = fake_discourse.FakeDiscourse()
    settings = {"address": server.url, "category": fake_discourse.CATEGORY}
    one = channel(ChannelKind.DISCOURSE, **(settings | more))
    way, wrong = ways(Discourse, one, (fake_discourse.KEY,))
    return Stand(
        way=way,
        wrong=wrong,
        server=server,
        count=lambda: len(server.topics),
        shown=lambda: "\n".join(one["raw"] for one in server.topics.values()),
        secret=fake_discourse.KEY,
        knows_second=False,
    )


def whmcs(**more: str) -> Stand:
    """Give a WHMCS."""
    server = fake_whmcs.FakeWhmcs()
    settings = {"address": server.url, "identifier": fake_whmcs.IDENTIFIER}
    one = channel(ChannelKind.WHMCS, **(settings | more))
    way, wrong = ways(Whmcs, one, (fake_whmcs.SECRET,))
    return Stand(
        way=way,
        wrong=wrong,
        server=server,
        count=lambda: len(server.announcements),
        shown=lambda: "\n".join(one["announcement"] for one in server.announcements.values()),
        secret=fake_whmcs.SECRET,
    )


def webhook(**more: str) -> Stand:
    """Give a receiver of webhooks."""
    server = fake_webhook.FakeWebhook()
    settings = {
        "address": f"{server.url}/hook",
        "find_at": f"{server.url}/hook/{{reference}}",
        "change_at": f"{server.url}/hook/{{id}}",
        "test_at": f"{server.url}/hook/test",
        "id_in": "data.id",
        "link_in": "data.url",
    }
    one = channel(ChannelKind.WEBHOOK, **(settings | more))
    way, wrong = ways(Webhook, one, (fake_webhook.SECRET,))
    return Stand(
        way=way,
        wrong=wrong,
        server=server,
        count=lambda: len(server.kept),
        shown=lambda: "\n".join(one["sent"]["text"] for one in server.kept.values()),
        secret=fake_webhook.SECRET,
        has_form=False,
    )


ALL = (bluesky, discourse, facebook, linkedin, mastodon, webhook, whmcs, x)
