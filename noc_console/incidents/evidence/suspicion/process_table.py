"""The process tables of a recording, read and compared. Pure: no I/O, no clock.

Whatever a table holds gives rows or none: it was written by a server.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from noc_console.incidents.evidence.suspicion.finding import (
    ExhibitText,
    ShownLine,
    number_of,
    shown,
)

_WEB_USERS = frozenset(
    {"www-data", "apache", "nginx", "nobody", "httpd", "www", "http", "lsadm", "webapps", "wwwrun"}
)
_POOL = re.compile(r"php-fpm: pool ([\w.\-]{1,64})")
_HOME = re.compile(r"/(?:home\d?|var/www/vhosts|var/www|usr/home|srv/www)/([\w.\-]{1,64})/")
_BACKEND = re.compile(r"postgres: (?:[\w.\-/]+: )?([\w.\-]{1,64}) ([\w.\-]{1,64}) \S+")
_SHELLS = frozenset({"sh", "dash", "bash", "timeout"})
_OUR_OWN = " noc-console"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRow:
    """One process of a table. `account` is whose it is: a web user's is told by pool or path."""

    pid: int
    parent: int
    user: str
    account: str
    state: str
    cpu_s: float
    kids_s: float
    rss_bytes: float
    program: str
    arguments: str
    exhibit: ExhibitText
    place: int
    line: str

    @property
    def shown(self) -> ShownLine:
        """The line of the table, for the screen."""
        return shown(self.exhibit, self.place, self.line)

    @property
    def who(self) -> str:
        """Give whom a finding about this process points to."""
        return who_of(self.account, self.program)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessTable:
    """One table: rows by pid, user names by uid."""

    exhibit: ExhibitText
    rows: Mapping[int, ProcessRow]
    users: Mapping[str, str]


@dataclass(slots=True)
class Used:
    """What a group of processes used over some tables."""

    program: str
    account: str
    cpu_s: float = 0.0
    biggest_cpu_s: float = 0.0
    runnable: int = 0
    waiting: int = 0
    count: int = 0
    rows: list[ProcessRow] = field(default_factory=list)
    """A few of its processes, those that show it best last."""


def who_of(account: str, program: str) -> str:
    """Give one name for whom a process belongs to: a customer's account, or a service."""
    return program if account in SYSTEM_ACCOUNTS or not account else f"account {account}"


SYSTEM_ACCOUNTS = _WEB_USERS | frozenset(
    {
        *("root", "mysql", "mariadb", "postgres", "postfix", "exim", "Debian-exim", "mailnull"),
        *("dovecot", "dovenull", "redis", "memcache", "named", "bind", "ntp", "chrony", "syslog"),
        *("systemd-network", "systemd-resolve", "systemd-timesync", "messagebus", "polkitd"),
        *("daemon", "clamav", "amavis", "opendkim", "mail", "ftp", "proftpd", "sshd", "_chrony"),
    }
)


def read_table(exhibit: ExhibitText) -> ProcessTable:
    """Give the rows of one exhibit `processes`."""
    rows: dict[int, ProcessRow] = {}
    users: dict[str, str] = {}
    for place, line in exhibit.lines():
        if line.startswith("+ account "):
            words = line.split()
            if len(words) > 4 and words[3] == "uid":
                users[words[4]] = words[2]
            continue
        row = _row(exhibit, place, line)
        if row is not None:
            rows[row.pid] = row
    for pid in _our_own(rows):
        del rows[pid]
    return ProcessTable(exhibit=exhibit, rows=rows, users=users)


def _our_own(rows: Mapping[int, ProcessRow]) -> set[int]:
    """Give the recorder's own processes: the collector that runs, its loop, and what it started."""
    ours: set[int] = set()
    for row in rows.values():
        if not row.arguments.endswith(_OUR_OWN):
            continue
        ours.add(row.pid)
        parent = rows.get(row.parent)
        while parent is not None and parent.program in _SHELLS and parent.pid not in ours:
            ours.add(parent.pid)
            parent = rows.get(parent.parent)
    started = {row.pid for row in rows.values() if row.parent in ours}
    return ours | started


def _row(exhibit: ExhibitText, place: int, line: str) -> ProcessRow | None:
    head, _, arguments = line.partition("\t")
    words = head.split(" ", 7)
    if len(words) < 8 or not words[0].isdigit() or not words[1].isdigit():
        return None
    return ProcessRow(
        pid=int(words[0][:12]),
        parent=int(words[1][:12]),
        user=words[2],
        account=_account(words[2], arguments),
        state=words[3][:1],
        cpu_s=number_of(words[4]),
        kids_s=number_of(words[5]),
        rss_bytes=number_of(words[6]) * 1024,
        program=_program(words[7], arguments),
        arguments=arguments,
        exhibit=exhibit,
        place=place,
        line=line,
    )


