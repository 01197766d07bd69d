"""How the figures of measure files hang together: every equation that anybody can set up.

A figure has one number or, a ratio, two (numerator and denominator); they are the variables.
Rows and columns add up to their margins, a code stands beside those that it is made of, the parts
of a ratio are figures themselves, and files of insurers add up to the file of all of them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kokuho.statistics.catalogue import Definition, Place, catalogue
from kokuho.statistics.cells import FIXED, PART_OF
from kokuho.statistics.figures import Cell, Figure, MeasureFile, figure_id, parse_id


class Variable(NamedTuple):
    """One number: of which file, which figure, and which of the figure's numbers."""

    file: str
    id: str
    place: Place


@dataclass(frozen=True)
class Relation:
    """``0 <= sum of coefficient * variable <= high``; an equation where ``high`` is 0.

    ``rule`` says what it is, for people: ``total``, ``part`` (of a ratio), or ``overlap`` (cells
    add up to their margin at least).
    """

    terms: Mapping[Variable, int]
    high: float = 0.0
    rule: str = "total"


@dataclass
class System:
    """The variables of some files with what is known of them, and their relations.

    ``linked`` are the parts of ratios that are figures themselves: they go with those.
    """

    figures: dict[tuple[str, str], Figure] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    linked: set[Variable] = field(default_factory=set)

    def variables(self, file: str, name: str) -> tuple[Variable, ...]:
        """The numbers of a figure."""
        if catalogue()[parse_id(name)[0]].is_ratio:
            return (Variable(file, name, "numerator"), Variable(file, name, "denominator"))
        return (Variable(file, name, "value"),)

    def value(self, variable: Variable) -> int | None:
        """The number, if the file tells it."""
        figure = self.figures[variable.file, variable.id]
        found = getattr(figure, variable.place)
        return None if found is None else int(found)

    def broken(self) -> Iterator[Variable]:
        """The margins and parts of ratios that do not agree with the numbers that are told."""
        for relation in self.relations:
            numbers = {one: self.value(one) for one in relation.terms}
            if None in numbers.values():
                continue
            total = sum(times * (numbers[one] or 0) for one, times in relation.terms.items())
            if not 0 <= total <= relation.high:
                # the first of a ratio's part and its figure, the last of cells and their margin
                yield list(relation.terms)[0 if relation.rule == "part" else -1]


def system_of(files: Mapping[str, MeasureFile], whole: str | None = None) -> System:
    """The system of some files by their names.

    Args:
        files: the files.
        whole: the name of the one that is the sum of all others.
    """
    made = System()
    for name, file in files.items():
        made.figures |= {
            (name, one.id): one for one in file.measures if parse_id(one.id)[0] in catalogue()
        }
        made.relations += _within(name, made, [one.id for one in file.measures])
    if whole is not None:
        made.relations += _across(made, files, whole)
    return made


def _within(file: str, made: System, names: Iterable[str]) -> Iterator[Relation]:
    cells: dict[str, dict[Cell, str]] = defaultdict(dict)
    for name in names:
        measure, cell = parse_id(name)
        if measure in catalogue():
            cells[measure][cell] = name
    for measure, found in cells.items():
        definition = catalogue()[measure]
        for whole, parts in _sums(found):
            yield from _sum(file, definition, whole, parts)
        for cell, name in found.items():
            for relation in _ratio(made, file, definition, dict(cell), name):
                made.linked.add(next(iter(relation.terms)))
                yield relation


def _sums(found: Mapping[Cell, str]) -> Iterator[tuple[str, list[str]]]:
    """A cell, and those that it is the sum of: of a margin, and of those that it is made of."""
    margins: dict[tuple[Cell, str], dict[str, str]] = defaultdict(dict)
    for cell, name in found.items():
        for place, (dimension, code) in enumerate(cell):
            if dimension not in FIXED:
                margins[cell[:place] + cell[place + 1 :], dimension][code] = name
    for (rest, dimension), parts in margins.items():
        special = PART_OF.get(dimension, {})
        if rest in found:
            yield found[rest], [name for code, name in parts.items() if code not in special]
        for code, made_of in special.items():
            if {code, *made_of} <= parts.keys():
                yield parts[code], [parts[one] for one in made_of]


def _sum(file: str, definition: Definition, whole: str, parts: list[str]) -> Iterator[Relation]:
    for place in definition.adding:
        one = Variable(file, whole, place)
        each = [Variable(file, name, place) for name in parts]
        terms = {**dict.fromkeys(each, 1), one: -1}
        if not definition.overlap:
            yield Relation(terms)
            continue
        # who is in a cell is in the margin, and who is in the margin is in a cell
        yield Relation(terms, high=math.inf, rule="overlap")
        yield from (Relation({one: 1, part: -1}, high=math.inf, rule="overlap") for part in each)


def _ratio(
    made: System, file: str, definition: Definition, codes: Mapping[str, str], name: str
) -> Iterator[Relation]:
    """The parts of a ratio are figures of the same file, where it has them."""
    if definition.parts is None:
        return
    fixed = {key: code for key, code in codes.items() if key in FIXED}
    fixed["year"] = str(int(fixed["year"]) - definition.shift)
    above, below = definition.parts
    behind = {"denominator": figure_id(below, fixed)}
    if codes.keys() == set(definition.dimensions):
        behind["numerator"] = figure_id(above, codes)
    for place, other in behind.items():
        if (file, other) in made.figures:
            number = Variable(file, name, "numerator" if place == "numerator" else "denominator")
            yield Relation({number: 1, Variable(file, other, "value"): -1}, rule="part")


def _across(made: System, files: Mapping[str, MeasureFile], whole: str) -> Iterator[Relation]:
    for one in files[whole].measures:
        if (whole, one.id) not in made.figures:
            continue
        names = [name for name in files if name != whole and (name, one.id) in made.figures]
        for variable in made.variables(whole, one.id) if names else ():
            terms = {variable._replace(file=name): 1 for name in names}
            yield Relation({**terms, variable: -1})
