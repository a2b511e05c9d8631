"""The person's ssh-agent: its keys, in the order to try them, and never a wait without end."""

import os
import sys
from pathlib import Path
from typing import Any

import paramiko
from paramiko.ssh_exception import SSHException

ANSWER_S = 15.0
"""Long enough for a person to touch a key or confirm; less than a server waits for a login."""


class AgentSilent(SSHException):
    """The agent went away or does not answer, perhaps because it asks a person something."""


class BoundedAgent(paramiko.Agent):
    """paramiko's agent with a time-out on each answer. Close it when done."""

    def _connect(self, conn: Any) -> None:
        if hasattr(conn, "settimeout"):  # not the pipes of Windows
            conn.settimeout(ANSWER_S)
        super()._connect(conn)  # type: ignore[misc]

    def _send_message(self, msg: Any) -> Any:
        try:
            return super()._send_message(msg)  # type: ignore[misc]
        except (SSHException, OSError) as error:
            raise AgentSilent from error


def agent_is_there() -> bool:
    """Whether there is anything to ask; Windows has its agents elsewhere."""
    path = os.environ.get("SSH_AUTH_SOCK", "")
    return sys.platform == "win32" or (bool(path) and Path(path).exists())


def keys_in_order(agent: BoundedAgent, key_file: str) -> list[paramiko.AgentKey]:
    """Give its keys, first the one whose public part lies beside `key_file` (IdentityFile)."""
    keys = list(agent.get_keys())
    public = Path(f"{key_file}.pub").expanduser()
    if not key_file or not public.is_file():
        return keys
    words = public.read_text("utf-8", errors="replace").split()
    wanted = words[1] if len(words) > 1 else ""
    return sorted(keys, key=lambda key: key.get_base64() != wanted)
