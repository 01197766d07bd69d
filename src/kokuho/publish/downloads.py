"""The open data of a measure: CSV, XLSX and JSON with every figure of the file (ダウンロード).

CSV as open data of municipalities is recommended to be: UTF-8 with byte-order mark, one head line,
one figure a row, codes beside names, numbers without separators, nothing joined together.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kokuho.forms import workbook_bytes
from kokuho.publish.site_file import Insurer, Site
from kokuho.publish.views import Measure
from kokuho.publish.words import LANGUAGES, TOTAL, Words
from kokuho.statistics import Cell, Definition, Figure, MeasureFile
from kokuho.tables import no_formula

KINDS = ("csv", "xlsx", "json")
"""The forms of a download, in the order in which pages offer them."""

_UNITS = {"percent": "percent", "yen": "yen", "count": "number"}


@dataclass(frozen=True)
class Download:
    """A file: its name below ``data/``, its content."""

    name: str
    content: bytes


def downloads_of(
    measure: Measure, file: MeasureFile, insurer: Insurer, site: Site
) -> list[Download]:
    """The files of a measure; JSON in both languages at once, the others in each."""
    name = f"{insurer.code}/{measure.definition.id}"
    made = [Download(f"{name}.json", _json(measure, file, insurer, site))]
    for language in LANGUAGES:
        words = Words(language)
        head, rows = _rows(measure, file, insurer, words)
        told = metadata(measure, file, insurer, site, words)
        made += [
            Download(file_name(name, "csv", language), csv_bytes(head, rows)),
            Download(
                file_name(name, "xlsx", language),
                xlsx(
                    head,
                    rows,
                    told,
                    measure.definition.title[language],
                    words,
                    places=measure.definition.places,
                ),
            ),
        ]
    return made


def file_name(name: str, kind: str, language: str) -> str:
    """The name of a download: English ones say so, JSON has both languages."""
    between = ".en" if language == "en" and kind != "json" else ""
    return f"{name}{between}.{kind}"


def _rows(
    measure: Measure, file: MeasureFile, insurer: Insurer, words: Words
) -> tuple[list[str], list[list[Any]]]:
    """One row a figure, in the order of the measure file."""
    names = measure.definition.dimensions
    head = [
        words("insurer code"),
        words("insurer"),
        words("date of the figures"),
        words("figure id"),
    ]
    for name in names:
        title = words.dimension(name)
        head += [words("{dimension} (code)").format(dimension=title), title]
    head += [
        words(one) for one in ("value", "numerator", "denominator", "unit", "suppression", "note")
    ]
    return head, [_row(one, names, file, insurer, words) for one in measure.figures.items()]


def _row(
    one: tuple[Cell, Figure],
    names: Sequence[str],
    file: MeasureFile,
    insurer: Insurer,
    words: Words,
) -> list[Any]:
    cell, figure = dict(one[0]), one[1]
    row: list[Any] = [insurer.code, insurer.name[words.language], file.as_of.isoformat(), figure.id]
    for name in names:
        code = cell.get(name, TOTAL)
        row += [code, words.code(name, code)]
    return [
        *row,
        figure.value,
        figure.numerator,
        figure.denominator,
        words(_UNITS[figure.unit]),
        words("suppressed") if figure.suppressed else "",
        figure.note,
    ]


def csv_bytes(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A head line and rows as CSV: UTF-8 with byte-order mark, CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(no_formula(one) if isinstance(one, str) else one for one in row)
    return text.getvalue().encode("utf-8-sig")


def metadata(
    measure: Measure, file: MeasureFile, insurer: Insurer, site: Site, words: Words
) -> list[tuple[str, str]]:
    """What must be known to use the figures, name and text."""
    definition, language = measure.definition, words.language
    told = [
        (words("title"), definition.title[language]),
        (words("insurer"), f"{insurer.name[language]} ({insurer.code})"),
        (words("date of the figures"), words.day(file.as_of)),
        *definition_rows(definition, words),
    ]
    if site.publisher is not None:
        told.append((words("publisher"), site.publisher[language]))
    told.append((words("terms of use"), terms(site, words)))
    if site.fictional:
        told.append((words("note"), words("All figures are invented.")))
    return told


def definition_rows(definition: Definition, words: Words) -> list[tuple[str, str]]:
    """Formula, unit, source, scope, date rule and rounding of a definition."""
    language = words.language
    told = [
        (words("formula"), definition.meaning[language]),
        (words("unit"), words.unit(definition)),
    ]
    if definition.numerator is not None and definition.denominator is not None:
        told += [
            (words("numerator"), definition.numerator[language]),
            (words("denominator"), definition.denominator[language]),
        ]
    return [
        *told,
        (words("scope"), definition.scope[language]),
        (words("date rule"), definition.date_rule[language]),
        (words("rounding"), definition.rounding[language]),
        (words("source"), definition.source[language]),
    ]


def terms(site: Site, words: Words) -> str:
    """The licence, or that none is stated."""
    if site.licence is None:
        return words("not stated by the publisher")
    return site.licence[words.language]


def xlsx(
    head: Sequence[str],
    rows: Sequence[Sequence[Any]],
    told: Sequence[tuple[str, str]],
    title: str,
    words: Words,
    *,
    places: int = 0,
) -> bytes:
    """The rows as a worksheet, the definition on a second one; decimals with so many places."""
    decimal = "0" + (f".{'0' * places}" if places else "")
    cells = [_cell(0, column, text, "label") for column, text in enumerate(head)]
    for number, row in enumerate(rows, start=1):
        cells += [
            _cell(number, column, value, "data", decimal if isinstance(value, Decimal) else "")
            for column, value in enumerate(row)
        ]
    about = [
        _cell(number, column, text, ("label", "boxed text")[column])
        for number, pair in enumerate(told)
        for column, text in enumerate(pair)
    ]
    shared = {"heights": {}, "counts": [], "hidden": False, "printed": 0}
    pages = [
        {
            "name": words("data"),
            "widths": [
                max(10, *(len(text) * 2 for text in head[:1])),
                14,
                12,
                40,
                *[14] * (len(head) - 4),
            ],
            "cells": cells,
            "frozen": 1,
            **shared,
        },
        {"name": words("definition"), "widths": [22, 90], "cells": about, "frozen": 0, **shared},
    ]
    return workbook_bytes(pages, title)


def _cell(row: int, column: int, value: Any, style: str, number_format: str = "") -> dict[str, Any]:
    return {
        "row": row,
        "column": column,
        "rows": 1,
        "columns": 1,
        "value": value,
        "style": style,
        "number_format": number_format,
        "formula": "",
    }


def _json(measure: Measure, file: MeasureFile, insurer: Insurer, site: Site) -> bytes:
    definition = measure.definition.model_dump(mode="json", exclude_none=True)
    figures = [one.model_dump(mode="json") for one in measure.figures.values()]
    made: dict[str, Any] = {
        "version": file.version,
        "insurer": {"code": insurer.code, "name": insurer.name.model_dump()},
        "as_of": file.as_of.isoformat(),
        "publisher": site.publisher and site.publisher.model_dump(),
        "licence": site.licence and site.licence.model_dump(),
        "fictional": site.fictional,
        "definition": definition,
        "measures": figures,
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()
