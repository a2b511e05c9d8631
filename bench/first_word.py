"""From the key on an incident to the web site, by keys alone in a real window on a real screen.

A person's typing is played at five keys a second, their three fields in whole. The machine's share
is what is left: from the first key until the fields stand there, and from Return until the page
that a web server would serve has the words.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Measure
from tests.end_to_end.screen import Screen, screen, wait_for
from tests.end_to_end.test_window import Desk

PERSON_KEY_S = 0.2
_ROUNDS = {True: 3, False: 10}
_WHOLE_S, _MACHINE_S = 60.0, 2.0
_LOOK_S, _LOOKS_S = 0.01, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How long it took in whole, and how much of that nobody typed."""

    whole_s: float
    machine_s: float


def run(folder: Path, *, quick: bool) -> list[Measure]:
    """Measure some first words."""
    told: list[Told] = []
    with screen() as shown:
        desk = Desk(shown, folder)
        pages = folder / "pages"
        try:
            set_up(desk, pages)
            desk.start()
            for number in range(_ROUNDS[quick]):
                words = f"Web sites on web-01 do not answer, case {number}"
                told.append(_as_person(desk, shown, pages, words))
                command(desk, "incident", "resolve", str(number + 1))
        finally:
            desk.kill()
    return [
        _measure("incident key to the web site, typing included", told, lambda one: one.whole_s),
        _measure("the same, without the typing", told, lambda one: one.machine_s),
    ]


def _as_person(desk: Desk, shown: Screen, pages: Path, words: str) -> Told:
    return tell_first_word(desk, shown, pages, words, key_s=PERSON_KEY_S, looks_s=_LOOKS_S)


def set_up(desk: Desk, pages: Path) -> None:
    """Have a server with a customer's site, and a status page in a folder."""
    pages.mkdir()
    command(desk, "server", "add", "web-01", "--host", "192.0.2.1", "--site", "birch.example=Birch")
    command(
        desk,
        *("channel", "add", "Status", "static-site"),
        *("--set", f"folder={pages}", "--set", "address=https://status.example.com"),
    )


def command(desk: Desk, *words: str) -> None:
    """Run one command on the window's store."""
    subprocess.run(
        [sys.executable, "-m", "noc_console", *words],
        env=desk.environment,
        check=True,
        capture_output=True,
        timeout=60,
    )


def tell_first_word(
    desk: Desk,
    shown: Screen,
    pages: Path,
    words: str,
    *,
    key_s: float = 0.01,
    looks_s: float = 0.0,
) -> Told:
    """Open an incident, and tell customers of it in the window, which shows it for `looks_s`."""
    command(desk, "incident", "open", words, "--server", "web-01")
    shown.press("ctrl+3")
    shown.focus("^Incidents – noc-console$")
    time.sleep(looks_s)
    began_s = time.monotonic()
    shown.press("ctrl+Home", "n")
    shown.focus("^Tell customers$")
    typed_from_s = time.monotonic()
    shown.type(words, key_s=key_s)
    shown.press("Tab")
    shown.type("5 min", key_s=key_s)
    shown.press("Tab", "Up")
    typed_to_s = time.monotonic()
    shown.press("Return")
    wait_for(lambda: _is_told(pages, words), every_s=_LOOK_S)
    over_s = time.monotonic()
    shown.focus("^Notices – noc-console$")
    whole_s = over_s - began_s
    return Told(whole_s=whole_s, machine_s=whole_s - (typed_to_s - typed_from_s))


def _is_told(pages: Path, words: str) -> bool:
    return any(words in one.read_text(encoding="utf-8") for one in pages.rglob("*.html"))


def _measure(name: str, told: list[Told], of: Callable[[Told], float]) -> Measure:
    spans = sorted(of(one) for one in told)
    most = _WHOLE_S if "included" in name else _MACHINE_S
    note = f"p50 {spans[len(spans) // 2]:.2f} s, best {spans[0]:.2f} s of {len(spans)}"
    return Measure(name=f"{name}, worst", unit="s", ours=spans[-1], at_most=most, note=note)
