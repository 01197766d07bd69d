"""What a search for rates writes: the proof, the rates, whom they hit.

``solution.json`` is put in place last; ``rates.yaml`` can be given to `kokuho plan forecast`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from kokuho.base.messages import translator
from kokuho.levy.vectors import by_household
from kokuho.plan.forecast.account import ITEMS
from kokuho.plan.forecast.paths import NO_ACTION, PATHS, PLAN, Items
from kokuho.plan.scenario.provenance import keep_inputs, provenance, warnings, write_json
from kokuho.plan.scenario.rates import FIELDS, parts_of
from kokuho.plan.solve.again import rests_on
from kokuho.plan.solve.impact import impact
from kokuho.plan.solve.models import model_households
from kokuho.plan.solve.result import Solution
from kokuho.tables import in_place, write_csv

_ = translator("forecast")

FORMAT = "kokuho-solution/1"


def write_solution(
    made: Solution, scenario_file: Path, out: Path, *, variant: str
) -> dict[str, Any]:
    """Write a solution into a folder; what ``solution.json`` holds is given back."""
    inputs = made.problem.inputs
    keep_inputs(inputs, scenario_file, out)
    write_csv(rates_table(made), out / "rates.csv")
    write_csv(impact_table(made), out / "impact.csv")
    write_csv(models_table(made), out / "models.csv")
    write_csv(years_table(made), out / "years.csv")
    data = as_dict(made, variant)
    text = rates_file(made)
    in_place(out / "rates.yaml", lambda part: part.write_text(text, encoding="utf-8"))
    write_json(data, out / "solution.json")
    return data


def as_dict(made: Solution, variant: str) -> dict[str, Any]:
    """A solution as ``solution.json`` and ``--json`` give it."""
    problem, limits = made.problem, made.problem.limits
    accounts = _accounts(made)
    return {
        "format": FORMAT,
        "feasible": made.feasible,
        "final_deficit": made.final_deficit,
        "final_deficit_is": "ended" if made.feasible else "least_found",
        "binding": [one.as_dict() for one in made.binding],
        "rates": _rates(made),
        "objective": {
            "measure": limits.objective,
            "largest": max(
                jump.yen if limits.objective == "yen" else jump.ppm
                for jump in made.proof.jumps.values()
            ),
            "unit": "yen" if limits.objective == "yen" else "millionths",
        },
        "jumps": {
            str(year): {"yen": jump.yen, "millionths": jump.ppm, "models": jump.models}
            for year, jump in made.proof.jumps.items()
        },
        "benefit_share": {
            str(year): f"{float(share):.4f}" for year, share in made.proof.shares.items()
        },
        "part_revenue": _part_revenue(made),
        "limits": [one.as_dict() for one in made.kept],
        "levied": made.levied,
        "rests_on": rests_on(problem.inputs),
        "paths": {
            path: {str(year): items for year, items in accounts[path].items()} for path in PATHS
        },
        "provenance": provenance(problem.inputs, variant),
    }


def _rates(made: Solution) -> dict[str, Any]:
    """The rates of each revision, by part; what is not levied is left out."""
    return {
        str(year): parts_of(made.problem.knobs.vector(values)) for year, values in made.path.items()
    }


def _part_revenue(made: Solution) -> dict[str, Any]:
    """What each part brings in, and its 納付金 (for the medical part: without the other lines)."""
    return {
        str(year): {
            part: {
                "brought_in": yen,
                "contribution": made.proof.accounts[year][f"contribution_{part}"],
            }
            for part, yen in parts.items()
        }
        for year, parts in made.proof.covered.items()
    }


def rates_file(made: Solution) -> str:
    """The rates as a file, with what must be known about them at its head."""
    head = [*warnings(made.problem.inputs)]
    if not made.feasible:
        head.append(_("These rates do not end the deficit within the limits."))
        head.append(
            _("It is the least that was found, as rates are printed; less is not ruled out.")
        )
    comments = "".join(f"# {line}\n" for line in head)
    rates = {int(year): parts for year, parts in _rates(made).items()}
    return comments + yaml.safe_dump(
        {"rates": rates}, allow_unicode=True, sort_keys=False, default_flow_style=None
    )


def rates_table(made: Solution) -> pl.DataFrame:
    """The rates of every year up to the target, one row a rate."""
    inputs = made.problem.inputs
    vectors = made.problem.vectors(made.path)
    rows = [
        {
            "year": year,
            "law": inputs.law_text(year),
            "part": part,
            "rate": key,
            "value": str(value),
            "unit": "fraction" if key.endswith("_rate") else "yen",
            "revised": year in made.path,
        }
        for year, vector in vectors.items()
        for part, stated in parts_of(vector).items()
        for key, value in stated.items()
        if key in FIELDS
    ]
    return pl.DataFrame(rows).with_columns(
        revised=pl.when("revised").then(pl.lit("yes")).otherwise(pl.lit("no"))
    )


def impact_table(made: Solution) -> pl.DataFrame:
    """Winners and losers: each revision against the year before, the last against rates held."""
    problem = made.problem
    vectors = problem.vectors(made.path)
    target = problem.limits.target_year
    compared = [
        ("year_before", year, vectors[year - 1], vectors[year]) for year in problem.knobs.revisions
    ]
    compared.append(("held", target, problem.knobs.base, vectors[target]))
    return pl.concat(
        impact(problem.years[year], before, after).select(
            pl.lit(against).alias("against"),
            pl.lit(year, dtype=pl.Int64).alias("year"),
            pl.lit(problem.inputs.law_text(year)).alias("law"),
            pl.all(),
        )
        for against, year, before, after in compared
    )


def models_table(made: Solution) -> pl.DataFrame:
    """The model households' levies of every year under both paths, in yen."""
    problem = made.problem
    vectors = problem.vectors(made.path)
    rows = []
    for year, judged in problem.models.items():
        amounts = by_household(judged, [problem.knobs.base, vectors[year]])
        held, plan = (amounts.filter(vector=n).sort("hh")["total"].to_list() for n in (0, 1))
        reductions = judged.households["reduction"].to_list()
        rows += [
            {
                "year": year,
                "law": problem.inputs.law_text(year),
                "household": name,
                "title": household.title,
                "reduction": reductions[number],
                "held": held[number],
                "plan": plan[number],
            }
            for number, (name, household) in enumerate(model_households().items())
        ]
    return pl.DataFrame(rows)


