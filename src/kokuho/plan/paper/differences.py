"""In what the patterns of a paper differ from the first one, in words (案の違い)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import translator
from kokuho.base.money import PPM
from kokuho.plan.paper.blocks import Source, Table
from kokuho.plan.paper.runs import Runs, scenario_copy
from kokuho.plan.paper.wording import LIMITS, N_, listed, rate, yen
from kokuho.plan.scenario import Stated, stated_places
from kokuho.plan.solve import model_households

_ = translator("paper")

SETTINGS = {
    "limits.every": N_("years from one revision to the next"),
    "limits.first_revision": N_("first revision"),
    "limits.target_year": N_("target year"),
    "limits.objective": N_("measure of the largest rise"),
    "limits.protect": N_("protected model households"),
    "limits.rise.percent": LIMITS["rise.percent"],
    "limits.rise.yen": LIMITS["rise.yen"],
    "limits.may_fall": N_("whether rates may fall"),
    "limits.follow_plan": N_("whether every year follows the plan"),
}
"""Settings that have a name for people; the others are named as in the scenario file."""


def differences(runs: Runs, place_name: Callable[[str, Stated], str]) -> Table:
    """What each pattern lays over the scenario; ``place_name`` names an assumption."""
    first = runs.first.inputs.scenario
    names = {
        f"assumptions.{place}": place_name(place, stated)
        for place, stated in stated_places(first.assumptions)
    }
    left_out = {"variants", "paper"}
    plain = first.model_dump(mode="json", exclude=left_out)
    rows = []
    for one in runs.patterns:
        own = one.inputs.scenario.model_dump(mode="json", exclude=left_out)
        changed = [
            f"{_place(place, names)}: {_plain(old)} → {_plain(new)}"
            for place, old, new in _changes(plain, own, "")
        ]
        told = listed(changed) if changed else _("the first pattern")
        rows.append((one.pattern.title, one.pattern.variant, told))
    return Table(
        _("In what the patterns differ from the first"),
        (_("pattern"), _("variant"), _("what differs in the scenario")),
        tuple(rows),
        (Source("forecast", scenario_copy(runs.inputs), ("variants",)),),
        words=True,
        widths=(45, 40, 0),
        small=True,
    )


def _changes(one: object, other: object, place: str) -> list[tuple[str, object, object]]:
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            change
            for key in sorted({*one, *other})
            for change in _changes(
                one.get(key), other.get(key), f"{place}.{key}" if place else str(key)
            )
        ]
    return [] if one == other else [(place, one, other)]


def _place(place: str, names: dict[str, str]) -> str:
    """A place of the scenario for people: what it is about, and the year where there is one."""
    if place in SETTINGS:
        return _(SETTINGS[place])
    about = next((name for name in names if place.startswith(f"{name}.")), None)
    if about is None:
        return place
    rest = place.removeprefix(f"{about}.")
    year = re.fullmatch(r"(?:years|plan)\.(\d{4})", rest)
    if year:
        return f"{names[about]}({fiscal_year_name(int(year[1]))})"
    return names[about] if rest in ("value", "yen") else f"{names[about]}({rest})"


def _plain(value: object) -> str:
    """A value for people: rates in percent, model households by name; a dash for none."""
    if value is None or value == []:
        return "―"
    if isinstance(value, str) and re.fullmatch(r"-?\d+\.\d+", value):
        return rate(int(Decimal(value) * PPM))
    if isinstance(value, list) and all(
        isinstance(one, dict) and set(one) == {"household", "yen"} for one in value
    ):
        titles = model_households()
        return listed([
            _("{household}: {yen} yen").format(
                household=titles[one["household"]].title, yen=yen(one["yen"])
            )
            for one in value
        ])  # fmt: skip
    if isinstance(value, int) and not isinstance(value, bool):
        return yen(value) if abs(value) >= 10_000 else str(value)
    return json.dumps(value, ensure_ascii=False)
