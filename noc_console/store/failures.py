"""What can be wrong with a store: a closed set, each told in one sentence."""

from noc_console.errors import ConsoleError


class StoreError(ConsoleError):
    """The store cannot do what it was asked."""


class StoreTooNew(StoreError):
    """A newer program made this store; an older one must not touch it."""


class StoreDamaged(StoreError):
    """A file of the embedded store is damaged."""


class StoreUnreachable(StoreError):
    """The store cannot be opened or its database does not answer."""


class StoreFull(StoreError):
    """The disk has too little room to write safely; reading goes on."""


class StoreBusy(StoreError):
    """Another program held the store's write lock for too long."""
