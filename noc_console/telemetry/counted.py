"""Which interfaces and disks count towards a server's totals, so that nothing is counted twice.

Pure. Traffic of a bridge, a VLAN or a tunnel also passes a real interface; what a partition or a
RAID device moves also moves on its disks.
"""

import re
from collections.abc import Collection

MAX_PARTS = 48
"""Interfaces, disks or cores of one server of which each has figures of its own."""

_VIRTUAL = re.compile(
    r"lo$|docker|br-|br\d|virbr|veth|tun|tap|wg|vnet|cni|flannel|cali|dummy|ifb|sit|ip6tnl|gre|bond|team"
    r"|erspan|tunl|vmbr|fwbr|fwpr|fwln|lxc|lxdbr|kube|nerdctl|podman"
)
_NO_DISK = re.compile(r"loop|ram|dm-|md|zd|sr\d|fd\d|zram|nbd")


def is_counted_interface(name: str) -> bool:
    """Whether an interface's traffic counts: not loopback, bridges, VLANs or tunnels."""
    return not _VIRTUAL.match(name) and "." not in name and "@" not in name


def counted_disks(names: Collection[str]) -> list[str]:
    """Give the whole disks among block devices: no partitions, no stacked devices."""
    known = set(names)
    return [name for name in names if not _NO_DISK.match(name) and not _disk_of(name) & known]


def _disk_of(partition: str) -> set[str]:
    """Give what the disk would be called if this were a partition: sda1 sda, nvme0n1p1 nvme0n1."""
    stem = partition.rstrip("0123456789")
    if stem == partition:
        return set()
    candidates = {stem}
    if stem.endswith("p") and stem[-2:-1].isdigit():
        candidates.add(stem[:-1])
    return candidates - {""}
