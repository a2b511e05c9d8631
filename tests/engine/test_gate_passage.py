"""Reboots and restarts over a real sshd: gone, back as another boot, compared, and said."""

import threading
from contextlib import closing
from dataclasses import replace

import pytest

from noc_console.engine.gate_hands import RemoteHands
from noc_console.engine.gate_looking import own_boot_id, take_look
from noc_console.engine.gate_passage import Passage
from noc_console.engine.gate_surroundings import NotKnown, Patience, Refused, Surroundings
from noc_console.errors import ConsoleError
from noc_console.incidents.gate.gate import ActKind, ActState, Affected
from noc_console.incidents.gate.gate_records import begin_act, get_act, note_step
from noc_console.links.accepted_keys import known_keys
from noc_console.links.ssh import Timeouts, connect
from noc_console.store.orders import cancel, claim, get, place
from tests.engine.rebootable import MOUNTS, UNITS, Rebootable
from tests.engine.running import add, now

SHORT = Patience(
    evidence_s=1.0, command_s=5.0, gone_s=4.0, back_s=6.0, settle_s=1.0, look_every_s=0.2
)


@pytest.fixture
def machine(tmp_path):
    made = Rebootable(tmp_path / "machine")
    yield made
    made.close()


class Way:
    """A passage on a machine, and what it was asked for evidence."""

    def __init__(self, store, machine, server):
        self.store, self.machine, self.server = store, machine, server
        self.evidence = []
        self.ends = threading.Event()
        self.woken = []
        self.expected = []

    def reach(self, server):
        return RemoteHands(
            None,
            lambda: connect(
                server, known=known_keys(self.store), timeouts=Timeouts(port_s=2.0, greeting_s=2.0)
            ),
        )

    def around(self):
        def take_evidence(act, server):
            self.evidence.append((act.state, list(self.machine.asked)))
            return 7, "recording 7 is under way", True

        return Surroundings(
            store=self.store,
            now=now,
            wait=self.ends.wait,
            is_ending=self.ends.is_set,
            own_host="desk",
            reach=self.reach,
            take_evidence=take_evidence,
            wake=self.woken.append,
            expect_away=lambda server_id, is_away: self.expected.append((server_id, is_away)),
        )

    def begin(self, kind=ActKind.REBOOT, service=""):
        place(
            self.store,
            kind.value,
            server_id=self.server.id,
            request={},
            asked_by="anna",
            now=now(),
        )
        self.order = claim(self.store, 1, now())
        return begin_act(
            self.store,
            self.order,
            kind,
            self.server,
            reason="load 212 and no login",
            service=service,
            affected=Affected(),
        )

    def passage(self, act, patience=SHORT):
        return Passage(self.around(), act, self.server, patience)

    def go(self, act, patience=SHORT, skips=""):
        return self.passage(act, patience).go(self.reach(self.server), skips_evidence=skips)


@pytest.fixture
def way(store, machine):
    server = add(store, machine.sshd, "web1", expected_services=("nginx",))
    return Way(store, machine, server)


def test_the_server_of_these_tests_has_a_systemctl_of_its_own(way, machine):
    with closing(connect(way.server, known=known_keys(way.store))) as connection:
        told = connection.run(b"command -v systemctl", deadline_s=10, max_bytes=1000)

    assert told.output.decode().strip() == str(machine.folder / "bin" / "systemctl")
    assert machine.boot_id != own_boot_id()


def test_a_reboot_is_watched_go_and_come_and_all_is_said_to_be_well(way, machine):
    first = machine.boot_id
    act = way.begin()

    outcome = way.go(act)

    done = get_act(way.store, act.id)
    assert (done.state, done.is_well) == (ActState.DONE, True)
    assert "web1 is back after" in outcome["sentence"]
    assert "all is well: 2 services, 2 mounts, 3 ports as before" in outcome["sentence"]
    assert done.before.boot_id == first != done.after.boot_id == machine.boot_id
    assert done.sent_at <= done.gone_at <= done.back_at <= done.closed_at
    assert done.evidence_id == 7
    assert way.woken
    assert way.expected == [(way.server.id, True), (way.server.id, False)]


def test_the_evidence_comes_before_the_command(way, machine):
    way.go(way.begin())

    ((state, asked),) = way.evidence
    assert state is ActState.PREPARING
    assert not any("reboot" in line for line in asked)


def test_whoever_wants_no_evidence_is_recorded_with_the_reason(way):
    act = way.begin()
    way.go(act, skips="the disk is full of it already")

    words = get_act(way.store, act.id).evidence_words
    assert words == "anna wanted none: the disk is full of it already"
    assert way.evidence == []


def test_what_did_not_come_back_is_named(way, machine):
    def break_it():
        machine.write_units(UNITS.replace("exim4.service loaded active running", "x.service x x x"))
        machine.write_mounts(MOUNTS.replace("/dev/vdb /home ext4 rw 0 0\n", ""))
        machine.write_ports((22, 80))

    machine.after = break_it
    act = way.begin()

    sentence = way.go(act)["sentence"]

    assert get_act(way.store, act.id).is_well is False
    for words in ("not all is well", "exim4 does not run", "/home is not mounted", "port tcp:443"):
        assert words in sentence


def test_a_server_that_stays_away_is_said_to_need_a_look_at_its_console(way, machine):
    machine.comes_back = False
    act = way.begin()

    with pytest.raises(NotKnown, match="has not come back"):
        way.go(act, replace(SHORT, back_s=1.5))

    assert get_act(way.store, act.id).state is ActState.NOT_KNOWN


