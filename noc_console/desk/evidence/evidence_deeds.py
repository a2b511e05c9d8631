"""What a person does with a whole recording: check it, write it into a folder, keep it.

GUI thread only; the store is asked in the background.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from noc_console.desk.evidence.evidence_reader import EvidenceReader
from noc_console.incidents.evidence.evidence import Recording, Verification


class EvidenceDeeds(QObject):
    """Does it to the recording that `current` gives, and says what came of it."""

    def __init__(
        self,
        window: QWidget,
        reader: EvidenceReader,
        current: Callable[[], Recording | None],
        say: Callable[[str], object],
        kept: Callable[[], object],
    ) -> None:
        """`kept` is called when a recording is kept, or no more."""
        super().__init__(window)
        self._window = window
        self._reader = reader
        self._current = current
        self._say = say
        self._kept = kept

    def verify(self) -> None:
        """Check the recording's hashes."""
        recording = self._current()
        if recording is not None:
            self._say("Checking …")
            self._reader.verification(recording.id, self._take_verification)

    def _take_verification(self, found: Verification) -> None:
        if found.is_whole:
            self._say(
                f"All {found.exhibits} exhibits are as they were stored. SHA-256 {found.digest}"
            )
        else:
            self._say(f"▲  {len(found.damage)} faults: {found.damage[0]}")

    def ask_folder(self) -> None:
        """Ask where to write the recording to."""
        if self._current() is None:
            return
        dialog = QFileDialog(self._window, "Save the recording into a folder", str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(lambda path: self.export(Path(path)))
        dialog.open()

    def export(self, folder: Path) -> None:
        """Write the recording into a folder."""
        recording = self._current()
        if recording is not None:
            self._say("Writing …")
            self._reader.export(
                recording.id,
                folder,
                lambda done: self._say(
                    f"{done.sentence} `sha256sum -c SHA256SUMS` there checks them."
                ),
            )

    def keep(self) -> None:
        """Keep the recording for good, or no more."""
        recording = self._current()
        if recording is not None:
            self._reader.keep(recording.id, is_kept=not recording.is_kept, done=self._kept)
