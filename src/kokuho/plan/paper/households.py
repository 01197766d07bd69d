"""Section 4 of the paper: whom the first pattern hits (世帯への影響)."""

from __future__ import annotations

import polars as pl

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import translator
from kokuho.plan.paper.blocks import Chart, Line, Panel, Section, Source, Table, Text
from kokuho.plan.paper.runs import PatternRun, Runs
from kokuho.plan.paper.wording import REDUCTIONS, TYPES, percent, signed, yen
from kokuho.plan.solve import Solution
from kokuho.plan.solve.writing import impact_table, models_table

_ = translator("paper")


def effects(runs: Runs) -> Section:
    """世帯への影響 of the first pattern; nothing is shown where no search was made."""
    section = Section("households", _("Effect on households"))
    one = runs.first
    if one.solution is None:
        section.add(Text(
            _("No search was made, so that no effect on households is shown."), strong=True
        ))  # fmt: skip
        return section
    impact = impact_table(one.solution)
    target = one.solution.problem.limits.target_year
    section.add(
        Text(
            _("Shown is the first pattern, \"{pattern}\". People are those of the forecast's year.")
            .format(pattern=one.pattern.title)
        ),
        _models(one, one.solution),
        _told(one, impact, target),
        *_groups(one, impact, target),
        _years(one, impact),
    )  # fmt: skip
    return section


def _models(one: PatternRun, made: Solution) -> Table:
    frame = models_table(made)
    base, target = made.problem.inputs.scenario.base_year, made.problem.limits.target_year
    first = min(made.path)
    rows = []
    for name in frame["household"].unique(maintain_order=True):
        own = {row["year"]: row for row in frame.filter(household=name).iter_rows(named=True)}
        today, last = own[base]["plan"], own[target]["plan"]
        rise = own[first]["plan"] - own[first]["held"]
        rows.append((
            own[base]["title"], _(REDUCTIONS[str(own[target]["reduction"])]), yen(today),
            yen(own[first]["plan"]), signed(rise), yen(own[target]["held"]), yen(last),
            signed(last - own[target]["held"]),
            percent(last - own[target]["held"], own[target]["held"]),
        ))  # fmt: skip
    return Table(
        _("Levies of the eight model households (yen a year)"),
        (
            _("model household"), _("reduction"), fiscal_year_name(base),
            fiscal_year_name(first), _("of it rise by the rates"),
            _("{year}, rates held").format(year=fiscal_year_name(target)),
            _("{year}, proposal").format(year=fiscal_year_name(target)),
            _("difference"), _("in %"),
        ),
        tuple(rows),
        (Source(one.run, "models.csv", ("held", "plan", "reduction")),),
        (
            _("Made for Kokuho; no official or statistical types. Ages, incomes and law stay the "
              "same in every year."),
        ),
        names=2,
        widths=(44,),
        small=True,
    )  # fmt: skip


def _all(impact: pl.DataFrame, against: str, year: int) -> dict[str, int]:
    found = impact.filter(
        (pl.col("against") == against) & (pl.col("year") == year) & (pl.col("group") == "all")
    )
    return found.row(0, named=True)


def _told(one: PatternRun, impact: pl.DataFrame, target: int) -> Text:
    found = _all(impact, "held", target)
    return Text(
        _(
            "In {year}, against rates held, {rising} of {households} households pay more, "
            "{falling} less, {same} the same. The largest rise is {largest} yen a year; a "
            "household pays {after} yen on average instead of {before}."
        ).format(
            year=fiscal_year_name(target), rising=yen(found["rising"]),
            households=yen(found["households"]), falling=yen(found["falling"]),
            same=yen(found["unchanged"]), largest=yen(found["largest_rise"]),
            after=yen(found["mean_after"]), before=yen(found["mean_before"]),
        ),
        (Source(one.run, "impact.csv",
                ("households", "rising", "falling", "unchanged", "largest_rise", "mean_before",
                 "mean_after"),
                (("against", "held"), ("year", str(target)), ("group", "all"))),),
        main=True,
    )  # fmt: skip


