"""Ctrl+C ends the real program with 130 and without a word, also while it imports its modules."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = {
    "script": [str(Path(sys.executable).with_name("noc-console"))],
    "module": [sys.executable, "-m", "noc_console"],
}
INTERRUPTS = """
import os, signal, sys

class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["INTERRUPTED_AT"]:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupts())
"""
"""A `sitecustomize` that presses Ctrl+C when a module is looked for."""


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    "module", ["noc_console.cli.main", "noc_console.cli.command_module", "noc_console.cli.version"]
)
def test_ctrl_c_while_modules_are_imported_shows_no_traceback(tmp_path, program, module):
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTS)
    done = subprocess.run(
        [*PROGRAMS[program], "version"],
        env=os.environ | {"PYTHONPATH": str(tmp_path), "INTERRUPTED_AT": module},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
