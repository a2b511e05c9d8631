"""One server's values against the shipped lines: blips, climbs, gaps, counters, services."""

import math
from datetime import timedelta

import pytest

from noc_console.fleet.server import Server
from noc_console.health.line_book import LineBook, Owner
from noc_console.health.lines import Lines
from noc_console.health.outlook import Outlook
from noc_console.health.slope import TimeTo
from noc_console.health.verdict import Verdict
from noc_console.telemetry.host import Mount
from noc_console.telemetry.service import CheckResult, Inside, Outside, ServiceState
from tests.conftest import NOW
from tests.health.watching import play, told, verdict_of, watch_of


def load_of(active, span_s=60.0):
    """Give the load average of so many active tasks from second 0 on (loadavg.c)."""
    return lambda at_s: active * (1 - math.exp(-at_s / span_s))


def test_a_quiet_server_has_no_reasons():
    watch = watch_of()

    assert play(watch, lambda _: 1.2, 600) == {Verdict.OK: 0.0}


def test_a_blip_raises_nothing():
    def blip(at_s):
        return 40.0 if 100 <= at_s < 115 else 0.5

    assert set(play(watch_of(), blip, 900)) == {Verdict.OK}


def test_a_short_spike_of_load_as_the_kernel_smooths_it_raises_nothing():
    def spike(at_s):
        rise = load_of(24.0)
        return rise(min(at_s, 20.0)) * math.exp(-max(0.0, at_s - 20.0) / 60.0)

    assert set(play(watch_of(), spike, 900)) == {Verdict.OK}


def test_a_load_that_is_high_for_five_minutes_is_early():
    first = play(watch_of(), lambda _: 3.0, 900)

    assert first[Verdict.EARLY] == 300.0
    assert Verdict.CUT_OFF not in first


def test_a_load_past_the_cut_off_is_nearest_of_all_until_it_has_lasted_its_minute():
    watch = watch_of()
    play(watch, lambda at_s: 1.0 if at_s < 100 else 20.0, 130)

    danger = watch.danger(130.0, NOW)

    assert (danger.key, danger.earliest_s) == ("load1", 0.0)
    assert 20 < danger.latest_s <= 35
    assert told(watch, 130.0) == {}  # nor does it raise anything yet: it may be a blip
    play(watch, lambda _: 20.0, 200)
    assert watch.danger(200.0, NOW) is None  # it is cut off: the row says so


def test_a_steady_load_that_levels_off_below_the_cut_off_is_no_forecast():
    first = play(watch_of(), load_of(4.0), 250)

    assert set(first) == {Verdict.OK}


@pytest.mark.parametrize("minutes", [2, 3, 5, 10, 20, 60])
def test_a_climb_of_two_minutes_or_more_is_early_before_the_cut_off(minutes):
    whole_s = minutes * 60

    first = play(watch_of(), lambda at_s: 8.0 * at_s / whole_s, whole_s * 1.5 + 120)

    assert first[Verdict.EARLY] < whole_s, "early comes before the line of the cut-off is reached"
    assert first[Verdict.EARLY] < first[Verdict.CUT_OFF]


def test_a_climb_says_when_the_cut_off_will_be_reached():
    watch = watch_of()
    play(watch, lambda at_s: 8.0 * at_s / 900 + 0.1 * math.sin(at_s * 1.3), 660)

    danger = watch.danger(660.0, NOW)

    assert danger.key == "load1"
    assert 200 < danger.earliest_s < danger.latest_s < 300
    assert "early line 2.8, cut-off 8 in 3-5 min" in told(watch, 660.0)["load1"].words


def test_a_value_that_stands_still_has_no_date():
    watch = watch_of()
    play(watch, lambda at_s: 5.0 + math.sin(at_s), 600)

    assert watch.danger(600.0, NOW) is None


def test_a_memory_leak_of_hours_is_seen_by_the_minute():
    watch = watch_of()
    hours = 2.0
    play(
        watch,
        lambda at_s: 80 + 17 * at_s / (hours * 3600) + 0.3 * math.sin(at_s / 7),
        3600,
        key="mem_used_percent",
    )

    danger = watch.danger(3600.0, NOW)

    assert danger.key == "mem_used_percent"
    assert danger.earliest_s < 3600 < danger.latest_s + 600


