"""What a channel is set to, its limits, and which settings cannot be. Pure: no I/O, no clock."""

from noc_console.notices.channels.channel import Channel, Form, InvalidChannel, Limits
from noc_console.notices.channels.kinds import KindFacts, facts_of
from noc_console.notices.channels.setting import Setting

_LONGEST = 20_000
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_NUMBERS = frozenset({"most", "past_days", "category"})


def setting_of(channel: Channel, name: str) -> str:
    """Give what a channel is set to, or what is usual."""
    usual = next((one.default for one in facts_of(channel.kind).settings if one.name == name), "")
    return channel.settings.get(name) or usual


def limits_of(channel: Channel) -> Limits:
    """Give the limits of a channel, with those a person set."""
    limits = facts_of(channel.kind).limits
    most = int(setting_of(channel, "most") or limits.most)
    form = Form(setting_of(channel, "form")) if setting_of(channel, "form") else limits.form
    posts = limits.most_posts if setting_of(channel, "long") == "thread" else 1
    return Limits(
        form=form,
        most=most,
        counting=limits.counting,
        title_most=limits.title_most,
        has_title=limits.has_title,
        most_posts=posts,
    )


def check_channel(channel: Channel) -> None:
    """Refuse settings that cannot be.

    Raises:
        InvalidChannel: it names the setting and what may be.
    """
    facts = facts_of(channel.kind)
    known = {one.name: one for one in facts.settings}
    for name in channel.settings:
        if name not in known:
            there = ", ".join(known) or "none at all"
            raise InvalidChannel(f"{facts.title} has no setting {name!r}; there is {there}.")
    for one in facts.settings:
        _check_setting(facts, one, setting_of(channel, one.name))


def _check_setting(facts: KindFacts, one: Setting, value: str) -> None:
    if one.is_required and not value.strip():
        raise InvalidChannel(f"{facts.title} needs {one.name}: {one.sentence}")
    if one.choices and value not in one.choices:
        raise InvalidChannel(f"{one.name} is one of {', '.join(one.choices)}.")
    if len(value) > _LONGEST or not value.replace("\n", " ").isprintable():
        raise InvalidChannel(f"{one.name} holds control characters or is too long.")
    if one.is_address and value:
        has_secret = bool(facts.secrets) and one.name != "full_text_at"
        check_address(one.name, value, is_secret_sent=has_secret)
    if one.name in _NUMBERS and not value.isdecimal():
        raise InvalidChannel(f"{one.name} is a whole number.")


def check_address(name: str, value: str, *, is_secret_sent: bool) -> None:
    """Refuse an address a secret must not be sent to, or that is none.

    Raises:
        InvalidChannel: with what may be.
    """
    scheme, _, rest = value.partition("://")
    host = rest.partition("/")[0]
    if scheme not in {"http", "https"} or not host or " " in value or "@" in host:
        raise InvalidChannel(f"{name} is an address such as https://www.example.com.")
    is_local = host in _LOOPBACK or host.rpartition(":")[0] in _LOOPBACK
    if is_secret_sent and scheme == "http" and not is_local:
        raise InvalidChannel(
            f"{name} begins with http://, over which anybody may read the secret; give https://."
        )
