"""What is planted on a second host, whose logs, queue and settings tell of misuse."""

# ruff: noqa: E501 - a line of shell is told whole

from tests.audit.planted.faults import Fault

_LOGINS = r"""
d=$(date -d yesterday '+%b %e')
{ for i in 1 2 3 4 5 6 7 8; do echo "$d 03:00:0$i host sshd[10$i]: Failed password for anna from 203.0.113.5 port 400$i ssh2"; done
  echo "$d 03:01:00 host sshd[200]: Accepted password for anna from 203.0.113.5 port 4100 ssh2"
  echo "$d 04:00:00 host sshd[201]: Accepted password for root from 198.51.100.9 port 4101 ssh2"
  echo "$d 04:05:00 host sshd[203]: Accepted password for bert from 198.51.100.9 port 4103 ssh2"
  echo "$d 04:10:00 host sshd[202]: Accepted publickey for www-data from 198.51.100.9 port 4102 ssh2: ED25519 SHA256:AAAAC3NzaC1lZDI1NTE5AAAAIFxkN1qWAbCdEfGhIj0"
  seq 2500 | sed "s/.*/$d 05:00:00 host sshd[300]: Failed password for invalid user u& from 203.0.113.7 port 5000 ssh2/"
} >>/var/log/auth.log"""
_QUEUE = r"""
printf '#!/bin/sh\n' >/usr/sbin/exim4; chmod 755 /usr/sbin/exim4; mkdir -p /var/spool/exim4/input
perl -e 'for $i (1..1200) { open F, ">", sprintf("/var/spool/exim4/input/1tGabc-%06d-AB-H", $i);
 printf F "1tGabc-%06d-AB-H\nwww-data 33 33\n%s\n1700000000 0\nXX\n1\nx\@example.org\n\n%s", $i, $i < 400 ? "<>" : "<w\@h>", $i > 500 ? "045  X-PHP-Originating-Script: 33:form.php\n" : "" }'"""
_SENDERS = r"""
mkdir -p /var/log/exim4; perl -MPOSIX -e 'for $d (reverse 1..30) { $day = strftime("%Y-%m-%d", gmtime(time - 86400*$d));
 for $i (1..($d == 1 ? 3000 : 10)) { $g = sprintf("1tG%03d-%06d-AB", $d, $i);
 print "$day 10:00:00 $g <= anna\@shop.example H=(pc) [192.0.2.9] P=esmtpsa A=plain:anna\@shop.example S=900\n",
 "$day 10:00:01 $g => x\@example.org R=dnslookup T=remote_smtp\n$day 10:00:01 $g Completed\n" } }' >/var/log/exim4/mainlog"""
_SPEAKER = (
    'ip route add 192.0.2.9 dev lo; nft flush ruleset; perl -MIO::Socket::INET -e \'$s=IO::Socket::INET->new(PeerAddr=>"192.0.2.9",'
    "PeerPort=>25,Blocking=>0); sleep 600' </dev/null >/dev/null 2>&1 &"
)

LATER_FAULTS = (
    Fault("LOG-01", "guessed password anna 203.0.113.0/24", _LOGINS),
    Fault("LOG-01", "root by password root 198.51.100.0/24", ":"),
    Fault("LOG-02", "bert", "usermod -aG sudo bert"),
    Fault("LOG-04", "", ":"),
    Fault("LOG-05", "carl", "chage -d 2020-01-01 carl"),
    Fault("LOG-07", "www-data", ":"),
    Fault("LOG-08", "", "touch /var/log/btmp; chmod 666 /var/log/btmp"),
    Fault("MAIL-01", "queue", _QUEUE),
    Fault("MAIL-02", "queue", ":"),
    Fault("MAIL-03", "33:form.php", ":"),
    Fault("MAIL-04", "account anna@shop.example", _SENDERS),
    Fault("MAIL-06", "perl root 25", _SPEAKER),
    Fault(
        "MAIL-07",
        "*",
        "mkdir -p /etc/exim4; echo 'hostlist relay_from_hosts = 127.0.0.1 : *' >/etc/exim4/exim4.conf",
    ),
    Fault(
        "MAIL-08",
        "/etc/php/8.2/fpm/php.ini",
        "mkdir -p /etc/php/8.2/fpm; echo 'mail.add_x_header = Off' >/etc/php/8.2/fpm/php.ini",
    ),
    Fault("DSK-06", "/backup", "echo '/dev/sdz1 /backup ext4 defaults 0 2' >>/etc/fstab"),
)
