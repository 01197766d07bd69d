"""Confidentiality (秘匿): small cells are not told, nor what would let anybody work them out.

A figure of fewer persons or households than the threshold is suppressed (一次秘匿). Then figures
beside it are (二次秘匿), until nobody who knows all that is told, how the figures hang together
(:mod:`kokuho.statistics.relations`) and that no number is below zero, can say of any suppressed
number more than that it lies in an interval which is wide enough. Which ones is the answer of a
linear programme for each suppressed number: the cheapest other figures that would have to change if
it were larger by the width asked for; and nothing is published before :func:`intervals`, which
knows only what is published, finds all intervals wide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.statistics.catalogue import Definition, catalogue
from kokuho.statistics.cells import FIXED, PART_OF
from kokuho.statistics.figures import Cell, Figure, MeasureFile, figure_id, parse_id
from kokuho.statistics.programme import Bounds, Change, Programme, components
from kokuho.statistics.relations import System, Variable, system_of

_ = translator("statistics")

Key = tuple[str, str]
"""A figure: the name of its file, and its id."""

_TOTAL, _PART_OF, _CELL = 1000.0, 20.0, 1.0
"""What it costs to suppress a total, a code that stands beside others, a cell of a table."""

_NO_PERSONS = ("account", "plan", "coverage")
"""Groups of measures that count nobody: yen of the municipality, insurers."""

_FREE = 1e-3
"""What it costs to change what is suppressed anyway: so little, but no number moves for nothing."""


_NEAR = 1e-6
"""By what share of it a width may be missed: the programme's own arithmetic is no closer."""


