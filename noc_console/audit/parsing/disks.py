"""Disks as smartctl(8) tells of them, and arrays as the kernel, ZFS and controllers do.

Pure: no I/O, no clock. Names of smartctl's fields are of its JSON format 1.0 (smartmontools 7).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from noc_console.audit.parsing.parsed import (
    OutputNotUnderstood,
    Row,
    Table,
    Value,
    number_of,
    numbered_lines,
)
from noc_console.telemetry.arrays import ARRAY_DISKS, ARRAY_LEVEL, ARRAY_LINE

_MOST_TOLD = 256 * 1024
"""What smartctl tells of one disk in compact form is some 10 kB."""
_REALLOCATED, _PENDING, _UNCORRECTABLE = 5, 197, 198
_WEAR = frozenset(
    {
        *("Media_Wearout_Indicator", "Wear_Leveling_Count", "SSD_Life_Left"),
        *("Percent_Lifetime_Remain", "Percent_Life_Remaining", "Remaining_Lifetime_Perc"),
    }
)
"""Attributes whose normalised value is what is left of a disk's life, in per cent."""
_ACTION = re.compile(r"\b(recovery|resync|reshape|check|repair)\s*=\s*(?:([\d.]+)%|(\w+))")
_UNREAD: Mapping[str, Value] = {
    "passed": "unknown",
    "pending": 0,
    "uncorrectable": 0,
    "reallocated": 0,
    "wear": 0,
    "warning": 0,
    "media_errors": 0,
    "hours": 0,
}


def read_smart(output: bytes, options: Mapping[str, Any]) -> Table:  # noqa: ARG001 - has none
    """Give a row a disk, from lines `DISK<tab>name<tab>kind`, each followed by smartctl's JSON.

    Fields: disk, kind (real, virtual), id (its serial number, else its name), model, told (yes, no)
    and why not, passed (yes, no, unknown), pending, uncorrectable, reallocated (sectors), wear
    (per cent), warning (NVMe's critical warning), media_errors, hours. Sums: real, virtual.
    """
    if b"\0" in output:
        raise OutputNotUnderstood("The answer holds null bytes: it is no text.")
    rows: list[Row] = []
    for number, line in enumerate(output.split(b"\n"), start=1):
        tag, *parts = line.decode("utf-8", "replace").rstrip("\r").split("\t")
        if tag == "DISK" and len(parts) == 2:
            rows.append(_unread(number, *parts))
        elif tag.startswith("{") and rows:
            rows[-1] = _disk(number, rows[-1], line)
        elif tag.strip():
            raise OutputNotUnderstood(f"Line {number} is neither a disk nor what smartctl says.")
    sums = {kind: sum(one.fields["kind"] == kind for one in rows) for kind in ("real", "virtual")}
    return Table(rows=tuple(rows), sums=sums if rows else {})


def _unread(number: int, disk: str, kind: str) -> Row:
    why = "smartctl (package smartmontools) is not there, or did not answer"
    start = {"disk": disk, "kind": kind, "id": disk, "model": "", "told": "no", "why": why}
    return Row(line=number, fields={**start, **_UNREAD})


def _disk(number: int, before: Row, line: bytes) -> Row:
    try:
        told = json.loads(line[:_MOST_TOLD])
    except (ValueError, RecursionError) as error:
        raise OutputNotUnderstood(f"Line {number} is not the JSON of smartctl.") from error
    fields = dict(before.fields)
    status = _at(told, "smart_status", "passed")
    fields["model"] = _text(_at(told, "model_name") or _at(told, "scsi_model_name"))
    fields["id"] = _text(_at(told, "serial_number")) or fields["disk"]
    if not isinstance(status, bool):
        fields["why"] = _why(told)
        return Row(line=number, fields=fields)
    fields |= {"told": "yes", "why": "", "passed": "yes" if status else "no"}
    fields |= _ata(told) | _nvme(told) | _scsi(told)
    fields["hours"] = _number(_at(told, "power_on_time", "hours"))
    used = _at(told, "endurance_used", "current_percent")
    if used is not None:
        fields["wear"] = _number(used)
    return Row(line=number, fields=fields)


def _why(told: Any) -> str:
    said = _at(told, "smartctl", "messages")
    words = [_text(_at(one, "string")) for one in said] if isinstance(said, list) else []
    return "; ".join(filter(None, words)) or "it does not tell its health"


