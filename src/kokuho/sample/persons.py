"""The members of a fictional city's households: who they are, and when they were insured."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.calendar import first_day_of_year, last_day
from kokuho.law import for_fiscal_year
from kokuho.sample import structure
from kokuho.sample.chance import SHARES, child_states, draw, happens
from kokuho.sample.households import birth_date, days, household_id, window_age
from kokuho.sample.lookups import OLDEST, SEXES, choose, look, lookups

NEWCOMER_FROM = 16
"""Younger people who arrive from abroad stay children."""

_SHARED = (
    "number", "state", "moves", "anchor_age", "nationality", "profile", "male_head", "in_business",
    "together", "arrived_on", "born_on", "elder_75_on",
)  # fmt: skip
"""What the persons of a household read of it."""


def members(frame: pl.DataFrame, fiscal_year: int) -> pl.DataFrame:
    """One row a member of the households, head first, with age, birth date, sex and origin.

    ``kept`` says how many members of each household there are (all, but for the city's last).
    """
    tables = lookups()
    slots = tables.slots
    people = (
        frame.select(
            *_SHARED,
            "first_slot",
            slot=pl.int_ranges(pl.col("first_slot"), pl.col("first_slot") + pl.col("kept")),
        )
        .explode("slot")
        .with_columns(
            (pl.col("slot") - pl.col("first_slot")).alias("position"),
            *(look(slots[column], pl.col("slot")).alias(column) for column in slots.columns),
        )
        .with_columns(own=child_states(pl.col("state"), pl.col("position")))
        .with_columns(ageing=pl.when("shared").then("state").otherwise("own"))
    )
    window = (pl.col(f"age_{end}") for end in ("first", "last", "least", "most"))
    people = people.with_columns(age=window_age(pl.col("ageing"), pl.col("anchor_age"), *window))
    return people.with_columns(
        age=pl.when("newborn").then(0).otherwise("age"),
        birth_date=pl.when("newborn")
        .then("born_on")
        .otherwise(birth_date(pl.col("ageing"), pl.col("age"), fiscal_year)),
        man=_is_man(),
        mixed=happens(pl.col("own"), "foreign", pl.col("foreign_share")),
    ).with_columns(
        origin=_nationality(),
        status_table=pl.when("mixed").then("foreign_status").otherwise("status"),
        occupation=_occupation(),
    )


def _is_man() -> pl.Expr:
    """By the role: as the kind says of the head, the opposite, by chance, or always the same."""
    by_role = dict(zip(SEXES, range(len(SEXES)), strict=True))
    sex, head = pl.col("sex"), pl.col("male_head")
    return (
        pl.when(sex == by_role["head"])
        .then(head)
        .when(sex == by_role["opposite"])
        .then(~head)
        .when(sex == by_role["any"])
        .then(happens(pl.col("own"), "sex", SHARES // 2))
        .otherwise(sex == by_role["M"])
    )


def _nationality() -> pl.Expr:
    """The household's nationality; a member of a Japanese household may have another."""
    tables = lookups()
    own = pl.col("own")
    other = choose(tables.nationalities.codes, own, "nationality", pl.col("foreign_profile"))
    return pl.when("mixed").then(other).otherwise("nationality")


def _occupation() -> pl.Expr:
    """The occupation by career and age; by the household where it runs a business or arrived."""
    names = lookups().occupations.names
    family = structure.incomes().family_business
    occupations = lookups().occupations
    own, age = pl.col("own"), pl.col("age")
    row = look(occupations.rows, pl.col("career") * (OLDEST + 1) + age)
    chosen = choose(occupations.codes, own, "occupation", row)
    farm = happens(pl.col("state"), "farm", family.farmer)
    owner = pl.when(farm).then(names.index("farmer")).otherwise(names.index("self_employed"))
    newcomer = pl.col("arrived_on").is_not_null() & (age >= NEWCOMER_FROM)
    return (
        pl.when(newcomer)
        .then(names.index("newcomer"))
        .when(pl.col("in_business") & pl.col("family_owner"))
        .then(owner)
        .when(pl.col("in_business") & pl.col("family_worker"))
        .then(names.index("family_worker"))
        .otherwise(chosen)
        .cast(pl.UInt32)
    )


def _months(name: str, fiscal_year: int) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Months by chance (10,000 of them), the first day of each and its number of days."""
    shares = structure.households().months[name].shares
    chosen = [month for month, share in enumerate(shares) for _ in range(share)]
    firsts, lengths = [], []
    for month in range(12):
        year, number = fiscal_year + (month + 3) // 12, (month + 3) % 12 + 1
        firsts.append(days(date(year, number, 1)))
        lengths.append(last_day(year, number).day)
    return (
        pl.Series(chosen, dtype=pl.UInt32),
        pl.Series(firsts, dtype=pl.Int32),
        pl.Series(lengths, dtype=pl.UInt64),
    )


def _move(name: str, share: pl.Expr, fiscal_year: int) -> pl.Expr:
    """The day within the year on which a person joins or leaves, if at all (days since 1970)."""
    chosen, firsts, lengths = _months(name, fiscal_year)
    state = pl.when("together").then("state").otherwise("own")
    month = choose(chosen, state, f"{name}-month", pl.lit(0))
    day = look(firsts, month) + draw(state, f"{name}-day", look(lengths, month)).cast(pl.Int32)
    return pl.when(happens(state, name, share)).then(day)


def enrolled(people: pl.DataFrame, fiscal_year: int) -> pl.DataFrame:
    """Add joining and leaving, and the facts that change a levy for some months.

    Leaving comes after joining; who reaches 75 within the year leaves on that birthday by law, and
    has no other day of loss after it.
    """
    homes = structure.households()
    events = homes.events
    moves = list(homes.moves.values())
    joins = pl.Series([move.join for move in moves])
    leaves = pl.Series([move.leave for move in moves])
    names = lookups().occupations.names
    own, insured = pl.col("own"), pl.col("insured")
    ages = for_fiscal_year(fiscal_year).ages
    last_age = ages.leave_at - 1
    april = first_day_of_year(fiscal_year)
    before = date(fiscal_year - 1, 4, 1)
    left_job = pl.col("occupation") == names.index("left_job")
    young = left_job & insured & (pl.col("age") < ages.elder - 1)
    involuntary = young & happens(own, "involuntary", events.involuntary.share)
    # The day after the job ended: from April of the year before to March of this one.
    ended = days(before) + draw(own, "job-end", (april - before).days + 330).cast(pl.Int32)
    exempt = pl.col("mother") & happens(own, "maternity", events.maternity.share)
    # From the month before the birth, four months; with more children from three before, six.
    months = pl.when(happens(own, "twins", events.multiple_birth.share)).then(6).otherwise(4)
    people = people.with_columns(
        involuntary_unemployment_from=pl.when(involuntary).then(ended),
        maternity_months=pl.when(exempt).then(months),
        former_dependant_from=pl.when("former_dependant").then("elder_75_on"),
        move_in=_move("join", look(joins, pl.col("moves")), fiscal_year),
        move_out=_move("leave", look(leaves, pl.col("moves")), fiscal_year),
    )
    early = pl.when(pl.col("maternity_months") == 6).then(pl.lit("-3mo")).otherwise(pl.lit("-1mo"))
    joined = pl.coalesce(
        pl.when("newborn").then("born_on"),
        "arrived_on",
        "former_dependant_from",
        pl.col("involuntary_unemployment_from").cast(pl.Date),
        pl.col("move_in").cast(pl.Date),
    )
    people = people.with_columns(
        joined_on=pl.when(insured).then(joined),
        left_on=pl.when(insured).then(pl.col("move_out").cast(pl.Date)),
        maternity_from=pl.when(pl.col("maternity_months").is_not_null()).then(
            pl.col("born_on").dt.month_start().dt.offset_by(early)
        ),
        involuntary_unemployment_from=pl.col("involuntary_unemployment_from").cast(pl.Date),
        limit=pl.when(pl.col("age") == last_age).then(
            pl.col("birth_date").dt.offset_by(f"{last_age + 1}y")
        ),
    )
    late = pl.col("limit")
    return people.with_columns(
        joined_on=pl.when(late <= pl.col("joined_on")).then(None).otherwise("joined_on"),
        left_on=pl.when((late <= pl.col("left_on")) | (pl.col("left_on") < pl.col("joined_on")))
        .then(None)
        .otherwise("left_on"),
    )


def person_id() -> pl.Expr:
    """The id of a person: the household's and two digits for the place in it."""
    place = (pl.col("position") + 1).cast(pl.String).str.zfill(2)
    return household_id() + place


def residence_status() -> pl.Expr:
    """The residence status (在留資格) of foreign people, by role and nationality."""
    statuses, count = lookups().statuses, len(lookups().nationalities.names)
    row = look(statuses.rows, pl.col("status_table") * count + pl.col("origin").cast(pl.Int64))
    return statuses.name(choose(statuses.codes, pl.col("own"), "status", row))
