"""A fictional city's measure file: a figure for every published table, small ones suppressed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, product

from kokuho.publish import Both, Insurer, Site
from kokuho.statistics import (
    Definition,
    Figure,
    MeasureFile,
    catalogue,
    count,
    dimensions,
    figure_id,
    measure_file,
    ratio,
)
from kokuho.statistics.confidentiality import unprotected

CODE = "990011"
AS_OF = date(2026, 4, 1)
MADE_ON = date(2026, 5, 20)

YEARS = ("2022", "2023", "2024", "2025")
NATIONALITIES = ("CHN", "VNM", "KOR", "NPL", "PHL", "MMR", "USA", "BRA", "other")
STATUSES = (
    "留学",
    "永住者",
    "技術・人文知識・国際業務",
    "家族滞在",
    "特別永住者",
    "特定技能",
    "unknown",
)

SITE = Site(
    publisher=Both(ja="架空市 保険年金課", en="Fictional City, Insurance Division"),
    contact=Both(ja="見本のため、連絡先はありません", en="a sample: there is nobody to ask"),
    licence=Both(ja="CC BY 4.0(見本)", en="CC BY 4.0 (sample)"),
    fictional=True,
    insurers=(Insurer(code=CODE, name=Both(ja="架空市", en="Fictional City")),),
)


def codes_of(dimension: str) -> tuple[str, ...]:
    """Some codes of a dimension, those of closed lists all."""
    given = {
        "year": YEARS, "until": ("2025-12", "2026-01", "2026-02", "2026-03"),
        "nationality": NATIONALITIES, "status": STATUSES,
        "term": ("1", "2", "3", "4", "5", "6", "7", "8", "none"),
    }  # fmt: skip
    if dimension in given:
        return given[dimension]
    return tuple(
        code for code in dimensions()[dimension].labels if code not in ("20-39", "unknown", "X")
    )


def _cells(definition: Definition) -> Iterator[Mapping[str, str]]:
    """Every cell of every table with its margins; time is never summed over."""
    seen = set()
    for table in definition.tables:
        time = [name for name in table if name in ("year", "until")]
        rest = [name for name in table if name not in time]
        for size in range(len(rest), -1, -1):
            for chosen in combinations(rest, size):
                names = [name for name in definition.dimensions if name in (*time, *chosen)]
                for codes in product(*map(codes_of, names)):
                    cell = dict(zip(names, codes, strict=True))
                    until = cell.get("until", "")
                    if until and (cell["year"] != "2025") != (until == "settlement"):
                        continue
                    if tuple(cell.items()) not in seen:
                        seen.add(tuple(cell.items()))
                        yield cell
        if "until" in table:
            yield from _settlements(definition, table, seen)


def _settlements(
    definition: Definition, table: tuple[str, ...], seen: set[object]
) -> Iterator[Mapping[str, str]]:
    """The end of the settlement period of the years before."""
    rest = [name for name in table if name not in ("year", "until")]
    for year in YEARS[:-1]:
        for size in (len(rest), 0):
            names = rest[:size]
            for codes in product(*map(codes_of, names)):
                cell = {"year": year, "until": "settlement", **dict(zip(names, codes, strict=True))}
                cell = {name: cell[name] for name in definition.dimensions if name in cell}
                if tuple(cell.items()) not in seen:
                    seen.add(tuple(cell.items()))
                    yield cell


def figures_of(definition: Definition, chance: random.Random) -> list[Figure]:
    """Figures that look like a city of 20,000 insured; sums agree within each table."""
    weights: dict[tuple[str, str], float] = {}

    def weight(name: str, code: str) -> float:
        if name in ("year", "until"):
            return 1 + 0.02 * (codes_of(name).index(code) if code in codes_of(name) else 5)
        if (name, code) not in weights:
            weights[name, code] = chance.uniform(0.2, 1.8)
        whole = sum(
            weights.setdefault((name, one), chance.uniform(0.2, 1.8)) for one in codes_of(name)
        )
        return weights[name, code] / whole

    size = 900 if definition.id.startswith("foreign") else 20_000
    if definition.unit == "yen":
        size *= 350_000
    made = []
    for cell in _cells(definition):
        share = 1.0
        for name, code in cell.items():
            share *= weight(name, code)
        number = round(size * share)
        name = figure_id(definition.id, cell)
        if definition.numerator is not None:
            made.append(_ratio(definition, name, cell, number, chance))
        else:
            made.append(count(name, number, definition.unit))
    return made


def _ratio(
    definition: Definition, name: str, cell: Mapping[str, str], number: int, chance: random.Random
) -> Figure:
    places, unit = definition.places, definition.unit
    if unit == "yen":
        return ratio(name, number, max(1, number // 92_000), places=places, unit=unit)
    if not cell:
        return ratio(name, 3, 4, places=places)
    base = {"foreign_share": 0.045, "insured_yoy": 0.97, "foreign_insured_yoy": 1.04}.get(
        definition.id, 0.93 if definition.group == "collection" else 0.02
    )
    if cell.get("section") == "carried":
        base = 0.21
    if "foreign_heads" in definition.id or "heads_foreign" in definition.id:
        base *= 0.75
    if "channel" in cell and definition.id == "channel_share":
        base = {"direct_debit": 0.52, "pension": 0.11, "prepaid": 0.02, "slip": 0.35}[
            cell["channel"]
        ]
    elif definition.id == "channel_share":
        base = 1.0
    base *= 1 + chance.uniform(-0.02, 0.02) if base < 1 else 1
    below = 120_000_000 if definition.group in ("collection", "levy") else 20_000
    return ratio(name, round(below * base), below, places=places)


def city_file(code: str = CODE, as_of: date = AS_OF, seed: int = 9) -> MeasureFile:
    """The file: every measure of the catalogue, whatever it has come to hold; small ones hidden."""
    raw = open_file(code, as_of, seed)
    hidden = set(unprotected(raw))
    figures = [
        Figure(id=one.id, unit=one.unit, suppressed=True) if one.id in hidden else one
        for one in raw.measures
    ]
    return measure_file(code, as_of, figures)


def open_file(code: str = CODE, as_of: date = AS_OF, seed: int = 9) -> MeasureFile:
    """The file before anything is suppressed."""
    chance = random.Random(seed)
    made = [one for definition in catalogue().values() for one in figures_of(definition, chance)]
    return measure_file(code, as_of, made)
