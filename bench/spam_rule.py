"""How often the rule of senders is wrong, on days that are made up: `python -m bench.spam_rule`.

Servers of hosts, each with senders whose mails a day are spread as those of offices, shops and
newsletters are: a level of their own, weekends with less, days that vary the more the less one
sends, one in twenty with a letter to all on one day of the week. Nothing in it is spam, so whatever
is flagged is false; then one day of each is multiplied, as by an account that was taken over.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from noc_console.audit.spam.baseline import LEAST_PAST, is_high, past_of, usual_by

SEED = 20261128
FIRST = date(2026, 7, 6)
DAYS, FROM = 120, 30
"""Days of a server, and the first of them that is judged."""
_TIMES = (3, 5, 10)
_WAVE = 1_000
_LEAST_USUAL = 50

Counts = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class _Rates:
    """Flags of days without spam, and those caught of days with it."""

    judged: int
    false: int
    caught: Mapping[str, tuple[int, int]]


def main() -> None:
    """Print false flags a day and the share that is caught."""
    parser = argparse.ArgumentParser(prog="bench.spam_rule", description=__doc__)
    parser.add_argument("--servers", type=int, default=100)
    servers = parser.parse_args().servers
    made = list(_servers(np.random.default_rng(SEED), servers))
    days = [FIRST + timedelta(days=number) for number in range(DAYS)]
    print(
        f"{servers} servers, {sum(map(len, made))} senders, {DAYS - FROM} judged days, seed {SEED}"
    )
    whole = [{day: sum(one[day] for one in senders) for day in days} for senders in made]
    _print("all mail of a server", _rates(whole, days), servers * (DAYS - FROM))
    each = [one for some in made for one in some]
    _print("each sender", _rates(each, days), servers * (DAYS - FROM))
    short = [day for day in days if day >= days[DAYS - LEAST_PAST]]
    past = past_of(short[-1], short)
    flags = sum(is_high(one[short[-1]], usual_by(past, one)) for one in each)
    print(f"with {len(short) - 1} other days: {flags} flags of {len(each)}, none may be said")


def _print(name: str, rates: _Rates, server_days: int) -> None:
    print(f"\n{name}: {rates.judged:,} days without spam, {rates.false} flagged")
    print(f"  false flags a server-day  {rates.false / server_days:.4f}")
    for what, (caught, of) in rates.caught.items():
        print(f"  {what:<24}  {caught / of:7.1%} of {of:,}")


def _rates(series: Sequence[Counts], days: Sequence[date]) -> _Rates:
    false = judged = 0
    caught: dict[str, list[bool]] = {}
    for counts in series:
        for day in days[FROM:]:
            usual = usual_by(past_of(day, days), counts)
            judged += 1
            false += is_high(counts[day], usual)
            if usual is None:
                continue
            if usual.mails >= _LEAST_USUAL:
                for times in _TIMES:
                    name = f"caught of x{times}"
                    caught.setdefault(name, []).append(is_high(counts[day] * times, usual))
            wave = f"caught of +{_WAVE:,} mails"
            caught.setdefault(wave, []).append(is_high(counts[day] + _WAVE, usual))
    return _Rates(judged, false, {name: (sum(some), len(some)) for name, some in caught.items()})


def _servers(random: np.random.Generator, count: int) -> Iterator[list[Counts]]:
    for _ in range(count):
        yield [_sender(random) for _ in range(int(random.integers(5, 40)))]


def _sender(random: np.random.Generator) -> Counts:
    level = float(np.exp(random.normal(2.5, 1.5)))
    weekend = float(random.uniform(0.1, 0.9))
    noise = float(random.uniform(0.15, 0.45))
    letter = int(random.integers(0, 7)) if random.random() < 0.05 else None
    counts = {}
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        mean = level * (weekend if day.weekday() >= 5 else 1.0)
        mean *= 8.0 if day.weekday() == letter else 1.0
        counts[day] = int(random.poisson(mean * float(np.exp(random.normal(0.0, noise)))))
    return counts


if __name__ == "__main__":
    main()
