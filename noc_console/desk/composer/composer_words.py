"""What the composer says of a draft: for whom, what is missing, how it stands. Pure."""

from noc_console.desk.composer.composer_reading import Reading
from noc_console.fleet.inert import inert
from noc_console.notices.content_json import is_same_content
from noc_console.notices.notice_records import StoredNotice

_NAMED = 3


def audience_text(reading: Reading) -> str:
    """Say what it disrupts, whose that is, and who gets mail."""
    found, chosen = reading.through.audience, reading.readers.chosen
    if not found.servers:
        return "Nobody is named yet: give servers, groups or customers."
    names = ", ".join(one.name for one in found.servers[:_NAMED])
    rest = len(found.servers) - _NAMED
    more = f" and {rest} more" if rest > 0 else ""
    servers, sites = _count(len(found.servers), "server"), _count(len(found.sites), "site")
    customers, people = _count(len(found.customers), "customer"), len(chosen.contacts)
    words = f"{servers} ({names}{more}), {sites} of {customers};"
    words += f" mail goes to {_count(people, 'contact')}."
    if chosen.without_contact:
        words += f" No address is known of {_count(len(chosen.without_contact), 'customer')}."
    if chosen.left_out:
        words += f" {len(chosen.left_out)} want none, or cannot be reached."
    return words


def missing_text(reading: Reading, stored: StoredNotice, me: str) -> str:
    """Say what stands against approval, or who may approve."""
    missing = "; ".join(inert(one, 120) for one in reading.through.missing)
    if missing and not reading.is_changed:
        return f"▲  In force, but customers are not told: {missing}"
    if missing:
        return f"■  Cannot be approved yet: {missing}"
    if not reading.has_channels:
        return "■  There is no channel it could go to; add one first."
    if not reading.is_changed:
        return ""
    return _approval_text(reading, stored, me)


def _approval_text(reading: Reading, stored: StoredNotice, me: str) -> str:
    """Say who may approve what is there; nothing where the one at this desk simply may."""
    waiting = reading.through.so_far.waiting
    if waiting is not None and is_same_content(waiting.notice, reading.notice):
        named = f"▲  Version {waiting.number} waits for a second person"
        if me in {waiting.frozen_by, stored.changed_by} and not reading.one_person:
            return f"{named}: you wrote it."
        return f"{named}: read it through, then approve it. {inert(waiting.frozen_by)} wrote it."
    if stored.changed_by == me and not reading.one_person:
        return "▲  You wrote this: Approve freezes it, and a second person approves."
    return ""


def standing_text(stored: StoredNotice, *, is_saved: bool) -> str:
    """Say how it stands, and whether all that was typed is in the store."""
    version = f", version {stored.live_version} in force" if stored.live_version else ""
    saved = "saved" if is_saved else "saving …"
    return f"{stored.state.value}{version}, {saved}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
