from noc_console.fleet.failure import FailureKind
from noc_console.fleet.server import Server
from noc_console.links.connection_test import STEPS, try_connection
from noc_console.links.failures import link_failure
from tests.links.conftest import QUICK, knowing
from tests.sshd import free_port


def run(server, known, probe=lambda _connection: "it answers"):
    steps = []
    outcome = try_connection(
        server,
        jumps=(),
        known=known,
        secrets=lambda *_: None,
        probe=probe,
        on_step=steps.append,
        timeouts=QUICK,
    )
    return outcome, steps


def test_every_step_of_a_good_connection_is_told(sshd):
    outcome, steps = run(sshd.server(), knowing(sshd.host_key_line))

    assert outcome.failure is None
    assert tuple(step.name for step in steps) == STEPS
    assert all(step.ok for step in steps)
    assert "/bin/sh answers" in steps[5].sentence


def test_the_step_that_fails_says_how_to_mend_it_and_the_rest_was_not_reached(sshd):
    outcome, steps = run(sshd.server(), knowing())

    assert outcome.failure is not None
    assert outcome.failure.kind is FailureKind.HOST_KEY_UNKNOWN
    assert [step.ok for step in steps] == [True, True, True, False, None, None, None]
    assert steps[3].sentence == outcome.sentence


def test_a_closed_port_fails_at_the_port():
    server = Server(name="web", address="127.0.0.1", port=free_port(), user="root")

    _, steps = run(server, knowing())

    assert [(step.name, step.ok) for step in steps][:3] == [
        ("name", True),
        ("port", False),
        ("banner", None),
    ]


def test_a_probe_that_fails_is_the_last_step(sshd):
    def fail(_connection):
        raise link_failure(FailureKind.OUTPUT_NOT_UNDERSTOOD, "It told nothing; look at /proc.")

    _, steps = run(sshd.server(), knowing(sshd.host_key_line), fail)

    assert (steps[-1].name, steps[-1].ok, steps[-1].sentence) == (
        "probe",
        False,
        "It told nothing; look at /proc.",
    )
