"""What a frame's sections become: values, rates, and why a value is missing."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.telemetry.counted import counted_disks, is_counted_interface
from noc_console.telemetry.frame import Frame, OutputNotUnderstood
from noc_console.telemetry.metrics import METRICS, family
from noc_console.telemetry.parse import read_sample
from noc_console.telemetry.sample import Missing
from tests.conftest import NOW

SECOND = timedelta(seconds=1)


def frame(sequence=1, absent=(), **sections):
    return Frame(
        sequence=sequence,
        sections={
            name.replace("__", "/").replace("_nr", "-nr").replace("_inodes", "-inodes"): tuple(
                lines
            )
            for name, lines in sections.items()
        },
        absent=frozenset(absent),
    )


def two(first, second, elapsed_s=10):
    """Give the sample of the second of two frames `elapsed_s` apart."""
    _, counters = read_sample(frame(uptime=["100.00 1"], **first), None, 7, NOW)
    uptime = f"{100 + elapsed_s:.2f} 1"
    return read_sample(frame(uptime=[uptime], **second), counters, 7, NOW + elapsed_s * SECOND)[0]


WORDS = st.one_of(
    st.sampled_from(
        [
            "cpu",
            "cpu0",
            "cpu²",
            "btime",
            "procs_blocked",
            "MemTotal:",
            "SwapFree:",
            "kB",
            "pswpin",
            "oom_kill",
            "some",
            "full",
            "eth0:",
            "avg10=1.5",
            "avg10=nan",
            "Tcp:",
            "TCP:",
            "CurrEstab",
            "inuse",
            "sda",
            "sda1",
            ":",
            "-1",
            "0",
            "7",
            "1e400",
            "99999999999999999999",
        ]
    ),
    st.integers(0, 2**64).map(str),
    st.text(max_size=12),
)
FILES = [
    "uptime",
    "loadavg",
    "stat",
    "meminfo",
    "vmstat",
    "net/dev",
    "diskstats",
    "pressure/cpu",
    "pressure/io",
    "sys/fs/file-nr",
    "net/snmp",
    "net/sockstat",
]


@given(
    st.dictionaries(
        st.sampled_from(FILES),
        st.lists(st.lists(WORDS, max_size=20).map(" ".join), max_size=4).map(tuple),
    )
)
def test_any_sections_give_a_sample_or_are_not_understood(sections):
    one = Frame(sequence=1, sections={"uptime": ("5.0 1",)} | sections, absent=frozenset())
    later = Frame(sequence=2, sections=dict(one.sections) | {"uptime": ("9.0",)}, absent=one.absent)
    try:
        _, counters = read_sample(one, None, 1, NOW)
        sample, _ = read_sample(later, counters, 1, NOW)
    except OutputNotUnderstood:
        return
    assert not sample.values.keys() & sample.missing.keys()
    assert {family(name) for name in (*sample.values, *sample.missing)} <= METRICS.keys()
    assert all(name.isprintable() for name in sample.values)


def cpu(*counts):
    return ["cpu " + " ".join(map(str, counts)), "cpu0 1 1 1 1"]


def test_cpu_shares_are_of_the_time_between():
    sample = two(
        {"stat": cpu(100, 0, 100, 1000, 100, 0, 0, 0, 50, 0)},
        {"stat": cpu(120, 10, 105, 1045, 110, 2, 3, 5, 60, 0)},
    )

    assert sample.values["cpu_percent"] == pytest.approx(45.0)
    assert sample.values["cpu_user_percent"] == pytest.approx(30.0)
    assert sample.values["cpu_system_percent"] == pytest.approx(10.0)
    assert sample.values["iowait_percent"] == pytest.approx(10.0)
    assert sample.values["steal_percent"] == pytest.approx(5.0)


def test_iowait_that_goes_back_makes_no_spike():
    sample = two(
        {"stat": cpu(100, 0, 0, 1000, 100, 0, 0, 0)}, {"stat": cpu(150, 0, 0, 1050, 99, 0, 0, 0)}
    )

    assert sample.values["cpu_percent"] == pytest.approx(50.0)


def test_the_first_sample_has_no_rates_and_says_why():
    sample, _ = read_sample(
        frame(uptime=["1 1"], stat=cpu(1, 1, 1, 1), net__dev=["eth0: " + "1 " * 16]), None, 1, NOW
    )

    assert sample.missing["cpu_percent"] is Missing.NEEDS_TWO_READINGS
    assert sample.missing["net_rx_bytes_per_s"] is Missing.NEEDS_TWO_READINGS
    assert sample.missing["load1"] is Missing.NOT_IN_THIS_TICK


def net(**counts):
    return [f"{name}: {rx} 0 0 0 0 0 0 0 {tx} 0 0 0 0 0 0 0" for name, (rx, tx) in counts.items()]


def test_traffic_is_summed_over_real_interfaces_only():
    sample = two(
        {"net__dev": net(lo=(0, 0), eth0=(1000, 100), eth1=(0, 0), docker0=(0, 0))},
        {"net__dev": net(lo=(9000, 0), eth0=(2000, 300), eth1=(50, 10), docker0=(7000, 0))},
    )

    assert sample.values["net_rx_bytes_per_s"] == 105.0
    assert sample.values["net_tx_bytes_per_s"] == 21.0
    assert sample.values["net_rx_bytes_per_s:eth0"] == 100.0
    assert "net_rx_bytes_per_s:lo" not in sample.values


def test_a_counter_that_went_back_gives_no_figure():
    sample = two({"net__dev": net(eth0=(1000, 0))}, {"net__dev": net(eth0=(10, 5))})

    assert sample.missing["net_rx_bytes_per_s"] is Missing.COUNTER_WENT_BACK
    assert sample.values["net_tx_bytes_per_s"] == 0.5


def test_an_interface_that_is_new_has_no_rate_yet():
    sample = two({"net__dev": net(eth0=(0, 0))}, {"net__dev": net(eth0=(10, 0), eth9=(10**9, 0))})

    assert sample.values["net_rx_bytes_per_s"] == 1.0
    assert sample.missing["net_rx_bytes_per_s:eth9"] is Missing.NEEDS_TWO_READINGS


def disk(name, sectors_read=0, sectors_written=0, busy_ms=0):
    return f" 8 0 {name} 1 0 {sectors_read} 0 1 0 {sectors_written} 0 0 {busy_ms} 0 0 0 0 0"


def test_disks_count_whole_and_once():
    sample = two(
        {"diskstats": [disk("sda"), disk("sda1"), disk("md0"), disk("nvme0n1")]},
        {
            "diskstats": [
                disk("sda", 200, 20, 4000),
                disk("sda1", 200, 20, 4000),
                disk("md0", 200, 20, 9000),
                disk("nvme0n1", 0, 0, 1000),
            ]
        },
    )

    assert sample.values["disk_read_bytes_per_s"] == 200 * 512 / 10
    assert sample.values["disk_write_bytes_per_s"] == 20 * 512 / 10
    assert sample.values["disk_busy_percent"] == pytest.approx(40.0)


def test_a_reboot_is_seen_and_makes_no_rates():
    _, counters = read_sample(frame(uptime=["5000.0 1"], stat=cpu(900, 0, 0, 900)), None, 1, NOW)

    sample, _ = read_sample(
        frame(uptime=["20.0 1"], stat=cpu(5, 0, 0, 5)), counters, 1, NOW + 30 * SECOND
    )

    assert sample.rebooted
    assert sample.missing["cpu_percent"] is Missing.NEEDS_TWO_READINGS


def test_a_server_clock_that_is_years_off_changes_no_figure():
    sample, _ = read_sample(
        frame(uptime=["100.0 1"], stat=[*cpu(1, 1, 1, 1), "btime 946684800"]), None, 1, NOW
    )

    assert sample.at == NOW
    assert sample.server_at.year == 2000
    assert sample.values["uptime_s"] == 100.0


def test_cores_are_remembered_from_the_frame_that_told_them_all():
    _, counters = read_sample(
        frame(uptime=["1 1"], stat=[f"cpu{n or ''} 1 1 1 1" for n in ("", *range(64))]),
        None,
        1,
        NOW,
    )
    sample, _ = read_sample(frame(uptime=["2 1"], stat=["cpu 2 2 2 2"]), counters, 1, NOW)

    assert sample.values["cores"] == counters.cores


def test_memory_without_swap_is_no_full_swap():
    sample, _ = read_sample(
        frame(
            uptime=["1 1"],
            meminfo=[
                "MemTotal: 1000 kB",
                "MemAvailable: 250 kB",
                "SwapTotal: 0 kB",
                "SwapFree: 0 kB",
            ],
        ),
        None,
        1,
        NOW,
    )

    assert sample.values["mem_used_percent"] == 75.0
    assert sample.values["swap_used_percent"] == 0.0


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("eth0", True),
        ("enp3s0", True),
        ("venet0", True),
        ("lo", False),
        ("eth0.20", False),
        ("br-12ab", False),
        ("bond0", False),
        ("veth1@if2", False),
        ("wlp2s0", True),
    ],
)
def test_which_interfaces_count(name, counted):
    assert is_counted_interface(name) is counted


def test_a_disk_known_only_by_a_partitions_name_counts():
    assert counted_disks(["xvda1", "xvdb", "xvdb1", "mmcblk0", "mmcblk0p1"]) == [
        "xvda1",
        "xvdb",
        "mmcblk0",
    ]


def test_a_sum_without_one_of_its_parts_is_no_sum():
    sample = two(
        {"net__dev": net(eth0=(1000, 0), eth1=(500, 0))},
        {"net__dev": net(eth0=(2000, 0), eth1=(10, 0))},
    )

    assert sample.values["net_rx_bytes_per_s:eth0"] == 100.0
    assert sample.missing["net_rx_bytes_per_s"] is Missing.COUNTER_WENT_BACK


def test_a_server_with_more_interfaces_than_are_listed_has_the_whole_sum():
    names = [f"eth{number}" for number in range(100)]
    sample = two(
        {"net__dev": net(**dict.fromkeys(names, (0, 0)))},
        {"net__dev": net(**dict.fromkeys(names, (10, 0)))},
    )

    assert sample.values["net_rx_bytes_per_s"] == 100.0
    assert len([name for name in sample.values if name.startswith("net_rx_bytes_per_s:")]) == 48


def test_rates_are_over_the_servers_own_uptime():
    sample = two({"net__dev": net(eth0=(0, 0))}, {"net__dev": net(eth0=(40, 0))}, elapsed_s=4)

    assert sample.values["net_rx_bytes_per_s"] == 10.0


def test_what_is_read_at_every_sixth_tick_is_counted_over_all_six():
    _, counters = read_sample(frame(uptime=["10.0"], vmstat=["pswpin 100"]), None, 1, NOW)
    between, counters = read_sample(frame(uptime=["20.0"]), counters, 1, NOW)
    sample, _ = read_sample(frame(uptime=["40.0"], vmstat=["pswpin 160"]), counters, 1, NOW)

    assert between.missing["swap_in_bytes_per_s"] is Missing.NOT_IN_THIS_TICK
    assert sample.values["swap_in_bytes_per_s"] == 60 * 4096 / 30


def test_pressure_that_the_kernel_has_but_refuses_is_not_on_this_server():
    sample, _ = read_sample(frame(uptime=["1 1"], pressure__io=[]), None, 1, NOW)

    assert sample.missing["pressure_io_full_percent"] is Missing.NOT_ON_THIS_SERVER


def test_pressure_sockets_and_connections_are_read_as_the_kernel_writes_them():
    sample, _ = read_sample(
        frame(
            uptime=["1 1"],
            pressure__memory=[
                "some avg10=1.50 avg60=0.60 avg300=0.30 total=22257747",
                "full avg10=0.25 avg60=0.29 avg300=0.19 total=20209747",
            ],
            net__sockstat=["sockets: used 16", "TCP: inuse 11 orphan 2 tw 47 alloc 1 mem 0"],
            net__snmp=["Tcp: RtoMin MaxConn CurrEstab", "Tcp: 200 -1 9"],
            sys__fs__file_nr=["605\t5\t9223372036854775807"],
        ),
        None,
        1,
        NOW,
    )

    expected = {
        "pressure_memory_some_percent": 1.5,
        "pressure_memory_full_percent": 0.25,
        "tcp_in_use": 11.0,
        "tcp_time_wait": 47.0,
        "tcp_orphaned": 2.0,
        "tcp_established": 9.0,
        "files_open": 600.0,
    }
    assert expected.items() <= sample.values.items()
    assert "files_max" not in sample.values


def test_an_old_kernel_without_available_memory_is_not_guessed_at():
    sample, _ = read_sample(
        frame(uptime=["1 1"], meminfo=["MemTotal: 1000 kB", "MemFree: 10 kB"]), None, 1, NOW
    )

    assert sample.values["mem_total_bytes"] == 1000 * 1024
    assert sample.missing["mem_used_percent"] is Missing.NOT_ON_THIS_SERVER


def test_a_frame_without_uptime_is_not_understood():
    with pytest.raises(OutputNotUnderstood, match="Linux"):
        read_sample(frame(loadavg=["1 1 1 1/1 1"]), None, 1, NOW)
