"""From a notice back to the finding of an audit that its work mends. GUI thread only."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from noc_console.audit.mending import Mending
from noc_console.audit.mending_records import mendings_of_notices
from noc_console.desk.context import DeskContext
from noc_console.desk.notices.notice_rows import NoticeRow

_NOTHING = (
    "The work of this notice mends nothing that an audit found; M on a finding of an audit begins"
    " a notice that does."
)


def finding_opener(context: DeskContext, owner: QObject) -> Callable[[NoticeRow], None]:
    """Give what shows the finding that a notice's work mends; of several the first still open."""
    navigator = context.navigator

    def show(found: list[Mending]) -> None:
        if not found:
            navigator.say(_NOTHING)
            return
        one = next((one for one in found if _is_open(one)), found[0])
        navigator.open_finding(one.audit_id, one.key)

    def open_it(row: NoticeRow) -> None:
        context.background.call(
            lambda: mendings_of_notices(context.store, [row.id]),
            show,
            lambda failure: navigator.say(failure.sentence),
            owner,
        )

    return open_it


def _is_open(one: Mending) -> bool:
    return one.after_result is None or one.after_result.needs_decision
