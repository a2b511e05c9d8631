"""Which field a lamp or a finding is about, so that one key leads there. Pure."""

import re

from noc_console.incidents.planning.proof_reader import Finding
from noc_console.notices.notice import TRANSLATED, Notice, NoticeKind

LANGUAGES = "languages."
"""Before the code of a language, in the place of a field."""
_CODE = re.compile(r"(?:In|in|language) '?([a-z]{2,3}(?:-[A-Za-z0-9]+)?)\b")
_LAMP_FIELDS = {
    NoticeKind.SCHEDULED: (
        *("typed_start", "minutes", "disrupted", "reasons", "benefit", "routes", "alternatives"),
    ),
    NoticeKind.UNSCHEDULED: (
        *("since", "next_update_minutes", "noticed", "cause", "next_steps", "routes"),
        "alternatives",
    ),
}
_BY_KEY = {
    "title": "title",
    "servers": "servers",
    "customers": "customers",
    "services": "services",
    "window": "window_id",
    "route": "routes",
    "promise": "next_update_minutes",
}
_BY_WORDS = (
    ("What is not disrupted", "not_disrupted"),
    ("What is disrupted", "disrupted"),
    ("The reason", "reasons"),
    ("The benefit", "benefit"),
    ("Why there is no alternative", "no_alternatives_because"),
    ("The alternative", "alternatives"),
    ("What customers notice", "noticed"),
    ("The cause", "cause"),
    ("What comes next", "next_steps"),
    ("The title", "title"),
)


def field_of_lamp(notice: Notice, number: int) -> str:
    """Give the field that lights a lamp; of what is disrupted the first that lacks something."""
    name = _LAMP_FIELDS[notice.kind][number - 1]
    if name in {"disrupted", "noticed"} and not (
        notice.servers or notice.groups or notice.customers
    ):
        return "servers"
    if name == "disrupted" and notice.disrupted.strip():
        return "not_disrupted"
    return name


def field_of_finding(notice: Notice, finding: Finding) -> str:
    """Give the field a finding speaks of; of a language `languages.de`."""
    if finding.key == "language":
        found = _CODE.search(finding.words)
        return f"{LANGUAGES}{found[1] if found else ''}"
    for words, name in _BY_WORDS:
        if finding.words.startswith(words):
            return name
    if finding.key in _BY_KEY:
        return _BY_KEY[finding.key]
    quoted = finding.words.split("'")[1] if finding.words.count("'") > 1 else ""
    for name in TRANSLATED:
        if quoted and quoted.casefold() in str(getattr(notice, name)).casefold():
            return name
    return "typed_start" if notice.is_scheduled else "since"