@dataclass(frozen=True)
class Rules:
    """How much is kept back.

    Attributes:
        threshold: a figure of 1 to ``threshold - 1`` persons, households or claims is suppressed,
            and no suppressed count can be told closer than this. 10 is our choice.
        percent: no suppressed amount of money can be told closer than this share of it.
    """

    threshold: int = 10
    percent: int = 20

    def width(self, value: int, *, counts: bool) -> int:
        """How wide the interval of a suppressed number has to be."""
        return self.threshold if counts else max(self.threshold, -(-value * self.percent // 100))


def protect(file: MeasureFile, rules: Rules | None = None) -> MeasureFile:
    """A measure file as it may be published."""
    name = file.insurer_code
    return protect_all({name: file}, rules=rules)[name]


def protect_all(
    files: Mapping[str, MeasureFile], whole: str | None = None, rules: Rules | None = None
) -> dict[str, MeasureFile]:
    """Measure files that are published side by side.

    Args:
        files: the files by their names; what is suppressed in one already stays so.
        whole: the name of the one that is the sum of all others.
        rules: how much is kept back.

    Raises:
        StatisticsError: the figures of a file contradict each other.
    """
    rules = rules or Rules()
    made = system_of(files, whole)
    if wrong := next(made.broken(), None):
        raise StatisticsError(
            _("{file}: {id} does not agree with the figures that it is made of").format(
                file=wrong.file, id=wrong.id
            )
        )
    hidden = {key for key, one in made.figures.items() if one.suppressed}
    hidden |= _primary(made, rules)
    for part in components(made):
        _Complement(made, part, rules).add_to(hidden)
    while narrow := _narrow(files, whole, hidden, made, rules):
        before = len(hidden)
        for part in components(made):
            if some := narrow & part.keys():
                _Complement(made, part, rules).add_to(hidden, some)
        if len(hidden) == before:
            raise StatisticsError(
                _("{id}: nothing beside it can hide it").format(id=min(narrow)[1])
            )
    return {name: _told(name, file, hidden) for name, file in files.items()}


def intervals(
    files: Mapping[str, MeasureFile], whole: str | None = None
) -> dict[Variable, tuple[float, float]]:
    """What anybody can say of the suppressed numbers of published files: lowest and highest.

    Raises:
        StatisticsError: the figures of a file contradict each other.
    """
    made = system_of(files, whole)
    found: dict[Variable, tuple[float, float]] = {}
    for part in components(made):
        unknown = [one for key in part for one in part[key] if made.value(one) is None]
        programme = Programme(
            made, part, {one: Bounds.of(made.value(one)) for key in part for one in part[key]}
        )
        found |= {one: programme.range_of(one) for one in unknown}
    return found


def unprotected(file: MeasureFile, rules: Rules | None = None) -> tuple[str, ...]:
    """The ids of figures of too few that a file tells: none of one that was protected."""
    small = _primary(system_of({"": file}, None), rules or Rules())
    told = {one.id for one in file.measures if not one.suppressed}
    return tuple(sorted(name for _file, name in small if name in told))


def is_count(variable: Variable) -> bool:
    """Whether a number counts persons, households or claims (else it is money)."""
    definition = catalogue()[parse_id(variable.id)[0]]
    if not definition.is_ratio:
        return definition.unit == "count"
    if definition.parts:
        part = definition.parts[0 if variable.place == "numerator" else 1]
        return catalogue()[part].unit == "count"
    return False


def _told(name: str, file: MeasureFile, hidden: set[Key]) -> MeasureFile:
    figures = tuple(
        Figure(id=one.id, unit=one.unit, suppressed=True) if (name, one.id) in hidden else one
        for one in file.measures
    )
    return file.model_copy(update={"measures": figures})


def _primary(made: System, rules: Rules) -> set[Key]:
    """The figures of too few: by their own number, or that of those behind them."""
    hidden: set[Key] = set()
    for key, figure in made.figures.items():
        measure, cell = parse_id(figure.id)
        definition = catalogue()[measure]
        if definition.group in _NO_PERSONS:
            continue
        numbers = [made.value(one) for one in made.variables(*key) if is_count(one)]
        behind = _behind(made, key[0], definition, cell)
        if any(one is not None and 0 < one < rules.threshold for one in (*numbers, behind)):
            hidden.add(key)
    return hidden


def _behind(made: System, file: str, definition: Definition, cell: Cell) -> int | None:
    """How many persons or households are behind a figure; none where no measure says it."""
    for base in definition.base:
        of_base = [(name, code) for name, code in cell if name in catalogue()[base].dimensions]
        fixed = [(name, code) for name, code in of_base if name in FIXED]
        if (file, figure_id(base, fixed)) in made.figures:
            figure = made.figures.get((file, figure_id(base, of_base)))
            if figure is None:
                return 0
            return 1 if figure.value is None else int(figure.value)
    return None


def _narrow(
    files: Mapping[str, MeasureFile],
    whole: str | None,
    hidden: set[Key],
    made: System,
    rules: Rules,
) -> set[Key]:
    """The suppressed figures of which an outsider could say too much."""
    told = {name: _told(name, file, hidden) for name, file in files.items()}
    found: set[Key] = set()
    for one, (low, high) in intervals(told, whole).items():
        value = made.value(one)
        if value is None or one in made.linked:
            continue
        if high - low < rules.width(value, counts=is_count(one)) * (1 - _NEAR):
            found.add((one.file, one.id))
    return found


class _Complement:
    """Figures beside suppressed ones that are suppressed too, in one part of the system."""

    def __init__(
        self, made: System, part: Mapping[Key, tuple[Variable, ...]], rules: Rules
    ) -> None:
        self.made, self.part, self.rules = made, part, rules

    def add_to(self, hidden: set[Key], only: set[Key] | None = None) -> None:
        """Add to the suppressed figures what each of them (or only some) needs beside it."""
        targets = [
            one
            for key in sorted(self.part.keys() & (hidden if only is None else only))
            for one in self.part[key]
            if one not in self.made.linked and self.made.value(one) is not None
        ]
        if not targets:
            return
        base = self._values()
        change = Change(self.made, self.part, base)
        for one in base:
            change.price(one, _FREE if (one.file, one.id) in hidden else self._cost(one))
        for one in targets:
            moved = change.cheapest(one, self.rules.width(base[one], counts=is_count(one)))
            if moved is None:
                raise StatisticsError(_("{id}: nothing beside it can hide it").format(id=one.id))
            for key in {(var.file, var.id) for var in moved} - hidden:
                hidden.add(key)
                for var in self.part[key]:
                    change.price(var, _FREE)

    def _values(self) -> dict[Variable, int]:
        """The numbers; where a file does not tell one, any that fits the others."""
        known = {one: self.made.value(one) for own in self.part.values() for one in own}
        if None not in known.values():
            return {one: value or 0 for one, value in known.items()}
        bounds = {one: Bounds.of(value) for one, value in known.items()}
        found = Programme(self.made, self.part, bounds).any()
        return {one: round(found[one]) for one in known}

    def _cost(self, one: Variable) -> float:
        if one in self.made.linked:
            return _FREE
        cell = parse_id(one.id)[1]
        free = [(name, code) for name, code in cell if name not in FIXED]
        if not free:
            return _TOTAL
        special = any(code in PART_OF.get(name, {}) for name, code in free)
        size = (self.made.value(one) or 0) + 1
        return (_PART_OF if special else _CELL) * float(size.bit_length()) / len(free)
