"""Section 1 of the paper: insured, income, reductions, collection, deficit; plan and settlement."""

from __future__ import annotations

import polars as pl

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import translator
from kokuho.plan.model import Plan
from kokuho.plan.paper.blocks import Section, Source, Table, Text
from kokuho.plan.paper.runs import Runs
from kokuho.plan.paper.wording import REDUCTIONS, million, percent, spans, thousand, yen
from kokuho.plan.progress import progress_of
from kokuho.plan.scenario import Inputs, Stated

_ = translator("paper")


def situation(runs: Runs) -> Section:
    """現状: what there is in the base year, and how the plan has gone so far."""
    section = Section("situation", _("Where we are"))
    section.add(*_people(runs), _incomes(runs), _reductions(runs), *_account(runs))
    plan = runs.inputs.plan
    if plan is None:
        section.add(Text(_("The scenario names no plan; plan and settlement cannot be compared.")))
    else:
        section.add(*_settlements(plan))
    return section


def _people(runs: Runs) -> list[Text | Table]:
    year = runs.inputs.scenario.base_year
    cohorts = runs.forecast.cohorts[year]
    total = sum(cohorts.values())
    households = int(runs.today.groups.filter(group="all")["households"].sum())
    source = Source("forecast", "cohorts.csv", ("insured",), (("year", str(year)),))
    ahead = Source("today", "groups.csv", ("households",), (("group", "all"),))
    rows = [(_ages(ages), yen(count), percent(count, total)) for ages, count in cohorts.items()]
    return [
        Text(
            _(
                "On 1 April of {year} {insured} persons are insured; the households that are "
                "levied within the year number {households}."
            ).format(year=fiscal_year_name(year), insured=yen(total), households=yen(households)),
            (source, ahead),
        ),
        Table(
            _("Insured by age on 1 April, {year}").format(year=fiscal_year_name(year)),
            (_("age"), _("insured (persons)"), _("share")),
            (*rows, (_("together"), yen(total), percent(total, total))),
            (source,),
        ),
    ]  # fmt: skip


def _ages(ages: tuple[int, int]) -> str:
    return _("{low} to {high}").format(low=ages[0], high=ages[1])


