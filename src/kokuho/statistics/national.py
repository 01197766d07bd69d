"""The measure file of many insurers from the results of the bulk engine, and of each of them.

What :mod:`kokuho.statistics.combining` makes of their files, made of their sums: nothing is filled
in, an insurer that is not in a figure is counted in its note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.base.messages import translator
from kokuho.statistics.bulk import Outcome
from kokuho.statistics.catalogue import catalogue
from kokuho.statistics.cells import wholes
from kokuho.statistics.claims import (
    FOREIGN_PATIENTS,
    PATIENTS,
    claims_figures,
    patients_figures,
)
from kokuho.statistics.combining import Arrival, Combined, Expected, without
from kokuho.statistics.figures import Figure, measure_file, parse_id, ratio
from kokuho.statistics.insured import figures_of

_ = translator("statistics")


@dataclass(frozen=True)
class Sums:
    """Results of the tasks by name (``claims``, ``patients``, ``insured``); not all need be."""

    frames: Mapping[str, pl.DataFrame]
    years: range

    def of(self, insurers: Sequence[str]) -> Sums:
        """Of these insurers alone."""
        wanted = pl.col("insurer_code").is_in(list(insurers))
        return Sums({name: one.filter(wanted) for name, one in self.frames.items()}, self.years)

    def by_insurer(self) -> Iterator[tuple[str, list[Figure]]]:
        """The figures of each insurer, in the order of their codes."""
        parts = {
            name: frame.partition_by("insurer_code", as_dict=True)
            for name, frame in self.frames.items()
        }
        for key in sorted({key for some in parts.values() for key in some}):
            own = {name: some[key] for name, some in parts.items() if key in some}
            yield str(key[0]), list(Sums(own, self.years).figures(str(key[0])))

    def figures(self, code: str) -> Iterator[Figure]:
        """All figures of one insurer or, where there are several, of them together as ``code``."""
        if (insured := self.frames.get("insured")) is not None:
            for figure in figures_of(insured):
                if _year(figure) in self.years:
                    yield figure
        if (claims := self.frames.get("claims")) is not None:
            yield from claims_figures(_as_one(claims, code), code, self.years)
        if (people := self.frames.get("patients")) is not None:
            # a person of two insurers counts in each, as in the sum of their files
            added = people.group_by("id").agg(pl.col("number").sum())
            yield from patients_figures(_as_one(added, code), code, self.years)

    def there(self) -> Mapping[tuple[str, int], set[str]]:
        """The insurers that tell a measure of a year, by measure (no ratios) and year."""
        found: dict[tuple[str, int], set[str]] = {}
        if (insured := self.frames.get("insured")) is not None:
            found |= {key: set(numbers) for key, numbers in wholes(insured).items()}
        by_year: dict[int, dict[str, set[str]]] = {}
        if (claims := self.frames.get("claims")) is not None:
            for code, year in claims.select("insurer_code", "year").unique().iter_rows():
                by_year.setdefault(int(year), {}).setdefault("claims", set()).add(code)
        if (people := self.frames.get("patients")) is not None:
            for (measure, year), numbers in wholes(people).items():
                if measure == PATIENTS:
                    by_year.setdefault(year, {})["patients"] = set(numbers)
        for year, sets in by_year.items():
            for name, definition in catalogue().items():
                if definition.group == "claims" and not definition.is_ratio:
                    kind = "patients" if name in (PATIENTS, FOREIGN_PATIENTS) else "claims"
                    found[name, year] = sets.get(kind, set())
        return found


def _as_one(frame: pl.DataFrame, code: str) -> pl.DataFrame:
    return frame.with_columns(insurer_code=pl.lit(code))


def _year(figure: Figure) -> int:
    return int(dict(parse_id(figure.id)[1])["year"])


def national(
    code: str,
    as_of: date,
    years: range,
    outcomes: Mapping[str, Outcome],
    expected: Sequence[Expected] = (),
) -> tuple[Combined, Sums]:
    """The file of all insurers with what became of each, and the sums of those that are in it.

    An insurer of which one dataset failed is in no figure at all.

    Args:
        code: what the sum is called in place of an insurer's code.
        as_of: the day that the file is of.
        years: fiscal years.
        outcomes: of the tasks, by their names.
        expected: the insurers that should be there; without it those that have files.
    """
    arrivals = _arrivals(outcomes, expected)
    taken = [one.insurer_code for one in arrivals if one.counted]
    frames = {name: one.frame for name, one in outcomes.items() if one.frame.width}
    sums = Sums(frames, years).of(taken)
    there = sums.there()
    figures = [ratio("insurers", len(taken), len(expected) or len(arrivals))]
    for figure in sums.figures(code):
        absent = len(taken) - len(_tellers(parse_id(figure.id)[0], _year(figure), there))
        figures.append(figure.model_copy(update={"note": without(absent)}))
    return Combined(measure_file(code, as_of, figures), arrivals), sums


def _tellers(measure: str, year: int, there: Mapping[tuple[str, int], set[str]]) -> set[str]:
    definition = catalogue()[measure]
    if definition.parts is None:
        return there.get((measure, year), set())
    above, below = definition.parts
    return there.get((above, year), set()) & there.get((below, year - definition.shift), set())


def _arrivals(outcomes: Mapping[str, Outcome], expected: Sequence[Expected]) -> list[Arrival]:
    known = {one.insurer_code: one.name for one in expected}
    seen = {code for one in outcomes.values() for code in one.insurers}
    found = []
    for code in sorted(seen | known.keys()):
        name = known.get(code, "")
        reasons = [one.failed[code] for one in outcomes.values() if code in one.failed]
        lacking = [task for task, one in outcomes.items() if code not in one.insurers]
        detail = _("no files of: {names}").format(names=", ".join(lacking)) if lacking else ""
        if code not in seen:
            found.append(Arrival(code, name, "missing"))
        elif known and code not in known:
            found.append(Arrival(code, name, "unexpected"))
        elif reasons:
            found.append(Arrival(code, name, "failed", detail="; ".join(dict.fromkeys(reasons))))
        else:
            found.append(Arrival(code, name, "taken", detail=detail))
    return found
