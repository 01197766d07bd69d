"""REST over mutual TLS, with OAuth2 client credentials (共通機能標準仕様書 第2.7版 2.2.2).

The client authenticates itself by ``client_secret_jwt`` (RFC 7523 §2.2); the token is short-lived,
there is no refresh token, and the server binds it to the certificate of the connection (RFC 8705).
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.link import Rest
from kokuho.linkage.messages import LARGEST, fingerprint

_ = translator("linkage")

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFE = 60  # seconds that a client assertion holds
_EARLY = 10  # a token is renewed so many seconds before its end


class RestTransport:
    """``POST /v1/messages`` on the server of a link."""

    def __init__(self, way: Rest, client: str) -> None:
        self.way, self.client = way, client
        self.theirs: str | None = None
        parts = urlsplit(way.url)
        self.host, self.port = parts.hostname or "", parts.port or 443
        self._tls = _context(way)
        self.certificate = fingerprint(_der(way))
        self._secret = OctKey.import_key(_read(way).strip())
        self._tokens: dict[str, tuple[str, float]] = {}

    def send(self, name: str, sealed: str, scope: str) -> str | None:
        """Send a message, with a token for its scope; the answer, also of a refusal."""
        for again in (False, True):
            headers = {
                "Content-Type": "application/jose",
                "Authorization": f"Bearer {self._token(scope, anew=again)}",
            }
            status, content = self._post("/v1/messages", sealed.encode("ascii"), headers)
            if status == http.client.UNAUTHORIZED and not again:
                continue  # the token may have been withdrawn meanwhile
            if status >= http.client.INTERNAL_SERVER_ERROR or not content.count(b".") >= 2:
                raise LinkageError(
                    _("the other side answered with status {status}").format(status=status)
                )
            break
        return content.decode("ascii", errors="replace").strip()

    def results(self) -> Iterator[tuple[str, str]]:
        """None: each answer came with its question."""
        return iter(())

    def taken(self, name: str) -> None:
        """Nothing is put away."""

    def _token(self, scope: str, *, anew: bool) -> str:
        token, until = self._tokens.get(scope, ("", 0.0))
        if anew or time.monotonic() >= until:
            form = {
                "grant_type": "client_credentials",
                "scope": scope,
                "client_id": self.client,
                "client_assertion_type": ASSERTION,
                "client_assertion": self._assertion(),
            }
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            status, content = self._post("/oauth2/token", urlencode(form).encode(), headers)
            try:
                stated = json.loads(content)
                token = str(stated["access_token"])
                until = time.monotonic() + int(stated["expires_in"]) - _EARLY
            except (ValueError, KeyError, TypeError) as error:
                raise LinkageError(
                    _("no token was given for {scope} (status {status})").format(
                        scope=scope, status=status
                    )
                ) from error
            self._tokens[scope] = token, until
        return token

    def _assertion(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.client,
            "sub": self.client,
            "aud": self.way.audience or f"{self.way.url}/oauth2/token",
            "jti": uuid.uuid4().hex,
            "iat": now,
            "exp": now + LIFE,
        }
        return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, self._secret)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPSConnection(
            self.host, self.port, timeout=self.way.seconds, context=self._tls
        )
        try:
            connection.connect()
            peer: Any = connection.sock.getpeercert(binary_form=True)
            self.theirs = fingerprint(peer)
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            content = answer.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise LinkageError(_("the answer is larger than is taken here"))
            return answer.status, content
        except (OSError, http.client.HTTPException) as error:
            raise LinkageError(
                _("no connection with {host}: {error}").format(host=self.host, error=error)
            ) from error
        finally:
            connection.close()


def _context(way: Rest) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(way.ca)
        password = way.passphrase.read_bytes().strip() if way.passphrase else b""
        # a string keeps OpenSSL from asking at the keyboard
        context.load_cert_chain(way.certificate, way.private, password=password)
    except (OSError, ssl.SSLError) as error:
        raise LinkageError(
            _("the certificates of the link cannot be used: {error}").format(error=error)
        ) from error
    return context


def _der(way: Rest) -> bytes:
    pem = way.certificate.read_text(encoding="ascii")
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    first = pem[pem.index(begin) : pem.index(end) + len(end)]
    return ssl.PEM_cert_to_DER_cert(first)


def _read(way: Rest) -> bytes:
    try:
        return way.secret.read_bytes()
    except OSError as error:
        raise LinkageError(
            _("{file} cannot be read: {error}").format(file=way.secret, error=error.strerror)
        ) from error
