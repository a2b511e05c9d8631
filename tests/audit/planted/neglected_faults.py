"""What is planted on a third host, which nobody looks after: no backups, old lists, full disks.

Some of it a bare Debian has of itself (`:`); the clean host has it too, as a warning.
"""

# ruff: noqa: E501 - a line of shell is told whole

from tests.audit.planted.faults import Fault

BACKUP_PATHS = ("/srv/backup", "/srv/gone")
_LOOPS = r"""
[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
for i in 0 1 2 3 4 5 6 7; do [ -e /dev/loop$i ] || mknod /dev/loop$i b 7 $i; done
mkdir -p /data /full; truncate -s 16M /srv/data.img; truncate -s 16M /srv/full.img
mkfs.ext4 -q -F /srv/data.img; mkfs.ext4 -q -F -m 0 /srv/full.img
mount -o loop,ro /srv/data.img /data; mount -o loop /srv/full.img /full
head -c 100M /dev/zero >/full/log 2>/dev/null; mount -o remount,ro /full; :"""
_OLD_LIBRARY = r"""
cp /usr/lib/x86_64-linux-gnu/libz.so.1 /usr/lib/libold.so
perl -MDynaLoader -e 'DynaLoader::dl_load_file("/usr/lib/libold.so") or die; open F, ">", "/run/mapped"; close F; sleep 600' </dev/null >/dev/null 2>&1 &
for i in $(seq 50); do [ -e /run/mapped ] && break; sleep 0.1; done; rm /usr/lib/libold.so"""
_WTMP = r"""
perl -e 'print pack("s x2 l Z32 Z4 Z32 Z256 s2 l l2 N4 x20", 7, 900, "pts/0", "ts/0", "root", "198.51.100.9", 0, 0, 0, time - 90000, 0, (198 << 24) + (51 << 16) + (100 << 8) + 9, 0, 0, 0)' >>/var/log/wtmp"""
_PHP_MAIL = r"""
mkdir -p /etc/php/8.2/fpm; echo 'mail.log = /var/log/php-mail.log' >/etc/php/8.2/fpm/php.ini
perl -MPOSIX -e 'for $d (reverse 1..30) { $day = strftime("%d-%b-%Y", gmtime(time - 86400*$d));
 for $i (1..($d == 1 ? 3000 : 10)) { print "[$day 10:00:00 UTC] mail() on [/var/www/shop/form.php:12]: To: x\@example.org -- Headers: \n" } }' >/var/log/php-mail.log"""

NEGLECTED_FAULTS = (
    Fault(
        "UPD-02",
        "",
        "touch -d '40 days ago' /var/lib/apt/lists/*Release /var/lib/apt/periodic/update-success-stamp",
    ),
    Fault("UPD-07", "", "sed -i '/security/d' /etc/apt/sources.list"),
    Fault(
        "HST-01",
        "/usr/bin/php7.4",
        "printf '#!/bin/sh\\necho \"PHP 7.4.33 (cli)\"\\n' >/usr/bin/php7.4; chmod 755 /usr/bin/php7.4",
    ),
    Fault("HST-02", "plesk", "mkdir -p /usr/local/psa; echo '17.8.11' >/usr/local/psa/version"),
    Fault("KRN-03", "perl", _OLD_LIBRARY),
    Fault("FW-04", "", ":"),
    Fault("SVC-04", "", ":"),
    Fault("USR-05", "evil", "useradd -m -s /bin/bash evil"),
    Fault("USR-06", "", ":"),
    Fault("LGG-04", "", ":"),
    Fault("LGG-05", "", ":"),
    Fault("LOG-03", "198.51.100.0/24", _WTMP),
    Fault("MAIL-05", "script /var/www/shop/form.php", _PHP_MAIL),
    Fault(
        "BAK-01",
        "/srv/backup",
        "mkdir -p /srv/backup; echo x | gzip >/srv/backup/db.sql.gz; touch -d '20 days ago' /srv/backup/db.sql.gz",
    ),
    Fault("BAK-01", "/srv/gone", ":"),
    Fault("BAK-02", "/srv/backup", ":"),
    Fault("BAK-03", "", ":"),
    Fault(
        "BAK-04",
        "Plesk",
        "mkdir -p /etc/psa /var/lib/psa/dumps; echo 'DUMP_D /var/lib/psa/dumps' >/etc/psa/psa.conf",
    ),
    Fault("BAK-05", "/srv/backup/db.sql.gz", "chmod 644 /srv/backup/db.sql.gz"),
    Fault(
        "TLS-03",
        "/etc/nginx/old.pem",
        "mkdir -p /etc/nginx; openssl req -x509 -newkey rsa:2048 -nodes -keyout /etc/nginx/old.key -out /etc/nginx/old.pem -days 5 -subj /CN=old.example 2>/dev/null",
    ),
    Fault("TLS-04", "", "mkdir -p /etc/letsencrypt/live/shop.example"),
    Fault("DSK-03", "/data", _LOOPS),
    Fault("DSK-04", "ROOM /full", ":"),
    Fault("TIM-01", "clock", "mkdir -p /run/chrony; chronyd -x >/dev/null 2>&1"),
    Fault(
        "CRN-01",
        "/etc/cron.d/new * * * * * root /opt/new",
        "echo '* * * * * root /opt/new' >/etc/cron.d/new",
    ),
)
