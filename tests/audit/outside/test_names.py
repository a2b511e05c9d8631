"""What the name service has of domains and addresses, asked of a real name server on loopback."""

import pytest

from noc_console.audit.agreed import propose
from noc_console.audit.catalogue import load_catalogue
from noc_console.audit.outside.addresses import block_list, name_of_address
from noc_console.audit.outside.asker import Asker, Told
from noc_console.audit.outside.domains import (
    mail_goes_to,
    mail_policy,
    name_servers,
    site_points_to,
)
from tests.audit.judged import judged
from tests.name_server import FAILED, SILENT, NameServer

RECORDS = {
    ("well.example", "TXT"): ['"v=spf1 mx " "-all"', '"google-site-verification=x"'],
    ("_dmarc.well.example", "TXT"): ['"v=DMARC1; p=reject; rua=mailto:a@well.example"'],
    ("well.example", "MX"): ["10 mx.well.example.", "20 lost.well.example."],
    ("mx.well.example", "A"): ["192.0.2.25"],
    ("well.example", "A"): ["192.0.2.1"],
    ("shop.well.example", "TXT"): ['"v=spf1 ~all"'],
    ("open.example", "TXT"): ['"v=spf1 +all"'],
    ("_dmarc.open.example", "TXT"): ['"v=DMARC1; p=none"'],
    ("bare.example", "TXT"): ['"v=spf1 a mx"'],
    ("_dmarc.bare.example", "TXT"): ['"v=DMARC1; q=reject"'],
    ("two.example", "TXT"): ['"v=spf1 -all"', '"v=spf1 a -all"'],
    ("null.example", "MX"): ["0 ."],
    ("null.example", "A"): ["198.51.100.7"],
    ("bad.example", "A"): ["192.0.2.9"],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["well.example."],
    ("9.2.0.192.in-addr.arpa", "PTR"): ["null.example."],
    ("2.0.0.127.list.example", "A"): ["127.0.0.2"],
    ("9.2.0.192.list.example", "A"): ["127.0.0.4"],
    ("9.2.0.192.list.example", "TXT"): ['"see https://list.example/9"'],
    ("1.2.0.192.closed.example", "A"): ["127.255.255.254"],
    ("2.0.0.127.shy.example", "A"): ["127.255.255.254"],
    ("1.2.0.192.sold.example", "A"): ["203.0.113.80"],
    ("well.example", "NS"): ["ns1.well.example.", "ns2.well.example.", "ns3.well.example."],
    ("ns1.well.example", "A"): ["127.0.0.1"],
    ("ns2.well.example", "A"): ["127.0.0.1"],
    ("well.example", "SOA"): ["ns1.well.example. root.well.example. 7 1 1 1 1"],
}
WORDS = {"away.example": SILENT, "_dmarc.away.example": SILENT, "ill.example": FAILED}


@pytest.fixture(autouse=True)
def generous(monkeypatch):
    monkeypatch.setattr("noc_console.audit.outside.asker.WITHIN_S", 30.0)


@pytest.fixture
def server():
    made = NameServer(RECORDS, WORDS)
    yield made
    made.close()


@pytest.fixture
def asker(server):
    return Asker(server.resolver(), server.port)


def fields(lines):
    return [line.split("\t")[1:] for line in lines]


@pytest.mark.parametrize(
    ("domain", "spf", "dmarc"),
    [
        ("well.example", "strict", "reject"),
        ("shop.well.example", "soft", "reject"),
        ("open.example", "open", "none"),
        ("bare.example", "neutral", "wrong"),
        ("two.example", "several", "missing"),
        ("bad.example", "none", "missing"),
        ("ill.example", "unknown", "missing"),
    ],
)
def test_who_may_mail_for_a_domain_is_told(asker, domain, spf, dmarc):
    ((name, found_spf, found_dmarc, _record),) = fields(mail_policy(asker, domain))

    assert (name, found_spf, found_dmarc) == (domain, spf, dmarc)


def test_a_silent_name_service_is_unknown_and_not_no_record(asker):
    assert asker.ask("ill.example", "MX").told is Told.UNKNOWN
    assert asker.ask("well.example", "CAA").told is Told.NONE
    assert asker.ask("gone.example", "A").told is Told.GONE


def test_after_its_time_nothing_is_asked_any_more(server):
    asker = Asker(server.resolver(), server.port, within_s=0.0)

    assert asker.ask("well.example", "A").told is Told.UNKNOWN
    assert asker.ask_itself("127.0.0.1", "well.example").told is Told.UNKNOWN


def test_mail_that_leads_nowhere_is_told(asker):
    assert fields(mail_goes_to(asker, "well.example")) == [
        ["well.example", "mx.well.example", "well"],
        ["well.example", "lost.well.example", "lost"],
    ]
    assert fields(mail_goes_to(asker, "null.example")) == [["null.example", "-", "null"]]
    assert fields(mail_goes_to(asker, "bad.example")) == [["bad.example", "-", "none"]]
    assert fields(mail_goes_to(asker, "gone.example")) == [["gone.example", "-", "gone"]]
    assert fields(mail_goes_to(asker, "ill.example")) == [["ill.example", "-", "unknown"]]


