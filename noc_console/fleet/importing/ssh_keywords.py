"""Keywords of ssh_config(5) that an import does not use, and whether that matters. Pure.

Complete as of OpenSSH 10, with those that Apple and older versions add.
"""

import re


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


HARMLESS = frozenset(
    _words(
        """
        AddKeysToAgent BatchMode CheckHostIP CASignatureAlgorithms ClearAllForwardings
        Compression ConnectionAttempts ConnectTimeout ControlMaster ControlPath
        ControlPersist DynamicForward EnableEscapeCommandline EnableSSHKeysign EscapeChar
        ExitOnForwardFailure FingerprintHash ForkAfterAuthentication ForwardAgent ForwardX11
        ForwardX11Timeout ForwardX11Trusted GatewayPorts HashKnownHosts
        HostbasedAcceptedAlgorithms IdentitiesOnly IPQoS KbdInteractiveDevices LocalCommand
        LocalForward LogLevel LogVerbose NumberOfPasswordPrompts ObscureKeystrokeTiming
        PasswordAuthentication PermitLocalCommand PermitRemoteOpen RekeyLimit RemoteCommand
        RemoteForward RequestTTY RequiredRSASize SendEnv ServerAliveCountMax
        ServerAliveInterval SessionType SetEnv StdinNull StreamLocalBindMask
        StreamLocalBindUnlink SyslogFacility TCPKeepAlive Tunnel TunnelDevice UpdateHostKeys
        UseKeychain UseRoaming VisualHostKey XAuthLocation KbdInteractiveAuthentication
        ChallengeResponseAuthentication GSSAPIAuthentication GSSAPIDelegateCredentials
        GSSAPIKeyExchange GSSAPIRenewalForcesRekey GSSAPITrustDns GSSAPIClientIdentity
        GSSAPIServerIdentity GSSAPIKexAlgorithms HostbasedAuthentication HostbasedKeyTypes
        IgnoreUnknown ChannelTimeout
        """
    )
)
"""They do not change which server is reached, as whom, or with what."""

_OWN_SETTING = "The server's own settings hold this here; look at them after the import."
_OWN_KEYS = "Your own known_hosts is read, and keys you accept are kept in the store."
_OWN_ALGORITHMS = "Weaker algorithms are allowed for one server at a time, in its dialog."

NOT_USED = {
    "hostkeyalias": "Host keys are known by address and port here.",
    "stricthostkeychecking": "Host keys are always checked here.",
    "canonicalizehostname": "Names are not rewritten here; the name as given is asked.",
    **dict.fromkeys(_words("UserKnownHostsFile GlobalKnownHostsFile"), _OWN_KEYS),
    **dict.fromkeys(
        _words("Ciphers KexAlgorithms HostKeyAlgorithms MACs PubkeyAcceptedAlgorithms"),
        _OWN_ALGORITHMS,
    ),
    **dict.fromkeys(
        _words("PubkeyAcceptedKeyTypes HostbasedAcceptedAlgorithms RequiredRSASize"),
        _OWN_ALGORITHMS,
    ),
    **dict.fromkeys(_words("PreferredAuthentications PubkeyAuthentication"), _OWN_SETTING),
    **dict.fromkeys(
        _words(
            """
            IdentityAgent PKCS11Provider SecurityKeyProvider BindAddress BindInterface
            AddressFamily KnownHostsCommand VerifyHostKeyDNS RevokedHostKeys Tag ProxyUseFdpass
            NoHostAuthenticationForLocalhost CanonicalDomains CanonicalizeFallbackLocal
            CanonicalizeMaxDots CanonicalizePermittedCNAMEs VersionAddendum
            """
        ),
        "It is not followed here.",
    ),
}
"""They may, and why they are left out."""

_AS_HERE = {
    "canonicalizehostname": ("no", "none"),
    "stricthostkeychecking": ("yes", "ask", "accept-new"),
    "pubkeyauthentication": ("yes",),
    "addressfamily": ("any",),
}


def asks_nothing(keyword: str, value: str) -> bool:
    """Whether a setting, its keyword in small letters, asks for nothing else than is done here."""
    return keyword in HARMLESS or value.lower() in _AS_HERE.get(keyword, ())
