"""The night of the story, told through by the program itself: `python -m bench.story`.

Load climbs on a web server with customers; the early alarm comes, evidence is recorded, somebody
takes the alarm, opens an incident, reboots through the gate, and has the post-mortem. Everything is
done with the command line against a real engine and a real sshd (`bench.story_machine`). `--pace
real` keeps the lines that hold out of the box and climbs for as long as they need; `quick` counts
seconds where those count minutes. Exit status 1 when a step does not come to be.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.story_machine import CORES, Climb, StoryMachine

CALM, CUT_OFF, HIGHEST = 0.6, 2.0 * CORES, 2.6 * CORES
SITES = ("shop12.example=Anna’s Shop", "blog7.example=Blog Seven", "club.example=Rowing Club")


class StoryBroke(RuntimeError):
    """A step of the story did not come to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast the load climbs, and how long a line has to be crossed."""

    climb_s: float
    early_minutes: float | None
    cut_off_minutes: float | None
    patience_s: float


PACES = {
    "quick": Pace(climb_s=60, early_minutes=0.1, cut_off_minutes=0.05, patience_s=60),
    "swift": Pace(climb_s=150, early_minutes=None, cut_off_minutes=None, patience_s=120),
    "real": Pace(climb_s=1500, early_minutes=None, cut_off_minutes=None, patience_s=900),
}


@dataclass(slots=True)
class Story:
    """One run: the program on a store of its own, and what came of each step."""

    folder: Path
    pace: Pace
    told: dict[str, Any] = field(default_factory=dict)
    steps: list[tuple[float, str]] = field(default_factory=list)
    _began_s: float = field(default_factory=time.monotonic)

    def say(self, words: str) -> None:
        """Note a step with the seconds since the story began."""
        since_s = time.monotonic() - self._began_s
        self.steps.append((since_s, words))
        print(f"{since_s:7.1f} s  {words}", flush=True)

    def run(self, *words: str) -> str:
        """Run one command; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "noc_console", *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode != 0:
            raise StoryBroke(f"noc-console {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def json(self, *words: str) -> Any:
        """Run one command; gives its JSON."""
        return json.loads(self.run(*words, "--json"))

    @property
    def environment(self) -> dict[str, str]:
        """Where the store is, and no keyring."""
        return {
            **os.environ,
            "NOC_CONSOLE_STORE": str(self.folder / "store"),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def wait(self, what: str, condition: Callable[[], Any]) -> Any:
        """Give the first true value of a condition."""
        ends_s = time.monotonic() + self.pace.patience_s + self.pace.climb_s
        while time.monotonic() < ends_s:
            if found := condition():
                return found
            time.sleep(0.5)
        raise StoryBroke(f"{what} did not come to be")

    def load_alarm(self) -> dict[str, Any] | None:
        """Give the open alarm about the load."""
        return next(
            (one for one in self.json("alarm", "list", "--all")["alarms"] if _is_load(one)), None
        )

    def tell(self) -> None:
        """Go through the night from the first sample to the post-mortem.

        Raises:
            StoryBroke: a step did not come to be.
        """
        machine = StoryMachine(self.folder / "machine")
        engine = None
        try:
            engine = self._begin(machine)
            self._climb(machine)
            self._act()
            self._reboot(machine)
            self._next_morning()
        finally:
            if engine is not None:
                engine.terminate()
                engine.wait(20)
            machine.close()

    def _begin(self, machine: StoryMachine) -> "subprocess.Popen[bytes]":
        sshd = machine.sshd
        sites = [word for site in SITES for word in ("--site", site)]
        fingerprint = subprocess.check_output(
            ["ssh-keygen", "-lf", sshd.host_key.with_suffix(".pub")], text=True
        ).split()[1]
        reach = ("--host", sshd.address, "--port", str(sshd.port), "--user", sshd.server().user)
        key = ("--key", str(sshd.key), "--trust", fingerprint)
        self.run("server", "add", "web1", *reach, *key, *sites)
        if self.pace.early_minutes is not None:
            minutes = ["--early-minutes", str(self.pace.early_minutes)]
            minutes += ["--cut-off-minutes", str(self.pace.cut_off_minutes)]
            minutes += ["--clear-minutes", "0.1"]
            self.run("line", "set", "load1", "web1", *minutes)
        with (self.folder / "engine.log").open("wb") as log:
            engine = subprocess.Popen(
                [sys.executable, "-m", "noc_console", "engine"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.wait("a sample of web1", self._is_ok)
        self.say("web1 is watched and ok")
        return engine

    def _is_ok(self) -> bool:
        servers = {one["name"]: one for one in self.json("status")["servers"]}
        return bool(servers["web1"]["verdict"] == "ok")

    def _climb(self, machine: StoryMachine) -> None:
        """Let the load climb in steps of a second until both lines are told."""
        started_s = time.monotonic()
        climbing = Climb(machine, self.pace.climb_s, HIGHEST)
        self.say(f"the load begins to climb from {CALM} to {HIGHEST:.1f} on {CORES} cores")
        try:
            early = self.wait("the early alarm", self.load_alarm)
            self.told["early_s"] = time.monotonic() - started_s
            self.say(f"early alarm at load {machine.load:.1f}: {early['words']}")
            self.wait("a recording", lambda: self.json("evidence", "list", "web1")["recordings"])
            self.say("the flight recorder records")
            self.run("alarm", "claim", str(early["id"]))
            self.say("the alarm is claimed")
            self.wait("load past the cut-off", lambda: machine.load >= CUT_OFF)
            self.told["cut_off_s"] = time.monotonic() - started_s
            self.told["lead_s"] = self.told["cut_off_s"] - self.told["early_s"]
            self.say(
                f"the load reaches the cut-off; the early alarm was {self.told['lead_s']:.0f} s ago"
            )
            self.wait("the alarm past the cut-off", self._is_past_cut_off)
            self.told["alarm_id"] = early["id"]
            self.say("the alarm tells the cut-off")
        finally:
            climbing.stop()

    def _is_past_cut_off(self) -> bool:
        alarm = self.load_alarm()
        return alarm is not None and alarm["severity"] == "cut-off"

    def _act(self) -> None:
        incident = self.json(
            *("incident", "open", "--alarm", str(self.told["alarm_id"])),
            "web1 is slow and may fail",
        )
        self.told["incident_id"] = str(incident["id"])
        words = "Pages on this server are slow. We are looking for the cause."
        self.run("incident", "update", self.told["incident_id"], words, "--next", "30m")
        self.run("incident", "note", self.told["incident_id"], "php-fpm does not answer to a stop.")
        self.told["answer"] = self.run("answer", "shop12.example")
        self.say("an incident is open, customers are told, a caller gets an answer")

    def _reboot(self, machine: StoryMachine) -> None:
        before = machine.boot_id
        why = ("--reason", "load past the cut-off, php-fpm does not stop")
        done = self.json("reboot", "web1", *why, "--type-name", "web1")
        if machine.boot_id == before:
            raise StoryBroke("web1 was not rebooted")
        self.told["gate"] = done
        self.say(f"through the gate: {done['sentence']}")
        self.wait("web1 to be well", self._is_ok_or_early)
        self.wait("the alarm to clear", lambda: self.load_alarm() is None)
        self.say("the alarm has cleared")

    def _is_ok_or_early(self) -> bool:
        servers = {one["name"]: one for one in self.json("status")["servers"]}
        return servers["web1"]["verdict"] in {"ok", "early"}

    def _next_morning(self) -> None:
        incident = self.told["incident_id"]
        self.run("incident", "update", incident, "The server is back and quick again.", "--last")
        self.run("incident", "close", incident)
        for kind in ("md", "html", "pdf"):
            self.run("incident", "export", incident, "--out", str(self.folder / f"night.{kind}"))
        self.told["post_mortem"] = (self.folder / "night.md").read_text(encoding="utf-8")
        self.run("evidence", "verify", "--all")
        self.told["availability"] = self.json("availability", "--server", "web1")
        self.run("handover")
        self.say("the post-mortem is written, the evidence verified, the availability counted")


def _is_load(alarm: dict[str, Any]) -> bool:
    return alarm["server"] == "web1" and alarm["key"] == "load1" and not alarm["cleared_at"]


def main(words: Sequence[str] | None = None) -> int:
    """Tell the story; gives the exit status."""
    parser = argparse.ArgumentParser(prog="bench.story", description=__doc__)
    parser.add_argument("--pace", choices=sorted(PACES), default="quick")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="keep the post-mortem here")
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="noc-story-") as folder:
        story = Story(folder=Path(folder), pace=PACES[arguments.pace])
        try:
            story.tell()
        except StoryBroke as broke:
            print(f"The story broke: {broke}", file=sys.stderr)
            return 1
        finally:
            if arguments.out is not None:
                _keep(story, arguments.out)
    return 0


def _keep(story: Story, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    lines = [f"{at_s:7.1f} s  {words}" for at_s, words in story.steps]
    (out / "story.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for made in story.folder.glob("night.*"):
        (out / made.name).write_bytes(made.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
