"""The paper as data: what :func:`kokuho.forms.council_paper_pdf` prints, words and figures."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokuho.base.calendar import era_date, fiscal_year_name
from kokuho.base.messages import translator
from kokuho.ordinance.codes import FICTIONAL_PREFECTURE
from kokuho.plan.paper.blocks import Block, Chart, Section, Table, Text, numbered, source_notes
from kokuho.plan.paper.elsewhere import comparison
from kokuho.plan.paper.grounds import grounds
from kokuho.plan.paper.households import effects
from kokuho.plan.paper.outlook import outlook
from kokuho.plan.paper.rates import proposals
from kokuho.plan.paper.runs import Runs
from kokuho.plan.paper.situation import situation
from kokuho.plan.scenario.provenance import warnings

_ = translator("paper")


def sections_of(runs: Runs) -> list[Section]:
    """The seven sections in their order; the last one has each chart as a table."""
    made = [
        situation(runs),
        outlook(runs),
        proposals(runs),
        effects(runs),
        comparison(runs),
        grounds(runs),
    ]
    last = Section("chart_tables", _("The charts as tables"))
    last.add(
        Text(_("Every chart's values and what it shows in words, for those who cannot see it."))
    )
    for label, block in numbered(made):
        if isinstance(block, Chart):
            last.add(Text(f"{label}: {block.alternative}", block.sources), block.table)
    return [*made, last]


def compose(runs: Runs, made_on: date) -> dict[str, Any]:
    """The paper as the template takes it; blocks carry their labels and notes on sources."""
    scenario, insurer = runs.inputs.scenario, runs.inputs.ordinance.insurer
    sections = sections_of(runs)
    labels = {id(block): label for label, block in numbered(sections)}
    tax = insurer.kind == "tax"
    title = scenario.paper.title if scenario.paper and scenario.paper.title else (
        _("Revision of the tax rates") if tax else _("Revision of the premium rates")
    )  # fmt: skip
    return {
        "title": title,
        "kind": _("Paper for the National Health Insurance council"),
        "draft": _("(draft)"),
        "insurer": scenario.title if scenario.fictional else insurer.name,
        "made_on": _("made on {day}").format(day=era_date(made_on)),
        "fictional": _("Data of a fictional city") if scenario.fictional else None,
        "about": _about(runs),
        "main": [
            block.text
            for section in sections
            for block in section.blocks
            if isinstance(block, Text) and block.main
        ],
        "warnings": warnings(runs.inputs),
        "words": {
            "source": _("Source: "),
            "alternative": _("In words: "),
            "contents": _("Contents"),
            "main": _("In short"),
        },
        "sections": [
            {
                "key": section.key,
                "title": f"{number} {section.title}",
                "blocks": [_block(block, labels.get(id(block))) for block in section.blocks],
            }
            for number, section in enumerate(sections, start=1)
        ],
    }


def _about(runs: Runs) -> list[str]:
    """What the reader of the cover must know."""
    scenario, ordinance = runs.inputs.scenario, runs.inputs.ordinance
    lines = [
        _("Years: {first} to {last}. Rates now: {insurer}, {year}.").format(
            first=fiscal_year_name(scenario.base_year), last=fiscal_year_name(scenario.last_year),
            insurer=ordinance.insurer.name, year=fiscal_year_name(ordinance.fiscal_year),
        )
    ]  # fmt: skip
    if scenario.fictional and not ordinance.insurer.municipality_code.startswith(
        FICTIONAL_PREFECTURE
    ):
        lines.append(
            _("People, incomes and assumptions are invented. Taken from published papers of "
              "{insurer} are the rates of the ordinance and the amounts of the plan alone.").format(
                insurer=ordinance.insurer.name)
        )  # fmt: skip
    lines.append(
        _("Where each figure comes from is noted under it; the trace file beside this paper lists "
          "the files, columns and digests.")
    )  # fmt: skip
    return lines


def _block(block: Block, label: str | None) -> dict[str, Any]:
    shared: dict[str, Any] = {"label": label, "sources": source_notes(block.sources)}
    if isinstance(block, Text):
        return {"type": "text", "text": block.text, "strong": block.strong, **shared}
    if isinstance(block, Table):
        return {
            "type": "table",
            "title": block.title,
            "head": list(block.head),
            "rows": [list(row) for row in block.rows],
            "notes": list(block.notes),
            "names": block.names,
            "all_words": block.words,
            "widths": list(block.widths),
            "small": block.small,
            **shared,
        }
    return {
        "type": "chart",
        "title": block.title,
        "kind": block.kind,
        "places": list(block.places),
        "unit": block.unit,
        "divide": block.divide,
        "alternative": block.alternative,
        "notes": list(block.notes),
        "panels": [
            {
                "title": panel.title,
                "lines": [
                    {
                        "name": line.name,
                        "style": line.style,
                        "values": list(line.values),
                        "low": list(line.low),
                        "high": list(line.high),
                    }
                    for line in panel.lines
                ],
            }
            for panel in block.panels
        ],
        **shared,
    }
