"""Which column of a table is which field of a server, guessed by its title. Pure."""

import re
from collections.abc import Mapping, Sequence

FIELDS: Mapping[str, str] = {
    "name": "Name",
    "address": "Address",
    "port": "Port",
    "user": "User",
    "authentication": "Authentication",
    "key_file": "Key file",
    "certificate_file": "Certificate file",
    "jumps": "Jump servers",
    "groups": "Groups",
    "expected_services": "Services",
    "checks": "Outside checks",
    "sites": "Sites",
    "brand": "Brand",
    "partner": "Partner",
    "notes": "Notes",
    "tick_s": "Tick in seconds",
    "allow_weak_algorithms": "Weak algorithms",
    "variables": "Variables",
    "kind": "Kind",
}
"""The fields that a column can be, and how a person calls them."""

_TITLES: tuple[tuple[str, str], ...] = (
    ("name", "name servername inventoryhostname alias label title displayname"),
    ("address", "address ip ipaddress ipv4 ipv4address publicip mainip primaryip ansiblehost"),
    ("address", "addr ansiblesshhost ipv6 ipv6address"),
    ("name", "server node hostname host fqdn machine dnsname domainname"),
    ("address", "host hostname fqdn dnsname dns domainname server"),
    ("port", "port sshport ansibleport ansiblesshport"),
    ("user", "user username login sshuser ansibleuser ansiblesshuser account"),
    ("authentication", "authentication auth authmethod"),
    (
        "key_file",
        "keyfile key sshkey identityfile identity ansiblesshprivatekeyfile privatekeyfile",
    ),
    ("certificate_file", "certificatefile certificate"),
    ("jumps", "jumps jump jumpservers jumpserver jumphost jumphosts proxyjump bastion via gateway"),
    ("groups", "groups group tags tag role roles cluster"),
    ("expected_services", "expectedservices services service units"),
    ("checks", "checks outsidechecks check"),
    ("sites", "sites site domains domain websites vhosts"),
    ("brand", "brand"),
    ("partner", "partner redundancypartner failover standby"),
    ("notes", "notes note comment comments description remarks"),
    ("tick_s", "ticks tick tickseconds tickinseconds interval intervals"),
    ("allow_weak_algorithms", "allowweakalgorithms weakalgorithms"),
    ("variables", "variables vars hostvars"),
    ("kind", "kind"),
)
"""Titles without spaces and marks, the surest first; a column is taken once."""


def guess_columns(
    titles: Sequence[str], known: Sequence[tuple[str, str]] = _TITLES
) -> dict[str, str]:
    """Give the title of each field's column, for the fields that are known by their titles.

    `known` are fields with such titles in small letters, the surest first.
    """
    plain: dict[str, str] = {}
    for title in titles:
        plain.setdefault(re.sub(r"[\W_]", "", title.casefold()), title)
    found: dict[str, str] = {}
    for field, words in known:
        for word in words.split():
            if field not in found and word in plain:
                found[field] = plain.pop(word)
    return found
