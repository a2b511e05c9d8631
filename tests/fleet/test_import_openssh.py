"""An OpenSSH config is read as ssh itself reads it; what is not understood is said."""

import getpass
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noc_console.errors import ConsoleError
from noc_console.fleet.importing.config_files import ConfigFiles
from noc_console.fleet.importing.config_settings import HostBlocks, HostSettings
from noc_console.fleet.importing.openssh import read_openssh
from noc_console.fleet.importing.preview import FleetFile
from noc_console.fleet.importing.proxies import parse_proxy_jump
from noc_console.fleet.server import Authentication

AWKWARD = {
    "first value wins": "Host h\n Port 1\n Port 2\nHost *\n Port 3\n User u\nUser v\n",
    "before any Host": "User top\nPort 7\nHost h\n User low\n",
    "negation": "Host * !h\n User no\nHost !x h\n User yes\nHost !h\n Port 9\n",
    "wildcards": "Host ?\n Port 3\nHost h*\n User star\nHost h?\n User two\n",
    "brackets are no class": "Host [hx]\n User no\nHost h\n User yes\n",
    "keys add up": "Host h\n IdentityFile ~/a\nHost *\n IdentityFile ~/b\n IdentityFile ~/a\n",
    "no key": "Host h\n IdentityFile none\n IdentityFile /k\n CertificateFile c\n",
    "tokens stay in file names": "Host h\n IdentityFile %d/%h-%r-%%x\n IdentityFile ${HOME}/x\n",
    "tokens in HostName": "Host h\n HostName %h.%h.x\n",
    "a per cent": "Host h\n HostName %%h\n",
    "small letters": "Host h\n HostName FooBar.EXAMPLE\n",
    "IPv6": "Host h\n HostName 2001:db8::1\n",
    "equals signs": "Host=h\nPort=22\nUser = b\nHostName=  c\n",
    "quotes": "Host \"h\" 'g h'\n User \"a b\"\n IdentityFile '~/my key'\n",
    "quotes within": "Host h\n User a\"b c\"d\n IdentityFile x'y z'\n",
    "escapes": 'Host h\n User b\\"c\\ d\\\\e\n IdentityFile a\\b\n',
    "comments": "# no\n Host h # and no\n User a#b # no\n  #Port 5\n",
    "tabs and ends": "Host\th\r\n\tUser\tb\t\f\r\n",
    "quoted keyword": 'Host h\n "User" b\n""Port 5\n',
    "case": "HOST h\n uSER b\n hostNAME c\n",
    "hosts differ in case": "Host H\n User no\nHost h\n User yes\n",
    "one jump": "Host h\n ProxyJump u@gate:2222\n",
    "several jumps": "Host h\n ProxyJump a,u@b,[::1]:22,u@[fe80::1]\n",
    "a jump URI": "Host h\n ProxyJump ssh://u@gate:77\n",
    "no jump": "Host h\n ProxyJump NONE\nHost *\n ProxyJump gate\n",
    "no command, then a jump": "Host h\n ProxyCommand none\n ProxyJump gate\n",
    "a jump, then a command": "Host h\n ProxyJump gate\n ProxyCommand ssh -W %h:%p x\n",
    "a command, then a jump": "Host h\n ProxyCommand ssh -W %h:%p x\n ProxyJump gate\n",
    "a command with quotes": 'Host h\n ProxyCommand = ssh -W "%h:%p" x # y\n',
    "itself at another port": "Host h\n Port 99\nHost *\n ProxyJump h\n",
    "itself as another user": "Host h\n User u\nHost *\n ProxyJump v@h\n",
    "Match all": "Host x\n User no\nMatch all\n User yes\n",
    "ignored words": "IgnoreUnknown Frob*,Zap\nHost h\n Frobnicate 1\n zap 2\n User yes\n",
    "an address as name": "Host 10.0.0.?\n User u\nHost h\n HostName 10.0.0.1\n",
    "no line end": "Host h\n HostName x\n User y",
}


def settings_of(path: Path, host: str) -> HostSettings:
    files = ConfigFiles(ssh_folder=path.parent, read_text=read_text)
    files.read(path)
    return HostBlocks(files.lines).settings_of(host)


