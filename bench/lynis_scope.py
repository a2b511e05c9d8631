"""Which of our checks look at what a test of Lynis looks at, and why some are not ours.

The ids are those of Lynis 3.0.8. A reason is written where Lynis suggests what we do not ask for.
"""

OURS: dict[str, tuple[str, ...]] = {
    "DEB-0831": ("KRN-03",),
    "DEB-0880": ("FW-04",),
    "BOOT-5180": ("SVC-02",),
    "KRNL-5788": ("KRN-01",),
    "KRNL-5830": ("KRN-01", "KRN-03"),
    "KRNL-6000": ("KRN-02", "FW-06"),
    "AUTH-9204": ("USR-01",),
    "AUTH-9208": ("USR-08",),
    "AUTH-9229": ("USR-02",),
    "AUTH-9230": ("USR-15",),
    "AUTH-9262": ("USR-06",),
    "AUTH-9283": ("USR-02", "USR-17"),
    "AUTH-9328": ("USR-15",),
    "FILE-6362": ("FIL-02",),
    "FILE-7524": ("FIL-03",),
    "PKGS-7370": ("FIL-05",),
    "PKGS-7388": ("UPD-07", "UPD-02"),
    "PKGS-7392": ("UPD-01",),
    "PKGS-7394": ("UPD-01",),
    "PKGS-7420": ("UPD-03",),
    "FIRE-4512": ("FW-02",),
    "FIRE-4590": ("FW-02",),
    "SSH-7408": ("USR-13",),
    "LOGG-2130": ("LGG-02",),
    "LOGG-2138": ("LGG-02",),
    "LOGG-2154": ("LGG-05",),
    "INSE-8006": ("SVC-06",),
    "ACCT-9628": ("LGG-04",),
    "TIME-3104": ("TIM-01", "TIM-02"),
    "HOME-9304": ("USR-10",),
    "HOME-9306": ("USR-10",),
}
"""Lynis's test to those of ours that look at the same."""

OUT_OF_SCOPE: dict[str, str] = {
    "DEB-0280": "a folder of its own for each session's temporary files is no step of the month",
    "DEB-0810": "a list of bugs at the upgrade is for whoever installs, not for an audit",
    "DEB-0811": "a list of changes at the upgrade is for whoever installs, not for an audit",
    "KRNL-5820": "dumps of set-user-id programs are KRN-02's; of an account's own programs theirs",
    "AUTH-9282": "passwords that expire make worse ones (NIST SP 800-63B, 5.1.1.2)",
    "AUTH-9286": "passwords that expire make worse ones (NIST SP 800-63B, 5.1.1.2)",
    "FILE-6310": "how a disk is parted is decided at the install; DSK-04 watches its room",
    "USB-1000": "hosted servers' ports are behind the door of the data centre",
    "STRG-1846": "hosted servers' ports are behind the door of the data centre",
    "NAME-4028": "the server's name for itself; sites' and mail's names are the DNS checks'",
    "NAME-4404": "the server's name for itself; sites' and mail's names are the DNS checks'",
    "NETW-3200": "modules of protocols that nobody loaded; those of KRN-02 and open ports are seen",
    "BANN-7126": "a text for lawyers guards nothing",
    "BANN-7130": "a text for lawyers guards nothing",
    "ACCT-9622": "auditd or the journal tell more than process accounting: LGG-04",
    "ACCT-9626": "our own history holds load, memory and disks: the step performance",
    "FINT-4350": "FIL-05 holds files against their packages; a second data base of sums is no step",
    "TOOL-5002": "whether a server is configured by a tool is no question of its safety",
    "HRDN-7230": "WEB-02, PRC-01 and BRK-01 look for what was left behind; a scanner is a choice",
}
"""Lynis's test to the reason for which it is not ours."""
