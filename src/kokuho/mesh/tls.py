"""Mutual TLS: 1.2 or later, a client certificate of the rehearsal's authority that is not revoked.

The list of revoked certificates is read again when it changes; a session is never resumed, as that
would go past it.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import lru_cache

from kokuho.mesh.authority import Authority
from kokuho.mesh.rehearsal import Rehearsal

PATIENCE = 10.0
"""Seconds that a handshake may take."""

_BY_VERIFICATION: Mapping[int, str] = {
    9: "certificate_not_yet_valid",
    10: "certificate_expired",
    12: "revocation_list_expired",
    18: "certificate_of_another_authority",
    19: "certificate_of_another_authority",
    20: "certificate_of_another_authority",
    21: "certificate_of_another_authority",
    23: "certificate_revoked",
    26: "certificate_for_another_purpose",
}
"""Reason by OpenSSL's code of verification (X509_V_ERR_…)."""


def context(rehearsal: Rehearsal) -> ssl.SSLContext:
    """The server's context, with the revocations as they are now."""
    revoked = Authority(rehearsal.authority).revoked_file
    return _context(rehearsal, revoked.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _context(rehearsal: Rehearsal, _changed: int) -> ssl.SSLContext:
    authority = Authority(rehearsal.authority)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.options |= ssl.OP_NO_TICKET
    made.num_tickets = 0
    made.load_cert_chain(rehearsal.server / "certificate.pem", rehearsal.server / "certificate.key")
    made.load_verify_locations(authority.certificate_file)
    made.load_verify_locations(authority.revoked_file)
    made.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    made.verify_mode = ssl.CERT_REQUIRED
    return made


def reason_of(error: OSError) -> str:
    """Why a handshake was refused, as the log has it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _BY_VERIFICATION.get(error.verify_code, f"certificate_{error.verify_code}")
    if isinstance(error, TimeoutError):
        return "timeout"
    reason = getattr(error, "reason", None) or type(error).__name__
    if reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
        return "certificate_missing"
    return f"tls_{reason.lower()}"
