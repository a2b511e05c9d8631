"""The causes: what really makes a server sick, and whom a good look must find.

Each is a real thing on a real server: processes of a customer's account, a kernel that kills for
want of memory, a full disk, a Postfix queue, an nginx with too many visitors, a PostgreSQL query.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.sick_server import SickServer, limited

LOOP = """
while True:
    sum(range(10_000))
"""

MANY_SHORT = (
    "while :; do for n in 1 2 3 4 5 6 7 8; do /bin/ls -R /usr/share/doc >/dev/null; done; done"
)

GROW = """
import time
held = []
while True:
    held.append(bytearray(b'x') * 20_000_000)
    time.sleep(0.15)
"""

WRITE_SYNC = """
import os
block = os.urandom(1 << 20)
target = os.open('{path}', os.O_WRONLY | os.O_CREAT | os.O_DSYNC, 0o600)
while True:
    os.lseek(target, 0, 0)
    for _ in range(64):
        os.write(target, block)
"""

FILL = """
import time
with open('{path}', 'wb', buffering=0) as target:
    while True:
        try:
            target.write(b'x' * 1_500_000)
        except OSError:
            pass
        time.sleep(0.25)
"""

FLOOD = """
import time
with open('{path}', 'a') as log:
    while True:
        for _ in range(2500):
            log.write('PHP Warning: Undefined index: cart in /home/shop/cart.php on line 7\\n')
        log.flush()
        time.sleep(0.05)
"""

FORKS = """
import os, time
for _ in range(400):
    try:
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
    except OSError:
        time.sleep(0.05)
    time.sleep(0.02)
time.sleep(600)
"""

CONNECT = """
import socket, time
held = []
while True:
    while len(held) < 500:
        one = socket.socket()
        one.bind(('127.0.0.9', 0))
        one.settimeout(2)
        try:
            one.connect(('127.0.0.1', 80))
            one.send(b'GET / HTTP/1.1\\r\\nHost: shop\\r\\nX-slow: ')
            held.append(one)
        except OSError:
            one.close()
            break
    time.sleep(0.3)
"""

SEND = """
import smtplib
with smtplib.SMTP('127.0.0.1', 25) as post:
    for number in range(600):
        to = 'you%d@far.example' % number
        post.sendmail('{account}@{account}.example', [to], 'Subject: buy now\\n\\nbuy\\n')