def _incomes(runs: Runs) -> Table:
    frame = runs.today.incomes
    total = int(frame["households"].sum())
    rows = []
    for row in frame.iter_rows(named=True):
        ends = {
            "low": yen((row["above"] or 0) // 10_000),
            "high": yen((row["up_to"] or 0) // 10_000),
        }
        if row["above"] is None:
            name = _("no income")
        elif row["up_to"] is None:
            name = _("more than {low} × 10,000 yen").format(**ends)
        elif row["above"] == 0:
            name = _("up to {high} × 10,000 yen").format(**ends)
        else:
            name = _("more than {low} × 10,000 up to {high} × 10,000 yen").format(**ends)
        rows.append((name, yen(row["households"]), percent(row["households"], total)))
    return Table(
        _("Households by income, {year}").format(
            year=fiscal_year_name(runs.inputs.scenario.base_year)
        ),
        (_("income of the household"), _("households"), _("share")),
        tuple(rows),
        (Source("today", "incomes.csv", ("above", "up_to", "households")),),
        (_("Income as the reductions judge it, head of household included."),),
    )


def _reductions(runs: Runs) -> Table:
    groups = runs.today.groups
    total = int(groups.filter(group="all")["households"].sum())
    rows = []
    for tenths, name in REDUCTIONS.items():
        found = groups.filter((pl.col("group") == "reduction") & (pl.col("member") == tenths))
        households, insured, levied = (
            int(found[column].sum()) for column in ("households", "insured", "levied")
        )
        mean = yen(levied // households) if households else "―"
        rows.append((_(name), yen(households), percent(households, total), yen(insured), mean))
    return Table(
        _("Households by reduction, {year}").format(
            year=fiscal_year_name(runs.inputs.scenario.base_year)
        ),
        (_("reduction"), _("households"), _("share"), _("insured (persons)"),
         _("levy a household (yen)")),
        tuple(rows),
        (
            Source(
                "today", "groups.csv", ("households", "insured", "levied"),
                (("group", "reduction"),),
            ),
        ),
    )  # fmt: skip


def _account(runs: Runs) -> list[Text | Table]:
    inputs = runs.inputs
    year = inputs.scenario.base_year
    items = runs.forecast.central("no_action")[year]
    collection = inputs.scenario.assumptions.collection
    contribution = [name for name in items if name.startswith("contribution_")]
    transfers = [
        name for name in items if name.startswith("transfer_") and name != "transfer_other"
    ]

    def source(*names: str) -> Source:
        rows = (("path", "no_action"), ("year", str(year)), ("item", "+".join(names)))
        return Source("forecast", "years.csv", ("central",), rows)

    lines = [
        (_("contribution to the prefecture (all parts)"), contribution),
        (_("levy of the year"), ["levied"]),
        (_("of it collected"), ["collected"]),
        (_("collected of what was carried over"), ["collected_arrears"]),
        (_("statutory transfers (never a deficit)"), transfers),
        (_("deficit (non-statutory transfer that fills the gap)"), ["deficit"]),
    ]
    rows = [(name, thousand(sum(items[one] for one in names))) for name, names in lines]
    current = collection.current
    rate = source_of(current)
    deficit = items["deficit"]
    return [
        Text(
            _(
                "Collection rate of the year's levy: {current} ({rate}); of what is carried over: "
                "{arrears} ({late})."
            ).format(
                current=percent(current.stated(year)),
                rate=rate,
                arrears=percent(collection.arrears.stated(year)),
                late=source_of(collection.arrears),
            ),
            (
                Source("forecast", "forecast.json", ("provenance.assumptions",),
                       (("place", "collection.current+collection.arrears"),)),
            ),
        ),
        Table(
            _("The special account, {year} (estimate of this forecast)").format(
                year=fiscal_year_name(year)
            ),
            (_("item"), _("thousand yen")),
            tuple(rows),
            tuple(source(*names) for _name, names in lines),
            _current_deficit(inputs, deficit),
        ),
    ]  # fmt: skip


def _current_deficit(inputs: Inputs, deficit: int) -> tuple[str, ...]:
    """What the plan itself calls the deficit, beside the forecast's."""
    current = inputs.plan.current_deficit if inputs.plan else None
    if current is None or current.amount is None or current.year is None:
        return ()
    return (
        _(
            "The plan sets out from a deficit of {planned} (budget estimate of {year}); this "
            "forecast estimates {deficit} for {base}. They are figures of different origin."
        ).format(
            planned=million(current.amount * 1000),
            year=fiscal_year_name(current.year),
            deficit=million(deficit),
            base=fiscal_year_name(inputs.scenario.base_year),
        ),
    )


def source_of(stated: Stated) -> str:
    """The source of an assumption, or that it is one."""
    return stated.source if stated.source is not None else _("assumption")


def _settlements(plan: Plan) -> list[Text | Table]:
    """計画と決算: a year that is not settled, or not known, is said to be unknown."""
    rows, unknown = [], []
    for row in progress_of(plan):
        nothing = "―"
        if row.standing == "unknown":
            unknown.append(row.year)
            nothing = _("unknown")
        rows.append((
            fiscal_year_name(row.year),
            _("unknown") if row.planned is None else yen(row.planned),
            "―" if row.left is None else yen(row.left),
            *(nothing if one is None else yen(one) for one in (row.deficit, row.difference)),
            row.source or "―",
        ))  # fmt: skip
    table = Table(
        _("Plan against settlement"),
        (_("year"), _("planned reduction"), _("deficit that the plan leaves"),
         _("deficit of the settlement"), _("difference"), _("source of the settlement")),
        tuple(rows),
        (Source("plan", "plan.json", ("years.planned", "years.actual", "current_deficit")),),
        (_("In thousands of yen. ―: no certain base to subtract from, or nothing to say."),),
    )  # fmt: skip
    told = []
    if unknown:
        told.append(Text(
            _(
                "The settlements of {years} are unknown: the plan file states none. They must be "
                "filled in before this paper is used; nothing was estimated in their place."
            ).format(years=spans(unknown)),
            (Source("plan", "plan.json", ("years.actual",)),), strong=True,
        ))  # fmt: skip
    return [*told, table]
