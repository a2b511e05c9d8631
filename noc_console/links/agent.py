"""The person's ssh-agent: its keys, in the order to try them, and never a wait without end."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

import paramiko
from paramiko.agent import AgentSSH, get_agent_connection
from paramiko.pkey import PublicBlob
from paramiko.ssh_exception import SSHException

ANSWER_S = 15.0
"""Long enough for a person to touch a key or confirm; less than a server waits for a login."""


class AgentSilent(SSHException):
    """The agent went away or does not answer, perhaps because it asks a person something."""


class AgentGone(SSHException):
    """SSH_AUTH_SOCK names a socket at which no agent listens any more."""


class BoundedAgent(AgentSSH):
    """paramiko's agent with a time-out on each answer. Close it when done."""

    def __init__(self) -> None:
        """Ask for its keys; there are none where there is no agent.

        Raises:
            AgentGone: nobody listens at its socket, or there is none any more.
            AgentSilent: it does not answer.
        """
        super().__init__()
        connection = _connection()
        if connection is None:
            return
        try:
            self._connect(connection)  # type: ignore[attr-defined]
        except SSHException as error:
            connection.close()
            raise AgentSilent from error

    def close(self) -> None:
        """Close the connection to it."""
        self._close()  # type: ignore[attr-defined]

    def _send_message(self, msg: Any) -> Any:
        try:
            return super()._send_message(msg)  # type: ignore[misc]
        except (SSHException, OSError) as error:
            raise AgentSilent from error


def agent_is_there() -> bool:
    """Whether we were told of an agent; Windows has its agents elsewhere."""
    return sys.platform == "win32" or bool(os.environ.get("SSH_AUTH_SOCK"))


def _connection() -> Any:
    """Give a connection to the agent, None where we were told of none."""
    if sys.platform == "win32":
        return get_agent_connection()
    path = os.environ.get("SSH_AUTH_SOCK", "")
    if not path:
        return None
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(ANSWER_S)
    try:
        sock.connect(path)
    except TimeoutError as error:  # it hangs, and others wait for it too
        sock.close()
        raise AgentSilent from error
    except OSError as error:
        sock.close()
        raise AgentGone from error
    return sock


def keys_in_order(agent: BoundedAgent, key_file: str) -> list[paramiko.AgentKey]:
    """Give its keys, first the one whose public part lies beside `key_file` (IdentityFile)."""
    keys = list(agent.get_keys())
    for key in keys:
        if key.get_name().startswith("ssh-rsa-cert"):
            # paramiko offers the plain key in an RSA certificate's name, which servers refuse
            key.public_blob = PublicBlob(key.get_name(), key.blob)  # type: ignore[assignment]
    public = Path(f"{key_file}.pub").expanduser()
    if not key_file or not public.is_file():
        return keys
    words = public.read_text("utf-8", errors="replace").split()
    wanted = words[1] if len(words) > 1 else ""
    return sorted(keys, key=lambda key: key.get_base64() != wanted)
