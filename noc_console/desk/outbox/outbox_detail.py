"""All that is known of one posting: when, what it says, where it is, and its recipients."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from noc_console.desk import posting_look
from noc_console.desk.look import Look
from noc_console.desk.outbox.outbox_rows import OutboxRow, send_words, verdict_of
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.fleet.inert import inert, inert_lines
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import local_text
from noc_console.notices.mailing_records import mailings_of
from noc_console.notices.posting import Mailing, PostingState
from noc_console.store.store import Store

MOST_SHOWN = 500
_LOWEST = 90
_PRESSING = (
    *(PostingState.IN_DOUBT, PostingState.FAILED, PostingState.BOUNCED, PostingState.DELAYED),
    *(PostingState.COMMITTING, PostingState.SENDING, PostingState.SUPPRESSED),
)
_VERDICTS = {
    PostingState.IN_DOUBT: Verdict.CUT_OFF,
    PostingState.FAILED: Verdict.DOWN,
    PostingState.BOUNCED: Verdict.EARLY,
    PostingState.DELAYED: Verdict.EARLY,
}


def read_mailings(store: Store, posting_id: int) -> tuple[Mailing, ...]:
    """Give the mails of a posting that a person may want to see, worst first."""
    order = {state: place for place, state in enumerate(_PRESSING)}
    found = sorted(
        mailings_of(store, posting_id, _PRESSING),
        key=lambda one: (order[one.state], one.address.casefold()),
    )
    if len(found) < MOST_SHOWN:
        rest = frozenset(PostingState) - frozenset(_PRESSING)
        found += mailings_of(store, posting_id, rest)[: MOST_SHOWN - len(found)]
    return tuple(found[:MOST_SHOWN])


def mailing_columns(look: Callable[[], Look]) -> tuple[Column[Mailing], ...]:
    """Give the columns of mails."""

    def colour(one: Mailing) -> QColor | None:
        verdict = _VERDICTS.get(one.state)
        return None if verdict is None else look().colours[verdict]

    return (
        Column(title="State", text=lambda one: posting_look.state_text(one.state), colour=colour),
        Column(title="To", text=lambda one: inert(one.address)),
        Column(title="Name", text=lambda one: inert(one.name)),
        Column(title="Tries", text=lambda one: str(one.tries), numeric=True),
        Column(title="What came of it", text=lambda one: inert(one.words), stretch=True),
    )


class OutboxDetail(QSplitter):
    """Shows the row that is chosen; its mails come when they were read."""

    def __init__(self, look: Callable[[], Look]) -> None:
        """Show nothing yet."""
        super().__init__(Qt.Orientation.Horizontal)
        self.words = QPlainTextEdit()
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName("The posting")
        for part in (self.words, self):
            part.setMinimumHeight(_LOWEST)
        self.mails: RowsModel[Mailing] = RowsModel(mailing_columns(look), self)
        self.mail_view = table_of(self.mails, "Mails of this posting")
        self.mail_words = plain_label(name="faint")
        self.mail_side = QWidget()
        box = QVBoxLayout(self.mail_side)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.mail_words)
        box.addWidget(self.mail_view, 1)
        self.addWidget(self.words)
        self.addWidget(self.mail_side)
        self.setChildrenCollapsible(False)
        self.setSizes([480, 640])
        self.mail_side.hide()

    def show_row(self, row: OutboxRow | None) -> None:
        """Show a posting; its mails are told by `show_mails`."""
        self.mail_side.setVisible(row is not None and row.counts is not None)
        words = "" if row is None else detail_text(row)
        if words != self.words.toPlainText():
            self.words.setPlainText(words)

    def show_mails(self, row: OutboxRow, mails: tuple[Mailing, ...]) -> None:
        """Show the mails of the posting that is shown."""
        counts = row.counts
        more = counts.total - len(mails) if counts is not None else 0
        said = f"{counts.words}." if counts is not None else ""
        self.mail_words.setText(
            f"{said} The first {len(mails):,}, worst first." if more > 0 else said
        )
        self.mails.show_rows(mails)
        fit_columns(self.mail_view, widest=240)


def detail_text(row: OutboxRow) -> str:
    """Give all that is known of a posting, as lines."""
    one = row.posting
    place = f"{inert(one.channel_name)} ({one.channel_kind}): {one.state.value}."
    lines = [
        f"{send_words(row).capitalize()} of notice {one.notice_id}, version {one.version}, {place}",
        row.asleep,
        inert(one.words),
        _doubt(row),
        f"Due {local_text(one.due_at)}.",
        f"Tries: {one.tries}, the last {local_text(one.began_at)}." if one.began_at else "",
        f"Next try {local_text(one.next_at)}." if one.state is PostingState.DELAYED else "",
        f"The channel publishes it {local_text(one.publishes_at)}." if one.publishes_at else "",
        f"Over {local_text(one.ended_at)}." if one.ended_at else "",
        f"Link: {inert(one.link)}" if one.link else "",
        f"Its id there: {inert(one.remote_id)}" if one.remote_id else "",
        f"Reference: {inert(one.reference)}",
    ]
    text = [line for line in lines if line]
    if one.body:
        text += ["", inert(one.title), "", *inert_lines(one.body)]
    else:
        text += ["", "It is worded when it goes, as things stand then."] if one.state.waits else []
    return "\n".join(text)


def _doubt(row: OutboxRow) -> str:
    """Say what to do about what is in doubt."""
    if verdict_of(row) is not Verdict.CUT_OFF or not row.has_doubt:
        return ""
    if row.counts is not None:
        return (
            "The connection ended just as these mails were handed over: ask the mail server's log,"
            " or the recipient, then press D."
        )
    return "The channel gave no answer: look there whether it is posted, then press D."
