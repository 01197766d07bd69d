"""Plan files: YAML in and out.

Stricter than YAML itself: a key written twice is refused, and so is every key that the format does
not know.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import text_of, values_of
from kokuho.plan.model import Plan

_ = translator("plan")

_ORDER = (
    "format",
    "unit",
    "insurer",
    "document",
    "period",
    "occurrence",
    "current_deficit",
    "per_person",
    "causes",
    "policy",
    "measures",
    "years",
)
"""How a plan file begins; the rest follows in the order of the model."""

PROBLEMS = {
    "missing": "this key is missing",
    "extra_forbidden": "this key is not known",
    "int_type": "expected: a whole number without quotes and commas",
    "int_from_float": "expected: a whole number",
    "string_type": 'expected: text in quotes: "{input}"',
    "string_too_short": "expected: some text",
    "string_pattern_mismatch": "expected: some text",
    "literal_error": "expected: {expected}",
    "greater_than_equal": "expected: {ge} or more",
    "less_than_equal": "expected: {le} or less",
    "greater_than": "expected: more than {gt}",
    "model_type": "expected: keys and values below it",
    "tuple_type": "expected: a list of entries",
    "date_from_datetime_parsing": "expected: a date, such as 2026-04-01",
    "period_backwards": "the last year is before the first one",
    "year_totals": "one total for each year of the sheet",
    "years_order": "each year once, the earlier one first",
    "rate_as_float": 'a rate is text in quotes, such as "6.25"',
}
"""What to say for the problems that people make; pydantic's own words for the rest."""


def must_be_file(path: Path) -> None:
    """Refuse what is not there, and a folder.

    Raises:
        PlanError: no such file, or a folder.
    """
    if path.is_dir():
        raise PlanError(_("{file} is a folder; name the file in it.").format(file=path))
    if not path.exists():
        raise PlanError(_("There is no file {file}.").format(file=path))


def load_plan(path: str | Path) -> Plan:
    """Open a plan file.

    Raises:
        PlanError: the file cannot be read, is no YAML, or departs from the format; the message
            names the file and every place that is wrong.
    """
    path = Path(path)
    must_be_file(path)
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise PlanError(
            _(
                "{file}: a plan file is YAML (.yaml); kokuho plan read makes one from a paper."
            ).format(file=path)
        )
    return plan_from_yaml(text_of(path, PlanError), str(path))


def plan_from_yaml(text: str, name: str) -> Plan:
    """A plan from the text of a plan file; ``name`` stands in its errors.

    Raises:
        PlanError: no YAML, or it departs from the format.
    """
    data = values_of(text, name, PlanError)
    if data is None:
        raise PlanError(_("{file} is empty.").format(file=name))
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        wrong = "; ".join(_problem(dict(one)) for one in error.errors())
        raise PlanError(_("{file}: {problems}").format(file=name, problems=wrong)) from None


def _problem(error: dict[str, Any]) -> str:
    place = ".".join(str(step) for step in error["loc"]) or _("the whole file")
    text = PROBLEMS.get(error["type"])
    values = {"input": error.get("input"), **(error.get("ctx") or {})}
    said = _(text).format(**values) if text else error["msg"]
    return f"{place}: {said}"


class _Dumper(yaml.SafeDumper):
    """Writes lists indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


# a rate is text, so that no digit of it is lost on the way back
_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_str(str(value)))


def plan_to_yaml(plan: Plan) -> str:
    """The plan as the text of a plan file; what is empty and may be left out is left out."""
    data = plan.model_dump(exclude_defaults=True)
    ordered = {key: data[key] for key in _ORDER if key in data}
    ordered |= {key: value for key, value in data.items() if key not in ordered}
    return yaml.dump(
        ordered,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=110,
    )
