"""Section 3 of the paper: the patterns side by side, their rates by year and part, their limits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import translator
from kokuho.plan.paper.blocks import Chart, Line, Panel, Section, Source, Table, Text
from kokuho.plan.paper.runs import PatternRun, Runs
from kokuho.plan.paper.wording import (
    limit_name,
    listed,
    million,
    part_name,
    percent,
    rate,
    thousand,
    year_short,
    yen,
)
from kokuho.plan.scenario.rates import Vector
from kokuho.plan.solve import Kept, Solution, model_households

_ = translator("paper")


def proposals(runs: Runs) -> Section:
    """税率の案: one to three patterns; without limits the rates that the scenario itself states."""
    tax = runs.inputs.ordinance.insurer.kind == "tax"
    section = Section("rates", _("Proposed tax rates") if tax else _("Proposed premium rates"))
    found = [(one, one.solution) for one in runs.patterns if one.solution is not None]
    if not found:
        section.add(Text(
            _("The scenario states no limits: no search was made. Shown are the rates that it "
              "states itself."), strong=True,
        ))  # fmt: skip
        section.add(_stated(runs))
        return section
    if len(runs.patterns) == 1:
        section.add(Text(_("The scenario has no variants: there is one pattern.")))
    section.add(*(_verdict(one, made) for one, made in found))
    section.add(_compared(found), _deficits(found))
    for one, made in found:
        section.add(_rates(one, made), _limits(one, made))
    return section


def households_of() -> dict[str, str]:
    """The model households' titles by id."""
    return {name: household.title for name, household in model_households().items()}


def _verdict(one: PatternRun, made: Solution) -> Text:
    year = fiscal_year_name(made.problem.limits.target_year)
    source = Source(one.run, "solution.json", ("feasible", "final_deficit", "binding"))
    named = households_of()
    bound = listed([limit_name(binding.limit, named) for binding in made.binding])
    if made.feasible:
        text = _("{pattern}: no deficit is left in {year}, and every limit is kept.").format(
            pattern=one.pattern.title, year=year
        )
    else:
        text = _(
            "{pattern}: WITHIN THE LIMITS THE DEFICIT DOES NOT END. {deficit} are left in {year}."
        ).format(pattern=one.pattern.title, deficit=million(made.final_deficit), year=year)
        text += _("It is the least that was found; less is not ruled out.")
    told = (
        _("Binding: {limits}.").format(limits=bound)
        if bound
        else _("No limit of the council binds.")
    )
    return Text(f"{text}{told}", (source,), strong=not made.feasible, main=True)


def _compared(found: list[tuple[PatternRun, Solution]]) -> Table:
    named = households_of()

    def column(one: PatternRun, made: Solution) -> tuple[str, ...]:
        jumps, problem = made.proof.jumps, made.problem
        target = problem.limits.target_year
        worst_ppm = max(jumps.values(), key=lambda jump: jump.ppm)
        worst_yen = max(jumps.values(), key=lambda jump: jump.yen)
        share = made.proof.shares[target]
        return (
            _("yes") if made.feasible else _("no"),
            thousand(made.final_deficit),
            listed([year_short(year) for year in problem.knobs.revisions]),
            _("{percent} ({year})").format(
                percent=percent(worst_ppm.ppm, 1_000_000, 2), year=year_short(worst_ppm.year)
            ),
            _("{yen} yen ({year})").format(yen=yen(worst_yen.yen), year=year_short(worst_yen.year)),
            _fraction(share),
            listed([limit_name(binding.limit, named) for binding in made.binding]) or _("none"),
        )

    columns = [column(one, made) for one, made in found]
    names = (
        _("deficit ended in the target year"),
        _("deficit of the target year (thousand yen)"),
        _("years of revision"),
        _("largest yearly rise of a household (%)"),
        _("largest yearly rise of a household (yen)"),
        _("share of the per-head amounts in the target year"),
        _("limits that bind"),
    )
    rows = tuple((name, *(one[n] for one in columns)) for n, name in enumerate(names))
    least = found[0][1].problem.limits.rise.percent_from
    return Table(
        _("The patterns compared"),
        (_("item"), *(one.pattern.title for one, _made in found)),
        rows,
        tuple(
            Source(one.run, "solution.json",
                   ("feasible", "final_deficit", "jumps", "benefit_share", "binding"))
            for one, _made in found
        ),
        (
            _(
                "The largest rise is that of one household from one year's rates to the next, "
                "people unchanged; in percent among those that pay {least} yen or more."
            ).format(least=yen(least)),
            _(
                "Share of the per-head amounts: of what is levied before reduction and cap; it is "
                "a result where the limits do not set it."
            ),
        ),
        words=True,
    )  # fmt: skip


