"""The rehearsal's own certificate authority: server and client certificates, and their revocation.

Names are marked as a rehearsal, so that no such certificate is taken for a real one.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=397)
"""How long certificates hold; a rehearsal that goes on longer is made anew."""
_EARLIER = timedelta(minutes=5)
"""Clocks of two machines differ."""


@dataclass(frozen=True)
class Authority:
    """A certificate authority in a folder: ``ca.pem``, ``ca.key``, ``crl.pem``."""

    folder: Path

    @property
    def certificate_file(self) -> Path:
        """Its certificate, which both sides trust."""
        return self.folder / "ca.pem"

    @property
    def revoked_file(self) -> Path:
        """The list of revoked certificates (CRL), which the server looks at."""
        return self.folder / "crl.pem"

    @classmethod
    def found(cls, folder: Path, name: str, now: datetime) -> Authority:
        """A new one."""
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name)
        public = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            _begun(subject, subject, key.public_key(), now, now + LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(public, critical=False)
            .sign(key, hashes.SHA256())
        )
        write_private(folder / "ca.key", _pem(key))
        (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        made = cls(folder)
        made._write_revoked([], now)
        return made

    def issue(
        self,
        folder: Path,
        name: str,
        now: datetime,
        *,
        hosts: Iterable[str] = (),
        life: timedelta = LIFE,
    ) -> x509.Certificate:
        """A certificate and its key, written to ``certificate.pem`` and ``certificate.key``.

        Args:
            folder: where they are written.
            name: whose it is.
            now: the moment.
            hosts: names and addresses of a server; none for a client.
            life: how long it holds; for tests also one that is over.
        """
        folder.mkdir(parents=True, exist_ok=True)
        key, own = ec.generate_private_key(ec.SECP256R1()), self._certificate()
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH
        begin = min(now, now + life - _EARLIER)
        made = (
            _begun(_name(name), own.subject, key.public_key(), begin, now + life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key().public_key()),
                critical=False,
            )
        )
        if hosts:
            names = x509.SubjectAlternativeName([_host(one) for one in hosts])
            made = made.add_extension(names, critical=False)
        certificate = made.sign(self._key(), hashes.SHA256())
        write_private(folder / "certificate.key", _pem(key))
        (folder / "certificate.pem").write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
        )
        return certificate

    def revoke(self, certificate: x509.Certificate, now: datetime) -> None:
        """Withdraw a certificate; the server refuses it from the next connection on."""
        old = x509.load_pem_x509_crl(self.revoked_file.read_bytes())
        revoked = [one for one in old if one.serial_number != certificate.serial_number]
        builder = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
        self._write_revoked([*revoked, builder.revocation_date(now).build()], now)

    def _certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate_file.read_bytes())

    def _key(self) -> ec.EllipticCurvePrivateKey:
        key = serialization.load_pem_private_key((self.folder / "ca.key").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def _write_revoked(self, revoked: Iterable[x509.RevokedCertificate], now: datetime) -> None:
        own = self._certificate()
        listing = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(own.subject)
            .last_update(now - _EARLIER)
            .next_update(own.not_valid_after_utc)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key().public_key()),
                critical=False,
            )
        )
        for one in revoked:
            listing = listing.add_revoked_certificate(one)
        made = listing.sign(self._key(), hashes.SHA256())
        part = self.revoked_file.with_suffix(".part")
        part.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        part.replace(self.revoked_file)


def write_private(path: Path, content: bytes) -> None:
    """A file that only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    begin: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - _EARLIER)
        .not_valid_after(end)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    """Of a client or server (``signs``), or of the authority."""
    return x509.KeyUsage(
        digital_signature=signs, key_cert_sign=not signs, crl_sign=not signs,
        content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kokuho REHEARSAL 演習"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
