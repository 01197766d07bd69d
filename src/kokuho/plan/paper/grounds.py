"""Section 6 of the paper: every assumption with its source or 「仮定」, the law, the files."""

from __future__ import annotations

from decimal import Decimal

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import translator
from kokuho.plan.paper.blocks import Section, Source, Table, Text
from kokuho.plan.paper.differences import differences
from kokuho.plan.paper.runs import Runs
from kokuho.plan.paper.situation import source_of
from kokuho.plan.paper.wording import N_, listed, part_name, percent, spans, year_short, yen
from kokuho.plan.scenario import Stated, stated_places
from kokuho.plan.scenario.assumptions import Amount, Newcomers, PerHead, Transitions
from kokuho.plan.scenario.provenance import provenance, warnings
from kokuho.plan.scenario.values import BandedRates, Line, RateSeries, Spread, YenSeries

_ = translator("paper")

PLACES = {
    "population.employment": N_("leaving for employees' insurance"),
    "population.coverage_expansion": N_("leaving as employees' insurance is widened"),
    "population.moving_out": N_("moving out"),
    "population.deaths": N_("deaths"),
    "population.births": N_("births (a woman a year)"),
    "population.newcomers": N_("newcomers (an insured person a year)"),
    "incomes.salary": N_("growth of salaries"),
    "incomes.pension": N_("growth of pensions"),
    "incomes.other": N_("growth of other incomes"),
    "incomes.transitions": N_("ages at which incomes change their kind"),
    "collection.current": N_("collection rate of the year's levy"),
    "collection.arrears": N_("collection rate of what is carried over"),
    "collection.written_off": N_("written off of what is carried over"),
    "collection.balance": N_("carried over into the base year"),
    "statutory.support": N_("statutory transfer for support (支援分)"),
    "fund.balance": N_("fund at the start"),
    "fund.draws": N_("drawn from the fund"),
}
GROUPS = {
    "expenditure": N_("expenditure: {name}"),
    "revenue": N_("revenue: {name}"),
    "statutory": N_("statutory transfer: {name}"),
    "other_transfers": N_("transfer that is no deficit: {name}"),
    "measures": N_("measure: {name}"),
}
CONTRIBUTION = {
    "total": N_("contribution, {part}"),
    "per_head": N_("contribution a head, {part}"),
    "growth": N_("growth of the contribution a head, {part}"),
}


def grounds(runs: Runs) -> Section:
    """前提と法令: law by year, assumptions in the scenario's order, files with their digests."""
    inputs = runs.inputs
    section = Section("grounds", _("Assumptions and law"))
    section.add(*(Text(line, strong=True) for line in warnings(inputs)))
    if inputs.refusals:
        refused = _("{count} rows of the persons and households files were refused: they are in no "
                    "figure of this paper.")  # fmt: skip
        kept = Source("forecast", "forecast.json", ("provenance.refused_rows",))
        section.add(Text(refused.format(count=yen(len(inputs.refusals))), (kept,), strong=True))
    section.add(_law(runs), _assumptions(runs), _files(runs))
    if len(runs.patterns) > 1:
        section.add(differences(runs, place_name))
    return section


def _law(runs: Runs) -> Table:
    inputs = runs.inputs
    years: dict[tuple[str, str], list[int]] = {}
    for year, law in inputs.laws.items():
        sure = _("known") if law.held_from is None else _("assumption")
        years.setdefault((inputs.law_text(year), sure), []).append(year)
    return Table(
        _("Law of each year"),
        (_("year"), _("law"), _("assumed?")),
        tuple((spans(own), text, sure) for (text, sure), own in years.items()),
        (Source("forecast", "forecast.json", ("provenance.law",)),),
        (_("Assumed law serves forecasts alone; no levy is run and no notice made under it."),),
        words=True,
    )


