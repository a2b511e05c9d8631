"""The settings form of a channel: its kind says which fields there are, and which secrets."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.widgets.dialog_frame import answer_buttons, roomy_column
from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.desk.widgets.form_dialog import TextBox
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.fleet.inert import inert
from noc_console.health.delivery.credential import says_where
from noc_console.notices.channels.channel import NAME_LENGTH, Channel, ChannelKind
from noc_console.notices.channels.kinds import facts_of
from noc_console.notices.channels.setting import Setting

_WIDTH, _ROOM, _LOWEST = 720, 640, 380
_LONG_FIELDS = frozenset({"body", "support"})
_KEPT_HINT = (
    "Kept in the keyring of this machine, never in the store. Where the engine runs on another"
    " one, write where it lies there instead, in the first field: file:/path or env:NAME."
)

Field = QLineEdit | QComboBox | QPlainTextEdit


class ChannelDialog(QDialog):
    """Adds a channel, or changes one. `decided` asks for `channel()` and `secret()`."""

    decided = Signal()

    def __init__(self, before: Channel | None, parent: QWidget) -> None:
        """Show its settings, or those of the first kind."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Change {inert(before.name)}" if before else "Add a channel")
        self._before = before
        self.kind, self.name = QComboBox(), QLineEdit()
        self.name.setMaxLength(NAME_LENGTH)
        self.brand, self.language = QLineEdit(), QLineEdit()
        self.about, self.trouble = plain_label(name="faint"), plain_label()
        self.fields: dict[str, Field] = {}
        self.secrets: list[QLineEdit] = []
        self.area = QScrollArea()
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields are reached
        self.button = QPushButton("&Save" if before else "&Add")
        for kind in ChannelKind:
            self.kind.addItem(facts_of(kind).title, kind)
        self._lay_out()
        if before is not None:
            self.kind.setCurrentIndex(self.kind.findData(before.kind))
            self.kind.setEnabled(False)
            self.name.setText(before.name)
            self.brand.setText(before.brand)
            self.language.setText(before.language)
        self.kind.currentIndexChanged.connect(lambda _: self._show_kind())
        self._show_kind()
        self.trouble.hide()

    def _lay_out(self) -> None:
        top = QFormLayout()
        top.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, field in (("&Kind", self.kind), ("&Name", self.name)):
            field.setAccessibleName(words.replace("&", ""))
            top.addRow(words, field)
        top.addRow("", self.about)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setMinimumHeight(160)
        buttons = answer_buttons(self, self.button, self._decide)
        box = roomy_column(self)
        box.addLayout(top)
        box.addWidget(self.area, 1)
        box.addWidget(self.trouble)
        box.addWidget(buttons)

    def show_fitting(self) -> None:
        """Show it at the size its fields need, or as high as the window beneath is."""
        fit_to_screen(self)
        inside = self.area.widget() or self.area
        wanted = self.sizeHint().height() - self.area.sizeHint().height() + _height_of(inside)
        beneath = self.parentWidget()
        room = beneath.window().height() if beneath is not None else _ROOM
        self.resize(_WIDTH, max(min(wanted + 24, room - 40), _LOWEST))
        self.open()
        (self.kind if self.kind.isEnabled() else self.name).setFocus()

    def _show_kind(self) -> None:
        facts = facts_of(self.kind.currentData())
        self.about.setText(facts.sentence)
        inside = QWidget()
        form = QFormLayout(inside)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(6)
        self.fields = {one.name: self._field(one) for one in facts.settings}
        for one in facts.settings:
            needed = " *" if one.is_required and not one.default else ""
            _add(form, f"{one.title}{needed}", self.fields[one.name], one.sentence)
        self.secrets = [self._secret() for _ in facts.secrets]
        for place, (words, field) in enumerate(zip(facts.secrets, self.secrets, strict=True)):
            is_last = place == len(self.secrets) - 1
            _add(form, words[:1].upper() + words[1:], field, _KEPT_HINT if is_last else "")
        _add(form, "Brand", self.brand, "Only notices of this brand go there; empty: of every one.")
        _add(form, "Language", self.language, "Such as de; empty: the notice's own.")
        before = self.area.takeWidget()
        if before is not None:
            before.deleteLater()
        self.area.setWidget(inside)

    def _field(self, one: Setting) -> Field:
        value = self._before.settings.get(one.name, "") if self._before is not None else ""
        field: Field
        if one.choices:
            field = QComboBox()
            field.addItems(list(one.choices))
            field.setCurrentText(value or one.default)
        elif one.name in _LONG_FIELDS:
            field = TextBox(value, one.default)
        else:
            field = QLineEdit(value)
            field.setPlaceholderText(one.default)
        return field

    def _secret(self) -> QLineEdit:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        if self._before is not None and self._before.secret:
            field.setPlaceholderText("kept as it is")
        return field

    def channel(self) -> Channel:
        """Give the channel as it is typed; its secret is put in when it is saved.

        Raises:
            InvalidChannel: with what may be.
        """
        before = self._before
        return Channel(
            id=before.id if before is not None else 0,
            name=self.name.text().strip(),
            kind=self.kind.currentData(),
            settings=self.settings(),
            secret=before.secret if before is not None else "",
            brand=self.brand.text().strip(),
            language=self.language.text().strip(),
            is_paused=before.is_paused if before is not None else False,
        )

    def settings(self) -> Mapping[str, str]:
        """Give what was set; what is left at its usual value is not set."""
        facts = facts_of(self.kind.currentData())
        typed = {one.name: _text(self.fields[one.name]) for one in facts.settings}
        usual = {one.name: one.default for one in facts.settings}
        return {name: value for name, value in typed.items() if value and value != usual[name]}

    def secret(self) -> str | tuple[str, ...]:
        """Give the parts of the secret that were typed, or where it lies; empty where none was."""
        parts = tuple(field.text().strip() for field in self.secrets)
        if not any(parts):
            return ""
        return parts[0] if says_where(parts[0]) else parts

    def show_trouble(self, sentence: str) -> None:
        """Say why it was not saved; a person may mend it and try again."""
        self.trouble.setText(f"✖  {inert(sentence, 400)}")
        self.trouble.setAccessibleName(sentence)
        self.trouble.show()
        self.button.setEnabled(True)

    def _decide(self) -> None:
        self.trouble.hide()
        self.button.setEnabled(False)
        self.decided.emit()


def _add(form: QFormLayout, words: str, field: QWidget, hint: str) -> None:
    name = QLabel(words)
    name.setBuddy(field)
    field.setAccessibleName(words.rstrip(" *"))
    field.setAccessibleDescription(hint)
    if not hint:
        form.addRow(name, field)
        return
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 4)
    column.setSpacing(2)
    column.addWidget(field)
    column.addWidget(plain_label(hint, name="faint"))
    form.addRow(name, both)


def _height_of(inside: QWidget) -> int:
    """Give how high the fields are at the dialog's width: their hints go over several lines."""
    layout = inside.layout()
    if layout is None or not layout.hasHeightForWidth():
        return inside.sizeHint().height()
    return layout.heightForWidth(_WIDTH - 60)


def _text(field: Field) -> str:
    if isinstance(field, QComboBox):
        return field.currentText()
    return (field.text() if isinstance(field, QLineEdit) else field.toPlainText()).strip()
