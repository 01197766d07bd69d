"""Section 5 of the paper: other municipalities of the same year, and the standard rates."""

from __future__ import annotations

import polars as pl

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import translator
from kokuho.base.money import PPM
from kokuho.plan.paper.blocks import Section, Source, Table, Text
from kokuho.plan.paper.runs import Runs, scenario_copy
from kokuho.plan.paper.situation import source_of
from kokuho.plan.paper.wording import listed, part_name, rate, yen
from kokuho.plan.scenario import Inputs
from kokuho.plan.solve import model_households

_ = translator("paper")


def comparison(runs: Runs) -> Section:
    """他市との比較 of the base year; who has no rates of that year is named, never estimated."""
    section = Section("others", _("Other municipalities"))
    made, inputs = runs.others, runs.inputs
    year = fiscal_year_name(inputs.scenario.base_year)
    names = made.rates["municipality"].unique(maintain_order=True).to_list()
    shipped = len(names) - 1 - len(made.named)
    if not shipped:
        section.add(Text(
            _("No other municipality of {prefecture} with rates of {year} comes with Kokuho; none "
              "was borrowed from another year or prefecture.").format(
                prefecture=inputs.ordinance.insurer.prefecture, year=year), strong=True,
        ))  # fmt: skip
    else:
        section.add(
            Text(
                _("Rates of {year} of {count} other municipalities of {prefecture}, as transcribed "
                  "from their pages and not yet compared with their ordinances; it is not every "
                  "municipality.").format(
                    year=year, count=shipped,
                    prefecture=inputs.ordinance.insurer.prefecture),
                (Source("others", "rates.csv", ("municipality", "source", "retrieved")),),
            )
        )  # fmt: skip
    if made.named:
        section.add(Text(
            _("Added from ordinance files that the scenario names: {names}.").format(
                names=listed(made.named)),
            (Source("forecast", scenario_copy(inputs), ("paper.compare",)),),
        ))  # fmt: skip
    if made.lacking:
        section.add(Text(
            _("No rates of {year} are known of: {names}. They are left out, not estimated.").format(
                year=year, names=listed(made.lacking))
        ))  # fmt: skip
    section.add(_rates(runs, names), _standard(inputs), _models(runs, names), _sources(runs))
    return section


def _own(name: str, runs: Runs) -> str:
    if name == runs.others.own:
        return _("{name} (ordinance of this paper)").format(name=name)
    kind = runs.others.rates.filter(municipality=name)["kind"][0]
    return name if kind == "tax" else _("{name} (premium)").format(name=name)


def _rates(runs: Runs, names: list[str]) -> Table:
    frame = runs.others.rates
    parts = frame["part"].unique(maintain_order=True).to_list()
    houses = bool((frame["per_household"] > 0).any())
    rows = []
    for name in names:
        own = {row["part"]: row for row in frame.filter(municipality=name).iter_rows(named=True)}
        cells: list[str] = []
        for part in parts:
            row = own.get(part)
            cells += ["―", "―"] if row is None else [rate(row["income_ppm"]), _heads(row)]
        if houses:
            cells.append(yen(sum(row["per_household"] for row in own.values())))
        rows.append((_own(name, runs), *cells))
    head = [_("municipality")]
    for part in parts:
        head += [
            part_name(part) + "\n" + _("income rate"),
            part_name(part) + "\n" + _("per head (yen)"),
        ]
    if houses:
        head.append(_("per household (yen)"))
    return Table(
        _("Rates of {year}").format(year=fiscal_year_name(runs.inputs.scenario.base_year)),
        tuple(head), tuple(rows),
        (Source("others", "rates.csv", ("income_ppm", "per_capita", "per_household")),),
        (_("What adults pay beside the per-head amount of the child part stands behind +."),),
        widths=(30,), small=True,
    )  # fmt: skip


def _heads(row: dict[str, int]) -> str:
    adult = row["per_capita_adult"]
    return yen(row["per_capita"]) + (f"+{yen(adult)}" if adult else "")


def _standard(inputs: Inputs) -> Table | Text:
    standard = inputs.scenario.standard
    if standard is None:
        return Text(_("The scenario states no standard rates (市町村標準保険料率)."))
    vector = inputs.held_rates().vectors[inputs.scenario.base_year]
    rows = []
    for part, wanted in standard.parts.items():
        now = vector[f"rate_{part}_income"]
        goal = int(wanted.income_rate * PPM) if wanted.income_rate is not None else None
        head = wanted.per_capita
        rows.append((
            part_name(part), rate(now), "―" if goal is None else rate(goal),
            yen(vector[f"rate_{part}_per_capita"]), "―" if head is None else yen(head),
        ))  # fmt: skip
    return Table(
        _("Against the standard rates of {year}").format(year=fiscal_year_name(standard.year)),
        (
            _("part"), _("income rate now"), _("standard income rate"), _("per head now (yen)"),
            _("standard per head (yen)"),
        ),
        tuple(rows),
        (Source("forecast", scenario_copy(inputs), ("standard",)), Source("others", "rates.csv",
         ("income_ppm", "per_capita"), (("municipality", inputs.ordinance.insurer.name),))),
        (_("Standard rates: {source}.").format(source=source_of(standard)),),
    )  # fmt: skip


def _models(runs: Runs, names: list[str]) -> Table:
    frame = runs.others.models
    households = model_households()
    rows = []
    for name in names:
        own = frame.filter(pl.col("municipality") == name)
        rows.append((_own(name, runs), *(yen(levied) for levied in own["levied"].to_list())))
    return Table(
        _("Levies of the model households by municipality, {year} (yen a year)").format(
            year=fiscal_year_name(runs.inputs.scenario.base_year)
        ),
        (_("municipality"), *(household.title for household in households.values())),
        tuple(rows),
        (Source("others", "models.csv", ("levied",)),),
        (_("Levied by each municipality's own rates, rounding and caps, the law's reductions "
           "included; its own exemptions are not."),),
        widths=(30,), small=True,
    )  # fmt: skip


def _sources(runs: Runs) -> Table:
    frame = runs.others.rates.unique("municipality", maintain_order=True)
    return Table(
        _("Sources of the rates"),
        (_("municipality"), _("source"), _("taken on")),
        tuple(
            (row["municipality"], row["source"] or _("unknown"), row["retrieved"] or "―")
            for row in frame.iter_rows(named=True)
        ),
        (Source("others", "rates.csv", ("source", "retrieved")),),
        words=True,
        widths=(24, 0, 22),
        small=True,
    )
