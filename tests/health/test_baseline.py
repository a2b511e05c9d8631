"""What is usual at the hour of the week, and what is far from it though below every line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from noc_console.health.baseline import baseline_of, hour_of_week
from noc_console.health.unusual import Unusual
from noc_console.health.verdict import Verdict

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 5, 4, tzinfo=UTC)


def history(weeks, load_of, start=MONDAY):
    """Give five-minute figures of some weeks."""
    times = np.arange(weeks * 7 * 288) * 300.0 + start.timestamp()
    moments = [datetime.fromtimestamp(at, UTC) for at in times]
    return times, np.array([load_of(moment) for moment in moments])


def busy_nights(moment):
    wave = 0.05 * ((moment.minute // 5) % 4)
    return (2.0 if moment.hour == 2 else 0.5) + wave


def test_the_hour_of_the_week_is_that_of_the_zone():
    assert hour_of_week(MONDAY, UTC) == 0
    assert hour_of_week(MONDAY, BERLIN) == 2
    assert hour_of_week(MONDAY - timedelta(hours=1), BERLIN) == 1


def test_what_is_usual_at_two_in_the_night_is_unusual_at_noon():
    times, load = history(6, busy_nights)
    baseline = baseline_of(times, {"load5": load}, UTC)

    night, noon = baseline.usual("load5", 2), baseline.usual("load5", 12)

    assert night.low < 2.0 < night.high
    assert noon.high < 2.0
    assert noon.low < 0.5 < noon.high


def test_too_few_weeks_make_nothing_usual():
    times, load = history(3, busy_nights)

    assert baseline_of(times, {"load5": load}, UTC).usual("load5", 2) is None
    assert baseline_of(np.empty(0), {}, UTC).usual("load5", 2) is None


def test_one_wild_week_does_not_make_it_usual():
    times, load = history(6, busy_nights)
    load[: 7 * 288] = 40.0

    assert baseline_of(times, {"load5": load}, UTC).usual("load5", 12).high < 3.0


def test_hours_stand_still_over_the_change_to_summer_time():
    start = datetime(2026, 3, 9, tzinfo=UTC)

    def at_nine(moment):
        return 5.0 if moment.astimezone(BERLIN).hour == 9 else 0.5

    times, load = history(6, at_nine, start)
    baseline = baseline_of(times, {"load5": load}, BERLIN)

    assert baseline.usual("load5", 9).low > 2.0
    assert baseline.usual("load5", 10).high < 2.0


@pytest.fixture
def unusual():
    times, load = history(6, busy_nights)
    found = Unusual()
    found.use(baseline_of(times, {"load5": load}, UTC))
    found.turn_to(12)
    return found


def play(unusual, load5, seconds, start_s=0.0):
    for at_s in range(0, seconds, 5):
        unusual.take({"load5": load5}, start_s + at_s)
    return unusual.reasons(start_s + seconds)


def test_what_is_far_from_usual_for_ten_minutes_is_worth_a_look_and_no_alarm(unusual):
    assert play(unusual, 2.2, 500) == []

    (reason,) = play(unusual, 2.2, 500, 500.0)

    assert (reason.key, reason.verdict) == ("unusual:load5", Verdict.OK)
    assert reason.words.startswith("Load, 5 min 2.2 is unusual for this hour of the week (0.")


def test_what_is_as_usual_is_not_told(unusual):
    assert play(unusual, 0.6, 1800) == []


def test_a_figure_that_is_read_no_more_is_not_unusual(unusual):
    play(unusual, 2.2, 900)

    assert unusual.reasons(2000.0) == []


def test_without_a_baseline_nothing_is_unusual():
    assert play(Unusual(), 90.0, 1800) == []
