"""One file of many insurers' files (集計): what is there is summed, what is not is shown.

Nothing is filled in. Counts and amounts are added; ratios are made again from their numerators and
denominators. A cell that one insurer suppressed is not told in the sum either, as the sum of the
others would be another figure than its name says.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.statistics.catalogue import Definition, catalogue
from kokuho.statistics.cells import FIXED
from kokuho.statistics.figures import (
    VERSION,
    Figure,
    MeasureFile,
    count,
    figure_id,
    measure_file,
    parse_id,
    ratio,
    read_measures,
)
from kokuho.tables import Column, read_table

_ = translator("statistics")

State = Literal["taken", "late", "missing", "other_day", "other_version", "doubled", "unexpected",
                "unreadable", "failed"]  # fmt: skip

STATES: Mapping[State, str] = {
    "taken": "taken",
    "late": "taken, though it came after the deadline",
    "missing": "no file",
    "other_day": "of another day",
    "other_version": "of another version of the format",
    "doubled": "two files of one insurer",
    "unexpected": "no insurer of the list",
    "unreadable": "no measure file",
    "failed": "its data could not be summed",
}
"""What became of an insurer or a file; a closed list. The first two are in the sum."""

COLUMNS: tuple[Column, ...] = (
    Column("insurer_code", "text", "保険者コード", required=True, aliases=("保険者番号",)),
    Column("name", "text", "保険者名", nullable=True),
    Column("received_on", "date", "受領日", nullable=True),
)
"""The list of the insurers that are expected."""


@dataclass(frozen=True)
class Expected:
    """An insurer whose file is expected, and the day on which it came."""

    insurer_code: str
    name: str = ""
    received_on: date | None = None


@dataclass(frozen=True)
class Arrival:
    """What became of the file of an insurer; ``detail`` says what is particular about it."""

    insurer_code: str
    name: str
    state: State
    file: str = ""
    detail: str = ""

    @property
    def counted(self) -> bool:
        """Whether the insurer is in the sum."""
        return self.state in ("taken", "late")


@dataclass
class Combined:
    """The file of all, and what became of each insurer."""

    file: MeasureFile
    arrivals: list[Arrival] = field(default_factory=list)
    taken: dict[str, MeasureFile] = field(default_factory=dict)

    def coverage(self) -> dict[str, Any]:
        """The insurers with their states, for people and machines."""
        states = Counter(one.state for one in self.arrivals)
        return {
            "insurer_code": self.file.insurer_code,
            "as_of": self.file.as_of.isoformat(),
            "states": dict(sorted(states.items())),
            "insurers": [asdict(one) | {"words": _(STATES[one.state])} for one in self.arrivals],
        }

    def coverage_json(self) -> str:
        """:meth:`coverage` as JSON text."""
        return json.dumps(self.coverage(), ensure_ascii=False, indent=1) + "\n"


def read_expected(path: Path) -> list[Expected]:
    """Read the list of the insurers that are expected.

    Raises:
        StatisticsError: a row cannot be read, or an insurer stands twice.
    """
    table = read_table(path, COLUMNS)
    if table.refusals:
        raise StatisticsError("\n".join(one.message() for one in table.refusals))
    rows = [Expected(row["insurer_code"], row["name"] or "", row["received_on"])
            for row in table.frame.iter_rows(named=True)]  # fmt: skip
    codes = Counter(one.insurer_code for one in rows)
    if twice := sorted(code for code, number in codes.items() if number > 1):
        raise StatisticsError(
            _("{file}: stands twice: {codes}").format(file=path, codes=", ".join(twice))
        )
    return rows


def combine(
    paths: Sequence[Path],
    code: str,
    as_of: date,
    expected: Sequence[Expected] = (),
    deadline: date | None = None,
) -> Combined:
    """Add up the measure files of insurers.

    Args:
        paths: the files.
        code: what the sum is called in place of an insurer's code (都道府県番号).
        as_of: the day that the files must be of.
        expected: the insurers whose files are expected; without it those that sent one.
        deadline: a file that came later, by the list, is taken and shown as late.
    """
    arrivals, taken = _taken(paths, as_of, expected, deadline)
    wanted = len(expected) or len({one.insurer_code for one in arrivals if one.insurer_code})
    figures = [ratio("insurers", len(taken), wanted), *_summed(list(taken.values()))]
    return Combined(measure_file(code, as_of, figures), arrivals, taken)


def _taken(
    paths: Sequence[Path], as_of: date, expected: Sequence[Expected], deadline: date | None
) -> tuple[list[Arrival], dict[str, MeasureFile]]:
    known = {one.insurer_code: one for one in expected}
    read: dict[str, list[tuple[Path, MeasureFile]]] = {}
    arrivals: list[Arrival] = []
    for path in paths:
        try:
            file = read_measures(path)
        except StatisticsError as error:
            arrivals.append(_unreadable(path, error, known))
            continue
        read.setdefault(file.insurer_code, []).append((path, file))
    taken: dict[str, MeasureFile] = {}
    for insurer, files in read.items():
        one = known.get(insurer, Expected(insurer))
        names = ", ".join(path.name for path, _file in files)
        file = files[0][1]
        state, detail = _state(files, as_of, one, deadline, listed=not known or insurer in known)
        arrivals.append(Arrival(insurer, one.name, state, names, detail))
        if arrivals[-1].counted:
            taken[insurer] = file
    there = {one.insurer_code for one in arrivals}
    arrivals += [
        Arrival(one.insurer_code, one.name, "missing")
        for one in expected
        if one.insurer_code not in there
    ]
    return sorted(arrivals, key=lambda one: (one.insurer_code, one.file)), taken


def _unreadable(path: Path, error: StatisticsError, known: Mapping[str, Expected]) -> Arrival:
    """A file that is none of ours: of another version, or no measure file at all."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        data = None
    insurer = str(data.get("insurer_code") or "") if isinstance(data, dict) else ""
    version = data.get("version") if isinstance(data, dict) else None
    name = known[insurer].name if insurer in known else ""
    if version not in (None, VERSION):
        return Arrival(insurer, name, "other_version", path.name, str(version))
    return Arrival(insurer, name, "unreadable", path.name, str(error))


