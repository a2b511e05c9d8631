"""What we tell of this machine is what vmstat, sar and, where it is, node_exporter tell of it."""

import sys

import pytest

from bench.truth import TICK_S, in_markdown, watch
from bench.witnesses import is_here


@pytest.mark.paced
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the probe and its witnesses are of Linux")
def test_for_a_minute_we_tell_what_others_tell_of_the_same_machine(tmp_path):
    """The ten minutes of docs/truth.md are `python -m bench.truth`."""
    assert is_here("vmstat")
    assert is_here("sar")

    comparisons = watch(60 + 2 * TICK_S, tmp_path)

    metrics = {one.metric for one in comparisons}
    assert {"load1", "cpu_percent", "mem_available_bytes"} <= metrics
    assert {one.ours for one in comparisons} == {"SSH probe", "psutil"}
    assert all(one.holds for one in comparisons), "\n" + in_markdown(comparisons)
