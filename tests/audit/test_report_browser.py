"""The report in a real Chromium: on a telephone its page does not scroll to the side."""

import re

import pytest

from noc_console.audit.audit_records import put_collected
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.check import Family
from noc_console.audit.report_document import as_html
from noc_console.audit.report_reading import read_report
from tests.audit.signed import SERVERS, decided
from tests.audit.test_audit_records import result
from tests.chromium import Chromium, skip_without_chromium
from tests.conftest import NOW
from tests.nginx import served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PHONE = 375
LONG = "/srv/www/" + "a-very-long-path-without-any-place-to-break/" * 6
BESIDE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<style>body{margin:0}iframe{border:0;width:375px;height:900px}</style></head>
<body><iframe src="report.html"></iframe><script>
document.querySelector("iframe").addEventListener("load", (event) => {
  const page = event.target.contentDocument;
  document.body.dataset.scroll = page.documentElement.scrollWidth;
  const heads = [...page.querySelectorAll("table.told thead")];
  document.body.dataset.heads = heads.filter((one) => one.offsetHeight > 0).length;
});
</script></body></html>
"""


def test_on_a_telephone_the_report_does_not_scroll_to_the_side(store, tmp_path):
    skip_without_chromium()
    begun = decided(store)
    more = [result("FIL-01", (LONG,), LONG.encode())]
    put_collected(
        store,
        begun.id,
        SERVERS[0].id,
        more,
        family=Family.DEBIAN,
        system="Debian 12",
        cpu_ms=1,
        now=NOW,
    )
    report = read_report(store, begun.id, load_catalogue(tmp_path / "none"), NOW)
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "report.html").write_text(as_html(report), encoding="utf-8")
    (folder / "beside.html").write_text(BESIDE, encoding="utf-8")
    with served(folder, tmp_path / "nginx") as address:
        dom = Chromium(tmp_path).dom(f"{address}/beside.html")

    assert dict(re.findall(r'data-(scroll|heads)="(\d+)"', dom)) == {
        "scroll": str(PHONE),
        "heads": "0",
    }
