"""Who types: the name that is noted beside what they ask for."""

import getpass


def own_name() -> str:
    """Give the login name; a process without one is told as such."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, and no variable that names one
        return "somebody without a login name"
