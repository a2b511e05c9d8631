"""Frames that look as before are read quickly, and always to what the whole parser reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.errors import ConsoleError
from noc_console.telemetry import quick
from noc_console.telemetry.frame import READY, FrameReader
from noc_console.telemetry.layout import layout_of
from noc_console.telemetry.parse import read_sample
from noc_console.telemetry.quick import MOST_TRIES, SampleReader
from noc_console.telemetry.sample import Missing
from tests.conftest import NOW

SEQUENCE = 7
FRAME = """\
@frame {sequence}
@+ uptime
 {uptime} 7804.55
@+ loadavg
 0.52 1.30 17.38 3/283 17202
@+ stat
 cpu  1518{n}2 9764 362{n}12 780455 110{n}0 0 7755 913 0 0
 cpu0 7253{n}2 5308 175{n}65 432513 3354 0 1675 449 0 0
 cpu1 7928{n}9 4456 186{n}47 347942 7655 0 6080 463 0 0
@+ meminfo
 MemTotal:       24684084 kB
 MemAvailable:   2147{n}72 kB
 SwapTotal:       1048572 kB
 SwapFree:         {n}572 kB
@+ net/dev
     lo: 19369{n}9 7239701    0    0    0     0          0         0 1936933 7239701    0    0    0
   eth0: 3475{n}8   86681    0    0    0     0          0         0  51{n}2   45114    0    0    0
@+ diskstats
  254       0 vda 760799 62107 299{n}0 491361 3065282 1365494 325{n}8 1746385 0 4703{n} 2511904
  254       1 vda1 760799 62107 299{n}0 491361 3065282 1365494 325{n}8 1746385 0 4703{n} 2511904
@+ pressure/cpu
 some avg10=86.80 avg60=76.14 avg300=54.41 total=66{n}
@+ pressure/memory
 some avg10=0.00 avg60=0.00 avg300=0.00 total=34484
 full avg10=0.01 avg60=0.00 avg300=0.00 total=1112
@- pressure/io
@+ sys/fs/file-nr
@+ net/sockstat
 sockets: used 27
 TCP: inuse 7 orphan 0 tw 59 alloc 7 mem 0
@end {sequence}
"""
SIXTH = """\
 procs_blocked 4
 btime 1700000000
@+ vmstat
 pswpin 1{n}
 pswpout 2{n}
 oom_kill 3
@+ net/snmp
 Tcp: RtoAlgorithm RtoMin CurrEstab InSegs
 Tcp: 1 200 1{n} 555
