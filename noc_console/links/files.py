"""Files on a server over SFTP, each read or written as a whole, within bounds.

A file is written beside its place and swapped in at once (posix-rename@openssh.com), so that
whoever reads it meanwhile has the old one or the new one. Every act has a time-out.
"""

import contextlib
import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko
from paramiko.ssh_exception import SSHException

from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert

_CHUNK = 32768


class FileFailed(ConsoleError):
    """A file of a server could not be read or written; what was there is as it was."""


class RemoteFiles:
    """The files of one server, over one channel of its connection. Owned by one thread."""

    def __init__(self, channel: paramiko.Channel, name: str, timeout_s: float) -> None:
        """Speak SFTP over an open channel; `name` is the server's.

        Raises:
            FileFailed: the server gives no SFTP.
        """
        self._name = name
        channel.settimeout(timeout_s)
        with self._failures("/"):
            channel.invoke_subsystem("sftp")
            self._client = paramiko.SFTPClient(channel)

    def read(self, path: str, max_bytes: int) -> bytes | None:
        """Give a file's content, or None where there is none.

        Raises:
            FileFailed: it cannot be read, or is larger than `max_bytes`.
        """
        with self._failures(path):
            try:
                file = self._client.open(path, "rb")
            except FileNotFoundError:
                return None
            with file:
                file.prefetch(max_concurrent_requests=16)
                content = bytearray()
                while part := file.read(_CHUNK):
                    content += part
                    if len(content) > max_bytes:
                        raise self._failed(path, f"it has more than {max_bytes} bytes")
            return bytes(content)

    def write(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Put a file in the place of an older one, all of it or nothing.

        Raises:
            FileFailed: what was there is as it was.
        """
        folder, _, name = path.rpartition("/")
        beside = f"{folder}/.{name[:60]}.{secrets.token_hex(6)}"
        with self._failures(path):
            try:
                with self._client.open(beside, "wxb") as file:
                    file.set_pipelined(True)
                    file.write(content)
                self._client.chmod(beside, mode)
                self._client.posix_rename(beside, path)
            except BaseException:
                with contextlib.suppress(OSError, EOFError, SSHException):
                    self._client.remove(beside)
                raise

    def create(self, path: str, content: bytes) -> bool:
        """Write a file that is not there yet; false where it is.

        Raises:
            FileFailed: it cannot be written.
        """
        with self._failures(path):
            try:
                file = self._client.open(path, "wxb")
            except OSError as error:
                # SFTP version 3 has no word for "exists": OpenSSH says only that it failed.
                if self._exists(path):
                    return False
                raise error from None
            with file:
                file.write(content)
            return True

    def remove(self, path: str) -> None:
        """Take a file away; one that is not there is no failure.

        Raises:
            FileFailed: it cannot be removed.
        """
        with self._failures(path), contextlib.suppress(FileNotFoundError):
            self._client.remove(path)

    def make_folder(self, path: str) -> None:
        """Make a folder that is not there yet; its parent must be.

        Raises:
            FileFailed: it cannot be made.
        """
        with self._failures(path):
            if not self._exists(path):
                self._client.mkdir(path, 0o755)

    def close(self) -> None:
        """End the channel."""
        with contextlib.suppress(OSError, EOFError, SSHException):
            self._client.close()

    def _exists(self, path: str) -> bool:
        try:
            self._client.stat(path)
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def _failures(self, path: str) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            raise self._failed(path, "the server stopped answering") from error
        except (SSHException, EOFError) as error:
            raise self._failed(path, "the server gives no SFTP or ended the connection") from error
        except OSError as error:
            raise self._failed(path, _why(error)) from error

    def _failed(self, path: str, why: str) -> FileFailed:
        return FileFailed(
            f"{inert(path, 200)} on {self._name} cannot be used ({why}); check the path, its "
            "rights and the space there."
        )


def _why(error: OSError) -> str:
    words = {
        errno.EACCES: "permission denied",
        errno.ENOENT: "there is no such file or folder",
    }
    known = words.get(error.errno or 0)
    return known or inert(error.strerror or str(error) or "it failed", 100)
