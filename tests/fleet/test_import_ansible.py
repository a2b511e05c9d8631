"""Ansible inventories are read as Ansible reads them; secrets are never kept."""

import textwrap
from pathlib import Path

import pytest

from noc_console.fleet.importing.ansible import read_inventory
from noc_console.fleet.importing.bounded_yaml import MAX_DEPTH
from noc_console.fleet.importing.host_ranges import NoRange, expand_hosts
from noc_console.fleet.importing.preview import FileNotRead, FileServer, FleetFile
from noc_console.fleet.importing.read import read_text
from noc_console.fleet.server import Authentication, Server

INI = """\
; ours
lone.example ansible_user=lone rack=1  # comment
gate:2222 ansible_host=10.0.0.9 ansible_user=jump

[web]
web[01:03].example.com ansible_port=2201 note="a b"

[web:vars]
ansible_user = webuser
ansible_ssh_private_key_file='~/.ssh/web key'

[inner]
web01.example.com

[inner:vars]
ansible_user=inneruser

[eu:children]
inner
web

[eu:vars]
ansible_user=euuser
site=berlin
"""

YAML = """\
all:
  vars: {ansible_user: alluser}
  hosts:
    solo: {ansible_host: 1.2.3.4, mounts: ["/", "/home"], up: yes, empty: ~}
    "r[1:3]:2200":
  children:
    outer:
      hosts: x1
      vars: {ansible_user: outeruser}
      children:
        inner:
          hosts: {x2: , x1: {rack: 1}}
          vars: {ansible_user: inneruser}
other:
  hosts: {x2: {row: 2}}
"""


def ini(text: str) -> FleetFile:
    return read_inventory(text, Path("/nowhere/hosts"), read_text)


def yaml(text: str) -> FleetFile:
    return read_inventory(text, Path("/nowhere/hosts.yaml"), read_text)


def by_name(found: FleetFile) -> dict[str, Server]:
    return {one.server.name: one.server for one in found.servers}


def only(found: FleetFile) -> FileServer:
    (one,) = found.servers
    return one


def test_an_ini_inventory_gives_hosts_groups_ranges_and_what_holds_for_them() -> None:
    found = ini(INI)
    servers = by_name(found)

    assert list(servers) == ["lone.example", "gate"] + [f"web0{n}.example.com" for n in (1, 2, 3)]
    assert servers["lone.example"].user == "lone"
    assert servers["lone.example"].variables == (("rack", "1"),)
    assert (servers["gate"].address, servers["gate"].port) == ("10.0.0.9", 2222)
    web1 = servers["web01.example.com"]
    assert web1.groups == ("eu", "inner", "web")
    assert web1.user == "webuser"  # of groups equally deep, the later name counts
    assert (web1.port, web1.key_file) == (2201, "~/.ssh/web key")
    assert web1.authentication is Authentication.KEY_FILE
    assert web1.variables == (("site", "berlin"), ("note", "a b"))
    assert found.not_understood == ()


def test_a_yaml_inventory_gives_the_same() -> None:
    found = yaml(YAML)
    servers = by_name(found)

    assert list(servers) == ["solo", "r1", "r2", "r3", "x1", "x2"]
    assert (servers["solo"].address, servers["solo"].user) == ("1.2.3.4", "alluser")
    assert servers["solo"].variables == (("mounts", '["/", "/home"]'), ("up", "yes"), ("empty", ""))
    assert servers["r2"].port == 2200
    assert (servers["x1"].user, servers["x1"].groups) == ("inneruser", ("inner", "outer"))
    assert servers["x2"].groups == ("inner", "other", "outer")
    assert servers["x2"].variables == (("row", "2"),)
    assert found.not_understood == ()


LISTED = """\
{
  "_meta": {
    "hostvars": {
      "lone.example": {"ansible_user": "lone", "rack": 1},
      "web01.example.com": {"ansible_password": "s3cret", "ansible_port": 2201,
        "ansible_user": "webuser", "token_file": {"__ansible_vault": "$ANSIBLE_VAULT;1.1"}},
      "web02.example.com": {"ansible_port": 2201, "note": {"__ansible_unsafe": "a {{ b }}"}},
      "nowhere.example": {"rack": 2}
    },
    "profile": "inventory_legacy"
  },
  "all": {"children": ["ungrouped", "eu", "empty", "all"]},
  "eu": {"children": ["inner", "web"], "vars": {"site": "berlin"}},
  "inner": {"hosts": ["web01.example.com"]},
  "ungrouped": {"hosts": ["lone.example"]},
  "web": ["web01.example.com", "web02.example.com"]
}
"""
"""As `ansible-inventory --list` of Ansible 2.19 prints it; `web` as older programs list a group."""


