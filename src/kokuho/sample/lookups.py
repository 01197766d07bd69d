"""The assumptions laid out as tables to look things up in: a draw goes in, a code comes out.

A share of 10,000 becomes so many of 10,000 rows, so that choosing is one ``gather`` and exact.
Codes are positions in the name lists of :class:`Lookups`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import polars as pl

from kokuho.sample import structure
from kokuho.sample.chance import SHARES, draw
from kokuho.sample.structure import ByNationality, Kind, Role, Window

STEPS = 4096
"""Straight pieces that an amount's distribution is cut into."""

_FINE = 2**18
JAPANESE = "JPN"
OLDEST = 110
SEXES = ("head", "opposite", "any", "M", "F")
_AT_ANCHOR = Window.model_validate({"from": 0, "to": 0, "least": 0, "most": OLDEST})


def look(table: pl.Series, row: pl.Expr) -> pl.Expr:
    """The entry of a table at a row; no row, no entry."""
    return pl.lit(table).gather(row.cast(pl.UInt32))


def place(state: pl.Expr, purpose: str) -> pl.Expr:
    """Where someone stands in a distribution of yen, by chance.

    To be made a column before :meth:`Lookups.amount` reads it: it is read more than once.
    """
    return draw(state, purpose, STEPS * _FINE)


def choose(table: pl.Series, state: pl.Expr, purpose: str, row: pl.Expr) -> pl.Expr:
    """An entry chosen by chance within a row (of 10,000 entries) of a table."""
    return look(table, row.cast(pl.UInt64) * SHARES + draw(state, purpose))


@dataclass(frozen=True)
class Choices:
    """Rows of 10,000 codes one after the other, the names of the codes, and which row is whose."""

    names: list[str]
    codes: pl.Series
    rows: pl.Series

    def name(self, code: pl.Expr) -> pl.Expr:
        """The name of a code; the code behind the last name has none."""
        return look(pl.Series([*self.names, None], dtype=pl.String), code)


@dataclass(frozen=True)
class Lookups:
    """Everything that generation looks up.

    ``kinds`` has one row a kind of household, ``slots`` one row a place in one kind (its columns
    are written out below, in :func:`_kind_row` and :func:`_slot_row`).
    """

    kind_codes: pl.Series
    kinds: pl.DataFrame
    slots: pl.DataFrame
    anchors: pl.Series
    nationalities: Choices
    statuses: Choices
    languages: Choices
    occupations: Choices
    declared: Choices
    amount_names: list[str]
    amount_starts: pl.Series
    amount_rises: pl.Series

    def amount(self, place: pl.Expr, distribution: pl.Expr | int) -> pl.Expr:
        """Yen from a distribution (its code), at a place drawn by :func:`place`."""
        first = (
            distribution * STEPS
            if isinstance(distribution, int)
            else (distribution.cast(pl.UInt64) * STEPS)
        )
        piece = place // _FINE + first
        fine = (place % _FINE).cast(pl.Int64)
        return look(self.amount_starts, piece) + look(self.amount_rises, piece) * fine // _FINE


def _codes(shares: dict[str, int], names: Sequence[str]) -> list[int]:
    """10,000 codes in the proportions of the shares."""
    return [names.index(name) for name, share in shares.items() for _ in range(share)]


def _names(shares: Iterable[dict[str, int]]) -> list[str]:
    """All names in the order in which they first stand."""
    return list(dict.fromkeys(name for row in shares for name in row))


def _choices(
    tables: Sequence[dict[str, int]], rows: Iterable[int] = (), names: Sequence[str] = ()
) -> Choices:
    found = list(names) or _names(tables)
    return Choices(
        names=found,
        codes=pl.Series(
            [code for shares in tables for code in _codes(shares, found)], dtype=pl.UInt8
        ),
        rows=pl.Series(list(rows), dtype=pl.UInt32),
    )


def _by_nationality(tables: Iterable[ByNationality], nationalities: Sequence[str]) -> Choices:
    """Tables by nationality; the row of table t and nationality n is ``rows[t * count + n]``.

    Behind the last table stands one more, whose only code has no name.
    """
    flat: list[dict[str, int]] = []
    rows: list[int] = []
    for table in tables:
        first = {name: len(flat) + number for number, name in enumerate(table.rows)}
        flat += table.rows.values()
        rows += [first.get(name, first["other"]) for name in nationalities]
    made = _choices(flat, [*rows, *([len(flat)] * len(nationalities))])
    nameless = pl.Series([len(made.names)] * SHARES, dtype=pl.UInt8)
    return replace(made, codes=pl.concat([made.codes, nameless]))