def read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def asked_of_ssh(path: Path, host: str) -> dict[str, list[str]]:
    done = subprocess.run(
        ["ssh", "-G", "-F", str(path), host], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        keyword, _, value = line.partition(" ")
        told.setdefault(keyword, []).append(value)
    return told


def assert_as_ssh(path: Path, host: str) -> None:
    ours, told = settings_of(path, host), asked_of_ssh(path, host)

    assert ours.hostname == told["hostname"][0]
    assert (ours.port or 22) == int(told["port"][0])
    assert (ours.user or getpass.getuser()) == told["user"][0]
    assert list(ours.identity_files or DEFAULT_KEYS) == told["identityfile"]
    assert list(ours.certificate_files) == told.get("certificatefile", [])
    hops = parse_proxy_jump(ours.proxy_jump) if ours.proxy_jump else ()
    told_hops = parse_proxy_jump(told["proxyjump"][0]) if "proxyjump" in told else ()
    assert hops == told_hops
    assert ours.proxy_command == told.get("proxycommand", [""])[0]


DEFAULT_KEYS = [
    f"~/.ssh/{name}"
    for name in ("id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk")
]


@pytest.fixture(autouse=True, scope="module")
def default_keys(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = tmp_path_factory.mktemp("empty") / "config"
    empty.write_text("", encoding="utf-8")
    DEFAULT_KEYS[:] = asked_of_ssh(empty, "h")["identityfile"]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config"


def servers_of(path: Path) -> FleetFile:
    return read_openssh(path, read_text, path.parent)


def read(path: Path, text: str) -> FleetFile:
    path.write_text(text, encoding="utf-8")
    return servers_of(path)


@pytest.mark.parametrize("case", AWKWARD)
def test_what_holds_for_a_host_is_what_ssh_finds(config: Path, case: str) -> None:
    config.write_bytes(AWKWARD[case].encode())

    for host in ("h", "hx", "10.0.0.1"):
        assert_as_ssh(config, host)


WORDS = st.sampled_from(
    ["h", "hx", "h*", "?", "!h", "!*x", "x", "*", '"h"', "h # x", "[h]", "'!hx'"]
)
SETTINGS = st.sampled_from(
    [
        *("Port 22", "Port=2200", "User a", 'User "b c"', "User d#e # f", "HostName %h.Example"),
        *("HostName 10.0.0.1", "IdentityFile ~/k1", "IdentityFile ~/k2 # c", "IdentityFile none"),
        *(
            "CertificateFile c1",
            "ProxyJump none",
            "ProxyJump g",
            "ProxyJump u@g:1,i",
        ),
        *("ProxyCommand none", "ProxyCommand ssh -W %h:%p z", "Match all", "Compression yes"),
        *("Include part", "Include ./p*t", "Include none*", "", "# x"),
    ]
)
BLOCKS = st.lists(
    st.one_of(
        SETTINGS,
        st.lists(WORDS, min_size=1, max_size=3).map(lambda words: "Host " + " ".join(words)),
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(lines=BLOCKS, part=BLOCKS.map(lambda lines: [one for one in lines if "Include" not in one]))
def test_any_config_is_read_as_ssh_reads_it(
    lines: list[str], part: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("ssh")
    (folder / "part").write_text("\n".join(part), encoding="utf-8")
    config = folder / "config"
    text = "\n".join(lines).replace("part", str(folder / "part")).replace("./p*t", f"{folder}/p*t")
    config.write_text(text, encoding="utf-8")

    for host in ("h", "hx"):
        assert_as_ssh(config, host)


def test_an_include_stands_where_it_is_written_and_under_its_host(tmp_path: Path) -> None:
    config = tmp_path / "config"
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "b").write_text("Host h\n Port 2\n", encoding="utf-8")
    (tmp_path / "conf.d" / "a").write_text("Host h\n Port 1\nHost g\n User g\n", encoding="utf-8")
    (tmp_path / "only_x").write_text("User x\nHost h\n User never\n", encoding="utf-8")
    config.write_text(
        f"Include {tmp_path}/conf.d/*\nHost x\n Include {tmp_path}/only_x\nHost *\n User all\n",
        encoding="utf-8",
    )

    for host in ("h", "g", "x", "other"):
        assert_as_ssh(config, host)
    assert [one.server.name for one in servers_of(config).servers] == ["h", "g", "x"]


def test_an_include_is_relative_to_the_ssh_folder(tmp_path: Path) -> None:
    folder = tmp_path / ".ssh"
    folder.mkdir()
    (folder / "work").write_text("Host h\n HostName 10.0.0.1\n", encoding="utf-8")
    elsewhere = tmp_path / "config"
    elsewhere.write_text("Include work\n", encoding="utf-8")

    found = read_openssh(elsewhere, read_text, folder)

    assert [one.server.address for one in found.servers] == ["10.0.0.1"]


@pytest.mark.parametrize("named", ["work", "w*"])
def test_a_copied_config_includes_what_was_copied_with_it(tmp_path: Path, named: str) -> None:
    folder = tmp_path / ".ssh"
    folder.mkdir()
    (tmp_path / "work").write_text("Host h\n HostName 10.0.0.1\n", encoding="utf-8")
    copied = tmp_path / "config"
    copied.write_text(f"Include {named}\n", encoding="utf-8")

    found = read_openssh(copied, read_text, folder)

    assert [one.server.address for one in found.servers] == ["10.0.0.1"]


@pytest.mark.parametrize("named", ["work", "w*"])
def test_what_was_not_copied_with_a_config_is_said(tmp_path: Path, named: str) -> None:
    copied = tmp_path / "config"
    copied.write_text(f"Include {named}\n", encoding="utf-8")

    (line,) = read_openssh(copied, read_text, tmp_path / ".ssh").not_understood

    assert line.number == 1
    assert line.why.startswith(("No file is called so in ", f"{tmp_path}/work cannot be read"))


def test_the_systems_config_holds_where_ones_own_says_nothing(tmp_path: Path) -> None:
    own, system = tmp_path / "config", tmp_path / "etc" / "ssh_config"
    (system.parent / "more.d").mkdir(parents=True)
    own.write_text("Host h\n Port 7\nHost g\n User own\n", encoding="utf-8")
    system.write_text("Include more.d/*\nHost s\nHost *\n Port 8\nTypo 1\n", encoding="utf-8")
    (system.parent / "more.d" / "a").write_text("User theirs\n", encoding="utf-8")

    found = read_openssh(own, read_text, tmp_path, system)

    told = [(one.server.name, one.server.port, one.server.user) for one in found.servers]
    assert told == [("h", 7, "theirs"), ("g", 8, "own")]
    assert [(line.file, line.number) for line in found.not_understood] == [(str(system), 5)]


def test_without_a_systems_config_ones_own_is_read(config: Path) -> None:
    config.write_text("Host h\n", encoding="utf-8")

    assert read_openssh(config, read_text, config.parent, config.parent / "none").servers


def test_an_include_that_includes_itself_is_refused_and_the_rest_is_read(config: Path) -> None:
    found = read(config, f"Host h\n Include {config}\n HostName x\n")

    assert [one.server.address for one in found.servers] == ["x"]
    (line,) = found.not_understood
    assert (line.number, line.why) == (2, f"{config} includes itself.")


def test_an_include_that_is_not_there_is_said(config: Path) -> None:
    found = read(config, "Include /nowhere/at/all\nInclude /nowhere/*\n")

    (line,) = found.not_understood
    assert line.why == "/nowhere/at/all cannot be read: No such file or directory."


def test_a_host_becomes_a_server_with_what_the_config_says(config: Path) -> None:
    found = read(
        config,
        "Host web1 web1.example\n HostName 10.0.0.1\n Port 2222\n User ops\n"
        " IdentityFile %d/.ssh/%h_%%\n IdentityFile ~/.ssh/other\n CertificateFile ~/c.pub\n",
    )

    (one,) = found.servers
    assert one.server.name == "web1"
    assert (one.server.address, one.server.port, one.server.user) == ("10.0.0.1", 2222, "ops")
    assert one.server.key_file == "~/.ssh/10.0.0.1_%"
    assert one.server.certificate_file == "~/c.pub"
    assert one.server.authentication is Authentication.KEY_FILE
    assert one.spoken == {"address", "port", "user", "key_file", "certificate_file"}
    assert one.aliases == ("web1.example",)
    assert one.notes == (
        "It is also called web1.example.",
        "~/.ssh/other is left out: a server has one key file.",
    )


def test_names_on_one_line_without_an_address_are_servers_of_their_own(config: Path) -> None:
    found = read(config, "Host web1 web2 web* !web3\n User ops\n")

    assert [(one.server.name, one.server.address) for one in found.servers] == [
        ("web1", "web1"),
        ("web2", "web2"),
    ]
    assert "address" not in found.servers[0].spoken


def test_jumps_are_named_as_the_servers_of_the_file(config: Path) -> None:
    found = read(
        config,
        "Host db\n ProxyJump inner\nHost inner\n ProxyJump gate,root@gate,other.example:2200\n"
        "Host gate bastion\n HostName gate.example\n User ops\n"
        "Host old\n ProxyCommand ssh -q -W %h:%p ops@bastion\n",
    )

    servers = {one.server.name: one.server for one in found.servers}
    through = ("gate", "root@gate", "other.example")
    assert servers["inner"].jumps == through
    assert servers["db"].jumps == (*through, "inner")
    assert servers["old"].jumps == ("gate",)
    made = servers["root@gate"]
    assert (made.address, made.port, made.user) == ("gate.example", 22, "root")
    assert (servers["other.example"].address, servers["other.example"].port) == (
        "other.example",
        2200,
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Host h\n ProxyCommand nc -X connect %h %p\n", "only `ssh -W %h:%p host`"),
        ("Host h\n ProxyCommand ssh -W %h:%p -o Foo=1 x\n", "options that cannot be followed"),
        ("Host h\n ProxyJump a b\n", "no server to jump through"),
        ("Host h\n ProxyJump g\nHost g\n ProxyJump h\n", "through itself"),
        ("Host h\n ProxyJump h\n", "through itself"),
        ("Host h\n ProxyJump %C\n", "a token that cannot be filled in"),
    ],
)
def test_a_server_whose_way_is_not_understood_is_not_taken_in(
    config: Path, text: str, why: str
) -> None:
    assert why in read(config, text).servers[0].refused


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Match host h exec true", "Match is not understood"),
        ("Frobnicate yes", "no such keyword"),
        ("Port ssh", "no number from 1 to 65535"),
        ("Port 0", "no number from 1 to 65535"),
        ("User a b", "more than one word"),
        ('User ""', "between the quotes"),
        ('User "a', "a quote is open"),
        ("HostName", "Nothing stands after it"),
        ("HostKeyAlias x", "by address and port"),
        ("StrictHostKeyChecking no", "always checked"),
        ("Ciphers +3des-cbc", "Weaker algorithms"),
        ("IdentityAgent /x", "not followed"),
    ],
)
def test_a_line_that_is_not_understood_is_said(config: Path, line: str, why: str) -> None:
    (told,) = read(config, f"Host h\n {line}\n").not_understood

    assert told.number == 2
    assert told.file == str(config)
    assert why in told.why


def test_lines_under_a_match_touch_no_server(config: Path) -> None:
    found = read(config, "Match user root\n Port 99\n Include nothing\nHost h\n User u\n")

    assert found.servers[0].server.port == 22
    assert len(found.not_understood) == 1


def test_what_changes_nothing_here_is_not_mentioned(config: Path) -> None:
    text = "Host h\n ForwardAgent yes\n ControlMaster auto\n SendEnv A B\n SetEnv PASSWORD=x\n"

    assert read(config, text + " StrictHostKeyChecking ask\n").not_understood == ()


def test_a_hostile_name_is_no_server_and_a_secret_is_not_shown(config: Path) -> None:
    found = read(config, "Host -oProxyCommand=x $(id) \x1b[2J a;b\nHost h\n Password=hunter2 x\n")

    assert [one.server.name for one in found.servers] == ["h"]
    assert len(found.not_understood) == 5
    assert "hunter2" not in repr(found)


def test_many_wildcards_do_not_slow_it(config: Path) -> None:
    found = read(config, f"Host {'*a' * 200}b\n Port 9\nHost {'a' * 1000}\n")

    assert found.servers == ()  # the name is longer than a server's may be
    assert "1 to 120 characters" in found.not_understood[0].why


def test_fifty_thousand_hosts_are_read_in_seconds(config: Path) -> None:
    hosts = "".join(f"Host web{n}\n HostName 10.{n >> 8}.{n & 255}.1\n" for n in range(50_000))
    found = read(config, hosts + "Host web*\n User ops\n Port 2222\nHost *\n ProxyJump none\n")

    assert len(found.servers) == 50_000
    assert {one.server.user for one in found.servers} == {"ops"}


@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_a_sentence(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = tmp_path_factory.mktemp("any") / "config"
    config.write_bytes(content)
    with suppress(ConsoleError):
        servers_of(config)


@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["Host", "HostName", "ProxyJump", "ProxyCommand", "Port", "Match"]),
            st.text(max_size=20),
        ).map(" ".join),
        max_size=8,
    )
)
def test_any_words_are_read_or_refused_in_a_sentence(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = tmp_path_factory.mktemp("any") / "config"
    config.write_text("\n".join(lines), encoding="utf-8")
    with suppress(ConsoleError):
        servers_of(config)
