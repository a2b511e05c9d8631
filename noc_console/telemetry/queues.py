"""How full what fills by messages is: the mail queue, the kernel's table of connections. Pure.

Sources: postqueue(1), exim(8) -bpc, kernel Documentation, networking/nf_conntrack-sysctl.
"""

from collections.abc import Sequence


def read_conntrack(lines: Sequence[str]) -> dict[str, float]:
    """Give the figures of nf_conntrack_count and nf_conntrack_max, a line each; none without."""
    numbers = [int(line) for line in lines if _is_count(line)]
    if len(numbers) < 2:
        return {}
    count, most = numbers[:2]
    values = {"conntrack_entries": float(count)}
    if most:
        values["conntrack_used_percent"] = 100.0 * count / most
    return values


def read_mail_queue(lines: Sequence[str]) -> dict[str, float]:
    """Give the mails that wait, of lines such as `postfix 12`; none where nothing was counted."""
    counts = [words[1] for line in lines if len(words := line.split()) == 2]
    told = [int(count) for count in counts if _is_count(count)]
    return {"mail_queue": float(sum(told))} if told else {}


def _is_count(word: str) -> bool:
    word = word.strip()
    return word.isascii() and word.isdigit() and len(word) <= 15
