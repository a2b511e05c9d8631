"""The causes of docs/suspects.md can be made anew: one of them, and the page's table."""

import os
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from bench.cause_scripts import CAUSES
from bench.causes import BEGIN, END, PAGE, run_cause, table

can_be_made = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("nginx") is None,
    reason="a server to make sick needs Linux, root and nginx",
)


@can_be_made
@pytest.mark.slow
def test_one_address_that_holds_a_real_nginxs_connections_comes_first():
    (cause,) = [one for one in CAUSES if one.name == "connections"]
    with tempfile.TemporaryDirectory(prefix="noc-causes-") as folder:
        Path(folder).chmod(0o755)
        ranking = run_cause(replace(cause, seconds=14.0), Path(folder))

    assert ranking.place == 1, ranking.suspects
    assert "shop12" not in ranking.culprit
    assert "| 1 |" in table([ranking])


def test_the_page_has_at_least_ten_causes_and_nine_in_ten_are_found():
    measured = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    rows = [line.split(" | ") for line in measured.splitlines() if line.startswith("| ")][1:]
    first = sum(row[2] == "1" for row in rows)

    assert len(rows) >= 10
    assert first >= 0.9 * len(rows)
