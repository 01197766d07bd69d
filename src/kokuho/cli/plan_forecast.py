"""``kokuho plan forecast``, ``solve`` and ``rates``: the future of the deficit, and rates."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.messages import translator

if TYPE_CHECKING:
    import polars as pl
    from rich.progress import Progress, TaskID

    from kokuho.plan.forecast import Forecast
    from kokuho.plan.scenario import City, Inputs
    from kokuho.plan.solve import Solution
    from kokuho.plan.solve.calculation import Calculated

_ = translator("forecast")

ScenarioFile = Annotated[Path, typer.Argument(help=_("scenario file (YAML)"))]
OutDir = Annotated[Path, typer.Option("--out", help=_("folder to write to"))]
AsJson = Annotated[bool, typer.Option("--json", help=_("print JSON"))]
RatesFile = Annotated[
    Path | None, typer.Option("--rates", help=_("rates of the plan (rates.yaml of `plan solve`)"))
]
Variants = Annotated[
    list[str] | None,
    typer.Option("--variant", help=_("only this variant (several allowed); all without")),
]

MILLION = 1_000_000


class StepName(StrEnum):
    """The steps of the calculation of fitting rates."""

    A = "A"
    B = "B"
    C = "C"


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``kokuho plan``."""
    app.command(help=_("Forecast people, levy and deficit, without action and under the plan"))(
        forecast
    )
    app.command(help=_("Search for rates that end the deficit within a council's limits"))(solve)
    app.command(help=_("Fitting rates of one year: A from a required revenue, B check, C loop"))(
        rates
    )


def forecast(
    scenario: ScenarioFile,
    out: OutDir,
    rates: RatesFile = None,
    variant: Variants = None,
    as_json: AsJson = False,
) -> None:
    """Exit with 0, or with 1 if rows of the persons or households file were refused."""
    from rich.progress import Progress

    from kokuho.plan.forecast import comparison, write_forecast
    from kokuho.plan.forecast import forecast as make
    from kokuho.plan.scenario import BASE, load_rates
    from kokuho.tables import write_csv

    every = read_variants(scenario, variant)
    made: dict[str, Forecast] = {}
    answers: dict[str, Any] = {}
    with Progress(console=_progress_console(), transient=True) as bars:
        for name, inputs in every.items():
            task = bars.add_task(name, total=inputs.scenario.trials + 1)
            path = inputs.plan_rates(load_rates(rates)) if rates else None
            made[name] = make(
                inputs,
                path,
                progress=partial(_count, bars, task),
            )
            folder = out if name == BASE else out / "variants" / name
            answers[name] = write_forecast(made[name], scenario, folder, variant=name)
    for name, one in made.items():
        if not as_json:
            _tell_forecast(one, name)
    if len(made) > 1:
        write_csv(comparison(made), out / "comparison.csv")
    _finish(every, answers, out, as_json=as_json)


def solve(
    scenario: ScenarioFile,
    out: OutDir,
    variant: Variants = None,
    as_json: AsJson = False,
) -> None:
    """Exit with 0 if the deficit ends within the limits, else with 1."""
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from kokuho.plan.scenario import BASE
    from kokuho.plan.solve import comparison, write_solution
    from kokuho.plan.solve import solve as search
    from kokuho.tables import write_csv

    every = read_variants(scenario, variant)
    made: dict[str, Solution] = {}
    answers: dict[str, Any] = {}
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=_progress_console(), transient=True) as bars:
        for name, inputs in every.items():
            task = bars.add_task(name, total=None)
            made[name] = search(
                inputs,
                progress=partial(_say, bars, task, name),
            )
            folder = out if name == BASE else out / "variants" / name
            answers[name] = write_solution(made[name], scenario, folder, variant=name)
            bars.remove_task(task)
    for name, one in made.items():
        if not as_json:
            _tell_solution(one, name)
    if len(made) > 1:
        write_csv(comparison(made), out / "comparison.csv")
    _finish(every, answers, out, as_json=as_json)
    if not all(one.feasible for one in made.values()):
        raise typer.Exit(1)


