"""The logins a server's evidence tells, by account, network and hour, beside the months before.

Pure: no I/O, no clock. What is suspect or unusual is what the check's findings say: limits a site
changed and what is agreed hold here too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from noc_console.audit.finding import Finding, Result
from noc_console.audit.logins.months_before import asked_on, earlier_told
from noc_console.audit.logins.panel import (
    HOURS_OF_WEEK,
    AccountShown,
    HourGrid,
    LoginRule,
    LoginShown,
    NetworkShown,
    Standing,
)
from noc_console.audit.logins.suspects import JudgedLogin, LoginWatch, item_of
from noc_console.audit.logins.told import Login, ToldLogins, read_told
from noc_console.audit.parsing.parsed import Past
from noc_console.fleet.inert import inert
from noc_console.incidents.evidence.masking import mask_text

CHECK = "LOG-01"
MOST_LOGINS = 300
"""Of one account; beyond it the usual ones are counted only."""
_USUAL = "As usual."
_FIRST = "The first logins that are known of this account; there is nothing to compare with."


@dataclass(slots=True)
class _Before:
    """What earlier months hold of one account."""

    networks: Counter[str] = field(default_factory=Counter)
    hours: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The server whose accounts are shown, and what it told."""

    server_id: int
    server_name: str
    told: ToldLogins
    most: int


def accounts_of(
    server_id: int,
    server_name: str,
    evidence: bytes,
    past: Past,
    findings: Sequence[Finding],
    *,
    most: int = MOST_LOGINS,
) -> list[AccountShown]:
    """Give each account that logged in to a server, with at most so many logins of each.

    Raises:
        OutputNotUnderstood: the evidence cannot be read.
    """
    told = read_told(evidence, asked_on(past.today))
    earlier = earlier_told(past)
    watch = LoginWatch()
    for one in earlier:
        watch.learn(one)
    by_item = {one.item: one for one in findings if _is_told(one)}
    shown: dict[str, list[LoginShown]] = {}
    for judged in watch.judged(told):
        shown.setdefault(judged.login.user, []).append(_shown(judged, by_item))
    before = _before(earlier, told)
    place = _Place(server_id=server_id, server_name=server_name, told=told, most=most)
    return [
        _account(place, user, logins, before.get(user, _Before())) for user, logins in shown.items()
    ]


def _is_told(one: Finding) -> bool:
    """Whether a finding makes a login other than usual; typing errors (info) do not."""
    is_typing = one.item.startswith(f"{LoginRule.GUESSED.value} ")
    return one.result.needs_decision or (one.result is Result.INFO and not is_typing)


def _before(earlier: Sequence[ToldLogins], told: ToldLogins) -> dict[str, _Before]:
    """Count the logins of earlier months, each once: logs overlap, and this audit's has its own."""
    seen = {_identity(one) for one in told.logins}
    found: dict[str, _Before] = {}
    for one in (login for month in earlier for login in month.logins):
        if _identity(one) in seen:
            continue
        seen.add(_identity(one))
        account = found.setdefault(one.user, _Before())
        account.networks[one.network] += one.event.count
        account.hours[one.event.hour_of_week] += one.event.count
    return found


def _identity(login: Login) -> tuple[object, ...]:
    event = login.event
    return event.at, event.user, event.address, event.port


def _shown(judged: JudgedLogin, by_item: Mapping[str, Finding]) -> LoginShown:
    login, event = judged.login, judged.login.event
    told = {
        one.rule: finding
        for one in judged.suspicions
        if (finding := by_item.get(inert(mask_text(item_of(one)), 200).strip())) is not None
        and event.number in finding.marks
    }
    rules = tuple(sorted(told, key=lambda rule: rule.urgency))
    standing = _standing(judged, told)
    return LoginShown(
        at=login.at,
        ended_at=login.ended_at,
        hour_of_week=event.hour_of_week,
        user=login.user,
        address=event.address,
        network=login.network,
        method=event.method,
        fingerprint=event.fingerprint,
        count=event.count,
        failures=judged.refused,
        rules=rules,
        items=tuple(told[rule].item for rule in rules),
        sentence=" ".join(told[rule].sentence for rule in rules) or _sentence(standing),
        standing=standing,
        line=event.line,
        line_number=event.number,
    )


def _standing(judged: JudgedLogin, told: Mapping[LoginRule, Finding]) -> Standing:
    if any(one.result is Result.FAIL for one in told.values()):
        return Standing.SUSPECT
    if told:
        return Standing.UNUSUAL
    return Standing.USUAL if judged.has_habit else Standing.FIRST_SEEN


def _sentence(standing: Standing) -> str:
    return _USUAL if standing is Standing.USUAL else _FIRST


def _account(place: _Place, user: str, logins: list[LoginShown], before: _Before) -> AccountShown:
    in_order = sorted(logins, key=lambda one: one.at, reverse=True)
    in_order.sort(key=lambda one: one.standing in {Standing.USUAL, Standing.FIRST_SEEN})
    in_order.sort(key=lambda one: one.standing is not Standing.SUSPECT)
    worst = min(logins, key=lambda one: (one.standing.urgency, -one.at.timestamp()))
    # the first few logins of an account that is known by now are nothing to look at
    is_known = any(one.standing is Standing.USUAL for one in logins)
    settled = worst.standing is Standing.FIRST_SEEN and is_known
    networks = _networks(logins, before)
    return AccountShown(
        server_id=place.server_id,
        server_name=place.server_name,
        check_id=CHECK,
        zone=place.told.zone_name,
        user=user,
        kind=place.told.kind_of(user),
        standing=Standing.USUAL if settled else worst.standing,
        sentence=_USUAL if settled else worst.sentence,
        count=sum(one.count for one in logins),
        network_count=len(networks),
        logins=tuple(in_order[: place.most]),
        networks=networks,
        grid=_grid(logins, before),
    )


def _networks(logins: Sequence[LoginShown], before: _Before) -> tuple[NetworkShown, ...]:
    by_network: dict[str, list[LoginShown]] = {}
    for one in logins:
        by_network.setdefault(one.network, []).append(one)
    found = [
        NetworkShown(
            network=network,
            logins=sum(one.count for one in some),
            logins_before=before.networks[network],
            first_at=min(one.at for one in some),
            last_at=max(one.at for one in some),
            standing=min((one.standing for one in some), key=lambda each: each.urgency),
        )
        for network, some in by_network.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.standing.urgency, -one.logins, one.network)))


def _grid(logins: Sequence[LoginShown], before: _Before) -> HourGrid:
    now, told = Counter[int](), Counter[int]()
    for one in logins:
        now[one.hour_of_week] += one.count
        if one.rules:
            told[one.hour_of_week] += one.count
    return HourGrid(
        logins=_hours(now),
        habit=_hours(before.hours),
        told=_hours(told),
    )


def _hours(counts: Counter[int]) -> tuple[int, ...]:
    return tuple(counts[hour] for hour in range(HOURS_OF_WEEK))
