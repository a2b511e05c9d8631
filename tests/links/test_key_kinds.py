"""Every kind of key and certificate that OpenSSH makes by default or on request."""

import subprocess

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.server import Authentication
from tests.links.conftest import knowing
from tests.links.connecting import failure_of, open_to
from tests.sshd import make_key

SIZES = [("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "2048"), ("ed25519", "256")]


def sign(authority, key, *options):
    """Sign a public key; the certificate lies beside it."""
    public = key.with_suffix(".pub")
    subprocess.run(
        ["ssh-keygen", "-q", "-s", authority, "-I", "test", *options, public],
        check=True,
        capture_output=True,
    )
    return key.with_name(f"{key.name}-cert.pub")


@pytest.mark.parametrize(("kind", "bits"), SIZES)
def test_a_host_key_of_every_kind_is_verified(unstarted, kind, bits):
    key = make_key(unstarted.folder / "other_key", "-b", bits, kind=kind)
    unstarted.options = {"HostKey": str(key)}
    sshd = unstarted.start()
    line = key.with_suffix(".pub").read_text()

    with open_to(sshd, known=knowing(line)) as connection:
        assert connection.facts.host_key_algorithm == line.split()[0]
    assert failure_of(sshd).kind is FailureKind.HOST_KEY_CHANGED


@pytest.mark.parametrize(("kind", "bits"), SIZES)
def test_a_host_certificate_of_every_kind_is_verified(unstarted, authority, tmp_path, kind, bits):
    key = make_key(unstarted.folder / "other_key", "-b", bits, kind=kind)
    certificate = sign(authority, key, "-h", "-n", "127.0.0.1")
    unstarted.options = {"HostKey": str(key), "HostCertificate": str(certificate)}
    known = tmp_path / "known_hosts"
    known.write_text(f"@cert-authority * {authority.with_suffix('.pub').read_text()}")

    with open_to(unstarted.start(), known=knowing(files=(known,))) as connection:
        assert connection.facts.host_key_algorithm.endswith("-cert-v01@openssh.com")


@pytest.mark.parametrize("revoke", ["authority", "key"])
def test_a_certificate_of_a_revoked_authority_or_key_is_refused(
    unstarted, authority, tmp_path, revoke
):
    certificate = sign(authority, unstarted.host_key, "-h", "-n", "127.0.0.1")
    unstarted.options = {"HostCertificate": str(certificate)}
    signer = authority.with_suffix(".pub").read_text().strip()
    known = tmp_path / "known_hosts"
    revoked = signer if revoke == "authority" else unstarted.host_key_line
    known.write_text(f"@cert-authority * {signer}\n@revoked * {revoked}\n")

    failure = failure_of(unstarted.start(), known=knowing(files=(known,)))

    assert failure.kind is FailureKind.HOST_KEY_REVOKED


@pytest.mark.parametrize(("hash_name", "is_enough"), [("ssh-rsa", False), ("rsa-sha2-512", True)])
def test_an_authority_that_signs_with_sha_1_is_not_believed(
    unstarted, tmp_path, hash_name, is_enough
):
    authority = make_key(tmp_path / "rsa_authority", kind="rsa")
    certificate = sign(authority, unstarted.host_key, "-h", "-n", "127.0.0.1", "-t", hash_name)
    unstarted.options = {"HostCertificate": str(certificate)}
    known = tmp_path / "known_hosts"
    known.write_text(f"@cert-authority * {authority.with_suffix('.pub').read_text()}")
    sshd = unstarted.start()

    if is_enough:
        with open_to(sshd, known=knowing(files=(known,))):
            return
    assert failure_of(sshd, known=knowing(files=(known,))).kind is FailureKind.HOST_KEY_UNKNOWN


@pytest.mark.parametrize("form", ["RFC4716", "PKCS8", "PEM"])
@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
@pytest.mark.parametrize("passphrase", ["", "open sesame"])
def test_key_files_of_every_form_log_in(sshd, tmp_path, form, kind, passphrase):
    key = make_key(tmp_path / "key", "-m", form, kind=kind, passphrase=passphrase)
    (sshd.folder / "authorized_keys").write_text(key.with_suffix(".pub").read_text())

    server = sshd.server(key_file=str(key))
    with open_to(sshd, server=server, secrets=lambda *_: passphrase or None) as connection:
        assert "(key)" in connection.facts.authenticated_with


@pytest.mark.parametrize("kind", ["rsa", "ecdsa", "ed25519"])
@pytest.mark.parametrize("by", ["file", "agent"])
def test_a_user_certificate_of_every_kind_logs_in(unstarted, authority, agent, kind, by):
    key = make_key(unstarted.folder / "certified", kind=kind)
    sign(authority, key, "-n", unstarted.server().user)
    unstarted.options = {"TrustedUserCAKeys": str(authority.with_suffix(".pub"))}
    (unstarted.folder / "authorized_keys").write_text("")
    sshd = unstarted.start()
    server = sshd.server(key_file=str(key))
    if by == "agent":
        subprocess.run(["ssh-add", "-q", key], check=True, capture_output=True)
        server = sshd.server(authentication=Authentication.AGENT, key_file="")

    with open_to(sshd, server=server) as connection:
        assert connection.facts.authenticated_with


def test_a_certificate_that_is_not_valid_yet_points_at_the_clock(unstarted, authority):
    sign(authority, unstarted.key, "-n", unstarted.server().user, "-V", "20990101:20990201")

    failure = failure_of(unstarted.start())

    assert failure.kind is FailureKind.CERTIFICATE_EXPIRED
    assert "not valid yet; check this machine's clock" in failure.sentence
