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
