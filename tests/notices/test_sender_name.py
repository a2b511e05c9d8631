"""A sender's name tells whether it is gone, and whether its machine went down since."""

import os
import socket
import subprocess
import sys

from noc_console.notices.sender_name import is_gone, outlived_by_machine, own_name


def test_a_sender_that_runs_is_not_gone():
    assert not is_gone(own_name())
    assert outlived_by_machine(own_name())
    assert own_name() != own_name()


def test_a_sender_whose_process_ended_is_gone_though_the_machine_is_not():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait(30)
    name = own_name().replace(f":{os.getpid()}:", f":{child.pid}:")

    assert is_gone(name)
    assert outlived_by_machine(name)


def test_after_the_machine_started_anew_every_sender_of_before_is_gone():
    name = f"{socket.gethostname()}:{os.getpid()}:another-start:x"

    assert is_gone(name)
    assert not outlived_by_machine(name)


def test_of_another_machine_nothing_is_known():
    name = own_name().replace(socket.gethostname(), "elsewhere", 1)

    assert not is_gone(name)
    assert not outlived_by_machine(name)
    assert not is_gone("")
