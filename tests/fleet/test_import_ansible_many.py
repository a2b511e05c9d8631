"""An inventory of a large host is read while a person waits for it."""

from pathlib import Path

import pytest

from noc_console.fleet.importing.ansible import read_inventory
from noc_console.fleet.importing.read import read_text

MANY = 50_000


@pytest.mark.parametrize("form", ["ini", "yaml"])
def test_fifty_thousand_hosts_are_read_in_seconds(form: str) -> None:
    if form == "ini":
        hosts = "".join(f"web{n} ansible_host=10.0.0.1 rack=1\n" for n in range(MANY))
        found = read_inventory(
            f"[web]\n{hosts}[web:vars]\nansible_user=ops\n", Path("hosts"), read_text
        )
    else:
        hosts = "".join(f"    web{n}: {{ansible_host: 10.0.0.1, rack: 1}}\n" for n in range(MANY))
        text = f"web:\n  vars: {{ansible_user: ops}}\n  hosts:\n{hosts}"
        found = read_inventory(text, Path("hosts.yml"), read_text)

    assert len(found.servers) == MANY
    assert {one.server.user for one in found.servers} == {"ops"}
