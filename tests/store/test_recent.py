"""The newest figures of one metric on all servers, as arrays."""

from datetime import timedelta

from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.store.recent import recent_figures


def test_figures_of_one_metric_come_from_every_shape_that_holds_it(any_store, now):
    at_ms = int(now.timestamp() * 1000)
    history = History(any_store)
    history.append(
        [
            Reading(1, at_ms, {"load1": 0.5, "cores": 4.0}),
            Reading(2, at_ms, {"uptime_s": 9.0}),
            Reading(3, at_ms + 1, {"cores": 8.0, "uptime_s": 1.0, "load1": 2.5}),
        ],
        now,
    )
    history.append([Reading(1, at_ms + 5000, {"load1": 0.75, "cores": 4.0})], now)
    found = recent_figures(any_store, "load1", now - timedelta(minutes=1))
    assert found.server_ids.tolist() == [1, 3, 1]
    assert found.times_ms.tolist() == [at_ms, at_ms + 1, at_ms + 5000]
    assert found.figures.tolist() == [0.5, 2.5, 0.75]


def test_what_is_older_is_left_out_and_an_empty_store_gives_nothing(any_store, now):
    since = now - timedelta(minutes=1)
    assert recent_figures(any_store, "load1", since).figures.size == 0
    old = now - timedelta(minutes=2)
    History(any_store).append([Reading(1, int(old.timestamp() * 1000), {"load1": 1.0})], old)
    assert recent_figures(any_store, "load1", since).figures.size == 0
