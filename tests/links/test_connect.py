import os
import subprocess
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.secrets import KeyringUnavailable
from noc_console.fleet.server import Authentication, Server
from noc_console.links.ssh import LinkFailure, connect
from tests.links.conftest import QUICK, knowing
from tests.sshd import Sshd, free_port, make_key


def no_secret(_name, _kind):
    return None


def open_to(sshd, *, server=None, known=None, **options):
    return closing(
        connect(
            server or sshd.server(),
            known=known or knowing(sshd.host_key_line),
            secrets=options.pop("secrets", no_secret),
            timeouts=QUICK,
            **options,
        )
    )


def failure_of(sshd, **options):
    with pytest.raises(LinkFailure) as caught, open_to(sshd, **options):
        pass
    return caught.value.failure


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


@pytest.fixture
def authority(tmp_path):
    return make_key(tmp_path / "authority")


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


@pytest.fixture
def unstarted(tmp_path):
    sshd = Sshd(tmp_path / "sshd")
    yield sshd
    sshd.stop()


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


@pytest.mark.parametrize("kind", ["rsa", "ecdsa", "ed25519"])
def test_every_usual_kind_of_key_logs_in(sshd, tmp_path, kind):
    key = make_key(tmp_path / "key", kind=kind)
    (sshd.folder / "authorized_keys").write_text(key.with_suffix(".pub").read_text())

    with open_to(sshd, server=sshd.server(key_file=str(key))) as connection:
        assert "(key)" in connection.facts.authenticated_with


def test_a_key_with_a_passphrase_takes_it_from_the_keyring(sshd, tmp_path):
    key = make_key(tmp_path / "key", passphrase="open sesame")
    (sshd.folder / "authorized_keys").write_text(key.with_suffix(".pub").read_text())
    server = sshd.server(key_file=str(key))

    with open_to(sshd, server=server, secrets=lambda *_: "open sesame"):
        pass
    missing = failure_of(sshd, server=server)
    wrong = failure_of(sshd, server=server, secrets=lambda *_: "wrong")

    assert (missing.kind, wrong.kind) == (FailureKind.KEY_UNUSABLE, FailureKind.KEY_UNUSABLE)
    assert "passphrase that the keyring does not hold" in missing.sentence
    assert "wrong" in wrong.sentence


def test_a_key_the_server_does_not_know_is_refused(sshd, tmp_path):
    stranger = make_key(tmp_path / "stranger")

    failure = failure_of(sshd, server=sshd.server(key_file=str(stranger)))

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED
    assert "key file" in failure.sentence


@pytest.mark.parametrize("content", [None, b"", b"hello", os.urandom(600)])
def test_a_file_that_is_no_key_is_said(sshd, tmp_path, content):
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)

    failure = failure_of(sshd, server=sshd.server(key_file=str(path)))

    assert failure.kind is FailureKind.KEY_UNUSABLE
    assert str(path) in failure.sentence


def sign_user_key(sshd, authority, *options):
    subprocess.run(
        [
            "ssh-keygen",
            "-q",
            "-s",
            authority,
            "-I",
            "me",
            "-n",
            sshd.server().user,
            *options,
            sshd.key.with_suffix(".pub"),
        ],
        check=True,
        capture_output=True,
    )
    sshd.options = {"TrustedUserCAKeys": str(authority.with_suffix(".pub"))}
    (sshd.folder / "authorized_keys").write_text("")
    return sshd.start()


def test_an_openssh_certificate_beside_the_key_logs_in(unstarted, authority):
    sshd = sign_user_key(unstarted, authority)

    with open_to(sshd) as connection:
        assert "(certificate)" in connection.facts.authenticated_with


def test_an_expired_certificate_is_said_before_anything_is_tried(unstarted, authority):
    sshd = sign_user_key(unstarted, authority, "-V", "20200101:20200201")

    failure = failure_of(sshd)

    assert failure.kind is FailureKind.CERTIFICATE_EXPIRED
    assert_no_login_was_tried(sshd)


