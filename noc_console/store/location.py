"""Where a store is: a folder of one's own, or a PostgreSQL database that a team shares."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from noc_console.errors import ConsoleError

if TYPE_CHECKING:  # a folder needs none of it, and the window wants to paint soon
    import sqlalchemy as sa

ENVIRONMENT_VARIABLE = "NOC_CONSOLE_STORE"
_POSTGRESQL = "postgresql+psycopg"


class InvalidLocation(ConsoleError):
    """A store's location that cannot be one; the sentence says how to write it."""


@dataclass(frozen=True, slots=True)
class StoreLocation:
    """A folder (embedded) or a PostgreSQL URL (shared). `str()` is safe to show: no password."""

    folder: Path | None
    url: "sa.URL | None"

    @classmethod
    def parse(cls, text: str | None) -> "StoreLocation":
        """Read a location; None means NOC_CONSOLE_STORE, else the person's own data folder.

        Raises:
            InvalidLocation: for a URL that is not of PostgreSQL or that holds a password.
        """
        text = text or os.environ.get(ENVIRONMENT_VARIABLE) or ""
        if not text:
            return cls(folder=own_data_folder(), url=None)
        if "://" not in text:
            return cls(folder=Path(text).expanduser().absolute(), url=None)
        import sqlalchemy as sa

        try:
            url = sa.make_url(text)
        except (sa.exc.ArgumentError, ValueError) as error:
            raise InvalidLocation(
                "The store's URL cannot be read; write postgresql+psycopg://user@host/database."
            ) from error
        if url.drivername == "postgresql":
            url = url.set(drivername=_POSTGRESQL)
        if url.drivername != _POSTGRESQL:
            raise InvalidLocation(
                f"A store is a folder or a {_POSTGRESQL}:// URL, not {url.drivername}://."
            )
        if url.password:
            raise InvalidLocation(
                "Take the password out of the store's URL, where other programs could read it, "
                "and put it into ~/.pgpass or PGPASSWORD."
            )
        return cls(folder=None, url=url)

    @property
    def is_embedded(self) -> bool:
        """Whether the store is a folder of files."""
        return self.folder is not None

    @property
    def text(self) -> str:
        """The location as `--store` takes it."""
        return str(self)

    def __str__(self) -> str:
        """Give the folder or the URL, which holds no password."""
        if self.url is not None:
            return self.url.render_as_string(hide_password=True)
        return str(self.folder)


def own_data_folder() -> Path:
    """Give the platform's folder for a person's data (XDG Base Directory on Linux)."""
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Application Support"
    else:
        root = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return root / "noc-console"
