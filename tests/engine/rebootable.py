"""A real sshd on a made-up machine that can be rebooted: it goes down and comes up another boot.

`systemctl` is a script in the PATH of the server's sessions. `systemctl reboot` there has the sshd
really end and really begin again, with another boot id, as a reboot does.
"""

import threading
import time
import uuid
from pathlib import Path

from tests.engine.small_proc import write_proc
from tests.sshd import Sshd

_SYSTEMCTL = """#!/bin/sh
state={state}
printf '%s\\n' "$*" >>"$state/asked"
case $1 in
list-units) cat "$state/units" ;;
reboot)
    if [ -e "$state/refuses" ]; then echo 'Failed to reboot: held by dpkg' >&2; exit 1; fi
    : >"$state/reboot" ;;
restart)
    sleep "$(cat "$state/restart-takes")"
    if [ -e "$state/cannot" ]; then
        sed -i "s/^$2.service.*/$2.service loaded failed failed x/" "$state/units"
        echo "Job for $2.service failed because the control process exited." >&2
        exit 1
    fi
    sed -i "s/^$2.service.*/$2.service loaded active running x/" "$state/units" ;;
esac
"""

UNITS = (
    "nginx.service loaded active running web\n"
    "exim4.service loaded active running mail\n"
    "once.service loaded active exited at start\n"
    "user@1000.service loaded active running a login\n"
)
MOUNTS = "/dev/vda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\n/dev/vdb /home ext4 rw 0 0\n"


class Rebootable:
    """One machine; `comes_back` false leaves it down, `after` changes it while it is down."""

    def __init__(self, folder: Path, ports: tuple[int, ...] = (22, 80, 443)) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.proc = folder / "proc"
        self.boots = 0
        self.comes_back = True
        self.after = lambda: None
        for part in (
            self.state,
            self.proc / "net",
            self.proc / "sys/kernel/random",
            folder / "bin",
            folder / "run/systemd/system",
        ):
            part.mkdir(parents=True)
        program = folder / "bin" / "systemctl"
        program.write_text(_SYSTEMCTL.format(state=self.state))
        program.chmod(0o755)
        (self.state / "restart-takes").write_text("0")
        self.write_units(UNITS)
        self.write_mounts(MOUNTS)
        self.write_ports(ports)
        (self.proc / "sys/kernel/osrelease").write_text("6.1.0-1\n")
        self._boot()
        self.sshd = Sshd(
            folder / "sshd",
            options={
                "SetEnv": f"PATH={folder / 'bin'}:/usr/bin:/bin NOC_PROC={self.proc}"
                f" NOC_RUN={folder / 'run'}"
            },
        ).start()
        self._ends = threading.Event()
        self._power = threading.Thread(target=self._watch, daemon=True)
        self._power.start()

    @property
    def boot_id(self) -> str:
        return (self.proc / "sys/kernel/random/boot_id").read_text().strip()

    @property
    def asked(self) -> list[str]:
        """What systemctl was asked."""
        file = self.state / "asked"
        return file.read_text().splitlines() if file.exists() else []

    def write_units(self, text: str) -> None:
        (self.state / "units").write_text(text)

    def write_mounts(self, text: str) -> None:
        (self.proc / "mounts").write_text(text)

    def write_ports(self, ports: tuple[int, ...]) -> None:
        lines = [
            f"   {n}: 00000000:{port:04X} 00000000:0000 0A 0\n" for n, port in enumerate(ports)
        ]
        (self.proc / "net/tcp").write_text("  sl  local_address rem_address st\n" + "".join(lines))

    def close(self) -> None:
        self._ends.set()
        self._power.join(10)
        self.sshd.stop()

    def power_on(self) -> None:
        """Come up as another boot."""
        self._boot()
        self.after()
        self.sshd.start()

    def _boot(self) -> None:
        self.boots += 1
        write_proc(self.proc, uptime_s=1 if self.boots > 1 else 90_000, counted=1)
        (self.proc / "sys/kernel/random/boot_id").write_text(f"{uuid.uuid4()}\n")

    def _watch(self) -> None:
        wanted = self.state / "reboot"
        while not self._ends.wait(0.05):
            if wanted.exists():
                wanted.unlink()
                time.sleep(0.1)  # a shutdown lets the command end
                self.sshd.stop()
                if self.comes_back:
                    self._ends.wait(0.7)
                    self.power_on()