@pytest.fixture
def agent(tmp_path, monkeypatch):
    path = tmp_path / "agent"
    process = subprocess.Popen(
        ["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 5
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
    yield path
    process.terminate()
    process.wait(5)


def test_the_agent_logs_in_with_the_key_that_fits(sshd, agent, tmp_path):
    for number in range(3):
        key = make_key(tmp_path / f"other{number}")
        subprocess.run(["ssh-add", "-q", key], check=True)
    subprocess.run(["ssh-add", "-q", sshd.key], check=True)

    with open_to(sshd, server=sshd.server(authentication=Authentication.AGENT)) as connection:
        assert "from the agent" in connection.facts.authenticated_with


def test_of_many_keys_in_the_agent_the_chosen_one_goes_first(sshd, agent, tmp_path):
    for number in range(8):
        subprocess.run(["ssh-add", "-q", make_key(tmp_path / f"other{number}")], check=True)
    subprocess.run(["ssh-add", "-q", sshd.key], check=True)
    server = sshd.server(authentication=Authentication.AGENT)

    with open_to(sshd, server=server):
        pass
    failure = failure_of(sshd, server=replace(server, key_file=""))

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED


def test_no_agent_is_said(sshd, monkeypatch):
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)

    failure = failure_of(sshd, server=sshd.server(authentication=Authentication.AGENT))

    assert failure.kind is FailureKind.AGENT_MISSING
    assert "ssh-add" in failure.sentence


def test_an_agent_that_died_is_said(sshd, monkeypatch, tmp_path):
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "gone"))

    failure = failure_of(sshd, server=sshd.server(authentication=Authentication.AGENT))

    assert failure.kind is FailureKind.AGENT_MISSING


def test_a_keyring_that_cannot_be_used_is_said(sshd):
    def unavailable(_name, _kind):
        raise KeyringUnavailable

    server = sshd.server(authentication=Authentication.PASSWORD)
    failure = failure_of(sshd, server=server, secrets=unavailable)

    assert failure.kind is FailureKind.KEYRING_UNAVAILABLE


@pytest.fixture(scope="module")
def user_with_password():
    name = f"noct{os.getpid() % 100000}"
    subprocess.run(["useradd", "-m", "-s", "/bin/sh", name], check=True)
    subprocess.run(["chpasswd"], input=f"{name}:right horse", text=True, check=True)
    yield name
    subprocess.run(["userdel", "-r", name], check=True, capture_output=True)


@pytest.fixture
def asking(unstarted):
    unstarted.options = {"PasswordAuthentication": "yes", "PubkeyAuthentication": "no"}
    return unstarted.start()


def test_a_password_logs_in_and_a_wrong_one_does_not(asking, user_with_password):
    server = asking.server(user=user_with_password, authentication=Authentication.PASSWORD)

    with open_to(asking, server=server, secrets=lambda *_: "right horse") as connection:
        assert connection.facts.authenticated_with == "password"
    wrong = failure_of(asking, server=server, secrets=lambda *_: "wrong horse")
    missing = failure_of(asking, server=server)

    assert wrong.kind is FailureKind.AUTHENTICATION_FAILED
    assert "wrong horse" not in wrong.sentence
    assert "keyring of this machine holds no password" in missing.sentence


def test_questions_are_answered_with_the_password(unstarted, user_with_password):
    unstarted.options = {
        "UsePAM": "yes",
        "KbdInteractiveAuthentication": "yes",
        "PubkeyAuthentication": "no",
    }
    sshd = unstarted.start()
    server = sshd.server(
        user=user_with_password, authentication=Authentication.KEYBOARD_INTERACTIVE
    )

    with open_to(sshd, server=server, secrets=lambda *_: "right horse") as connection:
        assert connection.facts.authenticated_with == "keyboard-interactive (1 questions)"


def test_what_the_server_allows_is_named(asking):
    failure = failure_of(asking)

    assert failure.kind is FailureKind.AUTHENTICATION_FAILED
    assert "it allows: password" in failure.sentence


def test_a_port_nobody_listens_on_refuses():
    failure = refusal_at(free_port())

    assert failure.kind is FailureKind.REFUSED


def refusal_at(port, address="127.0.0.1"):
    with pytest.raises(LinkFailure) as caught:
        connect(
            Server(name="web", address=address, port=port, user="root"),
            known=knowing(),
            secrets=no_secret,
            timeouts=QUICK,
        )
    return caught.value.failure


def test_a_name_nobody_knows_is_said():
    assert refusal_at(22, "no-such-name.invalid").kind is FailureKind.NAME_NOT_FOUND