def _groups(one: PatternRun, impact: pl.DataFrame, target: int) -> list[Table | Chart]:
    made: list[Table | Chart] = []
    deciles = {
        f"{number:02d}": _("decile {number}").format(number=number) for number in range(1, 11)
    }
    for group, title, names in (
        ("income_decile", _("By income decile (1: the lowest tenth)"), deciles),
        (
            "household_type",
            _("By type of household"),
            {key: _(name) for key, name in TYPES.items()},
        ),
        ("reduction", _("By reduction"), {key: _(name) for key, name in REDUCTIONS.items()}),
    ):
        source = Source(
            one.run, "impact.csv",
            ("households", "mean_before", "mean_after", "rising", "falling", "largest_rise"),
            (("against", "held"), ("year", str(target)), ("group", group)),
        )  # fmt: skip
        found = {
            row["member"]: row
            for row in impact.filter(
                (pl.col("against") == "held")
                & (pl.col("year") == target)
                & (pl.col("group") == group)
            ).iter_rows(named=True)
        }
        rows = [(names[key], found[key]) for key in names if key in found]
        if group == "income_decile":
            made.append(_decile_chart(rows, source, target))
        made.append(
            Table(
                _("{title}: {year}, against rates held").format(
                    title=title, year=fiscal_year_name(target)
                ),
                (
                    _("households grouped"), _("households"), _("rates held"), _("proposal"),
                    _("mean difference"), _("in %"), _("winners"), _("losers"), _("largest rise"),
                ),
                tuple(
                    (
                        name, yen(row["households"]), yen(row["mean_before"]),
                        yen(row["mean_after"]), signed(row["mean_after"] - row["mean_before"]),
                        percent(row["mean_after"] - row["mean_before"], row["mean_before"]),
                        yen(row["falling"]), yen(row["rising"]), signed(row["largest_rise"]),
                    )
                    for name, row in rows
                ),
                (source,),
                (_("Yen a household and year; winners pay less, losers more."),),
                widths=(32,),
            )
        )  # fmt: skip
    return made


def _decile_chart(rows: list[tuple[str, dict[str, int]]], source: Source, target: int) -> Chart:
    before = tuple(row["mean_before"] for _name, row in rows)
    after = tuple(row["mean_after"] for _name, row in rows)
    title = _("Mean levy of a household by income decile, {year}").format(
        year=fiscal_year_name(target)
    )
    lines = (
        Line(_("rates held"), before, style="light"),
        Line(_("proposal"), after, style="dark"),
    )
    table = Table(
        title, (_("income decile"), *(line.name for line in lines)),
        tuple((name, yen(row["mean_before"]), yen(row["mean_after"])) for name, row in rows),
        (source,), (_("In yen."),),
    )  # fmt: skip
    alternative = _(
        "Two bars a decile, rates held and proposal: in the lowest tenth {b0} and {a0} yen, in the "
        "highest {b9} and {a9} yen."
    ).format(b0=yen(before[0]), a0=yen(after[0]), b9=yen(before[-1]), a9=yen(after[-1]))
    return Chart(
        title, "bars", tuple(name for name, _row in rows), (Panel("", lines),),
        _("10,000 yen"), 10_000, alternative, table, (source,),
    )  # fmt: skip


def _years(one: PatternRun, impact: pl.DataFrame) -> Table:
    years = impact.filter(against="year_before")["year"].unique().sort().to_list()
    rows = []
    for year in years:
        found = _all(impact, "year_before", year)
        rows.append((
            fiscal_year_name(year), yen(found["mean_before"]), yen(found["mean_after"]),
            percent(found["after"] - found["before"], found["before"], 2), yen(found["rising"]),
            yen(found["falling"]), signed(found["largest_rise"]),
        ))  # fmt: skip
    return Table(
        _("Each revision against the rates of the year before, people unchanged"),
        (
            _("year"), _("before (mean)"), _("after (mean)"), _("change"), _("losers"),
            _("winners"), _("largest rise"),
        ),
        tuple(rows),
        (Source(one.run, "impact.csv",
                ("mean_before", "mean_after", "before", "after", "rising", "falling",
                 "largest_rise"),
                (("against", "year_before"), ("group", "all"))),),
        (_("Yen a household and year."),),
    )  # fmt: skip
