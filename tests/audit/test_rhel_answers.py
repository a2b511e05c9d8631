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
missing    g /usr/lib/systemd/ghost
"""
"""Lines of docs.fedoraproject.org, RPM Guide, 4.4.2 "Verifying Installed RPM Packages", with the
ninth column (P, capabilities) that rpm(8) has had since 4.7, and one of a %ghost file (`g`)."""
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

    def ask(check_id, files=(), rpm="", rpm_ends=0):
        for name, text in dict(files).items():
            path = tmp_path / "etc" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tools / "answer").write_text(rpm)
        (tools / "rpm").write_text(f"#!/bin/sh\ncat {tools}/answer; exit {rpm_ends}\n")
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
    assert "/usr/lib/systemd/ghost" not in told


def test_a_database_of_packages_that_cannot_be_read_says_nothing_of_the_programs(host):
    """`rpm -Va` prints nothing then, as it does where all is well."""
    assert host("FIL-05", rpm_ends=1).result.value == "not measured"


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
        "dnf/versionlock.toml": 'version = "1.0"\n[[packages]]\nname = "bash"\n',  # dnf5
    }
    told = found(host("UPD-09", files, rpm="bash-5.1.8-9.el9.x86_64\n"))
    assert {key: one for key, one in told.items() if one != "pass"} == {
        "kernel*": "warn",
        "nginx-1:1.20.1-16.el9.*": "warn",
        "bash": "warn",
    }


def test_a_package_that_is_there_twice_is_half_an_update(host):
    names = "kernel.x86_64 kernel.x86_64 gpg-pubkey.(none) gpg-pubkey.(none) openssl.x86_64"
    names += " openssl.x86_64 glibc.x86_64 glibc.i686"  # of two architectures is no half update
    told = found(host("UPD-04", rpm="\n".join(names.split()) + "\n"))
    assert {key: one for key, one in told.items() if one != "pass"} == {"openssl.x86_64": "warn"}


@pytest.mark.parametrize(
    ("timer", "files", "result"),
    [
        ("dnf-automatic-install.timer", {}, "pass"),
        ("dnf-automatic-download.timer", {"dnf/automatic.conf": "apply_updates = yes\n"}, "warn"),
        ("dnf-automatic.timer", {"dnf/automatic.conf": "[commands]\napply_updates = no\n"}, "warn"),
        (
            "dnf-automatic.timer",
            {"dnf/automatic.conf": "[commands]\napply_updates = yes\n"},
            "pass",
        ),
        ("dnf5-automatic.timer", {}, "warn"),
        ("dnf5-automatic.timer", {"dnf/automatic.conf": "apply_updates=True\n"}, "pass"),
        ("yum-cron.service", {"yum/yum-cron.conf": "apply_updates = no\n"}, "warn"),
        ("yum-cron.service", {"yum/yum-cron.conf": "apply_updates = yes\n"}, "pass"),
    ],
)
def test_updates_install_themselves_where_a_timer_and_its_settings_say_so(
    host, tmp_path, timer, files, result
):
    """dnf-automatic(8): the timers named install, download and notifyonly override apply_updates.

    dnf5-automatic(8): `apply_updates` is False unless /etc/dnf/automatic.conf has it otherwise.
    """
    answers = f'#!/bin/sh\n[ "$2" = {timer} ] && echo enabled || {{ echo disabled; exit 1; }}\n'
    (tmp_path / "bin/systemctl").write_text(answers)
    (tmp_path / "bin/systemctl").chmod(0o755)
    assert host("UPD-03", files).result.value == result
