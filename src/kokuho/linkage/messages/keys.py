"""Keys that sign messages: Ed25519 (RFC 8037, named as RFC 9864 does) or ECDSA P-256.

A key belongs to one client (the sender) and has its dates; a ring says whose key a signature is.
Private keys leave this module only as PEM under a passphrase.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwk
from joserfc.errors import JoseError

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.messages.refusals import Refusal, RefusedError

_ = translator("linkage")

Algorithm = Literal["Ed25519", "ES256"]
ALGORITHMS: tuple[Algorithm, ...] = ("Ed25519", "ES256")
_KEYS: Mapping[str, type[jwk.OKPKey] | type[jwk.ECKey]] = {
    "Ed25519": jwk.OKPKey,
    "ES256": jwk.ECKey,
}
Private = Ed25519PrivateKey | EllipticCurvePrivateKey


@dataclass(frozen=True)
class PublicKey:
    """A client's public key, and when it holds.

    Attributes:
        owner: client id of who signs with it.
        number: the thumbprint of the key (RFC 7638), its ``kid``.
        algorithm: how it signs.
        material: the public JWK.
        valid_from: first moment at which it signs.
        valid_until: first moment at which it no longer does.
        revoked_at: when it was withdrawn before its time; ``None`` if it was not.
    """

    owner: str
    number: str
    algorithm: Algorithm
    material: Mapping[str, Any]
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class SigningKey:
    """A private key with its public side; never printed."""

    public: PublicKey
    private: jwk.Key = field(repr=False)

    @classmethod
    def generate(
        cls,
        owner: str,
        valid_from: datetime,
        valid_until: datetime,
        algorithm: Algorithm = "Ed25519",
    ) -> SigningKey:
        """A new key of a client."""
        made = (
            jwk.OKPKey.generate_key("Ed25519")
            if algorithm == "Ed25519"
            else jwk.ECKey.generate_key("P-256")
        )
        material = made.as_dict(private=False)
        public = PublicKey(owner, made.thumbprint(), algorithm, material, valid_from, valid_until)
        return cls(public, made)

    def pem(self, passphrase: bytes) -> bytes:
        """The private key as PKCS#8 under a passphrase."""
        private = self.private.get_op_key("sign")
        if not isinstance(private, Private):
            raise LinkageError(f"{self.public.algorithm}: not a private key")
        return private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase),
        )

    @classmethod
    def from_pem(cls, pem: bytes, passphrase: bytes, public: PublicKey) -> SigningKey:
        """The private key of a public one.

        Raises:
            LinkageError: the passphrase is wrong, or it is the private side of another key.
        """
        try:
            made = _KEYS[public.algorithm].import_key(pem, password=passphrase)
        except (ValueError, TypeError, JoseError) as error:
            raise LinkageError(
                _("the private key of {owner} cannot be opened: {error}").format(
                    owner=public.owner, error=error
                )
            ) from error
        if made.thumbprint() != public.number:
            raise LinkageError(
                _("the private key of {owner} is not that of key {number}").format(
                    owner=public.owner, number=public.number
                )
            )
        return cls(public, made)


@dataclass(frozen=True)
class KeyRing:
    """The public keys that a receiver knows."""

    keys: Mapping[str, PublicKey]

    @classmethod
    def of(cls, keys: Iterable[PublicKey]) -> KeyRing:
        """A ring of these keys."""
        return cls({key.number: key for key in keys})

    def find(self, number: str, at: datetime) -> PublicKey:
        """The key of a number, if it may sign at a moment.

        Raises:
            RefusedError: unknown, outside its dates, or revoked by then.
        """
        key = self.keys.get(number)
        if key is None:
            raise RefusedError(Refusal.UNKNOWN_KEY)
        if key.revoked_at is not None and key.revoked_at <= at:
            raise RefusedError(Refusal.REVOKED_KEY)
        if not key.valid_from <= at < key.valid_until:
            raise RefusedError(Refusal.EXPIRED_KEY)
        return key

    def with_revoked(self, number: str, at: datetime) -> KeyRing:
        """The ring after a key was withdrawn; what it signed before stays good."""
        return KeyRing({**self.keys, number: replace(self.keys[number], revoked_at=at)})

    def to_json(self) -> str:
        """The ring as a file."""
        rows = [
            {
                "owner": key.owner,
                "kid": key.number,
                "alg": key.algorithm,
                "key": dict(key.material),
                "valid_from": key.valid_from.isoformat(),
                "valid_until": key.valid_until.isoformat(),
                "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
            }
            for key in self.keys.values()
        ]
        return json.dumps({"keys": rows}, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> KeyRing:
        """The ring that :meth:`to_json` wrote.

        Raises:
            LinkageError: not such a file, or a key whose number is not its thumbprint.
        """
        try:
            keys = [_key_of(row) for row in json.loads(text)["keys"]]
        except (ValueError, KeyError, TypeError, JoseError) as error:
            raise LinkageError(
                _("not a file of public keys: {error}").format(error=error)
            ) from error
        return cls.of(keys)


def _key_of(row: Mapping[str, Any]) -> PublicKey:
    if row["alg"] not in ALGORITHMS:
        raise ValueError(row["alg"])
    material = _KEYS[row["alg"]].import_key(row["key"])
    if material.thumbprint() != row["kid"]:
        raise ValueError(row["kid"])
    revoked = row["revoked_at"]
    return PublicKey(
        owner=row["owner"],
        number=row["kid"],
        algorithm=row["alg"],
        material=material.as_dict(private=False),
        valid_from=datetime.fromisoformat(row["valid_from"]),
        valid_until=datetime.fromisoformat(row["valid_until"]),
        revoked_at=datetime.fromisoformat(revoked) if revoked else None,
    )
