"""A real PostgreSQL of a test run's own: socket and port of its own, ended by its pid."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

EMPTY = "template1"
"""The database that has nothing in it."""


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
    if not found:
        raise RuntimeError("PostgreSQL is missing; `make test` installs it.")
    return found[-1]


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


@contextmanager
def postgresql() -> Iterator[Path]:
    """Run a cluster; gives the folder of its socket. `url` makes databases on it."""
    folder = Path(tempfile.mkdtemp(prefix="noc-pg-", dir="/tmp"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    programs, cluster = _programs(), folder / "cluster"
    prefix = _as_postgres()
    subprocess.run(
        [*prefix, programs / "initdb", "-D", cluster, "-A", "trust", "-U", "noc", "--no-sync"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = f"-c listen_addresses='' -k {folder} -c fsync=off -c max_connections=60"
    subprocess.run(
        [*prefix, programs / "pg_ctl", "-D", cluster, "-w", "-o", options, "start"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    try:
        yield folder
    finally:
        subprocess.run(
            [*prefix, programs / "pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop"],
            check=True,
            capture_output=True,
            cwd="/",
        )
        shutil.rmtree(folder)


def make_database(folder: Path, name: str, model: str = EMPTY) -> str:
    """Make a database as the model is; gives the store's URL for it."""
    with psycopg.connect(host=str(folder), user="noc", dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
    return f"postgresql+psycopg://noc@/{name}?host={folder}"
