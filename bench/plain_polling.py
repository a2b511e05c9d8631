"""The links' baseline, as a program of its own: a paramiko client a server, a command a tick.

Written as it usually is: a pool of threads, `exec_command`, the answer read to its end.
Arguments: port, user, key file, host key file, number of servers, tick in seconds. It prints "up"
once every client is connected, and ends when standard input closes.
"""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import paramiko

from bench.loopback import CAT_COMMAND

ADDRESS = "127.0.0.1"
WORKERS = 32


def main() -> None:
    """Poll until standard input closes."""
    port, user, key_file, host_key_file, count, tick_s = sys.argv[1:]
    stop = threading.Event()

    def connect(_number: int) -> paramiko.SSHClient:
        client = paramiko.SSHClient()
        client.load_host_keys(host_key_file)
        client.connect(
            ADDRESS,
            int(port),
            user,
            key_filename=key_file,
            allow_agent=False,
            look_for_keys=False,
        )
        return client

    def poll(client: paramiko.SSHClient) -> int:
        _, output, _ = client.exec_command(CAT_COMMAND)
        return len(output.read())

    with ThreadPoolExecutor(WORKERS) as pool:
        clients = list(pool.map(connect, range(int(count))))
        print("up", flush=True)
        threading.Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
        pause_s = float(tick_s) / len(clients)
        next_s = time.monotonic()
        while not stop.is_set():
            for client in clients:
                pool.submit(poll, client)
                next_s += pause_s
                if stop.wait(max(0.0, next_s - time.monotonic())):
                    break
    for client in clients:
        client.close()


def _wait_for_end(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


if __name__ == "__main__":
    main()
