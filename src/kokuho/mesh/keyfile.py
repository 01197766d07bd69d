"""The secrets of the mesh, in a file apart from its database: encryption of numbers and copies.

AES-256-GCM with a random nonce; what a value belongs to is bound to it, so that no row can be put
in another's place. Each value names its key, so that a new key can be added and old values be
written anew while the mesh goes on (rotation).
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator

_ = translator("mesh")

_NONCE = 12
_KEY = 4
"""Bytes of a nonce, and of a key's number before each value."""


@dataclass(frozen=True)
class KeyFile:
    """Secrets of the mesh; never printed.

    Attributes:
        keys: encryption keys by number; the highest one encrypts.
        pepper: keys the pseudonyms of logs and the look-up of numbers.
        passphrase: of the private keys in the folder.
    """

    keys: Mapping[int, bytes] = field(repr=False)
    pepper: bytes = field(repr=False)
    passphrase: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> KeyFile:
        """New secrets."""
        return cls(
            {1: AESGCM.generate_key(256)},
            secrets.token_bytes(32),
            secrets.token_urlsafe(32).encode(),
        )

    def rotated(self) -> KeyFile:
        """With one more key, which encrypts from now on; the old ones still decrypt."""
        more = {**self.keys, self.newest + 1: AESGCM.generate_key(256)}
        return KeyFile(more, self.pepper, self.passphrase)

    def without_old(self) -> KeyFile:
        """With the newest key alone: what older ones encrypted is lost with them."""
        return KeyFile({self.newest: self.keys[self.newest]}, self.pepper, self.passphrase)

    @property
    def newest(self) -> int:
        """Number of the key that encrypts."""
        return max(self.keys)

    def encrypt(self, plain: bytes, belongs_to: str) -> bytes:
        """A value, encrypted.

        Args:
            plain: the value.
            belongs_to: what it is the value of; the same must be told to decrypt it.
        """
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.keys[self.newest]).encrypt(nonce, plain, belongs_to.encode())
        return self.newest.to_bytes(_KEY) + nonce + sealed

    def decrypt(self, sealed: bytes, belongs_to: str) -> bytes:
        """The value.

        Raises:
            LinkageError: its key is gone, it was changed, or it belongs to something else.
        """
        number = key_of(sealed)
        key = self.keys.get(number)
        if key is None:
            raise LinkageError(_("The key file has no key {number}.").format(number=number))
        nonce, rest = sealed[_KEY : _KEY + _NONCE], sealed[_KEY + _NONCE :]
        try:
            return AESGCM(key).decrypt(nonce, rest, belongs_to.encode())
        except InvalidTag as error:
            raise LinkageError(
                _("An encrypted value was changed, or stands in another's place.")
            ) from error

    def pseudonym(self, *parts: str) -> str:
        """A key for logs: always the same for the same parts, and not to be traced back."""
        return hmac.digest(self.pepper, "\x1f".join(parts).encode(), "sha256").hex()[:32]

    def write(self, path: Path) -> None:
        """Keep the secrets, readable by their owner alone."""
        text = json.dumps(
            {
                "keys": {str(number): _text(key) for number, key in self.keys.items()},
                "pepper": _text(self.pepper),
                "passphrase": self.passphrase.decode(),
            }
        )
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text + "\n")
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """The secrets that were kept.

        Raises:
            LinkageError: unreadable, or open to others than its owner.
        """
        try:
            if path.stat().st_mode & 0o077:
                raise LinkageError(
                    _("{file} may be read by others; allow its owner alone (chmod 600).").format(
                        file=path
                    )
                )
            stated = json.loads(path.read_text(encoding="utf-8"))
            keys = {int(number): base64.b64decode(key) for number, key in stated["keys"].items()}
            return cls(keys, base64.b64decode(stated["pepper"]), stated["passphrase"].encode())
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise LinkageError(_("{file} is not a key file.").format(file=path)) from error


def key_of(sealed: bytes) -> int:
    """Number of the key that a value was encrypted with."""
    return int.from_bytes(sealed[:_KEY])


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
