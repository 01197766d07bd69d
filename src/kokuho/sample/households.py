"""The households of a fictional city: their kind, and what their members share.

Shared things (the arrival from abroad, the member of 75 or older, the newborn, the family
business) are drawn from the household's state, so that every member reads the same.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.law import for_fiscal_year
from kokuho.sample import structure
from kokuho.sample.chance import draw, happens, states
from kokuho.sample.lookups import OLDEST, choose, look, lookups, place

ID_DIGITS = 8
"""Household ids are so many digits, so that they sort as text and as numbers alike."""

_EPOCH = date(1970, 1, 1)


def days(day: date) -> int:
    """Days since 1 January 1970, as Polars counts them."""
    return (day - _EPOCH).days


def window_age(
    state: pl.Expr, anchor: pl.Expr, first: pl.Expr, last: pl.Expr, least: pl.Expr, most: pl.Expr
) -> pl.Expr:
    """An age by chance in a window beside the anchor's (see :class:`structure.Window`)."""
    youngest = pl.max_horizontal(least, anchor + first)
    oldest = pl.min_horizontal(most, anchor + last)
    return youngest + draw(state, "age", oldest - youngest + 1).cast(pl.Int64)


def birth_date(state: pl.Expr, age: pl.Expr, fiscal_year: int) -> pl.Expr:
    """A birth date by chance of a person of that age on 1 April (any day of the year)."""
    birthdays = pl.Series(
        [days(date(fiscal_year - years, 4, 1)) for years in range(OLDEST + 1)], dtype=pl.Int32
    )
    before = draw(state, "birthday", 365).cast(pl.Int32)
    return (look(birthdays, age) - before).cast(pl.Date)


def drawn(first: int, count: int, seed: int, insurer_code: str) -> pl.DataFrame:
    """The households ``first`` to ``first + count - 1``: number, state, kind and members."""
    tables = lookups()
    span = pl.int_range(first, first + count, dtype=pl.UInt64, eager=True)
    return (
        pl.DataFrame({"number": span})
        .with_columns(state=states(pl.col("number"), seed, insurer_code))
        .with_columns(kind=choose(tables.kind_codes, pl.col("state"), "kind", pl.lit(0)))
        .with_columns(
            look(tables.kinds[column], pl.col("kind")).alias(column)
            for column in tables.kinds.columns
        )
    )


def furnished(frame: pl.DataFrame, fiscal_year: int) -> pl.DataFrame:
    """Add what the members of each household share."""
    tables, events = lookups(), structure.households().events
    state = pl.col("state")
    april, march = first_day_of_year(fiscal_year), last_day_of_year(fiscal_year)
    january = date(fiscal_year, 1, 2)
    spring = (april - january).days
    arrived_early = happens(state, "arrival-early", events.arrivals_before_april.share)
    arrival = (
        pl.when(arrived_early)
        .then(days(january) + draw(state, "arrival-day", spring).cast(pl.Int32))
        .otherwise(days(april) + draw(state, "arrival-day", (march - april).days).cast(pl.Int32))
    )
    newborn = days(march) - draw(state, "newborn", (march - april).days).cast(pl.Int32)
    frame = frame.with_columns(
        anchor_age=choose(tables.anchors, state, "anchor", pl.col("anchor")),
        nationality=choose(tables.nationalities.codes, state, "nationality", pl.col("profile")),
        male_head=happens(state, "male", pl.col("male")),
        in_business=happens(state, "family-business", pl.col("family_business")),
        together=happens(state, "together", events.together.share),
        arrived_on=pl.when(happens(state, "arrival", pl.col("arrivals")))
        .then(arrival)
        .cast(pl.Date),
        born_on=newborn.cast(pl.Date),
    )
    window = (pl.col(f"elder_{end}") for end in ("first", "last", "least", "most"))
    elder_age = window_age(state, pl.col("anchor_age"), *window)
    has_elder = pl.col("has_elder") | pl.col("former_dependant")
    return frame.with_columns(elder_age=pl.when(has_elder).then(elder_age)).with_columns(
        # The birthday on which the late-stage system took the elder over.
        elder_75_on=birth_date(state, pl.col("elder_age"), fiscal_year).dt.offset_by(
            f"{for_fiscal_year(fiscal_year).ages.leave_at}y"
        ),
    )


def published(frame: pl.DataFrame, fiscal_year: int, insurer_code: str) -> pl.DataFrame:
    """The households file: one row a household, in the columns and the order of the format."""
    tables, events = lookups(), structure.households().events
    state = pl.col("state")
    law = for_fiscal_year(fiscal_year)
    months = law.specific_half_months + law.specific_continuing_months
    oldest = date(fiscal_year - months // 12, 4, 1)  # an older date no longer matters
    specific = pl.col("has_elder") & (pl.col("insured") == 1) & (pl.col("elder_75_on") >= oldest)
    unknown = happens(state, "registration", events.registration_unknown.share)
    registered = (
        pl.when(pl.col("arrived_on").is_not_null())
        .then(pl.lit("no"))
        .when(unknown)
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("yes"))
    )
    income = tables.amount(
        pl.col("elders_place"), tables.amount_names.index(events.elders_income.amounts)
    )
    # A head of 75 or older stands in the persons file with the head's own incomes.
    apart = pl.col("has_elder") & ~pl.col("elder_is_head")
    language = choose(
        tables.languages.codes,
        state,
        "language",
        look(tables.languages.rows, pl.col("nationality")),
    )
    frame = frame.with_columns(elders_place=place(state, "elders-income")).with_columns(
        elders_income=pl.when(apart).then(income).otherwise(0)
    )
    return frame.select(
        insurer_code=pl.lit(insurer_code),
        household_id=household_id(),
        same_household_elders=pl.col("has_elder").cast(pl.Int64),
        elders_income="elders_income",
        # Their income is what a pension leaves after its deductions: who has any is an earner.
        elders_earners=(pl.col("elders_income") > 0).cast(pl.Int64),
        specific_from=pl.when(specific).then(pl.col("elder_75_on")),
        head_registered_on_1_january=registered,
        head_resident_since="arrived_on",
        preferred_language=tables.languages.name(language),
    )


def household_id() -> pl.Expr:
    """The id of a household, from its number."""
    return pl.col("number").cast(pl.String).str.zfill(ID_DIGITS)
