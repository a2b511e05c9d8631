"""What this program is, and which store it shows. GUI thread only."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from noc_console import __version__
from noc_console.store.location import StoreLocation


def about_box(parent: QWidget, location: StoreLocation | None) -> QMessageBox:
    """Give a box that says so; None where no store is open yet."""
    store = f"Its store: {location}\n" if location is not None else ""
    box = QMessageBox(parent)
    box.setWindowTitle("About noc-console")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(
        f"noc-console {__version__}\n\n{store}"
        "Every server live over SSH, with nothing installed on it.\n"
        "Free software under the MIT licence."
    )
    return box