def _by_career(incomes: structure.Incomes) -> Choices:
    """Occupations; the row of career c at age a is ``rows[c * (OLDEST + 1) + a]``."""
    flat: list[dict[str, int]] = []
    rows: list[int] = []
    for career in incomes.careers.values():
        for age in range(OLDEST + 1):
            if age in career:
                flat.append(career[age])
            rows.append(len(flat) - 1)
    return _choices(flat, rows, names=list(incomes.occupations))


def _kind_row(kind: Kind, first_slot: int, profiles: Sequence[str]) -> dict[str, int | bool]:
    homes = structure.households()
    elder = kind.elder or _AT_ANCHOR
    return {
        "first_slot": first_slot,
        "members": len(kind.members),
        "insured": sum(homes.roles[name].insured for name in kind.members),
        "anchor": list(homes.ages).index(kind.anchor),
        "male": kind.male,
        "moves": list(homes.moves).index(kind.moves),
        "family_business": kind.family_business,
        "profile": profiles.index(kind.profile) if kind.profile else len(profiles),
        "arrivals": kind.arrivals,
        "has_elder": kind.elder is not None and not kind.former_dependant,
        "elder_is_head": elder.head,
        "elder_first": elder.first,
        "elder_last": elder.last,
        "elder_least": elder.least,
        "elder_most": elder.most,
        "former_dependant": kind.former_dependant,
    }


def _slot_row(
    kind: Kind, place: int, role: Role, profiles: Sequence[str], statuses: Sequence[str]
) -> dict[str, int | bool]:
    roles = structure.households().roles
    foreign, none = role.foreign, len(statuses)
    return {
        "head": role.head,
        "insured": role.insured,
        "shared": role.elder or role.newborn,
        "newborn": role.newborn,
        "age_first": (kind.elder or _AT_ANCHOR).first if role.elder else role.age.first,
        "age_last": (kind.elder or _AT_ANCHOR).last if role.elder else role.age.last,
        "age_least": (kind.elder or _AT_ANCHOR).least if role.elder else role.age.least,
        "age_most": (kind.elder or _AT_ANCHOR).most if role.elder else role.age.most,
        "sex": SEXES.index(role.sex),
        "career": list(structure.incomes().careers).index(role.career),
        "status": statuses.index(role.status) if role.status else none,
        "foreign_share": foreign.share if foreign else 0,
        "foreign_profile": profiles.index(foreign.profile) if foreign else len(profiles),
        "foreign_status": statuses.index(foreign.status) if foreign else none,
        "family_owner": place == 0 and kind.family_business > 0,
        "family_worker": place == 1 and kind.family_business > 0,
        "former_dependant": place == 1 and kind.former_dependant,
        "mother": place == 1 and any(roles[name].newborn for name in kind.members),
    }


def _tables(profiles: Sequence[str], statuses: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    homes = structure.households()
    kinds: list[dict[str, int | bool]] = []
    slots: list[dict[str, int | bool]] = []
    for kind in homes.kinds.list:
        kinds.append(_kind_row(kind, len(slots), profiles))
        slots += [
            _slot_row(kind, place, homes.roles[name], profiles, statuses)
            for place, name in enumerate(kind.members)
        ]
    return pl.DataFrame(kinds), pl.DataFrame(slots)


@cache
def lookups() -> Lookups:
    """All tables, made once."""
    homes, origins, incomes = structure.households(), structure.origins(), structure.incomes()
    profiles, statuses = list(origins.nationalities), list(origins.statuses)
    shares = [profile.shares for profile in origins.nationalities.values()]
    nationalities = _choices([*shares, {JAPANESE: SHARES}], names=[JAPANESE, *_names(shares)])
    kinds, slots = _tables(profiles, statuses)
    pieces = [
        [amounts.at(place, STEPS) for place in range(STEPS + 1)]
        for amounts in incomes.amounts.values()
    ]
    kind_shares = {kind.kind: kind.share for kind in homes.kinds.list}
    return Lookups(
        kind_codes=_choices([kind_shares]).codes,
        kinds=kinds,
        slots=slots,
        anchors=pl.Series([age for ages in homes.ages.values() for age in ages.years()]),
        nationalities=nationalities,
        statuses=_by_nationality(origins.statuses.values(), nationalities.names),
        languages=_by_nationality([origins.languages], nationalities.names),
        occupations=_by_career(incomes),
        declared=_choices([row.declared for row in incomes.occupations.values()]),
        amount_names=list(incomes.amounts),
        amount_starts=pl.Series([start for row in pieces for start in row[:-1]]),
        amount_rises=pl.Series([high - low for row in pieces for low, high in pairwise(row)]),
    )