def rates(
    scenario: ScenarioFile,
    step: Annotated[StepName, typer.Option(help=_("A: rates, B: check, C: loop"))] = StepName.C,
    given: RatesFile = None,
    printed: Annotated[
        bool, typer.Option("--printed", help=_("raise rates to the steps of the limits"))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Exit with 0 if every part brings in what it must to 100 yen a household, else with 1."""
    import json

    from kokuho.plan.scenario import load_rates
    from kokuho.plan.scenario.provenance import provenance
    from kokuho.plan.solve.calculation import calculate

    (name, inputs), *_others = read_variants(scenario, ["base"]).items()
    path = inputs.plan_rates(load_rates(given)) if given else None
    made = calculate(inputs, step.value, rates=path, printed=printed)
    if as_json:
        answer = {**made.as_dict(), "provenance": provenance(inputs, name)}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
    else:
        _warn(inputs)
        _tell_rates(made)
    missing = [one.missing(made.required[part]) for part, one in made.checked.items()]
    if max(missing) > made.tolerance:
        raise typer.Exit(1)


def read_variants(scenario: Path, wanted: list[str] | None) -> dict[str, Inputs]:
    """The scenario and its variants, read; a fictional city is made where one is asked for."""
    from kokuho.base.errors import InputError
    from kokuho.plan.scenario import load_scenarios, read_inputs

    found = load_scenarios(scenario)
    if unknown := [name for name in wanted or () if name not in found]:
        raise InputError(
            _("{file} has no variant {names}; it has {known}").format(
                file=scenario, names=", ".join(unknown), known=", ".join(found)
            )
        )
    return {
        name: read_inputs(scenario, one, _city)
        for name, one in found.items()
        if not wanted or name in wanted
    }


def _city(city: City, fiscal_year: int, code: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    from kokuho.sample import generate

    return generate(city.persons, city.seed, fiscal_year, code)


def _count(bars: Progress, task: TaskID, done: int, total: int) -> None:
    bars.update(task, completed=done, total=total)


def _say(bars: Progress, task: TaskID, name: str, words: str) -> None:
    bars.update(task, description=f"{name}: {words}")


def _progress_console() -> Any:
    from rich.console import Console

    return Console(stderr=True)


def _warn(inputs: Inputs) -> None:
    from kokuho.plan.scenario.provenance import warnings

    for line in warnings(inputs):
        typer.echo(line)


def _tell_forecast(made: Forecast, name: str) -> None:
    typer.echo(_("{title} ({variant})").format(title=made.inputs.scenario.title, variant=name))
    _warn(made.inputs)
    typer.echo(
        _("Deficit in million yen: without action, under the plan; what the plan leaves by itself")
    )
    for year, outcome in made.outcomes.items():
        target = made.targets.get(year)
        typer.echo(
            _("{year}: {no_action}, {plan}; {target}").format(
                year=_year(year),
                no_action=million(outcome.items["no_action"]["deficit"]),
                plan=million(outcome.items["plan"]["deficit"]),
                target=million(target.remaining) if target else "-",
            )
        )


def _tell_solution(made: Solution, name: str) -> None:
    from kokuho.base.money import rate_text
    from kokuho.plan.paper.wording import part_name
    from kokuho.plan.scenario.rates import parts_of
    from kokuho.plan.solve.limits import rule_of

    inputs = made.problem.inputs
    typer.echo(_("{title} ({variant})").format(title=inputs.scenario.title, variant=name))
    _warn(inputs)
    target = made.problem.limits.target_year
    year = _year(target)
    if made.feasible:
        typer.echo(_("No deficit is left in {year}; every limit is kept.").format(year=year))
    else:
        typer.echo(
            _("Within the limits {deficit} million yen of deficit are left in {year}.").format(
                deficit=million(made.final_deficit), year=year
            )
        )
        typer.echo(
            _("It is the least that was found, as rates are printed; less is not ruled out.")
        )
        for one in made.kept:
            if not one.kept and (one.limit, one.year) != ("deficit", target):
                typer.echo(
                    _("not kept: {limit} in {year}: {reached} (allowed: {allowed})").format(
                        limit=one.limit,
                        year=_year(one.year),
                        reached=one.reached,
                        allowed=one.allowed,
                    )
                )
    for binding in made.binding:
        values = {"limit": binding.limit, "rule": rule_of(binding.limit)}
        line = _("binding: {limit} ({rule})").format(**values)
        if binding.shortage_without is not None:
            line = _("binding: {limit} ({rule}); without it {yen} million yen would be missing")
            line = line.format(**values, yen=million(binding.shortage_without))
        typer.echo(line)
    for revision, turned in made.path.items():
        vector = made.problem.knobs.vector(turned)
        shown = "; ".join(
            f"{part_name(part)} {rate_text(vector[f'rate_{part}_income'])}"
            f" {vector[f'rate_{part}_per_capita']:,}"
            for part in parts_of(vector)
        )
        jump = made.proof.jumps[revision]
        typer.echo(
            _("{year}: {rates}; largest rise {yen} yen, {percent}").format(
                year=_year(revision),
                rates=shown,
                yen=f"{jump.yen:,}",
                percent=rate_text(jump.ppm),
            )
        )


def _tell_rates(made: Calculated) -> None:
    from kokuho.ordinance.values import part_labels
    from kokuho.plan.scenario.rates import parts_of

    typer.echo(_("Step {step}, {year}: yen").format(step=made.step, year=_year(made.year)))
    stated = parts_of(made.vector)
    for part, one in made.checked.items():
        typer.echo(
            _(
                "{part}: {rates}; must bring in {required}, brings in {revenue} "
                "({missing} missing); beyond the cap {over_cap}"
            ).format(
                part=part_labels([part]),
                rates=", ".join(f"{key} {value}" for key, value in stated[part].items()),
                required=f"{made.required[part]:,}",
                revenue=f"{one.revenue:,}",
                missing=f"{one.missing(made.required[part]):,}",
                over_cap=f"{one.over_cap:,}",
            )
        )


def _finish(every: dict[str, Inputs], answers: dict[str, Any], out: Path, *, as_json: bool) -> None:
    """Print the answers, or where they are; say which rows were refused."""
    import json

    if as_json:
        answer = next(iter(answers.values())) if len(answers) == 1 else {"variants": answers}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
    else:
        typer.echo(_("wrote {file}").format(file=out))
    report_refusals(next(iter(every.values())), out)


def report_refusals(inputs: Inputs, out: Path) -> None:
    """Say which rows of the persons or households file were refused; exit with 1 if any was."""
    from kokuho.tables import write_refusals

    refusals = inputs.refusals
    if refusals:
        errors = out / "inputs.errors.csv"
        write_refusals(errors, list(refusals))
        typer.echo(
            _("{count} rows were refused; all of them are in {file}").format(
                count=len(refusals), file=errors
            ),
            err=True,
        )
        raise typer.Exit(1)


def _year(fiscal_year: int) -> str:
    from kokuho.base.calendar import fiscal_year_name

    return fiscal_year_name(fiscal_year)


def million(yen: int) -> str:
    """Yen in millions, to one decimal, exactly cut."""
    return f"{yen // MILLION:,}.{yen % MILLION // 100_000}"