def _fraction(share: Fraction) -> str:
    return percent(Decimal(share.numerator), share.denominator)


def _deficits(found: list[tuple[PatternRun, Solution]]) -> Chart | None:
    """The patterns' deficits as a chart, where there are several over the same years."""
    years = list(found[0][1].proof.accounts)
    same = [pair for pair in found if list(pair[1].proof.accounts) == years]
    if len(same) < 2:
        return None
    styles = ("solid", "dashed", "dotted")
    lines = tuple(
        Line(
            _("pattern {number}").format(number=number),
            tuple(made.proof.deficit(year) for year in years),
            style=style,
        )
        for number, ((_one, made), style) in enumerate(zip(same, styles, strict=False), start=1)
    )
    legend = listed([
        _("pattern {number}: {title}").format(number=number, title=one.pattern.title)
        for number, (one, _made) in enumerate(same, start=1)
    ])  # fmt: skip
    sources = tuple(
        Source(one.run, "years.csv", ("central",), (("path", "plan"), ("item", "deficit")))
        for one, _made in same
    )
    title = _("Deficit of each pattern")
    rows = tuple(
        (fiscal_year_name(year), *(thousand(line.values[n]) for line in lines))
        for n, year in enumerate(years)
    )
    table = Table(
        title, (_("year"), *(line.name for line in lines)), rows, sources,
        (_("In thousands of yen, rounded half up."), legend),
    )  # fmt: skip
    ends = listed([
        _("pattern {number} ends at {deficit}").format(
            number=number, deficit=million(line.values[-1] or 0)
        )
        for number, line in enumerate(lines, start=1)
    ])  # fmt: skip
    return Chart(
        title, "lines", tuple(year_short(year) for year in years), (Panel("", lines),),
        _("million yen"), 1_000_000,
        _("Lines of {count} patterns: {ends}. {legend}").format(
            count=len(lines), ends=ends, legend=legend
        ),
        table, sources, (legend,),
    )  # fmt: skip


def _rates(one: PatternRun, made: Solution) -> Table:
    vectors = made.problem.vectors(made.path)
    shares = {year: _fraction(share) for year, share in made.proof.shares.items()}
    return rates_table(
        _("Rates by year: {pattern}").format(pattern=one.pattern.title),
        vectors, shares, set(made.path),
        (Source(one.run, "rates.csv", ("value",)),
         Source(one.run, "solution.json", ("benefit_share",))),
    )  # fmt: skip


def rates_table(
    title: str,
    vectors: dict[int, dict[str, int]],
    shares: dict[int, str],
    revised: set[int],
    sources: tuple[Source, ...],
) -> Table:
    """Rates of every year by part, with the share of the per-head amounts; caps in the notes."""
    first = next(iter(vectors.values()))
    parts = [name[5:-7] for name in first if name.endswith("_income")]
    per_house = any(
        vector[f"rate_{part}_per_household"] for vector in vectors.values() for part in parts
    )
    rows = []
    for year, vector in vectors.items():
        mark = "○" if year in revised else ""
        cells: list[str] = []
        for part in parts:
            cells += [rate(vector[f"rate_{part}_income"]), _heads(vector, part)]
            if per_house:
                cells.append(yen(vector[f"rate_{part}_per_household"]))
        rows.append((year_short(year) + mark, *cells, shares.get(year, "―")))
    head = [_("year")]
    for part in parts:
        head += [
            part_name(part) + "\n" + _("income rate"),
            part_name(part) + "\n" + _("per head (yen)"),
        ]
        if per_house:
            head.append(part_name(part) + "\n" + _("per household (yen)"))
    head.append(_("share of the per-head amounts"))
    caps = listed([f"{part_name(part)} {_caps(vectors, part)}" for part in parts])
    notes = [_("○: a year of revision."), _("Caps: {caps}.").format(caps=caps)]
    if "child" in parts and any(
        vector["rate_child_per_capita_adult"] for vector in vectors.values()
    ):
        notes.append(_("Child part: what adults pay beside the per-head amount stands behind +."))
    return Table(title, tuple(head), tuple(rows), sources, tuple(notes), small=True)


