import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run_bench(tmp_path, *words):
    return subprocess.run(
        [sys.executable, "-m", "bench", *words],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_bench_measures_a_group_beside_its_baseline_and_leaves_nothing(tmp_path):
    (tmp_path / "room").mkdir()

    done = run_bench(
        tmp_path / "room", "--only", "figure_size", "--quick", "--json", str(tmp_path / "run.json")
    )

    assert done.returncode == 0, done.stderr
    assert "== figure_size" in done.stdout
    assert "goals are reached" in done.stdout
    measures = json.loads((tmp_path / "run.json").read_text())["measures"]
    assert measures
    assert all(one["baseline"] > 0 and one["reached"] in {"reached", "MISSED"} for one in measures)
    assert list((tmp_path / "room").iterdir()) == []


def test_a_group_that_does_not_exist_is_a_usage_error_that_names_those_that_do(tmp_path):
    done = run_bench(tmp_path, "--only", "weather")

    assert done.returncode == 2
    assert "sampling" in done.stderr
