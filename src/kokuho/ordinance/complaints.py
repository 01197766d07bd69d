"""From pydantic's complaints about an ordinance file to findings that a clerk can act on."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from kokuho.base.messages import translator
from kokuho.ordinance.findings import TEXTS, Finding, finding
from kokuho.ordinance.prepayment import FIRST_FISCAL_YEAR
from kokuho.ordinance.reading import Document, Place
from kokuho.ordinance.schema import choices_at, keys_at
from kokuho.ordinance.values import PART_NAMES, part_labels, rate_meant

_ = translator("ordinance")

_WHOLE_NUMBER = ("int_type", "int_from_float", "int_parsing", "int_parsing_size")
_SHAPES = ("model_type", "model_attributes_type", "dict_type", "tuple_type")


def complaints(document: Document, error: ValidationError) -> Iterator[Finding]:
    """The findings that a failed validation stands for."""
    for detail in error.errors(include_url=False):
        place, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
        if place and place[-1] == "[key]":
            yield _wrong_key(document, place[:-1])
        elif kind == "prepayment_missing":
            for key in context["missing"].split(", "):
                yield finding(document, kind, (*place, key), key=key)
        else:
            yield _single(document, place, kind, context, detail["msg"])


def _single(
    document: Document, place: Place, kind: str, context: dict[str, Any], message: str
) -> Finding:
    if kind == "missing":
        return finding(document, "missing_key", place, key=place[-1])
    if kind in ("extra_forbidden", "invalid_key"):
        return _wrong_key(document, place)
    if kind in ("rate_not_text", "rate_invalid"):
        return finding(document, kind, place, meant=rate_meant(document.text(place)))
    if kind in ("literal_error", "not_unit", "mode_invalid"):
        return finding(document, "not_choice", place, choices=", ".join(choices_at(place)))
    if kind in _WHOLE_NUMBER:
        return finding(document, "not_whole", place)
    if kind in ("greater_than_equal", "less_than_equal"):
        low, high = _range(place)
        return finding(document, "out_of_range", place, low=low, high=high)
    if kind == "string_type":
        return finding(document, "not_text", place, value=document.text(place))
    if kind == "string_too_short":
        return finding(document, "empty_text", place)
    if kind == "string_pattern_mismatch":
        return finding(document, "bad_pattern", place, form=_form(place))
    if kind == "not_date":
        return finding(document, "not_date", place)
    if kind.startswith("bool_"):
        return finding(document, "not_yes_no", place)
    if kind == "too_short":
        return finding(document, "missing_key", place, key=place[-1])
    if kind in _SHAPES:
        shape = _("a list of entries") if kind == "tuple_type" else _("keys and values below it")
        return finding(document, "wrong_shape", place, shape=shape)
    if kind == "adult_outside_child":
        return finding(document, kind, (*place, "parts", context["part"], "per_capita_adult"))
    if kind == "confirmed_and_not":
        return finding(
            document, kind, (*place, "unconfirmed_parts"), part=part_labels([context["part"]])
        )
    if kind == "no_parts":
        return finding(document, kind, (*place, "parts"), parts=part_labels(PART_NAMES))
    if kind in TEXTS:
        return finding(document, kind, place, **context)
    return finding(document, "invalid", place, problem=message)


def _wrong_key(document: Document, place: Place) -> Finding:
    """A key that the format does not know; the likeliest ones it does know come first."""
    key, known = str(place[-1]), keys_at(place[:-1])
    if not known:
        return finding(document, "year_key", place)
    near = difflib.get_close_matches(key, known, n=2, cutoff=0.6)
    ordered = [*near, *(name for name in known if name not in near)]
    return finding(document, "unknown_key", place, keys=", ".join(ordered))


def _range(place: Place) -> tuple[str, str]:
    key = str(place[-1])
    if key == "first_fiscal_year":
        return str(FIRST_FISCAL_YEAR), "2199"
    bounds = {"days": (1, 366), "minimum_notice_days": (1, 366), "first_band_months": (0, 12)}
    bounds |= dict.fromkeys(("number", "terms", "instalments", "ordinary_terms"), (1, 24))
    low, high = bounds.get(key, (0, 10_000_000))
    return f"{low:,}", f"{high:,}"


def _form(place: Place) -> str:
    if place[-1] == "municipality_code":
        return _('six digits in quotes, such as "132101"')
    if place[-1] == "code" and place[0] == "insurer":
        return _("up to 20 digits or Latin letters")
    return _("lower-case Latin letters, digits and _")
