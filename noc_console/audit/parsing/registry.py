"""The closed list of parsers a check may name. Pure: no I/O, no clock."""

from collections.abc import Mapping

from noc_console.audit.parsing.backups import read_backups
from noc_console.audit.parsing.disks import read_arrays, read_smart
from noc_console.audit.parsing.firewall import read_firewall
from noc_console.audit.parsing.lines import read_matches, read_pairs, read_tagged, read_words
from noc_console.audit.parsing.login_places import read_last, read_open_logins
from noc_console.audit.parsing.logins import read_logins
from noc_console.audit.parsing.mail import read_mail
from noc_console.audit.parsing.parsed import Parser, PastParser
from noc_console.audit.parsing.sockets import read_sockets

PARSERS: Mapping[str, Parser] = {
    "arrays": read_arrays,
    "backups": read_backups,
    "firewall": read_firewall,
    "last": read_last,
    "logins": read_logins,
    "mail": read_mail,
    "matches": read_matches,
    "open logins": read_open_logins,
    "pairs": read_pairs,
    "smart": read_smart,
    "sockets": read_sockets,
    "tagged": read_tagged,
    "words": read_words,
}

WITH_PAST: Mapping[str, PastParser] = {
    "backups": read_backups,
    "logins": read_logins,
    "mail": read_mail,
}
"""Those that are told of earlier months as well; by itself each reads an answer without a past."""
