"""Prove who we are: agent, key file (with certificate), password, keyboard-interactive.

Secrets come from the OS keyring and stay in memory for the one attempt.
"""

import getpass
import os
import time
from collections.abc import Callable
from pathlib import Path

import paramiko
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from paramiko.ssh_exception import (
    AuthenticationException,
    BadAuthenticationType,
    SSHException,
)

from noc_console.fleet.failure import FailureKind
from noc_console.fleet.inert import inert
from noc_console.fleet.secrets import KeyringUnavailable, SecretKind
from noc_console.fleet.server import Authentication, Server
from noc_console.links.agent import (
    AgentGone,
    AgentSilent,
    BoundedAgent,
    agent_is_there,
    keys_in_order,
)
from noc_console.links.failures import LinkFailure, link_failure
from noc_console.links.private_key import read_private_key
from noc_console.links.transport import LinkTransport

MAX_AGENT_KEYS = 5
"""sshd ends the connection at the sixth failure (MaxAuthTries)."""

_PARAMIKO_TIMED_OUT = "Authentication timeout."

Secrets = Callable[[str, SecretKind], str | None]
"""Gives a server's secret by the server's name; raises KeyringUnavailable."""


def authenticate(transport: LinkTransport, server: Server, secrets: Secrets) -> str:
    """Log in as the server's user; gives in words what was accepted.

    Raises:
        LinkFailure: what was refused or is missing.
    """
    method = _METHODS[server.authentication]
    try:
        accepted = method(transport, server, secrets)
    except KeyringUnavailable as error:
        raise link_failure(
            FailureKind.KEYRING_UNAVAILABLE, f"{server.name}: {error.sentence}"
        ) from error
    except AgentGone as error:
        raise _gone_agent(server) from error
    except AgentSilent as error:
        raise _silent_agent(server) from error
    except BadAuthenticationType as error:
        allowed = inert(", ".join(str(one) for one in error.allowed_types), 100)
        raise link_failure(
            FailureKind.AUTHENTICATION_FAILED,
            f"{server.name} does not allow {server.authentication.value}; it allows: {allowed}. "
            "Choose another authentication in the server's settings.",
        ) from error
    except (SSHException, EOFError, OSError) as error:
        raise _not_logged_in(transport, server, error) from error
    if not transport.is_authenticated():
        raise link_failure(
            FailureKind.AUTHENTICATION_FAILED,
            f"{server.name} accepted {server.authentication.value} and asks for more "
            "(AuthenticationMethods); let it accept one method alone for this user.",
        )
    return accepted


def _not_logged_in(transport: LinkTransport, server: Server, error: Exception) -> LinkFailure:
    if isinstance(error, TimeoutError) or str(error) == _PARAMIKO_TIMED_OUT:
        return link_failure(
            FailureKind.TIMED_OUT,
            f"{server.name} does not answer our login; it may be overloaded or waiting for its "
            "DNS or its user directory.",
        )
    if transport.goodbye:
        return link_failure(
            FailureKind.AUTHENTICATION_FAILED,
            f"{server.name} ended the login of {user_of(server)} and said: {transport.goodbye}; "
            "check the user, and in an agent with many keys choose the one to use.",
        )
    if _is_refusal(transport, error):
        return _refused(server)
    return link_failure(
        FailureKind.CONNECTION_LOST,
        f"{server.name} closed the connection while we logged in; it may limit attempts "
        "or connections.",
    )


def _is_refusal(transport: LinkTransport, error: Exception) -> bool:
    """paramiko has one exception for a refusal, a time-out and a lost connection."""
    return (
        isinstance(error, AuthenticationException)
        and transport.is_active()
        and str(error) != _PARAMIKO_TIMED_OUT
    )


def user_of(server: Server) -> str:
    """Give the user to log in as: the server's, or else our own, as ssh does."""
    return server.user or getpass.getuser()


def _with_agent(transport: LinkTransport, server: Server, _secrets: Secrets) -> str:
    if not agent_is_there():
        raise _no_agent(server)
    agent = BoundedAgent()
    try:
        keys = keys_in_order(agent, server.key_file)
        if not keys:
            raise _empty_agent(server)
        for key in keys[:MAX_AGENT_KEYS]:
            try:
                transport.auth_publickey(user_of(server), key)
            except BadAuthenticationType:
                raise
            except AuthenticationException as error:
                if not _is_refusal(transport, error):
                    raise
                continue
            return f"{key.get_name()} {key.fingerprint} from the agent"
        raise _refused(server)
    finally:
        agent.close()


def _no_agent(server: Server) -> LinkFailure:
    return link_failure(
        FailureKind.AGENT_MISSING,
        f"{server.name} is to be reached with an agent, but noc-console was started where there is "
        "no ssh-agent; start it again where `ssh-add -l` shows the key, or choose a key file.",
    )


def _gone_agent(server: Server) -> LinkFailure:
    path = inert(os.environ.get("SSH_AUTH_SOCK", ""), 100)
    return link_failure(
        FailureKind.AGENT_MISSING,
        f"{server.name} is to be reached with an agent, but the ssh-agent at {path} is gone; start "
        "noc-console again where `ssh-add -l` shows the key, or choose a key file.",
    )


def _empty_agent(server: Server) -> LinkFailure:
    return link_failure(
        FailureKind.AGENT_MISSING,
        f"{server.name} is to be reached with an agent, but the ssh-agent holds no key, or is "
        "locked; `ssh-add` the key where noc-console was started, or choose a key file.",
    )