def _account(user: str, arguments: str) -> str:
    """Give whose process it is: those of the web server's user are told by pool or path."""
    if user == "postgres":
        backend = _BACKEND.match(arguments)
        return backend[1] if backend is not None and backend[1] not in SYSTEM_ACCOUNTS else user
    pool = _POOL.search(arguments) if "pool " in arguments else None
    if user not in _WEB_USERS and pool is None:
        return user
    if pool is not None:
        return pool[1] if pool[1] not in {"www", "default", *_WEB_USERS} else user
    home = _HOME.search(arguments)
    return home[1] if home is not None and home[1] != "html" else user


def _program(comm: str, arguments: str) -> str:
    """Give the program's name; what the kernel cut off at 15 letters is taken from arguments."""
    for name in ("php-fpm", "lsphp", "php-cgi"):
        if comm.startswith(name) or arguments.startswith(name):
            return name
    first = arguments.split(" ", 1)[0].rpartition("/")[2].rstrip(":")
    return first if len(comm) >= 15 and first.startswith(comm) else comm


def parent_names(table: ProcessTable, row: ProcessRow) -> str:
    """Give the script a process runs, or that its parents run: `/home/shop/cron.php`."""
    seen: set[int] = set()
    one: ProcessRow | None = row
    while one is not None and one.pid not in seen and len(seen) < 6:
        seen.add(one.pid)
        script = script_of(one.arguments)
        if script:
            return script
        one = table.rows.get(one.parent)
        if one is not None and one.account != row.account:
            return ""
    return ""


_SCRIPT = re.compile(r"(?:^|\s)((?:/|\./)?[\w./\-]{1,200}\.(?:php|py|pl|sh|rb|js|cgi))(?=\s|$)")


def script_of(arguments: str) -> str:
    """Give the script among arguments; empty where there is none."""
    found = _SCRIPT.search(arguments)
    return found[1] if found is not None else ""


def workers_of(tables: Sequence[ProcessTable]) -> dict[int, ProcessRow]:
    """Give, for each shell of the system's own accounts, the child that works for it.

    The kernel counts what ended children used for their parent: a loop that runs one command again
    and again is told by the command's name.
    """
    found: dict[int, ProcessRow] = {}
    for table in tables:
        for row in table.rows.values():
            parent = table.rows.get(row.parent)
            if parent is None or parent.program not in _SHELLS or row.program in _SHELLS:
                continue
            best = found.get(parent.pid)
            is_its_own = parent.account in SYSTEM_ACCOUNTS and parent.account == row.account
            if is_its_own and (best is None or row.cpu_s > best.cpu_s):
                found[parent.pid] = row
    return found


def used_between(tables: Sequence[ProcessTable]) -> dict[tuple[str, str], Used]:
    """Give what each (account, program) used over the tables, from the kernel's counters.

    A process that is new counts from its start. The time of children that ended counts for their
    parent, less what was seen of them while they lived.
    """
    found: dict[tuple[str, str], Used] = {}
    workers = workers_of(tables)
    for before, after in pairwise(tables):
        ended = _ended_cpu(before, after)
        for row in after.rows.values():
            spent = _spent(before.rows.get(row.pid), row, ended.get(row.pid, 0.0))
            _note(found, workers.get(row.pid, row), spent)
    if tables:
        _count_states(found, tables)
    return found


def _spent(old: ProcessRow | None, row: ProcessRow, ended_s: float) -> float:
    if old is None or old.program != row.program or old.cpu_s > row.cpu_s:
        return row.cpu_s
    return row.cpu_s - old.cpu_s + max(0.0, row.kids_s - old.kids_s - ended_s)


def _ended_cpu(before: ProcessTable, after: ProcessTable) -> dict[int, float]:
    """Give, by parent, the time that was already seen of children that are gone."""
    ended: dict[int, float] = {}
    for row in before.rows.values():
        if row.pid not in after.rows:
            ended[row.parent] = ended.get(row.parent, 0.0) + row.cpu_s + row.kids_s
    return ended


def _note(found: dict[tuple[str, str], Used], row: ProcessRow, spent_s: float) -> None:
    used = found.setdefault((row.account, row.program), Used(row.program, row.account))
    used.cpu_s += spent_s
    if spent_s > used.biggest_cpu_s:
        used.biggest_cpu_s = spent_s
        used.rows = [*used.rows[-3:], row]


def _count_states(found: dict[tuple[str, str], Used], tables: Sequence[ProcessTable]) -> None:
    """Count in the table in which most was going on."""
    busiest = max(tables, key=lambda one: sum(row.state in {"R", "D"} for row in one.rows.values()))
    for row in busiest.rows.values():
        used = found.setdefault((row.account, row.program), Used(row.program, row.account))
        used.count += 1
        used.runnable += row.state == "R"
        used.waiting += row.state == "D"
        if row.state in {"R", "D"} and len(used.rows) < 4:
            used.rows.append(row)


def accounts_of(rows: Iterable[ProcessRow]) -> dict[str, list[ProcessRow]]:
    """Give rows by whose they are."""
    found: dict[str, list[ProcessRow]] = {}
    for row in rows:
        found.setdefault(row.who, []).append(row)
    return found
