"""The Qt binding itself is sound on this Python; some releases are not (see pyproject.toml)."""

import subprocess
import sys

EMIT_OFTEN = """
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Source(QObject):
    told = Signal(int)

application = QCoreApplication([])
source, seen = Source(), []
source.told.connect(seen.append)
for number in range(5000):
    source.told.emit(number)
    source.setObjectName("a")
assert seen == list(range(5000))
print("sound")
"""


def test_five_thousand_signals_do_not_abort_the_process():
    result = subprocess.run(
        [sys.executable, "-c", EMIT_OFTEN], capture_output=True, text=True, timeout=60, check=False
    )

    assert (result.returncode, result.stdout) == (0, "sound\n"), result.stderr
