"""The commands for RHEL and its like, on documented answers and files: no such host was asked.

Each fragment runs in a real sh with real awk; `rpm` prints what its documentation shows, and /etc
is a folder of the test's.
"""

import os
import subprocess

import pytest

from noc_console.audit.check import Family
from tests.audit.judged import around, found, judged, shipped

RPM_VA = """\
SM5....T.  c /usr/share/info/dir
.......T.  c /etc/krb5.conf
.......T.    /usr/share/pixmaps/gnome-default-dlg.png
S.5....T.  c /etc/sysconfig/pcmcia
.....U...    /dev/winradio0
missing    c /etc/xinetd.d/telnet
missing      /usr/sbin/in.telnetd
missing    d /usr/share/man/man5/issue.net.5.gz
"""
"""Lines of docs.fedoraproject.org, RPM Guide, 4.4.2 "Verifying Installed RPM Packages", with the
ninth column (P, capabilities) that rpm(8) has had since 4.7."""
ALMA_REPO = """\
[baseos]
name=AlmaLinux $releasever - BaseOS
mirrorlist=https://mirrors.almalinux.org/mirrorlist/$releasever/baseos
# baseurl=https://repo.almalinux.org/almalinux/$releasever/BaseOS/$basearch/os/
enabled=1
gpgcheck=1
countme=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-AlmaLinux-9
metadata_expire=86400
enabled_metadata=1

[baseos-source]
name=AlmaLinux $releasever - BaseOS - Source
mirrorlist=https://mirrors.almalinux.org/mirrorlist/$releasever/baseos-source
enabled=0
gpgcheck=1
"""
"""As the package almalinux-repos 9 has it in /etc/yum.repos.d/almalinux-baseos.repo."""
OWN_REPO = "[own]\nname=Own\nbaseurl = http://repo.example/el9/\ngpgcheck = 0\n"


@pytest.fixture
def host(tmp_path):
    """Give what runs a fragment on made files, and judges what it prints."""
    tools = tmp_path / "bin"
    tools.mkdir()

    def ask(check_id, files=(), rpm=""):
        for name, text in dict(files).items():
            path = tmp_path / "etc" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tools / "answer").write_text(rpm)
        (tools / "rpm").write_text(f"#!/bin/sh\ncat {tools}/answer\n")
        (tools / "rpm").chmod(0o755)
        command = shipped(check_id).commands[Family.RHEL].replace("/etc/", f"{tmp_path}/etc/")
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            capture_output=True,
            text=True,
            env={"PATH": f"{tools}:{os.environ['PATH']}", "LC_ALL": "C"},
            check=False,
        )
        output = done.stdout.replace(str(tmp_path), "")
        surroundings = around(family=Family.RHEL)
        return judged(check_id, output, exit_status=done.returncode, surroundings=surroundings)

    return ask


def test_rpm_names_changed_and_missing_programs_and_not_settings(host):
    told = found(host("FIL-05", rpm=f"{RPM_VA}S.5....T.    /usr/bin/who\n"))
    assert (told["/usr/bin/who"], told["/usr/sbin/in.telnetd"]) == ("fail", "warn")
    assert not {"/usr/share/info/dir", "/etc/sysconfig/pcmcia", "/etc/krb5.conf"} & told.keys()


def test_a_repository_of_almalinux_is_the_distributors_and_another_is_not(host):
    files = {"yum.repos.d/almalinux-baseos.repo": ALMA_REPO, "yum.repos.d/own.repo": OWN_REPO}
    told = found(host("UPD-07", files))
    assert told["http://repo.example/el9/"] == "warn"
    assert [one for key, one in told.items() if "almalinux.org" in key] == ["pass"]


def test_a_repository_whose_packages_are_not_checked_is_named(host):
    files = {
        "dnf/dnf.conf": "[main]\ngpgcheck=1\ninstallonly_limit=3\n",
        "yum.repos.d/almalinux-baseos.repo": ALMA_REPO,
        "yum.repos.d/own.repo": OWN_REPO,
    }
    assert found(host("UPD-08", files)) == {"/etc/yum.repos.d/own.repo": "fail"}


def test_a_package_that_is_locked_or_excluded_is_named(host):
    files = {
        "dnf/dnf.conf": "[main]\nexcludepkgs=kernel*\n",
        "dnf/plugins/versionlock.list": "# Added lock on Mon Nov  2\nnginx-1:1.20.1-16.el9.*\n",
    }
    told = found(host("UPD-09", files, rpm="bash-5.1.8-9.el9.x86_64\n"))
    assert {key: one for key, one in told.items() if one != "pass"} == {
        "kernel*": "warn",
        "nginx-1:1.20.1-16.el9.*": "warn",
    }


def test_a_package_that_is_there_twice_is_half_an_update(host):
    told = host("UPD-04", rpm="kernel\nkernel\nbash\nopenssl\nopenssl\n")
    assert {key: one for key, one in found(told).items() if one != "pass"} == {"openssl": "warn"}
