"""Settings of the whole store, the same for every desk and engine on it."""

from typing import Any

import sqlalchemy as sa

from noc_console.store.changes import bump
from noc_console.store.schema.engines import setting
from noc_console.store.store import Store


def get_setting(store: Store, key: str, default: Any) -> Any:
    """Give a setting's value, or `default` when nobody set it."""
    with store.read() as connection:
        row = connection.execute(sa.select(setting.c.value).where(setting.c.key == key)).first()
    return default if row is None else row.value


def put_setting(store: Store, key: str, value: Any) -> None:
    """Set a setting for everybody."""
    with store.write() as connection:
        changed = connection.execute(
            sa.update(setting).where(setting.c.key == key).values(value=value)
        )
        if changed.rowcount == 0:
            connection.execute(sa.insert(setting).values(key=key, value=value))
        bump(connection, "setting")
