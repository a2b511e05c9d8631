"""A notification server for a test's session bus, held to the freedesktop.org specification 1.2.

Run as a program: it owns the name, prints each call as one line of JSON, and obeys words on its
standard input: `act NUMBER KEY` presses a button, `close NUMBER` closes a note.
"""

import json
import sys
import threading
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.threading import DBusConnection, open_dbus_connection

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
ABILITIES = ["actions", "body", "body-markup", "persistence"]
SIGNATURE = "susssasa{sv}i"


def say(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


class Server:
    """Answers the four methods; numbers notes from 1 and never reuses one."""

    def __init__(self, connection: DBusConnection) -> None:
        self.connection = connection
        self.last = 0
        self.open: set[int] = set()

    def answer(self, message: Any) -> None:
        fields = message.header.fields
        member = fields.get(HeaderFields.member)
        match member:
            case "GetServerInformation":
                self.reply(message, "ssss", ("test-notes", "noc-console", "1.0", "1.2"))
            case "GetCapabilities":
                self.reply(message, "as", (ABILITIES,))
            case "Notify" if fields.get(HeaderFields.signature) == SIGNATURE:
                self.notify(message)
            case "CloseNotification":
                self.close(message)
            case _:
                self.connection.send(
                    new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", (member,))
                )

    def notify(self, message: Any) -> None:
        app, replaces, icon, summary, body, actions, hints, expires = message.body
        number = replaces if replaces in self.open else self.last + 1
        self.last = max(self.last, number)
        self.open.add(number)
        self.reply(message, "u", (number,))
        say(
            call="Notify",
            number=number,
            app=app,
            replaces=replaces,
            icon=icon,
            summary=summary,
            body=body,
            actions=actions,
            hints={key: value[1] for key, value in hints.items()},
            expires=expires,
        )

    def close(self, message: Any) -> None:
        (number,) = message.body
        if number not in self.open:
            self.connection.send(new_error(message, f"{NAME}.Error.ExcessNotification", "s", ("",)))
            return
        self.reply(message, None, ())
        self.closed(number, 3)
        say(call="CloseNotification", number=number)

    def closed(self, number: int, reason: int) -> None:
        self.open.discard(number)
        self.signal("NotificationClosed", "uu", (number, reason))

    def signal(self, name: str, signature: str, body: tuple[Any, ...]) -> None:
        emitter = DBusAddress(PATH, interface=NAME)
        self.connection.send(new_signal(emitter, name, signature, body))

    def reply(self, message: Any, signature: str | None, body: tuple[Any, ...]) -> None:
        self.connection.send(new_method_return(message, signature, body))

    def obey(self) -> None:
        for line in sys.stdin:
            word, number, *rest = line.split()
            if word == "act":
                self.signal("ActionInvoked", "us", (int(number), rest[0]))
            self.closed(int(number), 2)


def main() -> None:
    connection = open_dbus_connection("SESSION")
    server = Server(connection)
    connection.send(message_bus.RequestName(NAME))
    threading.Thread(target=server.obey, daemon=True).start()
    say(call="ready")
    while True:
        message = connection.receive()
        if message.header.message_type is MessageType.method_call:
            server.answer(message)


if __name__ == "__main__":
    main()
