"""Secrets in what a server tells, masked before anything is stored. Pure: no I/O, no clock.

Arguments of processes, logs and query lists hold passwords, tokens and keys. What follows a word
that announces one becomes `***`; when in doubt more is masked, never less. Bytes that are no text
come through as they are.
"""

import re

MASK = "***"

_WORDS = (
    r"pass(?:word|wd|phrase|code)?(?![a-z])|passwort|passwords|pwd|secret|token|"
    r"(?:api|access|auth|private|encryption|secret)[-_.]?key|credentials?|"
    r"(?<![a-z])(?:auth(?:orization)?|psk|pin|salt|dsn)(?![a-z])|session(?:id)?|cookie|bearer"
)
"""What a name holds whose value is a secret, such as DB_PASSWORD, X-Auth-Token, apikey."""

_VALUE = r"(?:\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?|[^\s\"'&;,<>|)\]}]+)"

_SIGNS = (
    *("pass", "pwd", "secret", "token", "key", "credential", "auth", "psk", "pin", "salt", "dsn"),
    *("session", "cookie", "bearer", "basic", "://", "mysql", "mariadb", "sshpass", "curl"),
    *("wget", "ldap", "redis", "smbclient", "htpasswd", "identified", "crypt", "md5", "sha1"),
    *("sha2", "eyj", "akia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "xox", "sk_live", "mongo"),
    *("7z", "zip", "rar", "openssl"),
)
"""Without one of these a line holds no secret that is known here: most lines go through quickly."""

_NAMED = re.compile(
    rf"(?P<name>(?:{_WORDS})[\w\-\]]{{0,40}}[\"']?\s?(?::=|=>|=|:)\s?)"
    rf"(?:(?P<scheme>basic|bearer|digest|token)\s+)?(?P<value>{_VALUE})",
    re.IGNORECASE,
)
"""`--password=x`, `DB_PASS=x`, `"token": "x"`, `Authorization: Bearer x`, `?api_key=x`."""

_NEXT_WORD = re.compile(
    rf"(?P<name>(?<!\S)--?[\w\-]{{0,40}}(?:{_WORDS})[\w\-]{{0,40}}\s{{1,4}})"
    rf"(?P<value>(?!-)(?:{_VALUE}))",
    re.IGNORECASE,
)
"""`--password x`, `-token x`: the value is the next word."""

_BEARER = re.compile(r"(?P<name>\b(?:bearer|basic)\s+)(?P<value>[\w.~+/=\-]{6,})", re.IGNORECASE)

_IN_URL = re.compile(
    r"(?P<name>[a-z][a-z0-9+.\-]{1,20}://[^\s/:@\"']{0,200}:)"
    r"(?P<value>[^\s/\"']{1,400})(?P<rest>@)",
    re.IGNORECASE,
)
"""`https://user:secret@host/`; the secret may itself hold an @."""

_IN_URL_WITHOUT_USER = re.compile(
    r"(?P<name>[a-z][a-z0-9+.\-]{1,20}://)(?P<value>[^\s/:@\"']{20,400})(?P<rest>@)", re.IGNORECASE
)
"""`https://ghp_0123456789…@github.com`: a token in the place of the user."""

_IDENTIFIED = re.compile(
    r"(?P<name>\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?)(?P<value>'[^'\n]*'?|\S+)",
    re.IGNORECASE,
)
"""SQL's `CREATE USER … IDENTIFIED BY 'x'`, as a process list of MySQL shows it."""

_SQL_PASSWORD = re.compile(
    r"(?P<name>\b(?:password|old_password|sha1|sha2|md5|aes_(?:en|de)crypt|crypt)\s*\(\s*)"
    r"(?P<value>'[^'\n]*'?|\"[^\"\n]*\"?)",
    re.IGNORECASE,
)

_KNOWN_TOKEN = re.compile(
    r"(?P<name>)(?P<value>\b(?:eyJ[\w\-]{10,}\.[\w\-]+(?:\.[\w\-]*)?|AKIA[0-9A-Z]{12,}|"
    r"gh[pousr]_\w{16,}|xox[abprs]-[\w\-]{10,}|sk_live_\w{10,}))"
)

_PRIVATE_KEY = re.compile(
    r"(?P<name>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?P<value>.*?)(?P<rest>-----END|\Z)", re.DOTALL
)

_SHORT_OPTION = re.compile(
    r"(?P<name>(?<![\w.\-])(?P<program>mysql\w*|mariadb[\w\-]*|sshpass|7z[ar]?|rar|unrar)\b[^\n|;&]{0,400}?\s-p)"
    r"(?P<value>(?:'[^'\n]*'?|\"[^\"\n]*\"?|[^\s'\"\-][^\s]*))"
)
"""`mysql -pSECRET`, `sshpass -pSECRET`, `7z a -pSECRET`: joined to the option."""

_SPACED_OPTION = re.compile(
    r"(?P<name>(?<![\w.\-])(?:sshpass\b[^\n|;&]{0,400}?\s-p|curl\b[^\n|;&]{0,400}?\s(?:-u|--user|--proxy-user|-U)|"
    r"ldap\w+\b[^\n|;&]{0,400}?\s-w|redis-cli\b[^\n|;&]{0,400}?\s-a|smbclient\b[^\n|;&]{0,400}?\s-U|"
    r"wget\b[^\n|;&]{0,400}?\s--user|mongo\w*\b[^\n|;&]{0,400}?\s-p|zip\b[^\n|;&]{0,400}?\s-P|"
    r"openssl\b[^\n|;&]{0,400}?\s-(?:k|K|passin|passout|pass)|htpasswd\b[^\n|;&]{0,400}?\s-\w*b\w*\s+\S+\s+\S+)"
    r"(?:\s+|=))(?P<value>'[^'\n]*'?|\"[^\"\n]*\"?|[^\s'\"]+)"
)
"""`curl -u user:secret`, `sshpass -p secret`, `ldapsearch -w secret`, `redis-cli -a secret`."""

_JOINED_USER = re.compile(
    r"(?P<name>(?<![\w.\-])curl\b[^\n|;&]{0,400}?\s-u)(?P<value>[^\s:'\"]+:[^\s'\"]+)"
)

_RULES = (
    _PRIVATE_KEY,
    _IN_URL,
    _IN_URL_WITHOUT_USER,
    _SHORT_OPTION,
    _SPACED_OPTION,
    _JOINED_USER,
    _IDENTIFIED,
    _SQL_PASSWORD,
    _NAMED,
    _NEXT_WORD,
    _BEARER,
    _KNOWN_TOKEN,
)

_MAX_LINE = 4_000
"""A longer line is no list of arguments; looking through it could take long, so it is cut."""


def mask(content: bytes) -> bytes:
    """Give a server's output with every secret in it masked; lines stay lines."""
    text = content.decode("utf-8", "surrogateescape")
    if not _may_hold_secret(text):
        return content
    if "PRIVATE KEY-----" in text:
        text = _PRIVATE_KEY.sub(_masked, text)
    lines = text.split("\n")
    return "\n".join(_mask_line(line) for line in lines).encode("utf-8", "surrogateescape")


def mask_text(text: str) -> str:
    """Give one piece of text with every secret in it masked."""
    return mask(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def _may_hold_secret(text: str) -> bool:
    lowered = text.lower()
    return any(sign in lowered for sign in _SIGNS)


def _mask_line(line: str) -> str:
    if not _may_hold_secret(line):
        return line
    if len(line) > _MAX_LINE:
        line = line[:_MAX_LINE] + " [cut]"
    for rule in _RULES[1:]:
        line = rule.sub(_masked, line)
    return line


def _masked(found: re.Match[str]) -> str:
    parts = found.groupdict()
    scheme = f"{parts['scheme']} " if parts.get("scheme") else ""
    return f"{parts['name']}{scheme}{MASK}{parts.get('rest') or ''}"
