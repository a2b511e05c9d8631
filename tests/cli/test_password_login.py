"""A password typed on standard input logs in to a real server, out of a real keyring."""

import os
import subprocess
import sys
import textwrap

import pytest

from tests.cli.running import fingerprint
from tests.sshd import Sshd

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="making a user needs root")
PASSWORD = "right horse"

IN_A_SESSION = textwrap.dedent(
    """
    printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 90
    printf '%s\\n' "$WRONG" | "$@" server add web $REACH --password-stdin || exit 91
    "$@" server test web; echo "first: $?"
    printf '%s\\n' "$RIGHT" | "$@" server edit web --password-stdin || exit 92
    "$@" server test web; echo "second: $?"
    "$@" server edit web --name www || exit 93
    "$@" server test www; echo "third: $?"
    """
)


@pytest.fixture
def user_with_password():
    name = f"nocc{os.getpid() % 100000}"
    subprocess.run(["useradd", "-m", "-s", "/bin/sh", name], check=True)
    subprocess.run(["chpasswd"], input=f"{name}:{PASSWORD}", text=True, check=True)
    yield name
    subprocess.run(["userdel", "-r", name], check=True, capture_output=True)


@pytest.fixture
def asking(tmp_path):
    sshd = Sshd(
        tmp_path / "sshd",
        options={"PasswordAuthentication": "yes", "PubkeyAuthentication": "no"},
    ).start()
    yield sshd
    sshd.stop()


def test_a_password_is_kept_in_the_keyring_and_logs_in(asking, user_with_password, tmp_path):
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    reach = (
        *("--host", asking.address, "--port", str(asking.port), "--user", user_with_password),
        *("--trust", fingerprint(asking.host_key)),
    )

    result = subprocess.run(
        [
            *("dbus-run-session", "--", "sh", "-c", IN_A_SESSION, "sh"),
            *(sys.executable, "-m", "noc_console"),
        ],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(runtime),
            "NOC_CONSOLE_STORE": str(tmp_path / "store"),
            "REACH": " ".join(reach),
            "WRONG": "wrong horse",
            "RIGHT": PASSWORD,
        },
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    for line in ("first: 1", "second: 0", "third: 0"):
        assert line in result.stdout, result.stdout + result.stderr
    assert "with password" in result.stdout
    kept = [path.read_bytes() for path in (tmp_path / "store").iterdir() if path.is_file()]
    assert not any(word in text for text in kept for word in (b"right horse", b"wrong horse"))
    assert PASSWORD not in result.stdout + result.stderr
