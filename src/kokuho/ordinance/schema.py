"""The JSON Schema of an ordinance file, made from the model."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from kokuho.ordinance.model import Ordinance
from kokuho.ordinance.reading import Place
from kokuho.ordinance.values import PART_NAMES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ABOUT = (
    "One municipality's choices for the National Health Insurance levy (国民健康保険) by fiscal "
    "year. Amounts are whole yen; rates are decimal strings, fractions of 1."
)


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of an ordinance file read as JSON or YAML.

    It says the form alone. What the law says of a year, ``kokuho ordinance validate`` looks at.
    """
    made = Ordinance.model_json_schema()
    definitions = made["$defs"]
    # Internal docstrings are for programmers; the fields carry their own descriptions.
    for definition in definitions.values():
        definition.pop("description", None)
        for field in definition.get("properties", {}).values():
            field.pop("title", None)
    years = made["properties"]["fiscal_years"]
    years["patternProperties"] = {"^[0-9]{4}$": years.pop("additionalProperties")}
    years["additionalProperties"] = False
    entry = definitions["YearEntry"]
    parts = entry["properties"]["parts"]
    for leftover in ("patternProperties", "propertyNames"):
        parts.pop(leftover, None)
    part = {"$ref": "#/$defs/Part"}
    ordinary = {"allOf": [part, {"not": {"required": ["per_capita_adult"]}}]}
    child = {"allOf": [part, {"required": ["per_capita_adult"]}]}
    parts["properties"] = {name: child if name == "child" else ordinary for name in PART_NAMES}
    parts["additionalProperties"] = False
    parts["minProperties"] = 1
    return {
        "$schema": _DIALECT,
        "title": "Kokuho ordinance",
        "description": _ABOUT,
        **{key: value for key, value in made.items() if key not in ("title", "description")},
    }


def schema_text() -> str:
    """The schema as ``docs/ordinance.schema.json`` holds it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


@cache
def _whole() -> dict[str, Any]:
    return json_schema()


def keys_at(place: Place) -> list[str]:
    """The keys that a mapping at this place of a file may have; none where keys are free."""
    return [key for schema in _walk(place) for key in schema.get("properties", ())]


def choices_at(place: Place) -> list[str]:
    """The closed list of values at this place of a file; empty where there is none."""
    found: list[str] = []
    for schema in _walk(place):
        found += [str(value) for value in schema.get("enum", ())]
        found += [str(schema["const"])] if "const" in schema else []
    return found


def _walk(place: Place) -> list[dict[str, Any]]:
    found = _alternatives(_whole())
    for step in place:
        below: list[dict[str, Any]] = []
        for schema in found:
            if isinstance(step, int) and "items" in schema:
                below += _alternatives(schema["items"])
            elif str(step) in schema.get("properties", {}):
                below += _alternatives(schema["properties"][str(step)])
            elif "patternProperties" in schema:
                below += _alternatives(next(iter(schema["patternProperties"].values())))
        found = below
    return found


def _alternatives(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """A schema with its references followed, and what it is combined of."""
    while "$ref" in schema:
        schema = _whole()["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    inner = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    return [schema, *(found for part in inner for found in _alternatives(part))]
