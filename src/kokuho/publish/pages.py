"""The pages of figures as data for their templates: insurers, groups, all insurers (ページ)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kokuho.plan import Plan
from kokuho.publish.downloads import KINDS, file_name
from kokuho.publish.frame import GROUP_TITLES, Frame, Page, link, place, rendered
from kokuho.publish.plan_section import plan_headline
from kokuho.publish.rendering import as_is
from kokuho.publish.sections import Block, Section, number_of
from kokuho.publish.subjects import Subject, headline
from kokuho.publish.words import Words
from kokuho.statistics import GROUPS, Language, catalogue, label, series
from kokuho.statistics.combining import STATES

_STATES = {**STATES, "taken": "received", "late": "late"}
"""What became of an insurer's file, as the pages say it."""


def group_page(
    frame: Frame, subject: Subject, group: str, sections: Sequence[Section], language: Language
) -> Page:
    """The page of a group of measures."""
    words, path = Words(language), f"{subject.folder}{group}.html"
    here = place(language, path)
    assert subject.file is not None
    data = {
        "title": words(GROUP_TITLES[group]),
        "as_of": words.day(subject.file.as_of),
        "sections": [_section(one, here, subject, language) for one in sections],
    }
    return rendered(frame, "group", path, language, data, subject)


def _section(section: Section, here: str, subject: Subject, language: Language) -> dict[str, Any]:
    base = f"data/{subject.insurer.code}/{section.data}"
    words = Words(language)
    return {
        "name": section.name,
        "title": section.title,
        "blocks": [_block(one) for one in section.blocks],
        "definition": section.definition,
        "downloads": [
            {
                "kind": kind.upper(),
                "href": link(here, file_name(base, kind, language)),
                "of": words("{title}, {kind}").format(title=section.title, kind=kind.upper()),
            }
            for kind in KINDS
        ]
        if section.data
        else [],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "name": block.name,
        "title": block.title,
        "svg": as_is(block.svg),
        "words": block.words,
        "unit": block.unit,
        "table": block.table,
        "heads": _heads(block),
        "broad": block.broad,
        "legend": block.legend,
        "notes": block.notes,
    }


def _heads(block: Block) -> list[dict[str, Any]]:
    """Heads of columns, and whether words stand under them."""
    first = block.table.rows[0].cells if block.table.rows else ()
    kinds = [cell.kind for cell in first] or ["value"] * len(block.table.heads)
    return [
        {"text": head, "words": kind == "text"}
        for head, kind in zip(block.table.heads, kinds, strict=True)
    ]


def insurer_page(
    frame: Frame, subject: Subject, language: Language, plan: Plan | None = None
) -> Page:
    """The home of an insurer: its latest figures beside the nation, by group."""
    words, path = Words(language), f"{subject.folder}index.html"
    here = place(language, path)
    assert subject.file is not None
    groups = []
    for group in frame.groups[subject.insurer.code]:
        rows = list(_headlines(subject, group, words))
        if group == "plan" and plan is not None:
            rows.insert(0, plan_headline(plan, subject.file.as_of, words))
        groups.append(
            {
                "title": words(GROUP_TITLES[group]),
                "href": link(here, place(language, f"{subject.folder}{group}.html")),
                "rows": rows,
            }
        )
    report = frame.report.get(subject.insurer.code)
    data = {
        "title": frame.title(words) if frame.alone else subject.insurer.name[language],
        "as_of": words.day(subject.file.as_of),
        "groups": groups,
        "late": words("These figures came late; look at their date.")
        if subject.state == "late"
        else "",
        "report": link(here, report) if report else "",
        "intro": words(
            "Figures of National Health Insurance with their definitions, tables and "
            "files. Each measure has one formula, given beside it."
        ),
        "heads": [words("measure"), words("at"), words("value"), words("nation (at)")],
        "report_title": words("Report for the council (PDF, in Japanese)"),
    }
    return rendered(frame, "insurer", path, language, data, subject)