def years_table(made: Solution) -> pl.DataFrame:
    """Every figure of every year under both paths."""
    rows = [
        {
            "path": path,
            "year": year,
            "law": made.problem.inputs.law_text(year),
            "item": name,
            "title": _(title),
            "made_from": origin,
            "central": items[name],
        }
        for path, years in _accounts(made).items()
        for year, items in years.items()
        for name, (title, origin) in ITEMS.items()
    ]
    return pl.DataFrame(rows)


def _accounts(made: Solution) -> dict[str, dict[int, Items]]:
    return {NO_ACTION: made.problem.no_action, PLAN: made.proof.accounts}


def comparison(solutions: dict[str, Solution]) -> pl.DataFrame:
    """Scenario and variants side by side: what each costs, and whether it ends the deficit."""
    return comparison_of({name: as_dict(made, name) for name, made in solutions.items()})


def comparison_of(solutions: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """Solutions side by side, each as ``solution.json`` holds it, by name."""
    rows = []
    for name, made in solutions.items():
        jumps = made["jumps"].values()
        target = max(made["paths"][PLAN])
        rates = made["rates"][max(made["rates"])]
        rows.append(
            {
                "variant": name,
                "feasible": "yes" if made["feasible"] else "no",
                "target_year": int(target),
                "law": made["provenance"]["law"][target]["text"],
                "final_deficit": made["final_deficit"],
                "largest_rise_yen": max(jump["yen"] for jump in jumps),
                "largest_rise_percent": f"{max(jump['millionths'] for jump in jumps) / 10_000:.2f}",
                "binding": ", ".join(one["limit"] for one in made["binding"]),
                **{
                    f"{part}_{key}": str(value)
                    for part, stated in rates.items()
                    for key, value in stated.items()
                    if key in ("income_rate", "per_capita", "per_household")
                },
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)
