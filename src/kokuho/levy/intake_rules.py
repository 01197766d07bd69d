"""What persons and households must fulfil to be levied: rules within rows, within a household.

Each rule is a condition that is wrong where it is true, the column it is told at, its code (see
:data:`kokuho.tables.CODES`) and what was expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.base.messages import translator
from kokuho.law import LawYear
from kokuho.levy.columns import LARGEST
from kokuho.levy.incomes import ORDINARY_KINDS, SEPARATE_KINDS, band_income, month_steps
from kokuho.levy.steps import apply

_ = translator("intake")

LATEST_BIRTH = "birth_date_latest"


@dataclass(frozen=True)
class Rule:
    """A condition that is wrong where it is true."""

    code: str
    column: str
    wrong: pl.Expr
    expected: str


def person_rules(law: LawYear) -> list[Rule]:
    """Rules within one person's row."""
    return [*_time_rules(law), *_income_rules(law), *_relief_rules(law)]


def _time_rules(law: LawYear) -> list[Rule]:
    year = law.fiscal_year
    first, last = first_day_of_year(year), last_day_of_year(year)
    insured, born = pl.col("insured"), pl.col("birth_date")
    joined, left = pl.col("joined_on"), pl.col("left_on")
    return [
        Rule("left_before_joined", "left_on", left < joined, _("a day on or after joining")),
        Rule(
            "outside_year",
            "joined_on",
            insured & (joined > last),
            _("a day up to {day}").format(day=last),
        ),
        Rule(
            "outside_year",
            "left_on",
            insured & (left < first),
            _("a day from {day} on").format(day=first),
        ),
        Rule("born_later", "birth_date", born > last, _("a day up to {day}").format(day=last)),
        Rule(
            "joined_before_birth",
            "joined_on",
            insured & (joined.fill_null(first) < born) & (born <= last),
            _("a day on or after the birth date; empty means since before {day}").format(day=first),
        ),
        Rule(
            "too_old",
            "birth_date",
            insured & (pl.col(LATEST_BIRTH) <= date(year - law.ages.leave_at, 4, 1)),
            _("a person under 75 on 1 April, or not insured"),
        ),
        Rule(
            "joined_too_old",
            "joined_on",
            insured & (joined >= _birthday(LATEST_BIRTH, law.ages.leave_at)),
            _("a day before the 75th birthday"),
        ),
    ]


def _income_rules(law: LawYear) -> list[Rule]:
    salary = band_income(pl.col("salary_revenue"), law.salary_bands)
    # which of the pension tables holds depends on the other incomes: any may be the right one
    pensions = {
        bands: band_income(pl.col("pension_revenue"), bands) for bands in law.pension_bands.values()
    }
    fits = pl.any_horizontal(pl.col("pension_income") == income for income in pensions.values())
    pension_given = pl.col("pension_revenue").is_not_null()
    agrees = _("the income that the statutory table gives for the revenue")
    family, revenue = pl.col("family_worker_salary"), pl.col("salary_revenue")
    transfers = pl.col("separate_transfer_short") + pl.col("separate_transfer_long")
    halved = pl.col("transfer_long") + pl.col("occasional")
    regular = pl.sum_horizontal(
        pl.coalesce("salary_income", salary).fill_null(0),
        pl.coalesce("pension_income", pl.min_horizontal(*pensions.values())).fill_null(0),
        *(kind for kind in ORDINARY_KINDS if kind != "transfer_short"),
    )
    left_over = regular + pl.col("transfer_short") < 0
    set_off = _("incomes after set-off of losses (損益通算); 総合長期・一時 before halving")
    return [
        Rule(
            "income_disagrees",
            "salary_income",
            revenue.is_not_null() & (pl.col("salary_income") != salary),
            agrees,
        ),
        Rule("income_disagrees", "pension_income", pension_given & ~fits, agrees),
        Rule(
            "family_salary",
            "family_worker_salary",
            (family > 0) & (family > revenue.fill_null(0)),
            _("at most the salary revenue, which must be given"),
        ),
        *(
            Rule("set_off", kind, (pl.col(kind) < 0) & (halved > 0) & left_over, set_off)
            for kind in ("business", "farming", "real_estate")
        ),
        Rule(
            "deduction",
            "separate_transfer_deduction",
            pl.col("separate_transfer_deduction") > transfers,
            _("at most the transfer income that it is deducted from"),
        ),
    ]


