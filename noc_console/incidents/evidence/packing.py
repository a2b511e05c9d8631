"""How an exhibit's content is kept small: lines that an earlier one had are only pointed to.

A process table of ten seconds ago has nearly the same lines as this one. Pure: no I/O, no clock.
Guarantee: `unpack(pack(content, like), like)` gives the content back, to the byte.
"""

import zlib

LEVEL = 6
KEY_EVERY = 30
"""Each so many exhibits of a collector one is kept whole: damage to it harms no more than these."""

_LITERAL, _RUN = b"=", b"@"


class NotPacked(ValueError):
    """Bytes that `pack` did not make, or not with this `like`."""


def pack(content: bytes, like: bytes | None) -> bytes:
    """Give the content in little room; with `like`, as its difference from that."""
    if like is None:
        return zlib.compress(content, LEVEL)
    return zlib.compress(_difference(content, like), LEVEL)


def unpack(body: bytes, like: bytes | None, max_bytes: int = 64 * 1024 * 1024) -> bytes:
    """Give the content of a body.

    Raises:
        NotPacked: it is damaged.
    """
    inflater = zlib.decompressobj()
    try:
        told = inflater.decompress(body, max_bytes)
    except zlib.error as error:
        raise NotPacked(str(error)) from error
    if not inflater.eof:
        raise NotPacked("it is cut off, or too long")
    return told if like is None else _restored(told, like)


def _difference(content: bytes, like: bytes) -> bytes:
    """Lines as they are after `=`, runs of lines of `like` as `@first count`."""
    places: dict[bytes, int] = {}
    old = like.split(b"\n")
    for place, line in enumerate(old):
        places.setdefault(line, place)
    told: list[bytes] = []
    first = count = 0
    for line in content.split(b"\n"):
        follows = first + count
        if count and follows < len(old) and old[follows] == line:
            count += 1
            continue
        if count:
            told.append(b"%s%d %d" % (_RUN, first, count))
        found = places.get(line)
        if found is None:
            told.append(_LITERAL + line)
            count = 0
        else:
            first, count = found, 1
    if count:
        told.append(b"%s%d %d" % (_RUN, first, count))
    return b"\n".join(told)


def _restored(told: bytes, like: bytes) -> bytes:
    old = like.split(b"\n")
    lines: list[bytes] = []
    for step in told.split(b"\n"):
        if step[:1] == _LITERAL:
            lines.append(step[1:])
            continue
        first, _, count = step[1:].partition(b" ")
        if step[:1] != _RUN or not (first.isdigit() and count.isdigit()):
            raise NotPacked("a line of it is none that we write")
        lines += old[int(first) : int(first) + int(count)]
    return b"\n".join(lines)
