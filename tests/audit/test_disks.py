"""What smartctl and the kernel tell of disks is read whatever they say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.audit.parsing.disks import read_arrays, read_smart
from noc_console.audit.parsing.parsed import OutputNotUnderstood

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("smart_status", "passed", "ata_smart_attributes", "table", "id", "raw"),
                    *("string", "value", "nvme_smart_health_information_log", "smartctl"),
                    *("critical_warning", "scsi_error_counter_log", "messages", "power_on_time"),
                    "total_uncorrected_errors",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(told=st.dictionaries(st.sampled_from(["smart_status", "smartctl", "x"]), ANY_JSON))
def test_any_json_of_a_disk_gives_its_row(told):
    output = b"DISK\tsda\treal\n" + json.dumps(told).encode() + b"\n"

    (row,) = read_smart(output, {}).rows

    assert row.fields["disk"] == "sda"
    assert row.fields["told"] in {"yes", "no"}


def test_what_a_maker_packs_above_the_count_of_sectors_is_not_read():
    attribute = {"id": 5, "name": "x", "raw": {"value": 0x12340007, "string": "7 (18 52)"}}
    told = {"smart_status": {"passed": True}, "ata_smart_attributes": {"table": [attribute]}}

    (row,) = read_smart(b"DISK\tsda\treal\n" + json.dumps(told).encode(), {}).rows

    assert row.fields["reallocated"] == 7


@pytest.mark.parametrize("output", [b"{}\n", b"DISK\tsda\treal\n{broken\n", b"hello\n", b"\0"])
def test_what_is_not_of_smartctl_is_not_understood(output):
    with pytest.raises(OutputNotUnderstood):
        read_smart(output, {})


@given(output=st.text(alphabet="md0 :activeraid1[]U_/2\n\t=%", max_size=120))
def test_any_text_gives_arrays_or_is_not_understood(output):
    try:
        table = read_arrays(output.encode(), {})
    except OutputNotUnderstood:
        return
    assert table.sums == {} or table.sums["arrays"] >= 0


@pytest.mark.parametrize(
    ("head", "tail", "missing", "failed", "action"),
    [
        ("md0 : active raid1 sdb1[1] sda1[0]", "[2/2] [UU]", 0, 0, "none"),
        ("md0 : active raid1 sdb1[1](F) sda1[0]", "[2/1] [U_]", 1, 1, "none"),
        ("md1 : active raid1 sdc2[2](S) sdb2[1](W) sda2[0]", "[2/2] [UU]", 0, 0, "none"),
        ("md2 : active raid5 sdd1[3] sdb1[1] sda1[0]", "[4/3] [UU_U]", 1, 0, "none"),
        ("md3 : active raid10 sdd1[3] sdc1[2] sda1[0]", "[4/3] [U_UU]", 1, 0, "none"),
        ("md4 : active (auto-read-only) raid1 sdb1[1] sda1[0]", "[2/2] [UU]", 0, 0, "resync"),
    ],
)
def test_each_form_in_which_the_kernel_tells_of_an_array_is_read(
    head, tail, missing, failed, action
):
    """Hand-made in the form of /proc/mdstat (md(4)): this was written where there is no array."""
    more = "      \tresync=PENDING\n" if action == "resync" else ""
    level = "512K chunks 2 near-copies " if "raid10" in head else ""
    text = f"==arrays\nPersonalities : [raid1]\n{head}\n      104320 blocks {level}{tail}\n{more}\n"
    [row] = read_arrays(f"{text}unused devices: <none>\n".encode(), {}).rows
    assert (row.fields["missing"], row.fields["failed"]) == (missing, failed)
    assert row.fields["action"] == action