def test_a_cut_off_on_its_way_back_is_early_and_then_ok():
    def bump(at_s):
        if at_s < 200:
            return 10.0
        return 5.0 if at_s < 500 else 0.4

    watch = watch_of()
    seen = []
    for at_s in range(0, 900, 5):
        watch.take_values({"cores": 4.0, "load1": bump(at_s)}, at_s)
        verdict = verdict_of(watch, "load1", at_s)
        if not seen or seen[-1] is not verdict:
            seen.append(verdict)

    assert [one for one in seen if one is not Verdict.EARLY][:2] == [Verdict.OK, Verdict.CUT_OFF]
    assert seen[-3:] == [Verdict.CUT_OFF, Verdict.EARLY, Verdict.OK]


def test_silence_is_no_time_past_a_line():
    watch = watch_of()
    for at_s in (*range(0, 200, 5), *range(400, 600, 5)):
        watch.take_values({"cores": 4.0, "load1": 3.0}, float(at_s))

    assert verdict_of(watch, "load1", 595.0) is Verdict.OK


def test_ten_seconds_without_a_reading_make_nobody_forget_a_climb_however_quick_the_tick():
    watch = watch_of(tick_s=1.0)
    for at_s in (*range(60), *range(70, 100)):
        watch.take_values({"cores": 4.0, "load1": 0.1 * at_s}, float(at_s))
        if at_s >= 70:
            assert watch.danger(float(at_s), NOW) is not None, at_s


def test_a_value_that_is_read_no_more_means_nothing():
    watch = watch_of()
    play(watch, lambda _: 20.0, 120)

    assert verdict_of(watch, "load1", 125.0) is Verdict.CUT_OFF
    assert verdict_of(watch, "load1", 200.0) is Verdict.OK


def test_a_metric_that_is_missing_in_most_ticks_is_followed_all_the_same():
    watch = watch_of()
    for at_s in range(0, 600, 5):
        values = {"swap_in_bytes_per_s": 5e6} if at_s % 30 == 0 else {}
        watch.take_values(values, float(at_s))

    assert verdict_of(watch, "swap_in_bytes_per_s", 595.0) is Verdict.EARLY


def mount(path="/home", used=50.0, inodes=10.0):
    return Mount(
        mount=path,
        device="/dev/sda1",
        kind="ext4",
        total_bytes=1,
        used_percent=used,
        inodes_used_percent=inodes,
    )


def test_a_full_file_system_is_named_at_once():
    watch = watch_of()
    watch.take_mounts((mount(used=96.0), mount("/", used=86.0, inodes=None)), 0.0)

    assert told(watch, 1.0)["mount_used_percent:/home"].words == (
        "Disk space used of /home 96.0%, cut-off 95%"
    )
    assert verdict_of(watch, "mount_used_percent:/", 1.0) is Verdict.EARLY


def test_a_file_system_that_is_gone_is_forgotten():
    watch = watch_of()
    watch.take_mounts((mount(used=96.0),), 0.0)
    watch.take_mounts((), 60.0)

    assert told(watch, 61.0) == {}


def test_an_array_that_lost_a_disk_is_early_at_once_with_how_much_it_has_lost():
    watch = watch_of()
    watch.take_arrays({"md0": 100.0, "md1": 50.0, "md2": 0.0}, 0.0)

    reasons = told(watch, 1.0)

    assert reasons["raid_redundancy_lost_percent:md0"].words == (
        "RAID redundancy lost of md0 100.0%, early line 1%"
    )
    assert {one.verdict for one in reasons.values()} == {Verdict.EARLY}
    assert len(reasons) == 2


def test_an_array_that_was_rebuilt_or_is_gone_is_well_again():
    watch = watch_of()
    watch.take_arrays({"md0": 100.0, "md1": 100.0}, 0.0)
    for minute in range(1, 4):
        watch.take_arrays({"md0": 0.0}, minute * 60.0)

    assert told(watch, 181.0) == {}


def test_a_full_disk_that_is_read_no_more_is_full_still_and_says_since_when():
    watch = watch_of()
    watch.take_mounts((mount(used=96.0),), 0.0)

    assert told(watch, 3600.0)["mount_used_percent:/home"].words == (
        "Disk space used of /home 96.0% (read 60 min ago), cut-off 95%"
    )


