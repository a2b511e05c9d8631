"""Whole days and many climbs of made-up load against the shipped lines: in time, and quiet."""

import math
import random

import pytest

from noc_console.health.verdict import Verdict
from tests.health.watching import verdict_of, watch_of

DAY_S = 86_400


@pytest.mark.parametrize("seed", range(24))
def test_a_noisy_climb_of_two_minutes_or_more_is_early_before_it_reaches_the_cut_off(seed):
    chance = random.Random(seed)  # noqa: S311 - a curve, not a secret
    cores = chance.choice([1, 2, 4, 8, 16, 64])
    lasts_s = chance.choice([120, 150, 200, 300, 600, 1200, 3600])
    rests_at = chance.uniform(0, 0.4) * cores
    noise = chance.uniform(0, 0.05) * cores
    shape = chance.choice([1.0, 1.0, 1.5, 2.0])
    watch, early_s, reached_s, at_s = watch_of(), None, None, 0.0
    while reached_s is None:
        climbed = min(at_s / lasts_s, 1.6) ** shape
        load1 = rests_at + (2.0 * cores - rests_at) * climbed + chance.gauss(0, noise)
        watch.take_values({"cores": float(cores), "load1": max(0.0, load1)}, at_s)
        if early_s is None and verdict_of(watch, "load1", at_s) is not Verdict.OK:
            early_s = at_s
        if load1 >= 2.0 * cores:
            reached_s = at_s
        at_s += 5.0

    assert early_s is not None
    assert early_s < reached_s


def calls_of_a_day(seed, busy, burst):
    """Count how often a day of a server with four cores calls; each half hour work bursts in."""
    chance, watch = random.Random(seed), watch_of()  # noqa: S311 - a curve, not a secret
    load, at_s, next_s, until_s, more, calls = busy * 4, 0.0, 0.0, 0.0, 0.0, 0
    before = Verdict.OK
    while at_s < DAY_S:
        if at_s >= next_s:
            until_s = at_s + min(chance.expovariate(1 / 60), 200.0)
            more = chance.uniform(*burst) * 4
            next_s = at_s + chance.expovariate(1 / 1800)
        active = max(0.0, chance.gauss(busy * 4, busy * 2)) + (more if at_s < until_s else 0.0)
        load = active + (load - active) * math.exp(-5 / 60)
        watch.take_values({"cores": 4.0, "load1": load}, at_s)
        verdict = verdict_of(watch, "load1", at_s)
        calls += verdict is not Verdict.OK and before is Verdict.OK
        before = verdict
        at_s += 5.0
    return calls


@pytest.mark.parametrize(("busy", "burst"), [(0.1, (0.3, 0.8)), (0.3, (0.3, 0.8))])
def test_a_day_with_a_burst_each_half_hour_that_stays_below_the_cut_off_calls_nobody(busy, burst):
    assert sum(calls_of_a_day(seed, busy, burst) for seed in range(3)) == 0


def test_a_busy_day_whose_bursts_go_past_the_early_line_calls_now_and_then_only():
    assert sum(calls_of_a_day(seed, 0.5, (0.3, 0.8)) for seed in range(3)) <= 9
