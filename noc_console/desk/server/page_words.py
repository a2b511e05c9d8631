"""What the server page says in words: the head's line of facts and the connection's rows.

Pure: no Qt, no I/O; `now` is an argument. What servers told is made inert here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from noc_console.desk.widgets.graph_series import value_text
from noc_console.fleet.failure import Failure
from noc_console.fleet.inert import inert
from noc_console.fleet.link_state import LinkFacts, LinkState
from noc_console.fleet.server import Authentication, Server, ServerKind
from noc_console.health.figure_words import danger_words
from noc_console.health.measures import measure_of
from noc_console.health.verdict import Judgement, Verdict
from noc_console.incidents.times import age_text, since_text
from noc_console.telemetry.host import Facts
from noc_console.telemetry.metrics import Unit

_CLOCK_OFF_S = 2.0
_LINK_WORDS = {
    LinkState.NOT_TRIED: "not tried yet",
    LinkState.CONNECTING: "connecting",
    LinkState.UP: "up",
    LinkState.DOWN: "down",
    LinkState.WAITING_FOR_PERSON: "waiting for a person to decide about the host key",
}
_WAYS = {
    Authentication.AGENT: "SSH agent",
    Authentication.KEY_FILE: "key file",
    Authentication.PASSWORD: "password from the keyring",
    Authentication.KEYBOARD_INTERACTIVE: "keyboard-interactive",
}


def sample_age_text(last_sample_at: datetime | None, now: datetime) -> str:
    """Give how old the newest sample is: its real age, whatever the tick."""
    if last_sample_at is None:
        return "no sample yet"
    return f"sample {age_text(now - last_sample_at)} old"


def reasons_text(judgement: Judgement | None, now: datetime) -> tuple[str, ...]:
    """Give every reason, the worst first, and when the first value will reach its cut-off."""
    if judgement is None:
        return ("No engine has told yet.",)
    told = tuple(inert(words) for words in judgement.words)
    danger = judgement.danger
    if danger is None or judgement.verdict is Verdict.CUT_OFF:
        return told
    measure = measure_of(danger.key)
    what = measure.title if measure else inert(danger.key)
    return (*told, f"{what}: cut-off in {danger_words(danger, now)}, if it goes on so")


def head_facts(
    server: Server, facts: Facts | None, values: Mapping[str, float], age: str
) -> tuple[str, ...]:
    """Give the facts of the head's last line; what is unknown is empty."""
    told = facts or Facts()
    cores = int(values.get("cores", told.cores))
    memory = values.get("mem_total_bytes", told.memory_bytes)
    uptime = values.get("uptime_s")
    return (
        age,
        "this machine" if server.kind is ServerKind.THIS_MACHINE else place_text(server),
        inert(told.system),
        f"{cores} core{'s' if cores > 1 else ''}" if cores else "",
        f"{value_text(memory, Unit.BYTES)} memory" if memory else "",
        f"up {age_text(timedelta(seconds=uptime))}" if uptime is not None else "",
        ", ".join(server.groups),
    )


def place_text(server: Server) -> str:
    """Give `user@host:port`, without what goes without saying."""
    user = f"{server.user}@" if server.user else ""
    host = f"[{server.address}]" if ":" in server.address else server.address
    port = f":{server.port}" if server.port != _SSH_PORT else ""
    return f"{user}{host}{port}"


_SSH_PORT = 22


def connection_facts(
    server: Server,
    link: LinkState,
    link_since: datetime | None,
    failure: Failure | None,
    facts: Facts | None,
    values: Mapping[str, float],
    now: datetime,
    agreed: LinkFacts | None = None,
) -> tuple[tuple[str, str], ...]:
    """Give how the server is reached and what it is, row by row; what is unknown is empty."""
    told = facts or Facts()
    return (
        (
            "Link",
            f"{_LINK_WORDS[link]}, since {since_text(link_since, now)}"
            if link_since
            else _LINK_WORDS[link],
        ),
        ("Failure", inert(failure.sentence) if failure else ""),
        *_reached(server, failure),
        *_agreed(agreed if link is LinkState.UP else None, now),
        ("Round trip", _number(values.get("link_latency_ms"), Unit.MILLISECONDS)),
        ("Tick", f"{server.tick_s} s; every second while this page is open"),
        ("Host name", inert(told.hostname)),
        ("System", inert(told.system)),
        ("Kernel", inert(told.kernel)),
        ("Machine", inert(told.machine)),
        ("Init", inert(told.init)),
        ("Clock", _clock_text(told.server_clock_offset_s)),
        ("Partner", server.partner),
        ("Brand", server.brand),
        ("Sites", _sites_text(server)),
        ("Notes", inert(server.notes)),
    )


def _reached(server: Server, failure: Failure | None) -> tuple[tuple[str, str], ...]:
    if server.kind is ServerKind.THIS_MACHINE:
        return (("Reached", "directly: the engine runs on this machine"),)
    weak = "allowed for this server" if server.allow_weak_algorithms else ""
    return (
        ("Reached", place_text(server)),
        ("Through", " → ".join(server.jumps)),
        ("Authentication", _WAYS[server.authentication]),
        ("Key file", server.key_file),
        ("Certificate", server.certificate_file),
        ("Weak algorithms", weak),
        ("Host key offered", failure.fingerprint if failure else ""),
        ("Host key accepted", failure.known_fingerprint if failure else ""),
    )


_ONE_SESSION = (
    "▲ services, file systems and processes: the server gives one session only; raise MaxSessions "
    "of its sshd to 2 or more"
)


def _agreed(agreed: LinkFacts | None, now: datetime) -> tuple[tuple[str, str], ...]:
    """Say what both sides agreed on; of a link that is down nothing holds."""
    if agreed is None:
        return ()
    weak = "▲ an outdated algorithm is in use; update the server’s sshd" if agreed.is_weak else ""
    return (
        ("Logged in with", f"{agreed.authenticated_with}, {since_text(agreed.connected_at, now)}"),
        ("Host key", f"{agreed.host_key_algorithm} {agreed.fingerprint}".strip()),
        ("Server’s software", inert(agreed.software)),
        ("Key exchange", agreed.kex),
        ("Cipher", " with ".join(part for part in (agreed.cipher, agreed.mac) if part)),
        ("Weakness", weak),
        ("Not read", _ONE_SESSION if agreed.gives_one_session else ""),
    )


def _number(value: float | None, unit: Unit) -> str:
    return "" if value is None else value_text(value, unit)


def _clock_text(offset_s: float | None) -> str:
    if offset_s is None:
        return ""
    if abs(offset_s) < _CLOCK_OFF_S:
        return "agrees with this computer’s"
    way = "ahead of" if offset_s > 0 else "behind"
    return f"{age_text(timedelta(seconds=abs(offset_s)))} {way} this computer’s"


def _sites_text(server: Server) -> str:
    named = (
        f"{site.domain} ({site.customer})" if site.customer else site.domain
        for site in server.sites
    )
    return ", ".join(named)
