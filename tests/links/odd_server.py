"""SSH servers that speak the protocol and misbehave: what OpenSSH cannot be brought to do."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko

from noc_console.fleet.server import Authentication, Server
from noc_console.links.host_keys import KnownKeys
from tests.links.conftest import knowing
from tests.sshd import make_key


class Odd(paramiko.ServerInterface):
    """Lets everybody in with a password and answers no request for a shell."""

    def get_allowed_auths(self, _username: str) -> str:
        return "password"

    def check_auth_password(self, _username: str, _password: str) -> int:
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, _kind: str, _chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, _channel: paramiko.Channel, _command: bytes) -> bool:
        threading.Event().wait(8)
        return False


@contextmanager
def odd_server(
    folder: Path, interface: paramiko.ServerInterface
) -> Iterator[tuple[Server, KnownKeys, list[paramiko.Transport]]]:
    """Give the server to add, what is known of its key, and the server's side of connections."""
    key = make_key(folder / "odd_key")
    transports: list[paramiko.Transport] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    sock, _ = listening.accept()
                except OSError:
                    return
                transport = paramiko.Transport(sock)
                transport.add_server_key(paramiko.Ed25519Key.from_private_key_file(str(key)))
                transports.append(transport)
                transport.start_server(event=threading.Event(), server=interface)

        thread = threading.Thread(target=serve)
        thread.start()
        server = Server(
            name="web",
            address="127.0.0.1",
            port=listening.getsockname()[1],
            user="somebody",
            authentication=Authentication.PASSWORD,
        )
        try:
            yield server, knowing(key.with_suffix(".pub").read_text()), transports
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for transport in transports:
                transport.close()
