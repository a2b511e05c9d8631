"""Another `/proc` for NOC_PROC: an old server with one core, one interface and no process."""

from pathlib import Path


def write_proc(proc: Path, *, uptime_s: int, counted: int) -> None:
    """Write the files; each counter stands at `counted`."""
    (proc / "net").mkdir(exist_ok=True)
    for name, text in (
        ("uptime", f"{uptime_s}.00 1.00\n"),
        ("loadavg", "0.10 0.10 0.10 1/100 1000\n"),
        ("stat", f"cpu  {counted} 0 {counted} {counted} 0 0 0 0 0 0\nbtime 1000000000\n"),
        ("net/dev", f"h|h\nh|h\n eth0: {counted} 0 0 0 0 0 0 0 {counted} 0 0 0 0 0 0 0\n"),
    ):
        part = proc / f"{name}.part"
        part.write_text(text)
        part.replace(proc / name)  # the probe never reads half of it
