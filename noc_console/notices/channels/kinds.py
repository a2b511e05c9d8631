"""What each kind of channel is: its settings, its secret, its limits, what it can do by itself.

Pure: no I/O, no clock. Forms, the command line and the plan are made from this table.
"""

from dataclasses import dataclass
from datetime import timedelta

from noc_console.notices.channels.channel import ChannelKind, Counting, Form, Limits
from noc_console.notices.channels.mail_form import MAIL_SETTINGS
from noc_console.notices.channels.setting import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFacts:
    """What is known of one kind of channel.

    `secrets` names what its secret consists of, in the order in which a person gives it.
    `schedules_from` and `schedules_until` say how far ahead it publishes by itself; None: never.
    """

    title: str
    sentence: str
    settings: tuple[Setting, ...]
    limits: Limits
    secrets: tuple[str, ...] = ()
    schedules_from: timedelta | None = None
    schedules_until: timedelta | None = None
    needs_person: bool = False
    """A person posts it and ticks it off with the link."""
    can_edit: bool = True
    can_find: bool = True
    """Whether it can be asked for a posting; where not, one that is in doubt stays so."""


def _address(title: str, sentence: str, default: str = "") -> Setting:
    return Setting(
        name="address",
        title=title,
        sentence=sentence,
        default=default,
        is_required=True,
        is_address=True,
    )


_FULL_TEXT = Setting(
    name="full_text_at",
    title="Whole text at",
    sentence="The address of the page with the whole text, such as "
    "https://status.example.com/notices/{notice}.html; {notice} and {reference} are filled in.",
    is_address=True,
)
_LONG = Setting(
    name="long",
    title="Too long",
    sentence="What is done with a text that does not fit: link (the summary, and the address of "
    "the whole text) or thread (all of it, in several posts).",
    default="link",
    choices=("link", "thread"),
)

