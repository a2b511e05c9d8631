"""An answer is judged by its own days and by those that earlier months keep."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.parsing.parsed import OutputNotUnderstood
from noc_console.audit.spam.judged import judge_senders
from noc_console.audit.spam.panel import Standing
from noc_console.audit.spam.told import read_told

TODAY = date(2026, 11, 28)


def answer(last, counts, *, today=None):
    """Give an answer whose days end with `last`: a list of counts a sender."""
    length = len(next(iter(counts.values())))
    days = [last - timedelta(days=length - 1 - number) for number in range(length)]
    lines = ["MTA\texim", f"TODAY\t{today or last}", "DAYS\t" + " ".join(map(str, days))]
    lines += [f"SENT\tuser\t{name}\t{' '.join(map(str, some))}" for name, some in counts.items()]
    return read_told("\n".join(lines).encode(), today=TODAY)


def standings(judged):
    """Give each sender's standing."""
    return {one.sender.item: one.standing for one in judged.senders}


def test_a_sender_far_above_its_own_log_is_high_and_the_worst_comes_first():
    told = answer(TODAY, {"shop": [20] * 20 + [900, 30], "calm": [50] * 22})

    judged = judge_senders(told, [])

    assert standings(judged) == {
        "user shop": Standing.HIGH,
        "server all mail": Standing.HIGH,
        "user calm": Standing.USUAL,
    }
    worst = judged.senders[0]
    assert (worst.sender.name, worst.worst.mails, worst.worst.day) == (
        "shop",
        900,
        date(2026, 11, 27),
    )


def test_a_short_log_alone_is_too_little_past():
    told = answer(TODAY, {"shop": [20, 20, 900]})

    assert set(standings(judge_senders(told, [])).values()) == {Standing.UNKNOWN}


def test_what_earlier_months_keep_is_the_past_of_a_short_log():
    before = answer(date(2026, 10, 31), {"shop": [20] * 20})
    told = answer(TODAY, {"shop": [20, 20, 900]})

    assert standings(judge_senders(told, [before]))["user shop"] is Standing.HIGH


def test_a_day_that_an_earlier_audit_saw_whole_is_not_judged_again():
    october = answer(date(2026, 11, 20), {"shop": [20] * 20 + [900, 20]}, today=date(2026, 11, 20))
    told = answer(TODAY, {"shop": [20, 900, 20, 20, 20, 20, 20, 20, 20, 20, 20]})

    judged = judge_senders(told, [october])

    assert judged.days.judged[0] == date(2026, 11, 20)  # it was not over then
    assert standings(judged)["user shop"] is Standing.USUAL


def test_today_is_judged_as_far_as_it_is_and_is_no_past():
    told = answer(TODAY, {"shop": [20] * 15 + [500]})

    days = judge_senders(told, []).days

    assert days.of(judge_senders(told, []).senders[0].sender, 99)[-1].is_partial
    assert TODAY not in days.full


def test_a_new_sender_is_held_against_days_without_its_mail():
    told = answer(TODAY, {"new": [0] * 14 + [150, 0]})

    assert standings(judge_senders(told, []))["user new"] is Standing.HIGH


@pytest.mark.parametrize(
    "output",
    [
        b"MTA\texim\nWHAT\t1",
        b"MTA\texim\nDAYS\t2026-13-01",
        b"MTA\texim\nDAYS\t2026-11-01\nSENT\tuser\tx\t1 2",
        b"MTA\texim\nDAYS\t2026-11-01\nSENT\tghost\tx\t1",
        b"MTA\texim\nDAYS\t2026-11-01\nSENT\tuser\tx\tmany",
        b"nothing a mail server writes\n",
    ],
)
def test_what_is_no_count_is_not_understood(output):
    with pytest.raises(OutputNotUnderstood):
        read_told(output, today=TODAY)


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"MTA\texim\nDAYS\t2026-11-01\n", b"TODAY\t"])
)
def test_any_bytes_are_judged_or_not_understood(tail, head):
    try:
        told = read_told(head + tail, today=TODAY)
    except OutputNotUnderstood:
        return
    assert judge_senders(told, [told]).days.today in {None, told.mails.today}
