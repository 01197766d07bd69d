"""OAuth2 client credentials: short-lived tokens, bound to the certificate of the connection.

Client authentication by ``client_secret_jwt`` (RFC 7523), as the common-function specification of
the municipal systems has it, or ``client_secret_basic`` in the interim; no refresh tokens. Tokens
are random and stand here as a digest alone; what one holds is found by introspection (RFC 7662).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from kokuho.base.errors import LinkageError
from kokuho.linkage.messages import digest
from kokuho.linkage.messages.signing import stated
from kokuho.mesh.keyfile import KeyFile
from kokuho.mesh.organisations import Organisations

LIFE = timedelta(minutes=10)
"""Of a token."""
LONGEST_ASSERTION = timedelta(minutes=10)
"""How far ahead a client assertion may end."""
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PATH = "/oauth2/token"


class TokenRefusedError(Exception):
    """A request for a token that is refused.

    Attributes:
        code: of OAuth2 (RFC 6749, 5.2): ``invalid_client``, ``invalid_request``, …
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Token:
    """What a token holds.

    Attributes:
        organisation: client id.
        certificate: fingerprint that it is bound to.
        scopes: what it allows.
        expires: first moment at which it holds no longer, in seconds since 1970.
    """

    organisation: str
    certificate: str
    scopes: frozenset[str]
    expires: int


@dataclass(frozen=True)
class Desk:
    """Where clients show who they are.

    Attributes:
        organisations: who takes part.
        keys: secrets of the mesh.
    """

    organisations: Organisations
    keys: KeyFile

    def client_of(
        self,
        connection: sqlite3.Connection,
        form: Mapping[str, str],
        authorization: str,
        certificate: str,
        now: datetime,
    ) -> str:
        """The client that authenticates itself, over a connection with its own certificate.

        Raises:
            TokenRefusedError: unknown, wrong secret, wrong certificate, or an assertion that is
                not right, over, or used before.
        """
        kind = form.get("client_assertion_type")
        if kind == ASSERTION and not authorization:
            client = self._by_assertion(connection, form.get("client_assertion", ""), now)
        elif authorization.startswith("Basic ") and kind is None:
            client = self._by_basic(connection, authorization.removeprefix("Basic "))
        else:
            raise TokenRefusedError("invalid_client")
        if form.get("client_id", client) != client:
            raise TokenRefusedError("invalid_client")
        row = _row(connection, client)
        if row is None or row[1] != certificate:
            raise TokenRefusedError("invalid_client")
        return client

    def _by_basic(self, connection: sqlite3.Connection, text: str) -> str:
        try:
            pair = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise TokenRefusedError("invalid_client") from error
        client, _colon, told = (unquote_plus(one) for one in pair.partition(":"))
        secret = self._secret(connection, client)
        if secret is None or not hmac.compare_digest(secret, told.encode()):
            raise TokenRefusedError("invalid_client")
        return client

    def _by_assertion(self, connection: sqlite3.Connection, text: str, now: datetime) -> str:
        """Whose assertion it is (HS256 with the client's secret)."""
        try:
            client = str(stated(text)["sub"])
            secret = self._secret(connection, client)
            if secret is None:
                raise TokenRefusedError("invalid_client")
            token = jwt.decode(text, OctKey.import_key(secret), algorithms=["HS256"])
            claims = token.claims
            number, ends = claims["jti"], int(claims["exp"])
        except (LinkageError, JoseError, ValueError, KeyError, TypeError) as error:
            raise TokenRefusedError("invalid_client") from error
        at = int(now.timestamp())
        right = (
            claims.get("iss") == claims.get("sub") == client
            and self._is_audience(claims.get("aud"))
            and at < ends <= at + LONGEST_ASSERTION.total_seconds()
            and isinstance(number, str)
            and 0 < len(number) <= 100
        )
        if not right:
            raise TokenRefusedError("invalid_client")
        connection.execute("DELETE FROM assertion WHERE expires <= ?", (at,))
        new = connection.execute(
            "INSERT INTO assertion (organisation, number, expires) VALUES (?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            (client, number, ends),
        ).rowcount
        if not new:
            raise TokenRefusedError("invalid_client")
        return client

    def _is_audience(self, said: Any) -> bool:
        """Whether an assertion is meant for this mesh: by its id, or the URL of its tokens."""
        for one in said if isinstance(said, list) else [said]:
            if one == self.organisations.mesh:
                return True
            try:
                url = urlsplit(str(one))
                known = url.hostname in self.organisations.hosts
            except ValueError:
                continue
            if known and url.scheme == "https" and url.path == PATH:
                return True
        return False

    def _secret(self, connection: sqlite3.Connection, client: str) -> bytes | None:
        row = _row(connection, client)
        return self.keys.decrypt(row[0], belonging(client)) if row else None

    def issue(
        self,
        connection: sqlite3.Connection,
        client: str,
        certificate: str,
        form: Mapping[str, str],
        now: datetime,
    ) -> dict[str, Any]:
        """A token for some or all of the client's scopes, as the answer of the endpoint.

        Raises:
            TokenRefusedError: another grant, or a scope that the client has not.
        """
        if form.get("grant_type") != "client_credentials":
            code = "unsupported_grant_type" if form.get("grant_type") else "invalid_request"
            raise TokenRefusedError(code)
        allowed = self.organisations.by_id[client].scopes
        wanted = sorted(set(form.get("scope", "").split()) or set(allowed))
        if not wanted or not set(wanted) <= set(allowed):
            raise TokenRefusedError("invalid_scope")
        text, ends = secrets.token_urlsafe(32), now + LIFE
        connection.execute("DELETE FROM token WHERE expires <= ?", (int(now.timestamp()),))
        connection.execute(
            "INSERT INTO token (digest, organisation, certificate, scope, expires) "
            "VALUES (?, ?, ?, ?, ?)",
            (digest(text.encode()), client, certificate, " ".join(wanted), int(ends.timestamp())),
        )
        return {
            "access_token": text,
            "token_type": "Bearer",
            "expires_in": int(LIFE.total_seconds()),
            "scope": " ".join(wanted),
        }


def belonging(client: str) -> str:
    """What an encrypted secret is bound to."""
    return f"secret/{client}"


def look_up(connection: sqlite3.Connection, text: str, now: datetime) -> Token | None:
    """What a token holds now; ``None`` for one that is unknown or over."""
    row = connection.execute(
        "SELECT organisation, certificate, scope, expires FROM token "
        "WHERE digest = ? AND expires > ?",
        (digest(text.encode()), int(now.timestamp())),
    ).fetchone()
    if row is None:
        return None
    organisation, certificate, scope, expires = row
    return Token(organisation, certificate, frozenset(scope.split()), expires)


def introspection(token: Token | None, client: str) -> dict[str, Any]:
    """The answer about a token (RFC 7662, RFC 8705); another client's says nothing."""
    if token is None or token.organisation != client:
        return {"active": False}
    thumbprint = base64.urlsafe_b64encode(bytes.fromhex(token.certificate)).rstrip(b"=").decode()
    return {
        "active": True,
        "client_id": client,
        "scope": " ".join(sorted(token.scopes)),
        "token_type": "Bearer",
        "exp": token.expires,
        "cnf": {"x5t#S256": thumbprint},
    }


def _row(connection: sqlite3.Connection, client: str) -> tuple[bytes, str] | None:
    row: tuple[bytes, str] | None = connection.execute(
        "SELECT secret, certificate FROM organisation WHERE id = ?", (client,)
    ).fetchone()
    return row
