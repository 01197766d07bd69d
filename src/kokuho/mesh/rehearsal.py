"""The folder of a rehearsal: what is where in it, and the mark without which nothing starts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.messages import KeyRing
from kokuho.mesh.keyfile import KeyFile
from kokuho.mesh.organisations import Organisations, load_organisations
from kokuho.mesh.rules import Rules, load_rules

_ = translator("mesh")

MARK = "REHEARSAL.json"
FORM = "kokuho-rehearsal"
WORDS = (
    "演習用。本番の情報・番号を入れないこと。 / For rehearsal only: no real data, no real numbers."
)


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal that was made by ``kokuho mesh init``.

    Attributes:
        folder: where it is.
        secrets: its key file, which lies apart from the folder.
    """

    folder: Path
    secrets: Path

    @property
    def database(self) -> Path:
        """The database (SQLite)."""
        return self.folder / "mesh.db"

    @property
    def authority(self) -> Path:
        """The certificate authority: its certificate, key, list of issued and of revoked ones."""
        return self.folder / "authority"

    @property
    def server(self) -> Path:
        """The server's certificate and key, and the key with which the mesh signs."""
        return self.folder / "server"

    @property
    def clock(self) -> Path:
        """The time-stamp service's key and serial number."""
        return self.folder / "clock"

    @property
    def layouts(self) -> Path:
        """Layouts that are taken, one YAML file a version."""
        return self.folder / "layouts"

    @property
    def ring_file(self) -> Path:
        """Public keys of everybody: what a third party verifies with."""
        return self.folder / "ring.json"

    def client(self, organisation: str) -> Path:
        """What is handed to an organisation: certificate, keys, secret, how to reach the mesh."""
        return self.folder / "clients" / organisation

    @cached_property
    def keys(self) -> KeyFile:
        """The secrets of the mesh."""
        return KeyFile.read(self.secrets)

    def ring(self) -> KeyRing:
        """Public keys of everybody, as they are now: a withdrawn key counts from then on."""
        return _ring(self.ring_file, self.ring_file.stat().st_mtime_ns)

    @cached_property
    def organisations(self) -> Organisations:
        """Who takes part."""
        return load_organisations(self.folder / "organisations.yaml")

    @cached_property
    def rules(self) -> Rules:
        """Which institution may ask what for which purpose."""
        return load_rules(self.folder / "rules.yaml")


@lru_cache(maxsize=2)
def _ring(file: Path, _changed: int) -> KeyRing:
    return KeyRing.from_json(file.read_text(encoding="utf-8"))


def default_secrets(folder: Path) -> Path:
    """Where the key file lies unless told: beside the folder, never in it."""
    folder = folder.absolute()
    return folder.with_name(folder.name + ".keys")


def mark(folder: Path) -> None:
    """Mark a folder as a rehearsal."""
    text = json.dumps({"form": FORM, "version": 1, "note": WORDS}, ensure_ascii=False, indent=1)
    (folder / MARK).write_text(text + "\n", encoding="utf-8")


def open_rehearsal(folder: Path, secrets: Path | None = None) -> Rehearsal:
    """A rehearsal that is there.

    Raises:
        LinkageError: the folder is not marked as a rehearsal, or its key file is not there.
    """
    try:
        marked = json.loads((folder / MARK).read_text(encoding="utf-8"))["form"] == FORM
    except (OSError, ValueError, KeyError, TypeError):
        marked = False
    if not marked:
        raise LinkageError(
            _(
                "{folder} is not a rehearsal: the mesh starts only in a folder that kokuho mesh "
                "init made, as it must never hold real data."
            ).format(folder=folder)
        )
    keys = secrets or default_secrets(folder)
    if not keys.is_file():
        raise LinkageError(_("The key file {file} is not there.").format(file=keys))
    return Rehearsal(folder.absolute(), keys.absolute())