def test_a_disk_that_fills_in_an_hour_is_early_long_before_its_level():
    watch = watch_of()
    for minute in range(15):
        watch.take_mounts((mount(used=50.0 + minute * 0.75),), minute * 60.0)

    reason = told(watch, 14 * 60.0)["mount_used_percent:/home"]

    assert reason.verdict is Verdict.EARLY
    assert "cut-off 95% in 4" in reason.words


def test_weeks_of_history_tell_of_a_disk_before_its_level():
    watch = watch_of()
    watch.take_mounts((mount(used=60.0),), 0.0)
    watch.take_outlook(
        Outlook(at=NOW, times={"mount_used_percent:/home": TimeTo(86_400.0, 100_000.0)})
    )

    reason = told(watch, 3600.0)["mount_used_percent:/home"]

    assert reason.verdict is Verdict.EARLY
    assert reason.words == "Disk space used of /home: cut-off in 23-27 h by its history"
    assert watch.danger(3600.0, NOW).earliest_s == 86_400.0


def test_a_kill_for_want_of_memory_is_seen_and_forgotten_after_half_an_hour():
    watch = watch_of()
    watch.take_values({"oom_kills": 7.0}, 0.0)
    assert told(watch, 1.0) == {}

    watch.take_values({"oom_kills": 8.0}, 30.0)
    assert told(watch, 31.0)["oom"].verdict is Verdict.EARLY
    watch.take_values({"oom_kills": 13.0}, 60.0)
    assert told(watch, 61.0)["oom"].verdict is Verdict.CUT_OFF
    assert told(watch, 3600.0) == {}


def test_a_reboot_is_seen_though_the_link_was_away():
    watch = watch_of()
    watch.take_values({"uptime_s": 90_000.0}, 0.0)
    watch.take_values({"uptime_s": 20.0}, 180.0)

    assert told(watch, 181.0)["reboot"].verdict is Verdict.EARLY
    assert told(watch, 1200.0) == {}


def test_a_machine_that_was_paused_did_not_boot():
    watch = watch_of()
    watch.take_values({"uptime_s": 90_000.0}, 0.0)
    watch.take_values({"uptime_s": 90_005.0}, 3600.0)

    assert told(watch, 3601.0) == {}


def service(name="exim4", inside=Inside.RUNNING, outside=Outside.NOT_CHECKED, restarts=None):
    return ServiceState(name=name, inside=inside, outside=outside, restarts=restarts)


@pytest.mark.parametrize(
    ("inside", "outside", "verdict"),
    [
        (Inside.RUNNING, Outside.ANSWERS, Verdict.OK),
        (Inside.RUNNING, Outside.NO_ANSWER, Verdict.CUT_OFF),
        (Inside.STOPPED, Outside.ANSWERS, Verdict.EARLY),
        (Inside.FAILED, Outside.REFUSED, Verdict.CUT_OFF),
        (Inside.UNKNOWN, Outside.NOT_CHECKED, Verdict.OK),
    ],
)
def test_a_service_is_judged_by_both_views(inside, outside, verdict):
    watch = watch_of()
    for at_s in range(0, 90, 15):
        watch.take_services((service(inside=inside, outside=outside),), float(at_s))

    assert verdict_of(watch, "service:exim4", 76.0) is verdict


def test_a_service_that_is_away_for_one_look_raises_nothing():
    watch = watch_of()
    watch.take_services((service(inside=Inside.STOPPED),), 0.0)
    assert told(watch, 10.0) == {}
    watch.take_services((service(inside=Inside.STOPPED),), 15.0)
    assert told(watch, 16.0)["service:exim4"].verdict is Verdict.EARLY
    watch.take_services((service(),), 30.0)

    assert told(watch, 31.0) == {}


def test_a_service_that_restarts_again_and_again_is_told_of():
    watch = watch_of()
    for look in range(6):
        watch.take_services((service(restarts=look),), look * 15.0)

    reason = told(watch, 76.0)["restarts:exim4"]

    assert reason.verdict is Verdict.EARLY
    assert reason.words == "exim4 was restarted: 5 in 10 min"


def check(label="https:/", outside=Outside.ANSWERS, **fields):
    usual = {"service": "", "at": NOW, "latency_ms": 3.0, "detail": ""}
    return CheckResult(label=label, outside=outside, **(usual | fields))


