"""Mounts, services, processes and facts, as a server's own programs tell them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.telemetry.frame import Frame
from noc_console.telemetry.host import Facts
from noc_console.telemetry.service import Inside
from noc_console.telemetry.slow import TOP_PROCESSES, SlowReader, read_mounts
from noc_console.telemetry.units import read_systemd
from tests.conftest import NOW

SECOND = timedelta(seconds=1)


def frame(absent=(), **sections):
    named = {name.replace("_", "-"): tuple(lines) for name, lines in sections.items()}
    return Frame(sequence=1, sections=named, absent=frozenset(absent))


SECTIONS = [
    "df",
    "df-inodes",
    "processes",
    "page-size",
    "uname",
    "memory",
    "now",
    "cores",
    "uptime",
    "systemd",
    "sysvinit",
    "openrc",
    "os-release",
    "comm",
    "sys/fs/file-nr",
]
WORDS = st.one_of(
    st.sampled_from(["/", "/a b", "ext4", "50%", "-", "Id=a", "NRestarts=7", "absent", "total"]),
    st.integers(0, 2**70).map(str),
    st.text(max_size=10),
)


@given(
    st.dictionaries(
        st.sampled_from(SECTIONS),
        st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=4).map(tuple),
    )
)
def test_any_slow_sections_give_a_reading(sections):
    reader = SlowReader()
    one = Frame(sequence=1, sections=sections, absent=frozenset())

    reader.read(one, NOW, 1.0)
    reading = reader.read(one, NOW, 2.0)

    assert all(mount.mount.isprintable() for mount in reading.mounts or ())


SYSTEMD = """
Id=ssh.service
Names=ssh.service sshd.service
LoadState=loaded
ActiveState=active
SubState=running
NRestarts=2
ActiveEnterTimestampMonotonic=40000000

Id=gone.service
LoadState=not-found
ActiveState=inactive
NRestarts=[not set]

