"""The SQL of lines and profiles that people chose."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from noc_console.fleet.inert import inert
from noc_console.health.line_book import LineBook, Owner, Scope
from noc_console.health.lines import InvalidLines, Lines, lines_from_json, lines_to_json
from noc_console.health.measures import measure_of
from noc_console.health.profiles import shipped_profiles
from noc_console.store.changes import bump
from noc_console.store.rows import put_rows
from noc_console.store.schema.lines import line, profile_choice
from noc_console.store.store import Store

log = logging.getLogger(__name__)


def load_book(store: Store) -> LineBook:
    """Give all that people chose. Rows that a newer program wrote are left out, and logged."""
    chosen: dict[Owner, dict[str, Lines]] = {}
    with store.read() as connection:
        rows = connection.execute(sa.select(line)).all()
        profiles = connection.execute(sa.select(profile_choice)).all()
    for row in rows:
        try:
            lines = lines_from_json(row.lines)
        except InvalidLines as error:
            log.info("lines of %s for %s are left out: %s", row.key, row.owner, error.sentence)
            continue
        chosen.setdefault(_owner(row.scope, row.owner), {})[row.key] = lines
    return LineBook(
        chosen=chosen,
        profiles={_owner(row.scope, row.owner): row.profile for row in profiles},
    )


def choose_lines(
    store: Store, owner: Owner, lines: Mapping[str, Lines], by: str, now: datetime
) -> None:
    """Have these lines hold for an owner, by key, in the place of what held for it.

    Raises:
        InvalidLines: nothing is measured by a key.
    """
    for key in lines:
        if measure_of(key) is None:
            raise InvalidLines(
                f"Nothing is measured by {inert(key, 60)!r}; `noc-console line list --all` shows "
                "the keys."
            )
    rows = [
        {
            "scope": owner.scope.value,
            "owner": owner.name,
            "key": key,
            "lines": lines_to_json(found),
            "chosen_by": by,
            "chosen_at": now,
        }
        for key, found in lines.items()
    ]
    with store.write() as connection:
        put_rows(connection, line, rows)
        bump(connection, "line")


def reset_lines(store: Store, owner: Owner, keys: Collection[str] | None = None) -> int:
    """Forget what was chosen for an owner, of some keys or of all; gives how many were."""
    asked = [line.c.scope == owner.scope.value, line.c.owner == owner.name]
    if keys is not None:
        asked.append(line.c.key.in_(sorted(keys)))
    with store.write() as connection:
        count = connection.execute(sa.delete(line).where(*asked)).rowcount
        bump(connection, "line")
    return int(count)


def choose_profile(store: Store, owner: Owner, profile: str, by: str, now: datetime) -> None:
    """Have a profile hold for an owner; an empty one takes the choice back.

    Raises:
        InvalidLines: there is no such profile.
    """
    known = shipped_profiles()
    if profile and profile not in known:
        raise InvalidLines(
            f"There is no profile {inert(profile, 60)!r}; choose one of {', '.join(known)}."
        )
    with store.write() as connection:
        if profile:
            row = {
                "scope": owner.scope.value,
                "owner": owner.name,
                "profile": profile,
                "chosen_by": by,
                "chosen_at": now,
            }
            put_rows(connection, profile_choice, [row])
        else:
            connection.execute(
                sa.delete(profile_choice).where(
                    profile_choice.c.scope == owner.scope.value,
                    profile_choice.c.owner == owner.name,
                )
            )
        bump(connection, "line")


def _owner(scope: str, name: str) -> Owner:
    return Owner(scope=Scope(scope), name=name)
