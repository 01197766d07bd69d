"""Why a message is refused: one closed list of codes, for both sides of the exchange.

Each has its own code so that a log tells a stale message from an altered one. What a refusal says
to the sender never tells whether a person is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator

_ = translator("linkage")


class Refusal(StrEnum):
    """The code of a refusal."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    UNKNOWN_KEY = "unknown_key"
    EXPIRED_KEY = "expired_key"
    REVOKED_KEY = "revoked_key"
    BAD_SIGNATURE = "bad_signature"
    WRONG_SENDER = "wrong_sender"
    WRONG_RECEIVER = "wrong_receiver"
    WRONG_CERTIFICATE = "wrong_certificate"
    UNKNOWN_KIND = "unknown_kind"
    BAD_BODY = "bad_body"
    STALE = "stale"
    FUTURE = "future"
    REPLAYED = "replayed"
    NO_RIGHT = "no_right"
    WRONG_PURPOSE = "wrong_purpose"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_LAYOUT = "unknown_layout"
    OUT_OF_ORDER = "out_of_order"


WORDS: Mapping[Refusal, str] = {
    Refusal.MALFORMED: "not a signed message, or cut off",
    Refusal.TOO_LARGE: "larger than this server takes",
    Refusal.UNKNOWN_KEY: "signed with a key that is not known here",
    Refusal.EXPIRED_KEY: "signed with a key outside its dates",
    Refusal.REVOKED_KEY: "signed with a key that was revoked",
    Refusal.BAD_SIGNATURE: "altered after it was signed, or signed by another",
    Refusal.WRONG_SENDER: "the sender named in the message is not who sent it",
    Refusal.WRONG_RECEIVER: "meant for another receiver",
    Refusal.WRONG_CERTIFICATE: "came over a connection of another certificate",
    Refusal.UNKNOWN_KIND: "a kind of message that is not taken here",
    Refusal.BAD_BODY: "the content is not as its kind asks for",
    Refusal.STALE: "too old to be taken",
    Refusal.FUTURE: "dated later than the receiver's clock",
    Refusal.REPLAYED: "came before with the same number",
    Refusal.NO_RIGHT: "this institution has no right to do this",
    Refusal.WRONG_PURPOSE: "this purpose is not among those allowed",
    Refusal.UNKNOWN_CODE: "a linkage code that is not known here",
    Refusal.UNKNOWN_LAYOUT: "a layout or a version that is not known here",
    Refusal.OUT_OF_ORDER: "a version older than what is registered",
}
"""What each code means, in the words of the interface (through gettext)."""


def words_of(code: str) -> str:
    """A code with its meaning; as it is where the list has none."""
    return f"{code}: {_(WORDS[Refusal(code)])}" if code in set(Refusal) else code


class RefusedError(LinkageError):
    """A message that is refused.

    Attributes:
        refusal: the code.
        detail: what was found and what was expected; without personal data.
    """

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(words_of(refusal) + (f" ({detail})" if detail else ""))
        self.refusal, self.detail = refusal, detail
