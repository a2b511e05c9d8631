"""A SHA-256 over plain values, written in one way only, for chains and seals. Pure: no I/O."""

import hashlib
import json
from typing import Any


def digest(value: Any) -> str:
    """Give the hash of plain values: keys sorted, no spaces, ASCII (RFC 8785 in spirit)."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