def _silent_agent(server: Server) -> LinkFailure:
    return link_failure(
        FailureKind.AGENT_MISSING,
        f"{server.name} is to be reached with an agent, but the ssh-agent does not answer; see "
        "whether it asks for something (a touch, a PIN, a confirmation), or start it again.",
    )


def _with_key_file(transport: LinkTransport, server: Server, secrets: Secrets) -> str:
    key = load_key(server, secrets)
    transport.auth_publickey(user_of(server), key)
    kind = "certificate" if key.public_blob else "key"
    return f"{key.get_name()} {key.fingerprint} ({kind})"


def load_key(server: Server, secrets: Secrets) -> paramiko.PKey:
    """Give the server's private key, with its certificate when there is one.

    Raises:
        LinkFailure: KEY_UNUSABLE, CERTIFICATE_EXPIRED, or KEYRING_UNAVAILABLE where the key has a
            passphrase.
    """
    path = Path(server.key_file).expanduser()
    if not server.key_file:
        raise _unusable(server, "no key file is given; choose one, or use the agent")
    try:
        key = _read_key(path, server, secrets)
    except FileNotFoundError as error:
        raise _unusable(server, f"there is no key file {path}; choose another") from error
    except PermissionError as error:
        raise _unusable(server, f"you may not read the key file {path}") from error
    except (SSHException, ValueError, TypeError, OSError, UnsupportedAlgorithm) as error:
        raise _unusable(
            server, f"{path} is no private key that can be used, or the passphrase is wrong"
        ) from error
    certificate = _certificate_path(server, path)
    if certificate is not None:
        _refuse_expired(server, certificate)
        try:
            key.load_certificate(str(certificate))
        except (SSHException, ValueError, OSError) as error:
            raise _unusable(server, f"the certificate {certificate} cannot be read") from error
    return key


def _read_key(path: Path, server: Server, secrets: Secrets) -> paramiko.PKey:
    content = path.read_bytes()
    try:
        return read_private_key(content)
    except TypeError as error:
        passphrase = _passphrase(path, server, secrets)
        if passphrase is None:
            raise _unusable(
                server, f"the key {path} has a passphrase that the keyring does not hold; enter it"
            ) from error
        return read_private_key(content, passphrase)


def _passphrase(path: Path, server: Server, secrets: Secrets) -> str | None:
    try:
        return secrets(server.name, SecretKind.KEY_PASSPHRASE)
    except KeyringUnavailable as error:
        raise link_failure(
            FailureKind.KEYRING_UNAVAILABLE,
            f"{server.name}: the key {path} has a passphrase. {error.sentence}",
        ) from error


def _certificate_path(server: Server, key_path: Path) -> Path | None:
    if server.certificate_file:
        return Path(server.certificate_file).expanduser()
    beside = key_path.with_name(f"{key_path.name}-cert.pub")
    return beside if beside.is_file() else None


def _refuse_expired(server: Server, path: Path) -> None:
    try:
        certificate = serialization.load_ssh_public_identity(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise _unusable(server, f"the certificate {path} cannot be read") from error
    if not isinstance(certificate, serialization.SSHCertificate):
        raise _unusable(server, f"{path} is no certificate")
    now_s = time.time()
    if certificate.valid_before <= now_s:
        raise link_failure(
            FailureKind.CERTIFICATE_EXPIRED,
            f"{server.name}: the certificate {path} has expired; have a new one signed.",
        )
    if certificate.valid_after > now_s:
        raise link_failure(
            FailureKind.CERTIFICATE_EXPIRED,
            f"{server.name}: the certificate {path} is not valid yet; check this machine's clock.",
        )


def _with_password(transport: LinkTransport, server: Server, secrets: Secrets) -> str:
    # where only keyboard-interactive is allowed, paramiko answers its one question with it
    transport.auth_password(user_of(server), _password(server, secrets))
    return "password"


def _with_questions(transport: LinkTransport, server: Server, secrets: Secrets) -> str:
    password = _password(server, secrets)
    asked: list[str] = []

    def answer(_title: str, _text: str, prompts: list[tuple[str, bool]]) -> list[str]:
        asked.extend(prompt for prompt, _ in prompts)
        # a question whose answer may be seen, such as a user name, is not for the password
        return ["" if shown else password for _, shown in prompts]

    transport.auth_interactive(user_of(server), answer)
    return f"keyboard-interactive ({len(asked)} questions)"


def _password(server: Server, secrets: Secrets) -> str:
    password = secrets(server.name, SecretKind.PASSWORD)
    if password is None:
        raise link_failure(
            FailureKind.AUTHENTICATION_FAILED,
            f"The keyring of this machine holds no password for {server.name}; enter it in the "
            "server's settings.",
        )
    return password


def _refused(server: Server) -> LinkFailure:
    return link_failure(
        FailureKind.AUTHENTICATION_FAILED,
        f"{server.name} refused {user_of(server)} with {server.authentication.value}; "
        "check the user and that the server knows this key or password.",
    )


def _unusable(server: Server, why: str) -> LinkFailure:
    return link_failure(FailureKind.KEY_UNUSABLE, f"{server.name}: {why}.")


_METHODS = {
    Authentication.AGENT: _with_agent,
    Authentication.KEY_FILE: _with_key_file,
    Authentication.PASSWORD: _with_password,
    Authentication.KEYBOARD_INTERACTIVE: _with_questions,
}
