"""What a server says of itself before it is asked: its system, its family, who we are on it.

Pure: no I/O, no clock.
"""

from dataclasses import dataclass

from noc_console.audit.check import Family
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.collecting import LoopReader, LoopTooLong

_FAMILIES = {
    Family.DEBIAN: {"debian", "ubuntu"},
    Family.RHEL: {"rhel", "fedora", "centos", "almalinux", "rocky", "cloudlinux", "ol"},
}


class NotIntroduced(ConsoleError):
    """A server's shell did not say what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """A server as it introduced itself; all text is inert."""

    family: Family
    system: str
    user_id: int | None
    has_sudo: bool


def acquaintance_script(nonce: str) -> bytes:
    """Give the script that asks, without a process more than id(1)."""
    return f"""{{
unset -f printf read id command 2>/dev/null
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; LC_ALL=C; export PATH LC_ALL
printf '\\n@{nonce} begin 1\\n'
for f in /etc/os-release /usr/lib/os-release; do
if [ -r "$f" ]; then
while IFS= read -r l; do case $l in ID=*|ID_LIKE=*|PRETTY_NAME=*) printf '%s\\n' "$l";; esac
done <"$f"
break
fi
done
printf 'UID=%s\\n' "$(id -u 2>/dev/null)"
command -v sudo >/dev/null 2>&1 && printf 'SUDO=yes\\n'
printf '\\n@{nonce} end 1\\n'
exit 0
}}
""".encode()


def read_acquaintance(output: bytes, nonce: str, server: str) -> Acquaintance:
    """Read what it printed (os-release(5)).

    Raises:
        NotIntroduced: the shell ran no script, or not ours.
    """
    told = b""
    try:
        steps = LoopReader(nonce).feed(output)
    except LoopTooLong:
        steps = []
    for step in steps:
        told += step if isinstance(step, bytes) else b""
    words = dict(
        line.split("=", 1) for line in told.decode("utf-8", "replace").splitlines() if "=" in line
    )
    if not words:
        raise NotIntroduced(
            f"The account on {server} runs no script of ours; check that it may run /bin/sh and is "
            "not held to one command (rbash, ForceCommand)."
        )
    names = {_plain(words.get("ID", "")), *_plain(words.get("ID_LIKE", "")).split()}
    family = next((one for one, known in _FAMILIES.items() if names & known), Family.OTHER)
    uid = words.get("UID", "").strip()
    return Acquaintance(
        family=family,
        system=inert(_plain(words.get("PRETTY_NAME", "")), 120),
        user_id=int(uid) if uid.isascii() and uid.isdigit() and len(uid) <= 10 else None,
        has_sudo=words.get("SUDO") == "yes",
    )


def _plain(value: str) -> str:
    return value.strip().strip("\"'")
