"""Importing a file: prepared piece by piece, then all of it written in one transaction.

A kill leaves nothing half done, and the same command goes on where it was. The same file again
changes nothing; a corrected file changes what its corrected rows say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.imports import staging
from kokuho.office.imports.columns import FILES
from kokuho.office.imports.ids import ids_of
from kokuho.office.imports.mapping import read_map
from kokuho.office.imports.reading import Prepared, prepare
from kokuho.office.imports.staging import Part
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Run
from kokuho.office.register.models import Household, Insurer, Resident
from kokuho.office.tenancy import CODE, seeing
from kokuho.tables import LINE, Refusal, write_refusals

_ = translator("office")

Progress = Callable[[int, int], None]
"""Told as it goes: what is done, and how much there is."""


@dataclass
class Outcome:
    """What an import did.

    ``imported`` is false where refused rows stopped it, or somebody (``cancelled``); ``errors`` is
    the file that names the refused rows.
    """

    rows: int
    refusals: list[Refusal]
    imported: bool
    errors: Path | None
    counts: dict[str, int] = field(default_factory=dict)
    cancelled: bool = False


def run(
    kind: str,
    path: Path,
    *,
    good_rows: bool = False,
    map_file: Path | None = None,
    actor: str = "kokuho import",
    at: datetime | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Import one file.

    Args:
        kind: one of ``FILES``.
        path: the file; refused rows are written beside it, to ``NAME.errors.csv``.
        good_rows: import the good rows although others are refused.
        map_file: what the office calls the columns and codes.
        actor: who imports it.
        at: a past moment, to bring in what was known then (see ``recordings.begin``).
        progress: told as rows are prepared and then written: each counts twice.

    Raises:
        KokuhoError: the file or the map cannot be read, or no row of it is of an insurer.
    """
    prepared = prepare(kind, path, read_map(map_file, FILES[kind]))
    codes = sorted(set(prepared.frame["insurer_code"]))
    if wrong := [code for code in codes if not CODE.fullmatch(code)]:
        raise InputError(
            _("{file}: {codes} is not the code of an insurer.").format(
                file=path, codes=", ".join(wrong)
            )
        )
    with seeing(codes):
        prepared = prepared.without(list(_unknown(prepared, path)))
    errors = write_errors(path, prepared.refusals)
    if prepared.refusals and not good_rows:
        return Outcome(prepared.height, prepared.refusals, imported=False, errors=errors)
    counts = _import(prepared, path, map_file, actor, at, progress)
    done = counts is not None
    return Outcome(
        prepared.height, prepared.refusals, done, errors, counts or {}, cancelled=not done
    )


def write_errors(path: Path, refusals: Sequence[Refusal]) -> Path | None:
    """Write the refused rows beside their file, or remove what an earlier import wrote there."""
    errors = path.with_suffix(".errors.csv")
    if refusals:
        write_refusals(errors, refusals)
        return errors
    errors.unlink(missing_ok=True)
    return None


def _unknown(prepared: Prepared, path: Path) -> Iterator[Refusal]:
    """Rows of insurers, persons and households that the register does not know."""
    frame = prepared.frame
    insurers = set(Insurer.objects.values_list("code", flat=True))
    titles = {column.name: column.title for column in FILES[prepared.kind]}
    known: dict[str, set[tuple[str, str]]] = {name: set() for name in _MUST_BE[prepared.kind]}
    for name, found in known.items():
        for code in insurers:
            numbers = frame.filter(insurer_code=code)[name].drop_nulls().unique().to_list()
            found |= {(code, number) for number in ids_of(_MODELS[name], code, numbers)}
    words = {
        "insurer_code": _("an insurer that was added with kokuho insurer add"),
        "person_id": _("a resident who was imported before"),
        "household_id": _("a household that was imported before"),
    }
    for line, code, *numbers in frame.select(LINE, "insurer_code", *known).iter_rows():
        wrong = None
        if code not in insurers:
            wrong = ("insurer_code", code, "unknown_insurer")
        for (name, found), number in zip(known.items(), numbers, strict=True):
            if wrong is None and number is not None and (code, number) not in found:
                wrong = (name, number, _CODES[name])
        if wrong:
            name, value, reason = wrong
            yield Refusal(path.name, line, name, value, reason, words[name], titles[name])


_MODELS = {"person_id": Resident, "household_id": Household}
_CODES = {"person_id": "unknown_person", "household_id": "unknown_household"}
_MUST_BE: Mapping[str, tuple[str, ...]] = {
    "residents": (),
    "households": ("person_id",),
    "enrolments": ("person_id",),
    "incomes": ("person_id",),
    "benefits": ("person_id",),
    "decisions": ("person_id", "household_id"),
}
"""Whom the register must know before; all others are made."""


def _import(
    prepared: Prepared,
    path: Path,
    map_file: Path | None,
    actor: str,
    at: datetime | None,
    progress: Progress | None,
) -> dict[str, int] | None:
    """Prepare and write the rows; ``None`` if somebody asked to stop."""
    frame, kind = prepared.frame, prepared.kind
    key = _key(kind, path, map_file)
    parts = [
        Part(kind, code, key, frame.filter(insurer_code=code).sort(LINE).to_dicts(), prepared.given)
        for code in sorted(set(frame["insurer_code"]))
    ]
    tell = _told(progress, 2 * frame.height)
    totals = dict.fromkeys(staging.COUNTS, 0)
    how: dict[str, Any] = {"actor": actor, "at": at, "reason": f"{kind}: {path.name}"}
    try:
        for part in parts:
            if staging.prepare(part, actor, tell).state == Run.State.CANCELLED:
                raise staging.StoppedError
        with seeing([part.insurer for part in parts], writing=True):
            for part in parts:
                counts = staging.apply(part, tell=tell, **how)
                totals = {name: number + counts[name] for name, number in totals.items()}
    except staging.StoppedError:
        for part in parts:
            runs.cancelled(part.insurer, staging.KIND, key)
        return None
    except Exception as error:
        for part in parts:
            runs.failed(part.insurer, staging.KIND, key, error)
        raise
    return totals


def _told(progress: Progress | None, total: int) -> staging.Tell:
    done = 0

    def tell(rows: int) -> None:
        nonlocal done
        done += rows
        if progress:
            progress(done, total)

    return tell


def _key(kind: str, path: Path, map_file: Path | None) -> str:
    """The kind of a file, and what is in it."""
    digest = hashlib.sha256(path.read_bytes())
    if map_file:
        digest.update(map_file.read_bytes())
    return f"{kind} {digest.hexdigest()}"
