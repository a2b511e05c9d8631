"""A mail server on loopback that answers as a test wants: refuses, defers, hangs up, or takes."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

HANG_UP = b""
"""What an answer is that ends the connection without a word."""


@dataclass
class Talk:
    """What was said over one connection, and to whom its mail under way goes."""

    recipient: str = ""
    words: list[str] = field(default_factory=list)


class ScriptedMail:
    """Takes mail in plain text. `answer(word, talk)` may give a reply instead of the usual one;
    the word of a message's end is `.`, and is asked before the mail counts as taken.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        answer: Callable[[str, Talk], bytes | None] = lambda _word, _talk: None,
        offers: tuple[str, ...] = ("PIPELINING", "DSN", "SIZE 10000000"),
    ) -> None:
        """Listen on a free port."""
        self.talks: list[Talk] = []
        self.mails: list[tuple[str, bytes]] = []
        self._answer = answer
        self._offers = offers
        self._socket = socket.create_server((self.host, 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def recipients(self) -> list[str]:
        """To whom mails were taken, in their order."""
        return [recipient for recipient, _ in self.mails]

    def close(self) -> None:
        """Listen no more."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            talk = Talk()
            self.talks.append(talk)
            with connection, connection.makefile("rb") as lines:
                connection.settimeout(60)
                try:
                    self._talk(connection, lines, talk)
                except OSError:
                    continue

    def _talk(self, connection, lines, talk: Talk) -> None:
        connection.sendall(b"220 scripted\r\n")
        content: list[bytes] | None = None
        for line in lines:
            if content is not None and line != b".\r\n":
                content.append(line)
                continue
            word = line.decode().rstrip("\r\n")
            talk.words.append(word)
            reply = self._answer(word, talk)
            if reply == HANG_UP:
                return
            is_yes = reply is None or reply[:1] in {b"2", b"3"}
            content = self._follow(word, talk, content, is_yes=is_yes)
            connection.sendall(reply or self._usual(word))
            if word == "QUIT":
                return

    def _follow(self, word: str, talk: Talk, content: list[bytes] | None, *, is_yes: bool):
        """Keep what a word means for the mail under way; gives the lines of one that begins."""
        if content is not None:
            if is_yes and talk.recipient:
                self.mails.append((talk.recipient, b"".join(content)))
        elif word.startswith("RCPT"):
            talk.recipient = word.partition("<")[2].partition(">")[0] if is_yes else ""
        elif word == "DATA" and is_yes:
            return []
        return None

    def _usual(self, word: str) -> bytes:
        if word.lower().startswith("ehlo"):
            offers = "".join(f"250-{one}\r\n" for one in self._offers)
            return f"250-scripted\r\n{offers}250 HELP\r\n".encode()
        return {"DATA": b"354 go on\r\n", ".": b"250 2.0.0 taken\r\n"}.get(
            word, b"250 2.1.0 ok\r\n"
        )
