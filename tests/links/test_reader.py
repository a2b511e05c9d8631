"""One thread reads for many links; whatever a server wants answered is answered by another."""

import time
from contextlib import closing

import pytest

from noc_console.fleet.failure import FailureKind
from noc_console.links.reader import LinkReader
from noc_console.links.ssh import connect
from tests.links.conftest import QUICK, knowing
from tests.links.test_stream import Listener, open_on
from tests.sshd import Sshd

WITHIN_S = 30


@pytest.fixture
def reader():
    reader = LinkReader()
    yield reader
    reader.stop()


@pytest.fixture
def link(sshd, reader):
    with closing(
        connect(
            sshd.server(),
            known=knowing(sshd.host_key_line),
            secrets=lambda *_: None,
            timeouts=QUICK,
        )
    ) as connection:
        connection.hand_to(reader)
        yield connection


def transport_of(connection):
    return connection._transports[-1]


def wait_until(is_so):
    ends_s = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < ends_s
        time.sleep(0.01)


def is_handed_over(connection):
    transport = transport_of(connection)
    going_on = transport._goes_on
    alone = transport.is_alive() or (going_on is not None and going_on.is_alive())
    return transport._is_read_for and not alone


def renewals_of(connection):
    """Give what grows by one with each time that new keys are used."""
    renewed = []
    transport = transport_of(connection)
    use = transport._activate_inbound
    transport._activate_inbound = lambda: renewed.append(use())
    return renewed


def speak(stream, listener, word):
    """Have the server's shell say a word back."""
    assert stream.send(word + b"\n")
    listener.wait_for(b"got " + word + b"\n", WITHIN_S)


def handed_over(connection):
    """Give a stream of a link that has no thread of its own any more."""
    stream, listener = open_on(connection)
    listener.wait_for(b"READY", WITHIN_S)
    for number in range(3):
        speak(stream, listener, b"hello%d" % number)
    wait_until(lambda: is_handed_over(connection))
    return stream, listener


def test_a_link_that_is_read_for_has_no_thread_and_goes_on_speaking(link):
    stream, listener = handed_over(link)

    for number in range(20):
        speak(stream, listener, b"word%d" % number)

    assert is_handed_over(link)


def test_commands_and_further_streams_work_beside(link):
    stream, listener = handed_over(link)

    result = link.run(b"echo out; exit 3\n", deadline_s=WITHIN_S, max_bytes=1000)
    other, heard = open_on(link)
    heard.wait_for(b"READY", WITHIN_S)
    speak(other, heard, b"there")
    speak(stream, listener, b"here")

    assert (result.output, result.exit_status) == (b"out\n", 3)
    wait_until(lambda: is_handed_over(link))


def test_new_keys_are_agreed_and_the_stream_goes_on(link):
    stream, listener = handed_over(link)
    renewed = renewals_of(link)

    for _ in range(3):
        transport_of(link).renegotiate_keys()
        wait_until(lambda: is_handed_over(link))
        speak(stream, listener, b"again")

    assert len(renewed) == 3


def test_new_keys_that_the_server_asks_for_are_agreed(tmp_path, reader):
    sshd = Sshd(tmp_path / "renewing", options={"RekeyLimit": "16K"}).start()
    try:
        with closing(
            connect(sshd.server(), known=knowing(sshd.host_key_line), secrets=lambda *_: None)
        ) as connection:
            connection.hand_to(reader)
            stream, listener = open_on(connection)
            listener.wait_for(b"READY", WITHIN_S)
            renewed = renewals_of(connection)
            for number in range(60):
                while not stream.send(b"%d" % number + b"x" * 1000 + b"\n"):
                    time.sleep(0.01)  # keys are being renewed
                listener.wait_for(b"got %dx" % number, WITHIN_S)
            assert renewed
    finally:
        sshd.stop()


def test_a_server_gets_room_to_send_for_as_long_as_it_is_asked(link):
    listener = Listener()
    script = b"{ echo READY; while read -r line; do printf '%0100000d\\n' 0; done; }\n"
    stream = link.open_stream(script, listener.arrived.put, listener.ended.put)
    listener.wait_for(b"READY", WITHIN_S)

    for _ in range(60):  # three times what it may send without more room
        assert stream.send(b"more\n")
        came = 0
        while came < 100_001:
            came += len(listener.arrived.get(timeout=WITHIN_S))

    wait_until(lambda: is_handed_over(link))


def test_a_server_that_is_killed_ends_the_stream_with_a_sentence(sshd, link):
    _, listener = handed_over(link)

    sshd.stop()

    assert listener.ended.get(timeout=WITHIN_S).kind is FailureKind.CONNECTION_LOST


def test_a_shell_that_ends_is_told(link):
    listener = Listener()
    script = (
        b"{ echo READY; while read -r line; do echo got $line; [ $line != end ] || exit; done; }\n"
    )
    stream = link.open_stream(script, listener.arrived.put, listener.ended.put)
    listener.wait_for(b"READY", WITHIN_S)
    speak(stream, listener, b"one")
    wait_until(lambda: is_handed_over(link))

    stream.send(b"end\n")

    failure = listener.ended.get(timeout=WITHIN_S)
    assert failure.kind is FailureKind.CONNECTION_LOST
    assert "shutting down" in failure.sentence


def test_a_closed_link_is_read_no_more_and_tells_nothing(sshd, link, reader):
    stream, listener = handed_over(link)

    stream.close()
    link.close()

    wait_until(lambda: not sshd.shells())
    assert listener.ended.empty()
    assert not reader._links


def test_a_frozen_server_holds_up_no_other(tmp_path, sshd, link, reader):
    stream, listener = handed_over(link)
    other_sshd = Sshd(tmp_path / "other").start()
    try:
        with closing(
            connect(
                other_sshd.server(),
                known=knowing(other_sshd.host_key_line),
                secrets=lambda *_: None,
            )
        ) as other:
            other.hand_to(reader)
            there, heard = handed_over(other)
            sshd.pause()
            for _ in range(50):
                stream.send(b"tick\n")
            speak(there, heard, b"still")
            sshd.resume()
            speak(stream, listener, b"back")
    finally:
        sshd.resume()
        other_sshd.stop()


def test_a_packet_without_end_ends_the_link_and_takes_no_memory(link):
    stream, listener = handed_over(link)
    transport_of(link)._packets.take(b"\xff\xff\xff\xff")

    stream.send(b"word\n")

    assert listener.ended.get(timeout=WITHIN_S).kind is FailureKind.CONNECTION_LOST


def test_reading_ends_when_it_is_stopped():
    reader = LinkReader()
    assert reader.thread.is_alive()

    reader.stop()

    reader.thread.join(WITHIN_S)
    assert not reader.thread.is_alive()
