"""Made-up logins of a server for two months: what honest people do, and what was planted.

The numbers are ours, not measured on a fleet: people who mistype, work from home over addresses of
the day, travel and are on call; customers who come by password; and strangers who guess all day.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DAYS = 30
_KEYS = {name: f"SHA256:{(name * 43)[:43]}" for name in ("ann", "bob", "cleo", "robot", "thief")}
PLANTS = ("guessed", "guessed by many", "stolen key", "new key", "root by password", "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeMonth:
    """One server's log of a month, the month before, and what of it was planted.

    `items` are the findings that have to name it.
    """

    before: bytes
    now: bytes
    plant: str
    items: frozenset[str]


class _Writer:
    def __init__(self, chance: random.Random, begin: datetime) -> None:
        self.chance = chance
        self.begin = begin
        self.lines: list[tuple[datetime, str]] = []

    def moment(self, first_hour: int, last_hour: int, *, weekdays: bool) -> datetime:
        while True:
            day = self.begin + timedelta(days=self.chance.randrange(DAYS))
            if not weekdays or day.weekday() < 5:
                return day + timedelta(
                    minutes=self.chance.randrange(first_hour * 60, last_hour * 60)
                )

    def write(self, at: datetime, message: str) -> None:
        pid = self.chance.randrange(300, 60_000)
        self.lines.append((at, f"{at:%b %e %H:%M:%S} web1 sshd[{pid}]: {message}"))

    def login(self, at: datetime, user: str, address: str, key: str = "") -> None:
        port, minutes = self.chance.randrange(1024, 65_000), self.chance.randrange(1, 90)
        how, tail = ("publickey", f": ED25519 {_KEYS[key]}") if key else ("password", "")
        self.write(at, f"Accepted {how} for {user} from {address} port {port} ssh2{tail}")
        gone = f"Disconnected from user {user} {address} port {port}"
        self.write(at + timedelta(minutes=minutes), gone)

    def refused(self, at: datetime, user: str, address: str, times: int = 1) -> None:
        for number in range(times):
            port = self.chance.randrange(1024, 65_000)
            then = at - timedelta(seconds=20 * (times - number))
            self.write(then, f"Failed password for {user} from {address} port {port} ssh2")

    def answer(self) -> bytes:
        asked = self.begin + timedelta(days=DAYS)
        head = f"CLOCK\t{asked:%Y-%m-%dT%H:%M:%S}+0000\tEtc/UTC\n"
        head += f"LOG\t/var/log/auth.log\t{self.begin:%b %e %H:%M:%S} web1 x\n"
        head += "".join(f"POWER\t{name}\tadmin\n" for name in ("ann", "bob", "cleo"))
        return (head + "".join(f"{text}\n" for _, text in sorted(self.lines))).encode()


def made_months(seed: int, servers: int) -> Iterator[MadeMonth]:
    """Give the months of some servers, a sixth of them with each thing planted."""
    for number in range(servers):
        chance = random.Random(seed * 1_000_003 + number)  # noqa: S311 - no secret
        october = _Writer(chance, datetime(2026, 10, 1, tzinfo=UTC))
        november = _Writer(chance, datetime(2026, 11, 1, tzinfo=UTC))
        homes = [f"203.0.{chance.randrange(256)}.{chance.randrange(256)}" for _ in range(20)]
        for month in (october, november):
            _admins(month, homes)
            _customers(month, homes)
            _strangers(month)
        plant = PLANTS[number % len(PLANTS)]
        yield MadeMonth(
            before=october.answer(),
            items=frozenset(_planted(november, plant, homes)),
            now=november.answer(),
            plant=plant,
        )


def _admins(month: _Writer, homes: list[str]) -> None:
    """Ann and Bob from the office by key, at times by password; Cleo from home and on her way."""
    chance = month.chance
    for user in ("ann", "bob"):
        for _ in range(40):
            month.login(month.moment(7, 18, weekdays=True), user, homes[0], user)
        for _ in range(4):
            at = month.moment(7, 18, weekdays=True)
            month.refused(at, user, homes[0], chance.choice([1, 2, 3, 7]))
            month.login(at, user, homes[0])
    for _ in range(25):
        month.login(month.moment(8, 22, weekdays=False), "cleo", homes[1], "cleo")
    for _ in range(3):  # addresses of the day, and a train
        away = f"198.18.{chance.randrange(3)}.{chance.randrange(256)}"
        month.login(month.moment(8, 22, weekdays=False), "cleo", away, "cleo")
    for hour in range(0, DAYS * 24, 2):
        month.login(month.begin + timedelta(hours=hour, minutes=7), "robot", homes[2], "robot")


def _customers(month: _Writer, homes: list[str]) -> None:
    chance = month.chance
    for number in range(12):
        for _ in range(chance.randrange(2, 9)):
            at = month.moment(6, 23, weekdays=False)
            where = homes[3 + number] if chance.random() < 0.8 else f"198.19.{number}.9"
            month.refused(at, f"cust{number}", where, chance.choice([0, 0, 1, 2, 4]))
            month.login(at, f"cust{number}", where)


def _strangers(month: _Writer) -> None:
    """Guess all day, from addresses that each try a few times or for an hour."""
    chance = month.chance
    names = ("root", "invalid user admin", "invalid user test", "ann", "cust3", "invalid user x")
    for _ in range(120):
        address = f"192.0.{chance.randrange(256)}.{chance.randrange(256)}"
        at = month.moment(0, 24, weekdays=False)
        for step in range(chance.choice([1, 2, 5, 25])):
            month.refused(at + timedelta(seconds=30 * step), chance.choice(names), address)


def _planted(month: _Writer, plant: str, homes: list[str]) -> list[str]:
    """Plant one thing; gives the items that have to tell of it."""
    at = month.moment(9, 17, weekdays=True)
    thief = "100.64.9.9"
    if plant == "guessed":
        month.refused(at, "cust5", thief, month.chance.randrange(5, 60))
        month.login(at, "cust5", thief)
        return ["guessed password cust5 100.64.9.0/24"]
    if plant == "guessed by many":
        for number in range(month.chance.randrange(6, 40)):
            month.refused(at - timedelta(minutes=number), "cust5", f"100.65.{number}.1")
        month.login(at, "cust5", thief)
        return ["guessed password cust5 100.64.9.0/24"]
    if plant == "stolen key":
        month.login(at, "ann", thief, "ann")
        return ["network ann 100.64.9.0/24"]
    if plant == "new key":
        month.login(at, "bob", homes[0], "thief")
        return [f"key bob {_KEYS['thief']}"]
    if plant == "root by password":
        month.login(at, "root", homes[0])
        return [f"root by password root {'.'.join(homes[0].split('.')[:3])}.0/24"]
    return []