def _heads(vector: Vector, part: str) -> str:
    adult = vector.get(f"rate_{part}_per_capita_adult", 0)
    plain = yen(vector[f"rate_{part}_per_capita"])
    return f"{plain}+{yen(adult)}" if adult else plain


def _caps(vectors: dict[int, dict[str, int]], part: str) -> str:
    values = list(dict.fromkeys(vector[f"rate_{part}_cap"] for vector in vectors.values()))
    return " → ".join(_("{yen} yen").format(yen=yen(value)) for value in values)


def _limits(one: PatternRun, made: Solution) -> Table:
    """Each limit with the year that comes nearest to it, and whether it binds."""
    named = households_of()
    bound = {binding.limit: binding.shortage_without for binding in made.binding}
    rows = []
    for limit in dict.fromkeys(kept.limit for kept in made.kept):
        years = [kept for kept in made.kept if kept.limit == limit]
        worst = max(years, key=_nearness)
        allowed, reached = (_limit_words(limit, one) for one in (worst.allowed, worst.reached))
        without = bound.get(limit)
        binds = _("binds") if limit in bound else "―"
        if without is not None:
            binds = _("binds (without it {yen} would be missing)").format(yen=million(without))
        kept_words = _("kept") if all(kept.kept for kept in years) else _("not kept")
        rows.append((
            limit_name(limit, named), allowed, reached, year_short(worst.year), kept_words, binds,
        ))  # fmt: skip
    looked_at = {kept.limit for kept in made.kept}
    rows += [
        (limit_name(limit, named), "―", "―", "―", "―", _("binds"))
        for limit in bound
        if limit not in looked_at
    ]
    return Table(
        _("Limits: {pattern}").format(pattern=one.pattern.title),
        (_("limit"), _("allowed"), _("reached"), _("in"), _("kept?"), _("binding?")),
        tuple(rows),
        (Source(one.run, "solution.json", ("limits", "binding")),),
        (_("The year that comes nearest to the limit is shown."),),
        words=True,
    )


def _nearness(kept: Kept) -> tuple[int, Decimal]:
    """How near a path comes to a limit; of parts by share, their ceilings differ by year."""
    reached = _number(kept.reached)
    if kept.limit.startswith("part_cover."):
        most = kept.allowed.split("..")[-1]
        reached = reached / Decimal(most) if most and int(most) else Decimal(0)
    return kept.excess, reached


def _number(text: str) -> Decimal:
    return Decimal(text.removesuffix("%"))


def _limit_words(limit: str, text: str) -> str:
    if limit in ("may_fall", "standard"):
        # only whether they are kept means something
        return "―"
    if limit in ("deficit", "rise.yen") or limit.startswith("protect."):
        return _("{yen} yen").format(yen=yen(int(text)))
    if limit.startswith("part_cover."):
        return " ～ ".join(thousand(int(one)) if one else "" for one in text.split("..")) + _(
            " thousand yen"
        )
    if limit == "benefit_share":
        return " ～ ".join(percent(Decimal(one)) for one in text.split(".."))
    return text


def _stated(runs: Runs) -> Table:
    """The rates of the scenario itself, where nothing was searched."""
    vectors = runs.forecast.plan_rates.vectors
    revised = set(runs.inputs.scenario.rates)
    return rates_table(
        _("Rates by year: {pattern}").format(pattern=runs.first.pattern.title),
        vectors, {}, revised, (Source("forecast", "forecast.json", ("rates.plan",)),),
    )  # fmt: skip