KINDS: dict[ChannelKind, KindFacts] = {
    ChannelKind.EMAIL: KindFacts(
        title="E-mail",
        sentence="Mail to the contacts of the customers concerned.",
        settings=MAIL_SETTINGS,
        secrets=("password of its own mail server",),
        limits=Limits(form=Form.HTML, has_title=True, title_most=200),
        can_edit=False,
        can_find=False,
    ),
    ChannelKind.WORDPRESS: KindFacts(
        title="WordPress",
        sentence="News or blog of a WordPress site, over its REST interface.",
        settings=(
            _address("Site", "The site's address, such as https://www.example.com."),
            Setting(
                name="user",
                title="User",
                sentence="Who posts: a user with the role Author or Editor.",
                is_required=True,
            ),
            Setting(
                name="categories",
                title="Categories",
                sentence="The numbers of the categories its posts get, with commas.",
            ),
            Setting(name="tags", title="Tags", sentence="The numbers of tags, with commas."),
        ),
        secrets=("application password",),
        limits=Limits(form=Form.HTML, has_title=True, title_most=200),
        schedules_from=timedelta(minutes=2),
        schedules_until=timedelta(days=365),
    ),
    ChannelKind.STATIC_SITE: KindFacts(
        title="Status page",
        sentence="Static pages with feeds, over SFTP onto a server of the fleet or into a folder.",
        settings=(
            _address("Address", "Where visitors see the page: https://status.example.com."),
            Setting(
                name="server",
                title="Server",
                sentence="The name of the server of the fleet it lies on; empty: this machine.",
            ),
            Setting(
                name="folder",
                title="Folder",
                sentence="The folder the web server serves, as /var/www/status.",
                is_required=True,
            ),
            Setting(
                name="title", title="Title", sentence="What stands at its top.", default="Status"
            ),
            Setting(
                name="support",
                title="Support",
                sentence="How support is reached, as it stands at the bottom of each page.",
            ),
            Setting(
                name="zone",
                title="Zone",
                sentence="The time zone of what belongs to no notice, as Europe/Berlin.",
                default="UTC",
            ),
            Setting(
                name="past_days",
                title="Past days",
                sentence="For how many days what is over stays on the first page.",
                default="30",
            ),
        ),
        limits=Limits(form=Form.HTML, has_title=True, title_most=200),
    ),
    ChannelKind.DISCOURSE: KindFacts(
        title="Discourse",
        sentence="A forum that runs Discourse.",
        settings=(
            _address("Forum", "The forum's address, such as https://forum.example.com."),
            Setting(name="user", title="User", sentence="Who posts, by name.", default="system"),
            Setting(
                name="category",
                title="Category",
                sentence="The number of the category its topics go into.",
                is_required=True,
            ),
            Setting(name="tags", title="Tags", sentence="Tags of its topics, with commas."),
        ),
        secrets=("API key",),
        limits=Limits(form=Form.MARKDOWN, has_title=True, title_most=255, most=32_000),
    ),
    ChannelKind.WEBHOOK: KindFacts(
        title="Webhook",
        sentence="Anything that takes an HTTP request: other forums, chats, ticket systems.",
        settings=(
            _address("Address", "Where a posting is sent to."),
            Setting(
                name="method",
                title="Method",
                sentence="How it is sent.",
                default="POST",
                choices=("POST", "PUT"),
            ),
            Setting(
                name="body",
                title="Body",
                sentence="What is sent, as JSON; {title}, {summary}, {plain}, {markdown}, {html}, "
                "{reference} and {at} are filled in.",
                default='{"title": "{title}", "text": "{plain}", "reference": "{reference}"}',
            ),
            Setting(
                name="sent_as",
                title="Sent as",
                sentence="json, or form for the fields of a web form.",
                default="json",
                choices=("json", "form"),
            ),
            Setting(
                name="header",
                title="Header",
                sentence="The header the secret is sent in.",
                default="Authorization",
            ),
            Setting(
                name="find_at",
                title="Ask at",
                sentence="An address with {reference} that answers 404 where there is no such "
                "posting, else as the first answer did; empty: it cannot be asked.",
                is_address=True,
            ),
            Setting(
                name="change_at",
                title="Change at",
                sentence="An address with {id} that takes PUT for another text and DELETE.",
                is_address=True,
            ),
            Setting(
                name="test_at",
                title="Test at",
                sentence="An address that answers GET with 200 where the secret is right.",
                is_address=True,
            ),
            Setting(
                name="id_in",
                title="Id in",
                sentence="Where the answer tells the posting's id, as data.id.",
                default="id",
            ),
            Setting(
                name="link_in",
                title="Link in",
                sentence="Where the answer tells the posting's address, as data.url.",
                default="url",
            ),
        ),
        secrets=("value of the header",),
        limits=Limits(form=Form.PLAIN, has_title=True),
    ),
    ChannelKind.WHMCS: KindFacts(
        title="WHMCS",
        sentence="Announcements of WHMCS, where customers see them in their client area.",
        settings=(
            _address("WHMCS", "Its address, such as https://billing.example.com."),
            Setting(
                name="identifier",
                title="Identifier",
                sentence="The identifier of the API credentials; their role needs the four "
                "calls of announcements.",
                is_required=True,
            ),
            Setting(
                name="zone",
                title="Zone",
                sentence="The time zone WHMCS runs in, as Europe/Berlin; its dates have none.",
                default="UTC",
            ),
        ),
        secrets=("API secret",),
        limits=Limits(form=Form.HTML, has_title=True, title_most=200),
    ),
    ChannelKind.X: KindFacts(
        title="X",
        sentence="Posts of an account at X.",
        settings=(
            _address("API", "Where X answers.", "https://api.x.com"),
            _FULL_TEXT,
            _LONG,
        ),
        secrets=("API key", "API key secret", "access token", "access token secret"),
        limits=Limits(form=Form.SHORT, most=280, counting=Counting.WEIGHTED, most_posts=8),
        can_edit=False,
    ),
    ChannelKind.FACEBOOK: KindFacts(
        title="Facebook",
        sentence="Posts of a Facebook page.",
        settings=(
            _address(
                "API",
                "Where Facebook answers, with the version.",
                "https://graph.facebook.com/v23.0",
            ),
            Setting(
                name="page", title="Page", sentence="The number of the page.", is_required=True
            ),
            _FULL_TEXT,
        ),
        secrets=("page access token",),
        limits=Limits(form=Form.PLAIN, most=60_000),
        schedules_from=timedelta(minutes=12),
        schedules_until=timedelta(days=29),
    ),
    ChannelKind.MASTODON: KindFacts(
        title="Mastodon",
        sentence="Posts of an account of any Mastodon server.",
        settings=(
            _address("Server", "The server of the account, such as https://mastodon.social."),
            Setting(
                name="visibility",
                title="Visibility",
                sentence="Who sees the posts.",
                default="public",
                choices=("public", "unlisted"),
            ),
            Setting(
                name="most",
                title="Longest",
                sentence="How many characters the server takes (`channel test` tells it).",
                default="500",
            ),
            _FULL_TEXT,
            _LONG,
        ),
        secrets=("access token",),
        limits=Limits(form=Form.SHORT, most=500, most_posts=8),
        schedules_from=timedelta(minutes=6),
        schedules_until=timedelta(days=300),
    ),
    ChannelKind.BLUESKY: KindFacts(
        title="Bluesky",
        sentence="Posts of an account at Bluesky or another server of its protocol.",
        settings=(
            _address("Server", "The account's server.", "https://bsky.social"),
            Setting(
                name="user",
                title="Handle",
                sentence="The account's handle, such as status.example.com.",
                is_required=True,
            ),
            _FULL_TEXT,
            _LONG,
        ),
        secrets=("app password",),
        limits=Limits(form=Form.SHORT, most=300, counting=Counting.GRAPHEMES, most_posts=8),
        can_edit=False,
    ),
    ChannelKind.LINKEDIN: KindFacts(
        title="LinkedIn",
        sentence="Posts of an organisation's page at LinkedIn.",
        settings=(
            _address("API", "Where LinkedIn answers.", "https://api.linkedin.com"),
            Setting(
                name="organisation",
                title="Organisation",
                sentence="The number of the organisation's page.",
                is_required=True,
            ),
            Setting(
                name="version",
                title="Version",
                sentence="The version of the API as year and month; LinkedIn ends each after a "
                "year.",
                default="202606",
            ),
            _FULL_TEXT,
        ),
        secrets=("access token",),
        limits=Limits(form=Form.PLAIN, most=3000),
    ),
    ChannelKind.CLIPBOARD: KindFacts(
        title="By hand",
        sentence="A place without an interface: a person copies the text there and gives the link.",
        settings=(
            Setting(
                name="page",
                title="Page",
                sentence="The address that is opened to post there.",
                is_required=True,
                is_address=True,
            ),
            Setting(
                name="form",
                title="Form",
                sentence="Which form of the text is copied.",
                default="plain",
                choices=("plain", "markdown", "html", "short"),
            ),
            Setting(
                name="most", title="Longest", sentence="How many characters it takes.", default="0"
            ),
        ),
        limits=Limits(form=Form.PLAIN, has_title=True),
        needs_person=True,
        can_find=False,
    ),
    ChannelKind.CHAT: KindFacts(
        title="Chat or SMS",
        sentence="The staff's chat or phones, by whatever an apprise URL can name.",
        settings=(),
        secrets=("apprise URL",),
        limits=Limits(form=Form.PLAIN, has_title=True),
        can_edit=False,
        can_find=False,
    ),
}


def facts_of(kind: ChannelKind) -> KindFacts:
    """Give what is known of a kind."""
    return KINDS[kind]
