"""Section 2 of the paper: the outlook without action and under the first pattern, in charts."""

from __future__ import annotations

import polars as pl

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import translator
from kokuho.plan.forecast import ITEMS
from kokuho.plan.forecast.paths import NO_ACTION, PATHS, PLAN
from kokuho.plan.paper.bands import Bands
from kokuho.plan.paper.blocks import Chart, Line, Panel, Section, Source, Table, Text
from kokuho.plan.paper.runs import Runs
from kokuho.plan.paper.wording import CLOSING, N_, million, spans, thousand, year_short, yen

_ = translator("paper")

PATH_NAMES = {NO_ACTION: N_("without action"), PLAN: N_("under the proposal")}
CONTRIBUTIONS = tuple(name for name in ITEMS if name.startswith("contribution_"))


def outlook(runs: Runs) -> Section:
    """今後の見通し: people, contribution and revenue, deficit on both paths, the plan's path."""
    bands = Bands(runs)
    section = Section("outlook", _("What lies ahead"))
    section.add(
        Text(
            _(
                "Two paths are compared on the same people: the rates of {year} held without any "
                'measure, and the proposal "{pattern}" of section 3 with the plan\'s measures.'
            ).format(
                year=fiscal_year_name(runs.inputs.scenario.base_year),
                pattern=runs.first.pattern.title,
            )
        ),
        _insured(runs, bands),
        _money(runs, bands),
        *_deficit(runs, bands),
        _remaining(runs, bands),
        _closing(runs),
    )
    return section


def _places(bands: Bands) -> tuple[str, ...]:
    return tuple(year_short(year) for year in bands.years)


