"""What is known of host keys: those a person accepted, in the store, and the known_hosts files."""

from noc_console.fleet.host_keys import list_keys, same_key_as
from noc_console.links.host_keys import KnownKeys
from noc_console.store.store import Store


def known_keys(store: Store, ask_for: tuple[str, ...] = ()) -> KnownKeys:
    """Give the keys as they are known now; the files are read anew each time."""
    return KnownKeys(
        accepted=lambda address, port: [key.line for key in list_keys(store, address, port)],
        same_key_as=lambda fingerprint, address, port: same_key_as(
            store, fingerprint, address, port
        ),
        ask_for=ask_for,
    )
