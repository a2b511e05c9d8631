from noc_console.fleet.failure import FailureKind
from tests.links.connecting import failure_of, open_to


def test_a_command_runs_in_the_servers_own_shell(sshd):
    with open_to(sshd) as connection:
        result = connection.run(b"echo one; echo two >&2; exit 3\n", deadline_s=5, max_bytes=1000)

    assert (result.exit_status, result.output, result.truncated) == (3, b"one\n", False)


def test_only_modern_algorithms_are_agreed(sshd):
    with open_to(sshd) as connection:
        facts = connection.facts

    assert facts.cipher == "aes128-gcm@openssh.com"
    assert facts.kex == "curve25519-sha256@libssh.org"
    assert facts.host_key_algorithm == "ssh-ed25519"
    assert not facts.is_weak
    assert facts.software.startswith("SSH-2.0-OpenSSH")


def test_weak_algorithms_are_refused_until_they_are_allowed(unstarted):
    unstarted.options = {"Ciphers": "aes128-cbc", "MACs": "hmac-sha1"}
    sshd = unstarted.start()

    refused = failure_of(sshd)
    with open_to(sshd, server=sshd.server(allow_weak_algorithms=True)) as connection:
        facts = connection.facts

    assert refused.kind is FailureKind.NO_COMMON_ALGORITHM
    assert facts.is_weak
    assert facts.cipher == "aes128-cbc"


def test_each_step_is_told(sshd):
    steps = []
    with open_to(sshd, on_step=steps.append):
        pass

    assert [step.name for step in steps] == ["name", "port", "banner", "host key", "authentication"]
    assert all(step.ok for step in steps)


def test_output_without_end_is_cut_off(sshd):
    with open_to(sshd) as connection:
        result = connection.run(b"while :; do echo x; done\n", deadline_s=5, max_bytes=10_000)

    assert result.truncated
    assert result.exit_status is None
    assert len(result.output) == 10_000


def test_a_command_that_hangs_is_given_up_in_time(sshd):
    with open_to(sshd) as connection:
        result = connection.run(b"sleep 100\n", deadline_s=0.5, max_bytes=100)

    assert result.truncated
    assert 0.5 <= result.duration_s < 3
