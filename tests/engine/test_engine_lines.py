"""Lines that a person chooses hold in the engine at once; what was amiss is amiss after a start."""

from datetime import timedelta

import pytest

from noc_console.engine.line_shelf import LineShelf
from noc_console.engine.warm_up import warm_watches
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.health.line_book import ALL, LineBook, Owner
from noc_console.health.line_records import choose_lines, reset_lines
from noc_console.health.lines import Lines
from noc_console.health.verdict import Verdict
from noc_console.store.history import History, Reading
from noc_console.store.schema.metadata import to_ms
from noc_console.telemetry.arrays import ARRAY_LOST, figures_of
from tests.conftest import NOW
from tests.engine.running import add, is_up, now, state_of, wait_until
from tests.health.watching import told


@pytest.fixture(scope="module")
def web(sshd, shared_store, engine):
    """Give a server that is watched while the tests of this module run."""
    server = add(shared_store, sshd, tick_s=1)
    wait_until(lambda: is_up(shared_store, server))
    return server


def verdict_of(store, server):
    return state_of(store, server).judgement.verdict


def test_a_line_chosen_for_a_server_judges_its_next_sample_and_a_reset_does_too(web, shared_store):
    silent = dict.fromkeys(("load1", "mount_used_percent", "reboots_seen"), Lines())
    choose_lines(shared_store, ALL, silent, "anna", now())
    low = {"tasks_total": Lines(early=1.0, cut_off=2.0)}
    choose_lines(shared_store, Owner.server(web.id), low, "anna", now())
    wait_until(lambda: verdict_of(shared_store, web) is Verdict.CUT_OFF)

    reason = state_of(shared_store, web).judgement.reasons[0]
    assert (reason.key, reason.words.split()[0]) == ("tasks_total", "Tasks")

    reset_lines(shared_store, Owner.server(web.id))
    wait_until(
        lambda: (
            "tasks_total" not in {one.key for one in state_of(shared_store, web).judgement.reasons}
        )
    )


def write_load(store, server, load1, minutes=8, until=NOW):
    history = History(store)
    for step in range(minutes * 12, 0, -1):
        at = until - timedelta(seconds=5 * step)
        values = {"load1": load1, "cores": 4.0, "uptime_s": 90_000.0 - 5 * step}
        history.append([Reading(server.id, to_ms(at), values)], at)


def test_what_stood_amiss_before_a_start_stands_amiss_after_it(any_store):
    server = add_server(any_store, Server(name="web", address="192.0.2.1"), NOW)
    write_load(any_store, server, 3.5)

    watch = warm_watches(any_store, [server], LineShelf(), NOW, 1000.0)[server.id]

    assert told(watch, 1000.0)["load1"].verdict is Verdict.EARLY


def test_an_array_that_lost_a_disk_before_a_start_has_lost_it_after_it(any_store):
    server = add_server(any_store, Server(name="web", address="192.0.2.1"), NOW)
    values = {"load1": 0.1, **figures_of({"md0": 100.0, "md1": 0.0})}
    reading = Reading(server.id, to_ms(NOW - timedelta(minutes=1)), values)
    History(any_store).append([reading], NOW)

    watch = warm_watches(any_store, [server], LineShelf(), NOW, 1000.0)[server.id]

    assert set(told(watch, 1000.0)) == {f"{ARRAY_LOST}:md0"}


def test_a_reboot_between_two_engines_is_seen(any_store):
    server = add_server(any_store, Server(name="web", address="192.0.2.1"), NOW)
    write_load(any_store, server, 0.1)
    watch = warm_watches(any_store, [server], LineShelf(), NOW, 1000.0)[server.id]

    watch.take_values({"uptime_s": 30.0}, 1001.0)

    assert "reboot" in told(watch, 1001.0)


def test_a_clock_that_was_set_back_meanwhile_replays_nothing_of_the_future(any_store):
    server = add_server(any_store, Server(name="web", address="192.0.2.1"), NOW)
    write_load(any_store, server, 3.5, until=NOW + timedelta(hours=1))

    watch = warm_watches(any_store, [server], LineShelf(), NOW, 1000.0)[server.id]

    assert told(watch, 1000.0) == {}


def test_servers_without_a_choice_of_their_own_share_one_set_of_lines():
    shelf = LineShelf(LineBook(chosen={Owner.group("db"): {"load1": Lines(early=1.0)}}))
    web, mail, db = (
        Server(id=number, name=name, address="192.0.2.1", groups=(name,))
        for number, name in enumerate(("web", "mail", "db"), 1)
    )

    assert shelf.line_set(web) is shelf.line_set(mail)
    assert shelf.line_set(db).lines("load1").early == 1.0
