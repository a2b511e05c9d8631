"""The dialog for somebody to be told: who, by which way, how soon, in which hours."""

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QSpinBox, QWidget

from noc_console.desk.fleet_edit.field_rows import side_by_side
from noc_console.desk.recipients.recipient_words import LEASTS, WAYS
from noc_console.desk.widgets.form_dialog import FormDialog
from noc_console.desk.widgets.number_room import with_room
from noc_console.health.delivery.credential import TYPED
from noc_console.health.delivery.hours import zone_of
from noc_console.health.delivery.recipient import (
    LEASTS as VERDICTS,
)
from noc_console.health.delivery.recipient import (
    LONGEST_MINUTES,
    NAME_LENGTH,
    Recipient,
    Way,
)

_ADDRESS_HINTS = {
    Way.MAIL: "An e-mail address, such as anna@example.com. The mail server is set once for all.",
    Way.CHAT: "An apprise address, such as slack://… or tgram://…, kept in the keyring of this"
    " machine. Where the engine runs on another one, write where it lies there: file:/path or"
    " env:NAME.",
}
_ABOUT = "They are told when nobody has taken an alarm up for the minutes given."
_HOURS_HINT = "always; or such as Mon-Fri 08:00-18:00, Sat 10:00-14:00"
_QUIET_HINT = "none; or such as 22:00-07:00, but for what is cut off or down"


class RecipientDialog(FormDialog):
    """Adds somebody, or changes them. `decided` asks for `recipient()` and `typed_address`."""

    def __init__(self, before: Recipient | None, own_zone: str, parent: QWidget | None) -> None:
        """Show who they are now, or what is usual."""
        title = f"Change {before.name}" if before else "Add somebody to be told"
        super().__init__(title, _ABOUT, "&Save" if before else "&Add", parent)
        self._before = before
        self.name, self.address = QLineEdit(), QLineEdit()
        self.name.setMaxLength(NAME_LENGTH)
        self.way, self.least = QComboBox(), QComboBox()
        for way, words in WAYS.items():
            self.way.addItem(words, way)
        for verdict in VERDICTS:
            self.least.addItem(f"From {LEASTS[verdict]}", verdict)
        self.after, self.repeat = _minutes("at once"), _minutes("never")
        self.on_call, self.quiet, self.zone = QLineEdit(), QLineEdit(), QLineEdit()
        self.paused = QCheckBox("Tell them nothing for now")
        self._address_hint = QLabel()
        self._lay_out()
        self._fill(before or _usual(own_zone))
        self.way.currentIndexChanged.connect(lambda _: self._show_way())
        self.name.setFocus()

    def _lay_out(self) -> None:
        self.add_field("&Name", self.name)
        self.add_field("&Way", self.way)
        self.add_field("A&ddress", self.address)
        self._address_hint.setObjectName("faint")
        self._address_hint.setWordWrap(True)
        self.form.addRow("", self._address_hint)
        self.repeat.setPrefix("every ")
        self.repeat.setAccessibleName("Told again every")
        self.add_field("&Told after", side_by_side(self.after, QLabel("again"), self.repeat))
        self.after.setAccessibleName("Told after")
        self.add_field("&Hears of", self.least)
        for field, hint in ((self.on_call, _HOURS_HINT), (self.quiet, _QUIET_HINT)):
            field.setPlaceholderText(hint)
            field.setAccessibleDescription(hint)
        self.add_field("&On call", self.on_call)
        self.add_field("&Quiet hours", self.quiet)
        self.add_field("Time &zone", self.zone)
        self.add_field("&Paused", self.paused)

    def _fill(self, one: Recipient) -> None:
        self.name.setText("" if self._before is None else one.name)
        self.way.setCurrentIndex(self.way.findData(one.way))
        self.least.setCurrentIndex(self.least.findData(one.least))
        self.after.setValue(one.after_minutes)
        self.repeat.setValue(one.repeat_minutes)
        self.on_call.setText(one.on_call)
        self.quiet.setText(one.quiet)
        self.zone.setText(one.zone)
        self.paused.setChecked(one.is_paused)
        if self._before is not None and one.way is Way.MAIL:
            self.address.setText(one.address)
        self._show_way()

    def _show_way(self) -> None:
        way = self.way.currentData()
        self._address_hint.setText(_ADDRESS_HINTS[way])
        self.address.setAccessibleDescription(_ADDRESS_HINTS[way])
        before = self._before
        keeps = way is Way.CHAT and before is not None and before.way is Way.CHAT
        is_secret = way is Way.CHAT
        self.address.setEchoMode(
            QLineEdit.EchoMode.PasswordEchoOnEdit if is_secret else QLineEdit.EchoMode.Normal
        )
        kept = f"kept: {before.address}" if keeps and before is not None else ""
        self.address.setPlaceholderText(kept)

    @property
    def typed_address(self) -> str:
        """The chat's address as it was typed; empty where the one of before stays."""
        return self.address.text().strip() if self.way.currentData() is Way.CHAT else ""

    def recipient(self) -> Recipient:
        """Give them as they are typed; a chat's secret is put in by `saving`.

        Raises:
            InvalidRecipient, InvalidHours: with what may be.
        """
        before, way, typed = self._before, self.way.currentData(), self.address.text().strip()
        address, secret = typed, ""
        if way is Way.CHAT:
            address, secret = "", TYPED if typed else ""
            if not typed and before is not None and before.way is Way.CHAT:
                address, secret = before.address, before.secret
        zone_of(self.zone.text().strip())
        return Recipient(
            id=before.id if before is not None else 0,
            name=self.name.text().strip(),
            way=way,
            address=address,
            secret=secret,
            after_minutes=self.after.value(),
            repeat_minutes=self.repeat.value(),
            least=self.least.currentData(),
            on_call=self.on_call.text().strip(),
            quiet=self.quiet.text().strip(),
            zone=self.zone.text().strip(),
            is_paused=self.paused.isChecked(),
        )


def _usual(zone: str) -> Recipient:
    return Recipient(name="x", way=Way.MAIL, address="x@x", zone=zone)


def _minutes(nothing: str) -> QSpinBox:
    box = with_room(QSpinBox())
    box.setRange(0, LONGEST_MINUTES)
    box.setSuffix(" min")
    box.setSpecialValueText(nothing)
    box.setSingleStep(5)
    return box
