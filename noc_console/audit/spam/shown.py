"""The senders of one server's evidence as the window shows them. Pure: no I/O, no clock."""

from noc_console.audit.parsing.mail import earlier_told, item_of, sentence_of
from noc_console.audit.parsing.parsed import Past
from noc_console.audit.spam.judged import JudgedSender, Judgement, judge_senders
from noc_console.audit.spam.panel import SenderShown, Standing
from noc_console.audit.spam.told import ALL_MAIL, Told, read_told

SENDERS, SCRIPTS = "MAIL-04", "MAIL-05"
MOST_OF_ONE, DAYS_OF_ONE = 100, 120
_ALL_SCRIPTS = "all scripts"


def senders_of(
    server_id: int,
    server_name: str,
    check_id: str,
    evidence: bytes,
    past: Past,
    *,
    most: int = MOST_OF_ONE,
    days: int = DAYS_OF_ONE,
) -> list[SenderShown]:
    """Give the senders, or scripts, of a server: those far above their past, and so many more.

    Raises:
        OutputNotUnderstood: the evidence cannot be read.
    """
    scripts = check_id == SCRIPTS
    told = read_told(evidence, today=past.today, scripts=scripts)
    judged = judge_senders(told, earlier_told(past, scripts=scripts))
    high = sum(1 for one in judged.senders if one.standing is Standing.HIGH)
    return [
        _shown(server_id, server_name, check_id, one, told, judged, days)
        for one in judged.senders[: high + most]
        if one.mails or one.sender != ALL_MAIL
    ]


def _shown(
    server_id: int,
    server_name: str,
    check_id: str,
    one: JudgedSender,
    told: Told,
    judged: Judgement,
    most_days: int,
) -> SenderShown:
    is_all = one.sender == ALL_MAIL
    return SenderShown(
        server_id=server_id,
        server_name=server_name,
        check_id=check_id,
        item=item_of(one.sender),
        kind=one.sender.kind,
        name=_ALL_SCRIPTS if is_all and check_id == SCRIPTS else one.sender.name,
        standing=one.standing,
        sentence=sentence_of(one),
        month_mails=one.mails,
        peak=one.worst,
        latest=judged.days.day(one.sender, judged.days.judged[-1]),
        days=judged.days.of(one.sender, most_days) if most_days else (),
        lines=tuple(told.lines.get(one.sender, ())),
    )
