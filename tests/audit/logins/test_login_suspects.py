"""Who guessed a password is told; who mistyped one is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.logins.panel import LoginRule
from noc_console.audit.logins.suspects import LoginWatch, item_of
from noc_console.audit.logins.told import read_told
from tests.audit.logins.written import (
    HOME,
    HOTEL,
    KEY,
    NOW,
    OTHER_KEY,
    accepted,
    at,
    guessed,
    line,
    refused,
)

OWN = Path(__file__).parent / "own_sshd"


def told_by(*lines):
    """Give what a log tells."""
    return read_told("\n".join(lines).encode(), NOW)


def suspicions(*lines, watch=None):
    """Give what is odd: rule, account and address of each."""
    found = (watch or LoginWatch()).suspicions(told_by(*lines))
    return [(one.rule, one.login.user, one.login.event.address) for one in found]


def break_ins(*lines, before=(), now=NOW):
    """Give the accounts whose password was guessed, as the check tells them."""
    told = guessed("\n".join(lines), before=("\n".join(before).encode(),), now=now)
    return [one.split()[0] for one in told]


USUAL = [accepted(at(day)) for day in (2, 3, 4, 5)]


def test_of_a_real_log_just_what_was_done_is_told():
    told = read_told((OWN / "auth.log").read_bytes(), NOW)
    found = [
        (one.rule, one.login.user, one.login.event.address)
        for one in LoginWatch().suspicions(told)
        if one.rule is not LoginRule.GUESSED
    ]

    assert (len(told.logins), sum(one.count for one in told.failures)) == (9, 35)
    assert guessed((OWN / "auth.log").read_bytes()) == ["audit2 127.0.66.0/24"]
    assert found == [
        (LoginRule.NEW_NETWORK, "audit2", "127.0.66.6"),
        (LoginRule.NEW_KEY, "audit1", "127.0.99.9"),
        (LoginRule.NEW_NETWORK, "audit1", "127.0.99.9"),
    ]


@pytest.mark.parametrize(("times", "is_told"), [(4, False), (5, True)])
def test_five_refused_passwords_of_the_account_and_then_a_right_one_are_a_break_in(times, is_told):
    lines = [
        refused(at(6), "shop", HOTEL, times),
        accepted(at(6, 10), "shop", HOTEL, by="password"),
    ]

    assert break_ins(*lines) == (["shop"] if is_told else [])


@pytest.mark.parametrize(("times", "is_told"), [(19, False), (20, True)])
def test_twenty_refused_passwords_from_the_address_are_too(times, is_told):
    lines = [
        *(refused(at(6), f"invalid user u{number}", HOTEL) for number in range(times)),
        accepted(at(6, 10), "shop", HOTEL, by="password"),
    ]

    assert break_ins(*lines) == (["shop"] if is_told else [])


def test_guesses_from_many_addresses_are_told_where_the_account_never_was_before():
    guesses = [refused(at(6), "ann", f"192.0.{number}.1") for number in range(5)]

    assert break_ins(*USUAL, *guesses, accepted(at(6, 10), address=HOTEL, by="password")) == ["ann"]
    assert break_ins(*USUAL, *guesses, accepted(at(6, 10), by="password")) == []


def test_a_name_that_is_guessed_every_day_was_not_guessed_for_one_more_such_day():
    guesses = [
        refused(at(day, hour), "ann", f"192.0.{hour}.{day}")
        for day in range(2, 15)
        for hour in range(9)
    ]
    abroad = accepted(at(14, 10), address=HOTEL, by="password")

    assert break_ins(*USUAL, *guesses, abroad) == []
    assert break_ins(*USUAL, *guesses[-9:], abroad) == ["ann"]


def test_who_mistyped_before_each_of_two_logins_of_a_day_did_not_guess():
    lines = [
        part
        for hour in (9, 12)
        for part in (
            refused(at(6, hour), "shop", HOTEL, 4),
            accepted(at(6, hour, 1), "shop", HOTEL, by="password"),
        )
    ]

    assert break_ins(*lines) == []


def test_an_office_of_people_who_mistype_is_no_thief():
    lines = [
        part
        for number, user in enumerate(("ann", "bob", "cleo", "dora", "emil", "finn", "gerd"))
        for part in (
            refused(at(6, 9, 2 * number), user, times=4),
            accepted(at(6, 9, 2 * number + 1), user, by="password"),
        )
    ]

    assert break_ins(*lines) == []
    assert break_ins(*lines[::2], *lines[1::2][-1:]) == ["gerd"]  # 28, and then one that is right


def test_a_place_that_seemed_bad_is_trusted_after_ten_days():
    bad = [refused(at(1), "ann", HOTEL, 7), accepted(at(1, 10), "ann", HOTEL, by="password")]
    before = [*bad, *(accepted(at(day), "ann", HOTEL) for day in range(2, 18))]
    again = [refused(at(20), "ann", HOTEL, 7), accepted(at(20, 10), "ann", HOTEL, by="password")]

    assert break_ins(*again, before=before) == []
    assert break_ins(*again) == ["ann"]


def test_a_day_later_they_are_over():
    guesses = refused(at(6), "shop", HOTEL, 9)

    assert break_ins(guesses, accepted(at(7, 8, 59), "shop", HOTEL, by="password")) == ["shop"]
    assert break_ins(guesses, accepted(at(7, 9, 1), "shop", HOTEL, by="password")) == []


def test_a_key_was_not_guessed():
    assert break_ins(refused(at(6), "shop", HOTEL, 9), accepted(at(6, 10), "shop", HOTEL)) == []


def test_who_mistypes_where_he_comes_from_day_by_day_is_no_break_in_until_it_is_twenty():
    right = accepted(at(6, 10), by="password")

    assert break_ins(*USUAL, refused(at(6), times=9), right) == []
    assert break_ins(*USUAL, refused(at(6), times=20), right) == ["ann"]


def test_a_password_beside_a_key_is_not_a_password_alone():
    partly = line(at(6), f"Partial publickey for root from {HOME} port 4022 ssh2: ED25519 {KEY}")
    whole = accepted(at(6, 9, 1), "root", by="password")

    assert suspicions(whole) == [(LoginRule.ROOT_PASSWORD, "root", HOME)]
    assert suspicions(partly, whole) == []


def test_nothing_is_learnt_from_where_a_password_was_guessed():
    watch = LoginWatch()
    stolen = [accepted(at(6, hour), "ann", HOTEL, by="password") for hour in (10, 11, 12)]
    watch.learn(told_by(*USUAL, refused(at(6), "ann", HOTEL, 9), *stolen))

    assert suspicions(accepted(at(20), "ann", HOTEL), watch=watch) == [
        (LoginRule.NEW_NETWORK, "ann", HOTEL)
    ]


def test_another_address_of_the_same_network_is_not_new():
    assert suspicions(*USUAL, accepted(at(6), address="203.0.113.200")) == []


def test_a_new_key_and_a_new_network_are_told_once():
    new = [accepted(at(day), address=HOTEL, key=OTHER_KEY) for day in (6, 7)]

    assert suspicions(*USUAL, *new) == [
        (LoginRule.NEW_KEY, "ann", HOTEL),
        (LoginRule.NEW_NETWORK, "ann", HOTEL),
    ]


def test_the_first_logins_of_an_account_are_not_new():
    assert suspicions(*USUAL, accepted(at(6), "bob", HOTEL, key=OTHER_KEY)) == []


def test_an_account_that_comes_for_the_first_time_where_nobody_does_is_told_once_a_past_is_known():
    watch = LoginWatch()
    watch.learn(told_by(*USUAL))

    assert suspicions(accepted(at(6), "bob", HOTEL), watch=watch) == [
        (LoginRule.NEW_NETWORK, "bob", HOTEL)
    ]
    assert suspicions(accepted(at(6), "eve", HOME), watch=watch) == []


def test_an_hour_is_odd_only_against_a_habit():
    habit = [accepted(at(day, hour)) for day in range(2, 14) for hour in (9, 12, 15)]
    night = accepted(at(14, 3))

    assert suspicions(*habit, night) == [(LoginRule.ODD_HOUR, "ann", HOME)]
    assert suspicions(*habit[:20], night) == []
    assert suspicions(*habit, accepted(at(14, 18))) == []


def session(start, end, address, port, by="publickey"):
    """Give the lines of a session."""
    return [
        accepted(start, address=address, port=port, pid=port, by=by),
        line(end, f"Disconnected from user ann {address} port {port}", port + 1),
    ]


@pytest.mark.parametrize(
    ("second", "is_told"),
    [
        ((at(6, 10), at(6, 12), HOTEL), True),
        ((at(6, 11, 1), at(6, 12), HOTEL), False),
        ((at(6, 10), at(6, 12), "203.0.113.99"), False),
        ((at(6, 10), at(6, 12), "2001:db8::7"), False),
    ],
    ids=["overlap", "one after the other", "same network", "by IPv6 as well"],
)
def test_sessions_from_two_networks_are_told_only_while_both_are_open(second, is_told):
    lines = [*USUAL, *session(at(6, 9), at(6, 11), HOME, 5001), *session(*second, 5002, "password")]
    rules = [rule for rule, _, _ in suspicions(*lines)]

    assert (LoginRule.TWO_NETWORKS in rules) is is_told


def test_a_laptop_that_left_a_session_behind_is_one_person():
    lines = [*USUAL, *session(at(6, 9), at(6, 11), HOME, 5001)]
    lines += session(at(6, 10), at(6, 12), HOTEL, 5002)

    assert [rule for rule, _, _ in suspicions(*lines)] == [LoginRule.NEW_NETWORK]


def test_two_networks_at_once_are_known_the_second_time():
    lines = [
        part
        for day in (6, 7)
        for part in (
            *session(at(day, 9), at(day, 11), HOME, 5000 + day),
            *session(at(day, 10), at(day, 12), HOTEL, 6000 + day, "password"),
        )
    ]
    found = list(LoginWatch().suspicions(told_by(*USUAL, *lines)))

    assert [item_of(one) for one in found if one.rule is LoginRule.TWO_NETWORKS] == [
        "two networks at once ann 198.51.100.0/24 203.0.113.0/24"
    ]


def test_lines_may_come_in_any_order():
    lines = [refused(at(6), "shop", HOTEL, 9), accepted(at(6, 10), "shop", HOTEL, by="password")]

    assert break_ins(*reversed(lines)) == ["shop"]


def test_the_year_turns_within_a_log():
    now = datetime(2027, 1, 2, tzinfo=UTC)
    lines = [
        refused(datetime(2026, 12, 31, 23, 50, tzinfo=UTC), "shop", HOTEL, 9),
        accepted(datetime(2027, 1, 1, 0, 10, tzinfo=UTC), "shop", HOTEL, by="password"),
    ]

    assert break_ins(*lines, now=now) == ["shop"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ann", "bob", "root"]),
            st.sampled_from([HOME, HOTEL, "2001:db8::7", "UNKNOWN"]),
            st.sampled_from(["password", "publickey", "refused"]),
            st.integers(0, 60 * 24 * 20),
        ),
        max_size=40,
    )
)
def test_counts_never_go_below_nothing_and_each_suspicion_has_a_name(logins):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    lines = [
        refused(start + timedelta(minutes=minute), user, address, 3)
        if how == "refused"
        else accepted(start + timedelta(minutes=minute), user, address, by=how)
        for user, address, how, minute in logins
    ]
    for one in LoginWatch().suspicions(told_by(*lines)):
        assert min(one.same_user, one.from_address, one.elsewhere) >= 0
        assert one.login.user in item_of(one)
