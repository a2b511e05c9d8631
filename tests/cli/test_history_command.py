"""`history` gives what a server told, in three forms, and says where nobody watched."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from noc_console.cli.history import unknown_metric_sentence
from noc_console.cli.history_output import as_csv
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from noc_console.store.heartbeat import beat, register
from noc_console.store.history import History, HistorySlice, Reading
from noc_console.store.location import StoreLocation
from noc_console.store.schema.metadata import to_ms
from noc_console.store.store import open_store

TICK = timedelta(seconds=5)
COUNT = 24


@pytest.fixture
def start():
    """Two minutes of readings, from ten minutes ago on."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)


@pytest.fixture
def told(say, tmp_path, start):
    """Those readings of `web`, while an engine watched."""
    store = open_store(StoreLocation.parse(str(tmp_path / "store")))
    server = add_server(store, Server(name="web", address="h"), start)
    engine = register(store, "noc1", 1, "0", start)
    history = History(store)
    for number in range(COUNT):
        at = start + number * TICK
        values = {"load1": 45.71, "net_rx_bytes_per_s:eth0": 1000.0 * number}
        if number % 2:
            values["cpu_percent"] = 50.0
        history.append([Reading(server.id, to_ms(at), values)], at)
        beat(store, engine.id, at)
    store.close()


@pytest.mark.usefixtures("told")
class TestForms:
    def test_json_has_a_list_of_times_and_as_long_a_list_for_each_figure(self, say, start):
        told = say(
            *("history", "web", "--metric", "load1", "--metric", "cpu_percent"),
            *("--since", "11m", "--json"),
        ).json

        assert (told["server"], told["step_s"]) == ("web", 0)
        assert told["times"][0] == f"{start:%Y-%m-%dT%H:%M:%S}.000Z"
        assert len(told["times"]) == COUNT
        assert told["metrics"]["load1"] == {"unit": "", "average": [45.71] * COUNT}
        assert told["metrics"]["cpu_percent"]["average"][:3] == [None, 50.0, None]
        assert told["metrics"]["cpu_percent"]["unit"] == "%"
        assert len(told["not_watched"]) == 2

    def test_summed_up_steps_have_a_least_and_a_most(self, say):
        figures = say(
            *("history", "web", "--metric", "net_rx_bytes_per_s:eth0"),
            *("--since", "12m", "--step", "1m", "--json"),
        ).json["metrics"]["net_rx_bytes_per_s:eth0"]

        assert set(figures) == {"unit", "average", "minimum", "maximum"}
        assert figures["unit"] == "B/s"
        assert figures["minimum"][0] == 0.0
        assert max(figures["maximum"]) == 1000.0 * (COUNT - 1)

    def test_csv_has_a_row_a_moment_and_an_empty_cell_for_what_is_unknown(self, say):
        told = say(
            *("history", "web", "--metric", "load1", "--metric", "cpu_percent"),
            *("--since", "11m", "--csv"),
        )

        rows = list(csv.reader(io.StringIO(told.out)))
        assert rows[0] == ["time", "load1", "cpu_percent"]
        assert rows[1][1:] == ["45.71", ""]
        assert rows[2][1:] == ["45.71", "50.0"]
        assert len(rows) == COUNT + 1
        assert "Not watched from" in told.err

    def test_a_table_is_for_people(self, say):
        told = say("history", "web", "--metric", "load1", "--since", "11m").out

        lines = told.splitlines()
        assert lines[0].split() == ["TIME", "load1"]
        assert lines[1].endswith("45.71")
        assert len([line for line in lines if line.startswith("Not watched from")]) == 2

    def test_a_stretch_without_a_reading_is_empty_and_not_watched(self, say):
        told = say("history", "web", "--metric", "load1", "--since", "5m", "--json").json

        assert told["times"] == []
        assert len(told["not_watched"]) == 1


@pytest.mark.usefixtures("told")
class TestRefusals:
    def test_an_unknown_metric_is_answered_with_the_near_ones(self, say):
        told = say("history", "web", "--metric", "laod1")

        assert told.code == 1
        assert "did you mean load1" in told.err

    def test_a_metric_of_the_catalogue_without_figures_is_empty_not_unknown(self, say):
        told = say("history", "web", "--metric", "steal_percent", "--since", "11m", "--json").json

        assert set(told["metrics"]["steal_percent"]["average"]) == {None}

    def test_a_stretch_that_ends_before_it_begins_is_refused(self, say):
        told = say("history", "web", "--metric", "load1", "--since", "1m", "--until", "1h")

        assert (told.code, told.err) == (1, "--since must lie before --until.\n")

    def test_an_unknown_server_is_answered_with_the_near_ones(self, say):
        assert "did you mean web?" in say("history", "wbe", "--metric", "load1").err

    def test_a_moment_that_is_none_is_refused(self, say):
        assert say("history", "web", "--metric", "load1", "--since", "yore").code == 1

    def test_json_and_csv_exclude_each_other(self, say):
        assert say("history", "web", "--metric", "load1", "--json", "--csv").code == 2


def test_a_metric_that_is_near_none_leads_to_the_list():
    assert "docs/metrics.md" in unknown_metric_sentence("zzzzzz", {"load1"})


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_of_the_csv_can_become_a_formula(start):
    metric = f"{start}cmd|' /C calc'!A0"
    nothing = HistorySlice(
        times_ms=[], average={}, minimum={}, maximum={}, step_s=0, not_watched=()
    )

    (header, *_) = csv.reader(io.StringIO(as_csv([metric], nothing)))

    assert header[1] == f"'{metric}"