def _ata(told: Any) -> dict[str, Value]:
    table = _at(told, "ata_smart_attributes", "table")
    found: dict[str, Value] = {}
    names = {_REALLOCATED: "reallocated", _PENDING: "pending", _UNCORRECTABLE: "uncorrectable"}
    for one in table if isinstance(table, list) else []:
        name = names.get(_number(_at(one, "id")))
        if name is not None:
            # the text is without what some makers pack into the upper bytes of the number
            digits = re.match(r"\d{1,18}", _text(_at(one, "raw", "string")))
            found[name] = int(digits[0]) if digits else 0
        elif _text(_at(one, "name")) in _WEAR:
            found["wear"] = max(0, 100 - _number(_at(one, "value")))
    return found


def _nvme(told: Any) -> dict[str, Value]:
    log = _at(told, "nvme_smart_health_information_log")
    if not isinstance(log, dict):
        return {}
    return {
        "warning": _number(log.get("critical_warning")),
        "wear": _number(log.get("percentage_used")),
        "media_errors": _number(log.get("media_errors")),
    }


def _scsi(told: Any) -> dict[str, Value]:
    log = _at(told, "scsi_error_counter_log")
    if not isinstance(log, dict):
        return {}
    errors = (_number(_at(one, "total_uncorrected_errors")) for one in log.values())
    return {
        "reallocated": _number(_at(told, "scsi_grown_defect_list")),
        "media_errors": sum(errors),
    }


def _at(told: Any, *names: str) -> Any:
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _text(told: Any) -> str:
    return told[:120] if isinstance(told, str) else ""


def _number(told: Any) -> int:
    is_number = isinstance(told, int) and not isinstance(told, bool)
    return told if is_number and abs(told) < 10**18 else 0


def read_arrays(output: bytes, options: Mapping[str, Any]) -> Table:  # noqa: ARG001 - has none
    """Give a row an array: /proc/mdstat (md(4)), then `ZFS<tab>pool<tab>health` and controllers.

    Fields: kind (md, zfs, controller), name, level, state (active, inactive, or what ZFS says),
    wanted and up (disks), missing (how many are), failed (how many are marked so), action (none, or
    what is under way) and done (in per cent). Sums: arrays, controllers.
    """
    rows: list[dict[str, Value]] = []
    lines: list[int] = []
    is_begun = False
    for number, text in numbered_lines(output):
        tag, *parts = text.split("\t")
        array = ARRAY_LINE.match(text)
        if tag == "==arrays" or text.startswith("Personalities :"):
            is_begun = True
        elif tag in {"ZFS", "CONTROLLER"} and parts:
            rows.append(_other(tag, parts))
            lines.append(number)
        elif array is not None:
            rows.append(_array(array))
            lines.append(number)
        elif text.startswith(" ") and rows:
            rows[-1] |= _details(text)
        elif not text.startswith("unused devices:"):
            raise OutputNotUnderstood(f"Line {number} is no line of /proc/mdstat.")
    controllers = sum(one["kind"] == "controller" for one in rows)
    found = (Row(line=line, fields=one) for line, one in zip(lines, rows, strict=True))
    sums = {"arrays": len(rows) - controllers, "controllers": controllers}
    return Table(rows=tuple(found), sums=sums if is_begun else {})


def _other(tag: str, parts: list[str]) -> dict[str, Value]:
    is_pool = tag == "ZFS"
    state = parts[1] if len(parts) > 1 else ""
    return _blank("zfs" if is_pool else "controller", parts[0], "zfs" if is_pool else "", state)


def _blank(kind: str, name: str, level: str, state: str) -> dict[str, Value]:
    counts: dict[str, Value] = {"wanted": 0, "up": 0, "missing": 0, "failed": 0}
    return {
        "kind": kind,
        "name": name,
        "level": level,
        "state": state,
        **counts,
        "action": "none",
        "done": "0",
    }


def _array(found: re.Match[str]) -> dict[str, Value]:
    level = ARRAY_LEVEL.search(found["rest"])
    state = "read-only" if "(read-only)" in found["rest"] else found["state"]
    fields = _blank("md", found["name"], level[1] if level else "", state)
    return {**fields, "failed": found["rest"].count("(F)")}


def _details(text: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    parts, action = ARRAY_DISKS.search(text), _ACTION.search(text)
    if parts is not None:
        wanted, up = number_of(parts[1], "number of disks"), number_of(parts[2], "number of disks")
        found |= {"wanted": wanted, "up": up, "missing": max(0, wanted - up)}
    if action is not None:
        found |= {"action": action[1], "done": action[2] or "0"}
    return found
