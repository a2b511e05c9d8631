"""A posting that came too early for its channel, or that a channel is late with. Pure."""

from datetime import datetime, timedelta

from noc_console.notices.channels.channel import Channel, PostFailed

LATE_UNTIL = timedelta(minutes=30)
"""For so long a channel that publishes by itself may still do it."""
_ASK_AGAIN_S = 120.0


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


def still_waits(channel: Channel, at: datetime, now: datetime) -> bool:
    """Whether a posting that a channel keeps for a time is waiting for it; false when it is so
    late that it will not be published any more.

    Raises:
        PostFailed: its time is over, and it may be published any moment; ask again.
    """
    if now < at:
        return True
    if now < at + LATE_UNTIL:
        raise PostFailed(
            f"{channel.name} has it and has not published it yet; it is asked again.",
            pause_s=_ASK_AGAIN_S,
        )
    return False
