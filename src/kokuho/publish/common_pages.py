"""The pages that are of no one insurer: definitions, nation, protection, open data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kokuho.publish.downloads import KINDS, definition_rows, file_name
from kokuho.publish.frame import GROUP_TITLES, Frame, Page, link, place, rendered
from kokuho.publish.sections import number_of, source_of
from kokuho.publish.words import Words
from kokuho.statistics import GROUPS, Language, catalogue, reference
from kokuho.statistics.figures import half_up
from kokuho.statistics.verification import Recomputed, recomputed


def definitions_page(frame: Frame, language: Language) -> Page:
    """Every measure of the catalogue with its definition, published here or not."""
    words = Words(language)
    here = {name for one in frame.subjects for name in one.measures}
    groups = [
        {
            "title": words(GROUP_TITLES[group]),
            "name": group,
            "measures": [
                {
                    "id": one.id,
                    "title": words.title(one.title),
                    "rows": definition_rows(one, words),
                    "here": one.id in here,
                }
                for one in catalogue().values()
                if one.group == group
            ],
        }
        for group in GROUPS
        if any(one.group == group for one in catalogue().values())
    ]
    data = {
        "title": words("Definitions"),
        "intro": words(
            "Each measure is defined once. Two measures with different formulas are "
            "never drawn in one line."
        ),
        "groups": groups,
        "absent": words("not published on these pages"),
    }
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
            if found.derived is not None
            else "",
            "doubts": [
                _doubt(one, words)
                for one in recomputed()
                if one.series.id == found.id and not one.holds
            ],
            "rows": [
                {
                    "at": " ".join(words.code(one, code) for one, code in cell),
                    "value": number_of(found, value, words),
                }
                for cell, value in found.points.items()
            ],
        }
        for found in reference().values()
    ]
    data = {
        "title": words("National figures"),
        "intro": words(
            "Printed figures of the nation, in full units. They are the only figures "
            "here that do not come from measure files."
        ),
        "series": listed,
        "heads": [words("at"), words("value")],
    }
    return rendered(frame, "national", "national.html", language, data)


def _doubt(one: Recomputed, words: Words) -> str:
    """A printed number that cannot follow from the counts printed beside it."""
    places = one.series.places + 1
    low, high = (
        half_up(end.numerator, end.denominator, places)
        for end in (one.possible.low, one.possible.high)
    )
    return words(
        "{at}: {printed} is printed, but the printed counts, however they were rounded, give "
        "{low}% to {high}%."
    ).format(
        at=" ".join(words.code(name, code) for name, code in one.cell),
        printed=number_of(one.series, one.series.points[one.cell], words),
        low=words.number(low, places),
        high=words.number(high, places),
    )


def protection_page(frame: Frame, language: Language, rules: Sequence[str]) -> Page:
    """How small numbers are protected, and how much was suppressed."""
    words = Words(language)
    rows = [
        {
            "name": one.insurer.name[language],
            "lang": one.insurer.foreign(language),
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
        "sign_meaning": words(
            "a small number, or one from which a small number could be computed; not 0"
        ),
        "none": words.cell(None, 0),
        "none_meaning": words("no figure (nothing to divide by, or not counted); not 0"),
        "signs": words("Signs in tables and files"),
        "count_title": words("How many figures are suppressed"),
        "how": words("How it is done"),
        "in_files": words(
            "In files a suppressed figure has no value, and the column “suppression” says so."
        ),
    }
    return rendered(frame, "protection", "protection.html", language, data)


def data_page(frame: Frame, language: Language, datasets: Sequence[Mapping[str, Any]]) -> Page:
    """Every file of open data with its size and digest."""
    words, here = Words(language), place(language, "data.html")
    rows = [
        {
            "title": one["title"][language],
            "insurer": one["insurer"][language],
            "files": [
                {
                    "kind": file["format"],
                    "href": link(here, file["path"]),
                    "size": f"{file['bytes']:,}",
                }
                for kind in KINDS
                for file in one["files"]
                if file["format"] == kind.upper() and file["language"] in (language, "")
            ],
        }
        for one in datasets
    ]
    data = {
        "title": words("Open data"),
        "intro": words(
            "CSV is in UTF-8 with a byte-order mark: one head line, one figure a "
            "row, codes beside names. XLSX has the definition on its second sheet; "
            "JSON has it in both languages."
        ),
        "rows": rows,
        "heads": [words("data set"), words("insurer"), words("files (bytes)")],
        "lists": [
            {
                "title": words("List of data sets (CSV)"),
                "href": link(here, file_name("data/datasets", "csv", language)),
            },
            {
                "title": words("List of data sets (JSON, DCAT terms)"),
                "href": link(here, "data/catalogue.json"),
            },
            {
                "title": words("All files with their digests (JSON)"),
                "href": link(here, "manifest.json"),
            },
        ],
    }
    return rendered(frame, "data", "data.html", language, data)
