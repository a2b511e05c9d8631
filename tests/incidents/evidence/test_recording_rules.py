import pytest

from noc_console.health.verdict import Danger, Judgement, Reason, Verdict
from noc_console.incidents.evidence.recording_rules import Declined, why_record
from tests.conftest import NOW


def judged(*reasons, danger=None):
    told = tuple(Reason(key, verdict, f"{key} is amiss") for key, verdict in reasons)
    verdict = min((one.verdict for one in told), key=lambda one: one.urgency, default=Verdict.OK)
    return Judgement(verdict=verdict, since=NOW, reasons=told, danger=danger)


@pytest.mark.parametrize(
    "key", ["load1", "iowait_percent", "mem_used_percent", "service_down_minutes:exim4", "oom"]
)
def test_what_can_be_seen_on_the_server_is_recorded_from_the_early_line_on(key):
    assert why_record(judged((key, Verdict.EARLY))) == f"{key} is amiss"
    assert why_record(judged((key, Verdict.CUT_OFF))) == f"{key} is amiss"


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("link", Verdict.DOWN),
        ("certificate_days:https:/", Verdict.EARLY),
        ("check_failing_minutes:http:/", Verdict.CUT_OFF),
        ("mount_used_percent:/home", Verdict.CUT_OFF),
        ("clock_offset_s", Verdict.EARLY),
        ("load1", Verdict.STALE),
    ],
)
def test_what_lies_elsewhere_or_stays_for_weeks_is_not(key, verdict):
    assert why_record(judged((key, verdict))) == ""


def test_a_server_that_is_well_or_not_judged_is_not_recorded():
    assert why_record(judged()) == ""
    assert why_record(None) == ""


@pytest.mark.parametrize(("seconds", "is_recorded"), [(600.0, True), (86_400.0, False)])
def test_a_disk_that_is_full_within_the_hour_is_recorded(seconds, is_recorded):
    danger = Danger("mount_used_percent:/var", seconds, None, NOW)

    words = why_record(judged(("mount_used_percent:/var", Verdict.EARLY), danger=danger))

    assert words == ("/var is full within the hour" if is_recorded else "")


def test_what_a_person_stopped_begins_again_only_when_it_is_worse():
    declined = Declined(Verdict.EARLY.urgency)

    assert declined.still_holds(judged(("load1", Verdict.EARLY)))
    assert not declined.still_holds(judged(("load1", Verdict.CUT_OFF)))
    assert not declined.still_holds(judged())
