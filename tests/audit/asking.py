"""Checks made up for a test, and batches run in a shell of this machine."""

import os
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from noc_console.audit.batch import AsRoot, BatchReader, asked_of, batch_script
from noc_console.audit.check import Check, Cost, Empty, Family, Privilege, Rule, Step
from noc_console.audit.finding import Result, Severity
from noc_console.audit.judging import RawOutcome

NONCE = "0123456789abcdef"


def check(check_id: str, command: str, **fields: object) -> Check:
    """Give a check that finds one thing a line, as a warning."""
    values: dict[str, object] = {
        "id": check_id,
        "step": Step.SERVICES,
        "title": check_id,
        "rationale": "A test asks it.",
        "severity": Severity.LOW,
        "references": (),
        "privilege": Privilege.PLAIN,
        "needs": (),
        "commands": dict.fromkeys(Family, command),
        "exits": (0,),
        "parser": "words",
        "options": {"fields": ["name"]},
        "item": "{name}",
        "empty": Empty.PASS,
        "empty_sentence": "Nothing is there.",
        "rules": (Rule(result=Result.WARN, where=(), sentence="{name} is there."),),
        "limits": {},
        "keeps": 4096,
        "redact": (),
        "deadline_s": 20.0,
        "cost": Cost.LIGHT,
        "mend": "Take it away.",
    }
    return Check(**(values | fields))  # type: ignore[arg-type]


def run_batch(
    checks: Sequence[Check],
    *,
    shell: Sequence[str] = ("/bin/sh",),
    as_root: AsRoot = AsRoot.IS_ROOT,
    environment: dict[str, str] | None = None,
) -> tuple[dict[str, RawOutcome], BatchReader]:
    """Run a batch in a shell here; gives the outcomes by check, and what read them."""
    asked = asked_of(checks, Family.DEBIAN)
    done = subprocess.run(
        shell,
        input=batch_script(asked, nonce=NONCE, as_root=as_root),
        capture_output=True,
        env=dict(os.environ) | (environment or {}),
        timeout=120,
        check=False,
    )
    reader = BatchReader(asked, NONCE)
    now = datetime.now(UTC)
    found = reader.feed(done.stdout, now_s=time.monotonic(), now=now)
    found += reader.rest("It never came.", now=now)
    return {one.check_id: one for one in found}, reader
