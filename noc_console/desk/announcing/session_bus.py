"""A connection to the person's session bus (D-Bus), for calls and for signals of one sender.

No Qt. `call` may be used from one thread; what the bus sends is taken on a thread of its own.
"""

import itertools
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import TYPE_CHECKING, Any

from noc_console.errors import ConsoleError

if TYPE_CHECKING:
    from jeepney import DBusAddress, Message

CALL_WITHIN_S = 5.0


class BusUnavailable(ConsoleError):
    """There is no session bus, or what was called on it does not answer."""


class BusRefused(BusUnavailable):
    """Whom we called answers with an error."""


class SessionBus:
    """One connection; close it when done."""

    def __init__(
        self,
        path: str,
        interface: str,
        on_signal: Callable[[str, tuple[Any, ...]], None],
        on_end: Callable[[], None],
    ) -> None:
        """Connect, and take the signals of an interface of an object.

        Raises:
            BusUnavailable: there is no bus to connect to.
        """
        try:
            from jeepney import MatchRule, message_bus
            from jeepney.io.threading import open_dbus_connection

            self._connection = open_dbus_connection("SESSION")
        except (ImportError, KeyError, OSError, ValueError, RuntimeError) as error:
            raise BusUnavailable("There is no session bus (D-Bus) on this desktop.") from error
        except Exception as error:  # jeepney's own failures have no common class
            raise BusUnavailable("The session bus (D-Bus) refuses this program.") from error
        self._on_signal, self._on_end = on_signal, on_end
        self._serials = itertools.count(1000)
        self._waiting: dict[int, Future[Message]] = {}
        self._is_closing = False
        self._thread = threading.Thread(target=self._receive, name="session-bus", daemon=True)
        self._thread.start()
        rule = MatchRule(type="signal", interface=interface, path=path)
        self._call_message(message_bus.AddMatch(rule))

    def call(
        self, address: "DBusAddress", method: str, signature: str | None = None, *values: object
    ) -> tuple[Any, ...]:
        """Call a method and give what it answers.

        Raises:
            BusUnavailable: nobody answers, or the answer is an error.
        """
        from jeepney import new_method_call

        return self._call_message(new_method_call(address, method, signature, values))

    def close(self) -> None:
        """Close the connection."""
        self._is_closing = True
        self._connection.interrupt()
        self._thread.join(2)
        self._connection.close()
        for end in ("_stop_r", "_stop_w"):  # jeepney leaves the two ends of its pipe open
            number = getattr(self._connection, end, None)
            if isinstance(number, int):
                os.close(number)

    def _call_message(self, message: "Message") -> tuple[Any, ...]:
        from jeepney.wrappers import DBusErrorResponse, unwrap_msg

        serial = next(self._serials)
        answer: Future[Message] = Future()
        self._waiting[serial] = answer
        try:
            self._connection.send(message, serial=serial)
            return tuple(unwrap_msg(answer.result(CALL_WITHIN_S)))
        except DBusErrorResponse as error:
            raise BusRefused("No program of this desktop shows notifications.") from error
        except (FutureTimeout, OSError) as error:
            raise BusUnavailable("The program that shows notifications does not answer.") from error
        finally:
            self._waiting.pop(serial, None)

    def _receive(self) -> None:
        from jeepney import HeaderFields, MessageType
        from jeepney.io.threading import ReceiveStopped

        try:
            while not self._is_closing:
                message = self._connection.receive()
                fields = message.header.fields
                answered = self._waiting.get(fields.get(HeaderFields.reply_serial, 0))
                if answered is not None:
                    answered.set_result(message)
                elif message.header.message_type is MessageType.signal:
                    self._on_signal(str(fields.get(HeaderFields.member)), tuple(message.body))
        except (OSError, ReceiveStopped):
            pass
        for answer in list(self._waiting.values()):  # nobody will answer them any more
            if not answer.done():
                answer.set_exception(ConnectionResetError())
        if not self._is_closing:
            self._on_end()
