"""Generating a fictional city: the one entrance to the room's rules.

The same seed gives the same city, whatever its size: a larger city begins with the households of
the smaller one (but for the last, which is cut to the exact number of insured).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.base.numbers import municipality_digit
from kokuho.law import for_fiscal_year
from kokuho.sample import households, incomes, persons
from kokuho.sample.lookups import lookups

_ = translator("sample")

BLOCK = 50_000
"""Households generated at a time; bounds memory and never changes what is generated."""


def fictional_code(number: int) -> str:
    """The code of a fictional insurer: prefecture 99, which does not exist, and a check digit.

    >>> fictional_code(201)
    '992011'
    """
    if not 0 < number < 1000:
        raise ValueError(f"fictional insurers are numbered 1 to 999: {number}")
    five = f"99{number:03d}"
    return five + municipality_digit(five)


AHEAD = 2
"""Pieces that are made at a time, while the one before is written."""

INSURER_CODE = fictional_code(201)
"""The code of the fictional city 架空市."""

_TEXT = (
    "insurer_code", "household_id", "person_id", "declared", "sex", "nationality",
    "residence_status",
)  # fmt: skip
_YES_NO = ("head", "insured")
_DAYS = (
    "birth_date", "joined_on", "left_on", "involuntary_unemployment_from", "maternity_from",
    "former_dependant_from",
)  # fmt: skip
PERSON_COLUMNS = (
    "insurer_code", "household_id", "person_id", "head", "insured", "declared", "birth_date",
    "sex", "nationality", "residence_status", *incomes.REPORTED, *incomes.PLAIN, "joined_on",
    "left_on", "involuntary_unemployment_from", "maternity_from", "maternity_months",
    "former_dependant_from",
)  # fmt: skip
"""The columns of the persons file, in their order."""

PERSON_SCHEMA: dict[str, type[pl.DataType]] = {
    name: pl.String
    if name in _TEXT
    else pl.Boolean
    if name in _YES_NO
    else pl.Date
    if name in _DAYS
    else pl.Int64
    for name in PERSON_COLUMNS
}
"""Their types: yen and ``maternity_months`` are whole numbers."""

_MOST = 10**households.ID_DIGITS - 1


@dataclass(frozen=True)
class Block:
    """A piece of a city: whole households, with the people of these households."""

    persons: pl.DataFrame
    households: pl.DataFrame
    insured: int


def blocks(
    persons: int,
    seed: int,
    fiscal_year: int = 2026,
    insurer_code: str = INSURER_CODE,
    *,
    first_household: int = 1,
    block: int = BLOCK,
) -> Iterator[Block]:
    """A city in pieces, in the order of its households.

    ``persons`` counts the insured; heads who are not insured (擬制世帯主) come on top. Cities of
    other insurers or other first households are independent of each other.

    Raises:
        InputError: no persons, or more households than ids.
        LawError: the law of the fiscal year is not known.
    """
    if persons < 1:
        raise InputError(
            _("{persons} persons: ask for at least one insured person.").format(persons=persons)
        )
    for_fiscal_year(fiscal_year)
    return _blocks(persons, seed, fiscal_year, insurer_code, first_household, block)


def _blocks(
    wanted: int, seed: int, fiscal_year: int, insurer_code: str, first: int, block: int
) -> Iterator[Block]:
    """Pieces are made by threads, some ahead of the reader, and given out in order."""
    with ThreadPoolExecutor(AHEAD) as pool:
        coming: deque[Future[Block]] = deque()
        for frame in _drawn(wanted, seed, insurer_code, first, block):
            coming.append(pool.submit(_made, frame, fiscal_year, insurer_code))
            if len(coming) > AHEAD:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def _drawn(
    wanted: int, seed: int, insurer_code: str, first: int, block: int
) -> Iterator[pl.DataFrame]:
    """The households of each piece, until they have the wanted number of insured."""
    while wanted > 0:
        if first + block - 1 > _MOST:
            raise InputError(
                _("Household numbers end at {last}: ask for fewer persons.").format(last=_MOST)
            )
        frame = _cut(households.drawn(first, block, seed, insurer_code), wanted)
        yield frame
        wanted -= int(frame["insured"].sum())
        first += block


def _made(frame: pl.DataFrame, fiscal_year: int, insurer_code: str) -> Block:
    frame = households.furnished(frame, fiscal_year)
    people = persons.enrolled(persons.members(frame, fiscal_year), fiscal_year)
    people = incomes.earned(people, fiscal_year)
    return Block(
        _published(people, insurer_code),
        households.published(frame, fiscal_year, insurer_code),
        int(people["insured"].sum()),
    )


def _cut(frame: pl.DataFrame, wanted: int) -> pl.DataFrame:
    """The first households with so many insured; the last may lose its last members."""
    surplus = frame["insured"].cum_sum().cast(pl.Int64) - wanted
    last = int((surplus < 0).sum())
    lost = pl.lit(0)
    if last < frame.height:
        frame = frame.head(last + 1)
        lost = pl.when(pl.int_range(pl.len()) == last).then(int(surplus[last])).otherwise(0)
    return frame.with_columns(kept=pl.col("members") - lost, insured=pl.col("insured") - lost)


def _published(people: pl.DataFrame, insurer_code: str) -> pl.DataFrame:
    """The persons file: the columns of the format, in their order."""
    tables = lookups()
    return people.with_columns(
        insurer_code=pl.lit(insurer_code),
        household_id=households.household_id(),
        person_id=persons.person_id(),
        declared=tables.declared.name(pl.col("declared_code")),
        sex=pl.when("man").then(pl.lit("M")).otherwise(pl.lit("F")),
        nationality=tables.nationalities.name(pl.col("origin")),
        residence_status=persons.residence_status(),
        maternity_months=pl.col("maternity_months").cast(pl.Int64),
    ).select(PERSON_COLUMNS)


def generate(
    persons: int,
    seed: int,
    fiscal_year: int = 2026,
    insurer_code: str = INSURER_CODE,
    *,
    first_household: int = 1,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The persons and the households of a fictional city (see :func:`blocks`).

    Ids are text, ``head`` and ``insured`` Boolean, days Date, yen Int64; salary and pension columns
    are empty where nothing was reported.
    """
    made = list(blocks(persons, seed, fiscal_year, insurer_code, first_household=first_household))
    return (
        pl.concat([block.persons for block in made]),
        pl.concat([block.households for block in made]),
    )
