"""The file of a link (接続定義): who we are to the other side, with which keys, by which way.

Everything that an operator sets about the linkage stands in it; secrets are named by their files.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import read_yaml
from kokuho.linkage import freshness
from kokuho.linkage.layouts import SHIPPED, load_all
from kokuho.linkage.messages import KeyRing, SigningKey
from kokuho.linkage.messages.layout import Layout
from kokuho.linkage.policy import PersonPolicy, load_policy

_ = translator("linkage")
_CONFIG = ConfigDict(frozen=True, extra="forbid")
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class Freshness(BaseModel):
    """The limits of freshness; see :class:`kokuho.linkage.freshness.Limits`."""

    model_config = _CONFIG

    reported_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    full_by: Annotated[str, Field(pattern=_TIME)] = "09:00"
    alarm_percent: Annotated[int, Field(ge=1, le=99)] = 60
    closed: tuple[Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")], ...] = ()

    def limits(self) -> freshness.Limits:
        """The limits."""
        return freshness.Limits(
            self.reported_minutes, time.fromisoformat(self.full_by), self.alarm_percent, self.closed
        )


class Schedule(BaseModel):
    """When ``kokuho linkage tick`` does what it does once a night and once a month.

    ``reconcile_day`` is the day of the month, up to 28, so that every month has it.
    """

    model_config = _CONFIG

    nightly: Annotated[str, Field(pattern=_TIME)] = "02:00"
    reconcile_day: Annotated[int, Field(ge=1, le=28)] = 1


class Keys(BaseModel):
    """Our private key under its passphrase, and the public keys of both sides."""

    model_config = _CONFIG

    private: Path
    passphrase: Path
    ring: Path


class Folders(BaseModel):
    """Files: batches are put into one folder, results are looked for in another."""

    model_config = _CONFIG

    form: Literal["files"]
    out: Path
    results: Path


class Rest(BaseModel):
    """REST with OAuth2 client credentials over mutual TLS.

    ``audience`` is what the client assertion is meant for; the token address if left out.
    """

    model_config = _CONFIG

    form: Literal["rest"]
    url: Annotated[str, Field(pattern=r"^https://[^/]+$")]
    ca: Path
    certificate: Path
    private: Path
    passphrase: Path | None = None
    secret: Path
    audience: str = ""
    seconds: Annotated[int, Field(ge=1, le=600)] = 60


class Link(BaseModel):
    """A link.

    Attributes:
        client: our client id.
        receiver: the other side's.
        layout: id of the layout; the version that holds on the day is used.
        layouts: the operator's folder of layouts, beside those that are shipped.
        persons: the operator's table of persons; the shipped one if left out.
        audit: folder of the signed files of the office's log; none are written if left out.
    """

    model_config = _CONFIG

    client: str = ""
    receiver: str = ""
    layout: str = "kokuho-assumed"
    layouts: Path | None = None
    persons: Path | None = None
    audit: Path | None = None
    freshness: Freshness = Freshness()
    schedule: Schedule = Schedule()
    keys: Keys | None = None
    transport: Annotated[Folders | Rest, Field(discriminator="form")] | None = None

    def known_layouts(self) -> list[Layout]:
        """The shipped layouts and the operator's."""
        return load_all(SHIPPED, *([self.layouts] if self.layouts else []))

    def policy(self) -> PersonPolicy:
        """The table of persons."""
        return load_policy(self.persons)

    def ring(self) -> KeyRing:
        """The public keys of both sides."""
        return KeyRing.from_json(_text(self._keys().ring))

    def signing_key(self, at: datetime | None = None) -> SigningKey:
        """Our private key, by the public one of it that holds now.

        Raises:
            LinkageError: none does, or the passphrase does not open it.
        """
        now, keys = at or datetime.now(UTC), self._keys()
        pem, passphrase = _bytes(keys.private), _bytes(keys.passphrase).strip()
        failure: LinkageError | None = None
        for public in self.ring().keys.values():
            holds = public.valid_from <= now < public.valid_until and public.revoked_at is None
            if public.owner != self.client or not holds:
                continue
            try:
                return SigningKey.from_pem(pem, passphrase, public)
            except LinkageError as error:
                failure = error  # there may be another key of ours, as around a change of keys
        raise failure or LinkageError(
            _("no key of {client} that holds now is in {file}").format(
                client=self.client or "-", file=keys.ring.name
            )
        )

    def _keys(self) -> Keys:
        if self.keys is None:
            raise LinkageError(_("the file of the link names no keys (keys)"))
        return self.keys


def load_link(path: Path | None) -> Link:
    """The link of a file; without one, what needs no other side: layout and table as shipped.

    Paths in it are relative to its own folder.

    Raises:
        LinkageError: it is no such file; each fault is named.
    """
    if path is None:
        return Link()
    try:
        return Link.model_validate(_absolute(read_yaml(path, LinkageError), path.parent))
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        head = _("{file} is not the file of a link:").format(file=path.name)
        raise LinkageError("\n  ".join([head, *lines])) from error


def configured() -> Link:
    """The link that the setting ``KOKUHO_LINKAGE`` names; the shipped values without it."""
    named = os.environ.get("KOKUHO_LINKAGE")
    return load_link(Path(named) if named else None)


_PATHS = (
    *("layouts", "persons", "audit", "ring", "out", "results"),
    *("ca", "certificate", "private", "passphrase", "secret"),
)


def _absolute(value: Any, folder: Path) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: folder / one if name in _PATHS and isinstance(one, str) else _absolute(one, folder)
        for name, one in value.items()
    }


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LinkageError(
            _("{file} cannot be read: {error}").format(file=path, error=error.strerror)
        ) from error


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8", errors="replace")
