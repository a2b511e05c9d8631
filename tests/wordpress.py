"""A real WordPress of a test's own: MariaDB, php-fpm and nginx in one folder, on loopback.

It has an author with an application password, a reader with one, and a theme as plain as can be.
Cron runs only when it is asked for.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import psutil

from tests.sshd import free_port

_SOURCE = Path("/usr/share/wordpress")
_WITHIN_S = 90.0

_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', '%(user)s'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:%(socket)s');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '%(url)s'); define('WP_SITEURL', '%(url)s');
define('WP_ENVIRONMENT_TYPE', 'local'); // application passwords without TLS, for loopback
define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true); define('WP_DEBUG', false);
foreach (['AUTH_KEY','SECURE_AUTH_KEY','LOGGED_IN_KEY','NONCE_KEY','AUTH_SALT','SECURE_AUTH_SALT',
          'LOGGED_IN_SALT','NONCE_SALT'] as $name) { define($name, 'only a test ' . $name); }
$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
"""
_INSTALL = """<?php
define('WP_INSTALLING', true); $_SERVER['HTTP_HOST'] = 'localhost';
require __DIR__ . '/site/wp-load.php'; require ABSPATH . 'wp-admin/includes/upgrade.php';
function wp_new_blog_notification() {} // it would send a mail
wp_install('Example Hosting', 'admin', 'admin@example.com', true, '', 'admin password');
switch_theme('plain');
$said = [];
foreach (['editor' => 'author', 'reader' => 'subscriber'] as $name => $role) {
  $id = wp_insert_user(['user_login' => $name, 'user_pass' => 'x' . rand(), 'role' => $role,
                        'user_email' => "$name@example.com"]);
  $made = WP_Application_Passwords::create_new_application_password($id, ['name' => 'noc']);
  $said[$name] = $made[0];
}
$said['category'] = wp_insert_term('Maintenance', 'category')['term_id'];
echo json_encode($said);
"""
_HURRY = """<?php
$_SERVER['HTTP_HOST'] = 'localhost'; require __DIR__ . '/site/wp-load.php';
$due = _get_cron_array(); $due[1] = $due[WHEN]; unset($due[WHEN]); ksort($due);
_set_cron_array($due);
"""
_THEME = """<?php while (have_posts()) { the_post(); ?><article><h1><?php the_title(); ?></h1>
<?php the_content(); ?></article><?php } ?>
"""
_FUNCTIONS = "<?php remove_action('template_redirect', 'redirect_canonical');\n"
_FPM = """[global]
error_log = %(folder)s/fpm.log
daemonize = no
[www]
%(who)s
listen = %(folder)s/fpm.socket
pm = static
pm.max_children = 2
"""
_NGINX = """daemon off; worker_processes 1;
pid %(folder)s/nginx.pid; error_log %(folder)s/nginx.log;
%(who)s
events { worker_connections 64; }
http {
  access_log off; include /etc/nginx/mime.types;
  client_body_temp_path %(folder)s/t1; fastcgi_temp_path %(folder)s/t2;
  proxy_temp_path %(folder)s/t3; uwsgi_temp_path %(folder)s/t4; scgi_temp_path %(folder)s/t5;
  server {
    listen 127.0.0.1:%(port)s; root %(root)s; index index.php;
    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ \\.php$ {
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_read_timeout 120; fastcgi_pass unix:%(folder)s/fpm.socket;
    }
  }
}
"""