def test_a_domain_that_leads_elsewhere_is_told(asker):
    ours = ["192.0.2.1", "2001:db8::1"]

    found = [
        fields(site_points_to(asker, one, ours))[0][:2]
        for one in ("well.example", "null.example", "two.example", "gone.example", "ill.example")
    ]

    assert [state for _, state in found] == ["here", "elsewhere", "none", "gone", "unknown"]


def test_name_servers_that_answer_lag_or_are_away_are_told(server):
    behind = {**RECORDS, ("well.example", "SOA"): ["ns1.x. root.x. 6 1 1 1 1"]}
    asker = Asker(server.resolver(), server.port)
    assert fields(name_servers(asker, "shop.well.example")) == [
        ["well.example", "ns1.well.example", "well"],
        ["well.example", "ns2.well.example", "well"],
        ["well.example", "ns3.well.example", "lost"],
        ["well.example", "3", "some"],
    ]
    assert fields(name_servers(asker, "gone.example")) == [["gone.example", "0", "gone"]]

    lame = NameServer(behind, is_own=False)
    try:
        found = fields(name_servers(Asker(server.resolver(), lame.port), "well.example"))
    finally:
        lame.close()
    assert [state for _, _, *states in found[:3] for state in states] == ["lame", "lame", "lost"]


def test_a_name_server_with_an_older_serial_is_behind(monkeypatch, asker):
    serials = iter([7, 6])
    whole = asker.ask_itself

    def as_two_servers(address, domain):
        found = whole(address, domain)
        return type(found)(told=found.told, is_own=found.is_own, serial=next(serials))

    monkeypatch.setattr(asker, "ask_itself", as_two_servers)

    assert [one[2] for one in fields(name_servers(asker, "well.example"))[:2]] == ["well", "behind"]


def test_an_answer_that_is_cut_is_asked_for_again_whole():
    server = NameServer(RECORDS, cut=True)
    try:
        own = Asker(server.resolver(), server.port).ask_itself("127.0.0.1", "well.example")
    finally:
        server.close()

    assert (own.told, own.is_own, own.serial) == (Told.SOME, True, 7)


@pytest.mark.parametrize(
    ("zone", "address", "state"),
    [
        ("list.example", "192.0.2.9", "listed"),
        ("list.example", "192.0.2.1", "clean"),
        ("closed.example", "192.0.2.1", "refused"),
        ("shy.example", "192.0.2.1", "refused"),
        ("sold.example", "192.0.2.1", "dead"),
        ("empty.example", "192.0.2.1", "dead"),
    ],
)
def test_a_list_that_does_not_answer_us_is_never_a_clean_one(asker, zone, address, state):
    (found,) = fields([block_list(asker, address, zone)])

    assert found[:3] == [zone, address, state]


def test_what_a_list_says_of_an_address_is_kept(asker):
    (found,) = fields([block_list(asker, "192.0.2.9", "list.example")])

    assert found[3:] == ["127.0.0.4", "see https://list.example/9"]


def test_a_name_that_does_not_lead_back_is_told(asker):
    found = [fields(name_of_address(asker, f"192.0.2.{one}"))[0] for one in (1, 9, 7)]

    assert [(name, state) for _, name, state in found] == [
        ("well.example", "well"),
        ("null.example", "other"),
        ("-", "none"),
    ]


def test_a_name_service_that_says_nothing_leaves_the_policy_unknown(server):
    asker = Asker(server.resolver(), server.port, within_s=0.5)

    ((_, spf, dmarc, _),) = fields(mail_policy(asker, "away.example"))

    assert (spf, dmarc) == ("unknown", "unknown")


def test_where_nobody_answers_at_all_a_few_questions_are_asked_and_no_more(monkeypatch, server):
    monkeypatch.setattr("noc_console.audit.outside.asker.WITHIN_S", 0.1)
    server.words.update({f"a{number}.example": SILENT for number in range(20)})
    asker = Asker(server.resolver(), server.port)

    found = [asker.ask(f"a{number}.example", "A").told for number in range(20)]

    assert set(found) == {Told.UNKNOWN}
    assert len({name for name, _ in server.asked if name.startswith("a")}) <= 3


def test_a_domain_that_leads_here_is_not_proposed_as_one_that_leads_elsewhere():
    check = load_catalogue().checks["DNS-05"]
    told = "SITE\ta.example\there\t192.0.2.1\nSITE\tb.example\telsewhere\t192.0.2.9\nSEEN\t2\t0\n"
    findings = [(1, one) for one in judged("DNS-05", told).findings]

    assert propose({check.id: check}, findings, [], {}) == []