def _assumptions(runs: Runs) -> Table:
    scenario = runs.inputs.scenario
    return Table(
        _("Assumptions"),
        (_("assumption on"), _("stated"), _("source")),
        tuple(
            (place_name(place, stated), stated_words(stated), _source(stated))
            for place, stated in stated_places(scenario.assumptions)
        ),
        (Source("forecast", "forecast.json", ("provenance.assumptions",)),),
        (
            _("\"Assumption\": there is no source; the value was set for this forecast."),
            _("±: how far the trials let a value lie from the stated one: in every year anew, or "
              "for all years of a trial at once."),
            _("Seed {seed}, {trials} trials.").format(seed=scenario.seed, trials=scenario.trials),
        ),
        words=True,
        widths=(50, 0, 34),
        small=True,
    )  # fmt: skip


def place_name(place: str, stated: Stated) -> str:
    """What an assumption is about, for people."""
    group, _dot, rest = place.partition(".")
    if isinstance(stated, Line):
        return _(GROUPS[group]).format(name=stated.name)
    if group == "contribution":
        part, _dot, kind = rest.partition(".")
        return _(CONTRIBUTION[kind]).format(part=part_name(part))
    return _(PLACES[place])


def _source(stated: Stated) -> str:
    said = source_of(stated)
    return said if stated.note is None else f"{said}({stated.note})"


def stated_words(stated: Stated) -> str:
    """What an assumption states, for people."""
    words: list[str] = []
    if isinstance(stated, BandedRates):
        words += [
            _("{low} to {high}: {rate}").format(
                low=band.ages[0], high=band.ages[1], rate=_rate(band.rate)
            )
            for band in stated.bands
        ]
        words += [
            _("{year}: {times} times").format(year=year_short(year), times=times)
            for year, times in stated.times.items()
        ]
        words += _spread(stated.spread)
    elif isinstance(stated, RateSeries | YenSeries):
        money = isinstance(stated, YenSeries)

        def shown(value: Decimal | int) -> str:
            return _("{yen} yen").format(yen=yen(int(value))) if money else _rate(Decimal(value))

        if stated.value is not None:
            words.append(shown(stated.value))
        words += [f"{year_short(year)} {shown(value)}" for year, value in stated.years.items()]
        if stated.plan:
            planned = listed([f"{year_short(y)} {shown(v)}" for y, v in stated.plan.items()])
            words.append(_("under the plan: {values}").format(values=planned))
        words += _spread(stated.spread)
        if isinstance(stated, Newcomers):
            words += [
                _("heads of {low} to {high}: {rate}").format(
                    low=entry.ages[0], high=entry.ages[1], rate=_rate(entry.share)
                )
                for entry in stated.heads
            ]
    elif isinstance(stated, PerHead):
        words.append(
            fiscal_year_name(stated.year) + " " + _("{yen} yen").format(yen=yen(stated.yen))
        )
    elif isinstance(stated, Amount):
        words.append(_("{yen} yen").format(yen=yen(stated.yen)))
    elif isinstance(stated, Transitions):
        words += [
            _("at {age} like those of {low} to {high}").format(
                age=one.at, low=one.like[0], high=one.like[1]
            )
            for one in stated.ages
        ]
    return listed(words)


def _rate(value: Decimal) -> str:
    text = percent(value, 1, 4).removesuffix("%").rstrip("0").rstrip(".")
    return f"{text}%"


def _spread(spread: Spread) -> list[str]:
    words = []
    if spread.yearly:
        words.append(_("±{share} a year").format(share=_rate(spread.yearly)))
    if spread.lasting:
        words.append(_("±{share} lasting").format(share=_rate(spread.lasting)))
    return words


def _files(runs: Runs) -> Table:
    made = provenance(runs.inputs, runs.first.pattern.variant)
    city = runs.inputs.scenario.insured.city
    rows = [(name, digest) for name, digest in made["files"].items()]
    if city is not None:
        told = _("fictional city of {persons} persons, seed {seed}, made anew at every run").format(
            persons=yen(city.persons), seed=city.seed
        )
        rows.append((_("persons and households"), told))
    rows += [(_("law data"), made["law_digest"]), ("Kokuho", made["kokuho"])]
    return Table(
        _("Files behind this paper"),
        (_("file"), "SHA-256"),
        tuple(rows),
        (Source("forecast", "forecast.json", ("provenance.files", "provenance.law_digest")),),
        words=True,
        widths=(50, 0),
        small=True,
    )
