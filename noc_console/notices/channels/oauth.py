"""Signs a request as X wants it: OAuth 1.0a with HMAC-SHA1 (RFC 5849). Pure but for the nonce."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class OAuthKeys:
    """The app's key and secret, and the account's token and secret."""

    key: str
    key_secret: str
    token: str
    token_secret: str


def authorization(
    method: str,
    url: str,
    params: Mapping[str, str],
    keys: OAuthKeys,
    seconds: int,
    nonce: str = "",
) -> str:
    """Give the Authorization header of a request; `params` are those of the query or the form.

    A JSON body is not signed (RFC 5849, section 3.4.1.3.1).
    """
    signed = {
        "oauth_consumer_key": keys.key,
        "oauth_nonce": nonce or secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(seconds),
        "oauth_token": keys.token,
        "oauth_version": "1.0",
    }
    pairs = sorted((_coded(name), _coded(value)) for name, value in (signed | dict(params)).items())
    listed = "&".join(f"{name}={value}" for name, value in pairs)
    text = "&".join((method.upper(), _coded(url), _coded(listed)))
    key = f"{_coded(keys.key_secret)}&{_coded(keys.token_secret)}"
    made = hmac.new(key.encode(), text.encode(), hashlib.sha1).digest()
    signed["oauth_signature"] = base64.b64encode(made).decode("ascii")
    return "OAuth " + ", ".join(
        f'{_coded(name)}="{_coded(value)}"' for name, value in sorted(signed.items())
    )


def _coded(text: str) -> str:
    return quote(text, safe="~")
