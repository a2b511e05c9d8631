"""What a file would change: nothing is lost or there twice, however often it is read."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from noc_console.fleet.importing.compare import compare
from noc_console.fleet.importing.preview import (
    MAX_LINES,
    Action,
    FileServer,
    FleetFile,
    ImportPreview,
    Line,
    file_server,
)
from noc_console.fleet.server import CheckKind, OutsideCheck, Server, ServerKind, Site

WEB = Server(
    id=7,
    name="web1",
    address="10.0.0.1",
    port=2222,
    user="root",
    groups=("mine", "web"),
    notes="rack 3",
    expected_services=("nginx",),
    checks=(OutsideCheck(kind=CheckKind.TCP, target="80"),),
    sites=(Site(domain="a.example"),),
    variables=(("rack", "3"), ("row", "1")),
)


def preview(entries: Sequence[FileServer], fleet: Sequence[Server]) -> ImportPreview:
    return compare(FleetFile(servers=tuple(entries), not_understood=()), fleet)


def actions(told: ImportPreview) -> list[str]:
    return [row.action.value for row in told.rows]


def taken_in(told: ImportPreview, fleet: Sequence[Server]) -> list[Server]:
    """Give the fleet after the import."""
    after = {server.id: server for server in fleet}
    for row in told.rows:
        if row.action is Action.ADD:
            number = max(after, default=0) + 1
            after[number] = replace(row.server, id=number)
        elif row.action is Action.UPDATE:
            after[row.server.id] = row.server
    return list(after.values())


def test_an_update_keeps_what_the_file_does_not_speak_of() -> None:
    told = preview([file_server("web1", {"user": "ops", "groups": ("eu", "web")})], [WEB])

    (row,) = told.rows
    assert row.server == replace(WEB, user="ops", groups=("mine", "web", "eu"))
    assert row.before == WEB
    assert row.action is Action.UPDATE
    assert row.notes == ("user: root → ops", "groups: mine, web → mine, web, eu")


def test_what_is_only_assumed_changes_no_server_that_is_there() -> None:
    entry = file_server("web1", {"user": "root"}, assumed={"address": "elsewhere", "port": 99})

    assert actions(preview([entry], [WEB])) == ["same"]


def test_variables_are_merged() -> None:
    told = preview([file_server("web1", {"variables": (("rack", "4"), ("new", "x"))})], [WEB])

    assert told.rows[0].server.variables == (("rack", "4"), ("row", "1"), ("new", "x"))


def test_another_name_at_the_same_address_port_and_user_is_the_same_server() -> None:
    entry = file_server("w", {"address": "10.0.0.1", "port": 2222, "user": "root"})
    told = preview([entry], [WEB])

    assert actions(told) == ["same"]
    assert told.rows[0].notes == ("The file calls it w.",)


def test_a_file_that_does_not_say_the_user_means_the_one_server_at_that_address() -> None:
    entry = file_server("w", {"address": "10.0.0.1", "port": 2222})
    twin = replace(WEB, id=8, name="web1 as ops", user="ops")

    assert actions(preview([entry], [WEB])) == ["same"]
    assert actions(preview([entry], [WEB, twin])) == ["add"]


def test_another_port_or_user_is_another_server() -> None:
    entries = [
        file_server("a", {"address": "10.0.0.1", "port": 22}),
        file_server("b", {"address": "10.0.0.1", "port": 2222, "user": "ops"}),
    ]

    assert actions(preview(entries, [WEB])) == ["add", "add"]


def test_two_names_of_one_address_in_a_file_stay_two_servers() -> None:
    entries = [
        file_server(name, {"address": "10.0.0.1", "port": 2222, "user": "root"})
        for name in ("new", "web1")
    ]

    assert actions(preview(entries, [WEB])) == ["add", "same"]


def test_another_name_that_the_file_has_for_it_is_known_again() -> None:
    entry = file_server("w", {"user": "root"}, aliases=["web1"])

    assert actions(preview([entry], [WEB])) == ["same"]


def test_a_name_that_is_there_twice_is_taken_once() -> None:
    entries = [file_server("web1", {"user": "ops"}), file_server("web1", {"user": "xyz"})]
    told = preview(entries, [WEB])

    assert actions(told) == ["update", "skip"]
    assert told.rows[1].notes == ("The file has this name a second time.",)


def test_jumps_and_partners_follow_the_names_of_the_fleet() -> None:
    entries = [
        file_server("w", {"address": "10.0.0.1", "port": 2222}),
        file_server("db", {"jumps": ("w", "gone"), "partner": "w"}),
    ]
    told = preview(entries, [WEB])

    assert told.rows[1].server.jumps == ("web1", "gone")
    assert told.rows[1].server.partner == "web1"
    assert told.rows[1].notes == ("It is reached through gone, which is not in the fleet.",)


def test_a_name_counts_before_another_name_of_another_server() -> None:
    entries = [
        file_server("w", {"address": "10.0.0.1", "port": 2222}, aliases=["x"]),
        file_server("x", {"address": "10.0.0.2"}),
        file_server("db", {"jumps": ("x", "lost")}),
        file_server("lost", {}, refused="It is reached by winrm."),
    ]
    told = preview(entries, [WEB])

    assert told.rows[2].server.jumps == ("x", "lost")
    assert told.rows[2].notes == ("It is reached through lost, which is not in the fleet.",)


def test_what_cannot_be_taken_in_is_skipped_and_says_why() -> None:
    told = preview([file_server("web1", {}, refused="It is reached by winrm.")], [WEB])

    assert (actions(told), told.rows[0].notes) == (["skip"], ("It is reached by winrm.",))


def test_the_machine_that_an_engine_runs_on_is_neither_moved_nor_made() -> None:
    machine = Server(id=1, name="desk", kind=ServerKind.THIS_MACHINE, address="desk.local")
    entries = [
        file_server("desk", {"address": "10.0.0.9", "user": "root"}),
        file_server("other", {"kind": ServerKind.THIS_MACHINE}),
    ]
    exported = file_server(
        "desk", {"kind": ServerKind.THIS_MACHINE, "address": "x", "notes": "mine"}
    )

    assert actions(preview(entries, [machine])) == ["skip", "skip"]
    (row,) = preview([exported], [machine]).rows
    assert row.server == replace(machine, notes="mine")


def test_only_so_many_lines_are_kept_as_a_person_may_read() -> None:
    line = Line(file="x", number=1, text="y", why="z")
    found = FleetFile(servers=(), not_understood=(line,) * (MAX_LINES + 5))

    lines = compare(found, []).not_understood

    assert len(lines) == MAX_LINES + 1
    assert lines[-1].why == "5 more lines are like these."


ADDRESS = st.sampled_from(["10.0.0.1", "10.0.0.2", "a.example", "A.example"])
USER = st.sampled_from(["", "root", "ops"])
ENTRY = st.builds(
    lambda name, fields, aliases: file_server(name, fields, aliases=aliases),
    name=st.sampled_from("abcde"),
    fields=st.fixed_dictionaries(
        {},
        optional={
            "address": ADDRESS,
            "user": USER,
            "port": st.sampled_from([22, 2222]),
            "groups": st.lists(st.sampled_from("xyz"), max_size=2).map(tuple),
            "jumps": st.lists(st.sampled_from("abc"), max_size=1).map(tuple),
            "notes": st.sampled_from(["", "n"]),
        },
    ),
    aliases=st.lists(st.sampled_from("defg"), max_size=1),
)
FLEET = st.lists(
    st.builds(Server, name=st.sampled_from("abcdefgh"), address=ADDRESS, user=USER),
    max_size=5,
    unique_by=lambda server: server.name,
).map(lambda servers: [replace(one, id=number) for number, one in enumerate(servers, 1)])


@given(entries=st.lists(ENTRY, max_size=6), fleet=FLEET)
def test_the_same_file_taken_in_twice_changes_nothing_and_doubles_nothing(
    entries: list[FileServer], fleet: list[Server]
) -> None:
    once = taken_in(preview(entries, fleet), fleet)
    again = preview(entries, once)

    assert {row.action for row in again.rows} <= {Action.SAME, Action.SKIP}
    assert len({server.name for server in once}) == len(once)
    assert {server.name for server in fleet} <= {server.name for server in once}


def test_fifty_thousand_servers_are_compared_in_seconds() -> None:
    entries = [
        file_server(f"web{n}", {"address": f"10.0.0.{n}", "user": "ops"}) for n in range(50_000)
    ]
    fleet = [
        Server(id=n + 1, name=f"x{n}" if n % 2 else f"web{n}", address=f"10.0.0.{n}", user="ops")
        for n in range(50_000)
    ]

    assert set(actions(preview(entries, fleet))) == {"same"}
