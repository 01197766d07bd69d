"""The levy (賦課): one definition for one household, a city and a nation.

:func:`levy` takes persons and households as frames and gives them back with every step as a
column. Insurers with the same method run as one group. Between the four lists of steps the figures
pass from persons to households and back; nothing else is done here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from kokuho.base.errors import LevyError
from kokuho.base.messages import translator
from kokuho.base.money import EXACT_LIMIT
from kokuho.law import LawYear, for_fiscal_year
from kokuho.levy import amounts, incomes, judgement
from kokuho.levy.groups import Runs
from kokuho.levy.method import Method, Rates, rate_values
from kokuho.levy.slices import side_by_side, size_of, slices
from kokuho.levy.steps import apply, names
from kokuho.ordinance import OrdinanceYear

_ = translator("levy")

KEYS = ("insurer_code", "household_id")
PARTS = ("medical", "support", "care", "child")
RESULT_COLUMNS = ("insurer_code", "household_id", "fiscal_year", "reduction", *PARTS, "total")

_JUDGED_COLUMNS = ("judged", "earner", "starts_on")


@dataclass(frozen=True)
class Levy:
    """What a levy run gives: households always, persons where their steps were kept.

    ``households`` has :data:`RESULT_COLUMNS` first, in yen and tenths, one row a household, sorted
    by insurer and household; with steps, their columns follow. ``persons`` is sorted likewise.
    """

    households: pl.DataFrame
    persons: pl.DataFrame


@dataclass(frozen=True)
class Judged:
    """Stage 1 of a levy: everything before a rate, ready to be levied with any rates."""

    law: LawYear
    method: Method
    persons: pl.DataFrame
    households: pl.DataFrame

    @cached_property
    def runs(self) -> Runs:
        """The households as rows of ``persons``."""
        return Runs.of(self.persons["hh"])


def levy(
    persons: pl.DataFrame,
    households: pl.DataFrame,
    ordinances: Iterable[OrdinanceYear],
    *,
    steps: bool = True,
) -> Levy:
    """Levy every household.

    Args:
        persons: the persons of :mod:`kokuho.levy.intake`, sorted by insurer, household, person.
        households: its households, sorted by insurer and household; each has its persons.
        ordinances: the ordinance of each insurer in the frames, all of one fiscal year.
        steps: keep every step as a column; without, only the result columns are computed.

    Raises:
        LevyError: an insurer without ordinance, persons and households that do not belong
            together, or amounts beyond the range in which whole numbers divide exactly.
    """
    persons, households = persons.rechunk(), households.rechunk()  # pieces would be copied often
    groups = _groups(list(ordinances))
    known = {o.insurer.code for members in groups.values() for o in members}
    missing = set(households["insurer_code"].unique()) - known
    if missing:
        raise LevyError(
            _("No ordinance was given for insurer {codes}.").format(
                codes=", ".join(sorted(missing))
            )
        )
    results = []
    for method, members in groups.items():
        codes = [ordinance.insurer.code for ordinance in members]
        ours = pl.col("insurer_code").is_in(codes)
        alone = len(groups) == 1 and len(missing) == 0
        results.append(
            _levy_group(
                persons if alone else persons.filter(ours),
                households if alone else households.filter(ours),
                method,
                members,
                steps=steps,
            )
        )
    if len(results) == 1:
        return results[0]
    return Levy(
        _ordered(pl.concat([r.households for r in results], how="diagonal"), KEYS),
        _ordered(pl.concat([r.persons for r in results], how="diagonal"), (*KEYS, "person_id"))
        if steps
        else results[0].persons,
    )


def _ordered(frame: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    return frame.sort(keys, maintain_order=True)


def _groups(ordinances: list[OrdinanceYear]) -> dict[Method, list[OrdinanceYear]]:
    groups: dict[Method, list[OrdinanceYear]] = defaultdict(list)
    years = {ordinance.fiscal_year for ordinance in ordinances}
    if len(years) != 1:
        raise LevyError(
            _("A levy takes the ordinances of one fiscal year; given: {years}.").format(
                years=", ".join(map(str, sorted(years))) or "-"
            )
        )
    for ordinance in ordinances:
        groups[Method.of(ordinance)].append(ordinance)
    return groups


def _levy_group(
    persons: pl.DataFrame,
    households: pl.DataFrame,
    method: Method,
    ordinances: list[OrdinanceYear],
    *,
    steps: bool,
) -> Levy:
    law = for_fiscal_year(ordinances[0].fiscal_year)
    rates = Rates(ordinances)

    def of_slice(persons: pl.DataFrame, households: pl.DataFrame) -> Levy:
        return assess(judge(persons, households, law, method, steps=steps), rates, steps=steps)

    parts = list(slices(persons, households, KEYS, size_of(households.height)))
    if len(parts) < 2:
        return of_slice(persons, households)
    results = side_by_side(of_slice, parts)
    return Levy(
        pl.concat([result.households for result in results], rechunk=False),
        pl.concat([result.persons for result in results], rechunk=False),
    )


def judge(
    persons: pl.DataFrame,
    households: pl.DataFrame,
    law: LawYear,
    method: Method,
    *,
    steps: bool = True,
) -> Judged:
    """Stage 1: months, incomes, the judgement of the reduction. No rate is needed.

    Both frames of the result carry ``hh``, the number of the household's row.
    """
    numbered = _number(persons, households)
    optional = {"per_capita_exemption": 0}
    numbered = numbered.with_columns(
        pl.lit(value, dtype=pl.Int64).alias(name)
        for name, value in optional.items()
        if name not in numbered.columns
    )
    own_steps = [
        *incomes.month_steps(law, gaps="absent_months" in numbered.columns),
        *incomes.income_steps(law, method),
        *incomes.judged_steps(law),
        *amounts.person_month_steps(law),
    ]
    people = apply(numbered.lazy(), own_steps)
    if not steps:
        people = people.select(_needed_after_stage_1(method))
    people_frame = people.collect()
    judging = judgement.judging_steps()
    people_frame = apply(
        people_frame.lazy().with_columns(
            judgement_day=_judgement_day(people_frame, households.height, law)
        ),
        judging,
    ).collect()
    sums = Runs.of(people_frame["hh"]).gather(people_frame, judgement.household_sums())
    household_steps = judgement.reduction_steps(law)
    optional_households: dict[str, int | None] = {"elders_earners": 0, "forced_reduction": None}
    houses = (
        households.lazy()
        .with_columns(
            pl.lit(value, dtype=pl.Int64).alias(name)
            for name, value in optional_households.items()
            if name not in households.columns
        )
        .with_columns(sums.get_columns())
        .with_columns(
            judgement.specific_insured(
                people_frame, households, sums["insured_count"].clone(), law.fiscal_year
            ).alias("specific_insured")
        )
    )
    return Judged(law, method, people_frame, apply(houses, household_steps).collect())


def assess(judged: Judged, rates: Rates, *, steps: bool = True) -> Levy:
    """Stage 2: the amounts of every household under ``rates``."""
    law, method = judged.law, judged.method
    people = judged.persons.lazy().with_columns(
        reduction=pl.lit(judged.households["reduction"]).gather(pl.col("hh"))
    )
    houses = judged.households.lazy()
    if rates.as_columns:
        table = rates.frame()
        houses = houses.join(table.lazy(), on="insurer_code", how="left", maintain_order="left")
        people = people.join(table.lazy(), on="insurer_code", how="left", maintain_order="left")
    person_steps = amounts.person_steps(law, method, rates)
    people = apply(people, person_steps)
    sums_needed = amounts.household_sums(method)
    if steps:
        people_frame = people.collect()
    else:
        roots = {item.name for item in sums_needed}
        people_frame = people.select("hh", *sorted(roots)).collect()
    sums = judged.runs.gather(people_frame, sums_needed)
    check_range(sums, _highest(rates))
    houses = houses.with_columns(sums.get_columns())
    household_steps = amounts.household_steps(law, method, rates)
    houses = apply(houses, household_steps).with_columns(
        pl.lit(law.fiscal_year, dtype=pl.Int64).alias("fiscal_year"),
        *[pl.lit(None, dtype=pl.Int64).alias(part) for part in PARTS if part not in method.parts],
    )
    rate_columns = set(rates.frame().columns) - {"insurer_code"} if rates.as_columns else set()
    if steps:
        given = judged.households.columns
        made = [name for name in (*given, *names(household_steps)) if name not in RESULT_COLUMNS]
        made += sums.columns
        houses = houses.select(*RESULT_COLUMNS, *dict.fromkeys(made))
        people_frame = people_frame.drop("hh", *sorted(rate_columns), strict=False)
    else:
        houses = houses.select(*RESULT_COLUMNS)
        people_frame = pl.DataFrame()
    return Levy(houses.collect(), people_frame)


def _number(persons: pl.DataFrame, households: pl.DataFrame) -> pl.DataFrame:
    """Give each person the row number of its household; both frames are sorted by their keys."""
    changed = pl.lit(False)
    for key in KEYS:
        changed = changed | (pl.col(key) != pl.col(key).shift(1))
    starts = persons.select(changed.fill_null(True)).to_series()
    firsts = persons.select(KEYS).filter(starts)
    same = firsts.height == households.height and all(
        (firsts[key] == households[key]).all() for key in KEYS
    )
    if not same:
        raise LevyError(
            _("Persons and households do not belong together, or are not sorted by their keys.")
        )
    return persons.with_columns(hh=(starts.cum_sum() - 1).cast(pl.UInt32))


def _judgement_day(persons: pl.DataFrame, households: int, law: LawYear) -> pl.Series:
    """The earliest start in each person's household: 1 April for all but newcomers."""
    first = date(law.fiscal_year, 4, 1)
    starts = persons.lazy().select("hh", "starts_on")
    later = starts.filter(pl.col("starts_on") > first).sort("starts_on", descending=True).collect()
    days = pl.Series("judgement_day", [first], dtype=pl.Date).new_from_index(0, households)
    # The last write stands: of the later starts the earliest, and 1 April before all.
    days = days.scatter(later["hh"], later["starts_on"])
    days = days.scatter(persons["hh"].filter(persons["starts_on"] == first), first)
    return days.gather(persons["hh"])


