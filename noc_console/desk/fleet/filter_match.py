"""Which rows of the fleet a filter keeps. No Qt, no I/O; `now` is an argument.

Words are looked for once for each filter and fleet; figures and verdicts each time they are asked.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noc_console.desk.fleet.filter_terms import (
    Filter,
    LinkTerm,
    NumberField,
    NumberTerm,
    Term,
    TextField,
    TextTerm,
    VerdictTerm,
)
from noc_console.desk.fleet.fleet_cells import danger_s, load_per_core
from noc_console.desk.fleet.fleet_change import SearchText
from noc_console.desk.fleet.fleet_columns import LINKS, VERDICTS, FleetColumns

Mask = NDArray[np.bool_]

_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?([^/:?#]+)")
_LEAST_LABELS = 2
_COMPARED: Mapping[str, Callable[[Any, float], Any]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
}
_FIELDS = {
    NumberField.LOAD: "load",
    NumberField.CORES: "cores",
    NumberField.CPU: "cpu",
    NumberField.MEMORY: "memory",
    NumberField.DISK: "disk",
}


class FleetMatch:
    """A filter joined to columns; call it for the mask of the rows it keeps."""

    def __init__(self, wanted: Filter) -> None:
        """Keep what all terms hold for."""
        fixed = [term for term in wanted.terms if _is_fixed(term)]
        self._fixed = fixed
        self._moving = [term for term in wanted.terms if not _is_fixed(term)]
        self._mask: Mask = np.empty(0, dtype=bool)
        self._version = -1

    def __call__(self, columns: FleetColumns, now: datetime) -> Mask:
        """Give, for each row, whether it is kept."""
        if self._version != columns.version:
            self._mask = _all(self._fixed, columns, now)
            self._version = columns.version
        return self._mask & _all(self._moving, columns, now)


def hosts_of(text: str) -> tuple[str, ...]:
    """Give the domains a text may mean, the nearest first: the host itself, then its parents.

    `https://www.shop.example.org/cart` gives `www.shop.example.org`, `shop.example.org` and
    `example.org`. A text without a dot is no domain.
    """
    found = _HOST.match(text)
    labels = found[1].strip(".").split(".") if found else []
    return tuple(
        ".".join(labels[first:]) for first in range(max(len(labels) - _LEAST_LABELS + 1, 0))
    )


def _is_fixed(term: Term) -> bool:
    return isinstance(term, TextTerm) and term.field is not TextField.WHY


def _all(terms: list[Term], columns: FleetColumns, now: datetime) -> Mask:
    everything = np.ones(len(columns), dtype=bool)
    masks = ((_mask(term, columns, now) ^ term.is_not) for term in terms)
    return reduce(np.logical_and, masks, everything)


def _mask(term: Term, columns: FleetColumns, now: datetime) -> Mask:
    match term:
        case VerdictTerm():
            places = [VERDICTS.index(verdict) for verdict in term.verdicts]
            return np.isin(columns.verdicts(), places)
        case LinkTerm():
            return np.isin(columns.figures["link"], [LINKS.index(link) for link in term.links])
        case NumberTerm():
            return _compared(term, columns, now)
        case TextTerm(field=TextField.WHY):
            return _whys(term, columns)
        case TextTerm():
            return _words(term, columns)


def _compared(term: NumberTerm, columns: FleetColumns, now: datetime) -> Mask:
    figures = columns.figures
    if term.field is NumberField.AGE:
        values = now.timestamp() - figures["sample_s"]
    elif term.field is NumberField.DANGER:
        values = danger_s(columns, now)
    elif term.per_core:
        values = load_per_core(figures)
    else:
        values = figures[_FIELDS[term.field]]
    mask: Mask = _COMPARED[term.compared](values, term.number)
    return mask


def _whys(term: TextTerm, columns: FleetColumns) -> Mask:
    return np.array(
        [
            state is not None
            and any(term.text in reason.lower() for reason in state.judgement.words)
            for state in columns.states
        ],
        dtype=bool,
    )


def _words(term: TextTerm, columns: FleetColumns) -> Mask:
    """Look for a term's text; of a domain its parents too, where they are a customer's site."""
    word = f"\n{term.text}\n" if term.is_whole else term.text
    if term.field is TextField.GROUP and not term.is_whole:
        word = f"\n{term.text}"
    mask = _holding(word, _TEXTS[term.field], columns)
    if term.field in {TextField.ANYWHERE, TextField.SITE}:
        for host in hosts_of(term.text):
            mask |= _holding(f"\n{host}\n", _TEXTS[TextField.SITE], columns)
    return mask


def _holding(word: str, text_of: Callable[[SearchText], str], columns: FleetColumns) -> Mask:
    count = len(columns)
    return np.fromiter((word in text for text in map(text_of, columns.texts)), bool, count)


_TEXTS: Mapping[TextField, Callable[[SearchText], str]] = {
    TextField.ANYWHERE: operator.attrgetter("everything"),
    TextField.NAME: operator.attrgetter("name"),
    TextField.GROUP: operator.attrgetter("groups"),
    TextField.SITE: operator.attrgetter("sites"),
    TextField.CUSTOMER: operator.attrgetter("customers"),
}
