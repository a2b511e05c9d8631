"""Samples of the machine the tests run on, held against what its kernel tells."""

import time
from pathlib import Path

import psutil
import pytest

from noc_console.telemetry.metrics import METRICS, family
from noc_console.telemetry.sample import Missing
from noc_console.telemetry.this_kernel import KERNEL_METRICS, read_kernel
from noc_console.telemetry.this_sample import SampleReader
from tests.conftest import NOW

FILES = {
    "loadavg": "0.10 0.20 0.30 3/214 999\n",
    "uptime": "1234.56 99.00\n",
    "stat": "cpu  1 2 3 4\nbtime 5\nprocs_running 2\nprocs_blocked 4\n",
    "vmstat": "nr_free_pages 1\noom_kill 7\n",
    "sys/fs/file-nr": "1056\t10\t5000\n",
    "net/sockstat": "sockets: used 9\nTCP: inuse 5 orphan 1 tw 2 alloc 6 mem 1\n",
    "net/snmp": "Tcp: RtoAlgorithm CurrEstab\nTcp: 1 8\n",
    "pressure/cpu": "some avg10=1.50 avg60=0.00 avg300=0.00 total=5\n",
    "pressure/io": "some avg10=2.50 avg60=0\nfull avg10=0.25 avg60=0\n",
}


def kernel(folder: Path, text: str | None = None) -> dict[str, float]:
    """Give what is read of these files, or of as many files that hold this text."""
    for path, usual in FILES.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(usual if text is None else text)
    return read_kernel(folder)


def test_the_kernels_own_files_give_their_figures(tmp_path: Path) -> None:
    assert kernel(tmp_path) == {
        "load1": 0.1,
        "load5": 0.2,
        "load15": 0.3,
        "tasks_running": 2.0,  # the reader is one of the three
        "tasks_total": 214.0,
        "tasks_blocked": 4.0,
        "uptime_s": 1234.56,
        "oom_kills": 7.0,
        "files_open": 1046.0,
        "files_max": 5000.0,
        "tcp_in_use": 5.0,
        "tcp_orphaned": 1.0,
        "tcp_time_wait": 2.0,
        "tcp_established": 8.0,
        "pressure_cpu_some_percent": 1.5,
        "pressure_io_some_percent": 2.5,
        "pressure_io_full_percent": 0.25,
    }


@pytest.mark.parametrize("text", ["", "\n", "x\n", "-1 -1 -1\n", "nan nan\n", "TCP: inuse\n"])
def test_what_is_not_understood_is_out_never_zero(tmp_path: Path, text: str) -> None:
    assert kernel(tmp_path, text) == {}


def test_without_kernel_files_the_figures_are_missing_not_zero(tmp_path: Path) -> None:
    sample = SampleReader(1, proc=tmp_path).read(NOW)
    for metric in KERNEL_METRICS:
        assert sample.missing[metric] is Missing.NOT_ON_THIS_SERVER
    assert sample.values["uptime_s"] == pytest.approx(time.time() - psutil.boot_time(), abs=2)


def test_a_first_sample_has_no_rates_and_a_second_has() -> None:
    reader = SampleReader(7)
    first = reader.read(NOW)
    assert first.missing["cpu_percent"] is Missing.NEEDS_TWO_READINGS
    assert first.missing["net_rx_bytes_per_s"] is Missing.NEEDS_TWO_READINGS
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline:  # keeps one core busy
        pass
    second = reader.read(NOW)
    assert second.server_id == 7
    assert 50.0 / (psutil.cpu_count() or 1) < second.values["cpu_percent"] <= 100.0
    assert (
        max(share for name, share in second.values.items() if family(name) == "core_percent")
        >= second.values["cpu_percent"] - 5
    )


def test_every_figure_is_in_the_catalogue_and_none_is_both_there_and_missing() -> None:
    reader = SampleReader(1)
    reader.read(NOW)
    sample = reader.read(NOW)
    names = {*sample.values, *sample.missing}
    assert {family(name) for name in names} <= METRICS.keys()
    assert not sample.values.keys() & sample.missing.keys()
    slow = {"zombies", "check_latency_ms", "link_latency_ms", "clock_offset_s"}
    slow |= {"mail_queue", "conntrack_entries", "conntrack_used_percent"}
    slow |= {"raid_redundancy_lost_percent"}
    slow |= {"mount_used_percent", "mount_inodes_used_percent"}
    assert METRICS.keys() - slow - {"core_percent"} <= names


def test_memory_and_load_are_those_of_the_kernel() -> None:
    sample = SampleReader(1).read(NOW)
    words = dict(line.split(":") for line in Path("/proc/meminfo").read_text("ascii").splitlines())
    total = int(words["MemTotal"].split()[0]) * 1024
    available = int(words["MemAvailable"].split()[0]) * 1024
    assert sample.values["mem_total_bytes"] == total
    assert sample.values["mem_available_bytes"] == pytest.approx(available, rel=0.05)
    load1 = float(Path("/proc/loadavg").read_text("ascii").split()[0])
    assert round(sample.values["load1"], 2) == sample.values["load1"]  # as the kernel prints it
    assert sample.values["load1"] == pytest.approx(load1, abs=0.5)
    assert sample.values["cores"] == psutil.cpu_count()


def test_a_counter_that_went_back_gives_no_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    one = next(iter(psutil.net_io_counters(pernic=True).values()))
    counters = iter([9000, 10_000, 5])

    def told(**_: object) -> dict[str, object]:
        return {"eth7": one._replace(bytes_recv=next(counters), bytes_sent=0)}

    monkeypatch.setattr(psutil, "net_io_counters", told)
    reader = SampleReader(1)
    reader.read(NOW)
    assert reader.read(NOW).values["net_rx_bytes_per_s"] > 0
    third = reader.read(NOW)
    assert third.missing["net_rx_bytes_per_s:eth7"] is Missing.COUNTER_WENT_BACK
    assert "net_rx_bytes_per_s" not in third.values
    assert third.values["net_tx_bytes_per_s"] == 0.0
