"""On which server a customer's site is, in a sentence. Pure: no Qt, no I/O, no clock."""

from collections.abc import Iterator, Sequence

from noc_console.desk.fleet.filter_match import hosts_of
from noc_console.desk.fleet.filter_terms import Filter, TextField, TextTerm
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server, Site

MOST_ANSWERS = 3
"""More sites than these were not asked for by name: the rows tell them."""


def site_answer(wanted: Filter, kept: Sequence[Server]) -> str:
    """Give where the sites are that a filter names; empty where it names none, or too many."""
    texts = [
        term.text
        for term in wanted.terms
        if isinstance(term, TextTerm)
        and term.field in {TextField.ANYWHERE, TextField.SITE}
        and not term.is_not
    ]
    found = [
        f"{inert(site.domain)}{_of(site)} is on {inert(server.name)}."
        for server in kept
        for site in _named(server, texts)
    ]
    return " ".join(found) if len(found) <= MOST_ANSWERS else ""


def _named(server: Server, texts: Sequence[str]) -> Iterator[Site]:
    for site in server.sites:
        domain = site.domain.lower()
        if any(text in domain or domain in hosts_of(text) for text in texts):
            yield site


def _of(site: Site) -> str:
    return f" of {inert(site.customer)}" if site.customer else ""
