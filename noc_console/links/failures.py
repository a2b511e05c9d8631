"""How a link's failure travels: one exception that carries one value."""

from noc_console.errors import ConsoleError
from noc_console.fleet.failure import Failure, FailureKind


class LinkFailure(ConsoleError):
    """A link could not be made or was lost; `failure` says how."""

    def __init__(self, failure: Failure) -> None:
        """Carry this failure."""
        super().__init__(failure.sentence)
        self.failure = failure


def link_failure(kind: FailureKind, sentence: str) -> LinkFailure:
    """Give the exception for a failure that holds no key."""
    return LinkFailure(Failure(kind=kind, sentence=sentence))
