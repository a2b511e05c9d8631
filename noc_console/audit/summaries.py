"""Which checks' evidence is told in short beside it, for the window. Pure: no I/O, no clock."""

from collections.abc import Callable, Mapping, Sequence

from noc_console.audit.finding import CheckResult
from noc_console.audit.logins import summary as logins
from noc_console.audit.logins.timeline import CHECK as LOGINS
from noc_console.audit.spam import summary as spam
from noc_console.audit.spam.shown import SCRIPTS, SENDERS

Summary = Callable[[CheckResult, Sequence[bytes]], str | None]
"""Takes what a check came to and its evidence of earlier months; None where there is nothing."""

SUMMARIES: Mapping[str, Summary] = {
    LOGINS: logins.summary_of,
    SENDERS: spam.summary_of,
    SCRIPTS: spam.summary_of,
}
