"""Settings of sending, the same for every engine of a store: a pause, and how fast mail goes."""

from noc_console.errors import ConsoleError
from noc_console.notices.channel_records import list_channels
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

PAUSED = "notices.paused"
PER_MINUTE = "notices.mails_per_minute"
MOST_PER_MINUTE = 100_000


class InvalidRate(ConsoleError):
    """A number of mails a minute that cannot be."""


def sending_is_paused(store: Store) -> bool:
    """Whether nothing goes until somebody says so."""
    return bool(get_setting(store, PAUSED, default=False))


def paused_channels(store: Store) -> set[int]:
    """Give the channels on which nothing goes until somebody says so."""
    return {one.id for one in list_channels(store) if one.is_paused}


def pause_sending(store: Store, *, is_paused: bool) -> None:
    """Have nothing go, or go again. What is being handed over is finished."""
    put_setting(store, PAUSED, is_paused)


def mails_per_minute(store: Store) -> int:
    """Give how many mails may go in a minute; 0: as many as the mail server takes."""
    told = get_setting(store, PER_MINUTE, default=0)
    return told if isinstance(told, int) and 0 <= told <= MOST_PER_MINUTE else 0


def put_mails_per_minute(store: Store, number: int) -> None:
    """Set how many mails may go in a minute.

    Raises:
        InvalidRate: it is below 0, or more than any server takes.
    """
    if not 0 <= number <= MOST_PER_MINUTE:
        raise InvalidRate(f"Give 0 to {MOST_PER_MINUTE:,} mails a minute; 0 sets no bound.")
    put_setting(store, PER_MINUTE, number)
