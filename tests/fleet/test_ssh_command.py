"""The ssh command of a server: what a person would type, and nothing that harms."""

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.errors import ConsoleError
from noc_console.fleet.server import Authentication, Server, ServerKind
from noc_console.fleet.ssh_command import ssh_command


def test_a_plain_server_takes_a_plain_command():
    assert ssh_command(Server(name="web", address="web.example"), {}) == "ssh web.example"


def test_port_user_and_key_file_are_in_the_command():
    web = Server(
        name="web",
        address="10.0.0.1",
        port=2222,
        user="noc",
        authentication=Authentication.KEY_FILE,
        key_file="/keys/of the desk",
    )
    assert ssh_command(web, {}) == "ssh -p 2222 -i '/keys/of the desk' noc@10.0.0.1"


def test_jump_servers_stand_in_their_order_with_user_and_port():
    outer = Server(name="outer", address="2001:db8::1", user="hop", port=2200)
    inner = Server(name="inner", address="inner.example")
    web = Server(name="web", address="10.0.0.1", user="noc", jumps=("outer", "inner"))
    command = ssh_command(web, {"outer": outer, "inner": inner})
    assert shlex.split(command) == [
        "ssh", "-J", "hop@[2001:db8::1]:2200,inner.example", "noc@10.0.0.1",
    ]  # fmt: skip


def test_openssh_reads_the_command_as_it_is_meant(tmp_path):
    key, certificate = tmp_path / "a b", tmp_path / "a b-cert.pub"
    key.touch()
    certificate.touch()
    outer = Server(name="outer", address="2001:db8::1", user="hop", port=2200)
    web = Server(
        name="web",
        address="2001:db8::2",
        user="noc",
        port=2222,
        jumps=("outer",),
        authentication=Authentication.KEY_FILE,
        key_file=str(key),
        certificate_file=str(certificate),
    )
    words = shlex.split(ssh_command(web, {"outer": outer}))
    told = subprocess.run(
        [words[0], "-F", "none", "-G", *words[1:]], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert "hostname 2001:db8::2" in told
    assert "port 2222" in told
    assert "user noc" in told
    assert f"identityfile {key}" in told
    assert f"certificatefile {certificate}" in told
    assert "proxyjump hop@[2001:db8::1]:2200" in told


def test_a_jump_server_that_is_not_there_is_named():
    web = Server(name="web", address="10.0.0.1", jumps=("gone",))
    with pytest.raises(ConsoleError, match="through gone, which is not in the fleet"):
        ssh_command(web, {})


def test_the_engines_own_machine_has_no_command():
    here = Server(name="here", kind=ServerKind.THIS_MACHINE)
    with pytest.raises(ConsoleError, match="open a terminal there"):
        ssh_command(here, {})


@pytest.mark.parametrize("address", ["-oProxyCommand=id", "a;id", "$(id)", "a b", "a\nid"])
@pytest.mark.parametrize("is_jump", [False, True])
def test_an_address_that_a_shell_would_run_is_refused(address, is_jump):
    bad = Server(name="bad", address=address)
    server = Server(name="web", address="10.0.0.1", jumps=("bad",)) if is_jump else bad
    with pytest.raises(ConsoleError, match="edit the server first"):
        ssh_command(server, {"bad": bad})


@given(user=st.text(max_size=20), key_file=st.text(max_size=30))
def test_whatever_a_person_typed_is_one_word_for_a_shell_or_refused(user, key_file):
    web = Server(
        name="web",
        address="h",
        user=user,
        authentication=Authentication.KEY_FILE,
        key_file=key_file,
    )
    try:
        words = shlex.split(ssh_command(web, {}))
    except ConsoleError:
        return
    given_key = ["-i", key_file] if key_file else []
    assert words == ["ssh", *given_key, f"{user}@h" if user else "h"]
