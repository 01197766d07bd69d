"""The pages as data for their templates: what stands where, and where links lead (ページ)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.publish.downloads import KINDS, definition_rows, file_name, terms
from kokuho.publish.rendering import as_is, page
from kokuho.publish.sections import Block, Section, number_of, source_of
from kokuho.publish.site_file import Site
from kokuho.publish.subjects import Subject, headline
from kokuho.publish.words import LANGUAGES, Words
from kokuho.statistics import GROUPS, Language, catalogue, label, reference, series

GROUP_TITLES = {
    "insured": "Insured persons",
    "claims": "Medical care",
    "collection": "Collection",
    "levy": "Levy",
    "account": "Special account",
    "plan": "Fiscal soundness",
}
"""Names of the groups of the catalogue, each a page."""

Page = tuple[str, str]
"""A path in the site and the HTML there."""


@dataclass(frozen=True)
class Frame:
    """What every page needs to know: the site, its insurers and which pages there are."""

    site: Site
    made_on: date
    subjects: Sequence[Subject]
    groups: Mapping[str, Sequence[str]]
    report: Mapping[str, str]

    @property
    def alone(self) -> bool:
        """Whether the site is of one insurer."""
        return len(self.subjects) == 1

    def title(self, words: Words) -> str:
        """The name of the site."""
        if self.site.title is not None:
            return self.site.title[words.language]
        if self.alone:
            name = self.subjects[0].insurer.name[words.language]
            return words("National Health Insurance statistics of {insurer}").format(insurer=name)
        return words("National Health Insurance statistics")


def place(language: Language, path: str) -> str:
    """The path of a page in a language: Japanese at the top, English below ``en/``."""
    return path if language == "ja" else f"en/{path}"


def link(here: str, there: str) -> str:
    """A link from a page to another file of the site, so that it works from a folder too."""
    return "../" * here.count("/") + there


def rendered(
    frame: Frame, template: str, path: str, language: Language, data: Mapping[str, Any],
    subject: Subject | None = None,
) -> Page:  # fmt: skip
    """A page with what all pages share around its own data."""
    words = Words(language)
    here = place(language, path)

    def to(there: str) -> str:
        return link(here, place(language, there))

    other: Language = "en" if language == "ja" else "ja"
    items = []
    if subject is not None:
        items = [(words("Overview"), f"{subject.folder}index.html")]
        items += [(words(GROUP_TITLES[group]), f"{subject.folder}{group}.html")
                  for group in frame.groups[subject.insurer.code]]  # fmt: skip
    common = [(words("Definitions"), "definitions.html"), (words("National figures"), "national.html"),
              (words("Protection of figures"), "protection.html"), (words("Open data"), "data.html")]  # fmt: skip
    if not frame.alone:
        common = [(words("All insurers"), "index.html"), *common]
    shared = {
        "language": language,
        "site_title": frame.title(words),
        "home": to("index.html"),
        "root": "../" * here.count("/"),
        "fictional": words("All figures on these pages are invented.") if frame.site.fictional else "",
        "insurer": subject.insurer.name[language] if subject is not None and not frame.alone else "",
        "nav": [{"title": title, "href": to(there), "here": there == path} for title, there in items],
        "common": [{"title": title, "href": to(there), "here": there == path}
                   for title, there in common],
        "other": {"language": other, "href": link(here, place(other, path)),
                  "title": {"ja": "日本語", "en": "English"}[other]},
        "publisher": frame.site.publisher[language] if frame.site.publisher else "",
        "contact": frame.site.contact[language] if frame.site.contact else "",
        "terms": terms(frame.site, words),
        "made_on": words.day(frame.made_on),
        "say": _Say(words),
    }  # fmt: skip
    return here, page(template, {**shared, **data})


class _Say:
    """Words of the frame, for templates: ``{{ say.skip }}``."""

    _WORDS = {
        "skip": "Skip to the contents",
        "contents": "On this page",
        "pages": "Pages",
        "about": "About the figures",
        "definition": "Definition",
        "downloads": "Downloads",
        "table": "Table",
        "picture": "Chart",
        "words": "In words",
        "unit": "Unit",
        "publisher": "Publisher",
        "contact": "Contact",
        "terms": "Terms of use of the data",
        "made_on": "Made on",
        "as_of": "Date of the figures",
        "language": "Language",
        "top": "To the top of the page",
        "values": "all values are in the table below",
        "national": "Nation",
    }

    def __init__(self, words: Words) -> None:
        self._words = words

    def __getitem__(self, name: str) -> str:
        return self._words(self._WORDS[name])


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
            {"kind": kind.upper(), "href": link(here, file_name(base, kind, language)),
             "of": words("{title}, {kind}").format(title=section.title, kind=kind.upper())}
            for kind in KINDS
        ] if section.data else [],
    }  # fmt: skip


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


def insurer_page(frame: Frame, subject: Subject, language: Language) -> Page:
    """The home of an insurer: its latest figures beside the nation, by group."""
    words, path = Words(language), f"{subject.folder}index.html"
    here = place(language, path)
    assert subject.file is not None
    groups = []
    for group in frame.groups[subject.insurer.code]:
        rows = list(_headlines(subject, group, words))
        groups.append({
            "title": words(GROUP_TITLES[group]),
            "href": link(here, place(language, f"{subject.folder}{group}.html")),
            "rows": rows,
        })  # fmt: skip
    report = frame.report.get(subject.insurer.code)
    data = {
        "title": frame.title(words) if frame.alone else subject.insurer.name[language],
        "as_of": words.day(subject.file.as_of),
        "groups": groups,
        "late": words("The figures are of an earlier day than the others: they came late.")
        if subject.state == "late" else "",
        "report": link(here, report) if report else "",
        "intro": words("Figures of National Health Insurance with their definitions, tables and files. Each measure has one formula, given beside it."),
        "heads": [words("measure"), words("at"), words("value"), words("nation (at)")],
        "report_title": words("Report for the council (PDF, in Japanese)"),
    }  # fmt: skip
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
    """All insurers: who sent figures, who is late, who is missing; then shares and rates of each."""
    words, here = Words(language), place(language, "index.html")
    counted = [one for one in frame.subjects if not one.insurer.combined]
    states = {"here": words("received"), "late": words("late"), "missing": words("not received")}
    rows = [
        {
            "name": one.insurer.name[language],
            "code": one.insurer.code,
            "href": link(here, place(language, f"{one.folder}index.html")) if one.file else "",
            "state": states[one.state],
            "kind": one.state,
            "as_of": words.day(one.file.as_of) if one.file else words.cell(None, 0),
        }
        for one in frame.subjects
    ]
    here_now = sum(one.state == "here" for one in counted)
    data = {
        "title": frame.title(words),
        "rows": rows,
        "lead": words("{here} of {due} insurers: figures received; {late} late, {missing} not received.").format(
            here=here_now, due=len(counted), late=sum(one.state == "late" for one in counted),
            missing=sum(one.state == "missing" for one in counted)),
        "promise": words("Figures that were not received are neither estimated nor filled in; late ones keep their own date."),
        "heads": [words("insurer"), words("code"), words("state"), words("date of the figures")],
        "compared": list(_compared(frame, language)),
        "list_title": words("Insurers"),
        "compared_title": words("Shares and rates of the insurers"),
    }  # fmt: skip
    return rendered(frame, "overview", "index.html", language, data)


def _compared(frame: Frame, language: Language) -> Iterator[dict[str, Any]]:
    """A table a group: a row each insurer, the ones without figures too."""
    words = Words(language)
    for group in GROUPS:
        chosen = [
            one for one in catalogue().values()
            if one.group == group and one.unit == "percent"
            and any(one.id in subject.measures and headline(subject.measures[one.id])
                    for subject in frame.subjects)
        ]  # fmt: skip
        if not chosen:
            continue
        rows = [
            {"name": subject.insurer.name[language],
             "cells": [_compared_cell(subject, one.id, words) for one in chosen]}
            for subject in frame.subjects
        ]  # fmt: skip
        yield {
            "title": words(GROUP_TITLES[group]),
            "name": f"compared-{group}",
            "heads": [f"{words.title(one.title)} (%)" for one in chosen],
            "rows": rows,
        }


def _compared_cell(subject: Subject, name: str, words: Words) -> dict[str, str]:
    if subject.file is None:
        return {"text": words("not received"), "kind": "missing", "at": ""}
    found = headline(subject.measures[name]) if name in subject.measures else None
    if found is None:
        return {"text": words.cell(None, 0), "kind": "none", "at": ""}
    cell, figure = found
    kind = "suppressed" if figure.suppressed else "value"
    text = words.cell(figure, catalogue()[name].places)
    at = " ".join(label(one, code, words.language) for one, code in cell)
    return {"text": text, "kind": kind, "at": at}


def definitions_page(frame: Frame, language: Language) -> Page:
    """Every measure of the catalogue with its definition, published here or not."""
    words = Words(language)
    here = {name for one in frame.subjects for name in one.measures}
    groups = [
        {
            "title": words(GROUP_TITLES[group]),
            "name": group,
            "measures": [
                {"id": one.id, "title": words.title(one.title), "rows": definition_rows(one, words),
                 "here": one.id in here}
                for one in catalogue().values() if one.group == group
            ],
        }
        for group in GROUPS
        if any(one.group == group for one in catalogue().values())
    ]  # fmt: skip
    data = {
        "title": words("Definitions"),
        "intro": words("Each measure is defined once. Two measures with different formulas are never drawn in one line."),
        "groups": groups,
        "absent": words("not published on these pages"),
    }  # fmt: skip
    return rendered(frame, "definitions", "definitions.html", language, data)


def national_page(frame: Frame, language: Language) -> Page:
    """The national series that figures are set beside, as they were printed, with their source."""
    words = Words(language)
    listed = [
        {
            "name": found.id,
            "title": words.title(found.title),
            "source": source_of(found, words),
            "derived": words("This column follows from two others of the document.")
            if found.derived is not None else "",
            "rows": [
                {"at": " ".join(words.code(one, code) for one, code in cell),
                 "value": number_of(found, value, words)}
                for cell, value in found.points.items()
            ],
        }
        for found in reference().values()
    ]  # fmt: skip
    data = {
        "title": words("National figures"),
        "intro": words("Printed figures of the nation, in full units. They are the only figures here that do not come from measure files."),
        "series": listed,
        "heads": [words("at"), words("value")],
    }  # fmt: skip
    return rendered(frame, "national", "national.html", language, data)


def protection_page(frame: Frame, language: Language, rules: Sequence[str]) -> Page:
    """How small numbers are protected, and how much was suppressed."""
    words = Words(language)
    rows = [
        {
            "name": one.insurer.name[language],
            "count": f"{len(one.file.measures):,}",
            "suppressed": f"{sum(figure.suppressed for figure in one.file.measures):,}",
        }
        for one in frame.subjects
        if one.file is not None
    ]
    data = {
        "title": words("Protection of figures"),
        "rules": rules,
        "rows": rows,
        "heads": [words("insurer"), words("figures"), words("of these suppressed")],
        "sign": words("suppressed"),
        "sign_meaning": words("a small number, or one from which a small number could be computed; not 0"),
        "none": words.cell(None, 0),
        "none_meaning": words("no figure (nothing to divide by, or not counted); not 0"),
        "signs": words("Signs in tables and files"),
        "count_title": words("How many figures are suppressed"),
        "how": words("How it is done"),
        "in_files": words("In files a suppressed figure has no value, and the column “suppression” says so."),
    }  # fmt: skip
    return rendered(frame, "protection", "protection.html", language, data)


def data_page(frame: Frame, language: Language, datasets: Sequence[Mapping[str, Any]]) -> Page:
    """Every file of open data with its size and digest."""
    words, here = Words(language), place(language, "data.html")
    rows = [
        {
            "title": one["title"][language],
            "insurer": one["insurer"][language],
            "files": [
                {"kind": file["format"], "href": link(here, file["path"]), "size": f"{file['bytes']:,}"}
                for file in one["files"] if file["language"] in (language, "")
            ],
        }
        for one in datasets
    ]  # fmt: skip
    data = {
        "title": words("Open data"),
        "intro": words("CSV is in UTF-8 with a byte-order mark: one head line, one figure a row, codes beside names. XLSX has the definition on its second sheet; JSON has it in both languages."),
        "rows": rows,
        "heads": [words("data set"), words("insurer"), words("files (bytes)")],
        "lists": [
            {"title": words("List of data sets (CSV)"),
             "href": link(here, file_name("data/datasets", "csv", language))},
            {"title": words("List of data sets (JSON, DCAT terms)"), "href": link(here, "data/catalogue.json")},
            {"title": words("All files with their digests (JSON)"), "href": link(here, "manifest.json")},
        ],
    }  # fmt: skip
    return rendered(frame, "data", "data.html", language, data)


def both(make: Any, *given: Any) -> Iterator[Page]:
    """A page in both languages."""
    for language in LANGUAGES:
        yield make(*given, language)