class WordPressSite:
    """One WordPress site."""

    editor = "editor"
    reader = "reader"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = folder / "site"
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._processes: list[subprocess.Popen[bytes]] = []
        self.passwords: dict[str, str] = {}
        self.category = 0

    def start(self) -> "WordPressSite":
        """Make the site, start all three, install."""
        shutil.copytree(_SOURCE, self._root, ignore_dangling_symlinks=True)
        theme = self._root / "wp-content/themes/plain"
        theme.mkdir(parents=True, exist_ok=True)
        (theme / "style.css").write_text("/* Theme Name: Plain */\n")
        (theme / "index.php").write_text(_THEME)
        (theme / "functions.php").write_text(_FUNCTIONS)
        self._start_database()
        self._write("site/wp-config.php", _CONFIG)
        said = self._php(_INSTALL)
        told = json.loads(said[said.index("{") :])
        self.category = int(told.pop("category"))
        self.passwords = told
        fpm = max(Path("/usr/sbin").glob("php-fpm*"))
        as_root = ["-R"] if os.geteuid() == 0 else []
        self._run([fpm, *as_root, "-y", self._write("fpm.conf", _FPM)])
        self._run(["/usr/sbin/nginx", "-c", self._write("nginx.conf", _NGINX)])
        self._wait(self._answers)
        return self

    def page(self, link: str) -> str:
        """Give a page as visitors get it."""
        answer = httpx.get(link, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.text

    def let_posts_be_due(self) -> None:
        """Have the time of every post be over, though no cron ran."""
        self.query(
            "UPDATE wp_posts SET post_date_gmt = UTC_TIMESTAMP() - INTERVAL 1 MINUTE, "
            "post_date = UTC_TIMESTAMP() - INTERVAL 1 MINUTE"
        )

    def let_time_pass_until(self, at: datetime) -> None:
        """Have everything that waits for a time be due, and let WordPress do it.

        It goes on after it answered.
        """
        self.let_posts_be_due()
        self._php(_HURRY.replace("WHEN", str(int(at.timestamp()))))
        self.page(f"{self.url}/wp-cron.php?doing_wp_cron")

    def query(self, sql: str) -> list[list[str]]:
        """Ask the database itself."""
        said = subprocess.check_output(
            ["mariadb", "--no-defaults", "-S", self._socket, "-N", "-B", "wordpress", "-e", sql],
            text=True,
            timeout=60,
        )
        return [line.split("\t") for line in said.splitlines()]

    def stop(self) -> None:
        """End what was started, by its ids: a master ends its workers, and makes new ones while it
        lives.
        """
        for process in reversed(self._processes):
            if process.poll() is not None:
                continue
            workers = psutil.Process(process.pid).children(recursive=True)
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(30)
            _, left = psutil.wait_procs(workers, 10)
            for worker in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    worker.kill()

    @property
    def _socket(self) -> str:
        return str(self._folder / "db.socket")

    def _start_database(self) -> None:
        place = self._folder / "db"
        user = psutil.Process().username()
        subprocess.run(
            [
                *("mariadb-install-db", "--no-defaults", f"--datadir={place}", f"--user={user}"),
                *("--auth-root-authentication-method=normal", "--skip-test-db"),
            ],
            capture_output=True,
            timeout=_WITHIN_S,
            check=True,
        )
        self._run(
            [
                *("/usr/sbin/mariadbd", "--no-defaults", f"--datadir={place}", f"--user={user}"),
                *(f"--socket={self._socket}", "--skip-networking", "--skip-log-bin"),
                *("--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=0"),
                *("--performance-schema=OFF", f"--pid-file={self._folder / 'db.pid'}"),
            ]
        )
        make = ["mariadb", "--no-defaults", "-S", self._socket, "-u", "root", "-e"]
        self._wait(
            lambda: (
                not subprocess.run(
                    [*make, "CREATE DATABASE IF NOT EXISTS wordpress"],
                    capture_output=True,
                    timeout=30,
                    check=False,
                ).returncode
            )
        )

    def _php(self, script: str) -> str:
        place = self._folder / "script.php"
        place.write_text(script)
        said = subprocess.run(
            ["php", place], capture_output=True, text=True, timeout=_WITHIN_S, check=False
        )
        assert said.returncode == 0, said.stdout + said.stderr
        return said.stdout

    def _write(self, name: str, form: str) -> Path:
        who = psutil.Process().username()
        values = {
            "folder": self._folder,
            "root": self._root,
            "port": self._port,
            "url": self.url,
            "socket": self._socket,
            "user": "root",
            "who": "",
        }
        if name == "fpm.conf" and os.geteuid() == 0:
            values["who"] = f"user = {who}\ngroup = {who}"
        if name == "nginx.conf" and os.geteuid() == 0:
            values["who"] = f"user {who};"
        place = self._folder / name
        place.write_text(form % values)
        return place

    def _run(self, words: list[object]) -> None:
        with (self._folder / "output.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            )

    def _answers(self) -> bool:
        try:
            answer = httpx.get(f"{self.url}/?rest_route=/", timeout=60)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and "namespaces" in answer.text

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _WITHIN_S
        while not condition():
            ended = [one.args for one in self._processes if one.poll() is not None]
            said = (self._folder / "output.log").read_text(errors="replace")[-2000:]
            assert not ended, f"{ended} ended: {said}"
            assert time.monotonic() < deadline, said
            time.sleep(0.05)


@contextmanager
def wordpress() -> Iterator[WordPressSite]:
    """Run a WordPress."""
    folder = Path(tempfile.mkdtemp(prefix="noc-wp-", dir="/tmp"))
    site = WordPressSite(folder)
    try:
        yield site.start()
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)
