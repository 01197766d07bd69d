"""Making a rehearsal: database, authority, keys, certificates, secrets, and what clients get."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import yaml
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.messages import KeyRing, PublicKey, SigningKey, fingerprint
from kokuho.mesh import database, rehearsal, tokens
from kokuho.mesh.authority import LIFE, Authority, write_private
from kokuho.mesh.keyfile import KeyFile
from kokuho.mesh.layouts import load_layouts
from kokuho.mesh.organisations import Organisations, load_organisations
from kokuho.mesh.rules import load_rules

_ = translator("mesh")

SIGNING_KEY = "signing.key"
SIGNING_PUBLIC = "signing.json"
SIGNING_PASSPHRASE = "signing.passphrase"
SECRET = "secret"
PORT = 8443
"""Where a mesh is served unless told."""


@dataclass(frozen=True)
class Wanted:
    """What a rehearsal is made from; what is not stated is as shipped.

    Attributes:
        organisations: who takes part (YAML).
        rules: who may ask what (YAML).
        layouts: files of layouts.
        secrets: where the key file goes.
        port: where it will be served, for the clients' files.
    """

    organisations: Path | None = None
    rules: Path | None = None
    layouts: Sequence[Path] = ()
    secrets: Path | None = None
    port: int = PORT


def make(folder: Path, wanted: Wanted) -> rehearsal.Rehearsal:
    """Make a rehearsal in a folder that is not there yet; half a one is never left behind.

    Raises:
        LinkageError: the folder or the key file is there, the key file would lie in the folder, or
            a stated file cannot be used.
    """
    folder = folder.absolute()
    secrets_file = (wanted.secrets or rehearsal.default_secrets(folder)).absolute()
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise LinkageError(_("{file} is there already.").format(file=folder))
    if secrets_file.exists():
        raise LinkageError(_("{file} is there already.").format(file=secrets_file))
    if folder in secrets_file.parents:
        raise LinkageError(
            _("The key file must lie apart from the database, not in {folder}.").format(
                folder=folder
            )
        )
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    keys = KeyFile.generate()
    try:
        _fill(rehearsal.Rehearsal(part, secrets_file), keys, wanted, datetime.now(UTC))
        keys.write(secrets_file)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    if folder.exists():
        folder.rmdir()
    part.rename(folder)
    return rehearsal.open_rehearsal(folder, secrets_file)


def _fill(made: rehearsal.Rehearsal, keys: KeyFile, wanted: Wanted, now: datetime) -> None:
    rehearsal.mark(made.folder)
    _copy(wanted.organisations, "organisations.yaml", made.folder)
    _copy(wanted.rules, "rules.yaml", made.folder)
    made.layouts.mkdir()
    for path in wanted.layouts or _shipped_layouts():
        shutil.copyfile(path, made.layouts / path.name)
    load_layouts(made.layouts)
    load_rules(made.folder / "rules.yaml")
    organisations = load_organisations(made.folder / "organisations.yaml")

    authority = Authority.found(made.authority, "Kokuho rehearsal CA", now)
    authority.issue(made.server, organisations.mesh, now, hosts=organisations.hosts)
    public = [
        _signing_key(made.server, organisations.mesh, keys.passphrase, now),
        _signing_key(made.clock, organisations.clock, keys.passphrase, now),
    ]
    database.create(made.database)
    public += _clients(made, keys, authority, organisations, wanted.port, now)
    made.ring_file.write_text(KeyRing.of(public).to_json(), encoding="utf-8")
    for name in organisations.by_id:
        shutil.copyfile(made.ring_file, made.client(name) / "ring.json")


def _clients(
    made: rehearsal.Rehearsal,
    keys: KeyFile,
    authority: Authority,
    organisations: Organisations,
    port: int,
    now: datetime,
) -> list[PublicKey]:
    """What each organisation gets; the mesh keeps its secret and the certificate's fingerprint."""
    public = []
    store = database.Database(made.database)
    with store.writing() as connection:
        for name in organisations.by_id:
            folder = made.client(name)
            certificate = authority.issue(folder, name, now)
            passphrase, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
            public.append(_signing_key(folder, name, passphrase.encode(), now))
            shutil.copyfile(authority.certificate_file, folder / "ca.pem")
            write_private(folder / SIGNING_PASSPHRASE, passphrase.encode())
            write_private(folder / SECRET, secret.encode())
            link = _link_text(name, organisations, port)
            (folder / "link.yaml").write_text(link, encoding="utf-8")
            connection.execute(
                "INSERT INTO organisation (id, secret, certificate) VALUES (?, ?, ?)",
                (
                    name,
                    keys.encrypt(secret.encode(), tokens.belonging(name)),
                    fingerprint(certificate.public_bytes(Encoding.DER)),
                ),
            )
    store.close()
    return public


def _link_text(name: str, organisations: Organisations, port: int) -> str:
    """How to reach the mesh, as the file of a link that ``kokuho linkage`` reads."""
    host = organisations.hosts[0]
    stated = {
        "client": name,
        "receiver": organisations.mesh,
        "keys": {"private": SIGNING_KEY, "passphrase": SIGNING_PASSPHRASE, "ring": "ring.json"},
        "transport": {
            "form": "rest",
            "url": f"https://{f'[{host}]' if ':' in host else host}:{port}",
            "ca": "ca.pem",
            "certificate": "certificate.pem",
            "private": "certificate.key",
            "secret": SECRET,
            "audience": organisations.mesh,
        },
    }
    return f"# {rehearsal.WORDS}\n" + yaml.safe_dump(stated, sort_keys=False, allow_unicode=True)


def _signing_key(folder: Path, owner: str, passphrase: bytes, now: datetime) -> PublicKey:
    folder.mkdir(parents=True, exist_ok=True)
    key = SigningKey.generate(owner, now, now + LIFE)
    write_private(folder / SIGNING_KEY, key.pem(passphrase))
    (folder / SIGNING_PUBLIC).write_text(KeyRing.of([key.public]).to_json(), encoding="utf-8")
    return key.public


def signing_key(folder: Path, passphrase: bytes) -> SigningKey:
    """The signing key of a folder that was made here."""
    ring = KeyRing.from_json((folder / SIGNING_PUBLIC).read_text(encoding="utf-8"))
    [public] = ring.keys.values()
    return SigningKey.from_pem((folder / SIGNING_KEY).read_bytes(), passphrase, public)


def certificate_of(folder: Path) -> x509.Certificate:
    """The certificate of a folder that was made here."""
    return x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())


def _copy(stated: Path | None, name: str, folder: Path) -> None:
    if stated is not None:
        shutil.copyfile(stated, folder / name)
        return
    shipped = resources.files("kokuho.mesh") / "data" / name
    (folder / name).write_bytes(shipped.read_bytes())


def _shipped_layouts() -> list[Path]:
    with resources.as_file(resources.files("kokuho.linkage") / "layouts") as folder:
        return sorted(folder.glob("*.yaml"))