@contextmanager
def listener(talk):
    """A port that talks as a hostile or sick server does."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def serve():
            server.settimeout(0.1)
            while not stop.is_set():
                try:
                    sock, _ = server.accept()
                except TimeoutError:
                    continue
                with sock:
                    try:
                        talk(sock, stop)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            thread.join()


def hang(_sock, stop):
    stop.wait(30)


def shout(sock, stop):
    while not stop.is_set():
        sock.sendall(b"x" * 1000)


def shout_lines(sock, stop):
    while not stop.is_set():
        sock.sendall(b"hello\r\n" * 100)


def speak_http(sock, _stop):
    sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def reset(sock, _stop):
    import socket
    import struct

    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hello_then_nothing(sock, stop):
    sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    stop.wait(30)


def hello_then_garbage(sock, _stop):
    sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n" + os.urandom(5000))


@pytest.mark.parametrize(
    ("talk", "kind", "words"),
    [
        (hang, FailureKind.NOT_SSH, "says no SSH hello"),
        (shout, FailureKind.NOT_SSH, "lines without end"),
        (shout_lines, FailureKind.NOT_SSH, ""),
        (speak_http, FailureKind.REFUSED, "MaxStartups"),
        (reset, FailureKind.REFUSED, "before it says hello"),
        (hello_then_nothing, FailureKind.TIMED_OUT, "overloaded"),
        (hello_then_garbage, FailureKind.CONNECTION_LOST, "key exchange"),
    ],
)
def test_a_port_that_is_no_sshd_ends_in_time_with_one_sentence(talk, kind, words):
    started_s = time.monotonic()
    with listener(talk) as port:
        failure = refusal_at(port)

    assert failure.kind is kind, failure.sentence
    assert words in failure.sentence
    assert time.monotonic() - started_s < 15


def test_a_frozen_sshd_ends_in_time(sshd):
    sshd.pause()
    started_s = time.monotonic()
    try:
        failure = failure_of(sshd)
    finally:
        sshd.resume()

    assert failure.kind in {FailureKind.NOT_SSH, FailureKind.TIMED_OUT}
    assert time.monotonic() - started_s < 15


def test_when_the_limit_of_connections_is_reached_the_sentence_says_so(unstarted):
    unstarted.options = {"MaxStartups": "1:100:1", "LoginGraceTime": "20"}
    sshd = unstarted.start()
    import socket

    with socket.create_connection((sshd.address, sshd.port)) as first:
        first.recv(10)
        failure = failure_of(sshd)

    assert failure.kind is FailureKind.REFUSED
    assert "MaxStartups" in failure.sentence


@pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root")
def test_a_host_that_drops_every_packet_ends_in_time():
    subprocess.run(["ip", "route", "add", "blackhole", "192.0.2.77/32"], check=False)
    subprocess.run(["ip", "route", "replace", "192.0.2.78/32", "dev", "lo"], check=True)
    started_s = time.monotonic()
    try:
        unroutable = refusal_at(22, "192.0.2.77")
    finally:
        subprocess.run(["ip", "route", "del", "blackhole", "192.0.2.77/32"], check=True)
        subprocess.run(["ip", "route", "del", "192.0.2.78/32"], check=True)

    assert unroutable.kind in {FailureKind.UNREACHABLE, FailureKind.TIMED_OUT}
    assert time.monotonic() - started_s < 10


@pytest.fixture
def three(tmp_path):
    sshds = [Sshd(tmp_path / name).start() for name in ("outer", "inner", "target")]
    yield sshds
    for sshd in sshds:
        sshd.stop()


def test_two_jumps_lead_to_the_server(three):
    outer, inner, target = three
    known = knowing(*(sshd.host_key_line for sshd in three))
    jumps = (outer.server("outer"), inner.server("inner"))

    with open_to(target, jumps=jumps, known=known) as connection:
        result = connection.run(b"echo through\n", deadline_s=5, max_bytes=100)

    assert result.output == b"through\n"
    assert "Accepted publickey" in outer.log
    assert "Accepted publickey" in inner.log


def test_a_jump_that_fails_is_named(three):
    outer, _, target = three
    dead = Server(name="dead", address="127.0.0.1", port=free_port(), user="root")
    known = knowing(*(sshd.host_key_line for sshd in three))

    refused = failure_of(target, jumps=(dead,), known=known)
    beyond = failure_of(target, jumps=(outer.server("outer"), dead), known=known)
    strange = failure_of(target, jumps=(outer.server("outer"),), known=knowing())

    assert refused.kind is beyond.kind is FailureKind.JUMP_FAILED
    assert "through dead" in refused.sentence
    assert "through dead" in beyond.sentence
    assert strange.kind is FailureKind.HOST_KEY_UNKNOWN
    assert strange.port == outer.port


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


def assert_no_login_was_tried(sshd):
    assert "Accepted" not in sshd.log
    assert "userauth" not in sshd.log
    assert "Failed" not in sshd.log
