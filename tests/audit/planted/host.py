"""A Debian in namespaces of its own, over a debootstrap folder that stays as it is.

It has its own processes, network, mounts and sshd; every check is asked through that sshd. Needs
root, debootstrap (once, from the archive), unshare(1), overlay and ssh.
"""

# ruff: noqa: E501 - a line of shell is told whole

import dataclasses
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from noc_console.audit.agreed import AgreedKind, AgreedLine, OwnerKind
from noc_console.audit.batch import AsRoot, asked_of, batch_script
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Check, Family, Privilege
from noc_console.audit.comparing import Around
from noc_console.audit.finding import CheckResult
from noc_console.audit.given import with_given
from noc_console.audit.judging import RawOutcome, judge
from noc_console.audit.lifetimes import shipped_lifetimes
from noc_console.engine.audit_plan import is_heavy
from noc_console.fleet.server import Server
from tests.audit.judged import agreed_to

PACKAGES = (
    "openssh-server,nftables,iptables,sudo,cron,iproute2,procps,perl,logrotate,rsyslog,kmod,"
    "openssl,chrony"
)
MIRROR = "http://deb.debian.org/debian"
SSHDS_OWN = {
    "var/log/wtmp",
    "var/log/lastlog",
    "var/log/btmp",
    "run/utmp",
    "run/motd.dynamic",
    "run",
}
"""What sshd and pam write at each login, whatever is asked then."""
_SERVER = Server(id=1, name="planted", address="127.0.0.1")
_SCRIPT = r"""
set -e
mount -t tmpfs tmpfs "$WORK/over"; mkdir "$WORK/over/up" "$WORK/over/work" "$WORK/over/root"
r=$WORK/over/root
mount -t overlay -o "lowerdir=$LOWER,upperdir=$WORK/over/up,workdir=$WORK/over/work" none "$r"
mount -t proc proc "$r/proc"; mount -t tmpfs -o mode=755,nosuid tmpfs "$r/dev"
for d in null zero full random urandom tty; do : >"$r/dev/$d"; mount --bind "/dev/$d" "$r/dev/$d"; done
mkdir "$r/dev/pts" "$r/dev/shm"; mount -t devpts devpts "$r/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$r/dev/shm"
ip link set lo up
mkdir -p "$r/run/sshd" "$r/root/.ssh"; chmod 700 "$r/root/.ssh"
cp "$WORK/key.pub" "$r/root/.ssh/authorized_keys"; chmod 600 "$r/root/.ssh/authorized_keys"
chroot "$r" /bin/sh -c "$PREPARE"
chroot "$r" /bin/sh -c "$PLANT" </dev/null
chroot "$r" /usr/sbin/sshd -p 2222 -o PermitRootLogin=prohibit-password
snapshot() { find "$r" -xdev ! -path "$r/proc/*" \( -type d -printf '%P %m %U - -\n' -o -printf '%P %m %U %s %C@\n' \) | sort; }
snapshot >"$WORK/before"
for f in "$WORK"/asked/*; do
  i=${f##*/}; c=0
  ssh -q -i "$WORK/key" -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    root@127.0.0.1 /bin/sh -s <"$f" >"$WORK/told/$i" 2>"$WORK/errors/$i" || c=$?
  echo "$c" >"$WORK/ended/$i"
done
snapshot >"$WORK/after"
"""
PREPARE = r"""
for u in anna bert carl dora; do useradd -m -s /bin/bash "$u"; chmod 711 "/home/$u"; echo "$u:Xk7-$u-long-enough" | chpasswd; done
mkdir -p /etc/systemd/system/sysinit.target.wants /var/www/shop
ln -sf /lib/systemd/system/nftables.service /etc/systemd/system/sysinit.target.wants/
printf 'table inet filter {\n chain input { type filter hook input priority 0; policy drop; iif lo accept; ct state established accept; tcp dport 2222 accept; }\n}\n' | nft -f -
echo 'APT::Periodic::Unattended-Upgrade "1";' >/etc/apt/apt.conf.d/20auto
echo 'deb http://deb.debian.org/debian-security bookworm-security main' >>/etc/apt/sources.list
touch /var/lib/apt/lists/*_Release /var/lib/apt/lists/*_InRelease 2>/dev/null
echo "Nov 28 00:00:00 host sshd[1]: begun" >/var/log/syslog; chmod 640 /var/log/syslog
echo 'PasswordAuthentication no' >/etc/ssh/sshd_config.d/00.conf
sed -i 's/rotate 4/rotate 5/' /etc/logrotate.d/rsyslog
for n in 1 2 3; do echo "$(date -d "-$n days" '+%b %e') 09:00:00 host sshd[$n]: Accepted publickey for root from 127.0.0.1 port 40$n ssh2: ED25519 SHA256:AAAAC3NzaC1lZDI1NTE5AAAAIFxkN1qWAbCdEfGhIj9"; done | tac >/var/log/auth.log; chmod 640 /var/log/auth.log
"""


