"""A server over mutual TLS that gives tokens and answers messages, for the REST client's tests."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import OctKey

SECRET = b"mihon no himitsu, 32 moji ijou!!!"


@dataclass
class Authority:
    """A certificate authority of its own, in a folder."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def __post_init__(self) -> None:
        self.certificate = self._issue("test authority", self.key, ca=True)
        self._write("ca", self.certificate, self.key)

    def give(self, name: str) -> None:
        """A certificate for ``name``: ``NAME.pem`` and ``NAME.key``."""
        key = ec.generate_private_key(ec.SECP256R1())
        self._write(name, self._issue(name, key, ca=False), key)

    def _issue(self, name: str, key: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        known = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
                critical=False,
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known),
                critical=False,
            )
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True, content_commitment=False, key_encipherment=False,
                    data_encipherment=False, key_agreement=False, key_cert_sign=ca, crl_sign=ca,
                    encipher_only=False, decipher_only=False,
                ),
                critical=True,
            )
            .sign(self.key, hashes.SHA256())
        )  # fmt: skip

    def _write(
        self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
    ) -> None:
        pem = serialization.Encoding.PEM
        (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(pem))
        (self.folder / f"{name}.key").write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )


@dataclass
class Served:
    """What a server was asked.

    ``seconds`` a token lives; ``revoked`` tokens are answered with 401.
    """

    answer: Callable[[str], str]
    seconds: int = 300
    port: int = 0
    tokens: list[str] = field(default_factory=list)
    assertions: list[dict[str, object]] = field(default_factory=list)
    revoked: set[str] = field(default_factory=set)
    status: int = 200


@contextmanager
def served(folder: Path, answer: Callable[[str], str], client: str) -> Iterator[Served]:
    """A server on loopback, with the certificates of a folder."""
    state = Served(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/oauth2/token":
                self._token(parse_qs(body.decode()))
                return
            token = self.headers["Authorization"].removeprefix("Bearer ")
            if token not in state.tokens or token in state.revoked:
                self._send(401, b"{}")
                return
            self._send(state.status, state.answer(body.decode()).encode())

        def _token(self, form: dict[str, list[str]]) -> None:
            token = jwt.decode(form["client_assertion"][0], OctKey.import_key(SECRET), ["HS256"])
            state.assertions.append({**token.claims, "scope": form["scope"][0]})
            if token.claims["sub"] != client:
                self._send(401, b'{"error": "invalid_client"}')
                return
            state.tokens.append(f"token-{len(state.tokens)}")
            given = {"access_token": state.tokens[-1], "token_type": "Bearer",
                     "expires_in": state.seconds}  # fmt: skip
            self._send(200, json.dumps(given).encode())

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client without a certificate ends in the handshake; nothing is printed."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
