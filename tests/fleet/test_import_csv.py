"""Tables of servers: any divider and encoding, columns by their titles, a line for each problem."""

import pytest

from noc_console.fleet.importing.columns import FIELDS, guess_columns
from noc_console.fleet.importing.csv_table import Table, read_table
from noc_console.fleet.importing.preview import FileNotRead
from noc_console.fleet.importing.read import decode
from noc_console.fleet.server import Authentication, CheckKind, OutsideCheck, Server, Site


def table(text: str, mapping: dict[str, str] | None = None) -> Table:
    return read_table(text, "fleet.csv", mapping)


def servers(told: Table) -> list[Server]:
    return [one.server for one in told.found.servers]


@pytest.mark.parametrize("divider", [",", ";", "\t", "|", ":", "~", "^"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_divider_and_line_end_is_understood(divider: str, end: str) -> None:
    rows = [["Name", "IP Address", "SSH-Port"], ["web1", "10.0.0.1", "2222"], ["web2", "web2", ""]]
    text = end.join(divider.join(row) for row in rows)

    told = servers(table(text))

    assert [(one.name, one.address, one.port) for one in told] == [
        ("web1", "10.0.0.1", 2222),
        ("web2", "web2", 22),
    ]


def test_a_divider_that_the_file_names_counts() -> None:
    assert servers(table("sep=;\r\nname;notes\r\nweb1;a, b, c\r\n"))[0].notes == "a, b, c"


@pytest.mark.parametrize(
    "content",
    [
        "name;notes\nwäb;ü".encode(),
        b"\xef\xbb\xbf" + "name;notes\nwäb;ü".encode(),
        "name;notes\nwäb;ü".encode("cp1252"),
        "name;notes\nwäb;ü".encode("utf-16"),
        "name;notes\nwäb;ü".encode("utf-16-le"),
    ],
)
def test_any_encoding_of_a_spreadsheet_is_understood(content: bytes) -> None:
    (one,) = servers(table(decode(content)))

    assert (one.name, one.notes) == ("wäb", "ü")


@pytest.mark.parametrize(
    ("titles", "mapping"),
    [
        (["hostname", "ip"], {"name": "hostname", "address": "ip"}),
        (["Name", "Host"], {"name": "Name", "address": "Host"}),
        (["HOST"], {"name": "HOST"}),
        (["fqdn", "Login", "tags"], {"name": "fqdn", "user": "Login", "groups": "tags"}),
        (["Server Name", "ansible_host"], {"name": "Server Name", "address": "ansible_host"}),
        (["rack", "row"], {}),
        (list(FIELDS), {field: field for field in FIELDS}),
        (list(FIELDS.values()), dict(FIELDS)),
    ],
)
def test_columns_are_guessed_by_their_titles(titles: list[str], mapping: dict[str, str]) -> None:
    assert guess_columns(titles) == mapping


def test_a_mapping_that_is_given_counts() -> None:
    told = table("a,b,c\nweb1,10.0.0.1,ops\n", {"name": "a", "address": "b", "user": "c"})

    assert [(one.name, one.address, one.user) for one in servers(told)] == [
        ("web1", "10.0.0.1", "ops")
    ]
    assert (told.columns, told.first_row) == (("a", "b", "c"), ("web1", "10.0.0.1", "ops"))


@pytest.mark.parametrize(
    ("mapping", "why"),
    [({"nam": "a"}, "'nam' is no field"), ({"name": "z"}, "no column 'z'; it has a, b")],
)
def test_a_mapping_to_what_is_not_there_is_refused(mapping: dict[str, str], why: str) -> None:
    with pytest.raises(FileNotRead, match=why):
        table("a,b\n1,2\n", mapping)


def test_lists_pairs_checks_and_truths_are_read_as_a_person_writes_them() -> None:
    (one,) = servers(
        table(
            "name,groups,services,checks,sites,weak algorithms,auth,variables,tick\n"
            'web1,"eu, web",nginx|php8.2-fpm,"smtp:25; https://a.example/",'
            "a.example=Anna; b.example,X,password,rack=3,10.0\n"
        )
    )

    assert one == Server(
        name="web1",
        address="web1",
        groups=("eu", "web"),
        expected_services=("nginx", "php8.2-fpm"),
        checks=(
            OutsideCheck(kind=CheckKind.SMTP, target="25"),
            OutsideCheck(kind=CheckKind.HTTPS, target="https://a.example/"),
        ),
        sites=(Site(domain="a.example", customer="Anna"), Site(domain="b.example")),
        allow_weak_algorithms=True,
        authentication=Authentication.PASSWORD,
        variables=(("rack", "3"),),
        tick_s=10,
    )


def test_an_empty_cell_says_nothing() -> None:
    (one,) = table("name,address,user,groups,notes\nweb1,,,,rack 3\n").found.servers

    assert one.spoken == {"notes"}
    assert one.server.address == "web1"


def test_a_key_file_is_what_a_new_server_logs_in_with() -> None:
    (one,) = table("name,key file\nweb1,~/.ssh/id\n").found.servers

    assert one.server.authentication is Authentication.KEY_FILE
    assert "authentication" not in one.spoken


def test_what_cannot_be_right_is_a_line_and_the_rest_is_read() -> None:
    told = table(
        "name,port,checks,services,auth,weak algorithms\n"
        "web1,ssh,foo,ok,magic,perhaps\n\n"
        'web2,99999,,"bad unit!"\n,22\nweb3,22,tcp:22\n'
    )

    assert [one.name for one in servers(told)] == ["web1", "web3"]
    assert [(line.number, line.text) for line in told.found.not_understood] == [
        (2, "Port: ssh"),
        (2, "Outside checks: foo"),
        (2, "Authentication: magic"),
        (2, "Weak algorithms: perhaps"),
        (4, "web2"),
        (5, ""),
    ]
    assert told.found.not_understood[4].why == "web2: the port must be between 1 and 65535."
    assert told.found.not_understood[5].why == "The row has neither a name nor an address."


def test_a_cell_over_several_lines_keeps_the_line_numbers_right() -> None:
    told = table('name,port,notes\nweb1,22,"a\nb\nc"\nweb2,x,\n')

    assert [line.number for line in told.found.not_understood] == [5]


def test_columns_that_are_no_field_are_said() -> None:
    told = table("name,Rack,Root Password\nweb1,3,hunter2\n")

    assert [(line.number, line.text) for line in told.found.not_understood] == [
        (1, "Rack"),
        (1, "Root Password"),
    ]
    assert "keyring" in told.found.not_understood[1].why
    assert "hunter2" not in repr(told.found)


def test_a_secret_among_the_variables_or_in_a_check_is_not_kept() -> None:
    told = table("name,variables,checks\nw,a=1; db_password=hunter2,x://u:hunter2@h/\n")

    assert servers(told)[0].variables == (("a", "1"),)
    assert "hunter2" not in repr(told.found)


def test_without_a_known_name_nothing_is_read_and_the_columns_can_be_chosen() -> None:
    told = table("rack,row\n1,2\n")

    assert told.columns == ("rack", "row")
    assert servers(told) == []
    assert told.found.not_understood[0].why.startswith("No column is known as the name")


@pytest.mark.parametrize("text", ["", "\n\n", ",,,\n"])
def test_a_file_without_titles_is_refused(text: str) -> None:
    with pytest.raises(FileNotRead, match="holds no table"):
        table(text)


def test_a_table_that_breaks_off_is_read_up_to_there() -> None:
    told = table(f'name\nweb1\n"{"x" * 200_000}"\nweb2\n')

    assert [one.name for one in servers(told)] == ["web1"]
    assert told.found.not_understood[0].number == 3


def test_a_guarded_formula_is_read_as_what_it_was() -> None:
    (one,) = servers(table("name,notes\n'=x,'@home\n"))

    assert (one.name, one.notes) == ("=x", "@home")


def test_fifty_thousand_rows_are_read_in_seconds() -> None:
    rows = "".join(f"web{n},10.0.0.1,2222,ops,eu; web\n" for n in range(50_000))

    assert len(table(f"name,address,port,user,groups\n{rows}").found.servers) == 50_000
