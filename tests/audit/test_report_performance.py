"""A report draws the month's days as the signed evidence tells them."""

import base64
from datetime import timedelta

from noc_console.audit.audit_records import put_collected
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family
from noc_console.audit.month_performance import DayFigures
from noc_console.audit.report_document import as_html
from noc_console.audit.report_graphs import days_graph
from noc_console.audit.report_performance import Days, months_of_metrics
from noc_console.audit.report_reading import read_report
from tests.audit.signed import collected
from tests.audit.test_audit_records import result
from tests.conftest import NOW

TODAY = NOW.date()


def days(*highs, first=30):
    return tuple(
        DayFigures(day=TODAY - timedelta(days=first - place), middle=one / 2, high=one, most=one)
        for place, one in enumerate(highs)
        if one is not None
    )


def test_the_servers_that_stood_highest_come_first_and_the_rest_are_counted():
    told = [(f"web{number:02}", {"load15": days(number)}) for number in range(12)]
    (month,) = months_of_metrics([*told, ("db", {"unknown": days(99), "load15": []})])
    assert [one.name for one in month.servers[:2]] == ["web11", "web10"]
    assert (len(month.servers), month.left_out) == (8, 4)


def test_each_mount_is_a_graph_of_its_own():
    metrics = {"mount_used_percent:/": days(40), "mount_used_percent:/backup": days(91)}
    (month,) = months_of_metrics([("web1", metrics)])
    assert [one.name for one in month.servers] == ["web1 /backup", "web1 /"]
    assert month.servers[0].highest.startswith("91")


def drawn(*servers):
    graph = days_graph(servers)
    return base64.b64decode(graph.address.partition(",")[2]).decode()


def test_a_day_without_figures_is_a_gap_and_a_day_alone_a_point():
    svg = drawn(Days(name="<web>", highest="9", days=days(1, 2, None, 4, 5, None, 9)))
    assert svg.count("<polyline") == 4
    assert svg.count("<circle") == 2
    assert "&lt;web&gt;" in svg


def test_a_report_holds_them_as_pictures_with_their_words(store, tmp_path):
    begun = collected(store)
    told = [f"DAY\tmem_used_percent\t2026-11-0{day}\t40\t5{day}\t99\n" for day in (1, 2, 3)]
    put_collected(
        store,
        begun.id,
        1,
        [result("PERF-03", (), "".join(told).encode())],
        family=Family.DEBIAN,
        system="",
        cpu_ms=1,
        now=NOW,
    )
    report = read_report(store, begun.id, load_catalogue(tmp_path / "none"), NOW)
    html = as_html(report)
    assert "The month's performance" in html
    assert "web1 53" in html[html.index("The month's performance") :]