def test_what_ansible_inventory_lists_gives_the_same() -> None:
    found = read_inventory(LISTED, Path("inventory"), read_text)
    servers = {one.server.name: one.server for one in found.servers}
    web1, web2 = servers["web01.example.com"], servers["web02.example.com"]

    assert list(servers) == ["web01.example.com", "lone.example", "web02.example.com"]
    assert (web1.port, web1.user, web1.groups) == (2201, "webuser", ("eu", "inner", "web"))
    assert (web2.groups, dict(web2.variables)) == (
        ("eu", "web"),
        {"site": "berlin", "note": "a {{ b }}"},
    )
    assert (servers["lone.example"].user, servers["lone.example"].groups) == ("lone", ())
    assert "s3cret" not in repr(found)
    assert sorted(line.text.partition("=")[0] for line in found.not_understood) == [
        "all",
        "ansible_password",
        "nowhere.example",
        "token_file",
    ]


def test_aliases_and_merges_are_followed() -> None:
    found = yaml(
        "all:\n hosts:\n  a: &a {ansible_user: u, rack: 1}\n"
        "  b: *a\n  c: {<<: *a, rack: 2}\n  d: {rack: 3, <<: [*a]}\n"
    )

    racks = {name: dict(one.variables)["rack"] for name, one in by_name(found).items()}
    assert racks == {"a": "1", "b": "1", "c": "2", "d": "3"}
    assert {one.user for one in by_name(found).values()} == {"u"}


@pytest.mark.parametrize(
    ("text", "names", "port"),
    [
        ("web", ["web"], 0),
        ("web:2200", ["web"], 2200),
        ("web[01:03]", ["web01", "web02", "web03"], 0),
        ("w[1:5:2].x:22", ["w1.x", "w3.x", "w5.x"], 22),
        ("[a:c]-[0:1]", ["a-0", "a-1", "b-0", "b-1", "c-0", "c-1"], 0),
        ("[y:B]", ["y", "z", "A", "B"], 0),
        ("[:2]", ["0", "1", "2"], 0),
        ("2001:db8::1", ["2001:db8::1"], 0),
        ("[2001:db8::1]:22", ["2001:db8::1"], 22),
    ],
)
def test_hosts_are_written_in_many_ways(text: str, names: list[str], port: int) -> None:
    assert expand_hosts(text) == (names, port)


