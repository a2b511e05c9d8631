"""A real nginx that serves one folder on loopback, as a status page lies behind one."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from tests.sshd import free_port

_CONF = """daemon off; worker_processes 1; %(who)s
pid %(place)s/pid; error_log %(place)s/log;
events { worker_connections 64; }
http {
  access_log off; include /etc/nginx/mime.types; default_type application/octet-stream;
  client_body_temp_path %(place)s/t1; fastcgi_temp_path %(place)s/t2;
  proxy_temp_path %(place)s/t3; uwsgi_temp_path %(place)s/t4; scgi_temp_path %(place)s/t5;
  server { listen 127.0.0.1:%(port)s; root %(root)s; index index.html; charset utf-8; }
}
"""


@contextmanager
def served(root: Path, place: Path) -> Iterator[str]:
    """Serve a folder; gives its address. `place` is for what nginx itself needs."""
    place.mkdir(parents=True, exist_ok=True)
    who = f"user {psutil.Process().username()};" if os.geteuid() == 0 else ""
    port = free_port()
    values = {"who": who, "place": place, "port": port, "root": root}
    (place / "conf").write_text(_CONF % values)
    process = subprocess.Popen(
        ["/usr/sbin/nginx", "-c", place / "conf"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        children = psutil.Process(process.pid).children() if process.poll() is None else []
        process.terminate()
        process.wait(30)
        psutil.wait_procs(children, 30)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx.get(address)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx does not answer")
