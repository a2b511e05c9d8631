"""The composer with its deeds and keys, ready for a page to show. GUI thread only."""

from collections.abc import Callable
from datetime import datetime

from noc_console.desk.composer.composer import Composer
from noc_console.desk.composer.composer_deeds import ComposerDeeds
from noc_console.desk.composer.composer_keys import add_keys
from noc_console.desk.context import DeskContext
from noc_console.notices.notice_records import StoredNotice


def open_composer(
    context: DeskContext, stored: StoredNotice, now: Callable[[], datetime]
) -> Composer:
    """Give a composer of a notice's draft; its deeds are its child."""
    composer = Composer(context, stored, now)
    add_keys(composer, ComposerDeeds(context, composer, now))
    return composer
