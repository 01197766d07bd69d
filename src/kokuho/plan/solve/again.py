"""An earlier search taken up again where nothing that it rests on has changed (再利用).

The rates found are levied once more, so what is shown is proved anew; only the search is spared.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from kokuho import __version__
from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.levy.kept import law_digest
from kokuho.plan.scenario.inputs import Inputs
from kokuho.plan.scenario.rates import load_rates, vector_of_set
from kokuho.plan.solve.binding import Binding
from kokuho.plan.solve.limits import check
from kokuho.plan.solve.problem import Path as RatesPath
from kokuho.plan.solve.problem import Problem
from kokuho.plan.solve.result import Solution

_ = translator("forecast")

_BESIDE = {"title", "paper", "variants", "trials", "percentiles", "rates", "calculation"}
"""Keys of a scenario that a search does not look at."""


def rests_on(inputs: Inputs) -> dict[str, Any]:
    """What a search rests on: version, law, scenario and files, each by its digest."""
    scenario = inputs.scenario
    looked_at = scenario.model_dump(mode="json", exclude=_BESIDE)
    told = json.dumps(looked_at, ensure_ascii=False, sort_keys=True).encode()
    names = (scenario.ordinance, scenario.plan, scenario.insured.persons,
             scenario.insured.households)  # fmt: skip
    return {
        "kokuho": __version__,
        "law": law_digest(),
        "scenario": hashlib.sha256(told).hexdigest(),
        **{name: inputs.files[name] for name in names if name},
    }


def solved_before(inputs: Inputs, folder: Path) -> Solution:
    """The solution that stands in a folder, its rates levied again.

    Raises:
        PlanError: there is none, it rests on other inputs, or its rates come to something else.
    """
    file = folder / "solution.json"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        before, now = data["rests_on"], rests_on(inputs)
        changed = sorted(key for key in {*before, *now} if before.get(key) != now.get(key))
        if changed:
            raise PlanError(
                _("{file} was found from other inputs; changed: {names}").format(
                    file=file, names=", ".join(changed)
                )
            )
        binding = [Binding(one["limit"], one.get("shortage_without")) for one in data["binding"]]
        deficit, levied = data["final_deficit"], data["levied"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PlanError(
            _("{file} cannot be used as an earlier search").format(file=file)
        ) from error
    problem = Problem(inputs)
    proof = problem.evaluate(_path(problem, folder / "rates.yaml"))
    kept = tuple(check(problem, proof))
    if proof.deficit(problem.limits.target_year) != deficit:
        raise PlanError(
            _("{file}: its rates come to another deficit when they are levied again").format(
                file=file
            )
        )
    feasible = all(one.kept for one in kept)
    return Solution(problem, feasible, proof, kept, tuple(binding), levied)


def _path(problem: Problem, file: Path) -> RatesPath:
    """The knob values of a rates file, for exactly the revisions of the problem."""
    rates = load_rates(file)
    knobs = problem.knobs
    stated = {
        year: {
            name: value
            for part, one in parts.items()
            for name, value in vector_of_set(part, one).items()
        }
        for year, parts in rates.items()
    }
    names = [knob.name for knob in knobs.knobs]
    if tuple(sorted(stated)) != knobs.revisions:
        raise PlanError(
            _("{file}: its years are not the revisions of the limits").format(file=file)
        )
    return {year: tuple(stated[year].get(name, 0) for name in names) for year in knobs.revisions}
