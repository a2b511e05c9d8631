"""The two questions of a handover: who gives it with which words, and who takes it."""

from PySide6.QtWidgets import QLineEdit, QWidget

from noc_console.desk.widgets.form_dialog import FormDialog, TextBox
from noc_console.fleet.inert import inert
from noc_console.incidents.handover.handover import Handover
from noc_console.incidents.incident.incident import MAX_NAME
from noc_console.incidents.times import local_text


class GiveDialog(FormDialog):
    """Asks who gives the shift, what the next should know, and who takes it if they are here."""

    def __init__(self, person: str, parent: QWidget | None = None) -> None:
        """Ask."""
        about = "All that stands on the page now is kept with it, and can be read later."
        super().__init__("Hand the shift over", about, "&Hand over", parent)
        self.giver = _name_line(person)
        self.note = TextBox("", "What is not on the page: habits, worries, who is on call")
        self.taker = _name_line("")
        self.taker.setPlaceholderText("the next person types their name, if they are here")
        self.add_field("&Given by", self.giver)
        self.add_field("&Note", self.note)
        self.add_field("&Taken by", self.taker, "Leave it empty if they take it at their own desk.")


class TakeDialog(FormDialog):
    """Asks who takes a shift that was given."""

    def __init__(self, handover: Handover, person: str, parent: QWidget | None = None) -> None:
        """Ask; who gave it is not offered as who takes it."""
        note = f" Note: {inert(handover.note)}" if handover.note else ""
        about = (
            f"{inert(handover.given_by)} gave it {local_text(handover.given_at)}.{note} Read its"
            " page before you take it: from then on it is yours."
        )
        super().__init__("Take the shift", about, "&Take it", parent)
        is_giver = person.casefold() == handover.given_by.casefold()
        self.taker = _name_line("" if is_giver else person)
        self.add_field("&Your name", self.taker)


def _name_line(name: str) -> QLineEdit:
    line = QLineEdit(name)
    line.setMaxLength(MAX_NAME)
    return line
