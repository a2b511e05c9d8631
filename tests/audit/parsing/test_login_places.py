"""`last` as util-linux prints it, and open sessions, become rows by network."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.parsing.login_places import read_last, read_open_logins
from noc_console.audit.parsing.parsed import OutputNotUnderstood, Table

# util-linux 2.38 on the records of log2timeline/plaso's test data (Apache-2.0), and on our own
REAL = """POWER\troot\troot
POWER\tmoxilo\tadmin
moxilo   pts/5        0.0.0.0          Wed Dec 18 22:49:44 2013   gone - no logout
moxilo   tty7         0.0.0.0          Fri Dec 13 14:45:56 2013   gone - no logout
serA     ts/32        10.122.1.0       Sat Nov 24 20:27:39 1990   gone - no logout
root     pts/0        2001:db8:a0b:1::7 Sat Nov 28 10:00:00 2026 - Sat Nov 28 10:05:00 2026  (00:05)
ann      pts/1        gone.example.org Sat Nov 28 10:00:00 2026   still logged in
reboot   system boot  0.0.0.0          Fri Dec 13 14:45:09 2013   still running
                      4.3.2.1          Fri Jul  3 14:58:29 2026 - Fri Jul  3 14:58:29 2026  (00:00)

utmp begins Fri Dec 13 14:45:09 2013
"""


def test_people_are_told_by_network_and_boots_are_none():
    rows = [
        (row.line, row.fields["user"], row.fields["kind"], row.fields["network"])
        for row in read_last(REAL.encode(), {}).rows
    ]

    assert rows == [
        (3, "moxilo", "admin", "console"),
        (4, "moxilo", "admin", "console"),
        (5, "serA", "account", "10.122.1.0/24"),
        (6, "root", "root", "2001:db8:a0b::/48"),
        (7, "ann", "account", "gone.example.org"),
    ]


def test_a_line_of_another_program_is_not_understood():
    with pytest.raises(OutputNotUnderstood, match="Line 1"):
        read_last(b"last: cannot open /var/log/wtmp\n", {})


def test_sessions_from_our_own_network_are_ours():
    output = (
        "OPEN\troot\t203.0.113.7:4022\t9\tnotty\tyes\n"
        "OPEN\tann\t203.0.113.8:4022\t200000\tpts/0\tno\n"
        "OPEN\tbob\t[2001:db8::7]:4022\t9\tpts/1\tno\nSEEN\n"
    )

    assert [
        (row.fields["user"], row.fields["network"], row.fields["is_own"], row.fields["days"])
        for row in read_open_logins(output.encode(), {}).rows
    ] == [
        ("root", "203.0.113.0/24", True, 0),
        ("ann", "203.0.113.0/24", True, 2),
        ("bob", "2001:db8::/48", False, 0),
    ]


def test_a_list_without_its_end_tells_nothing():
    assert read_open_logins(b"OPEN\troot\t203.0.113.7:4022\t9\tnotty\tyes\n", {}).is_empty


@pytest.mark.parametrize("read", [read_last, read_open_logins])
@given(output=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_table_or_are_not_understood(read, output):
    with contextlib.suppress(OutputNotUnderstood):
        assert isinstance(read(output, {}), Table)