def _values_table(
    bands: Bands, lines: list[tuple[str, Line]], unit: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The head and rows of a chart's table: one row a year, its lines side by side."""

    def shown(value: int | None) -> str:
        if value is None:
            return "―"
        return yen(value) if unit == 1 else thousand(value)

    head = [_("year")]
    columns: list[tuple[int | None, ...]] = []
    for name, line in lines:
        head.append(name)
        columns.append(line.values)
        if line.low:
            head += [
                _("{percentile}th percentile").format(percentile=one[1:])
                for one in (bands.low, bands.high)
            ]
            columns += [line.low, line.high]
    rows = tuple(
        (fiscal_year_name(year), *(shown(column[n]) for column in columns))
        for n, year in enumerate(bands.years)
    )
    return tuple(head), rows


def _chart(
    title: str,
    bands: Bands,
    panels: tuple[Panel, ...],
    sources: tuple[Source, ...],
    alternative: str,
    *,
    unit: str,
    divide: int,
    table_unit: int = 1000,
    notes: tuple[str, ...] = (),
) -> Chart:
    """A chart over the years with its table."""
    several = len(panels) > 1
    lines = [
        (panel.title if several and len(panel.lines) == 1 else line.name, line)
        for panel in panels
        for line in panel.lines
    ]
    head, rows = _values_table(bands, lines, table_unit)
    in_thousands = (_("In thousands of yen, rounded half up."),) if table_unit == 1000 else ()
    table = Table(title, head, rows, sources, in_thousands, small=len(head) > 6)
    return Chart(
        title, "lines", _places(bands), panels, unit, divide, alternative, table, sources, notes
    )


def _insured(runs: Runs, bands: Bands) -> Chart:
    # months insured of all persons, over twelve: how many are insured on average
    line = bands.line(_("insured"), NO_ACTION, "person_months", "solid", divisor=12)
    first, last = line.values[0] or 0, line.values[-1] or 0
    alternative = _(
        "Line: the insured, averaged over the year, go from {first} persons in {start} to {last} "
        "in {end} ({change})."
    ).format(
        first=yen(first), last=yen(last), start=fiscal_year_name(bands.years[0]),
        end=fiscal_year_name(bands.years[-1]), change=yen(last - first),
    )  # fmt: skip
    return _chart(
        _("Insured, averaged over the year"),
        bands,
        (Panel("", (line,)),),
        (bands.source("person_months", NO_ACTION),),
        alternative,
        unit=_("persons"),
        divide=1,
        table_unit=1,
        notes=(*bands.note(), _("Months insured of all persons, divided by 12 and cut.")),
    )


def _money(runs: Runs, bands: Bands) -> Chart:
    central = runs.forecast.central(NO_ACTION)
    contribution = Line(
        _("contribution"),
        tuple(sum(central[year][name] for name in CONTRIBUTIONS) for year in bands.years),
        style="solid",
    )
    held = Line(_("collected, rates held"), _central(bands, NO_ACTION, "collected"), style="dotted")
    plan = Line(_("collected, proposal"), _central(bands, PLAN, "collected"), style="dashed")
    alternative = _(
        "Three lines from {start} to {end}: the contribution goes from {c0} to {c1}; what is "
        "collected of the year's levy from {h0} to {h1} with the rates held, to {p1} under the "
        "proposal."
    ).format(
        start=fiscal_year_name(bands.years[0]), end=fiscal_year_name(bands.years[-1]),
        c0=million(contribution.values[0] or 0), c1=million(contribution.values[-1] or 0),
        h0=million(held.values[0] or 0), h1=million(held.values[-1] or 0),
        p1=million(plan.values[-1] or 0),
    )  # fmt: skip
    sources = (
        Source(
            "forecast", "years.csv", ("central",),
            (("path", NO_ACTION), ("item", "+".join(CONTRIBUTIONS))),
        ),
        Source(
            "forecast", "years.csv", ("central",),
            (("path", "+".join(PATHS)), ("item", "collected")),
        ),
    )  # fmt: skip
    return _chart(
        _("Contribution to the prefecture, and what is collected of the levy"),
        bands,
        (Panel("", (contribution, held, plan)),),
        sources,
        alternative,
        unit=_("million yen"),
        divide=1_000_000,
    )


def _central(bands: Bands, path: str, item: str) -> tuple[int | None, ...]:
    return tuple(bands.values[path, item, year][0] for year in bands.years)


def _deficit(runs: Runs, bands: Bands) -> list[Text | Chart]:
    panels = tuple(
        Panel(
            _(PATH_NAMES[path]),
            (bands.line(_("deficit"), path, "deficit", "solid" if path == PLAN else "dotted"),),
        )
        for path in PATHS
    )
    first, last = bands.years[0], bands.years[-1]

    def words(path: str) -> str:
        central, low, high = bands.values[path, "deficit", last]
        told = million(central or 0)
        if low is None or high is None:
            return told
        return _("{central} (band: {low} to {high})").format(
            central=told, low=million(low), high=million(high)
        )

    start = million(bands.values[NO_ACTION, "deficit", first][0] or 0)
    told = _(
        "Without action the deficit goes from {start} in {first} to {held} in {last}; under the "
        "proposal to {plan}."
    ).format(
        start=start, first=fiscal_year_name(first), last=fiscal_year_name(last),
        held=words(NO_ACTION), plan=words(PLAN),
    )  # fmt: skip
    source = bands.source("deficit", *PATHS)
    return [
        Text(told, (source,), main=True),
        *_chance(runs),
        _chart(
            _("Deficit: without action and under the proposal"),
            bands,
            panels,
            (source,),
            _("Two pictures side by side on the same scale. {told}").format(told=told),
            unit=_("million yen"),
            divide=1_000_000,
            notes=bands.note(),
        ),
    ]


def _chance(runs: Runs) -> list[Text]:
    """In how many trials the proposal's target year is without a deficit."""
    scenario, trials = runs.inputs.scenario, runs.forecast.trials
    if not scenario.trials or scenario.limits is None:
        return []
    year = scenario.limits.target_year
    ended = trials.filter(
        (pl.col("trial") > 0)
        & (pl.col("path") == PLAN)
        & (pl.col("year") == year)
        & (pl.col("deficit") == 0)
    ).height
    source = Source(
        "forecast", "trials.parquet", ("deficit",), (("path", PLAN), ("year", str(year)))
    )
    return [
        Text(
            _(
                "The proposal is fitted to the line. With the assumptions as uncertain as they are "
                "stated to be, {ended} of {trials} trials have no deficit in {year}."
            ).format(ended=ended, trials=scenario.trials, year=fiscal_year_name(year)),
            (source,),
            main=True,
        )
    ]


def _remaining(runs: Runs, bands: Bands) -> Chart | Text:
    targets = runs.forecast.targets
    if not targets:
        return Text(_("The scenario names no plan with a path of the remaining deficit."))
    left = tuple(targets[year].remaining if year in targets else None for year in bands.years)
    lines = (
        Line(_("without action"), _central(bands, NO_ACTION, "deficit"), style="dotted"),
        Line(_("the plan leaves"), left, style="dashed"),
        Line(_("this proposal"), _central(bands, PLAN, "deficit"), style="solid"),
    )
    above = [
        year
        for n, year in enumerate(bands.years)
        if left[n] is not None and (lines[2].values[n] or 0) > left[n]  # type: ignore[operator]
    ]
    told = (
        _("In every year the proposal leaves no more deficit than the plan.")
        if not above
        else _("The proposal leaves more deficit than the plan in {years}.").format(
            years=spans(above)
        )
    )
    sources = (
        bands.source("deficit", *PATHS),
        Source("forecast", "forecast.json", ("targets.*.remaining",)),
    )
    known = [one for one in left if one is not None]
    return _chart(
        _("Remaining deficit: the plan's path and this proposal"),
        bands,
        (Panel("", lines),),
        sources,
        _("Three lines. What the plan leaves goes from {first} to {last}. {told}").format(
            first=million(known[0]), last=million(known[-1]), told=told
        ),
        unit=_("million yen"),
        divide=1_000_000,
        notes=(told,),
    )


def _closing(runs: Runs) -> Table:
    rows = []
    for year, outcome in runs.forecast.outcomes.items():
        missing = -outcome.items[NO_ACTION]["balance"]
        means = [outcome.closing[name] for name in CLOSING]
        rows.append((
            fiscal_year_name(year), thousand(missing), *(thousand(one) for one in means),
            thousand(missing - sum(means)),
        ))  # fmt: skip
    return Table(
        _("How the proposal closes the gap"),
        (_("year"), _("missing without action"), *(_(name) for name in CLOSING.values()),
         _("left open (△: surplus)")),
        tuple(rows),
        (Source("forecast", "forecast.json",
                ("closing.*.missing", "closing.*.means", "closing.*.left_open")),),
        (_("In thousands of yen, each rounded half up, so that sums may differ by 1."),),
    )  # fmt: skip
