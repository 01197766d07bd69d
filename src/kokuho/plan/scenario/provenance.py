"""What every output says about itself: version, files, law, assumptions (出所).

The same inputs give the same bytes: no time of day is in it.
"""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any

from kokuho import __version__
from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import translator
from kokuho.levy.kept import law_digest
from kokuho.plan.scenario.files import stated_places
from kokuho.plan.scenario.inputs import Inputs, digest
from kokuho.plan.scenario.model import Scenario
from kokuho.tables import in_place, write_parquet

_ = translator("forecast")


def provenance(inputs: Inputs, variant: str) -> dict[str, Any]:
    """Which files, law and assumptions the figures beside it were made from."""
    scenario, insurer = inputs.scenario, inputs.ordinance.insurer
    return {
        "kokuho": __version__,
        "title": scenario.title,
        "variant": variant,
        "fictional": scenario.fictional,
        "insurer": {"code": insurer.code, "name": insurer.name, "kind": insurer.kind},
        "base_year": scenario.base_year,
        "last_year": scenario.last_year,
        "seed": scenario.seed,
        "trials": scenario.trials,
        "city": scenario.insured.city.model_dump() if scenario.insured.city else None,
        "files": inputs.files,
        "refused_rows": len(inputs.refusals),
        "law_digest": law_digest(),
        "law": {
            str(year): {"held_from": law.held_from, "text": inputs.law_text(year)}
            for year, law in inputs.laws.items()
        },
        "assumptions": assumption_list(scenario),
    }


def assumption_list(scenario: Scenario) -> list[dict[str, Any]]:
    """Every assumption with its place, what it says, and its source or that it has none."""
    return [
        {
            "place": place,
            "source": stated.source,
            "assumption": stated.assumption,
            "note": stated.note,
            "stated": stated.model_dump(
                mode="json", exclude_defaults=True, exclude={"source", "assumption", "note"}
            ),
        }
        for place, stated in stated_places(scenario.assumptions)
    ]


def warnings(inputs: Inputs) -> list[str]:
    """What stands at the head of every output for people: fictional people, assumed law."""
    said = []
    if inputs.scenario.fictional:
        said.append(_("Fictional: the people and assumptions are those of no municipality."))
    held: dict[int, list[int]] = {}
    for year, law in inputs.laws.items():
        if law.held_from:
            held.setdefault(law.held_from, []).append(year)
    said += [
        _("{years}: {law}").format(years=_span(years), law=inputs.law_text(years[0]))
        for years in held.values()
    ]
    return said


def _span(years: list[int]) -> str:
    """Years that follow one another in words; a single one by itself."""
    first, last = fiscal_year_name(years[0]), fiscal_year_name(years[-1])
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def keep_inputs(inputs: Inputs, scenario_file: Path, out: Path) -> None:
    """Keep beside the results what they were made from, and the digests of it."""
    folder = out / "inputs"
    source = scenario_file.parent
    names = [scenario_file.name, inputs.scenario.ordinance]
    names += [inputs.scenario.plan] if inputs.scenario.plan else []
    for name in names:
        in_place(folder / Path(name).name, partial(shutil.copyfile, source / name))
    compare = inputs.scenario.paper.compare if inputs.scenario.paper else ()
    for number, name in enumerate(compare, start=1):
        # files of other cities may all bear the same name
        kept_as = f"compare-{number}-{Path(name).name}"
        in_place(folder / kept_as, partial(shutil.copyfile, source / name))
    write_parquet(inputs.persons, folder / "persons.parquet")
    write_parquet(inputs.households, folder / "households.parquet")
    kept = sorted(path for path in folder.iterdir() if path.name != "manifest.json")
    digests = {path.name: digest(path) for path in kept}
    write_json({"files": digests}, folder / "manifest.json")


def write_json(data: Any, path: Path) -> None:
    """Write JSON in full, then put it in place."""
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n"
    in_place(path, lambda part: part.write_text(text, encoding="utf-8"))
