import subprocess

import pytest

from noc_console.fleet.failure import FailureKind
from tests.links.conftest import knowing
from tests.links.connecting import assert_no_login_was_tried, failure_of, open_to
from tests.sshd import make_key


def test_an_unknown_host_key_asks_and_sends_nothing(sshd):
    failure = failure_of(sshd, known=knowing(others=("mail", "db")))

    assert failure.kind is FailureKind.HOST_KEY_UNKNOWN
    assert failure.fingerprint in subprocess.check_output(
        ["ssh-keygen", "-lf", sshd.host_key], text=True
    )
    assert failure.fingerprint in failure.sentence
    assert failure.same_key_as == ("mail", "db")
    assert failure.offered_key == " ".join(sshd.host_key_line.split()[:2])
    assert (failure.address, failure.port) == (sshd.address, sshd.port)
    assert_no_login_was_tried(sshd)


def test_a_changed_host_key_sends_nothing_and_names_both_fingerprints(sshd, tmp_path):
    other = make_key(tmp_path / "other")
    line = other.with_suffix(".pub").read_text()

    failure = failure_of(sshd, known=knowing(line))

    assert failure.kind is FailureKind.HOST_KEY_CHANGED
    assert failure.known_fingerprint in failure.sentence
    assert failure.fingerprint in failure.sentence
    assert failure.known_fingerprint != failure.fingerprint
    assert_no_login_was_tried(sshd)


@pytest.mark.parametrize("hashed", [False, True])
def test_a_key_in_a_persons_known_hosts_is_known(sshd, tmp_path, hashed):
    path = tmp_path / "known_hosts"
    path.write_text(f"[{sshd.address}]:{sshd.port} {sshd.host_key_line}\n")
    if hashed:
        subprocess.run(["ssh-keygen", "-q", "-H", "-f", path], check=True, capture_output=True)
        assert sshd.address not in path.read_text()

    with open_to(sshd, known=knowing(files=(path,))) as connection:
        assert connection.facts.fingerprint


def test_a_revoked_host_key_is_refused_even_when_it_was_accepted(sshd, tmp_path):
    path = tmp_path / "known_hosts"
    path.write_text(f"@revoked * {sshd.host_key_line}\n")

    failure = failure_of(sshd, known=knowing(sshd.host_key_line, files=(path,)))

    assert failure.kind is FailureKind.HOST_KEY_REVOKED
    assert_no_login_was_tried(sshd)


def sign_host_key(sshd, authority, *options):
    subprocess.run(
        [
            "ssh-keygen",
            "-q",
            "-s",
            authority,
            "-I",
            "host",
            "-h",
            *options,
            sshd.host_key.with_suffix(".pub"),
        ],
        check=True,
        capture_output=True,
    )
    sshd.options = {"HostCertificate": str(sshd.folder / "host_key-cert.pub")}
    return sshd


def known_authority(tmp_path, authority):
    path = tmp_path / "known_hosts"
    path.write_text(f"@cert-authority * {authority.with_suffix('.pub').read_text()}")
    return knowing(files=(path,))


def test_a_host_certificate_of_a_known_authority_is_enough(unstarted, authority, tmp_path):
    sshd = sign_host_key(unstarted, authority, "-n", "127.0.0.1,web").start()

    with open_to(sshd, known=known_authority(tmp_path, authority)) as connection:
        assert connection.facts.host_key_algorithm.startswith("ssh-ed25519-cert")


@pytest.mark.parametrize(
    "options", [("-n", "another.example"), ("-n", "127.0.0.1", "-V", "20200101:20200201")]
)
def test_a_certificate_for_another_name_or_time_is_not(unstarted, authority, tmp_path, options):
    sshd = sign_host_key(unstarted, authority, *options).start()

    failure = failure_of(sshd, known=known_authority(tmp_path, authority))

    assert failure.kind is FailureKind.HOST_KEY_UNKNOWN
    assert_no_login_was_tried(sshd)


def test_a_certificate_of_an_unknown_authority_is_not(unstarted, authority, tmp_path):
    sshd = sign_host_key(unstarted, authority, "-n", "127.0.0.1").start()
    other = make_key(tmp_path / "other_authority")

    failure = failure_of(sshd, known=known_authority(tmp_path, other))

    assert failure.kind is FailureKind.HOST_KEY_UNKNOWN


def test_the_kind_of_key_that_is_known_is_asked_for_first(unstarted):
    rsa = make_key(unstarted.folder / "rsa_key", kind="rsa")
    unstarted.options = {"HostKey": f"{unstarted.host_key}\nHostKey {rsa}"}
    sshd = unstarted.start()

    with open_to(sshd, known=knowing(rsa.with_suffix(".pub").read_text())) as connection:
        assert connection.facts.host_key_algorithm == "ssh-rsa"
