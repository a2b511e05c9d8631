"""What an incident would be, and when the console proposes one."""

from datetime import timedelta

from noc_console.fleet.server import Server, Site
from noc_console.health.alarm import Alarm, Shelf
from noc_console.health.verdict import Verdict
from noc_console.incidents.incident.draft import draft_incident, propose
from noc_console.incidents.incident.incident import Incident, IncidentState, Severity
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


def site(number):
    return Site(domain=f"s{number}.example")


WEB = Server(id=1, name="web-01", address="a", sites=tuple(site(n) for n in range(30)))
DNS = Server(id=2, name="dns-01", address="b")
FLEET = {1: WEB, 2: DNS}


def alarm(alarm_id, server_id=1, verdict=Verdict.DOWN, minutes=9, **more):
    return Alarm(
        id=alarm_id,
        server_id=server_id,
        key=f"k{alarm_id}",
        verdict=verdict,
        words="It does not answer.",
        raised_at=NOW - minutes * MINUTE,
        **more,
    )


def test_a_draft_begins_with_the_earliest_alarm_and_names_the_server():
    draft = draft_incident([alarm(1), alarm(2, minutes=20)], FLEET, NOW)

    assert draft.began_at == NOW - 20 * MINUTE
    assert draft.title == "web-01: It does not answer."
    assert (draft.server_ids, draft.alarm_ids) == ((1,), (1, 2))
    assert draft.severity is Severity.CRITICAL


def test_a_draft_of_a_server_alone_has_its_name_and_is_minor():
    draft = draft_incident([], FLEET, NOW, besides=[2])

    assert (draft.title, draft.severity, draft.began_at) == ("dns-01", Severity.MINOR, NOW)


def test_a_group_alarm_brings_the_servers_it_is_about():
    group = alarm(5, server_id=None)
    draft = draft_incident([group], FLEET, NOW, members=[1, 2, 99])

    assert draft.server_ids == (1, 2)
    assert draft.title == "It does not answer."


def test_what_hostile_words_say_becomes_one_inert_line_of_a_bounded_length():
    draft = draft_incident(
        [
            Alarm(
                id=1,
                server_id=1,
                key="k",
                verdict=Verdict.DOWN,
                words="\x1b[2J\n" * 99,
                raised_at=NOW,
            )
        ],
        FLEET,
        NOW,
    )

    assert draft.title.isprintable()
    assert len(draft.title) <= 200


def test_trouble_that_lasts_is_proposed_with_why():
    (proposal,) = propose([alarm(1)], {}, FLEET, [], NOW)

    assert proposal.draft.server_ids == (1,)
    assert proposal.why == "In trouble for 9 min, and 30 sites on it; no incident is open for it."
    (later,) = propose([alarm(1)], {}, FLEET, [], NOW + timedelta(hours=20))
    assert later.why.startswith("In trouble for 20 h 9 min, ")


def test_nothing_is_proposed_that_is_short_early_shelved_or_follows_from_another():
    shelf = Shelf(by="a", at=NOW, until=NOW + MINUTE, reason="r")
    quiet = [
        alarm(1, minutes=1),
        alarm(2, verdict=Verdict.EARLY),
        alarm(3, shelved=shelf),
        alarm(4, cause_id=9),
        alarm(5, is_muted=True),
        alarm(6, cleared_at=NOW),
    ]

    assert propose(quiet, {}, FLEET, [], NOW) == []


def test_nothing_is_proposed_twice():
    taken = Incident(
        id=1,
        title="x",
        severity=Severity.MAJOR,
        state=IncidentState.OPEN,
        began_at=NOW,
        opened_at=NOW,
        opened_by="anna",
        server_ids=(1,),
    )

    assert propose([alarm(1)], {}, FLEET, [taken], NOW) == []
    assert len(propose([alarm(1), alarm(2)], {}, FLEET, [], NOW)) == 1
