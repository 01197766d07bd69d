"""Importing a file: all of it in one transaction, so that a kill leaves nothing half done.

The same file again changes nothing; a corrected file changes what its corrected rows say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.imports.columns import FILES
from kokuho.office.imports.facts import Facts, Ids, facts_of
from kokuho.office.imports.mapping import read_map
from kokuho.office.imports.reading import Prepared, prepare
from kokuho.office.jobs import runs
from kokuho.office.register import recordings
from kokuho.office.register.models import Headship, Household, Insurer, Resident
from kokuho.office.store.owned import Owned
from kokuho.office.store.recording import change
from kokuho.office.tenancy import CODE, seeing
from kokuho.tables import LINE, Refusal, write_refusals

_ = translator("office")

Progress = Callable[[int, int], None]
"""Told as it goes: what is done, and how much there is."""

_AT_ONCE = 500


@dataclass
class Outcome:
    """What an import did.

    ``imported`` is false where refused rows stopped it; ``errors`` is the file that names them.
    """

    rows: int
    refusals: list[Refusal]
    imported: bool
    errors: Path | None
    counts: dict[str, int] = field(default_factory=dict)


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
        progress: told as rows are recorded.

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
    return Outcome(prepared.height, prepared.refusals, True, errors, counts)


def write_errors(path: Path, refusals: Sequence[Refusal]) -> Path | None:
    """Write the refused rows beside their file, or remove what an earlier import wrote there."""
    errors = path.with_suffix(".errors.csv")
    if refusals:
        write_refusals(errors, refusals)
        return errors
    errors.unlink(missing_ok=True)
    return None


def _unknown(prepared: Prepared, path: Path) -> Iterator[Refusal]:
    """Rows of insurers, and of persons, that the register does not know."""
    frame = prepared.frame
    insurers = set(Insurer.objects.values_list("code", flat=True))
    persons = set()
    if prepared.kind != "residents":
        for code in insurers:
            numbers = frame.filter(insurer_code=code)["person_id"].unique().to_list()
            persons |= {(code, number) for number in _ids(Resident, code, numbers)}
    titles = {column.name: column.title for column in FILES[prepared.kind]}
    for line, code, person in frame.select(LINE, "insurer_code", "person_id").iter_rows():
        if code not in insurers:
            wrong = ("insurer_code", code, "unknown_insurer")
            words = _("an insurer that was added with kokuho insurer add")
        elif prepared.kind != "residents" and (code, person) not in persons:
            wrong = ("person_id", person, "unknown_person")
            words = _("a resident who was imported before")
        else:
            continue
        column, value, reason = wrong
        yield Refusal(path.name, line, column, value, reason, words, titles[column])


def _import(
    prepared: Prepared,
    path: Path,
    map_file: Path | None,
    actor: str,
    at: datetime | None,
    progress: Progress | None,
) -> dict[str, int]:
    frame = prepared.frame
    codes = sorted(set(frame["insurer_code"]))
    key = _key(prepared.kind, path, map_file)
    for code in codes:
        runs.begin(code, "import", key, actor, again=True)
    totals = dict.fromkeys(("residents", "households", "inserted", "superseded"), 0)
    reason = f"{prepared.kind}: {path.name}"
    done = 0
    with seeing(codes, writing=True):
        for code in codes:
            rows = frame.filter(insurer_code=code).sort(LINE).to_dicts()
            counts = dict.fromkeys(totals, 0)
            with transaction.atomic():
                moment = recordings.begin(code, actor=actor, reason=reason, at=at)
                _record(prepared, rows, moment, counts, _told(progress, done, frame.height))
                # where nothing is new, not even the moment is kept
                transaction.set_rollback(not any(counts.values()))
            runs.finish(code, "import", key, {"rows": len(rows), **counts})
            done += len(rows)
            totals = {name: number + counts[name] for name, number in totals.items()}
    return totals


def _told(progress: Progress | None, before: int, total: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if progress:
            progress(before + done, total)

    return tell


def _key(kind: str, path: Path, map_file: Path | None) -> str:
    """The kind of a file, and what is in it."""
    digest = hashlib.sha256(path.read_bytes())
    if map_file:
        digest.update(map_file.read_bytes())
    return f"{kind} {digest.hexdigest()}"


def _record(
    prepared: Prepared,
    rows: Sequence[Mapping[str, Any]],
    moment: recordings.Recording,
    counts: dict[str, int],
    tell: Callable[[int], None],
) -> None:
    ids = _all_ids(prepared.kind, rows, moment.insurer_id, counts)
    done = 0
    for some in _pieces(prepared.kind, rows):
        heads = _known_heads(prepared.kind, some, ids)
        facts: Facts = facts_of(prepared.kind, some, prepared.given, ids, heads)
        for said in facts.values():
            changes = change(moment, said)
            counts["inserted"] += len(changes.inserted)
            counts["superseded"] += len(changes.superseded)
        done += len(some)
        tell(done)


def _pieces(kind: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The rows in pieces that bound the memory; what belongs together stays together."""
    name = "household_id" if kind == "households" else "person_id"
    piece: list[Mapping[str, Any]] = []
    for _number, together in groupby(sorted(rows, key=lambda row: row[name]), lambda r: r[name]):
        piece += together
        if len(piece) >= 4 * _AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece


def _all_ids(
    kind: str, rows: Sequence[Mapping[str, Any]], insurer: str, counts: dict[str, int]
) -> Ids:
    """The ids of residents and households; those that a file brings in are made."""
    persons = sorted({row["person_id"] for row in rows})
    residents = _ids(Resident, insurer, persons)
    households: dict[str, int] = {}
    if kind == "residents":
        counts["residents"] = _make(Resident, insurer, persons, residents)
    if kind == "households":
        numbers = sorted({row["household_id"] for row in rows})
        households = _ids(Household, insurer, numbers)
        counts["households"] = _make(Household, insurer, numbers, households)
    return Ids(residents, households)


_NUMBER = {Resident: "address_number", Household: "household_number"}


def _ids(model: type[Any], insurer: str, numbers: Sequence[str]) -> dict[str, int]:
    name = _NUMBER[model]
    found: dict[str, int] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        rows = model.objects.filter(insurer_id=insurer, **{f"{name}__in": some})
        found.update(rows.values_list(name, "pk"))
    return found


def _make(model: type[Any], insurer: str, numbers: Sequence[str], ids: dict[str, int]) -> int:
    """Make the rows of new numbers, and add their ids."""
    new = [number for number in numbers if number not in ids]
    made: list[Owned] = [model(insurer_id=insurer, **{_NUMBER[model]: number}) for number in new]
    model.objects.bulk_create(made, batch_size=_AT_ONCE)
    ids.update(zip(new, (row.pk for row in made), strict=True))
    return len(new)


def _known_heads(kind: str, rows: Sequence[Mapping[str, Any]], ids: Ids) -> list[Headship]:
    if kind != "households":
        return []
    households = sorted({ids.households[row["household_id"]] for row in rows})
    found: list[Headship] = []
    for start in range(0, len(households), _AT_ONCE):
        some = households[start : start + _AT_ONCE]
        found += Headship.objects.known().filter(household_id__in=some)
    return found
