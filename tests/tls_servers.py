"""Certificates of an authority of our own, and ports that show them, for tests."""

import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _name(words):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


class Authority:
    """Signs certificates; `folder` holds its own and theirs."""

    def __init__(self, folder, words="Test Authority"):
        """Make the authority's key and certificate."""
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._words = words
        self.certificate = self._signed(self._key, words, [], days=3650, by=None, is_authority=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, names, *, days=90, is_self_signed=False):
        """Give the file of a certificate with its key, for some names."""
        key = ec.generate_private_key(ec.SECP256R1())
        by = key if is_self_signed else self._key
        made = self._signed(
            key,
            names[0] if names else "nobody",
            names,
            days=days,
            by=by,
            issuer=names[0] if is_self_signed else self._words,
        )
        path = self._folder / f"{abs(hash((tuple(names), days, is_self_signed)))}.pem"
        path.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return path

    def _signed(self, key, words, names, *, days, by, issuer=None, is_authority=False):
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(words))
            .issuer_name(_name(issuer or self._words))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            made = made.add_extension(
                x509.SubjectAlternativeName([_general(one) for one in names]), critical=False
            )
        return made.sign(by or key, hashes.SHA256())


def _general(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class TlsPort:
    """A port that shows a certificate, after the words of a protocol where `talk` tells some.

    `talk` is what is said and read before TLS: bytes are sent, a number is so many lines to read.
    """

    def __init__(self, certificate=None, talk=(), *, newest=None):
        """Listen on a free port."""
        self._talk = talk
        self._context = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)
            if newest is not None:
                self._context.maximum_version = newest
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        """Listen no more."""
        self._socket.close()

    def _serve(self):
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(plain,), daemon=True).start()

    def _answer(self, plain):
        with plain:
            plain.settimeout(30)
            try:
                for one in self._talk:
                    if isinstance(one, bytes):
                        plain.sendall(one)
                    else:
                        for _ in range(one):
                            _read_line(plain)
                if self._context is None:
                    plain.recv(1)
                    return
                with self._context.wrap_socket(plain, server_side=True) as tls:
                    tls.recv(1)
            except OSError:
                return


def _read_line(plain):
    while plain.recv(1) not in {b"\n", b""}:
        pass


SMTP = (
    b"220-mail\r\n220 ready\r\n",
    1,
    b"250-mail\r\n250-SIZE\r\n250 STARTTLS\r\n",
    1,
    b"220 go\r\n",
)
SMTP_PLAIN = (b"220 ready\r\n", 1, b"250-mail\r\n250 SIZE\r\n")
IMAP = (b"* OK ready\r\n", 1, b"* hm\r\na1 OK begin\r\n")
POP3 = (b"+OK ready\r\n", 1, b"+OK begin\r\n")
POP3_PLAIN = (b"+OK ready\r\n", 1, b"-ERR no\r\n")
