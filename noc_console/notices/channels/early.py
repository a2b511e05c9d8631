"""A posting that came too early for a channel that keeps nothing for later. Pure."""

from datetime import datetime

from noc_console.notices.channels.channel import Channel, PostFailed


def refuse_early(channel: Channel, at: datetime | None, now: datetime) -> None:
    """Refuse to post what is to be seen later only.

    Raises:
        PostFailed: it may be tried again at its time.
    """
    if at is not None and at > now:
        raise PostFailed(
            f"{channel.name} keeps no post for later; it is posted at its time.",
            pause_s=(at - now).total_seconds(),
        )