def test_a_server_that_does_not_go_down_is_said_to_hold_its_shutdown(way, machine):
    (machine.folder / "bin" / "systemctl").write_text("#!/bin/sh\nexit 0\n")
    act = way.begin()

    with pytest.raises(NotKnown, match="still runs the same boot"):
        way.go(act, replace(SHORT, gone_s=0.8))


def test_a_refused_reboot_says_why_and_that_nothing_was_done(way, machine):
    (machine.state / "refuses").touch()
    act = way.begin()

    with pytest.raises(Refused, match="held by dpkg"):
        way.go(act)

    assert get_act(way.store, act.id).state is ActState.FAILED
    assert machine.boots == 1


def test_the_machine_of_the_engine_is_not_rebooted(way, machine):
    (machine.proc / "sys/kernel/random/boot_id").write_text(own_boot_id() + "\n")
    act = way.begin()

    with pytest.raises(Refused, match="is the machine this engine runs on"):
        way.go(act)

    assert not any("reboot" in line for line in machine.asked)


def test_a_server_that_takes_no_commands_is_left_to_its_console(way, machine):
    act = way.begin()
    machine.sshd.stop()

    with pytest.raises(Refused, match="use its own console or its power") as met:
        way.go(act)

    assert "refuses" in met.value.sentence or "refused" in met.value.sentence
    assert way.evidence == []
    machine.sshd.start()


def test_a_withdrawn_order_sends_no_command(way, machine):
    act = way.begin()
    cancel(way.store, way.order.id, now())

    with pytest.raises(Refused, match="withdrawn"):
        way.go(act)

    assert not any("reboot" in line for line in machine.asked)
    assert get_act(way.store, act.id).state is ActState.FAILED


def test_a_restarted_service_is_looked_at_until_it_runs(way, machine):
    machine.write_units(UNITS.replace("nginx.service loaded active running", _FAILED_NGINX))
    act = way.begin(ActKind.RESTART_SERVICE, "nginx")

    outcome = way.go(act)

    assert outcome["is_well"] is True
    assert outcome["sentence"].startswith("nginx on web1 was restarted and all is well")
    assert "restart nginx" in machine.asked
    assert get_act(way.store, act.id).before.services["nginx"] == "failed"


_FAILED_NGINX = "nginx.service loaded failed failed"


def test_a_service_that_does_not_start_again_is_said_not_to_run(way, machine):
    (machine.state / "cannot").touch()
    act = way.begin(ActKind.RESTART_SERVICE, "nginx")

    outcome = way.go(act)

    assert outcome["is_well"] is False
    assert "nginx is failed" in outcome["sentence"]
    steps = [step.words for step in get_act(way.store, act.id).steps]
    assert any("control process exited" in words for words in steps)


@pytest.mark.parametrize("service", ["$(touch pwned)", "-H root@x", "nginx; reboot", "unheard-of"])
def test_only_services_that_the_server_has_are_restarted(way, machine, service):
    act = way.begin(ActKind.RESTART_SERVICE, service)

    with pytest.raises(Refused, match="lists no service"):
        way.go(act)

    assert not any("restart" in line for line in machine.asked)


def test_a_reboot_is_gone_on_with_where_a_killed_engine_left_it(way, machine):
    act = way.begin()
    with closing(way.reach(way.server)) as hands:
        before = take_look(hands, now)
        sent = {"state": ActState.SENT, "sent_at": now(), "before": before}
        note_step(way.store, act.id, _step("given"), **sent)
    (machine.state / "reboot").touch()

    outcome = way.passage(get_act(way.store, act.id)).go_on()

    assert outcome["is_well"] is True
    done = get_act(way.store, act.id)
    assert done.state is ActState.DONE
    assert any("engine ended meanwhile" in step.words for step in done.steps)


def test_what_was_killed_before_the_command_left_did_nothing_and_is_not_done(way, machine):
    act = way.begin()

    with pytest.raises(ConsoleError, match="nothing was done"):
        way.passage(act).go_on()

    assert get_act(way.store, act.id).state is ActState.FAILED
    assert machine.asked == []


def test_an_engine_that_stops_leaves_the_reboot_open_for_the_next(way, machine):
    machine.comes_back = False
    act = way.begin()
    threading.Timer(1.5, way.ends.set).start()

    with pytest.raises(ConsoleError, match="next one goes on"):
        way.go(act, replace(SHORT, back_s=60.0))

    assert not get_act(way.store, act.id).state.is_closed


def test_another_host_key_after_the_reboot_is_told_as_such(way, machine):
    def other_key():
        from tests.sshd import make_key

        for part in (machine.sshd.host_key, machine.sshd.host_key.with_suffix(".pub")):
            part.unlink()
        make_key(machine.sshd.host_key)

    machine.after = other_key
    act = way.begin()

    with pytest.raises(NotKnown, match="another host key"):
        way.go(act)


def test_a_second_reboot_of_a_server_waits_for_the_first(way):
    way.begin()

    with pytest.raises(ConsoleError, match="anna asked for a reboot of web1"):
        way.begin()


def test_each_step_is_told_to_who_follows_the_order(way):
    way.go(way.begin())

    told = [step["sentence"] for step in get(way.store, way.order.id).progress]
    assert "looking at the server as it is" in told
    assert "the server is gone" in told
    assert any("the server is back after" in words for words in told)


def _step(words):
    from noc_console.incidents.gate.gate import Step

    return Step(at=now(), words=words)
