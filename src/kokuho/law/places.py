"""Where we are in a file of law, for messages that name the place: file, entry, key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NoReturn, cast

import yaml

from kokuho.base.errors import LawError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import StrictLoader
from kokuho.law.model import CERTAINTIES

_ = translator("law")


@dataclass(frozen=True)
class Place:
    """A place in a file; its readers refuse what is not as expected, with a message that names it.

    All of them raise ``LawError``.
    """

    file: str
    name: str = ""

    def fail(self, message: str) -> NoReturn:
        """Refuse what stands here."""
        where = f"{self.file}: {self.name}" if self.name else self.file
        raise LawError(f"{where}: {message}")

    def at(self, name: str) -> Place:
        """The place of an entry of the file."""
        return replace(self, name=name)

    def mapping(self, raw: object, allowed: set[str], required: set[str]) -> dict[str, object]:
        """A table with these keys and no others."""
        if not isinstance(raw, dict):
            self.fail(_("a table of keys and values is expected"))
        table = cast("dict[object, object]", raw)
        if unknown := [str(key) for key in table if key not in allowed]:
            self.fail(_("unknown key: {keys}").format(keys=", ".join(sorted(unknown))))
        if missing := [key for key in sorted(required) if table.get(key) is None]:
            self.fail(_("missing: {keys}").format(keys=", ".join(missing)))
        return cast("dict[str, object]", table)

    def text(self, raw: object, key: str) -> str:
        """Text that is not empty."""
        if not isinstance(raw, str) or not raw.strip():
            self.fail(_("{key} must be text").format(key=key))
        return raw

    def date(self, raw: object, key: str) -> date:
        """A date."""
        if type(raw) is not date:
            self.fail(_("{key} must be a date such as 2026-04-01").format(key=key))
        return raw

    def source(self, raw: object, sources: Mapping[str, str]) -> str:
        """One key of the list of sources, or several; what the list says of them."""
        texts = []
        for key in raw if isinstance(raw, list) and raw else [raw]:
            if not isinstance(key, str) or key not in sources:
                self.fail(_("source {key} is not in the list of sources").format(key=key))
            texts.append(sources[key])
        return " / ".join(texts)

    def certainty(self, raw: object) -> str:
        """How sure it is (``CERTAINTIES``)."""
        if not isinstance(raw, str) or raw not in CERTAINTIES:
            self.fail(
                _("certainty {code} is not one of: {codes}").format(
                    code=raw, codes=", ".join(CERTAINTIES)
                )
            )
        return raw


def load_yaml(path: Path) -> tuple[object, Place]:
    """What a file says, and its place.

    Raises:
        LawError: it cannot be read, or is no YAML.
    """
    place = Place(path.name)
    try:
        return yaml.load(path.read_bytes(), StrictLoader), place
    except OSError as error:
        place.fail(_("cannot be read: {reason}").format(reason=error.strerror))
    except (yaml.YAMLError, ValueError) as error:
        place.fail(_("is not YAML: {reason}").format(reason=str(error).replace("\n", " ")))
