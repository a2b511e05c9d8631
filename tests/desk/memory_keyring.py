"""A keyring that lives as long as a test: no test touches a person's own."""

from keyring.backend import KeyringBackend


class MemoryKeyring(KeyringBackend):
    """A keyring of this test only."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]