def _needed_after_stage_1(method: Method) -> list[str]:
    """The columns that the judgement and stage 2 read; all others need not be made."""
    liabilities = ("insured", "care")
    needed = ["hh", "head", "declared", "left_on", "former_half_mask", *_JUDGED_COLUMNS]
    needed += [*KEYS, "preschool", "child", "per_capita_exemption"]
    for liability in liabilities:
        needed += [f"{liability}_{what}" for what in ("mask", "half", "plain")]
        if method.per_person:
            needed += [f"{liability}_{what}" for what in ("full", "cut", "taxed_asset")]
        else:
            needed += [f"{liability}_{what}_months" for what in ("base", "asset")]
    if method.per_person:
        needed += ["base", "base_involuntary", "asset_tax"]
    return needed


def _highest(rates: Rates) -> int:
    """The highest rate of any insurer and part, in millionths."""
    return max(
        value
        for ordinance in rates.ordinances
        for (_part, field), value in rate_values(ordinance).items()
        if field in ("income", "asset")
    )


def check_range(sums: pl.DataFrame, highest: int) -> None:
    """Refuse amounts whose product with a rate would leave the range of exact division."""
    for column in ("insured_base_months", "insured_asset_months"):
        if column not in sums.columns:
            continue
        largest = sums[column].max()
        if isinstance(largest, int) and largest * highest >= EXACT_LIMIT:
            raise LevyError(
                _("A household's income is beyond what can be levied exactly: {amount}.").format(
                    amount=f"{largest // 12:,}"
                )
            )
