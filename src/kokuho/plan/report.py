"""The repair report: every cell as printed, as taken, and why; a closed list of reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from kokuho.base.messages import translator

_ = translator("plan")

Status = Literal["confirmed", "repaired", "flagged"]

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
        "printed one line off; only moved to its own row do the printed totals hold",
    ),
    "row_lost": ("repaired", "its row is not printed; the other rows and the totals give it"),
    "misread": ("repaired", "totals of its row and its column both show the same other amount"),
    "cell_lost": ("repaired", "not printed; the total of its row and its column give it"),
    "column_lost": ("repaired", "its column is not printed; the totals of the rows give it"),
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

    def line(self) -> str:
        """The entry as one line of text."""
        taken = _("left out") if self.taken is None else self.taken
        return _(
            "{status}, sheet {sheet}, {field}: printed {printed!r}, taken {taken} ({reason})"
        ).format(
            status=_(self.status),
            sheet=self.sheet or "-",
            field=self.field or "-",
            printed=self.printed,
            taken=f"{taken:,}" if isinstance(taken, int) and taken > 9999 else taken,
            reason=_(REASONS[self.why][1]),
        )

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
        statuses: tuple[Status, ...] = ("confirmed", "repaired", "flagged")
        return {status: counted[status] for status in statuses}

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


def report_of(source: str, entries: Iterable[Entry]) -> Report:
    """A report of some entries."""
    return Report(source, tuple(entries))