import time
time.sleep(600)
"""

READ_ALL = "while :; do tar -cf - /usr /var/lib | cat >/dev/null; done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a cause is given: the server, two accounts, and folders of its own."""

    server: SickServer
    culprit: str
    innocent: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One cause: its name, what it does, and how whom it must point to is called."""

    name: str
    words: str
    begin: Callable[[Place, ExitStack], str]
    """Start it; gives `who` of the true culprit."""
    seconds: float = 24.0


def _cpu_of_account(place: Place, _stack: ExitStack) -> str:
    home = f"/home/{place.culprit}"  # it wants a folder it may write to
    words = ("stress-ng", "--temp-path", home, "--cpu", "3", "--timeout", "600")
    place.server.run(*words, account=place.culprit)
    return f"account {place.culprit}"


def _script_of_account(place: Place, _stack: ExitStack) -> str:
    for _ in range(2):
        place.server.run_python(LOOP, place.culprit, "public_html/import.py")
    return f"account {place.culprit}"


def _short_commands(place: Place, _stack: ExitStack) -> str:
    for _ in range(2):
        place.server.run("sh", "-c", MANY_SHORT, account=place.culprit)
    return f"account {place.culprit}"


def _out_of_memory(place: Place, stack: ExitStack) -> str:
    group = stack.enter_context(limited("memory", limit_in_bytes=str(300 * 2**20)))
    path = Path("/home") / place.culprit / "grow.py"
    path.write_text(GROW)
    path.chmod(0o644)
    grow = f"runuser -u {place.culprit} -- python3 {path}"
    process = place.server.run("sh", "-c", f"sleep 2; {grow}; sleep 1; {grow}; sleep 600")
    time.sleep(0.5)
    for pid in _family(process.pid):  # what these start is in the group as well
        (group / "cgroup.procs").write_text(str(pid))
    return f"account {place.culprit}"


def _disk_writer(place: Place, _stack: ExitStack) -> str:
    target = Path("/home") / place.culprit / "backup.bin"
    for number in range(2):
        place.server.run_python(
            WRITE_SYNC.format(path=f"{target}{number}"), place.culprit, f"backup{number}.py"
        )
    return f"account {place.culprit}"


def _backup_by_root(place: Place, _stack: ExitStack) -> str:
    place.server.run("sh", "-c", READ_ALL)
    return "tar"


def _fork_bomb(place: Place, stack: ExitStack) -> str:
    group = stack.enter_context(limited("pids", max="350"))
    process = place.server.run_python(FORKS, place.culprit, "cron.py")
    (group / "cgroup.procs").write_text(str(process.pid))
    time.sleep(0.3)
    for pid in _family(process.pid):
        (group / "cgroup.procs").write_text(str(pid))
    return f"account {place.culprit}"


def _family(pid: int) -> list[int]:
    import psutil

    return [one.pid for one in psutil.Process(pid).children(recursive=True)]


def _disk_filling(place: Place, _stack: ExitStack) -> str:
    image, mount = place.folder / "image", place.folder / "small"
    mount.mkdir()
    with image.open("wb") as made:
        made.truncate(160 * 2**20)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    place.server.run("mount", "-o", "loop", str(image), str(mount)).wait(20)  # it ends with it
    place.server.run("chown", place.culprit, str(mount)).wait(20)
    script = FILL.format(path=mount / "dump.sql")
    place.server.run_python(script, place.culprit, "dump.py")
    return f"account {place.culprit}"


def _log_flood(place: Place, stack: ExitStack) -> str:
    folder = Path("/var/log") / f"noc-cause-{place.culprit}"
    folder.mkdir()
    shutil.chown(folder, place.culprit)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    script = FLOOD.format(path=folder / "error.log")
    place.server.run_python(script, place.culprit, "public_html/cart.py")
    return f"account {place.culprit}"


def _mail_queue(place: Place, stack: ExitStack) -> str:
    stack.enter_context(queueing_postfix(place))
    place.server.run_python(SEND.format(account=place.culprit), place.culprit, "mailing.py")
    return f"account {place.culprit}"


@contextmanager
def queueing_postfix(place: Place) -> Iterator[None]:
    """Run a real Postfix inside the server that takes mail and can deliver none."""
    conf, queue, kept = (place.folder / "mail" / name for name in ("conf", "queue", "data"))
    for folder in (conf, queue, kept):
        folder.mkdir(parents=True)
    shutil.chown(kept, "postfix")
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": queue,
        "data_directory": kept,
        "maillog_file": place.folder / "mail" / "log",
        "maillog_file_prefixes": "/",
        "inet_interfaces": "loopback-only",
        "inet_protocols": "ipv4",
        "myhostname": "web1.example",
        "mydestination": "",
        "alias_maps": "",
        "local_recipient_maps": "",
        "mynetworks": "127.0.0.0/8",
        "smtpd_relay_restrictions": "permit_mynetworks,reject",
        "relayhost": "[192.0.2.1]",
        "defer_transports": "smtp",
    }
    (conf / "main.cf").write_text("".join(f"{key} = {value}\n" for key, value in settings.items()))
    (conf / "master.cf").write_text(
        "25 inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n"
        "rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\n"
        "defer unix - - n - 0 bounce\nretry unix - - n - - error\nerror unix - - n - - error\n"
        "showq unix n - n - - showq\nsmtp unix - - n - - smtp\n"
        "tlsmgr unix - - n 1000? 1 tlsmgr\nanvil unix - - n - 1 anvil\n"
        "scache unix - - n - 1 scache\npostlog unix-dgram n - n - 1 postlogd\n"
    )
    place.server.run("/usr/sbin/postfix", "-c", str(conf), "start").wait(60)
    try:
        yield
    finally:
        place.server.run("/usr/sbin/postfix", "-c", str(conf), "stop").wait(60)


def _many_connections(place: Place, _stack: ExitStack) -> str:
    conf = place.folder / "nginx.conf"
    conf.write_text(
        f"pid {place.folder}/nginx.pid;\nerror_log {place.folder}/nginx.log;\n"
        "events { worker_connections 2000; }\n"
        "http { access_log off; client_header_timeout 300s;\n"
        "server { listen 127.0.0.1:80; return 204; } }\n"
    )
    place.server.run("ip", "link", "set", "lo", "up").wait(10)
    place.server.run("/usr/sbin/nginx", "-c", str(conf), "-g", "daemon off;")
    place.server.run_python(CONNECT, place.innocent, "visitor.py")
    return "address 127.0.0.9"


def _long_query(place: Place, _stack: ExitStack) -> str:
    role, folder = f"{place.culprit}_db", place.folder / "postgresql"
    folder.mkdir()
    shutil.chown(folder, "postgres")
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    cluster = folder / "cluster"
    make = ["runuser", "-u", "postgres", "--", str(programs / "initdb"), "-D", str(cluster)]
    make += ["-A", "trust", "-U", "postgres", "--no-sync"]
    subprocess.run(make, check=True, capture_output=True, cwd="/")
    options = ["-c", "listen_addresses=", "-k", str(folder), "-c", "fsync=off"]
    place.server.run(str(programs / "postgres"), "-D", str(cluster), *options, account="postgres")
    sql = f'CREATE ROLE "{role}" LOGIN'
    words = ["psql", "-Xq", "-h", str(folder), "-U", "postgres", "-d", "postgres", "-c", sql]
    for _ in range(100):
        if subprocess.run(words, check=False, capture_output=True).returncode == 0:
            break
        time.sleep(0.2)
    query = "SELECT count(*), sum(sqrt(a::float8)) FROM generate_series(1, 2000000000) AS a"
    for _ in range(2):
        place.server.run("psql", "-X", "-h", str(folder), "-U", role, "-d", "postgres", "-c", query)
    return f"account {role}"


CAUSES = (
    Cause(
        name="cpu",
        words="an account computes on every core (stress-ng)",
        begin=_cpu_of_account,
    ),
    Cause(
        name="script",
        words="a script in an account's public_html loops",
        begin=_script_of_account,
    ),
    Cause(
        name="short-commands",
        words="an account's cron starts thousands of short commands",
        begin=_short_commands,
    ),
    Cause(
        name="disk-writer",
        words="an account writes with a sync after each block",
        begin=_disk_writer,
    ),
    Cause(name="backup", words="a backup by root reads every file", begin=_backup_by_root),
    Cause(name="fork-bomb", words="an account's script forks to its limit", begin=_fork_bomb),
    Cause(
        name="disk-filling",
        words="an account's dump fills a small disk",
        begin=_disk_filling,
        seconds=34.0,
    ),
    Cause(name="log-flood", words="an account's script floods its log", begin=_log_flood),
    Cause(
        name="mail-queue",
        words="one sender fills a real Postfix queue",
        begin=_mail_queue,
        seconds=45.0,
    ),
    Cause(
        name="connections",
        words="one address holds a real nginx's connections",
        begin=_many_connections,
    ),
    Cause(
        name="long-query",
        words="two long queries of one PostgreSQL user",
        begin=_long_query,
        seconds=40.0,
    ),
    Cause(
        name="out-of-memory",
        words="an account's process grows until the kernel kills it",
        begin=_out_of_memory,
    ),
)
