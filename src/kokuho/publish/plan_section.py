"""Plan and settlement of the deficit (計画と決算): the section that is made from a plan file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from kokuho.base.calendar import fiscal_year_of
from kokuho.forms.charts import drawn
from kokuho.plan import Plan
from kokuho.plan.progress import ProgressRow, latest, progress_of
from kokuho.publish.downloads import Download, csv_bytes, file_name, terms, xlsx
from kokuho.publish.lines import panel
from kokuho.publish.pictures import inside
from kokuho.publish.sections import Block, Section
from kokuho.publish.site_file import Insurer, Site
from kokuho.publish.strokes import LETTER
from kokuho.publish.tables import Row, Shown, Table, legend
from kokuho.publish.words import LANGUAGES, Words
from kokuho.statistics import Definition, Text

NAME = "plan_deficit"
_TEXTS = {
    "title": "deficit: plan and settlement",
    "meaning": "deficit that the plan leaves for the year, and the deficit of its "
    "settlement (transfers from the general account to cover a deficit, and "
    "the increase of advance use)",
    "source": "fiscal soundness plan of the insurer; settlements that it names",
    "scope": "special account of National Health Insurance",
    "date_rule": "fiscal year; settled years where the plan file states the settlement",
    "rounding": "thousands of yen, as the plan and the settlement state them",
}


def definition() -> Definition:
    """The definition, in the form of the catalogue."""
    both = {
        key: Text(**{language: Words(language)(text) for language in LANGUAGES})
        for key, text in _TEXTS.items()
    }
    return Definition(
        id=NAME,
        group="plan",
        unit="yen",
        dimensions=("year",),
        tables=(("year",),),
        chart="line",
        **both,
    )


def plan_section(plan: Plan, as_of: date, words: Words) -> Section:
    """The deficit that the plan leaves, and the settlements that are known."""
    rows = progress_of(plan)
    told = definition()
    names = [words("plan"), words("settlement")]
    values = [
        [None if one.left is None else Decimal(one.left * 1000) for one in rows],
        [None if one.deficit is None else Decimal(one.deficit * 1000) for one in rows],
    ]
    labels = [_short(words.code("year", str(one.year))) for one in rows]
    block_name = f"{NAME}-1"
    chart = panel(
        values,
        names,
        [[], []],
        labels,
        told,
        words,
        styles=[("#d55e00", [7, 3], "square"), ("#0b4f71", [1, 0], "circle")],
    )
    there = any(value is not None for line in values for value in line)
    table = Table(
        words.dimension("year"),
        (*names, words("settlement less plan"), words("standing")),
        tuple(_row(one, words) for one in rows),
    )
    block = Block(
        name=block_name,
        title=words.title(told.title),
        svg=inside(drawn(chart, letter=LETTER), block_name) if there else None,
        words=_in_words(rows, as_of, words),
        table=table,
        legend=legend(table.kinds, words),
        notes=[
            words("A settlement that is not known is left empty; it is not taken from the plan.")
        ],
        unit=words("thousand yen"),
    )
    return Section(NAME, block.title, [block], _definition(words), data=NAME)


def plan_headline(plan: Plan, as_of: date, words: Words) -> dict[str, str]:
    """The deficit of the last settlement that is known, or else what the plan leaves this year."""
    rows = progress_of(plan)
    row = latest(rows, as_of.year)
    value, kind = (row.deficit, "settlement") if row is not None else (None, "plan")
    if row is None:
        row = next((one for one in rows if one.year == fiscal_year_of(as_of)), None)
        value = row.left if row is not None else None
    at, text = "", words.cell(None, 0)
    if row is not None and value is not None:
        at = words("{title} ({at})").format(title=words.code("year", str(row.year)), at=words(kind))
        text = words("{number} thousand yen").format(number=words.number(Decimal(value), 0))
    return {
        "title": words.title(definition().title),
        "href": f"plan.html#{NAME}",
        "at": at,
        "value": text,
        "nation": words.cell(None, 0),
    }


def _short(name: str) -> str:
    return name.removesuffix("年度").replace("FY20", "FY|20")


def _definition(words: Words) -> list[tuple[str, str]]:
    told, language = definition(), words.language
    return [
        (words("formula"), told.meaning[language]),
        (words("unit"), words("thousand yen")),
        (words("scope"), told.scope[language]),
        (words("date rule"), told.date_rule[language]),
        (words("rounding"), told.rounding[language]),
        (words("source"), told.source[language]),
    ]


def _row(row: ProgressRow, words: Words) -> Row:
    numbers = [_cell(value, words) for value in (row.left, row.deficit, row.difference)]
    standing = Shown(_standing(row, words), "text")
    return Row(words.code("year", str(row.year)), (*numbers, standing), False)


def _cell(value: int | None, words: Words) -> Shown:
    if value is None:
        return Shown(words.cell(None, 0), "none")
    return Shown(words.number(Decimal(value), 0), "value")


def _standing(row: ProgressRow, words: Words) -> str:
    return words(
        {
            "on_track": "within the plan",
            "off_track": "above the plan",
            "unknown": "settlement not known",
            "not_comparable": "the plan has no base to compare with",
        }[row.standing]
    )


def _in_words(rows: Sequence[ProgressRow], as_of: date, words: Words) -> str:
    known = [row for row in rows if row.left is not None]
    said = []
    if known:
        first, last = known[0], known[-1]
        said.append(
            words(
                "The plan goes from {before} thousand yen in {first} to {value} thousand "
                "yen in {last}."
            ).format(
                before=words.number(Decimal(first.left or 0), 0),
                first=words.code("year", str(first.year)),
                value=words.number(Decimal(last.left or 0), 0),
                last=words.code("year", str(last.year)),
            )
        )
    settled = latest(rows, as_of.year)
    if settled is None:
        said.append(words("No settlement is known."))
    else:
        said.append(
            words("The last settlement is of {at}: {value} thousand yen, {standing}.").format(
                at=words.code("year", str(settled.year)),
                value=words.number(Decimal(settled.deficit or 0), 0),
                standing=_standing(settled, words),
            )
        )
    return words.sentences(said)


def plan_downloads(plan: Plan, insurer: Insurer, as_of: date, site: Site) -> list[Download]:
    """The table as CSV, XLSX and JSON."""
    name, rows = f"{insurer.code}/{NAME}", progress_of(plan)
    made = []
    for language in LANGUAGES:
        words = Words(language)
        head = [
            words(one)
            for one in (
                "insurer code",
                "insurer",
                "fiscal year",
                "plan",
                "settlement",
                "settlement less plan",
                "standing",
                "unit",
                "source",
            )
        ]
        lines: list[list[Any]] = [
            [
                insurer.code,
                insurer.name[language],
                row.year,
                row.left,
                row.deficit,
                row.difference,
                _standing(row, words),
                words("thousand yen"),
                row.source,
            ]
            for row in rows
        ]
        told = [
            (words("title"), definition().title[language]),
            (words("insurer"), f"{insurer.name[language]} ({insurer.code})"),
            *_definition(words),
            (words("terms of use"), terms(site, words)),
        ]
        made += [
            Download(file_name(name, "csv", language), csv_bytes(head, lines)),
            Download(
                file_name(name, "xlsx", language),
                xlsx(head, lines, told, definition().title[language], words),
            ),
        ]
    data = {
        "insurer": {"code": insurer.code, "name": insurer.name.model_dump()},
        "as_of": as_of.isoformat(),
        "fictional": site.fictional,
        "unit": "thousand_yen",
        "definition": definition().model_dump(mode="json", exclude_none=True),
        "years": [
            {
                "year": row.year,
                "plan": row.left,
                "settlement": row.deficit,
                "difference": row.difference,
                "standing": row.standing,
                "source": row.source,
            }
            for row in rows
        ],
    }
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return [Download(f"{name}.json", text.encode()), *made]
