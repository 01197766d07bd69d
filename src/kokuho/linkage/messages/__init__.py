"""Forms of the messages that the office and the mesh exchange, and their evidence.

Imports base alone, so that both sides, and a verifier without either's database, share it.
"""

from kokuho.linkage.messages.canonical import canonical, digest, digest_of
from kokuho.linkage.messages.envelope import (
    AHEAD,
    OLDEST,
    Envelope,
    Expected,
    fingerprint,
    new_number,
    read_envelope,
    seal,
    unseal,
)
from kokuho.linkage.messages.evidence import (
    FINDINGS,
    LogFinding,
    LogReport,
    MessageEvidence,
    verify_log,
    verify_message,
)
from kokuho.linkage.messages.keys import ALGORITHMS, Algorithm, KeyRing, PublicKey, SigningKey
from kokuho.linkage.messages.log import (
    START,
    Happening,
    LogRecord,
    closing_of,
    digest_of_text,
    next_record,
    seal_records,
    stamp_of,
)
from kokuho.linkage.messages.refusals import WORDS, Refusal, RefusedError
from kokuho.linkage.messages.signing import LARGEST, sign, verify

__all__ = [
    "AHEAD",
    "ALGORITHMS",
    "FINDINGS",
    "LARGEST",
    "OLDEST",
    "START",
    "WORDS",
    "Algorithm",
    "Envelope",
    "Expected",
    "Happening",
    "KeyRing",
    "LogFinding",
    "LogRecord",
    "LogReport",
    "MessageEvidence",
    "PublicKey",
    "Refusal",
    "RefusedError",
    "SigningKey",
    "canonical",
    "closing_of",
    "digest",
    "digest_of",
    "digest_of_text",
    "fingerprint",
    "new_number",
    "next_record",
    "read_envelope",
    "seal",
    "seal_records",
    "sign",
    "stamp_of",
    "unseal",
    "verify",
    "verify_log",
    "verify_message",
]
