"""What Qt itself has to say goes to Python's log, under the name `qt`."""

import logging
import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def follow_qt() -> None:
    """Log each message of Qt from now on; what makes Qt abort ends the program with a sentence."""
    qInstallMessageHandler(_take)


def _take(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    log.log(_LEVELS.get(kind, logging.WARNING), "%s (%s)", message, context.category or "default")
    if kind is QtMsgType.QtFatalMsg:  # Qt calls abort() next, which leaves a core and no sentence
        first = " ".join(message.split())
        sys.stderr.write(f"The window cannot be shown: {first}\n")
        sys.stderr.flush()
        os._exit(1)
