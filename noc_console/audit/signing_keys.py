"""The keys a person can sign with here: those of the ssh-agent, and those in the folder of ssh."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from noc_console.audit.sshsig import (
    NoKey,
    SigningKey,
    agent_keys,
    public_line,
    signing_key,
    wants_passphrase,
)
from noc_console.fleet.host_keys import InvalidHostKey, fingerprint_of
from noc_console.fleet.inert import inert
from noc_console.fleet.secrets import KeyringUnavailable, SecretKind, get_secret, put_secret

MOST_FILES = 30
_LONGEST_LINE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAtHand:
    """One key. `name` says where it is, as a person knows it: a file, or a comment in the agent.

    `held` is the key itself where the agent has it; else it is in the file `path`.
    """

    name: str
    fingerprint: str
    path: Path | None = None
    wants_passphrase: bool = False
    held: SigningKey | None = None

    @property
    def words(self) -> str:
        """Give it as one line: where it is, and which it is."""
        where = f"ssh-agent: {self.name}" if self.held is not None else self.name
        return f"{where}  {self.fingerprint}".rstrip()

    @property
    def has_kept_passphrase(self) -> bool:
        """Whether the system's keyring holds its passphrase. Asks the keyring: not at once."""
        return self.wants_passphrase and bool(self._kept())

    def open(self, passphrase: str = "", *, keep: bool = False) -> SigningKey:
        """Give the key that signs; without a passphrase that it wants the one that was kept.

        Raises:
            NoKey: its file is gone or no key, or the passphrase is missing or wrong.
            KeyringUnavailable: the passphrase is to be kept, and there is nowhere to.
        """
        if self.held is not None:
            return self.held
        if self.path is None:
            raise NoKey("Choose a key to sign with, or name the file of one.")
        if not self.wants_passphrase:
            return signing_key(self.path)
        if not passphrase:
            return self._open_by_kept(self.path)
        key = signing_key(self.path, passphrase)
        if keep:
            put_secret(self._entry, SecretKind.KEY_PASSPHRASE, passphrase)
        return key

    def _open_by_kept(self, path: Path) -> SigningKey:
        kept = self._kept()
        if not kept:
            raise NoKey(f"{path} has a passphrase; type it.")
        try:
            return signing_key(path, kept)
        except NoKey:
            raise NoKey(f"{path} is not opened by the passphrase that was kept; type it.") from None

    def _kept(self) -> str:
        try:
            return get_secret(self._entry, SecretKind.KEY_PASSPHRASE) or ""
        except KeyringUnavailable:
            return ""

    @property
    def _entry(self) -> str:
        return f"audit key {self.fingerprint or self.path}"


def keys_at_hand(folder: Path | None = None) -> list[KeyAtHand]:
    """Give the keys that can sign, the agent's first; an agent that is silent has none.

    A key that is in the agent and in a file is given once, as the agent's.
    """
    found = []
    try:
        for key, comment in agent_keys():
            name = inert(comment, 80) or key.get_name()
            line = public_line(key)
            found.append(KeyAtHand(name=name, fingerprint=fingerprint_of(line), held=key))
    except NoKey:
        pass  # the files are there all the same
    known = {one.fingerprint for one in found}
    return [
        *found,
        *(one for one in _of_files(folder or Path.home() / ".ssh") if one.fingerprint not in known),
    ]


def key_of_file(path: Path) -> KeyAtHand:
    """Give the key of a file that a person names.

    Raises:
        NoKey: it cannot be read, or is no key.
    """
    wants = wants_passphrase(path)
    public = path if path.suffix == ".pub" else path.with_name(f"{path.name}.pub")
    return KeyAtHand(
        name=inert(str(path)),
        fingerprint=_fingerprint(public),
        path=path,
        wants_passphrase=wants,
    )


def _of_files(folder: Path) -> Iterator[KeyAtHand]:
    """Give each private key that has its public half beside it, as ssh-keygen leaves them."""
    try:
        names = sorted(folder.glob("*.pub"))[:MOST_FILES]
    except OSError:
        return
    for public in names:
        private = public.with_suffix("")
        if not private.is_file():
            continue
        try:
            yield key_of_file(private)
        except NoKey:
            continue  # a key of another kind, which signs nothing here


def _fingerprint(public: Path) -> str:
    """Give the fingerprint of a public key file; empty where it is none."""
    try:
        with public.open(encoding="utf-8", errors="replace") as file:
            line = file.readline(_LONGEST_LINE)
        return fingerprint_of(line.strip())
    except (OSError, InvalidHostKey):
        return ""