def _headlines(subject: Subject, group: str, words: Words) -> Iterator[dict[str, str]]:
    for name, measure in subject.measures.items():
        definition = measure.definition
        found = headline(measure)
        if definition.group != group or found is None:
            continue
        cell, figure = found
        text = words.cell(figure, definition.places)
        if figure.value is not None:
            text = words.value(figure.value, definition)
        yield {
            "title": words.title(definition.title),
            "href": f"{group}.html#{name}",
            "at": " ".join(words.code(one, code) for one, code in cell),
            "value": text,
            "nation": _nation(definition.reference, words),
        }


def _nation(name: str | None, words: Words) -> str:
    if name is None:
        return words.cell(None, 0)
    found = series(name)
    cell, value = list(found.points.items())[-1]
    at = " ".join(words.code(one, code) for one, code in cell)
    return f"{number_of(found, value, words)} ({at})"


def overview_page(frame: Frame, language: Language) -> Page:
    """All insurers: who sent figures and who did not; then shares and rates of each."""
    words, here = Words(language), place(language, "index.html")
    counted = [one for one in frame.subjects if not one.insurer.combined]
    rows = [
        {
            "name": one.insurer.name[language],
            "lang": one.insurer.foreign(language),
            "code": one.insurer.code,
            "href": link(here, place(language, f"{one.folder}index.html")) if one.file else "",
            "state": words("sum") if one.insurer.combined else words(_STATES[one.state]),
            "kind": one.state if one.state == "taken" else "missing",
            "as_of": words.day(one.file.as_of) if one.file else words.cell(None, 0),
        }
        for one in frame.subjects
    ]
    data = {
        "title": frame.title(words),
        "rows": rows,
        "lead": words("Of {due} insurers: {states}.").format(
            due=len(counted),
            states=words.listed(
                [
                    words("{name} {value}").format(name=words(name), value=number)
                    for state, name in _STATES.items()
                    if (number := sum(one.state == state for one in counted))
                ]
            ),
        ),
        "promise": words(
            "Figures that were not received are neither estimated nor filled in; "
            "late ones keep their own date."
        ),
        "heads": [words("insurer"), words("code"), words("state"), words("date of the figures")],
        "compared": list(_compared(frame, language)),
        "list_title": words("Insurers"),
        "compared_title": words("Shares and rates of the insurers"),
    }
    return rendered(frame, "overview", "index.html", language, data)


def _compared(frame: Frame, language: Language) -> Iterator[dict[str, Any]]:
    """A table a group: a row each insurer, the ones without figures too."""
    words = Words(language)
    for group in GROUPS:
        chosen = [
            one
            for one in catalogue().values()
            if one.group == group
            and one.unit == "percent"
            and any(
                one.id in subject.measures and headline(subject.measures[one.id])
                for subject in frame.subjects
                if not subject.insurer.combined
            )
        ]
        if not chosen:
            continue
        rows = [
            {
                "name": subject.insurer.name[language],
                "lang": subject.insurer.foreign(language),
                "cells": [_compared_cell(subject, one.id, words) for one in chosen],
            }
            for subject in frame.subjects
        ]
        yield {
            "title": words(GROUP_TITLES[group]),
            "name": f"compared-{group}",
            "heads": [f"{words.title(one.title)} (%)" for one in chosen],
            "rows": rows,
        }


def _compared_cell(subject: Subject, name: str, words: Words) -> dict[str, str]:
    if subject.file is None:
        return {"text": words(_STATES[subject.state]), "kind": "missing", "at": ""}
    found = headline(subject.measures[name]) if name in subject.measures else None
    if found is None:
        return {"text": words.cell(None, 0), "kind": "none", "at": ""}
    cell, figure = found
    kind = "suppressed" if figure.suppressed else "value"
    text = words.cell(figure, catalogue()[name].places)
    at = " ".join(label(one, code, words.language) for one, code in cell)
    return {"text": text, "kind": kind, "at": at}
