"""Suspects from evidence as text: each kind of trouble, what misleads, whatever bytes come."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.evidence.evidence_records import exhibits_of
from noc_console.incidents.evidence.evidence_writing import EvidenceWriter
from noc_console.incidents.evidence.suspects import ExhibitText, rank_suspects, wanted_exhibits
from noc_console.incidents.evidence.suspicion.process_table import read_table, used_between
from tests.conftest import NOW
from tests.incidents.evidence.test_evidence_records import begin
from tests.incidents.evidence.test_evidence_records import shown as new_exhibit

HEAD = "PID PPID USER S CPU_S KIDS_S RSS_KB COMM\tARGS"
COLLECTORS = (
    *("processes", "process-io", "connections", "mail-queue-postfix", "mail-queue-exim"),
    *("kernel-log", "growing-logs", "disk-space", "written-files", "samples", "mysql"),
    *("postgresql", "web-requests", "mail-log", "journal", "sites-cpanel"),
)


def exhibit(number, collector, *lines, at_s=None):
    at = NOW + timedelta(seconds=10 * number if at_s is None else at_s)
    return ExhibitText(number=number, collector=collector, at=at, text="\n".join(lines) + "\n")


def samples(**figures):
    values = {"cores": 2, "cpu_percent": 99, "mem_total_bytes": 4e9} | figures
    names = "\t".join(("TIME", *values))
    return exhibit(0, "samples", names, "\t".join(("02:07:11.000", *map(str, values.values()))))


def row(pid, user, cpu_s, program, arguments="", state="R", parent=1, kids_s=0.0, rss_kb=4000):
    return f"{pid} {parent} {user} {state} {cpu_s:.2f} {kids_s:.2f} {rss_kb} {program}\t{arguments}"


def tables(*rows_by_time):
    return [
        exhibit(number, "processes", HEAD, *rows) for number, rows in enumerate(rows_by_time, 1)
    ]


def first(exhibits):
    return rank_suspects(exhibits)[0]


def test_an_account_that_takes_the_processors_is_named_with_its_script_and_lines():
    found = first(
        [
            samples(),
            *tables(
                [
                    row(8, "shop12", 1.0, "php", "php /home/shop12/cron.php"),
                    row(9, "blog", 1, "php"),
                ],
                [
                    row(8, "shop12", 13, "php", "php /home/shop12/cron.php"),
                    row(9, "blog", 2, "php"),
                ],
            ),
        ]
    )

    assert found.who == "account shop12"
    assert found.words.startswith("php of account shop12: 60% of CPU, 92% of what all processes")
    assert "/home/shop12/cron.php" in found.words
    assert found.lines[0].text.startswith("8 1 shop12 R 13.00")
    assert (found.lines[0].exhibit, found.lines[0].line) == (2, 2)


def test_php_of_the_web_servers_user_is_told_by_its_pool():
    workers = [row(n, "www-data", 0, "php-fpm8.2", "php-fpm: pool shop12") for n in range(10, 14)]
    later = [row(n, "www-data", 4, "php-fpm8.2", "php-fpm: pool shop12") for n in range(10, 14)]

    found = first([samples(), *tables(workers, later)])

    assert found.words.startswith("php-fpm of account shop12: 80% of CPU")
    assert "4 of 4 runnable" in found.words


def test_short_commands_count_for_the_account_whose_shell_starts_them():
    before = [row(20, "shop12", 0.1, "sh", kids_s=1.0), row(30, "root", 50, "systemd", state="S")]
    after = [row(20, "shop12", 0.2, "sh", kids_s=15.0), row(30, "root", 50.1, "systemd", state="S")]

    assert first([samples(), *tables(before, after)]).who == "account shop12"


def test_time_of_children_that_ended_is_not_counted_twice():
    before = [row(20, "root", 0, "php-fpm"), row(21, "shop12", 9, "php-fpm", parent=20)]
    after = [row(20, "root", 0, "php-fpm", kids_s=9.1)]

    used = used_between([read_table(one) for one in tables(before, after)])

    assert used[("root", "php-fpm")].cpu_s == pytest.approx(0.1, abs=0.01)


def test_a_process_that_worked_long_ago_is_no_suspect():
    idle = [row(7, "mysql", 90_000, "mysqld", state="S"), row(8, "shop12", 0, "php")]
    later = [row(7, "mysql", 90_000, "mysqld", state="S"), row(8, "shop12", 15, "php")]

    names = [one.who for one in rank_suspects([samples(), *tables(idle, later)])]

    assert names == ["account shop12"]


def test_mail_that_piles_up_is_told_by_its_sender_and_the_panels_account():
    found = first(
        [
            samples(cpu_percent=5),
            exhibit(1, "sites-cpanel", "shop.example: shop12", "*: nobody"),
            exhibit(2, "mail-queue-exim", "queued 12", "sender 3 a@b.example"),
            exhibit(
                122, "mail-queue-exim", "queued 4112", "sender 4090 news@shop.example", "sender 3 a"
            ),
        ]
    )

    assert found.who == "account shop12"
    assert found.words == "mail queue +4,100 in 20 min, 4,112 now, 99% from news@shop.example"
    assert [line.text for line in found.lines] == ["queued 4112", "sender 4090 news@shop.example"]


def test_what_points_to_the_same_one_is_told_together():
    found = first(
        [
            samples(),
            *tables([row(8, "shop12", 0, "php")], [row(8, "shop12", 18, "php")]),
            exhibit(3, "mail-queue-postfix", "queued 0"),
            exhibit(4, "mail-queue-postfix", "queued 900", "sender 900 shop12@web1"),
        ]
    )

    assert found.who == "account shop12"
    assert "of CPU" in found.words
    assert "mail queue +900" in found.words


def test_iowait_is_told_by_who_reads_and_writes():
    idle = [row(7, "mysql", 1, "mysqld", state="D"), row(8, "shop12", 1, "php")]
    busy = [row(7, "mysql", 1.5, "mysqld", state="D"), row(8, "shop12", 1.6, "php")]
    io = ("PID RCHAR WCHAR READ_BYTES WRITE_BYTES", "8 0 2000000 0 2000000")

    found = first(
        [
            samples(cpu_percent=20, iowait_percent=80),
            *tables(idle, busy),
            exhibit(1, "process-io", *io, "7 0 0 5000000000 1000"),
            exhibit(2, "process-io", *io, "7 0 0 5900000000 1000"),
        ]
    )

    assert found.who == "mysqld"
    assert "mysqld reads and writes 90 MB/s, 100% of all" in found.words


def test_a_kernel_that_killed_names_whose_process():
    line = "[ 5000.1] Out of memory: Killed process 99 (php-fpm) total-vm:9kB, UID:1012 pgtables:1"
    found = first(
        [
            samples(uptime_s=4990, cpu_percent=10),
            exhibit(1, "kernel-log", "[ 10.0] booted", line, "user 1012 shop12"),
        ]
    )

    assert found.who == "account shop12"
    assert found.words == "the kernel ran out of memory and killed php-fpm of account shop12"


def test_a_kill_of_last_week_is_no_suspect():
    line = "[ 5000.1] Out of memory: Killed process 99 (php-fpm) total-vm:9kB, UID:1012 pgtables:1"

    assert rank_suspects([samples(uptime_s=900_000), exhibit(1, "kernel-log", line)]) == ()


def test_one_address_that_holds_the_connections_is_named():
    found = first(
        [
            samples(cpu_percent=5),
            exhibit(
                1,
                "connections",
                "total 620",
                "state ESTAB 620",
                "waiting-to-be-accepted 443 129 of 128",
                "port in 443 600",
                "peer in 443 203.0.113.9 ESTAB 540",
                "peer in 443 198.51.100.7 ESTAB 2",
            ),
        ]
    )

    assert found.who == "address 203.0.113.9"
    assert "540 of 600 connections to port 443 (web)" in found.words


def test_a_long_query_is_told_by_its_user_where_the_database_is_busy():
    idle = [row(7, "mysql", 1, "mysqld")]
    busy = [row(7, "mysql", 19, "mysqld")]
    query = "4\tshop12\tshop\tQuery\t184\tSending data\tSELECT * FROM orders ORDER BY rand()"

    found = rank_suspects([samples(), *tables(idle, busy), exhibit(3, "mysql", query)])

    words = {one.who: one.words for one in found}
    assert "a query of shop12 on database shop ran for 184 s" in words["account shop12"]
    assert found[0].who in {"account shop12", "mysqld"}


def test_a_disk_that_fills_is_told_by_whose_file_grows():
    df = "/dev/vdb ext4 1000000 {} {} {}% /var/backups"
    found = first(
        [
            samples(cpu_percent=10),
            *tables([row(8, "shop12", 1, "mysqldump")], [row(8, "shop12", 1.1, "mysqldump")]),
            exhibit(1, "disk-space", df.format(500000, 500000, 50)),
            exhibit(13, "disk-space", df.format(990000, 10000, 99)),
            exhibit(
                12,
                "written-files",
                "open 8 /var/backups/a.sql",
                "size 480000000 shop12 /var/backups/a.sql",
            ),
        ]
    )

    assert found.who == "account shop12"
    assert "/var/backups went from 50 to 99 % in 2 min" in found.words


def test_very_many_processes_of_one_account_are_told():
    few = [row(1, "root", 1, "systemd")]
    many = few + [row(n, "shop12", 0, "python3", state="S") for n in range(100, 400)]

    assert "300 of 301 processes are python3" in first([samples(), *tables(few, many)]).words


def test_the_recorders_own_work_is_not_told():
    ours = [
        row(50, "root", 5, "sh", "/bin/sh"),
        row(51, "root", 5, "timeout", "timeout -k 1 5 /bin/sh -c ps noc-console", parent=50),
        row(52, "root", 5, "sh", "/bin/sh -c ps noc-console", parent=51),
        row(53, "root", 5, "ps", "ps -eww", parent=52),
    ]

    assert rank_suspects([samples(), *tables([], ours)]) == ()


def test_nothing_recorded_names_nobody():
    assert rank_suspects([]) == ()
    assert rank_suspects([samples(cpu_percent=1)]) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(COLLECTORS),
            st.lists(
                st.text(max_size=40)
                | st.sampled_from([HEAD, "1 0 a R 1 1 1 b\tc", "queued 9", "total", "peer in"]),
                max_size=8,
            ),
        ),
        max_size=8,
    )
)
def test_whatever_a_server_wrote_gives_suspects_or_none(told):
    exhibits = [exhibit(number, name, *lines) for number, (name, lines) in enumerate(told)]

    for one in rank_suspects(exhibits):
        assert one.words.isprintable()


def test_of_a_long_recording_some_exhibits_of_each_kind_are_read(store):
    recording = begin(store)
    kinds = ("processes", "memory")
    EvidenceWriter(store).put(
        [new_exhibit(recording, number, collector=kinds[number % 2]) for number in range(400)]
    )

    wanted = wanted_exhibits(exhibits_of(store, recording.id))

    assert len(wanted) == 40 + 12
    assert {0, 1, 398, 399} <= set(wanted)
