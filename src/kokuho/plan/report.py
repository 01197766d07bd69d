"""The repair report: every cell as printed, as taken, and why; a closed list of reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from kokuho.base.messages import translator
from kokuho.plan.places import title

_ = translator("plan")

Status = Literal["confirmed", "repaired", "flagged"]
STATUSES: tuple[Status, ...] = ("confirmed", "repaired", "flagged")

REASONS: dict[str, tuple[Status, str]] = {
    "totals_hold": ("confirmed", "as printed; the printed totals confirm it"),
    "sheets_agree": ("confirmed", "as printed; printed more than once, always the same"),
    "sequence_holds": ("confirmed", "as printed; it fits the sequence of the years"),
    "rate_holds": ("confirmed", "as printed; amount and base give this rate"),
    "typed": ("confirmed", "as typed into its cell"),
    "as_written": ("confirmed", "as it stood when Kokuho wrote the form"),
    "changed": ("confirmed", "changed on the form since Kokuho wrote it"),
    "row_shifted": (
        "repaired",
        "printed one line off; only in its own row do the printed totals and deficits hold",
    ),
    "row_lost": ("repaired", "its row is not printed; the other rows and the totals give it"),
    "misread": ("repaired", "totals of its row and its column both show the same other amount"),
    "cell_lost": ("repaired", "not printed; the total of its row and its column give it"),
    "unreadable": ("repaired", "not readable; the total of its row and its column give it"),
    "moved": ("repaired", "printed one or more cells off; so the printed totals hold"),
    "surplus_cell": ("repaired", "one cell too many; without it the printed totals hold"),
    "surplus_line": ("repaired", "a line that is none of the form's rows; the others hold alone"),
    "sequence": ("repaired", "the sequence of the years, printed elsewhere, gives it"),
    "totals_give": ("repaired", "the other amounts of this sheet and the other sheets give it"),
    "other_sheets": ("repaired", "not readable here; the other sheets agree on it"),
    "several_ways": (
        "flagged",
        "the printed totals allow more than one amount; as printed where its place is certain",
    ),
    "too_damaged": ("flagged", "the printed totals do not prove any amount of this sheet"),
    "column_lost": (
        "flagged",
        "a column is not printed; the totals of the rows give it but confirm nothing else",
    ),
    "row_open": (
        "flagged",
        "a row is not printed; the others give it, but no year is confirmed by a second row",
    ),
    "no_totals": (
        "flagged",
        "the totals of the rows are not printed; nothing proves in which year an amount stands",
    ),
    "no_deficit": ("flagged", "as printed, but the deficit that it reduces is printed as 0"),
    "years_unsure": ("flagged", "the years of this sheet are not certain"),
    "sheet_lost": ("flagged", "no sheet for these years was found"),
    "sheets_differ": ("flagged", "printed differently; taken as most sheets print it"),
    "sheets_differ_sum": (
        "flagged",
        "printed differently; taken as most sheets print it, and only with this amount do the "
        "measures together equal a planned year",
    ),
    "printed_once": ("flagged", "printed only once, and nothing else confirms it"),
    "not_readable": ("flagged", "named, but not readable"),
    "contradicts": ("flagged", "as printed, but it does not fit the amounts that it belongs to"),
    "base_uncertain": ("flagged", "as printed; no base is certain by which to test this rate"),
}
"""Every reason that a report may give, with the status that it stands for."""


@dataclass(frozen=True)
class Entry:
    """One printed cell or value. ``field`` is its place in the plan, empty if it has none."""

    sheet: int
    field: str
    printed: str
    taken: Any
    why: str

    @property
    def status(self) -> Status:
        """Confirmed, repaired, or flagged for a person."""
        return REASONS[self.why][0]

    def as_dict(self) -> dict[str, Any]:
        """The entry as ``--json`` prints it."""
        return {
            "sheet": self.sheet,
            "field": self.field,
            "printed": self.printed,
            "taken": self.taken if isinstance(self.taken, int | None) else str(self.taken),
            "status": self.status,
            "why": self.why,
            "reason": _(REASONS[self.why][1]),
        }


@dataclass(frozen=True)
class Report:
    """Everything that was read from one source."""

    source: str
    entries: tuple[Entry, ...]

    @property
    def counts(self) -> dict[Status, int]:
        """How many entries are confirmed, repaired, flagged."""
        counted = Counter(entry.status for entry in self.entries)
        return {status: counted[status] for status in STATUSES}

    def lines(self) -> Iterator[str]:
        """What was not confirmed, in words: one line for the cells of a row with one reason, one
        for a value and the sheets that print it."""
        told = [entry for entry in self.entries if entry.status != "confirmed"]
        for _key, group in groupby(told, key=_together):
            members = list(group)
            first = members[0]
            if _in_table(first):
                place, taken = _cells(members), _shown(map(_taken, members))
                printed = _shown(one.printed for one in members)
            else:
                place, taken = title(first.field), _taken(first)
                printed = by_sheet((one.sheet, one.printed) for one in members)
            yield _("{status}, {place}: printed {printed}, taken {taken} ({reason})").format(
                status=_(first.status),
                place=place,
                printed=printed,
                taken=taken,
                reason=_(REASONS[first.why][1]),
            )

    def flagged(self) -> set[str]:
        """The fields that a person must look at."""
        return {entry.field for entry in self.entries if entry.status == "flagged"}

    def as_dict(self) -> dict[str, Any]:
        """The report as ``--json`` prints it."""
        return {
            "source": self.source,
            "counts": self.counts,
            "cells": [entry.as_dict() for entry in self.entries],
        }


def by_sheet(prints: Iterable[tuple[int, str]]) -> str:
    """``50,000千円 (1) / 5000千円 (2, 3)``: each print with the sheets that have it."""
    sheets: dict[str, list[str]] = {}
    for number, text in prints:
        sheets.setdefault(text or "-", []).append(str(number))
    return " / ".join(
        f"{text} ({', '.join(numbers)})" if numbers != ["0"] else text
        for text, numbers in sheets.items()
    )


def _in_table(entry: Entry) -> bool:
    return not entry.field or entry.field.startswith(("years.", "sheets."))


def _row(entry: Entry) -> str:
    """The row of the table that a cell is in."""
    return entry.field.split(".", 2)[2] if entry.field else ""


def _together(entry: Entry) -> tuple[object, ...]:
    """What neighbouring entries must have in common to be told in one line."""
    if _in_table(entry):
        return entry.why, entry.sheet, _row(entry)
    return entry.why, entry.field, str(entry.taken)


def _cells(members: Sequence[Entry]) -> str:
    """The place of neighbouring cells: sheet, years, row."""
    first = members[0]
    parts = [title(f"sheets.{first.sheet}")] if first.sheet else []
    years = [entry.field.split(".")[1] for entry in members if entry.field.startswith("years.")]
    if years:
        span = years[0] if years[0] == years[-1] else f"{years[0]}-{years[-1]}"
        parts.append(title(f"years.{span}.{_row(first)}"))
    elif _row(first):
        parts.append(title(_row(first)))
    return " ".join(parts) or "-"


_AMOUNTS = ("other_transfer", "advance_increase", "total", "surplus", "after_surplus", "amount")


def _taken(entry: Entry) -> str:
    """What was taken, amounts with separators."""
    if entry.taken in (None, ""):
        return _("left out")
    amount = isinstance(entry.taken, int) and entry.field.rpartition(".")[2] in _AMOUNTS
    return f"{entry.taken:,}" if amount else str(entry.taken)


def _shown(texts: Iterable[str]) -> str:
    """Neighbouring equal texts once, with their number; nothing as ``-``."""
    counted = [(text or "-", sum(1 for _one in group)) for text, group in groupby(texts)]
    return " | ".join(f"{text} ×{times}" if times > 1 else text for text, times in counted)


def report_of(source: str, entries: Iterable[Entry]) -> Report:
    """A report of some entries."""
    return Report(source, tuple(entries))