@pytest.mark.parametrize(
    "text",
    ["w[1:]", "w[5:1]", "w[01:100]", "w[a:5]", "w[1:9:0]", "w[1", "w]", "w[x]", "[1:9999999]"],
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(NoRange):
        expand_hosts(text)
    (line,) = (
        ini(f"[web]\n{text}\nok\n").not_understood
        if text[0] != "["
        else ini(f"x{text}\n").not_understood
    )
    assert line.why.endswith(".")


@pytest.mark.parametrize(
    "words",
    [
        "-J jump@10.0.0.9:2222",
        "-qJgate",
        "-o ProxyJump=gate",
        "-o 'ProxyJump jump@gate'",
        '-o ProxyCommand="ssh -W %h:%p -q -p 2222 jump@10.0.0.9"',
        "-o StrictHostKeyChecking=accept-new -o ControlPersist=60s -J gate",
    ],
)
def test_ssh_arguments_say_through_which_server(words: str) -> None:
    found = yaml(
        "all:\n hosts:\n  gate: {ansible_host: 10.0.0.9, ansible_port: 2222, ansible_user: jump}\n"
        f"  db:\n   ansible_ssh_common_args: |-\n    {words}\n"
    )

    assert by_name(found)["db"].jumps == ("gate",)
    assert list(by_name(found)) == ["gate", "db"]
    assert found.not_understood == ()


def test_a_jump_server_that_is_no_host_becomes_a_server() -> None:
    found = ini("db ansible_ssh_common_args='-J ops@gate.example:2200,gate.example'\n")

    servers = by_name(found)
    assert servers["db"].jumps == ("gate.example", "gate.example:22") or servers["db"].jumps == (
        "gate.example",
        "gate.example",
    )
    assert servers["gate.example"].port == 2200


def test_ssh_arguments_that_are_not_followed_are_said_once() -> None:
    words = "-o StrictHostKeyChecking=no -F /x -J gate -l ops"
    found = ini(f"[web]\na\nb\n[web:vars]\nansible_ssh_common_args={words}\n")

    assert [line.text for line in found.not_understood] == [
        "-o stricthostkeychecking=no",
        "-F /x",
    ]
    assert by_name(found)["a"].user == "ops"


@pytest.mark.parametrize(
    "name",
    [
        *("ansible_password", "ansible_ssh_pass", "ansible_become_password", "ansible_become_pass"),
        *("ansible_sudo_pass", "mysql_root_password", "api_token", "AWS_SECRET_ACCESS_KEY"),
    ],
)
@pytest.mark.parametrize("where", ["web {}", "[g]\nweb\n[g:vars]\n{}", "yaml", "broken"])
def test_a_secret_is_said_and_never_kept(name: str, where: str) -> None:
    if where == "yaml":
        found = yaml(f"all: {{hosts: {{web: {{{name}: hunter2, rack: 1}}}}}}")
    elif where == "broken":
        found = ini(f"web\nweb[1:] x {name}='hunter2 y'\n")
    else:
        found = ini(where.format(f"{name}=hunter2") + "\n")

    assert "hunter2" not in repr(found)
    assert any(f"{name}=•••" in line.text for line in found.not_understood)
    assert by_name(found)["web"].address == "web"


def test_what_a_vault_encrypted_is_said() -> None:
    found = yaml(
        "all:\n hosts:\n  web:\n   motd: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    6162\n"
        "   rack: !unsafe 'a{{b'\n"
    )

    assert only(found).server.variables == (("rack", "a{{b"),)
    assert [line.text for line in found.not_understood] == ["motd=•••"]
    assert "Vault" in found.not_understood[0].why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("$ANSIBLE_VAULT;1.1;AES256\n61\n", "ansible-vault decrypt"),
        ("#!/usr/bin/env python\n", "ansible-inventory --list"),
        ("- a\n- b\n", "there must be groups"),
        ("a: [\n", "is no YAML in line 2"),
        ("a: *b\n", r"names \*b before it is there"),
        ("a: &a {x: *a}\n", r"names \*a before it is there"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("[" * 100_000, "is no YAML|nested too deeply"),
        ("a:\n" + "".join(" " * n + "- \n" for n in range(1, 300)), "no YAML|nested too deeply"),
        ("- " * (MAX_DEPTH + 5) + "x", "nested too deeply"),
        ("all: {hosts: {'w[1:99999]': , 'v[1:99999]': }}", "more than 100000 hosts"),
    ],
)
def test_a_file_that_is_no_inventory_is_refused_in_a_sentence(text: str, why: str) -> None:
    with pytest.raises(FileNotRead, match=why) as failure:
        yaml(text)
    assert str(failure.value).endswith(".")


def bomb(first: str, level: str, last: str = "") -> str:
    """Give a text that grows nine times with each level, if aliases are followed as copies."""
    lines = [f"a0: &a0 {first}"]
    for number in range(1, 30):
        told = ", ".join(level.format(place, f"*a{number - 1}") for place in range(9))
        lines.append(
            f"a{number}: &a{number} " + ("{children: {%s}}" if "c" in level else "[%s]") % told
        )
    return "\n".join([*lines, last])


def test_an_alias_bomb_in_a_value_is_refused() -> None:
    variables = textwrap.indent(bomb("[x]", "{1}"), "   ")

    with pytest.raises(FileNotRead, match="aliases"):
        yaml(f"all:\n hosts:\n  h:\n{variables}\n")


def test_an_alias_bomb_of_groups_is_read_once() -> None:
    found = yaml(bomb("{hosts: {h: {rack: 1}}}", "c{0}: {1}"))

    assert only(found).server.variables == (("rack", "1"),)


@pytest.mark.parametrize(
    ("text", "told", "why"),
    [
        ("[web:frob]\nx\n", ["[web:frob]", "x"], "A section is"),
        ("[web\n", ["[web"], "A section is"),
        ("web 'x\n", ["web 'x"], "A quote is opened"),
        ("web x\n", ["x"], "name=value"),
        ("[g:vars]\nx\n", ["x"], "name=value"),
        ("[g:children]\ng\n", ["g"], "child of this one"),
    ],
)
def test_a_line_that_is_not_understood_is_said(text: str, told: list[str], why: str) -> None:
    lines = ini(text).not_understood

    assert [line.text for line in lines] == told
    assert why in lines[0].why
    assert lines[0].file == "hosts"


