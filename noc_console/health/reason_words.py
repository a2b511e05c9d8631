"""Reasons and alarms in words beside a server's name. Pure: no I/O, no clock."""

LINK = "link"
"""The key of what is amiss with the way to a server: its sentences begin with the server's name."""


def beside_name(key: str, words: str, name: str) -> str:
    """Give words without the name of the server at their head, for a place that has said it.

    Only those about its link: a server may be called nginx, as a service may.
    """
    if key != LINK or not words.startswith(name):
        return words
    rest = words[len(name) :]
    told = rest.removeprefix(":").strip()
    return told[:1].upper() + told[1:] if told and not rest[0].isalnum() else words