def _state(
    files: list[tuple[Path, MeasureFile]],
    as_of: date,
    one: Expected,
    deadline: date | None,
    *,
    listed: bool,
) -> tuple[State, str]:
    file = files[0][1]
    if not listed:
        return "unexpected", ""
    if len(files) > 1:
        return "doubled", ""
    if file.as_of != as_of:
        return "other_day", file.as_of.isoformat()
    if deadline and one.received_on and one.received_on > deadline:
        return "late", one.received_on.isoformat()
    return "taken", ""


def _summed(files: Sequence[MeasureFile]) -> Iterator[Figure]:
    own = [file.by_id() for file in files]
    names = dict.fromkeys(name for figures in own for name in figures)
    wholes = {_whole(name) for figures in own for name in figures}
    with_whole = {whole: [whole in figures for figures in own] for whole in wholes}
    for name in names:
        measure = parse_id(name)[0]
        if measure not in catalogue() or measure == "insurers":
            continue
        has = with_whole[_whole(name)]
        found = [figures.get(name) for figures, there in zip(own, has, strict=True) if there]
        # where a table has no such cell nobody is in it, if the table itself is there
        yield _one(name, catalogue()[measure], found, absent=has.count(False))


def _whole(name: str) -> str:
    """The figure of the same table that every file with the table has: its total."""
    measure, cell = parse_id(name)
    if measure not in catalogue() or catalogue()[measure].is_ratio:
        return name
    return figure_id(measure, [pair for pair in cell if pair[0] in FIXED])


def _told(figure: Figure, definition: Definition) -> bool:
    """Whether a file has the numbers that a sum is made of."""
    if definition.is_ratio:
        return figure.numerator is not None and figure.denominator is not None
    return figure.value is not None


def without(absent: int) -> str:
    """The note of a figure that so many insurers do not tell."""
    return _("without {count} insurers that do not tell it").format(count=absent) if absent else ""


def _one(
    name: str, definition: Definition, found: Iterable[Figure | None], *, absent: int
) -> Figure:
    there = [one for one in found if one is not None]
    figures = [one for one in there if one.suppressed or _told(one, definition)]
    absent += len(there) - len(figures)
    note = without(absent)
    if any(one.suppressed for one in figures):
        return Figure(id=name, unit=definition.unit, suppressed=True, note=note)
    if not figures:
        return Figure(id=name, unit=definition.unit, note=note)
    if not definition.is_ratio:
        return count(name, sum(int(one.value or 0) for one in figures), definition.unit, note)
    above = sum(one.numerator or 0 for one in figures)
    below = sum(one.denominator or 0 for one in figures)
    return ratio(
        name, above, below, places=definition.places, unit=definition.unit, note=note
    )  # fmt: skip
