"""What the records of a domain come to: who may mail for it, where its mail and its site go.

Blocks: for a worker. Each function gives lines of fields parted by tabs, as a check reads them.
"""

import re
from collections.abc import Collection, Iterator

from noc_console.audit.outside.asker import Answer, Asker, Told, above

_MOST_SERVERS = 8
_ALL = re.compile(r"(?:^|\s)([-~?+]?)all(?:\s|$)", re.IGNORECASE)
_REDIRECT = re.compile(r"(?:^|\s)redirect=", re.IGNORECASE)
_POLICY = re.compile(r"(?:^|;)\s*p\s*=\s*(none|quarantine|reject)\b", re.IGNORECASE)


def mail_policy(asker: Asker, domain: str) -> Iterator[str]:
    """Give what SPF (RFC 7208) and DMARC (RFC 7489) of a domain say.

    `POLICY<tab>domain<tab>spf<tab>dmarc<tab>record`: spf is none, several, open (+all), neutral
    (?all, or no all), soft, strict, redirect or unknown; dmarc is missing, wrong, none, quarantine,
    reject or unknown.
    """
    texts = asker.ask(domain, "TXT")
    records = [one for one in texts.values if re.match(r"v=spf1(\s|$)", one, re.IGNORECASE)]
    yield _line("POLICY", domain, _spf(texts, records), _dmarc(asker, domain), " ".join(records))


def _spf(texts: Answer, records: list[str]) -> str:
    if texts.told is Told.UNKNOWN:
        return "unknown"
    if len(records) != 1:
        return "several" if records else "none"
    found = _ALL.search(records[0])
    if found is None:
        return "redirect" if _REDIRECT.search(records[0]) else "neutral"
    return {"-": "strict", "~": "soft", "?": "neutral"}.get(found[1], "open")


def _dmarc(asker: Asker, domain: str) -> str:
    """Give the policy of a domain, else that of the domain above it (RFC 7489, section 6.6.3)."""
    for name in above(domain):
        texts = asker.ask(f"_dmarc.{name}", "TXT")
        if texts.told is Told.UNKNOWN:
            return "unknown"
        records = [one for one in texts.values if one.lower().startswith("v=dmarc1")]
        if records:
            found = _POLICY.search(records[0])
            return found[1].lower() if found is not None and len(records) == 1 else "wrong"
    return "missing"


def mail_goes_to(asker: Asker, domain: str) -> Iterator[str]:
    """Give where mail for a domain goes: `MX<tab>domain<tab>host<tab>state`.

    The state is well, lost (the host has no address), none (no MX), null (it takes no mail,
    RFC 7505), gone (no such domain) or unknown.
    """
    found = asker.ask(domain, "MX")
    if found.told is not Told.SOME:
        yield _line("MX", domain, "-", found.told.value)
        return
    for record in sorted(found.values)[:_MOST_SERVERS]:
        host = record.split()[-1].rstrip(".")
        if not host:
            yield _line("MX", domain, "-", "null")
            continue
        told = asker.addresses(host).told
        state = {Told.SOME: "well", Told.UNKNOWN: "unknown"}.get(told, "lost")
        yield _line("MX", domain, host, state)


def site_points_to(asker: Asker, domain: str, ours: Collection[str]) -> Iterator[str]:
    """Give where a domain points: `SITE<tab>domain<tab>state<tab>addresses`.

    The state is here, elsewhere, none (no address), gone (no such domain) or unknown.
    """
    found = asker.addresses(domain)
    if found.told is not Told.SOME:
        yield _line("SITE", domain, found.told.value, "-")
        return
    state = "here" if set(found.values) & set(ours) else "elsewhere"
    yield _line("SITE", domain, state, " ".join(found.values[:_MOST_SERVERS]))


def name_servers(asker: Asker, domain: str) -> Iterator[str]:
    """Give what each name server of a domain says of it: `NS<tab>domain<tab>server<tab>state`.

    The state is well, behind (an older serial than another's), lame (it does not answer for the
    domain), silent or lost (it has no address). Then `ZONE<tab>domain<tab>servers<tab>told`: how
    many there are, and some, none, gone or unknown.
    """
    zone, found = _zone(asker, domain)
    hosts = sorted(one.rstrip(".") for one in found.values)[:_MOST_SERVERS]
    said = {host: _said_by(asker, host, zone) for host in hosts}
    serials = [one for one in said.values() if isinstance(one, int)]
    for host, one in said.items():
        state = one if isinstance(one, str) else "well" if one == max(serials) else "behind"
        yield _line("NS", zone, host, state)
    yield _line("ZONE", zone, str(len(hosts)), found.told.value)


def _zone(asker: Asker, domain: str) -> tuple[str, Answer]:
    """Give the zone a domain is in, which may lie above it, and its name servers."""
    found = Answer(told=Told.UNKNOWN)
    zone = domain
    for zone in above(domain):
        found = asker.ask(zone, "NS")
        if found.told is not Told.NONE:
            break
    return zone, found


def _said_by(asker: Asker, host: str, zone: str) -> int | str:
    """Give the serial a name server has of a zone, or why it has none."""
    address = asker.addresses(host)
    if address.told is not Told.SOME:
        return "silent" if address.told is Told.UNKNOWN else "lost"
    own = asker.ask_itself(address.values[0], zone)
    if own.told is Told.UNKNOWN:
        return "silent"
    return own.serial if own.is_own else "lame"


def _line(*fields: str) -> str:
    return "\t".join(" ".join(one.split())[:400] or "-" for one in fields)
