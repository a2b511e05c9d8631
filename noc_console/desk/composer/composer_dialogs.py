"""What the composer asks: the own time or text of one send, and where a trial goes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from noc_console.desk.widgets.form_dialog import FormDialog, TextBox
from noc_console.fleet.inert import inert
from noc_console.incidents.planning.plan_text import parse_start
from noc_console.incidents.times import local_text
from noc_console.incidents.wall_time import WallChoice, wall_of, zone_of
from noc_console.notices.channels.channel import Channel
from noc_console.notices.contact import check_address
from noc_console.notices.notice import MAX_TITLE, SENDS, Notice
from noc_console.notices.plan import TIMED, Cell


class CellDialog(FormDialog):
    """Asks for the own time, title and text of one send on one channel."""

    def __init__(self, notice: Notice, cell: Cell, parent: QWidget | None = None) -> None:
        """Ask; empty fields mean as usual."""
        usual = cell.usual_due_at
        about = f"{cell.send.value.capitalize()} on {cell.channel.name}."
        if usual is not None:
            about += f" Usually due {local_text(usual)}."
        super().__init__("One send on one channel", about, "&Keep it", parent)
        planned = cell.planned
        self._zone = notice.zone
        self.is_on = QCheckBox("It &goes")
        self.is_on.setChecked(cell.is_on)
        self.due = QLineEdit()
        self.due.setPlaceholderText("as usual")
        if planned is not None and planned.due_at is not None:
            self.due.setText(f"{wall_of(planned.due_at, zone_of(notice.zone)):%Y-%m-%d %H:%M}")
        self.title = QLineEdit(planned.title if planned is not None else "")
        self.title.setMaxLength(MAX_TITLE)
        self.title.setPlaceholderText("as the template has it")
        self.text = TextBox(planned.text if planned is not None else "", "as the template has it")
        self.add_field("", self.is_on)
        if cell.send in TIMED:
            self.add_field("&Due", self.due, f"On the clocks of {notice.zone}.")
        self.add_field("&Title", self.title)
        self.add_field("Te&xt", self.text)

    def changes(self, now: datetime) -> dict[str, Any]:
        """Give what is wished.

        Raises:
            ConsoleError: the time cannot be read; the sentence says what to write.
        """
        typed = self.due.text().strip()
        zone = zone_of(self._zone)
        due_at = parse_start(typed, zone, WallChoice.EARLIER, now) if typed else None
        return {
            "is_on": self.is_on.isChecked(),
            "due_at": due_at,
            "title": self.title.text().strip(),
            "text": self.text.toPlainText().strip(),
        }


class TrialForm(FormDialog):
    """Asks where one send is mailed as a trial."""

    def __init__(
        self,
        notice: Notice,
        send: str,
        channels: Sequence[Channel],
        address: str,
        language: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Ask; the address used last stands there, and the send and language that are shown."""
        about = "Customers get nothing: it goes to you alone, marked as a trial."
        super().__init__("Test send", about, "&Send it to me", parent)
        self._channels = channels
        self.address = QLineEdit(address)
        self.address.setPlaceholderText("you@example.com")
        self.send = QComboBox()
        for one in SENDS[notice.kind]:
            self.send.addItem(one.value, one.value)
        self.send.setCurrentIndex(max(0, self.send.findData(send)))
        self.channel = QComboBox()
        for channel in channels:
            self.channel.addItem(channel.name)
        self.add_field("Your &address", self.address)
        self.add_field("&Which send", self.send)
        self.language = QComboBox()
        self.language.addItem("as the channel has it", "")
        for code in (notice.language, *(one.language for one in notice.translations)):
            self.language.addItem(inert(code, 12), code)
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self.add_field("&By", self.channel)
        if notice.translations:
            self.add_field("&Language", self.language)

    def request(self, notice_id: int) -> dict[str, Any]:
        """Give what the engine is asked.

        Raises:
            InvalidContact: the address is none.
        """
        address = self.address.text().strip()
        check_address(address)
        return {
            "notice_id": notice_id,
            "send": str(self.send.currentData()),
            "channel_id": self._channels[self.channel.currentIndex()].id,
            "address": address,
            "language": str(self.language.currentData()),
        }