Id=broken.service
LoadState=loaded
ActiveState=failed
SubState=auto-restart\x1b[31m
InactiveEnterTimestampMonotonic=0
""".strip().splitlines()


def test_systemd_tells_state_restarts_and_since_when():
    states = {one.name: one for one in read_systemd(SYSTEMD, 100_000_000, NOW)}

    assert states["sshd.service"].inside is Inside.RUNNING
    assert states["ssh.service"].restarts == 2
    assert states["ssh.service"].since == NOW - 60 * SECOND
    assert states["gone.service"].inside is Inside.NOT_INSTALLED
    assert states["broken.service"].inside is Inside.FAILED
    assert "\x1b" not in states["broken.service"].sub_state


def test_mounts_with_spaces_are_whole_and_pseudo_ones_left_out():
    mounts = read_mounts(
        {
            "df": [
                "Filesystem Type 1024-blocks Used Available Capacity Mounted on",
                "/dev/sda1 ext4 1000 300 600 34% /",
                "/dev/sdb1 xfs 1000 500 500 50% /home/my site",
                "tmpfs tmpfs 1000 900 100 90% /run",
                "/dev/sdb1 xfs 1000 500 500 50% /srv/bound/elsewhere",
            ],
            "df-inodes": ["/dev/sda1 100 25 75 25% /", "/dev/sdb1 0 0 0 - /home/my site"],
        }
    )

    assert [(one.mount, round(one.used_percent), one.inodes_used_percent) for one in mounts] == [
        ("/", 33, 25.0),
        ("/home/my site", 50, None),
    ]


def test_a_df_that_told_nothing_is_unknown_and_not_empty():
    assert read_mounts({"df": []}) is None


def test_a_file_system_past_its_reserve_is_full():
    (root,) = read_mounts({"df": ["/dev/sda1 ext4 1000 1000 -20 103% /"]})

    assert root.used_percent == 100.0


def test_a_device_with_spaces_and_a_containers_root_are_listed_but_not_its_images():
    mounts = read_mounts(
        {
            "df": [
                "//nas/my share      cifs 1000 300 700 30% /mnt/share",
                "overlay             overlay 1000 100 900 10% /",
                "overlay             overlay 1000 100 900 10% /var/lib/docker/overlay2/ab/merged",
                "/dev/loop0          squashfs 1000 1000 0 100% /snap/core",
            ]
        }
    )

    assert [(one.device, one.kind, one.mount) for one in mounts] == [
        ("//nas/my share", "cifs", "/mnt/share"),
        ("overlay", "overlay", "/"),
    ]


def test_escapes_in_the_name_of_a_mount_are_made_inert():
    (mount,) = read_mounts({"df": ["/dev/sda1 ext4 9 3 6 34% /mnt/\x1b[31mred"]})

    assert mount.mount.isprintable()


def test_cpu_of_a_process_is_counted_from_the_reading_before():
    reader = SlowReader()
    first = reader.read(
        frame(uptime=["100.00 1"], processes=["7 S 1000 55 10 www php-fpm"]), NOW, 0.0
    )
    second = reader.read(
        frame(uptime=["110.00 1"], processes=["7 R 1250 55 10 www php-fpm"]), NOW, 0.0
    )

    assert first.processes[0].cpu_percent is None
    assert second.processes[0].cpu_percent == pytest.approx(25.0)
    assert second.processes[0].memory_bytes == 10 * 4096


def test_a_pid_that_is_another_process_by_now_has_no_cpu_yet():
    reader = SlowReader()
    reader.read(frame(uptime=["100.00"], processes=["7 S 10 55 1 www php"]), NOW, 0.0)

    reading = reader.read(frame(uptime=["110.00"], processes=["7 R 900 9999 1 www php"]), NOW, 0.0)

    assert reading.processes[0].cpu_percent is None


def test_processes_are_those_with_most_cpu_and_most_memory_and_zombies_are_counted_over_all():
    reader = SlowReader()
    idle = [f"{pid} S 0 1 {pid} www idle" for pid in range(100, 400)]
    reader.read(frame(uptime=["1.0"], processes=[*idle, "9 S 0 1 0 www busy"]), NOW, 0.0)
    reading = reader.read(
        frame(uptime=["2.0"], processes=[*idle, "9 S 90 1 0 www busy", "total 9000 zombies 12"]),
        NOW,
        0.0,
    )

    assert reading.processes[0].name == "busy"
    assert 399 in {one.pid for one in reading.processes}
    assert len(reading.processes) <= 2 * TOP_PROCESSES
    assert reading.zombies == 12


def test_a_name_with_spaces_parentheses_and_escapes_stays_one_inert_name():
    reading = SlowReader().read(frame(processes=["7 S 1 1 1 www a) R 1 (\x1b[2J b"]), NOW, 0.0)

    (process,) = reading.processes
    assert process.pid == 7
    assert process.name == "a) R 1 (\N{REPLACEMENT CHARACTER}[2J b"


@pytest.mark.parametrize(
    ("section", "status", "inside"),
    [
        ("sysvinit", "0", Inside.RUNNING),
        ("sysvinit", "1", Inside.FAILED),
        ("sysvinit", "3", Inside.STOPPED),
        ("sysvinit", "4", Inside.UNKNOWN),
        ("sysvinit", "absent", Inside.NOT_INSTALLED),
        ("openrc", "0", Inside.RUNNING),
        ("openrc", "3", Inside.STOPPED),
        ("openrc", "32", Inside.FAILED),
        ("openrc", "127", Inside.UNKNOWN),
    ],
)
def test_init_scripts_answer_by_exit_status(section, status, inside):
    reading = SlowReader().read(frame(**{section: [f"{status} nginx"]}), NOW, 0.0)

    (state,) = reading.units
    assert (state.name, state.inside) == ("nginx", inside)


def test_a_server_whose_init_cannot_be_asked_tells_no_service_and_no_lie():
    assert SlowReader().read(frame(absent=["systemd"]), NOW, 0.0).units == ()


def test_since_does_not_move_between_two_readings():
    reader = SlowReader()
    block = ["Id=a.service", "ActiveState=active", "ActiveEnterTimestampMonotonic=1000000"]
    first = reader.read(frame(uptime=["100.00"], systemd=block), NOW, 0.0)
    second = reader.read(frame(uptime=["110.43"], systemd=block), NOW + 10.9 * SECOND, 0.0)

    assert first.units[0].since == second.units[0].since


def test_facts_are_told_and_the_servers_clock_is_held_against_ours():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    reading = SlowReader().read(
        frame(
            uname=["Linux web1 6.1.0-18-amd64 x86_64"],
            os_release=["ID=debian", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"'],
            memory=["MemTotal:       24684084 kB"],
            cores=["8"],
            comm=["systemd"],
            now=[str(int(now.timestamp()) - 86400)],
        ),
        now,
        0.0,
    )

    assert reading.facts == Facts(
        hostname="web1",
        system="Debian GNU/Linux 12 (bookworm)",
        kernel="6.1.0-18-amd64",
        machine="x86_64",
        init="systemd",
        cores=8,
        memory_bytes=24684084 * 1024,
        server_clock_offset_s=-86400,
    )


def test_what_was_not_asked_is_none():
    reading = SlowReader().read(frame(uptime=["1.0"]), NOW, 0.0)

    assert (reading.mounts, reading.units, reading.processes, reading.facts) == (None,) * 4


def test_open_files_are_figures_of_the_slow_loop():
    reading = SlowReader().read(
        Frame(sequence=1, sections={"sys/fs/file-nr": ("605\t5\t2466170",)}, absent=frozenset()),
        NOW,
        0.0,
    )

    assert reading.figures == {"files_open": 600.0, "files_max": 2466170.0}
