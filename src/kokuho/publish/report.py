"""The report for the council (運営協議会資料): the sections of the pages on paper, in Japanese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kokuho.forms import council_paper_pdf
from kokuho.publish.frame import GROUP_TITLES, Frame
from kokuho.publish.sections import Block, Section
from kokuho.publish.subjects import Subject
from kokuho.publish.words import Words

_TALLEST = 40
"""Tables with more rows are left to the pages and files, and the paper says so."""

_PICTURE = 98
"""Width of a picture on paper, in mm: its letters are then those of the notes."""

_POINTS = ("formula", "scope", "date rule", "rounding", "source")
"""What the definitions on paper say; the unit stands over each table."""


def report_pdf(frame: Frame, subject: Subject, groups: Mapping[str, Sequence[Section]]) -> bytes:
    """Every chart with its words and its table, definitions behind them.

    Raises:
        FormError: it cannot be rendered.
    """
    return council_paper_pdf(report_data(frame, subject, groups), made_on=frame.made_on)


def report_data(
    frame: Frame, subject: Subject, groups: Mapping[str, Sequence[Section]]
) -> dict[str, Any]:
    """The report as the paper's template takes it."""
    words = Words("ja")
    assert subject.file is not None
    counted = _Numbers(words)
    sections = [
        {
            "key": group,
            "title": f"{number} {words(GROUP_TITLES[group])}",
            "blocks": [block for one in made for block in _blocks(one, counted, words)],
        }
        for number, (group, made) in enumerate(groups.items(), start=1)
    ]
    sections.append(
        {
            "key": "definitions",
            "title": f"{len(sections) + 1} {words('Definitions')}",
            "blocks": [
                _definitions(words(GROUP_TITLES[group]), made, counted, words)
                for group, made in groups.items()
            ],
        }
    )
    fictional = words("All figures are invented.")
    return {
        "title": words("National Health Insurance statistics"),
        "kind": words("Paper for the National Health Insurance council"),
        "draft": "",
        "insurer": subject.insurer.name["ja"],
        "made_on": words("made on {day}").format(day=words.day(frame.made_on)),
        "fictional": fictional if frame.site.fictional else None,
        "about": [
            words("Date of the figures: {day}.").format(day=words.day(subject.file.as_of)),
            words("Each figure stands in the public pages and files as well, under the same name."),
            words(
                "Suppressed figures are small numbers, or numbers from which one could "
                "be computed; they are not 0."
            ),
        ],
        "main": [],
        "warnings": [fictional] if frame.site.fictional else [],
        "words": {
            "source": words("Source: "),
            "alternative": words("In words: "),
            "contents": words("Contents"),
            "main": words("In short"),
        },
        "sections": sections,
    }


class _Numbers:
    """Numbers of charts and tables through the paper."""

    def __init__(self, words: Words) -> None:
        self.words, self.tables, self.figures = words, 0, 0

    def table(self) -> str:
        self.tables += 1
        return self.words("Table {number}").format(number=self.tables)

    def figure(self) -> str:
        self.figures += 1
        return self.words("Figure {number}").format(number=self.figures)


def _blocks(section: Section, counted: _Numbers, words: Words) -> list[dict[str, Any]]:
    return [made for block in section.blocks for made in _block(block, counted, words)]


def _block(block: Block, counted: _Numbers, words: Words) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    if block.svg is not None:
        made.append(
            {
                "type": "chart",
                "label": counted.figure(),
                "title": block.title,
                "svg": block.svg,
                "width": _PICTURE,
                "alternative": block.words,
                "notes": [],
                "sources": [],
            }
        )
    rows = [[row.name, *(cell.text for cell in row.cells)] for row in block.table.rows]
    if len(rows) > _TALLEST:
        text = words("The table has {count} rows and stands in the public pages.").format(
            count=len(rows)
        )
        made.append({"type": "text", "label": None, "text": text, "strong": False, "sources": []})
        return made
    made.append(
        {
            "type": "table",
            "label": counted.table(),
            "title": words("{title} (unit: {unit})").format(title=block.title, unit=block.unit),
            "head": [block.table.corner, *block.table.heads],
            "rows": rows,
            "notes": [*block.legend, *block.notes],
            "names": 1,
            "all_words": False,
            "widths": [],
            "small": len(block.table.heads) > 5,
            "sources": [],
        }
    )
    return made


def _definitions(
    title: str, sections: Sequence[Section], counted: _Numbers, words: Words
) -> dict[str, Any]:
    """The definitions of a group, a row each."""
    names = [words(one) for one in _POINTS]
    rows = [
        [one.title, *(dict(one.definition).get(name, "") for name in names)]
        for one in sections
        if one.definition
    ]
    return {
        "type": "table",
        "label": counted.table(),
        "title": title,
        "head": [words("measure"), *names],
        "rows": rows,
        "notes": [],
        "names": 1,
        "all_words": True,
        "widths": [28, 44, 36, 28, 16, 28],
        "small": True,
        "breakable": True,
        "sources": [],
    }
