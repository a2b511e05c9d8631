import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noc_console.incidents.evidence.masking import mask, mask_text

SECRET = "hunter2Xy9"
PLACES = [
    "mysqldump --password={} shop12",
    "mysql -u root -p{} shop12",
    "/usr/bin/mysqldump -uroot -p{} --all-databases",
    "mysql --user=root --password {} shop",
    "mariadb-dump -h db1 -p'{}' shop",
    "mysqladmin -u root -p{} status",
    "curl -u admin:{} https://shop.example/api",
    "curl -s --user admin:{} https://shop.example/api",
    "curl -uadmin:{} https://shop.example/api",
    "curl -H Authorization: Bearer {} https://shop.example",
    "curl -H 'Authorization: Basic {}' https://shop.example",
    "curl -H X-Auth-Token: {} https://shop.example",
    "wget --http-password={} https://shop.example",
    "php cron.php https://shop.example/cron?token={}&x=1",
    "rsync://backup:{}@10.0.0.1/vol",
    "git clone https://deploy:{}@git.example/shop.git",
    "postgresql://shop:{}@db/shop",
    "redis-cli -h r1 -a {} info",
    "sshpass -p {} ssh root@web",
    "sshpass -p{} ssh root@web",
    "env DB_PASSWORD={} node server.js",
    "PGPASSWORD={} psql -h db shop",
    "AWS_SECRET_ACCESS_KEY={} aws s3 sync",
    "node app.js --api-key={}",
    "node app.js --api-key {}",
    "node app.js --client-secret {} --port 80",
    '{{"user": "x", "password": "{}"}}',
    "ldapsearch -D cn=x -w {} -b dc=example",
    "openssl enc -aes-256-cbc -k {} -in x",
    "7z a -p{} backup.7z /home",
    "zip -P {} backup.zip /home",
    "smbclient //nas/x -U admin%{}",
    "CREATE USER 'shop'@'%' IDENTIFIED BY '{}'",
    "SET PASSWORD = PASSWORD('{}')",
    "ALTER USER x IDENTIFIED WITH mysql_native_password BY '{}'",
    "htpasswd -b /etc/pw admin {}",
    "mongodump -u x -p {} --db shop",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_in_arguments_is_masked(place):
    masked = mask_text(f"  812 shop12 R 12.50 php-fpm {place.format(SECRET)}\n")

    assert SECRET not in masked
    assert "***" in masked
    assert masked.startswith("  812 shop12 R 12.50 php-fpm ")


@pytest.mark.parametrize("place", PLACES)
@given(secret=st.text("abcXYZ0189_.!$%^*+", min_size=8, max_size=30).map(lambda one: "q7" + one))
def test_no_secret_of_any_form_is_kept(place, secret):
    assert secret not in mask_text(place.format(secret))


def test_a_known_kind_of_token_is_masked_wherever_it_stands():
    for token in ("ghp_0123456789abcdefghij", "AKIAIOSFODNN7EXAMPLE", "xoxb-123456789012-abc"):
        assert token not in mask_text(f"python run.py {token}")


def test_a_private_key_is_masked_over_its_lines():
    line = "OPENSSH PRIVATE KEY-----"
    text = f"-----BEGIN {line}\nb3BlbnNzaC1rZXk\nAAAA\n-----END {line}"

    assert "b3Blb" not in mask_text(text)


@pytest.mark.parametrize(
    "line",
    [
        "  812 shop12 R 12.50 php-fpm: pool shop12",
        "/usr/sbin/mysqld --port=3306 --pid-file=/run/mysqld.pid",
        "nginx: worker process",
        "cp -p /home/shop12/a /home/shop12/b",
        "mkdir -p /var/www/shop12",
        "ssh -p 2222 root@web",
        "Nov 27 02:07:11 web kernel: Out of memory: Killed process 812 (php-fpm)",
    ],
)
def test_what_holds_no_secret_is_kept_as_it_is(line):
    assert mask_text(line) == line


@given(st.binary(max_size=400))
def test_any_bytes_come_through_and_lines_stay_lines(content):
    masked = mask(content)

    assert mask(masked).count(b"\n") <= content.count(b"\n")
    assert isinstance(masked, bytes)


@given(st.binary(max_size=300).filter(lambda one: one.isascii() is False))
def test_binary_without_a_secret_is_kept_to_the_byte(content):
    quiet = bytes(byte for byte in content if byte >= 0x80 or byte in b"\n 0123456789")

    assert mask(quiet) == quiet


def test_a_hostile_text_is_looked_through_in_linear_time():
    hostile = [
        "password" * 20_000,
        "mysql " + "-p " * 60_000,
        "curl " * 30_000,
        "https://" + "a:" * 60_000,
        "password=" + "\\" * 100_000,
        ("x" * 200 + "token ") * 2_000,
    ]
    started = time.process_time()
    for text in hostile:
        mask_text(text)

    assert time.process_time() - started < 5