def test_parts_of_a_yaml_inventory_that_are_not_understood_are_said() -> None:
    found = yaml(
        "all:\n hosts: [a, b]\n frob: 1\n children: {g: {children: {all: , g: }}}\n"
        "x: {hosts: {h: 5}, vars: [1]}\n"
    )

    assert [line.number for line in found.not_understood] == [2, 3, 4, 4, 5, 5]


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ("ansible_connection=winrm", "by winrm, not over SSH"),
        ("ansible_port=ssh", "no number from 1 to 65535"),
        ("ansible_host={{lookup('x')}}", "template that cannot be filled in"),
        ("ansible_ssh_common_args='-J web'", "through itself"),
        ("ansible_ssh_common_args='-o ProxyCommand=\"nc %h %p\"'", "only `ssh -W %h:%p host`"),
    ],
)
def test_a_host_that_cannot_be_reached_as_said_is_not_taken_in(variables: str, why: str) -> None:
    assert why in only(ini(f"web {variables}\n")).refused


def test_fields_that_no_export_wrote_are_said_and_the_server_is_left_out() -> None:
    found = yaml("all: {hosts: {web: {noc_console: {checks: [1]}}, ok: }}")

    assert list(by_name(found)) == ["ok"]
    assert found.not_understood[0].why == "A check is not written as an export writes it."


def test_templates_of_plain_variables_are_filled_in() -> None:
    found = yaml(
        "all: {vars: {domain: x.example, full: '{{ inventory_hostname_short }}.{{ domain }}',"
        " ansible_host: '{{full}}'}, hosts: {web.a: , db.b: }}"
    )

    assert [one.server.address for one in found.servers] == ["web.x.example", "db.x.example"]


def test_folders_with_variables_count_as_in_ansible(tmp_path: Path) -> None:
    files = {
        "group_vars/all.yml": "ansible_user: alluser\nrack: 1\n",
        "group_vars/web/10-a.yml": "rack: 2\nrow: 2\n",
        "group_vars/web/20-b": "row: 3\n",
        "group_vars/web/.hidden.yml": "row: 4\n",
        "group_vars/web/notes.txt": "row: 5\n",
        "group_vars/other.yml": "row: 6\n",
        "host_vars/b": "ansible_user: buser\n",
        "host_vars/b.yml": "ansible_user: never\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    text = "[web]\na ansible_port=22\nb rack=9\n[web:vars]\nansible_user=inventoryuser\nrack=0\n"

    found = read_inventory(text, tmp_path / "hosts", read_text)

    servers = by_name(found)
    assert (servers["a"].user, servers["a"].variables) == (
        "alluser",
        (("rack", "2"), ("row", "3")),
    )
    assert (servers["b"].user, dict(servers["b"].variables)) == ("buser", {"rack": "9", "row": "3"})
    assert found.not_understood == ()


def test_what_is_not_understood_in_a_folder_with_variables_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "group_vars" / "all"
    folder.mkdir(parents=True)
    (folder / "broken.yml").write_text("a: [", encoding="utf-8")
    (folder / "list.yml").write_text("- a\n", encoding="utf-8")
    (folder / "secret.yml").write_text("db_password: hunter2\n", encoding="utf-8")
    (folder / "vault.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n61\n", encoding="utf-8")
    (folder / "gone.yml").symlink_to(tmp_path / "nowhere")

    found = read_inventory("web\n", tmp_path / "hosts", read_text)

    assert [(line.file, line.number) for line in found.not_understood] == [
        ("all/broken.yml", 0),
        ("all/gone.yml", 0),
        ("all/list.yml", 1),
        ("all/secret.yml", 1),
        ("all/vault.yml", 0),
    ]
    assert "hunter2" not in repr(found)
    assert only(found).server.variables == ()


def test_a_name_that_leads_out_of_the_folder_reads_nothing(tmp_path: Path) -> None:
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "elsewhere").write_text("rack: 1\n", encoding="utf-8")

    found = read_inventory("../elsewhere\n", tmp_path / "hosts", read_text)

    assert only(found).server.variables == ()


def test_hostile_names_come_through_as_they_are_or_are_refused() -> None:
    found = yaml('all: {hosts: {"<b>x</b>": , "=1+1": , "\\e(B": , "a\\nb": , "": }}')

    assert list(by_name(found)) == ["<b>x</b>", "=1+1"]
    assert [line.why for line in found.not_understood][:2] == [
        "The name holds a control character; type it again without it."
    ] * 2