@+ meminfo
"""


def frame_of(number: int, *, sixth: bool = False) -> bytes:
    """Give the frame of a tick: counters and uptime grow with `number`."""
    text = FRAME.replace("@+ meminfo\n", SIXTH) if sixth else FRAME
    filled = text.format(n=f"{number:04}", uptime=f"{1000 + number}.25", sequence=SEQUENCE)
    return filled.encode()


def learnt() -> tuple[SampleReader, FrameReader]:
    """Give readers that have seen both usual frames twice, and are ready for number 20."""
    samples, frames = SampleReader(1), FrameReader()
    frames.feed(READY)
    for number, sixth in ((10, True), (11, False), (16, True), (17, False)):
        take(samples, frames, frame_of(number, sixth=sixth))
    return samples, frames


def take(samples, frames, content):
    """Read as the engine does; give the sample, None without a whole frame, or the failure."""
    try:
        found = samples.quick(content, SEQUENCE, NOW) if frames.is_between_frames else None
        if found is not None:
            return found
        return [samples.read(frame, NOW) for frame in frames.feed(content)]
    except ConsoleError as error:
        return type(error)


def take_wholly(before, content):
    """Read a content with the whole parser only."""
    frames = FrameReader()
    frames.feed(READY)
    try:
        return [read_sample(frame, before, 1, NOW) for frame in frames.feed(content)]
    except ConsoleError as error:
        return type(error)


def assert_same(content):
    """Hold that both ways give the same for a content after the frames learnt."""
    samples, frames = learnt()
    before = samples.before
    wholly = take_wholly(before, content)
    found = take(samples, frames, content)
    if isinstance(wholly, list) and isinstance(found, list):
        assert found == [sample for sample, _ in wholly]
    elif isinstance(wholly, list):
        ((sample, counters),) = wholly
        assert found == sample
        assert list(found.values) == list(sample.values)
        assert samples.before == counters
    else:
        assert found is wholly


@pytest.mark.parametrize("sixth", [False, True])
def test_a_frame_that_looks_as_before_is_read_quickly_and_to_the_same(sixth):
    samples, _ = learnt()
    content = frame_of(20, sixth=sixth)

    assert samples.quick(content, SEQUENCE, NOW) is not None
    assert_same(content)


def test_rates_over_many_frames_are_those_of_the_whole_parser():
    samples, frames = learnt()
    before = samples.before
    quickly = 0
    for number in range(20, 80):
        content = frame_of(number, sixth=number % 6 == 0)
        ((sample, before),) = take_wholly(before, content)
        found = take(samples, frames, content)
        quickly += not isinstance(found, list)
        assert (found if not isinstance(found, list) else found[0]) == sample
    assert quickly == 60


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"eth0: 3475", b"eth0: 1475"),
        (b"eth0:", b"eth1:"),
        (b" 1020.25", b" 3.25"),
        (b" 1020.25", b" 1017.25"),
        (b"3/283", b"3/x"),
        (b"0.52", b"nan"),
        (b"0.52", b"1e400"),
        (b"avg10=86.80", b"avg10 86.80"),
        (b"MemTotal:       24684084", b"MemTotal:              0"),
        (b"24684084", b"99999999999999999999"),
        (b"@+ uptime\n 10", b" @+ uptime\n10"),
        (b"@end 7", b"@end 8"),
        (b"@frame 7\n", b"@frame 7 \n"),
        (b"@- pressure/io\n", b""),
        (b"cpu1", b"cpu2"),
        (b" kB\n MemAvail", b"\n kB MemAvail"),
        (b"780455", b"0"),
        (b"eth0", "eth\u00b2".encode()),
        (b"0.52", b"0.52\x1c"),
        (b" sockets: used 27\n", b""),
    ],
)
def test_what_looks_different_is_left_to_the_whole_parser(old, new):
    content = frame_of(20)
    assert old in content

    assert_same(content.replace(old, new, 1))


@given(
    st.booleans(),
    st.lists(
        st.tuples(
            st.integers(0, 1900),
            st.integers(0, 6),
            st.one_of(
                st.sampled_from([b"", *(bytes([one]) for one in b" \n@09-.:="), b"\n ", b"\n@"]),
                st.binary(max_size=4),
            ),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_any_change_gives_what_the_whole_parser_gives(sixth, changes):
    content = frame_of(20, sixth=sixth)
    for place, length, new in changes:
        content = content[:place] + new + content[place + length :]

    assert_same(content)


def test_servers_whose_interfaces_and_disks_have_other_names_share_a_pattern():
    one = layout_of(frame_of(20).decode())
    other = layout_of(frame_of(20).replace(b"eth0", b"ens192").replace(b"vda", b"sdb").decode())

    assert other.pattern == one.pattern
    assert other.names != one.names


def test_an_interface_of_another_name_is_not_read_as_the_one_that_was_learnt():
    samples, frames = learnt()
    renamed = frame_of(20).replace(b"eth0:", b"ens3:")

    assert samples.quick(renamed, SEQUENCE, NOW) is None
    (sample,) = take(samples, frames, renamed)
    assert sample.missing["net_rx_bytes_per_s:ens3"] is Missing.NEEDS_TWO_READINGS


def test_a_frame_in_which_a_counter_went_back_is_learnt_no_second_time(monkeypatch):
    samples, frames = learnt()
    learning = []
    monkeypatch.setattr(quick, "layout_of", learning.append)
    take(samples, frames, frame_of(20).replace(b"eth0: 3475", b"eth0: 1475"))
    back = frame_of(21).replace(b"eth0: 3475", b"eth0: 1275")

    assert samples.quick(back, SEQUENCE, NOW) is None
    take(samples, frames, back)
    assert learning == []


def test_a_server_whose_frames_are_never_alike_is_not_learnt_for_ever():
    samples, frames = SampleReader(1), FrameReader()
    frames.feed(READY)
    for number in range(2 * MOST_TRIES):
        renamed = frame_of(number).replace(b" lo:", f" tun{number}:".encode())
        take(samples, frames, renamed)
    for number in range(50, 54):
        take(samples, frames, frame_of(number))

    assert samples.quick(frame_of(54), SEQUENCE, NOW) is None