def _birthday(born: str, age: int) -> pl.Expr:
    """The birthday at ``age``; of those born on 29 February, 1 March of a common year."""
    birth, then = pl.col(born), pl.col(born).dt.offset_by(f"{age}y")
    on_29 = (birth.dt.month() == 2) & (birth.dt.day() == 29) & ~then.dt.is_leap_year()
    return pl.when(on_29).then(then.dt.offset_by("1d")).otherwise(then)


def _relief_rules(law: LawYear) -> list[Rule]:
    """Reliefs that are only for some ages, where the age is beyond doubt (不詳の月日も考える)."""
    has_months = pl.col("maternity_months") > 0
    below, least = law.ages.involuntary_below, law.ages.former_dependant_from
    lost, acquired = pl.col("involuntary_unemployment_from"), pl.col("former_dependant_from")
    # an age is reached on the day before the birthday; the job was lost on the day before too
    return [
        Rule(
            "relief_age",
            "involuntary_unemployment_from",
            lost >= _birthday(LATEST_BIRTH, below),
            _("a job lost before the age of {age}").format(age=below),
        ),
        Rule(
            "relief_age",
            "former_dependant_from",
            acquired.dt.offset_by("1d") < _birthday("birth_date", least),
            _("a day on which the person is {age} or older").format(age=least),
        ),
        Rule(
            "maternity",
            "maternity_months",
            has_months != pl.col("maternity_from").is_not_null(),
            _("both the first month and 1 to 6 months, or neither"),
        ),
    ]


def household_row_rules() -> list[Rule]:
    """Rules within one household's row."""
    elders = pl.col("same_household_elders")
    return [
        Rule(
            "elders",
            "same_household_elders",
            (elders < pl.col("elders_earners")) | ((elders == 0) & (pl.col("elders_income") > 0)),
            _("the number of elders (特定同一世帯所属者) whose incomes and earners are given"),
        )
    ]


def incomes() -> pl.Expr:
    """All incomes of a person as far as they are positive, salary and pension counted once."""
    others = (*ORDINARY_KINDS, *SEPARATE_KINDS, "transfer_long", "occasional", "retirement")
    return pl.sum_horizontal(
        pl.max_horizontal("salary_revenue", "salary_income"),
        pl.max_horizontal("pension_revenue", "pension_income"),
        *(pl.col(name).clip(lower_bound=0) for name in others),
    )


def household_rules() -> list[Rule]:
    """Rules on the persons of a household; a frame of households with the sums of its persons."""
    one_head = _("one head in the persons file")
    limit = f"{LARGEST:,}"
    return [
        Rule("no_head", "household_id", pl.col("heads") == 0, one_head),
        Rule("two_heads", "household_id", pl.col("heads") > 1, one_head),
        Rule(
            "household_too_rich",
            "household_id",
            pl.col("incomes") + pl.col("elders_income") > LARGEST,
            _("incomes of at most {limit} yen in all").format(limit=limit),
        ),
        Rule(
            "household_too_rich",
            "household_id",
            pl.col("assets") > LARGEST,
            _("fixed asset tax of at most {limit} yen in all").format(limit=limit),
        ),
    ]


def open_birth_dates(people: pl.DataFrame, law: LawYear) -> tuple[pl.DataFrame, list[str]]:
    """Persons whose unknown day or month of birth decides the levy, and what it would decide.

    Months and classes change only once within the days that a date may be, so that they are the
    same on all of them if they are the same on the first and the last. Of somebody who is not
    insured only the age of 65 matters, and only of the head.
    """
    unknown = people.filter(pl.col("birth_date") != pl.col(LATEST_BIRTH))
    if unknown.is_empty():
        return unknown, []
    classes = {
        "insured_mask": _("the age of 75, when a person leaves"),
        "care_mask": _("the care part, from 40 to 64"),
        "preschool": _("the preschool child"),
        "child": _("the child up to 18"),
        "elder_65": _("the age of 65 on 1 January"),
    }
    early, late = (
        apply(frame.lazy(), month_steps(law)).select(*classes).collect()
        for frame in (unknown, unknown.with_columns(birth_date=LATEST_BIRTH))
    )
    insured, head = unknown["insured"], unknown["head"]
    differs = pl.DataFrame(
        {
            name: (early[name] != late[name]) & (insured | head if name == "elder_65" else insured)
            for name in classes
        }
    )
    decides = differs.select(pl.any_horizontal(pl.all())).to_series()
    expected = [
        _(
            "a full date, because {classes} depends on it: the date that the office takes it to be "
            "(みなし生年月日)"
        ).format(classes=", ".join(classes[name] for name, differ in row.items() if differ))
        for row in differs.filter(decides).iter_rows(named=True)
    ]
    return unknown.filter(decides), expected