def made_debian(folder: Path) -> Path:
    """Give a debootstrap folder, made if it is not there."""
    if not (folder / "usr/sbin/sshd").exists():
        subprocess.run(
            [
                "debootstrap",
                "--variant=minbase",
                f"--include={PACKAGES}",
                "bookworm",
                folder,
                MIRROR,
            ],
            check=True,
            stdout=sys.stderr,
        )
    return folder


def asked(
    lower: Path,
    work: Path,
    plant: Sequence[str],
    *,
    beside: str = "",
    lynis: Path | None = None,
    backup_paths: Sequence[str] = (),
    before: frozenset[tuple[str, str]] | None = None,
) -> dict[str, CheckResult]:
    """Give what every check of servers comes to on a host with some faults planted.

    `beside` is done after the checks, in a shell that knows the host's root `$r`, `$WORK` and
    `$LYNIS`; `$WORK/light` and `$WORK/all` are the batches that the engine would send. `before` are
    the findings of the month before: with any, what is not among them is new.
    """
    for name in ("over", "asked", "told", "errors", "ended"):
        (work / name).mkdir(parents=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", work / "key"], check=True)
    checks = [
        dataclasses.replace(one, is_off="")
        for one in load_catalogue().checks.values()
        if one.privilege in {Privilege.PLAIN, Privilege.SUDO} and Family.DEBIAN in one.commands
    ]
    for check in checks:
        given = with_given(check, _SERVER, _agreed_lines(backup_paths))
        (work / "asked" / check.id).write_text(_script(given))
    environment = {"WORK": str(work), "LOWER": str(lower), "PREPARE": PREPARE}
    for name, some in (("light", [one for one in checks if not is_heavy(one)]), ("all", checks)):
        script = batch_script(asked_of(some, Family.DEBIAN), nonce="0" * 16, as_root=AsRoot.IS_ROOT)
        (work / name).write_bytes(script)
    environment |= {"LYNIS": str(lynis or "")}
    environment |= {"PLANT": "\n".join(plant), "PATH": os.environ["PATH"], "LC_ALL": "C"}
    words = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "sh", "-c"]
    words.append(_SCRIPT + beside)
    subprocess.run(words, env=environment, check=True, stdin=subprocess.DEVNULL, timeout=900)
    known = _around(backup_paths, before)
    return {check.id: judge(check, _outcome(check, work), known) for check in checks}


def changed(work: Path) -> list[str]:
    """Give the files and folders that were not after the checks as before, but for sshd's own."""
    before, after = ((work / name).read_text().splitlines() for name in ("before", "after"))
    differs = {line.rpartition(" ")[0].rsplit(" ", 3)[0] for line in set(before) ^ set(after)}
    return sorted(differs - SSHDS_OWN)


def _script(check: Check) -> str:
    needs = "".join(f"command -v {one} >/dev/null || exit 127\n" for one in check.needs)
    return (
        "export LC_ALL=C HOME=/nonexistent PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:"
        f"/sbin:/bin\nulimit -S -f 0\n{needs}{check.commands[Family.DEBIAN]}\n"
    )


def _outcome(check: Check, work: Path) -> RawOutcome:
    return RawOutcome(
        check_id=check.id,
        output=(work / "told" / check.id).read_bytes(),
        exit_status=int((work / "ended" / check.id).read_text()),
        is_whole=True,
        is_missing=(),
        took_ms=0,
        cpu_ms=None,
        at=datetime.now(UTC),
        why="",
    )


def _agreed_lines(paths: Sequence[str]) -> list[AgreedLine]:
    return [
        AgreedLine(
            id=number,
            owner_kind=OwnerKind.ALL,
            owner="",
            kind=AgreedKind.BACKUP_PATH.value,
            value=path,
            reason="",
            by="",
            at=datetime.now(UTC),
        )
        for number, path in enumerate(paths, 1)
    ]


def _around(paths: Sequence[str], before: frozenset[tuple[str, str]] | None) -> Around:
    return Around(
        now=datetime.now(UTC),
        server="planted",
        family=Family.DEBIAN,
        agreed=agreed_to(port={"tcp/2222"}, admin={"root"}, backup_path=set(paths)),
        before=before,
        lifetimes=shipped_lifetimes(),
    )