def test_an_outside_check_that_fails_twice_is_early_and_after_a_minute_a_cut_off():
    watch = watch_of()
    verdicts = []
    for at_s in (0.0, 5.0, 35.0, 65.0):
        watch.take_checks((check(outside=Outside.REFUSED),), at_s)
        verdicts.append(verdict_of(watch, "check:https:/", at_s))

    assert verdicts == [Verdict.OK, Verdict.EARLY, Verdict.EARLY, Verdict.CUT_OFF]
    assert told(watch, 66.0)["check:https:/"].words == "https:/: refused"


def test_a_check_that_fails_stays_a_reason_from_look_to_look():
    watch = watch_of()
    for at_s in (0.0, 5.0, 35.0, 65.0):
        watch.take_checks((check(outside=Outside.REFUSED),), at_s)
        watch.take_services((service(inside=Inside.STOPPED),), at_s)

    # outside checks are asked each half minute, on a machine in distress still less often
    for now_s in (66.0, 84.0, 95.0, 150.0):
        assert verdict_of(watch, "check:https:/", now_s) is Verdict.CUT_OFF
        assert verdict_of(watch, "service:exim4", now_s) is Verdict.CUT_OFF


@pytest.mark.parametrize(
    ("left", "verdict", "words"),
    [
        (timedelta(days=20), Verdict.OK, ""),
        (timedelta(days=3, hours=1), Verdict.EARLY, "https:/: the certificate expires in 3 days"),
        (timedelta(days=1, hours=1), Verdict.CUT_OFF, "https:/: the certificate expires in 1 day"),
        (timedelta(0), Verdict.CUT_OFF, "https:/: the certificate has expired"),
    ],
)
def test_a_certificate_that_runs_out_is_said_in_time(left, verdict, words):
    watch = watch_of()
    watch.take_checks((check(certificate_expires_at=NOW + left),), 0.0)

    assert verdict_of(watch, "certificate:https:/", 0.0) is verdict
    if words:
        assert told(watch, 0.0)["certificate:https:/"].words.startswith(words)


def test_a_service_that_is_expected_no_more_is_forgotten():
    watch = watch_of()
    for at_s in (0.0, 30.0):
        watch.take_services((service(inside=Inside.FAILED),), at_s)
    watch.take_services((), 45.0)

    assert told(watch, 46.0) == {}


def test_other_lines_hold_at_once_and_what_stands_against_the_same_lines_is_kept():
    watch = watch_of()
    play(watch, lambda _: 20.0, 120)
    watch.take_mounts((mount(used=96.0),), 120.0)
    server = Server(id=1, name="web", address="192.0.2.1")
    book = LineBook(chosen={Owner.server(1): {"load1": Lines(early=90.0, cut_off=95.0)}})

    watch.use(book.line_set(server), 5.0)
    watch.take_values({"cores": 4.0, "load1": 20.0}, 125.0)

    assert set(told(watch, 126.0)) == {"mount_used_percent:/home"}


def test_a_silenced_key_is_never_told_of():
    server = Server(id=1, name="web", address="192.0.2.1")
    book = LineBook(chosen={Owner.server(1): {"load1": Lines()}})
    watch = watch_of(book, id=server.id)

    assert set(play(watch, lambda _: 80.0, 600)) == {Verdict.OK}


def test_a_reboot_that_a_person_asked_for_is_no_news_and_the_next_one_is():
    watch = watch_of()
    for at_s, uptime_s in ((0.0, 9000.0), (60.0, 10.0), (120.0, 70.0)):
        if at_s == 60.0:
            watch.expect_reboot(30.0)
        watch.take_values({"uptime_s": uptime_s}, at_s)
    assert "reboot" not in told(watch, 120.0)

    watch.take_values({"uptime_s": 5.0}, 180.0)

    assert "reboot" in told(watch, 180.0)


def test_a_value_on_its_way_back_is_not_told_as_if_it_were_past_its_line():
    watch = watch_of()
    play(watch, lambda _: 20.0, 200)
    watch.take_values({"cores": 4.0, "load1": 3.0}, 205.0)

    words = told(watch, 205.0)["load1"].words

    assert words == "Load, 1 min 3.0 on 4 cores, a moment ago past the cut-off 8"


def test_an_early_load_past_the_cut_off_says_that_it_is_not_past_it_for_long():
    watch = watch_of()
    play(watch, lambda at_s: 3.0 if at_s < 400 else 20.0, 420)

    assert told(watch, 420.0)["load1"].words == (
        "Load, 1 min 20.0 on 4 cores, early line 2.8, past the cut-off 8 for less than 1 min"
    )
