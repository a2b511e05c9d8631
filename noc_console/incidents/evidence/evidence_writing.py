"""Writes exhibits into the store: masked, hashed and packed, on the caller's thread."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from noc_console.incidents.evidence.evidence import Ending, NewExhibit
from noc_console.incidents.evidence.masking import mask
from noc_console.incidents.evidence.packing import KEY_EVERY, pack
from noc_console.store.rows import put_rows
from noc_console.store.schema.evidence import exhibit, recording
from noc_console.store.store import Store


@dataclass(slots=True)
class _Key:
    """The exhibit of a collector of which the next ones tell the difference."""

    number: int
    content: bytes
    uses: int = 0


class EvidenceWriter:
    """Writes exhibits, and remembers what the next ones are told from. Owned by one thread."""

    def __init__(self, store: Store) -> None:
        """Write to this store."""
        self._store = store
        self._keys: dict[tuple[int, str], _Key] = {}

    def put(self, exhibits: Sequence[NewExhibit]) -> None:
        """Mask, hash, pack and write exhibits; one of the same number replaces the older."""
        rows = [self._row(one) for one in exhibits]
        last: dict[int, datetime] = {}
        for one in exhibits:
            last[one.recording_id] = max(last.get(one.recording_id, one.at), one.at)
        try:
            with self._store.history_write() as connection:
                put_rows(connection, exhibit, rows)
                for recording_id, at in last.items():
                    connection.execute(
                        sa.update(recording)
                        .where(recording.c.id == recording_id)
                        .values(last_at=at)
                    )
        except BaseException:
            self._keys.clear()  # what they point to may not be there
            raise

    def forget(self, recording_id: int) -> None:
        """Remember no more of a recording that ended."""
        self._keys = {key: one for key, one in self._keys.items() if key[0] != recording_id}

    def _row(self, one: NewExhibit) -> dict[str, object]:
        content = mask(one.content)
        like, body = self._packed(one, content)
        return {
            "recording_id": one.recording_id,
            "number": one.number,
            "collector": one.collector,
            "title": one.title,
            "at": one.at,
            "took_ms": one.took_ms,
            "ending": one.ending.name,
            "exit_status": one.exit_status,
            "sha256": hashlib.sha256(content).hexdigest(),
            "raw_bytes": len(content),
            "stored_bytes": len(body),
            "like": like,
            "body": body,
        }

    def _packed(self, one: NewExhibit, content: bytes) -> tuple[int | None, bytes]:
        place = (one.recording_id, one.collector)
        key = self._keys.get(place)
        if one.ending is Ending.ARRIVING or not content:
            return None, pack(content, None)
        if key is None or key.uses >= KEY_EVERY:
            self._keys[place] = _Key(one.number, content)
            return None, pack(content, None)
        key.uses += 1
        return key.number, pack(content, key.content)
