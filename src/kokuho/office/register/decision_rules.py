"""What each kind of decision (決定) says beside its days: one place, for files and for commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kokuho.base.calendar import last_day
from kokuho.office.register.codes import HOUSEHOLD_DECISIONS

NAMES = ("months", "share_ppm", "amount", "answer")
"""All details that a kind may have, by their names in the models."""

NOT_LEVIED = "exemption"
"""The kind that no levy takes off: each ordinance cuts something else (所得割、一部の月など).

Its ``amount`` in yen, which a person computed and decided, is taken off the bills of the year."""


@dataclass(frozen=True)
class Details:
    """What a kind needs, and what it may have besides; it takes nothing else of ``NAMES``."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def takes(self) -> tuple[str, ...]:
        """Everything that such a decision may say."""
        return (*self.needs, *self.may)


_NONE = Details()
_DETAILS: Mapping[str, Details] = {
    "maternity": Details(needs=("months",)),
    "per_capita_exemption": Details(needs=("share_ppm",)),
    "head_registered": Details(needs=("answer",)),
    "exemption": Details(may=("share_ppm", "amount")),
}


def details(kind: str) -> Details:
    """What a kind of decision says."""
    return _DETAILS.get(kind, _NONE)


def of_household(kind: str) -> bool:
    """Whether a kind is about a household, and not about a person."""
    return kind in HOUSEHOLD_DECISIONS


def maternity_end(since: date, months: int) -> date:
    """The first day on which a maternity period counts no more: it goes by calendar months."""
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    return last_day(year, month + 1).replace(day=1)
