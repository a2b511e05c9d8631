"""The rooms import downwards only, and Qt stays in the desk."""

import subprocess
import sys

IMPORT_ALL_WITHOUT_QT = """
import importlib, pkgutil, sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}:
            raise AssertionError(f"{name} was imported below the desk")

sys.meta_path.insert(0, NoQt())
import noc_console
count = 0
for room in pkgutil.iter_modules(noc_console.__path__, "noc_console."):
    if room.name in {"noc_console.desk", "noc_console.__main__"}:
        continue
    path = getattr(importlib.import_module(room.name), "__path__", [])
    for module in pkgutil.walk_packages(path, room.name + "."):
        importlib.import_module(module.name)
        count += 1
print(count)
"""


def test_every_import_contract_holds(tmp_path):
    """In a process of its own: the linter switches the loggers of the one it runs in off."""
    lint = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    result = subprocess.run(
        [sys.executable, "-c", lint, "--cache-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def test_everything_outside_the_desk_imports_where_there_is_no_qt():
    """import-linter cannot see `importlib.import_module`; this can."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_ALL_WITHOUT_QT],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 10
