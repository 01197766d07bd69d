"""Ways (伝送) by which signed messages go to the other side: one small interface.

Files for the integrated-addressee function (団体内統合宛名) are here; REST is in
:mod:`kokuho.linkage.rest`. A way never looks into a message: who signed what is for the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.link import Link, Rest
from kokuho.linkage.messages import LARGEST

_ = translator("linkage")

_NAME = re.compile(r"[0-9A-Za-z_.-]{1,120}")


class Transport(Protocol):
    """A way to the other side.

    Attributes:
        certificate: fingerprint of our certificate; empty where messages go as files.
        theirs: fingerprint of the certificate of the other side, once there was a connection;
            ``None`` for files.
    """

    certificate: str
    theirs: str | None

    def send(self, name: str, sealed: str, scope: str) -> str | None:
        """Send a signed message; its signed answer, or ``None`` where that comes later.

        Args:
            name: of the file, where it goes as one.
            sealed: the message.
            scope: what it needs the right to (OAuth2).

        Raises:
            LinkageError: it did not arrive, or no answer came; it may be sent again.
        """

    def results(self) -> Iterator[tuple[str, str]]:
        """Signed answers that came meanwhile, each with its name."""

    def taken(self, name: str) -> None:
        """Put away an answer that was recorded."""


class FolderTransport:
    """Files into a folder, and results from another; both are carried by the operator's means."""

    certificate: str = ""
    theirs: str | None = None

    def __init__(self, out: Path, results: Path) -> None:
        self.out, self.results_folder = out, results

    def send(self, name: str, sealed: str, scope: str) -> str | None:
        """Write ``NAME.jws``; whoever reads the folder never sees half a file."""
        _checked(name)
        part = self.out / f"{name}.jws.part"
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            part.write_text(sealed, encoding="ascii")
            part.replace(self.out / f"{name}.jws")
        except OSError as error:
            raise LinkageError(
                _("{file} cannot be written: {error}").format(file=part, error=error.strerror)
            ) from error
        return None

    def results(self) -> Iterator[tuple[str, str]]:
        """The files ``*.jws`` of the folder of results, by name."""
        for file in sorted(self.results_folder.glob("*.jws")):
            if file.stat().st_size <= LARGEST:
                yield file.name, file.read_text(encoding="ascii", errors="replace").strip()

    def taken(self, name: str) -> None:
        """Move a result into the folder ``taken``."""
        folder = self.results_folder / "taken"
        folder.mkdir(exist_ok=True)
        (self.results_folder / name).replace(folder / name)


def _checked(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise LinkageError(_("{name} is no name of a file").format(name=name))


def transport_of(link: Link) -> Transport:
    """The way that the file of a link names.

    Raises:
        LinkageError: it names none, or a file of it cannot be read.
    """
    way = link.transport
    if way is None:
        raise LinkageError(_("the file of the link names no way to the other side (transport)"))
    if isinstance(way, Rest):
        from kokuho.linkage.rest import RestTransport

        return RestTransport(way, link.client)
    return FolderTransport(way.out, way.results)
