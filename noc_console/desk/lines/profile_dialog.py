"""Chooses a profile for a server, a group or all. GUI thread only; it writes nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from noc_console.desk.lines.owner_choice import OwnerChoice
from noc_console.desk.widgets.dialog_frame import answer_buttons, roomy_column
from noc_console.fleet.server import Server
from noc_console.health.line_book import LineBook
from noc_console.health.profiles import shipped_profiles

_NONE = "None of its own"


class ProfileDialog(QDialog):
    """Asks for a profile. The one who opened it carries it out, then closes it."""

    profile_wanted = Signal(object, str)
    """An `Owner` and the profile's key; an empty one takes the choice back."""

    def __init__(self, server: Server, book: LineBook, parent: QWidget | None = None) -> None:
        """Begin with what was chosen for the server itself."""
        super().__init__(parent)
        self._book = book
        self.setWindowTitle("Profile")
        self.owner = OwnerChoice(server)
        self.profile = QComboBox()
        self.profile.setAccessibleName("Profile")
        self.profile.addItem(_NONE, "")
        for one in shipped_profiles().values():
            self.profile.addItem(one.title, one.key)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.save_button = QPushButton("&Save")
        self._lay_out()
        self.owner.currentIndexChanged.connect(lambda _: self._show_owner())
        self.profile.currentIndexChanged.connect(lambda _: self._say())
        self._show_owner()
        self._say()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("&For", self.owner)
        form.addRow("&Profile", self.profile)
        buttons = answer_buttons(self, self.save_button, self._ask)
        box = roomy_column(self)
        box.addLayout(form)
        box.addWidget(self.words)
        box.addWidget(buttons)
        self.setMinimumWidth(420)

    def show_trouble(self, sentence: str) -> None:
        """Say why the profile was not kept."""
        self.words.setText(f"✖  {sentence}")
        self.save_button.setEnabled(True)

    def _show_owner(self) -> None:
        key = self._book.profiles.get(self.owner.owner, "")
        self.profile.setCurrentIndex(max(self.profile.findData(key), 0))

    def _say(self) -> None:
        chosen = shipped_profiles().get(str(self.profile.currentData()))
        self.words.setText(
            chosen.words
            if chosen is not None
            else "The profile of a farther choice holds, else that of every server."
        )

    def _ask(self) -> None:
        self.save_button.setEnabled(False)
        self.profile_wanted.emit(self.owner.owner, str(self.profile.currentData()))
