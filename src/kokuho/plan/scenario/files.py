"""Scenario files: YAML in; variants laid over the scenario; what is wrong said by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import read_yaml
from kokuho.plan.scenario.assumptions import Assumptions
from kokuho.plan.scenario.model import Scenario
from kokuho.plan.scenario.values import Series, Stated, need_years

_ = translator("forecast")

BASE = "base"
"""The name of the scenario itself among its variants."""

PROBLEMS = {
    "missing": "this key is missing",
    "extra_forbidden": "this key is not known",
    "int_type": "expected: a whole number without quotes and commas",
    "bool_type": "expected: true or false",
    "string_type": 'expected: text in quotes: "{input}"',
    "string_too_short": "expected: some text",
    "string_pattern_mismatch": "expected: medical, support, care or child",
    "literal_error": "expected: {expected}",
    "greater_than_equal": "expected: {ge} or more",
    "less_than_equal": "expected: {le} or less",
    "greater_than": "expected: more than {gt}",
    "decimal_parsing": 'expected: a decimal in quotes, such as "0.02"',
    "decimal_max_places": "expected: at most six decimals",
    "rate_not_text": 'a rate is text in quotes, such as "0.02"',
    "rate_invalid": 'expected: a fraction of 1 in quotes, such as "0.0674"',
    "ratio_as_number": 'a rate is text in quotes, such as "0.02"',
    "not_stated": "either `source` or `assumption: true`, one of the two",
    "ages_backwards": "the last age is below the first one",
    "ages_twice": "an age lies in two bands",
    "contribution": "either `total`, or `per_head` and `growth` together",
    "share_backwards": "high is below low",
    "target_before_revision": "the target year is before the first revision",
    "heads_not_whole": "the shares of the ages add up to 1",
    "shares_not_whole": "the shares of a part add up to 1",
    "insured": "either `city`, or `persons` and `households` together",
    "no_future": "the last year is not after the base year",
    "outside_future": "rates and assumed law are for the years after the base year",
    "limits_outside": "the first revision and the target lie after the base year",
    "outside_years": "the year of the calculation is not covered",
    "percentiles": "percentiles ascend, each once",
    "model_type": "expected: keys and values below it",
    "dict_type": "expected: keys and values below it",
    "tuple_type": "expected: a list of entries",
}
"""What to say for the problems that people make; pydantic's own words for the rest."""


def load_scenarios(path: Path) -> dict[str, Scenario]:
    """The scenario of a file, named ``base``, and after it each of its variants.

    A variant is the scenario with some of its keys laid over it.

    Raises:
        PlanError: the file or one of its variants departs from the format; file and every wrong
            place are named.
    """
    data = read_yaml(path, PlanError)
    whole = _validated(data, str(path))
    plain = {key: value for key, value in data.items() if key != "variants"}
    scenarios = {BASE: whole}
    for name, changes in whole.variants.items():
        where = _("{file}, variant {name}").format(file=path, name=name)
        if name == BASE:
            raise PlanError(
                _("{where}: this name stands for the scenario itself").format(where=where)
            )
        scenarios[name] = _validated(_laid_over(plain, changes), where)
    return scenarios


def load_scenario(path: Path) -> Scenario:
    """The scenario of a file, without its variants (see :func:`load_scenarios`)."""
    return load_scenarios(path)[BASE]


def _laid_over(data: Any, changes: Any) -> Any:
    """Mappings merged key by key; everything else replaced."""
    if not isinstance(data, Mapping) or not isinstance(changes, Mapping):
        return changes
    merged = dict(data)
    for key, value in changes.items():
        merged[key] = _laid_over(data[key], value) if key in data else value
    return merged


def _validated(data: Any, where: str) -> Scenario:
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise PlanError(
            _("{file}: {problems}").format(file=where, problems=problems(error))
        ) from None
    try:
        _need_all_years(scenario)
    except PlanError as error:
        raise PlanError(_("{file}: {problems}").format(file=where, problems=error)) from None
    return scenario


def problems(error: ValidationError) -> str:
    """What pydantic found wrong, place by place."""
    return "; ".join(_problem(dict(one)) for one in error.errors())


def _problem(error: dict[str, Any]) -> str:
    place = ".".join(str(step) for step in error["loc"]) or _("the whole file")
    text = PROBLEMS.get(error["type"])
    values = {"input": error.get("input"), **(error.get("ctx") or {})}
    said = _(text).format(**values) if text else error["msg"]
    return f"{place}: {said}"


def _need_all_years(scenario: Scenario) -> None:
    """Every series must have a value for each year in which it is asked."""
    every, future = scenario.years, scenario.future
    for place, stated in stated_places(scenario.assumptions):
        if isinstance(stated, Series):
            grows = place.startswith(("population.", "incomes."))
            if grows and stated.plan:
                raise PlanError(
                    _("assumptions.{place}.plan: people and incomes are the same under both paths")
                    .format(place=place)
                )  # fmt: skip
            years = future if grows else every
            if place.endswith(".growth"):
                part = scenario.assumptions.contribution[place.split(".")[1]]
                first = part.per_head.year if part.per_head else scenario.base_year
                years = range(min(first, scenario.base_year) + 1, scenario.last_year + 1)
            if place.startswith("measures."):
                years = future
            need_years(stated, years, f"assumptions.{place}")


def stated_places(assumptions: Assumptions) -> Iterator[tuple[str, Stated]]:
    """Every assumption with its place, such as ``collection.current``, in the file's order."""
    yield from _places(assumptions, "")


def _places(value: Any, place: str) -> Iterator[tuple[str, Stated]]:
    if isinstance(value, Stated):
        yield place, value
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from _places(one, f"{place}.{number}" if place else str(number))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _places(one, f"{place}.{key}")
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            inner = f"{place}.{name}" if place else name
            yield from _places(getattr(value, name), inner)
