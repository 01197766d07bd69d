"""One signature over one JSON value: compact JWS (RFC 7515), the key named by its thumbprint."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, OKPKey

from kokuho.linkage.messages.canonical import canonical
from kokuho.linkage.messages.keys import ALGORITHMS, KeyRing, PublicKey, SigningKey
from kokuho.linkage.messages.refusals import Refusal, RefusedError

LARGEST = 64 * 1024 * 1024
"""Bytes of a signed text that is looked at; what is longer is refused before it is parsed."""


class _Registry(jws.JWSRegistry):
    """joserfc's own bound is for tokens; a batch of records is longer."""

    max_payload_length = LARGEST


_REGISTRIES = {one: _Registry(algorithms=[one]) for one in ALGORITHMS}
_ANY = _Registry(algorithms=list(ALGORITHMS))


def sign(value: Any, key: SigningKey, *, form: str) -> str:
    """The signed text of a JSON value.

    Args:
        value: what is signed; integers, texts, lists and objects.
        key: who signs.
        form: what the value is (``typ``), so that a stamp is never taken for a message.
    """
    header = {"alg": key.public.algorithm, "kid": key.public.number, "typ": form}
    registry = _REGISTRIES[key.public.algorithm]
    return jws.serialize_compact(header, canonical(value), key.private, registry=registry)


def verify(text: str, ring: KeyRing, *, form: str, at: datetime) -> tuple[Any, PublicKey]:
    """The value of a signed text and whose signature it is.

    Args:
        text: the signed text.
        ring: the keys that are known.
        form: the ``typ`` that is expected.
        at: the moment at which the key must hold: now for a message, the time of the stamp for
            evidence.

    Raises:
        RefusedError: too large, malformed, unknown or withdrawn key, altered.
    """
    if len(text) > LARGEST:
        raise RefusedError(Refusal.TOO_LARGE)
    try:
        raw = text.encode("ascii")
        header = jws.extract_compact(raw, registry=_ANY).headers()
    except (ValueError, JoseError) as error:
        raise RefusedError(Refusal.MALFORMED) from error
    if header.get("typ") != form or header.get("alg") not in ALGORITHMS:
        raise RefusedError(Refusal.MALFORMED)
    key = ring.find(str(header.get("kid")), at)
    if header["alg"] != key.algorithm:
        raise RefusedError(Refusal.BAD_SIGNATURE)
    kind = OKPKey if key.algorithm == "Ed25519" else ECKey
    try:
        opened = jws.deserialize_compact(
            raw, kind.import_key(dict(key.material)), registry=_REGISTRIES[key.algorithm]
        )
    except BadSignatureError as error:
        raise RefusedError(Refusal.BAD_SIGNATURE) from error
    except (ValueError, JoseError) as error:
        raise RefusedError(Refusal.MALFORMED) from error
    try:
        return json.loads(opened.payload), key
    except ValueError as error:
        raise RefusedError(Refusal.MALFORMED) from error


def stated(text: str) -> Any:
    """What a signed text says, without a look at its signature: to find the time it claims.

    Raises:
        RefusedError: malformed.
    """
    try:
        return json.loads(jws.extract_compact(text.encode("ascii"), registry=_ANY).payload)
    except (ValueError, JoseError) as error:
        raise RefusedError(Refusal.MALFORMED) from error
